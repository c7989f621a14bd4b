package realwiki

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
)

// Notification is one row of meta=notifications, with the words that its
// recipient reads.
type Notification struct {
	ID       int64
	Type     string // mention, edit-user-talk, api-notice, …
	Category string
	Section  string // alert (the bell) or message (the tray)
	Title    string // the page's full title, "" without one
	Agent    string
	Revision int64
	Read     bool
	Header   string // HTML
	Body     string // HTML
	URL      string // of the primary link, "" without one
}

// row is a notification as Echo's ApiEchoNotifications writes it. A link that is
// not there is an empty array in the place of an object.
type row struct {
	ID                      json.Number
	Type, Category, Section string
	Title                   struct{ Full string }
	Agent                   struct{ Name string }
	RevID                   int64
	Read                    string
	Model                   struct {
		Header, Body string
		Links        struct{ Primary json.RawMessage }
	} `json:"*"`
}

// Notifications returns the user's notifications, newest first, unbundled. Echo
// itself puts those of one second in any order.
func (w *Wiki) Notifications(as User) []Notification {
	w.t.Helper()
	var answer struct {
		Query struct {
			Notifications struct{ List []row }
		}
	}
	err := w.Client(as).Get(Params{"action": "query", "meta": "notifications", "notprop": "list",
		"notformat": "model", "notlimit": "50", "notbundle": ""}, &answer)
	if err != nil {
		w.t.Fatalf("reading the notifications of %s: %v", as.Name, err)
	}
	var all []Notification
	for _, r := range answer.Query.Notifications.List {
		all = append(all, r.notification())
	}
	slices.SortFunc(all, func(a, b Notification) int { return cmp.Compare(b.ID, a.ID) })
	return all
}

func (r row) notification() Notification {
	var primary struct{ URL string }
	_ = json.Unmarshal(r.Model.Links.Primary, &primary) // an array says that there is none
	id, _ := r.ID.Int64()                               // a database counted it
	return Notification{
		ID: id, Type: r.Type, Category: r.Category, Section: r.Section, Title: r.Title.Full, Agent: r.Agent.Name,
		Revision: r.RevID, Read: r.Read != "", Header: plain(r.Model.Header), Body: r.Model.Body, URL: primary.URL,
	}
}

// plain drops the marks of direction that Echo puts around names.
func plain(text string) string {
	return strings.NewReplacer("\u202a", "", "\u202c", "").Replace(text)
}
