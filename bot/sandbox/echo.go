package sandbox

import "time"

// Notification is an Echo notification.
type Notification struct {
	ID      int64
	Type    string // edit-user-talk, mention, api-alert, api-notice, emailuser, …
	User    string // who gets it
	Agent   string // who caused it
	Section string // alert or message
	Time    time.Time
	Page    string // the page it is about, "" where there is none
	RevID   int64
	Heading string // of the section it leads to
	Header  string // what the user reads, as plain text
	Body    string
	Read    bool
	Deleted bool // its page was deleted, and it is hidden

	category string
	agentID  int64
	page     title
	hasPage  bool
}

func (w *Wiki) notifyEdit(p *page, r *Revision, old string, s saving) {}
