package provider

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	"filewarden/bot/wiki"
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
	// Doubts is a person's word for the latter only: what has an answer keeps it.
	Doubts bool
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

// Desk asks services about images and remembers what they say. It is made once
// in a process; inquiries may come from many goroutines.
type Desk struct {
	o     Options
	store storage.Store
	lines map[string]*line
}

// line is the way to one service. One request is under way at a time, so what
// is read before it still holds when it is sent.
type line struct {
	name    string
	service Service
	terms   Terms
	turn    chan struct{} // holds a token while nobody is asking
	next    time.Time     // the next request, at the earliest
	counted time.Time     // when it last said what is left
}

// NewDesk makes a desk for the services that the operator has keys for. It
// fails when a setting cannot be used, or the memory cannot be read.
func NewDesk(o Options) (*Desk, error) {
	if o.Sleep == nil {
		o.Sleep = wiki.Sleep
	}
	if err := o.Keys.checkNames(); err != nil {
		return nil, err
	}
	d := &Desk{o: o, store: storage.Part(o.Store, "provider"), lines: map[string]*line{}}
	for name := range o.Keys.endpoints() {
		service, err := NewService(name, o)
		if err != nil {
			return nil, err
		}
		l := &line{name: name, service: service, terms: service.Terms(), turn: make(chan struct{}, 1)}
		l.turn <- struct{}{}
		d.lines[name] = l
	}
	return d, d.recover()
}

// Problems are what keeps services that config.json wants from being asked: a
// name that cannot be asked any more, or that nobody has set up. That a
// built-in service has no key is none.
func (d *Desk) Problems(c Config) []error {
	var found []error
	for _, name := range slices.Sorted(maps.Keys(c.Services)) {
		use := c.Services[name]
		_, builtIn := DefaultConfig().Services[name]
		if d.lines[name] != nil || builtIn || !use.Uploads && !use.Checks {
			continue
		}
		_, err := NewService(name, d.o)
		found = append(found, err)
	}
	return found
}

// Names are the services that may be asked for a purpose, in the order in which
// they are.
func (d *Desk) Names(c Config, purpose Purpose) []string {
	var names []string
	for name, use := range c.Services {
		if use.allows(purpose) && d.lines[name] != nil {
			names = append(names, name)
		}
	}
	return c.order(names)
}

// chosen are the lines for a purpose in the order in which they are asked.
func (d *Desk) chosen(q Inquiry) ([]*line, error) {
	names := d.Names(q.Config, q.For)
	if len(names) == 0 {
		why := errors.Join(d.Problems(q.Config)...)
		if why == nil {
			why = errors.New("set a key for one in the operator's settings, and enable it in config.json")
		}
		return nil, fmt.Errorf("there is no service to be asked: %w", why)
	}
	var lines []*line
	for _, name := range names {
		lines = append(lines, d.lines[name])
	}
	return lines, nil
}

// enter waits for the line to be free; leave frees it.
func (l *line) enter(ctx context.Context) error {
	select {
	case <-l.turn:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (l *line) leave() { l.turn <- struct{}{} }

// pace waits until the service bears another request.
func (l *line) pace(ctx context.Context, o Options) error {
	if l.terms.PerMinute == 0 {
		return ctx.Err()
	}
	now := o.Now()
	if wait := l.next.Sub(now); wait > 0 {
		if err := o.Sleep(ctx, wait); err != nil {
			return err
		}
		now = now.Add(wait)
	}
	l.next = now.Add(time.Minute / time.Duration(l.terms.PerMinute))
	return ctx.Err()
}
