package gate

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"filewarden/bot/wiki"
)

// snapshot is all that the gate decides on, read at one moment.
type snapshot struct {
	policy    Policy
	policyErr error
	names     exclusionNames
	namesErr  error // of names; only where exclusion applies
	readAt    time.Time
	stop      page // of the whole bot
	taskStop  page // of the task; zero for the framework's own writes
	target    page // the page to edit; zero for other actions
	talk      page // the recipient's talk page; zero without one
	person    *person
}

// page is one page of a query.
type page struct {
	wiki.Text
	redirect   bool
	unread     string // why its text could not be had; "" when it could
	categories []string
	templates  []string
}

// person is a row of list=users (API:Users).
type person struct {
	Name        string   `json:"name"`
	Missing     bool     `json:"missing"`
	Invalid     bool     `json:"invalid"`
	Groups      []string `json:"groups"`
	BlockID     int64    `json:"blockid"`
	BlockPart   bool     `json:"blockpartial"`
	BlockExpiry string   `json:"blockexpiry"`
}

// answer is the part of a query's answer that the gate reads (formatversion 2).
type answer struct {
	Continue     map[string]any `json:"continue"`
	CurTimestamp time.Time      `json:"curtimestamp"`
	Query        struct {
		Normalized []hop      `json:"normalized"`
		Redirects  []hop      `json:"redirects"`
		Pages      []pageRow  `json:"pages"`
		Users      []person   `json:"users"`
		Contribs   []revision `json:"usercontribs"`
		Log        []logRow   `json:"logevents"`
		Messages   []struct {
			Content string `json:"content"`
			Missing bool   `json:"missing"`
		} `json:"allmessages"`
	} `json:"query"`
}

type hop struct {
	From      string `json:"from"`
	To        string `json:"to"`
	Interwiki string `json:"tointerwiki"`
}

type named struct {
	Title string `json:"title"`
}

type pageRow struct {
	ID         int64      `json:"pageid"`
	NS         int        `json:"ns"`
	Title      string     `json:"title"`
	Missing    bool       `json:"missing"`
	Invalid    bool       `json:"invalid"`
	Redirect   bool       `json:"redirect"`
	Revisions  []revision `json:"revisions"`
	Categories []named    `json:"categories"`
	Templates  []named    `json:"templates"`
	Redirects  []named    `json:"redirects"`
}

// logRow is a row of list=logevents (API:Logevents).
type logRow struct {
	ID        int64     `json:"logid"`
	Action    string    `json:"action"`
	User      string    `json:"user"`
	Comment   string    `json:"comment"`
	Timestamp time.Time `json:"timestamp"`
}

type revision struct {
	ID        int64     `json:"revid"`
	User      string    `json:"user"`
	Comment   string    `json:"comment"`
	Timestamp time.Time `json:"timestamp"`
	Slots     map[string]struct {
		Model   string  `json:"contentmodel"`
		Content *string `json:"content"`
	} `json:"slots"`
}

// ask sends a query whose answer must come in one piece.
func (g *Gate) ask(ctx context.Context, p wiki.Params) (*answer, error) {
	p["action"], p["curtimestamp"] = "query", "1"
	o, err := g.wiki.Get(ctx, p)
	if err != nil {
		return nil, err
	}
	raw, err := o.MarshalJSON()
	if err != nil {
		return nil, err
	}
	var a answer
	if err := json.Unmarshal(raw, &a); err != nil {
		return nil, fmt.Errorf("reading the wiki's answer: %w", err)
	}
	return &a, nil
}

// pageParams asks for texts, and for what else may object to a message.
func (x exclusionNames) pageParams(titles []string, user string) wiki.Params {
	p := wiki.Params{"prop": "revisions|info", "titles": strings.Join(titles, "|"),
		"rvprop": "ids|timestamp|user|comment|content", "rvslots": "main"}
	if x.category == "" {
		return p
	}
	p["prop"] = "revisions|info|categories|templates"
	p["clcategories"], p["cllimit"] = "Category:"+x.category, "max"
	p["tltemplates"], p["tllimit"] = strings.Join(x.nobots, "|"), "max"
	if validUser(user) {
		p["list"], p["ususers"], p["usprop"] = "users", user, "blockinfo|groups"
	}
	return p
}

