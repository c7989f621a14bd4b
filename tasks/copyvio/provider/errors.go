package provider

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// What can go wrong with a request, for errors.Is. All but the last two are
// known not to have been paid for.
var (
	// ErrLater: too many requests, or trouble at the service; ask again later.
	ErrLater = errors.New("it is to be asked again later")
	// ErrKey: the service refuses the key.
	ErrKey = errors.New("it refuses the key")
	// ErrBilling: nothing is left of what was paid to the service in advance, or billing is off.
	ErrBilling = errors.New("it wants to be paid")
	// ErrPicture: the service cannot look for this picture and never will.
	ErrPicture = errors.New("it refuses the picture")
	// ErrNotService: what answered is not the service but, by its HTML, something in between.
	ErrNotService = errors.New("something else answered")
	// ErrRetired: there is no such service any more, or there never was.
	ErrRetired = errors.New("it cannot be asked")
	// ErrUnreadable: an answer that may have been paid for cannot be read.
	ErrUnreadable = errors.New("its answer cannot be read")
	// ErrLost: the request was sent, and no answer came.
	ErrLost = errors.New("its answer was lost")
)

// Error is what a service did wrong, or what is wrong with what it was given.
type Error struct {
	Kind     error // one of the sentinels above
	Provider string
	Detail   string        // what exactly was found; foreign text in it is plain and short
	Next     string        // what is to be done, or what the bot does by itself
	After    time.Duration // how long the service wants to be left alone; 0: it does not say
	Err      error         // the cause beneath; may be nil
	busy     bool          // it had too many requests, which is no failure
}

func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "asking %s: %v", e.Provider, e.Kind)
	if e.Detail != "" {
		fmt.Fprintf(&b, " (%s)", e.Detail)
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	if e.Next != "" {
		fmt.Fprintf(&b, ". %s", e.Next)
	}
	return b.String()
}

// Unwrap gives errors.Is and errors.As the kind and the cause.
func (e *Error) Unwrap() []error {
	if e.Err == nil {
		return []error{e.Kind}
	}
	return []error{e.Kind, e.Err}
}

// doubtful tells whether an outcome may have been paid for without an answer.
func doubtful(err error) bool {
	return errors.Is(err, ErrUnreadable) || errors.Is(err, ErrLost)
}
