package copyvio

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"filewarden/bot/notice"
	"filewarden/tasks/copyvio/casebook"
	"filewarden/templates"
	"filewarden/wikiconfig"
)

// Facts of an event beside its own fields.
const (
	factState   = "state"   // found, accepted or rejected
	factRole    = "role"    // uploader or patroller
	factSection = "section" // where the case stands, with its anchor
	factMatches = "matches" // how many
	factBy      = "by"      // who decided
)

// States of an event.
const (
	told         = "found"
	toldAccepted = "accepted"
	toldRejected = "rejected"
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
func (p *pass) news(ctx context.Context, c casebook.Case, state string) (events []notice.Event, err error) {
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
		if casebook.SameUser(h.name, c.By) || wishes[h.name] == nil || !h.wants(wishes[h.name]) {
			continue
		}
		events = append(events, p.event(c, h, state))
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
func (p *pass) event(c casebook.Case, h hearer, state string) notice.Event {
	at, by := c.Opened, ""
	if state != told {
		at, by = c.Decided, c.By
	}
	return notice.Event{
		ID: fmt.Sprintf("%s/%s/%s/%d/%s", Name, state, c.SHA1, at.Unix(), h.name), Kind: Kind, User: h.name,
		File: c.Title, Page: c.Title, Agent: by, Rev: c.Rev, Time: at,
		Facts: map[string]string{factState: state, factRole: h.role, factSection: p.sectionOf(c), factBy: by,
			factMatches: strconv.Itoa(len(c.Matches) + len(c.Evidence))},
	}
}

// lines words one person's events, a line each.
func lines(r notice.Reader, events []notice.Event) (out []notice.Line) {
	for _, e := range events {
		key := "copyvio-notice-" + e.Facts[factState] + "-" + e.Facts[factRole]
		n, _ := strconv.Atoi(e.Facts[factMatches])
		args := []any{templates.Link(e.File, ""), templates.Target(e.Facts[factSection]), templates.Agent(e.Facts[factBy]), templates.Num(n)}
		out = append(out, notice.Line{Wikitext: r.Words.Text(key, args...), Plain: r.Words.PlainText(key, args...), Page: e.File, File: e.File})
	}
	return out
}
