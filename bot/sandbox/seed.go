package sandbox

import (
	"maps"
	"slices"
	"time"
)

// Edit replaces a page's text and returns the new revision's id, or the
// latest one's where nothing changed. It asks for no permission; the pre-save
// transform, the links and the notifications are those of any other edit.
func (w *Wiki) Edit(user, title, text, summary string) int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.seedEdit(user, title, text, summary)
}

func (w *Wiki) seedEdit(user, name, text, summary string) int64 {
	t := must(w.parseTitle(name, 0))
	model := w.modelOf(t, w.pageOf(t))
	text = must(w.transform(text, t, canonicalUser(user), model))
	if !isIP(user) {
		w.addIfMissing(user)
	}
	w.save(saving{title: t, text: text, comment: summary, author: w.authorOf(canonicalUser(user))})
	return w.pageOf(t).latest().ID
}

// MinorEdit is Edit with the minor flag.
func (w *Wiki) MinorEdit(user, name, text, summary string) int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	t := must(w.parseTitle(name, 0))
	text = must(w.transform(text, t, canonicalUser(user), w.modelOf(t, w.pageOf(t))))
	w.addIfMissing(user)
	w.save(saving{title: t, text: text, comment: summary, author: w.authorOf(canonicalUser(user)), minor: true, rights: w.rightsOf(&login{account: w.addIfMissing(user)})})
	return w.pageOf(t).latest().ID
}

// Append adds text at the end of a page.
func (w *Wiki) Append(user, title, text, summary string) int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	old := ""
	if p := w.pageOf(must(w.parseTitle(title, 0))); p != nil {
		old = p.text()
	}
	return w.seedEdit(user, title, old+text, summary)
}

// NewSection adds a section with a heading.
func (w *Wiki) NewSection(user, title, heading, text string) int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	text = "== " + heading + " ==\n\n" + text
	if p := w.pageOf(must(w.parseTitle(title, 0))); p != nil && p.text() != "" {
		text = p.text() + "\n\n" + text
	}
	return w.seedEdit(user, title, text, "/* "+heading+" */ new section")
}

// nullRevision adds a revision with the text of the last: the trace of an
// upload or a move in a page's history.
func (w *Wiki) nullRevision(p *page, by author, comment string) *Revision {
	r := *p.latest()
	w.lastRev++
	r.ID, r.Parent, r.User, r.UserID, r.Time, r.Comment = w.lastRev, p.latest().ID, by.name, by.id, w.now(), cutComment(comment)
	r.Minor, r.Bot, r.Tags, r.Hidden, r.reverted = false, false, []string{}, 0, nil
	p.revs = append(p.revs, &r)
	w.revisions[r.ID] = &r
	w.touch(p)
	return &r
}

// Move renames a page and, with it, a file; a redirect is left behind.
func (w *Wiki) Move(user, from, to, reason string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.movePage(w.authorOf(canonicalUser(user)), must(w.parseTitle(from, 0)), must(w.parseTitle(to, 0)), reason, true)
}

func (w *Wiki) movePage(by author, from, to title, reason string, redirect bool) {
	p := w.titles[from]
	if p == nil {
		return
	}
	if over := w.titles[to]; over != nil { // only a redirect may stand there
		w.dropPage(over)
	}
	delete(w.titles, from)
	p.title = to
	w.titles[to] = p
	for _, r := range p.revs {
		r.Title = w.name(to)
	}
	if f := w.files[from.key]; from.ns == nsFile && to.ns == nsFile && f != nil {
		delete(w.files, from.key)
		f.name = to.key
		w.files[to.key] = f
	}
	w.addLog(&logEntry{kind: "move", action: "move", title: from, page: p.id, user: by.name, userID: by.id, comment: reason,
		params: M{"target_ns": to.ns, "target_title": w.name(to), "suppressredirect": !redirect}}, false)
	summary := by.name + " moved page [[" + w.name(from) + "]] to [[" + w.name(to) + "]]"
	if reason != "" {
		summary += ": " + reason
	}
	w.nullRevision(p, by, summary).Minor = true
	w.logs[len(w.logs)-1].rev = p.latest().ID
	if redirect {
		w.save(saving{title: from, text: "#REDIRECT [[" + w.name(to) + "]]", comment: summary, author: by, tags: []string{"mw-new-redirect"}, quiet: true})
		w.changes = w.changes[:len(w.changes)-1]
	}
	w.touch(p)
}

