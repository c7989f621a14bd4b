package copyvio

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"filewarden/bot/notice"
	"filewarden/tasks/copyvio/casebook"
	"filewarden/tasks/copyvio/page"
	"filewarden/templates"
	"filewarden/wikiconfig"
)

// Facts of an event beside its own fields.
const (
	factState   = "state"   // found, accepted, rejected or reopened
	factRole    = "role"    // uploader or patroller
	factSection = "section" // where the case stands, with its anchor
	factMatches = "matches" // how many
	factDomain  = "domain"  // of the best match
	factBy      = "by"      // who decided
)

// States of an event.
const (
	told         = "found"
	toldAccepted = "accepted"
	toldRejected = "rejected"
	toldReopened = "reopened"
)

// Roles of who is told.
const (
	roleUploader  = "uploader"
	rolePatroller = "patroller"
)

// hearer is somebody who is told of a case.
type hearer struct{ name, role string }

// hearers of a case are those who uploaded it, and who patrolled it; each once.
func hearers(c casebook.Case) (all []hearer) {
	add := func(name, role string) {
		same := func(h hearer) bool { return casebook.SameUser(h.name, name) }
		if name != "" && !slices.ContainsFunc(all, same) {
			all = append(all, hearer{name, role})
		}
	}
	add(c.Uploader, roleUploader)
	for _, name := range c.Also {
		add(name, roleUploader)
	}
	add(c.Patrol, rolePatroller)
	return all
}

// news makes the events about a case, for those who want them. A case that is
// on no page is nobody's news; nor is what the bot takes stock of after a dry run.
func (p *pass) news(ctx context.Context, c casebook.Case, state string, d casebook.Decision) (events []notice.Event, err error) {
	if p.Fresh || !c.Shown() {
		return nil, nil
	}
	people := hearers(c)
	names := make([]string, len(people))
	for i, h := range people {
		names[i] = h.name
	}
	wishes, err := p.Panel.Preferences(ctx, names...)
	if err != nil {
		return nil, fmt.Errorf("reading preferences: %w", err)
	}
	for _, h := range people {
		if casebook.SameUser(h.name, d.By) || wishes[h.name] == nil || !h.wants(wishes[h.name]) {
			continue
		}
		events = append(events, p.event(c, h, state, d))
	}
	return events, nil
}

func (h hearer) wants(wishes *wikiconfig.Preferences) bool {
	said := wikiconfig.PreferencesOf[Preferences](wishes, Name)
	if h.role == rolePatroller {
		return said.Patrols
	}
	return said.Uploads
}

// event is named by the case, its opening and, of a decision, its time: a case
// that is opened again is told again.
func (p *pass) event(c casebook.Case, h hearer, state string, d casebook.Decision) notice.Event {
	at, domain := c.Opened, ""
	if state != told {
		at = d.Time
	}
	if i := slices.IndexFunc(c.Matches, suspicious); i >= 0 {
		domain = page.Domain(oneOf(c.Matches[i].Page, c.Matches[i].URL))
	}
	return notice.Event{
		ID: fmt.Sprintf("%s/%s/%s/%d/%s", Name, state, c.SHA1, at.Unix(), h.name), Kind: Kind, User: h.name,
		File: c.Title, Page: c.Title, Agent: d.By, Rev: d.Rev, Time: at,
		Facts: map[string]string{factState: state, factRole: h.role, factSection: p.sectionOf(c), factBy: d.By,
			factMatches: strconv.Itoa(len(c.Matches)), factDomain: domain},
	}
}

// lines words one person's events, a line each. Several uploads of theirs are
// listed in short, with one explanation beneath.
func lines(r notice.Reader, events []notice.Event) (out []notice.Line) {
	several := countOwn(events) > 1
	if several {
		defer func() {
			key := "copyvio-notice-explained"
			out = append(out, notice.Line{Wikitext: r.Words.Text(key), Plain: r.Words.PlainText(key)})
		}()
	}
	for _, e := range events {
		key, args := message(e)
		switch {
		case several && ownNews(e):
			key += "-short"
		case e.Facts[factRole] == rolePatroller && r.Words.Has(key+"-patroller"):
			key += "-patroller"
		}
		out = append(out, notice.Line{Wikitext: r.Words.Text(key, args...), Plain: r.Words.PlainText(key, args...), Page: e.File, File: e.File})
	}
	return out
}

// ownNews says whether an event tells an uploader of a new case.
func ownNews(e notice.Event) bool {
	return e.Facts[factState] == told && e.Facts[factRole] == roleUploader
}

func countOwn(events []notice.Event) (n int) {
	for _, e := range events {
		if ownNews(e) {
			n++
		}
	}
	return n
}

// message is what an event says to an uploader.
func message(e notice.Event) (key string, args []any) {
	file, section := templates.Link(e.File, ""), templates.Target(e.Facts[factSection])
	n, _ := strconv.Atoi(e.Facts[factMatches])
	switch state := e.Facts[factState]; {
	case state != told:
		return "copyvio-notice-" + state, []any{file, templates.Agent(e.Facts[factBy]), section}
	case e.Facts[factDomain] == "":
		return "copyvio-notice-known", []any{file, templates.Num(n), section}
	}
	return "copyvio-notice-found", []any{file, templates.Num(n), section, templates.Plain(e.Facts[factDomain])}
}
