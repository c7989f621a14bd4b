package provider

import (
	"context"
	"net/http"
	"time"

	"filewarden/storage"

	"github.com/rs/zerolog"
)

// Fetch sends a request to a service; Env.Fetch is one. It has to send through
// net/http, whose trace tells whether a request that failed had left.
type Fetch = func(context.Context, *http.Request) (*http.Response, error)

// Options are what a desk works with.
type Options struct {
	Keys  Keys
	Fetch Fetch
	Store storage.Store // the task's part of the memory; the desk keeps a part of its own in it
	Now   func() time.Time
	Sleep func(context.Context, time.Duration) error // between requests; nil: a timer that ends with the context
	Log   zerolog.Logger
}

// Inquiry is some images to be looked for.
type Inquiry struct {
	Config Config
	For    Purpose
	Images []Image
	// Again is a person's word that images are to be asked about although there
	// is an answer, or although an earlier request may have been paid for.
	Again bool
}

// State is what is known of an image after an inquiry.
type State int

const (
	// Found: there are matches, and nobody else is to be asked.
	Found State = iota + 1
	// Nothing: all who were to be asked have answered, and found nothing.
	Nothing
	// Waiting: a service is to be asked again, not before Result.Until.
	Waiting
	// NoBudget: what may be spent is spent until Result.Until.
	NoBudget
	// Doubtful: nothing was found, but an answer was lost that may have been
	// paid for. Only a person can have it asked again.
	Doubtful
	// Refused: no service can look for this picture.
	Refused
)

// Result is what is known of one image.
type Result struct {
	SHA1    string
	State   State
	Matches []Match // the best first; may be there while State is Waiting or NoBudget
	Safety  *Safety
	Until   time.Time         // for Waiting and NoBudget: when to ask the desk again
	Doubts  []string          // services whose answer was lost, whatever the State
	Notes   map[string]string // by service: why there is no answer of it
}
