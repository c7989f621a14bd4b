package casebook

import (
	"strings"
	"time"
)

// Ways in which a decision comes in.
const (
	ByPage    = "page"
	ByAPI     = "api"
	ByCommand = "command" // the operator's
)

// Decision is what one person said of a case at one time.
type Decision struct {
	To      State     `json:"to"`
	By      string    `json:"by"`
	Time    time.Time `json:"time"`
	Way     string    `json:"way"`            // page, api or command
	Rev     int64     `json:"rev,omitempty"`  // the revision that says so
	Page    string    `json:"page,omitempty"` // it stands on
	Note    string    `json:"note,omitempty"` // plain text
	From    State     `json:"from"`           // what the state was
	Verdict Verdict   `json:"verdict"`
}

// same says that two decisions are one, read twice.
func (d Decision) same(o Decision) bool {
	if d.Rev != 0 || o.Rev != 0 {
		return d.Rev == o.Rev && d.To == o.To
	}
	return d.By == o.By && d.Way == o.Way && d.To == o.To && d.Time.Equal(o.Time)
}

// Reviewer is who decides, as the wiki knew them at the time it was asked.
type Reviewer struct {
	Name     string
	Bot      bool // the bot's own account
	Operator bool // a command on the bot's machine
	Named    bool // a registered account, not a temporary one
	Blocked  bool // from the whole wiki
	Reviewer bool // in one of the groups that the config lets decide
	Admin    bool // has the right to delete
}

// Verdict says whether a decision counts, or why not. It is a word for a message.
type Verdict string

const (
	Counts     Verdict = "counts"
	Nothing    Verdict = "nothing"     // the case is in that state already
	NotBot     Verdict = "bot"         // the bot never decides
	NotNamed   Verdict = "unnamed"     // by an address or a temporary account
	NotBlocked Verdict = "blocked"     // by a blocked user
	NotTrusted Verdict = "not-trusted" // by a user without the right
	NotOwn     Verdict = "own-upload"
	NotYours   Verdict = "not-yours" // taking back what another reviewer accepted takes an admin
	NotState   Verdict = "no-state"  // a state that people do not set on pages
	NotOpen    Verdict = "not-open"  // the case is withheld, or could not be shown
)

// Weigh says whether a decision about the case counts.
//
//   - accepted and rejected are set by reviewers, and open to take either back;
//     withheld and unshown are the operator's.
//   - Nobody decides about their own upload, blocked users and the bot about none.
//   - accepted is taken back, or turned into rejected, by the same reviewer or
//     an admin. rejected may be turned by every reviewer.
func (c Case) Weigh(d Decision, who Reviewer) Verdict {
	switch {
	case who.Operator:
		return c.changes(d)
	case who.Bot:
		return NotBot
	case !who.Named:
		return NotNamed
	case who.Blocked:
		return NotBlocked
	case !who.Reviewer && !who.Admin:
		return NotTrusted
	case c.Own(who.Name):
		return NotOwn
	case !c.Shown():
		return NotOpen
	case !d.To.Decided() && !d.To.Undecided():
		return NotState
	case c.State == Accepted && c.changes(d) == Counts && !who.Admin && !SameUser(who.Name, c.By):
		return NotYours
	}
	return c.changes(d)
}

func (c Case) changes(d Decision) Verdict {
	if c.State == c.target(d.To) {
		return Nothing
	}
	return Counts
}

// target is the state that a decision leads to: taking one back leads to what
// the case was before.
func (c Case) target(to State) State {
	if to.Undecided() {
		return c.Base
	}
	return to
}

// after is the case with a decision applied, or with the note that it did not count.
func (c Case) after(d Decision) Case {
	switch d.Verdict {
	case Nothing:
		return c
	case Counts:
	default:
		c.Last = &d
		return c
	}
	c.State, c.Last, c.Archived = c.target(d.To), nil, time.Time{}
	c.By, c.Decided, c.Rev = d.By, d.Time, d.Rev
	if c.State.Undecided() {
		c.By, c.Decided, c.Rev = "", time.Time{}, 0
	}
	if d.Note != "" {
		c.Note = d.Note
	}
	return c
}

// SameUser compares user names as MediaWiki does: the first letter's case and
// underscores do not matter.
func SameUser(a, b string) bool {
	a, b = canonical(a), canonical(b)
	return a != "" && a == b
}

func canonical(name string) string {
	name = strings.TrimSpace(strings.ReplaceAll(name, "_", " "))
	first := []rune(name)
	if len(first) == 0 {
		return ""
	}
	return strings.ToUpper(string(first[0])) + string(first[1:])
}
