package wiki

import (
	"errors"
	"time"

	"github.com/antonholmquist/jason"
)

// Advice says what a caller should do about an API error.
type Advice int

const (
	Retry  Advice = iota // passes by itself: wait and send again (the session did, until its deadline)
	Skip                 // this page will not take this edit: leave it, use another channel
	Replan               // the page changed underneath: read again and build the edit anew
	Stop                 // the bot must not go on: blocked, logged out for good, refused
)

// Error is one answer of the API that says no.
type Error struct {
	Code, Info string
	Module     string
	Data       *jason.Object // e.g. blockinfo, abusefilter, spamblacklist; nil when none
	Advice     Advice
	RetryAfter time.Duration
}

// Error gives code, text and what to do next.
func (e *Error) Error() string { return e.Code + ": " + e.Info }

// HTTPError is an answer that is not the API's: a 4xx or 5xx, or HTML where JSON was due.
type HTTPError struct {
	Status     int
	Body       string // first line, shortened, without markup
	RetryAfter time.Duration
}

func (e *HTTPError) Error() string { return "stub" }

// UnknownOutcome is a write whose answer never came: it may or may not have
// happened. Ask the page history before sending it again.
type UnknownOutcome struct{ Err error }

func (e *UnknownOutcome) Error() string {
	return "the wiki's answer to a write was lost: " + e.Err.Error()
}

// Unwrap gives the error on the wire.
func (e *UnknownOutcome) Unwrap() error { return e.Err }

// ErrNotAllowed is a host that the operator did not name in HOSTS.
var ErrNotAllowed = errors.New("wiki not among the hosts that may be read")

// IsCode says whether err is the API error with one of these codes.
func IsCode(err error, codes ...string) bool { panic("stub") }
