// Package report keeps the pages that the bot owns a part of, and reads what people changed on them.
package report

import (
	"context"
	"time"

	"filewarden/bot/gate"
	"filewarden/bot/wiki"
	"filewarden/storage"

	"github.com/rs/zerolog"
)

// Config builds Pages.
type Config struct {
	Gate   *gate.Gate
	Wiki   *wiki.Session
	Store  storage.Store
	Prefix string // "User:<account>/", or another prefix for wikitext pages
	Now    func() time.Time
	Log    zerolog.Logger
}

// Pages are the bot's report pages on the home wiki.
type Pages struct{}

// New pages.
func New(c Config) *Pages { panic("stub") }

// Part is what the bot wants to stand between its marks on a page.
type Part struct {
	Task    string
	Name    string // page beneath the prefix: "Status", "Usage/Birds"; shortened with a hash beyond 255 bytes
	Title   string // the whole title instead, for the account's user page and its JSON pages
	Text    string // wikitext
	Summary string
	// Whole pages (JSON) have no marks.
	Whole bool
}

// Publish makes the bot's part read so: nothing is written when it does already, and
// what people reverted is not repeated until there is something new to say.
func (p *Pages) Publish(ctx context.Context, part Part) (changed bool, err error) { panic("stub") }

// Title of a page beneath the prefix.
func (p *Pages) Title(name string) string { panic("stub") }

// Request is one section of the Requests page, by the user who saved it.
type Request struct {
	User    string
	Heading string
	Body    string
	Rev     int64
	Time    time.Time
}

// Answer of a request, put beneath it.
type Answer struct {
	Text string // wikitext, one line, unsigned
}

// Desk is the Requests page.
type Desk struct{}

// NewDesk of the pages.
func NewDesk(c Config) *Desk { panic("stub") }

// Serve reads new requests since the last call and hands each to answer once,
// attributed by page history, then answers all in place in one edit.
// Old answered sections go to the archive.
func (d *Desk) Serve(ctx context.Context, answer func(context.Context, Request) (Answer, error)) error {
	panic("stub")
}
