// Package notice turns events into one bundled message for each person, delivered once.
//
// # Model
//
// An [Event] is one fact for one user. It waits in the box until the window
// that it fell into closes; then all events of one user that go by the same
// channel become one message, and the message becomes one delivery: one write.
//
//	event → waiting → window closes → digest → intent → write → done
//
// Nothing about the reader is remembered for later. Window, channel and
// language come from their preferences, read by title just before the message
// goes out, so whoever says no in the meantime gets nothing.
//
// # Exactly once
//
// An event's id is kept for more than a year, so the same fact is never told
// twice however often a task finds it. A delivery is stored as an intent, in
// the same transaction that takes its events out of the waiting ones, before
// anything is written. Its id stands in the edit summary. An intent that is
// found open later (the process died, the answer was lost) is settled before
// anything else: the page history is asked for the id, and only when it is not
// there the same edit is sent again, on the same base revision, so that
// MediaWiki's own guard against double submission (EditPage: same user, same
// summary, older base) catches a first write that arrives late after all.
//
// Echo and e-mail keep no history that a bot could ask. There an intent is
// marked as tried before the write; what was tried and not confirmed is never
// sent again. It is counted as a doubt and logged.
//
// # What may stop a message
//
// A no of the recipient, on whatever page or channel, drops the event, with a
// reason that is logged and counted. A no to the bot (stop page, trial used
// up, block, wiki out of order) loses nothing: events go back to waiting and
// Deliver ends with that error. A page that cannot take the message sends it
// to the next channel (see fallback.go). Whatever goes wrong for one person
// keeps nobody else from hearing theirs.
//
// # Rows
//
// All in the box's own part of the store, users by canonical name:
//
//	known      event id           → seen before; expires
//	waiting    user, event id     → the event and when it came
//	person     user               → when something of theirs is due, holds
//	delivery   delivery id        → an open intent, with its events
//	delivered  delivery id        → what was sent where; expires
//	count      day, name          → notices of that UTC day; expires
//	subscriber user               → what they said on Requests
//	mute       user, what, name   → files and kinds they muted there
//	cursor     name               → how far wiki logs were read
package notice

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"filewarden/bot/gate"
	"filewarden/bot/wiki"
	"filewarden/storage"
	"filewarden/templates"
	"filewarden/wikiconfig"

	"github.com/antonholmquist/jason"

	"github.com/rs/zerolog"
)

// Kind is a sort of notice; its name is also the {{bots|optout=…}} type.
type Kind struct {
	Name     string // "file-usage"
	Task     string // whose preferences switch it
	Priority int    // order in a digest, low first
	Echo     string // Echo section: alert | notice
	Group    string // for metrics: "positive", "neutral", …
	// Lines words one person's events of this kind, oldest first, in the reader's language.
	// The kind's words are the messages kind-<name> and kind-<name>-title ($1 events, $2 date).
	Lines func(Reader, []Event) []Line
}

// Reader is for whom and how lines are worded.
type Reader struct {
	Words *templates.Language
	Home  *wiki.Session
	Farm  *wiki.Farm
	Ctx   context.Context
}

// Line is one item of a message.
type Line struct {
	// Wikitext is for talk and mention: our own words, foreign text escaped. It
	// links no user page (use templates.Agent): each link would ping that user.
	Wikitext string
	Plain    string // for echo and e-mail
	Page     string // the using page, for the primary link where it is local; else the file page
	File     string // file it is about, for the "mute this file" way out; "" when none
}

// Event is one fact for one user.
type Event struct {
	ID     string            `json:"id"` // deterministic: the same fact has the same id for ever
	Kind   string            `json:"kind"`
	User   string            `json:"user"`
	File   string            `json:"file,omitempty"`  // "File:A b.jpg"
	Page   string            `json:"page,omitempty"`  // title with spaces
	URL    string            `json:"url,omitempty"`   // of the page, where it is on another wiki
	Wiki   wiki.Place        `json:"wiki"`            // zero: the home wiki
	Agent  string            `json:"agent,omitempty"` // who did it; "" unknown
	Rev    int64             `json:"rev,omitempty"`
	Time   time.Time         `json:"time"`
	Facts  map[string]string `json:"facts,omitempty"`  // what the kind's Lines need besides: template, comment, count…
	Demand bool              `json:"demand,omitempty"` // demanded by the wiki's own procedure: not bound to optIn or the cap
}

// Gate is what the box needs of the only writer; [gate.Gate] is it.
type Gate interface {
	Edit(context.Context, gate.Edit) (gate.Receipt, error)
	Echo(context.Context, gate.Echo) (gate.Receipt, error)
	Mail(context.Context, gate.Mail) (gate.Receipt, error)
	Check(ctx context.Context, task string) error
	Ask(ctx context.Context, kind, user, title string) (wiki.Text, error)
	Sent(ctx context.Context, title, id string) (int64, error)
}

// Home is what the box reads on the home wiki; [wiki.Session] is it.
type Home interface {
	Get(context.Context, wiki.Params) (*jason.Object, error)
	Read(ctx context.Context, titles ...string) (map[string]wiki.Text, error)
	Site() wiki.Site
	Account() wiki.Account
	Title(string) (wiki.Title, error)
	URL(title string) string
}

// Panel is the community's and the reader's word; [wikiconfig.Panel] is it.
type Panel interface {
	State() wikiconfig.State
	Preferences(ctx context.Context, users ...string) (map[string]*wikiconfig.Preferences, error)
}