// Delete deletes a page and, for a file page, the file.
func (w *Wiki) Delete(user, name, reason string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.deletePage(w.authorOf(canonicalUser(user)), must(w.parseTitle(name, 0)), reason)
}

func (w *Wiki) deletePage(by author, t title, reason string) *logEntry {
	p := w.titles[t]
	if p == nil {
		return nil
	}
	w.dropPage(p)
	w.archive[t] = append(w.archive[t], p)
	if t.ns == nsFile {
		w.archiveFile(t)
	}
	entry := w.addLog(&logEntry{kind: "delete", action: "delete", title: t, page: p.id, user: by.name, userID: by.id, comment: reason, params: M{}}, false)
	w.propagate(p)
	return entry
}

func (w *Wiki) dropPage(p *page) {
	w.unlink(p)
	delete(w.titles, p.title)
	delete(w.pages, p.id)
	for _, n := range w.notices {
		n.Deleted = n.Deleted || n.page == p.title
	}
}

// Undelete restores a deleted page, with its id, and its file.
func (w *Wiki) Undelete(user, name, reason string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.undeletePage(w.authorOf(canonicalUser(user)), must(w.parseTitle(name, 0)), reason)
}

func (w *Wiki) undeletePage(by author, t title, reason string) (revisions, files int) {
	gone := w.archive[t]
	if len(gone) == 0 || w.titles[t] != nil {
		return 0, 0
	}
	p := gone[len(gone)-1]
	w.archive[t] = gone[:len(gone)-1]
	w.titles[t], w.pages[p.id] = p, p
	if t.ns == nsFile {
		files = w.restoreFile(t)
	}
	for _, n := range w.notices {
		n.Deleted = n.Deleted && n.page != t
	}
	w.touch(p)
	w.propagate(p)
	w.addLog(&logEntry{kind: "delete", action: "restore", title: t, page: p.id, user: by.name, userID: by.id, comment: reason,
		params: M{"count": M{"revisions": len(p.revs), "files": files}}}, false)
	return len(p.revs), files
}

// Protect restricts an action ("edit", "move", "create") to a level
// ("sysop", "autoconfirmed"); an empty level lifts the restriction.
func (w *Wiki) Protect(user, name, action, level string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	t := must(w.parseTitle(name, 0))
	if action == "create" {
		w.createProtection[t] = Protection{Level: level}
		return
	}
	p := w.pageOf(t)
	p.protection = maps.Clone(p.protection)
	if p.protection == nil {
		p.protection = map[string]Protection{}
	}
	p.protection[action] = Protection{Level: level}
	by := w.authorOf(canonicalUser(user))
	w.addLog(&logEntry{kind: "protect", action: "protect", title: t, page: p.id, user: by.name, userID: by.id, params: M{"description": "[" + action + "=" + level + "] (indefinite)"}}, false)
}

// SetMessage defines an interface message, such as
// "massmessage-optout-category", that the installed extensions would bring.
func (w *Wiki) SetMessage(name, text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.messages[name] = text
}

// Text is the current text of a page.
func (w *Wiki) Text(name string) (string, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	t, err := w.parseTitle(name, 0)
	if err != nil || w.pageOf(t) == nil {
		return "", false
	}
	return w.pageOf(t).text(), true
}

// History are a page's revisions, oldest first.
func (w *Wiki) History(name string) []Revision {
	w.mu.Lock()
	defer w.mu.Unlock()
	t, err := w.parseTitle(name, 0)
	if err != nil || w.pageOf(t) == nil {
		return nil
	}
	var out []Revision
	for _, r := range w.pageOf(t).revs {
		out = append(out, *r)
	}
	return out
}

// Titles are the names of all pages, sorted.
func (w *Wiki) Titles() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []string
	for t := range w.titles {
		out = append(out, w.name(t))
	}
	slices.Sort(out)
	return out
}

// PageID is the id of a page, 0 where there is none.
func (w *Wiki) PageID(name string) int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	if t, err := w.parseTitle(name, 0); err == nil && w.pageOf(t) != nil {
		return w.pageOf(t).id
	}
	return 0
}

// Mail is an e-mail that went out by action=emailuser or by Echo.
type Mail struct {
	From, To, Subject, Text string
	Time                    time.Time
}

// Mails are the mails sent so far, oldest first.
func (w *Wiki) Mails() []Mail {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.mails)
}
