package sandbox

import (
	"cmp"
	"fmt"
	"html"
	"html/template"
	"net/http"
	"regexp"
	"strconv"
	"time"
)

// entryRow is a line of a list of changes.
type entryRow struct {
	Diff, Flags, At, Time string
	Page, URL             string
	Missing               bool
	Delta, DeltaClass     string
	User, UserURL         string
	TalkURL, ContribsURL  string
	Text                  string
	Comment               template.HTML
	Unread                bool
}

type entryGroup struct {
	Name string
	Rows []entryRow
}

// autoComment is the part of a summary that names the section.
var autoComment = regexp.MustCompile(`/\* *(.*?) *\*/ *`)

// commentLink is a link in a summary, the only markup there is.
var commentLink = regexp.MustCompile(`\[\[([^\[\]|<>{}]+)(?:\|([^\[\]]*))?\]\]`)

// comment shows an edit summary: text, with links to pages of this wiki.
func (w *Wiki) comment(text string) template.HTML {
	text = html.EscapeString(autoComment.ReplaceAllString(text, "→ $1: "))
	return template.HTML(commentLink.ReplaceAllStringFunc(text, func(link string) string {
		part := commentLink.FindStringSubmatch(link)
		t, err := w.parseTitle(html.UnescapeString(part[1]), 0)
		if err != nil {
			return link
		}
		return `<a href="` + html.EscapeString(w.path(t)) + `">` + cmp.Or(part[2], part[1]) + "</a>"
	}))
}

func humanTime(t time.Time) string { return t.UTC().Format("15:04, 2 January 2006") }

func (v *visit) history() {
	l := layout{Title: "History of " + v.w.name(v.title), Heading: "History of " + v.w.name(v.title), Tabs: v.tabs("history")}
	var rows []entryRow
	if v.page != nil {
		for i := len(v.page.revs) - 1; i >= 0; i-- {
			rows = append(rows, v.w.revisionRow(v.page.revs[i], false))
		}
	}
	v.show("lists", http.StatusOK, l, M{"Groups": []entryGroup{{Rows: rows}}})
}

// revisionRow describes a revision, with the page's name in lists of many pages.
func (w *Wiki) revisionRow(r *Revision, named bool) entryRow {
	row := entryRow{At: query("title", w.dbName(r.page.title), "oldid", idText(r.ID)), Time: humanTime(r.Time)}
	size := r.size()
	if parent := w.revisions[r.Parent]; parent != nil {
		size -= parent.size()
		row.Diff = query("title", w.dbName(r.page.title), "diff", idText(r.ID), "oldid", idText(r.Parent))
	} else {
		row.Flags = "N"
	}
	if r.Minor {
		row.Flags += "m"
	}
	if r.Bot {
		row.Flags += "b"
	}
	row.Delta, row.DeltaClass = strconv.Itoa(size), "minus"
	if size >= 0 {
		row.Delta, row.DeltaClass = "+"+row.Delta, "plus"
	}
	if r.Hidden != 0 {
		row.Comment = "hidden"
		return row
	}
	row.Comment = w.comment(r.Comment)
	w.signRow(&row, r.User)
	if named {
		row.Page, row.URL = w.name(r.page.title), w.path(r.page.title)
	}
	return row
}

func (w *Wiki) signRow(row *entryRow, user string) {
	row.User, row.UserURL, row.ContribsURL = user, w.userPath(user), contribsPath(user)
	row.TalkURL = w.path(title{nsUserTalk, upperFirst(user)})
}

// diff shows what lies between two revisions. "prev", "next" and "cur" are
// read as MediaWiki does.
func (v *visit) diff() {
	from, to := v.diffSides()
	if to == nil {
		v.show("view", http.StatusNotFound, layout{Title: "No such revision", Heading: "No such revision", Tabs: v.tabs("")}, M{})
		return
	}
	old, name := "", "(empty page)"
	oldURL := v.w.path(to.page.title)
	if from != nil {
		old, name, oldURL = from.Text, sideName(from), query("title", v.w.dbName(from.page.title), "oldid", idText(from.ID))
	}
	text := to.Text
	if (to.Hidden|hiddenOf(from))&HiddenText != 0 {
		old, text = "", "(hidden)"
	}
	l := layout{Title: "Difference: " + to.Title, Heading: to.Title, Sub: "Difference between revisions", Tabs: v.tabs("history")}
	v.show("diff", http.StatusOK, l, M{"Rows": diffRows(old, text), "OldName": name, "OldURL": oldURL, "NewName": sideName(to),
		"NewURL": query("title", v.w.dbName(to.page.title), "oldid", idText(to.ID)), "Undo": ""})
}

func sideName(r *Revision) string {
	return fmt.Sprintf("%s by %s (%s)", humanTime(r.Time), r.User, r.Comment)
}

func (v *visit) diffSides() (from, to *Revision) {
	diff, oldid := v.values.Get("diff"), v.values.Get("oldid")
	old := v.w.revisions[atoi64(oldid)]
	to = v.w.revisions[atoi64(diff)]
	switch {
	case to != nil && (oldid == "prev" || oldid == ""):
		return v.w.revisions[to.Parent], to
	case diff == "prev" && old != nil:
		return v.w.revisions[old.Parent], old
	case diff == "next" && old != nil:
		for _, r := range old.page.revs {
			if r.Parent == old.ID {
				return old, r
			}
		}
		return old, old
	case (diff == "cur" || diff == "0") && old != nil:
		return old, old.page.latest()
	}
	return old, to
}
