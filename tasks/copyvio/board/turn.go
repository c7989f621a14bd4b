package board

import (
	"strings"

	"filewarden/bot/report"
	"filewarden/tasks/copyvio/page"
)

// maxChanges is how many cases one revision may speak of: twice those of a
// full page. One that speaks of more says nothing.
const maxChanges = 200

// reading goes through the history of one page.
type reading struct {
	board   *Board
	part    report.Part
	title   string
	began   pageRow // as stored
	row     pageRow // as it will be, once the changes are kept
	changes []Change
	behind  bool // there are more revisions than one go reads
	missing bool // the page is not there
	touched bool // somebody other than the bot was there

	begun  bool // ground is known
	ground look
}

// look is one revision as it is compared with others.
type look struct {
	text  string
	cases map[string]page.Entry
	order []page.Entry
	there bool   // the bot's part is
	own   string // sum of the bot's part, less what people wrote beneath cases
}

func (b *Board) reading(name string, row pageRow) *reading {
	return &reading{board: b, part: report.Part{Name: name}, title: b.title(name), began: row, row: row}
}

// turn goes on to the next revision. title is where the page stands now.
func (r *reading) turn(rev revision, title string) {
	fresh := !r.begun && rev.Parent == 0 && r.row.Rev == 0
	r.row.Rev = rev.ID
	if rev.Dark {
		r.begun = false
		return
	}
	now := r.look(rev.Text)
	old := r.row.remember(rev.Text)
	own := r.board.own(rev.User) && !rev.Nameless
	if r.begun && !own && !rev.Nameless {
		r.compare(rev, now, old, title)
	}
	if own {
		r.row.Clean, r.row.Spoiled, r.row.Removed = now.own, nil, nil
	} else if r.begun || fresh {
		r.judge(rev, now)
	}
	if r.row.Clean == "" && !fresh {
		r.row.Clean = now.own // as good as any: nobody knows how the bot left it
	}
	r.begun, r.ground = true, now
}

// look reads the text of a revision, once. Only the bot's part has cases; where
// its marks are broken, nobody can say what is in it, and all is read.
func (r *reading) look(text string) look {
	part, ok := r.part.Find(text)
	if !ok {
		part = text
	}
	l := look{text: text, cases: map[string]page.Entry{}, order: page.Read(part), there: ok && strings.TrimSpace(part) != ""}
	for _, e := range l.order {
		l.cases[e.ID] = e
	}
	if l.there {
		l.own = sum(strings.Join(strings.Fields(withoutBelow(part, l.order)), " "))
	}
	return l
}

// withoutBelow is a part without what people wrote beneath its cases, which
// are in their order. More cases than a page holds are no page of the bot's.
func withoutBelow(part string, cases []page.Entry) string {
	if len(cases) > maxChanges {
		return part
	}
	var out strings.Builder
	for _, e := range cases {
		_, call, _ := strings.Cut(part, e.ID) // its own text comes after
		before := len(part) - len(call)
		if i := strings.Index(call, e.Below); e.Below != "" && i >= 0 {
			out.WriteString(part[:before+i])
			part = call[i+len(e.Below):]
		}
	}
	out.WriteString(part)
	return out.String()
}

// compare finds what a revision says of the cases that stood there before.
func (r *reading) compare(rev revision, now look, old bool, title string) {
	var found []Change
	for _, e := range now.order {
		before, stood := r.ground.cases[e.ID]
		if c, differs := changeOf(before, e); stood && differs {
			c.By, c.Rev, c.Time, c.Page, c.at = rev.User, rev.ID, rev.Time, title, rev.ID
			found = append(found, c)
		}
	}
	if len(found) > maxChanges {
		r.board.c.Log.Warn().Str("page", title).Int64("revision", rev.ID).Int("cases", len(found)).Msg("a revision that speaks of too many cases is passed over")
		return
	}
	undoes := rev.tagged("mw-undo", "mw-rollback")
	old = old || rev.tagged("mw-manual-revert")
	if old && !undoes {
		undoes = !onlySayings(r.ground.text, rev.Text)
	}
	for _, c := range found {
		switch {
		case rev.tagged("mw-reverted"):
			if c.Set && !c.Unclear && !undoes {
				r.row.setAside(c)
			}
		case (undoes || old) && c.Set:
			r.changes = append(r.changes, r.broughtBack(c, undoes))
		case undoes: // a note that came or went with a revert is nobody's
		default:
			r.changes = append(r.changes, c)
		}
		if c.Set && !undoes && !rev.tagged("mw-reverted") {
			r.row.drop(c.SHA1)
		}
	}
}

// broughtBack is a change by which an old text came back: the saying of who
// said it first, where that was reverted before it was read.
func (r *reading) broughtBack(c Change, undoes bool) Change {
	first, ok := r.row.takeBack(c)
	if !ok {
		c.Undo = undoes
		return c
	}
	restored := c.By
	c.By, c.Rev, c.Time, c.Word, c.Note, c.Noted = first.By, first.Rev, first.Time, first.Word, first.Note, first.Note != ""
	if !sameUser(restored, first.By) {
		c.Restored = restored
	}
	return c
}

// judge notes what a revision did to the bot's part.
func (r *reading) judge(rev revision, now look) {
	by := &handiwork{By: rev.User, Rev: rev.ID}
	if rev.Nameless {
		by.By = ""
	}
	switch {
	case now.there:
		r.row.Removed = nil
	case r.row.Removed == nil && (!r.begun || r.ground.there):
		r.row.Removed = by
	}
	switch {
	case now.own == r.row.Clean:
		r.row.Spoiled = nil
	case !r.begun || now.own != r.ground.own:
		r.row.Spoiled = by
	}
}

// onlySayings says whether two texts differ in nothing but the lines that are
// people's in a case: statuses and notes.
func onlySayings(a, b string) bool {
	for more := true; more; {
		var x, y string
		var yes bool
		x, a, more = strings.Cut(a, "\n")
		y, b, yes = strings.Cut(b, "\n")
		if more != yes || x != y && (saying(x) == "" || saying(x) != saying(y)) {
			return false
		}
	}
	return true
}

// saying is "status" or "note" where a line is that parameter of a case.
func saying(line string) string {
	name, ok := strings.CutPrefix(strings.TrimSpace(line), "|")
	name, _, is := strings.Cut(name, "=")
	name = strings.ToLower(strings.TrimSpace(name))
	if !ok || !is || name != "status" && name != "note" {
		return ""
	}
	return name
}
