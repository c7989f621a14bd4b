package sandbox

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Notification is an Echo notification.
type Notification struct {
	ID      int64
	Type    string // edit-user-talk, edit-user-page, mention, api-alert, api-notice, emailuser
	User    string // who gets it
	Agent   string // who caused it
	Section string // alert (the bell) or message (the tray)
	Time    time.Time
	Page    string // the page it is about, "" where there is none
	RevID   int64
	Heading string // of the section it leads to, "" for the whole page
	Header  string // what the user reads, as plain text
	Body    string
	Read    bool
	Deleted bool // its page was deleted, which hides it

	category string
	agentID  int64
	page     title
}

// Notifications are a user's notifications, oldest first, hidden ones left out.
func (w *Wiki) Notifications(user string) []Notification {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []Notification
	for _, n := range w.notices {
		if n.User == canonicalUser(user) && !n.Deleted {
			out = append(out, *n)
		}
	}
	return out
}

// categories of notification types whose name differs from the type's.
var categories = map[string]string{"api-alert": "api-triggered", "api-notice": "api-triggered"}

// notify stores a notification unless the user's preferences decline it. A
// message on one's own talk page cannot be declined.
func (w *Wiki) notify(n Notification) {
	if w.opts.NoEcho {
		return
	}
	if n.category = categories[n.Type]; n.category == "" {
		n.category = n.Type
	}
	a := w.accounts[n.User]
	if a == nil || n.Type != "edit-user-talk" && a.options["echo-subscriptions-web-"+n.category] == "0" {
		return
	}
	if agent := w.accounts[n.Agent]; agent != nil {
		n.agentID = agent.id
	}
	w.lastNote++
	n.ID, n.Time = w.lastNote, w.now()
	w.notices = append(w.notices, &n)
}

// notifyEdit does what Echo's DiscussionParser does after an edit: a message
// to the owner of a talk page, and mentions.
func (w *Wiki) notifyEdit(p *page, r *Revision, old string, s saving) {
	if s.model != "wikitext" {
		return
	}
	d := w.readDiscussion(p, old, r)
	w.notifyTalk(p, r, d, s)
	if p.title.ns == nsUser && !p.title.isSubpage() && r.User != p.title.text() {
		w.notify(Notification{Type: "edit-user-page", User: p.title.text(), Agent: r.User, Section: "alert", Page: w.name(p.title), page: p.title,
			RevID: r.ID, Header: r.User + " edited your user page."})
	}
	for _, m := range d.mentions {
		n := Notification{Type: "mention", User: m.user, Agent: r.User, Section: "alert", Page: w.name(p.title), page: p.title,
			RevID: r.ID, Heading: m.heading, Body: m.body}
		n.Header = r.User + " mentioned you on " + shorten(n.Page, 50) + inSection(m.heading) + "."
		w.notify(n)
	}
}

func inSection(heading string) string {
	if heading == "" {
		return ""
	}
	return ` in "` + shorten(heading, 50) + `"`
}

func shorten(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return strings.TrimRight(string([]rune(s)[:n-1]), " ") + "…"
}

// notifyTalk tells the owner of a talk page. Only a minor edit by somebody with
// the right nominornewtalk is silent, which section=new and a new page never are.
func (w *Wiki) notifyTalk(p *page, r *Revision, d discussion, s saving) {
	owner := w.accounts[p.title.text()]
	if p.title.ns != nsUserTalk || owner == nil || owner.name == r.User || r.Minor && slices.Contains(s.rights, "nominornewtalk") {
		return
	}
	owner.newTalk = true
	n := Notification{Type: "edit-user-talk", User: owner.name, Agent: r.User, Section: "alert", Page: w.name(p.title), page: p.title,
		RevID: r.ID, Heading: d.heading, Body: d.body}
	n.Header = r.User + " left a message on your talk page" + inSection(d.heading) + "."
	w.notify(n)
}
