// Package notice turns events into one bundled message for each person, delivered once.
package notice

import (
	"context"
	"time"

	"filewarden/bot/gate"
	"filewarden/bot/wiki"
	"filewarden/storage"
	"filewarden/templates"
	"filewarden/wikiconfig"

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
	Wikitext string // for talk and mention; our own words, foreign text escaped
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

// Config builds a Box.
type Config struct {
	Gate     *gate.Gate
	Wiki     *wiki.Session
	Farm     *wiki.Farm
	Store    storage.Store // the whole store
	Part     string        // the box's own part of it: "live/notice"; Add reaches it by storage.Within
	Panel    *wikiconfig.Panel
	Words    *templates.Words
	Kinds    []Kind
	Account  string // the bot's account, without @app
	Prefix   string // "User:<account>/"
	Now      func() time.Time
	Log      zerolog.Logger
	OnNotice func(kind, channel, outcome, group string) // for metrics and the status page; may be nil
}

// Box collects events and delivers them.
type Box struct{}

// New box.
func New(c Config) (*Box, error) { panic("stub") }

// Add stores events in the caller's own transaction; an event whose id was
// ever added is not added again.
func (b *Box) Add(tx storage.Tx, events ...Event) error { panic("stub") }

// Deliver first settles what a crash or a lost answer left open, then sends
// what is due. passEnd is true right after a pass of a task, when windows of
// "now" close. A stop, an exhausted trial or a dead wiki ends it with an error and loses nothing.
func (b *Box) Deliver(ctx context.Context, passEnd bool) error { panic("stub") }

// Pending is how many events wait, by kind.
func (b *Box) Pending() (map[string]int, error) { panic("stub") }

// Next is when the earliest open window closes; zero when none is open.
func (b *Box) Next() (time.Time, error) { panic("stub") }