// look reads the Stop pages, the page to write and what may object, in one request.
// Its error is *Refused: what cannot be read closes the gate.
func (g *Gate) look(ctx context.Context, w write) (*snapshot, error) {
	s := &snapshot{}
	stop, taskStop := g.stopPages(w.Task)
	if s.policy, s.policyErr = g.policy(); s.policyErr == nil {
		s.policyErr = g.book.seen(s.policy.Mode)
	}
	if g.mayObject(w) {
		s.names, s.namesErr = g.localNames(ctx)
	}
	titles := []string{stop}
	for _, t := range []string{taskStop, w.target(), talkOf(w.User)} {
		if t != "" && !slices.Contains(titles, t) {
			titles = append(titles, t)
		}
	}
	a, err := g.ask(ctx, s.names.pageParams(titles, w.User))
	if err == nil && a.Continue != nil {
		err = fmt.Errorf("the answer is incomplete")
	}
	if err != nil {
		return nil, unreadable(stop, fmt.Errorf("reading the Stop page before %s: %w", w.describe(), err))
	}
	s.readAt = a.CurTimestamp
	s.stop, s.target, s.talk = a.page(stop), a.page(w.target()), a.page(talkOf(w.User))
	s.taskStop = a.page(taskStop)
	s.person = a.person()
	return s, nil
}

func (g *Gate) policy() (Policy, error) {
	p, err := g.c.Policy()
	if err == nil && p.Mode != DryRun && p.Mode != Trial && p.Mode != Live {
		err = fmt.Errorf("the mode %q is not one of dry-run, trial, live", p.Mode)
	}
	return p, err
}

// target is the page that an edit or deletion is of; other actions have none.
func (w write) target() string {
	if w.titled() {
		return w.Title
	}
	return ""
}

func talkOf(user string) string {
	if !validUser(user) {
		return ""
	}
	return "User talk:" + user
}

func unreadable(page string, err error) *Refused {
	return &Refused{Reason: Unreadable, Page: page, Detail: err.Error(), Err: err}
}

func (a *answer) person() *person {
	if len(a.Query.Users) == 0 {
		return nil
	}
	return &a.Query.Users[0]
}

// resolve follows a title through normalisation and, where they were asked for, redirects.
func (a *answer) resolve(title string) (to string, hops []hop) {
	for _, n := range a.Query.Normalized {
		if n.From == title {
			title = n.To
		}
	}
	for range a.Query.Redirects {
		i := slices.IndexFunc(a.Query.Redirects, func(h hop) bool { return h.From == title })
		if i < 0 {
			break
		}
		hops = append(hops, a.Query.Redirects[i])
		title = a.Query.Redirects[i].To
	}
	return title, hops
}

// page finds a title in the answer; what is not there is unread, never missing.
func (a *answer) page(title string) page {
	if title == "" {
		return page{}
	}
	to, _ := a.resolve(title)
	for _, row := range a.Query.Pages {
		if row.Title == to {
			return row.page(a.CurTimestamp)
		}
	}
	return page{Text: wiki.Text{Title: title}, unread: "the wiki did not answer for it"}
}

func (row pageRow) page(readAt time.Time) page {
	p := page{redirect: row.Redirect, Text: wiki.Text{Title: row.Title, ID: row.ID,
		Missing: row.Missing, Invalid: row.Invalid, ReadAt: readAt}}
	for _, c := range row.Categories {
		p.categories = append(p.categories, c.Title)
	}
	for _, t := range row.Templates {
		p.templates = append(p.templates, t.Title)
	}
	switch {
	case row.Invalid:
		p.unread = "its title is not valid"
	case row.Missing:
	case len(row.Revisions) == 0 || row.Revisions[0].Slots["main"].Content == nil:
		p.unread = "its text is hidden or was not sent"
	default:
		r := row.Revisions[0]
		p.RevID, p.User, p.Comment, p.Time = r.ID, r.User, r.Comment, r.Timestamp
		p.Model, p.Content = r.Slots["main"].Model, *r.Slots["main"].Content
	}
	return p
}
