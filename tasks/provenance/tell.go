package provenance

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"filewarden/bot/notice"
	"filewarden/storage"
	"filewarden/tasks/provenance/rule"
	"filewarden/templates"
	"filewarden/wikiconfig"
)

// Facts of an event beside its own fields.
const (
	factState    = "state" // stands or new
	factReport   = "report"
	factErrors   = "errors"
	factWarnings = "warnings"
	factInfos    = "infos"
	factRules    = "rules" // ids, with spaces
)

// States of an event: what a new follower finds, and what came since.
const (
	stands = "stands"
	isNew  = "new"
)

// findFollowers reads who wants to hear of which pages.
func (p *pass) findFollowers(ctx context.Context) error {
	names, err := p.box.Subscribers(ctx)
	if err != nil {
		return err
	}
	p.followers = map[string][]string{}
	if len(names) == 0 {
		return nil
	}
	preferences, err := p.Panel.Preferences(ctx, names...)
	if err != nil {
		return fmt.Errorf("reading preferences: %w", err)
	}
	for _, name := range names {
		wishes := preferences[name]
		if wishes == nil {
			continue
		}
		if enabled, _, _ := wishes.For(Name); !enabled {
			continue
		}
		titles := map[string]bool{}
		for _, written := range wikiconfig.PreferencesOf[Preferences](wishes, Name).Gadgets {
			for _, title := range p.meant(written) {
				titles[title] = true
			}
		}
		for title := range titles {
			p.followers[title] = append(p.followers[title], name)
		}
	}
	return nil
}

// meant are the pages that somebody means by the name of a gadget or a title.
func (p *pass) meant(written string) (titles []string) {
	name := strings.ReplaceAll(strings.TrimSpace(written), " ", "_")
	for _, g := range p.gadgets.Gadgets {
		if strings.EqualFold(g.Name, name) {
			for _, page := range g.Pages {
				titles = append(titles, p.Wiki.Site().Namespaces[nsMediaWiki]+":"+page)
			}
		}
	}
	if t, err := p.Wiki.Title(written); err == nil && t.NS != 0 {
		titles = append(titles, t.Full)
	}
	return titles
}

// newsFor makes the events about new findings on a page, for those who were
// told before how it stands. Whoever made the edit hears of it like everybody
// else who asked: a finding is not what they wanted to do.
func (p *pass) newsFor(tx storage.Tx, at listed, rev revision, fresh []findingRow) (events []notice.Event, err error) {
	fresh = p.grave(fresh)
	if p.Fresh || len(fresh) == 0 {
		return nil, nil
	}
	for _, user := range p.followers[at.title] {
		_, follows, err := followTable.Get(tx, user, pageKey(at.id))
		if err != nil {
			return nil, err
		}
		if follows {
			e := p.event(user, at.title, isNew, fresh)
			e.ID = fmt.Sprintf("%s/new/%s/%d/%d/%s", Name, user, at.id, rev.id, p.rules)
			e.Rev, e.Time = rev.id, rev.time
			events = append(events, e)
		}
	}
	return events, nil
}

// grave are the findings that are worth a notice.
func (p *pass) grave(all []findingRow) []findingRow {
	least := parseSeverity(p.config.Notify)
	return slices.DeleteFunc(slices.Clone(all), func(f findingRow) bool { return f.Severity < least })
}

func (p *pass) event(user, title, state string, about []findingRow) notice.Event {
	count := map[rule.Severity]int{}
	rules := map[string]bool{}
	for _, f := range about {
		count[f.Severity]++
		rules[f.Rule] = true
	}
	return notice.Event{Kind: Kind, User: user, Page: title, Time: p.start, Facts: map[string]string{
		factState: state, factReport: p.Reports.Title(reportName(title)),
		factErrors: strconv.Itoa(count[rule.Error]), factWarnings: strconv.Itoa(count[rule.Warning]), factInfos: strconv.Itoa(count[rule.Info]),
		factRules: strings.Join(slices.Sorted(maps.Keys(rules)), " ")}}
}

// welcome tells whoever begins to follow a page how it stands: once, in a line
// for each page with findings. After a dry run the bot takes stock in silence.
func (p *pass) welcome(context.Context) error {
	byTitle := map[string]int64{}
	for id, row := range p.known {
		if row.Gone == "" || row.Gone == goneClean {
			byTitle[row.Title] = id
		}
	}
	for _, title := range slices.Sorted(maps.Keys(p.followers)) {
		id, known := byTitle[title]
		if !known {
			continue
		}
		for _, user := range p.followers[title] {
			if err := p.welcomeOne(user, title, id); err != nil {
				return fmt.Errorf("telling %s of %s: %w", user, title, err)
			}
		}
	}
	return nil
}

func (p *pass) welcomeOne(user, title string, id int64) error {
	return p.Store.Update(func(tx storage.Tx) error {
		_, follows, err := followTable.Get(tx, user, pageKey(id))
		if err != nil || follows {
			return err
		}
		rows, err := findingsOf(tx, id)
		if err != nil {
			return err
		}
		var open []findingRow
		for _, f := range rows {
			if f.State == stateOpen {
				open = append(open, f)
			}
		}
		if open = p.grave(open); len(open) > 0 && !p.Fresh {
			e := p.event(user, title, stands, open)
			e.ID, e.Rev = fmt.Sprintf("%s/stands/%s/%d", Name, user, id), p.known[id].Rev
			if err := p.box.Add(tx, e); err != nil {
				return err
			}
		}
		return followTable.Put(tx, followRow{Since: p.start.Unix()}, user, pageKey(id))
	})
}

// lines words one person's events: one line for each page.
func lines(r notice.Reader, events []notice.Event) (out []notice.Line) {
	byPage := map[string][]notice.Event{}
	var order []string
	for _, e := range events {
		if byPage[e.Page] == nil {
			order = append(order, e.Page)
		}
		byPage[e.Page] = append(byPage[e.Page], e)
	}
	for _, page := range order {
		out = append(out, line(r.Words, page, byPage[page]))
	}
	return out
}

// line adds up the events about one page.
func line(words *templates.Language, page string, events []notice.Event) notice.Line {
	key, report := "provenance-news", ""
	sum := map[string]int{}
	rules := map[string]bool{}
	for _, e := range events {
		if e.Facts[factState] == stands {
			key = "provenance-stands"
		}
		report = e.Facts[factReport]
		for _, fact := range []string{factErrors, factWarnings, factInfos} {
			n, err := strconv.Atoi(e.Facts[fact])
			if err == nil {
				sum[fact] += n
			}
		}
		for id := range strings.FieldsSeq(e.Facts[factRules]) {
			rules[id] = true
		}
	}
	var ids []any
	for _, id := range slices.Sorted(maps.Keys(rules)) {
		ids = append(ids, templates.Plain(id))
	}
	args := []any{templates.Link(page, ""), templates.Num(sum[factErrors] + sum[factWarnings] + sum[factInfos]),
		counts(sum[factErrors], sum[factWarnings], sum[factInfos]), templates.List(ids...), templates.Target(report)}
	return notice.Line{Wikitext: words.Text(key, args...), Plain: words.PlainText(key, args...), Page: report}
}

// counts words numbers of findings by severity; those of which there are none are left out.
func counts(errors, warnings, infos int) templates.Arg {
	var parts []any
	for _, c := range []struct {
		key string
		n   int
	}{{"provenance-errors", errors}, {"provenance-warnings", warnings}, {"provenance-infos", infos}} {
		if c.n > 0 {
			parts = append(parts, templates.Message(c.key, c.n))
		}
	}
	return templates.List(parts...)
}
