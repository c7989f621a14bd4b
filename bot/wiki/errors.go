package wiki

import (
	"errors"
	"fmt"
	"slices"
	"strings"
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

// String names the advice for logs.
func (a Advice) String() string {
	return [...]string{"retry", "skip", "replan", "stop"}[a]
}

// Error is one answer of the API that says no.
type Error struct {
	Code, Info string
	Module     string
	Doing      string        // what was asked, and of which wiki
	Data       *jason.Object // e.g. blockinfo, abusefilter, spamblacklist; nil when none
	Advice     Advice
	RetryAfter time.Duration
	More       []*Error // further errors of the same answer, milder than this one

	status int // HTTP status it came with
}

// Error gives what was asked, code, text and what to do next.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Doing != "" {
		fmt.Fprintf(&b, "%s: ", e.Doing)
	}
	fmt.Fprintf(&b, "the wiki answered %s", e.Code)
	if e.Info != "" {
		fmt.Fprintf(&b, " (%s)", strings.TrimSuffix(e.Info, "."))
	}
	for _, m := range e.More {
		fmt.Fprintf(&b, ", also %s (%s)", m.Code, strings.TrimSuffix(m.Info, "."))
	}
	fmt.Fprintf(&b, "; next: %s", remedy(e))
	return b.String()
}

// HTTPError is an answer that is not the API's: a 4xx or 5xx, or HTML where JSON was due.
type HTTPError struct {
	Status     int
	Body       string // first line, shortened, without markup
	RetryAfter time.Duration
	Doing      string // what was asked, and of which wiki
	Location   string // where a 3xx points
}

// Error gives what was asked, the status, the first words of the answer and what to do next.
func (e *HTTPError) Error() string {
	var b strings.Builder
	if e.Doing != "" {
		fmt.Fprintf(&b, "%s: ", e.Doing)
	}
	fmt.Fprintf(&b, "HTTP status %d instead of the API's answer", e.Status)
	if e.Body != "" {
		fmt.Fprintf(&b, " (%s)", e.Body)
	}
	fmt.Fprintf(&b, "; next: %s", e.next())
	return b.String()
}

func (e *HTTPError) next() string {
	switch {
	case e.Location != "":
		return "the address redirects to " + e.Location + ", set the API address to where it leads"
	case e.Status == 429:
		return "fewer requests: the wiki's rate limit was met"
	case e.Status >= 500:
		return "wait, the wiki's server has a fault"
	case e.Status == 403 || e.Status == 401:
		return "check the contact in the User-Agent, the token, and whether the wiki blocks this address"
	default:
		return "check that the API address is that of api.php"
	}
}

// UnknownOutcome is a write whose answer never came: it may or may not have
// happened. Ask the page history before sending it again.
type UnknownOutcome struct{ Err error }

// Error says that the write may have happened.
func (e *UnknownOutcome) Error() string {
	return "the wiki's answer to a write was lost, it may have happened; next: look at the page history before sending it again: " + e.Err.Error()
}

// Unwrap gives the error on the wire.
func (e *UnknownOutcome) Unwrap() error { return e.Err }

// Unreachable is a wiki that could not be talked to. Unsent is true when
// nothing of the request left this machine.
type Unreachable struct {
	Doing  string
	Unsent bool
	Err    error
}

// Error gives what was asked and what the network said.
func (e *Unreachable) Error() string {
	return fmt.Sprintf("%s: %v; next: check the network and the wiki's address", e.Doing, e.Err)
}

// Unwrap gives the network's error.
func (e *Unreachable) Unwrap() error { return e.Err }

// ErrNotAllowed is a host that the operator did not name in HOSTS.
var ErrNotAllowed = errors.New("wiki not among the hosts that may be read")

// IsCode says whether err is the API error with one of these codes.
func IsCode(err error, codes ...string) bool {
	var e *Error
	if !errors.As(err, &e) {
		return false
	}
	if slices.Contains(codes, e.Code) {
		return true
	}
	return slices.ContainsFunc(e.More, func(m *Error) bool { return slices.Contains(codes, m.Code) })
}
