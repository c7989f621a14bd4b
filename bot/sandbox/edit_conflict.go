package sandbox

import (
	"fmt"
	"strings"
	"time"
)

func (e *editor) conflict() bool {
	p := e.page
	if p == nil {
		return false
	}
	base, at := e.baseID(), e.a.at("basetimestamp")
	stale := base != 0 && base != p.latest().ID || e.a.has("basetimestamp") && !at.Equal(p.latest().Time)
	if !stale {
		return false
	}
	if e.section == "new" {
		return p.latest().User == e.c.userName() && p.latest().Comment == cutComment(e.summary)
	}
	return !(e.section == "" && e.a.has("basetimestamp") && e.onlyMineSince(at))
}

// baseID is the revision that the edit builds on, 0 where none is named: one
// of another page is none.
func (e *editor) baseID() int64 {
	r := e.c.w.revisions[int64(e.a.num("baserevid"))]
	if r == nil || r.page != e.page {
		return 0
	}
	return r.ID
}

// onlyMineSince says whether nobody else has edited since: conflicts with
// oneself are suppressed where only a time is given.
func (e *editor) onlyMineSince(at time.Time) bool {
	for _, r := range e.page.revs {
		if r.Time.After(at) && r.User != e.c.userName() {
			return false
		}
	}
	return e.c.login != nil
}

// merged is the whole page as it would be saved, with the edit merged into
// what others wrote meanwhile where lines do not touch.
func (e *editor) merged(conflict bool) (string, bool) {
	current := ""
	if e.page != nil {
		current = e.page.text()
	}
	base := current
	if conflict {
		r := e.base()
		if r == nil {
			return "", false
		}
		base = r.Text
	}
	mine := e.replaceSection(base)
	if !conflict || mine == current {
		return mine, true
	}
	return mergeLines(base, current, mine)
}

func (e *editor) base() *Revision {
	for i := len(e.page.revs) - 1; i >= 0; i-- {
		r := e.page.revs[i]
		if r.ID == e.baseID() || e.baseID() == 0 && !r.Time.After(e.a.at("basetimestamp")) {
			return r
		}
	}
	return nil
}

func (e *editor) replaceSection(base string) string {
	switch e.section {
	case "":
		return e.text
	case "new":
		text := e.text
		if e.head != nil && *e.head != "" {
			text = "== " + *e.head + " ==\n\n" + text
		}
		if strings.TrimSpace(base) != "" {
			return base + "\n\n" + text
		}
		return text
	}
	return replaceSection(base, e.section, e.text)
}

// undo takes back the revisions between undoafter and undo.
func (e *editor) undo() error {
	w := e.c.w
	rev := w.revisions[int64(e.a.num("undo"))]
	if rev == nil {
		return fail("nosuchrevid", "There is no revision with ID %d.", e.a.num("undo"))
	}
	after := w.revisions[rev.Parent]
	if e.a.num("undoafter") > 0 {
		after = w.revisions[int64(e.a.num("undoafter"))]
	}
	if after == nil {
		return fail("nosuchrevid", "There is no revision with ID %d.", e.a.num("undoafter"))
	}
	if rev.page != e.page || after.page != e.page {
		return fail("revwrongpage", "r%d is not a revision of %s.", rev.ID, w.name(e.title))
	}
	text, ok := after.Text, true
	if e.page.latest() != rev {
		text, ok = mergeLines(rev.Text, e.page.text(), after.Text)
	}
	if !ok {
		return fail("undofailure", "The edit could not be undone due to conflicting intermediate edits.")
	}
	e.text, e.undone, e.undoneAfter = text, rev, after
	if !e.a.has("summary") && rev.Parent == after.ID {
		e.summary = undoSummary(rev)
	}
	return nil
}

func undoSummary(r *Revision) string {
	return fmt.Sprintf("Undo revision [[Special:Diff/%[1]d|%[1]d]] by [[Special:Contributions/%[2]s|%[2]s]] ([[User talk:%[2]s|talk]])", r.ID, r.User)
}
