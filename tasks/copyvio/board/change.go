package board

import (
	"cmp"
	"slices"
	"time"

	"filewarden/bot/wiki"
	"filewarden/tasks/copyvio/casebook"
	"filewarden/tasks/copyvio/page"
)

// Change is what one revision said of one case.
type Change struct {
	SHA1 string
	To   casebook.State // Open where the status was emptied
	Word string         // the status as written
	Note string         // as it reads afterwards
	By   string
	Rev  int64
	Time time.Time
	Page string // title

	Set     bool // the status was changed
	Noted   bool // the note was changed
	Unclear bool // the status is no state's word: To says nothing
	// Undo is true of a revert: it takes back what its user may take back, and
	// decides nothing.
	Undo bool
	// Restored is who reverted the revert of this decision; "": nobody had to.
	Restored string

	at int64 // the revision that brings it up, where Rev is an earlier one
}

// News are the changes found by one reading. They are nothing until Apply.
type News struct {
	Changes []Change // oldest first, over all pages
	read    []*reading
}

// Touched are the names of pages that somebody other than the bot changed,
// whether that brought a decision or not.
func (n News) Touched() (names []string) {
	for _, r := range n.read {
		if r.touched || r.missing {
			names = append(names, r.part.Name)
		}
	}
	return names
}

// gather puts the changes of the pages in the order in which they were made:
// what two people say of one case on two pages is judged in that order.
func (n *News) gather() {
	n.Changes = nil
	for _, r := range n.read {
		n.Changes = append(n.Changes, r.changes...)
	}
	slices.SortStableFunc(n.Changes, func(a, b Change) int { return cmp.Compare(a.at, b.at) })
}

// changeOf compares a case on two revisions.
func changeOf(before, now page.Entry) (c Change, differs bool) {
	c = Change{SHA1: now.ID, Word: now.Status, Note: now.Note,
		Set: !sameStatus(before.Status, now.Status), Noted: before.Note != now.Note}
	to, ok := stateOf(now.Status)
	c.To, c.Unclear = to, !ok
	return c, c.Set || c.Noted
}

// stateOf reads a status; one that was emptied is open.
func stateOf(word string) (casebook.State, bool) {
	if word == "" {
		return casebook.Open, true
	}
	return casebook.ParseState(word)
}

func sameStatus(a, b string) bool {
	x, xok := stateOf(a)
	y, yok := stateOf(b)
	if !xok || !yok {
		return a == b
	}
	return x == y || x.Undecided() && y.Undecided()
}

// revision is one of a page's history (API:Revisions).
type revision struct {
	ID, Parent int64
	User       string
	Time       time.Time
	Tags       []string
	Text       string
	Nameless   bool // who saved it is hidden
	Dark       bool // its text is hidden
}

func (r revision) tagged(tags ...string) bool {
	return slices.ContainsFunc(tags, func(t string) bool { return slices.Contains(r.Tags, t) })
}

// revisionOf reads a row of prop=revisions. What is hidden stays hidden here,
// also from an account that could see it.
func revisionOf(row wiki.Row) revision {
	slots, _ := row["slots"].(map[string]any)
	main, _ := slots["main"].(map[string]any)
	text, ok := main["content"].(string)
	r := revision{ID: row.Int("revid"), Parent: row.Int("parentid"), User: row.Text("user"), Text: text,
		Dark: !ok || wiki.Row(main).Has("texthidden"), Nameless: row.Has("userhidden") || row.Text("user") == ""}
	r.Time, _ = time.Parse(time.RFC3339, row.Text("timestamp"))
	tags, _ := row["tags"].([]any)
	for _, t := range tags {
		if tag, ok := t.(string); ok {
			r.Tags = append(r.Tags, tag)
		}
	}
	return r
}

func sameUser(a, b string) bool { return casebook.SameUser(a, b) }