// Config builds a Box.
type Config struct {
	Gate     Gate
	Wiki     Home
	Farm     *wiki.Farm
	Store    storage.Store // the whole store
	Part     string        // the box's own part of it: "live/notice"; Add reaches it by storage.Within
	Panel    Panel
	Words    *templates.Words
	Kinds    []Kind
	Account  string // the bot's account, without @app
	Prefix   string // of the bot's wikitext pages: "User:<account>/"
	Now      func() time.Time
	Sleep    func(context.Context, time.Duration) error // nil: a timer that ends with the context
	Log      zerolog.Logger
	OnNotice func(kind, channel, outcome, group string) // for metrics and the status page; may be nil
}

// Box collects events and delivers them. It is safe for use by many
// goroutines; one of them delivers at a time.
type Box struct {
	c      Config
	store  storage.Store // the box's own part
	kinds  map[string]Kind
	turn   chan struct{} // full while somebody delivers
	opened time.Time
	rest   restUntil
}

// New box. Errors: two kinds of one name, a kind without words or lines.
func New(c Config) (*Box, error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Sleep == nil {
		c.Sleep = wiki.Sleep
	}
	b := &Box{
		c: c, store: storage.Part(c.Store, c.Part),
		kinds: make(map[string]Kind, len(c.Kinds)), turn: make(chan struct{}, 1), opened: c.Now(),
	}
	for _, k := range c.Kinds {
		if _, twice := b.kinds[k.Name]; twice || k.Name == "" || k.Lines == nil {
			return nil, fmt.Errorf("kind of notice %q: it needs a name of its own and lines", k.Name)
		}
		b.kinds[k.Name] = k
	}
	return b, nil
}

// Add stores events in the caller's own transaction; an event whose id was
// ever added is not added again. Errors: an event without id or user, of a
// kind that nobody registered, and those of the store.
func (b *Box) Add(tx storage.Tx, events ...Event) error {
	own, now := storage.Within(tx, b.c.Part), b.c.Now()
	for _, e := range events {
		if _, registered := b.kinds[e.Kind]; !registered || e.ID == "" || e.User == "" {
			return fmt.Errorf("event %q of kind %q for %q: it needs an id, a user and a registered kind", e.ID, e.Kind, e.User)
		}
		e.User = canonical(e.User)
		if err := add(own, e, now); err != nil {
			return fmt.Errorf("adding event %q: %w", e.ID, err)
		}
	}
	return nil
}

// Deliver first settles what a crash or a lost answer left open, then sends
// what is due. passEnd is true right after a pass of a task, when windows of
// "now" close. A stop, an exhausted trial or a dead wiki ends it with an error
// and loses nothing; a task stopped by its own page does not keep the others
// back, and is told by a *gate.Refused at the end.
func (b *Box) Deliver(ctx context.Context, passEnd bool) error {
	select {
	case b.turn <- struct{}{}:
		defer func() { <-b.turn }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	err := b.deliver(ctx, passEnd)
	left, openErr := b.open()
	b.rest.set(err != nil || openErr != nil || len(left) > 0, b.c.Now())
	return err
}

// errNoConfig: nobody knows yet who may be told, and how.
var errNoConfig = errors.New("delivering notices: config.json was never read; notices wait until it is")

// deliver is Deliver with its turn taken.
func (b *Box) deliver(ctx context.Context, passEnd bool) error {
	if b.c.Panel.State().Config == nil {
		return errNoConfig
	}
	if err := b.settle(ctx); err != nil {
		return fmt.Errorf("settling notices left open: %w", err)
	}
	people, err := b.due(passEnd)
	if err != nil || len(people) == 0 {
		return err
	}
	r := b.newRound(passEnd)
	if err := r.serveAll(ctx, people); err != nil {
		return err
	}
	if r.lost {
		if err := b.settle(ctx); err != nil {
			return fmt.Errorf("settling notices whose answer was lost: %w", err)
		}
	}
	return errors.Join(slices.Collect(maps.Values(r.stopped))...)
}

// Pending is how many events wait, by kind, those on their way included.
func (b *Box) Pending() (map[string]int, error) {
	pending := map[string]int{}
	err := b.store.View(func(tx storage.Tx) error {
		for row, err := range waitingTable.Scan(tx) {
			if err != nil {
				return err
			}
			pending[row.Value.Event.Kind]++
		}
		for row, err := range deliveryTable.Scan(tx) {
			if err != nil {
				return err
			}
			for _, w := range row.Value.Events {
				pending[w.Event.Kind]++
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("counting waiting events: %w", err)
	}
	return pending, nil
}

// Next is when the earliest open window closes; zero when none is open. What
// waits for the end of a pass has no time. After a Deliver that failed or left
// something open it is not before a pause, so that a caller who follows it does
// not spin.
func (b *Box) Next() (time.Time, error) {
	var next time.Time
	earlier := func(t time.Time) {
		if next.IsZero() || t.Before(next) {
			next = t
		}
	}
	err := b.store.View(func(tx storage.Tx) error {
		for row, err := range personTable.Scan(tx) {
			if err != nil {
				return err
			}
			if !row.Value.passOnly() {
				earlier(row.Value.Due)
			}
		}
		for row, err := range deliveryTable.Scan(tx) {
			if err != nil {
				return err
			}
			earlier(row.Value.Tried.Add(inFlight))
		}
		return nil
	})
	if err != nil {
		return time.Time{}, fmt.Errorf("looking for the next notice: %w", err)
	}
	return b.rest.atLeast(next), nil
}
