// Package report keeps the pages that the bot owns a part of, and reads what
// people changed on them.
//
// # Pages
//
// On a report page the bot owns what stands between two marks, HTML comments
// that name the page's part; everything else belongs to people and is kept byte
// for byte. Of every page the store remembers a hash of the part last written.
// That is how a revert is told from news: when the page no longer shows the
// part, and the bot has nothing else to say than last time, somebody took it
// away and it stays away until there is something new. Pages.Held names such
// pages.
//
// # Desk
//
// The Requests page is served from its history. A section counts for the user
// who saved the revision that brought it, with the words of that revision,
// whatever it is signed with and whoever edits it later. A request is recorded
// before it is handed on and its answer before it is put on the page, and the
// answer on the page carries the request's id in a comment. So a process that
// dies at any point neither handles a request with two effects, as long as
// handling it is idempotent, nor answers it twice.
package report

import (
	"context"
	"fmt"
	"time"

	"filewarden/bot/gate"
	"filewarden/bot/wiki"
	"filewarden/storage"

	"github.com/rs/zerolog"
)

// Config builds Pages and a Desk.
type Config struct {
	Gate   *gate.Gate
	Wiki   *wiki.Session
	Store  storage.Store
	Prefix string // "User:<account>/", or another prefix for wikitext pages
	// Summary words the summary of an edit on Requests and its archive: the
	// message's key, and how many requests it is about. nil: "Requests".
	Summary func(key string, n int) string
	Now     func() time.Time // nil: time.Now
	Log     zerolog.Logger
}

func (c Config) filled() Config {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Summary == nil {
		c.Summary = func(string, int) string { return "Requests" }
	}
	return c
}

// Pages are the bot's report pages on the home wiki.
type Pages struct{ c Config }

// New pages.
func New(c Config) *Pages { return &Pages{c: c.filled()} }

// Part is what the bot wants to stand between its marks on a page.
type Part struct {
	Task    string
	Name    string // page beneath the prefix: "Status", "Usage/Birds"; shortened with a hash beyond 255 bytes
	Text    string // wikitext
	Summary string
	Title   string // the whole title instead, for the account's user page and its JSON pages
	// Whole pages have no marks: all of their text is the bot's. Those that end
	// in .json stay beneath User:<account>/, where MediaWiki protects them,
	// whatever the prefix is.
	Whole bool

	// Draw makes the text for the page as it stands, in place of Text. It is
	// asked again when somebody was faster. nil: Text.
	Draw func(context.Context, wiki.Text) (Drawn, error)
	// Restore says of a part that people changed or took away, and that has
	// nothing new to say, whether it is put back all the same. nil: it is not.
	Restore func(context.Context, wiki.Text) (bool, error)
}

// Drawn is a part's text for a page as it stands.
type Drawn struct {
	Text string
	// News is what the part has to say, where the text also holds what people
	// wrote: whether there is something new is told by it. "": the text.
	News string
}

// Find gives what stands between the part's marks on a page, and whether both are there.
func (part Part) Find(page string) (text string, ok bool) { return part.marks().find(page) }

// Moved is a page that was moved away and leads to another now.
type Moved struct{ To string }

// Error says where to, and what to do.
func (m *Moved) Error() string {
	return fmt.Sprintf("the page was moved to %s and redirects there: move it back, or blank the redirect", m.To)
}

// Held is a page whose part people took away or changed, and which is left so
// until there is something new to say.
type Held struct {
	Title string
	By    string // who made the page's revision at the time
	RevID int64
	Since time.Time
}
