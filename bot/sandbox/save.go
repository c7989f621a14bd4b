package sandbox

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// saving is one edit on its way into a page, after all checks.
type saving struct {
	title   title
	text    string // after the pre-save transform
	comment string
	author  author
	model   string // empty keeps the page's
	minor   bool
	bot     bool
	tags    []string
	isNew   bool // section=new: a comment that is never minor
	rights  []string
	quiet   bool // seeds of files' pages and the like write no notification

	undone, undoneAfter *Revision // an undo takes back what came after the second up to the first
	rollbackTo          *Revision
}

// author is who writes: an account, or an address.
type author struct {
	name string
	id   int64
}

func (w *Wiki) authorOf(name string) author {
	if a := w.accounts[canonicalUser(name)]; a != nil {
		return author{a.name, a.id}
	}
	return author{name, 0}
}

// save stores a revision and everything that follows from it: recent changes,
// links, the pages that transclude this one, notifications. It returns nil
// when the text is what the page already has.
func (w *Wiki) save(s saving) *Revision {
	p := w.pageOf(s.title)
	if s.model == "" {
		s.model = w.modelOf(s.title, p)
	}
	if p != nil && p.text() == s.text && p.latest().Model == s.model {
		w.touch(p)
		return nil
	}
	old := ""
	created := p == nil
	if created {
		w.lastPage++
		p = &page{id: w.lastPage, title: s.title, protection: map[string]Protection{}}
	} else {
		old = p.text()
	}
	if s.comment == "" {
		s.comment = w.autoSummary(created, old, s.text)
	}
	r := w.appendRevision(p, s, created)
	w.recordChange(p, r, s, created, old)
	w.tagEdit(p, s, old, created)
	w.touch(p)
	w.propagate(p)
	if !s.quiet {
		w.notifyEdit(p, r, old, s)
	}
	return r
}

func (w *Wiki) appendRevision(p *page, s saving, created bool) *Revision {
	w.lastRev++
	r := &Revision{ID: w.lastRev, Title: w.name(p.title), User: s.author.name, UserID: s.author.id, Time: w.now(),
		Comment: cutComment(s.comment), Text: s.text, Model: s.model, Minor: s.minor && !created, Bot: s.bot,
		Tags: append([]string{}, s.tags...), page: p}
	if !created {
		r.Parent = p.latest().ID
	} else {
		w.titles[p.title], w.pages[p.id] = p, p
	}
	p.revs = append(p.revs, r)
	w.revisions[r.ID] = r
	if a := w.accounts[r.User]; a != nil {
		a.edits++
	}
	return r
}

func (w *Wiki) recordChange(p *page, r *Revision, s saving, created bool, old string) {
	kind := "edit"
	if created {
		kind = "new"
	}
	w.lastRC++
	w.changes = append(w.changes, &change{id: w.lastRC, kind: kind, title: p.title, page: p.id, rev: r, old: r.Parent,
		oldLen: len(old), time: r.Time, user: r.User, userID: r.UserID, bot: s.bot, minor: r.Minor, patrol: w.patrolled(s.author, s.rights)})
}

// touch renews what is derived from the page's text.
func (w *Wiki) touch(p *page) {
	p.touched = w.now()
	w.relink(p)
}

// cutComment keeps a summary within the 500 characters of the comment table.
func cutComment(s string) string {
	s = strings.TrimSpace(strings.ReplaceAll(s, "\n", " "))
	if utf8.RuneCountInString(s) > 500 {
		s = string([]rune(s)[:497]) + "..."
	}
	return s
}

func (w *Wiki) autoSummary(created bool, old, text string) string {
	clip := func(s string, n int) string {
		s = strings.ReplaceAll(s, "\n", " ")
		if utf8.RuneCountInString(s) > n {
			return string([]rune(s)[:n-3]) + "..."
		}
		return s
	}
	switch {
	case created && text == "":
		return "Created blank page"
	case created:
		if to, ok := w.redirectTarget(text, "wikitext"); ok {
			target := w.name(to.title)
			if to.fragment != "" {
				target += "#" + to.fragment
			}
			return "Redirected page to [[" + target + "]]"
		}
		return `Created page with "` + clip(text, 200) + `"`
	case text == "":
		return "Blanked the page"
	case len(old) > 10*len(text) && len(text) < 500:
		return `Replaced content with "` + clip(text, 200-len("Replaced content with \"\"")) + `"`
	}
	return ""
}

// modelOf is the content model of a page, or what it would be.
func (w *Wiki) modelOf(t title, p *page) string {
	if p != nil {
		return p.latest().Model
	}
	script := t.ns == nsMediaWiki || t.ns == nsUser && t.isSubpage()
	for suffix, model := range map[string]string{".json": "json", ".css": "css", ".js": "javascript"} {
		if script && strings.HasSuffix(t.key, suffix) {
			return model
		}
	}
	switch {
	case t.ns == nsModule && !strings.HasSuffix(t.key, "/doc"):
		return "Scribunto"
	case w.opts.Styles && t.ns == nsTemplate && strings.HasSuffix(t.key, ".css"):
		return "sanitized-css"
	}
	return "wikitext"
}

var formats = map[string]string{"wikitext": "text/x-wiki", "json": "application/json", "css": "text/css", "javascript": "text/javascript",
	"text": "text/plain", "Scribunto": "text/plain", "sanitized-css": "text/css"}

// tidyJSON is JsonContent's pre-save transform: tabs, and one value per key.
func tidyJSON(text string) (string, error) {
	v, err := decodeJSON(text)
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "\t")
	if err := enc.Encode(v); err != nil {
		return "", err
	}
	return phpEscape.Replace(strings.TrimRight(b.String(), "\n")), nil
}

// mayHurry says whether the account is within the rate limit, and counts.
func (w *Wiki) mayHurry(a *account, rights []string) bool {
	if w.opts.EditsPer == 0 || a == nil || slices.Contains(rights, "noratelimit") {
		return true
	}
	now := w.now()
	a.editTimes = slices.DeleteFunc(a.editTimes, func(t time.Time) bool { return now.Sub(t) >= time.Minute })
	if len(a.editTimes) >= w.opts.EditsPer {
		return false
	}
	a.editTimes = append(a.editTimes, now)
	return true
}
