// Package board keeps the pages of cases on the wiki: what people changed on
// them, who may, and putting them right.
//
// # Model
//
// A page is read by its history and never by what it shows, so a decision is
// its own editor's whoever saves the page after. A pass goes one way:
//
//	titles → heads (one request) → history of those that changed → Changes
//	       → reviewers → casebook.Decide → Outcomes → page drawn anew → saved
//
// The last revision that was read, the decisions that it brought and all that
// follows from them are one transaction; a process that dies in between repeats
// nothing and loses nothing.
//
// # Whose a change is
//
// Each revision is compared with the one before it, case by case. A status or
// note that differs is the saying of who saved the revision. A case that comes
// or goes changes nothing. Not counted are revisions of the bot; those that the
// wiki tags as reverted; and those whose author or text is hidden: they are the
// ground for the next one, or, without their text, the next one is.
//
// # Reverts
//
// A revert is no decision of who made it: a person who repairs a page has not
// looked at its cases. Reverts are edits by the undo and rollback buttons, and
// those that bring back an old text. MediaWiki tags as mw-manual-revert also an
// edit that takes one status back by hand; so an edit that brings back an old
// text counts as its user's own where it changes nothing but statuses and notes.
//
//   - Reverting undoes a decision that was counted only where that was the
//     reverter's own, or where an admin opens the case again.
//   - Reverting a revert brings back the first decision, as that of the person
//     who made it, if who brings it back may decide as well.
//
// # Where reading begins
//
// A page that the store does not know, as it is new or comes from before a
// backup, is read from the last revision of which the casebook has a decision,
// otherwise from its first one, at most 500 revisions back. A page that was
// moved away is read to its end where it stands now; one that was deleted is
// read on when it comes back; one made anew is another page. Where the wiki no
// longer knows the revision that was read last, what stands there is nobody's
// news.
//
// # Whose the page is
//
// The bot's part is made anew whenever it reads otherwise: what is pasted into
// it goes, what is damaged comes back. There are two ends to that. A reviewer
// or admin who takes the whole part away is obeyed until there is something new
// to say, and a stranger is corrected a few times a day ([Config.Restores]) and
// then left to people.
package board

import (
	"time"

	"filewarden/bot/report"
	"filewarden/bot/wiki"
	"filewarden/storage"
	"filewarden/tasks/copyvio/casebook"

	"github.com/rs/zerolog"
)

// defaultRestores is how often a day the damage of one user to a page is undone.
const defaultRestores = 3

// Config builds a Board.
type Config struct {
	Wiki  *wiki.Session
	Pages *report.Pages
	Store storage.Store // the casebook's
	Task  string        // as the gate knows it: "copyvio"
	// Groups are those that may decide, by the names of the wiki: "patroller".
	Groups []string
	// Restores is how often a day (UTC) the damage that one user does to one
	// page is undone. 0: 3.
	Restores int
	// Decided is told of each outcome once, in the transaction that keeps it:
	// what follows from a decision is planned here. May be nil.
	Decided func(storage.Tx, Outcome) error
	Now     func() time.Time // nil: time.Now
	Log     zerolog.Logger
}

// Board is the pages of cases for the length of one pass: what it asks the wiki
// about links, it asks once.
type Board struct {
	c      Config
	links  linkBook
	people map[string]casebook.Reviewer // as the last Apply found them; decisions are never judged by it
}

// New board for one pass.
func New(c Config) *Board {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Restores == 0 {
		c.Restores = defaultRestores
	}
	return &Board{c: c, links: linkBook{clean: map[string]bool{}, refused: map[string]bool{}}, people: map[string]casebook.Reviewer{}}
}

// title of a page by its name beneath the bot's prefix.
func (b *Board) title(name string) string { return b.c.Pages.Title(name) }

// own says whether a user is the bot itself.
func (b *Board) own(user string) bool { return sameUser(user, b.c.Wiki.Account().Name) }
