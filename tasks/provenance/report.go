package provenance

import (
	"cmp"
	"slices"
	"strings"

	"filewarden/tasks/provenance/audit"
	"filewarden/tasks/provenance/rule"
	"filewarden/templates"
)

// How much the reports show.
const (
	shownHistory = 50
	shownPages   = 200
	shownLately  = 20
)

// pageReport is what the report on one page says.
func (p *pass) pageReport(row pageRow, found map[string]findingRow) templates.ProvenancePage {
	page := templates.ProvenancePage{Page: row.Title, Rules: p.Reports.Title(rulesName), Account: p.Wiki.Account().Name,
		Rev: row.Rev, Time: timeOf(row.Time), User: row.User, Analysis: string(row.Analysis), Why: row.Why, Gone: row.Gone,
		Gadgets: p.shownGadgets(row), More: row.More, AskAddress: p.askAddress(row.Title)}
	var history []templates.ProvenanceChange
	for _, f := range found {
		switch f.State {
		case stateOpen:
			page.Open = append(page.Open, shownFinding(f))
		case stateIgnored:
			page.Ignored = append(page.Ignored, shownFinding(f))
		}
		for _, c := range f.History {
			history = append(history, shownChange("", f, c))
		}
	}
	slices.SortFunc(page.Open, byPlace)
	slices.SortFunc(page.Ignored, byPlace)
	for _, m := range row.Marks {
		page.Marks = append(page.Marks, templates.ProvenanceMark{Line: m.Line, Text: m.Text, Why: m.Why})
	}
	page.History, page.Earlier = latest(history, shownHistory)
	return page
}

func byPlace(a, b templates.ProvenanceFinding) int {
	return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Code, b.Code))
}

func shownFinding(f findingRow) templates.ProvenanceFinding {
	return templates.ProvenanceFinding{Rule: f.Rule, Severity: f.Severity.String(), Line: f.Line, Column: f.Column,
		Args: f.Args, Code: f.Code, Fix: f.Fix, By: f.By, Reason: f.Reason, Until: f.Until}
}

func shownChange(page string, f findingRow, c change) templates.ProvenanceChange {
	return templates.ProvenanceChange{Page: page, Time: timeOf(c.Time), Rule: f.Rule, Line: f.Line, What: c.What,
		Rev: c.Rev, User: c.User, Reason: c.Reason}
}

// latest changes first, as many as are shown, and how many are not.
func latest(all []templates.ProvenanceChange, most int) (shown []templates.ProvenanceChange, left int) {
	slices.SortFunc(all, func(a, b templates.ProvenanceChange) int {
		return cmp.Or(b.Time.Compare(a.Time), cmp.Compare(b.Rev, a.Rev), cmp.Compare(a.Page, b.Page),
			cmp.Compare(a.Line, b.Line), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.What, b.What))
	})
	n := min(len(all), most)
	return all[:n:n], len(all) - n
}

// shownGadgets are the gadgets that load a page. Numbers of users are rounded,
// so that a report does not change every day with one user more or less.
func (p *pass) shownGadgets(row pageRow) (shown []templates.ProvenanceGadget) {
	if row.NS != nsMediaWiki {
		return nil
	}
	name := listed{title: row.Title, ns: row.NS}.name()
	for _, g := range gadgetsOn(p.gadgets.Gadgets, name) {
		shown = append(shown, p.shownGadget(g))
	}
	return shown
}

func (p *pass) shownGadget(g gadget) templates.ProvenanceGadget {
	return templates.ProvenanceGadget{Name: strings.ReplaceAll(g.Name, "_", " "), Default: g.Default,
		Known: p.gadgets.Users != nil, Users: rounded(p.gadgets.Users[g.Name])}
}

// rounded to two digits.
func rounded(n int) int {
	unit := 1
	for n/unit >= 100 {
		unit *= 10
	}
	return (n + unit/2) / unit * unit
}

// overview is what the report on all code says, without the probe.
func (p *pass) overview(found map[int64]map[string]findingRow) templates.ProvenanceOverview {
	o := templates.ProvenanceOverview{Rules: p.Reports.Title(rulesName), Account: p.Wiki.Account().Name,
		AskAddress: p.askAddress("MediaWiki:Gadget-example.js"), PreferencesPage: "Special:MyPage/Filewarden.json"}
	var pages []templates.ProvenanceSum
	var fresh, fixed []templates.ProvenanceChange
	for id, row := range p.known {
		if row.Gone == goneDeleted || row.Gone == goneLeft {
			continue
		}
		o.Audited++
		if row.Analysis == audit.Partial || row.Analysis == audit.Skipped {
			o.Unread = append(o.Unread, templates.ProvenanceUnread{Page: row.Title, Analysis: string(row.Analysis), Why: row.Why})
		}
		if sum := p.sum(row, found[id]); sum.Errors+sum.Warnings+sum.Infos > 0 {
			pages = append(pages, sum)
		}
		a, b := p.lately(row, found[id])
		fresh, fixed = append(fresh, a...), append(fixed, b...)
	}
	o.Found = len(pages)
	slices.SortFunc(pages, bySeverity)
	n := min(len(pages), shownPages)
	o.Pages, o.MorePages = pages[:n], len(pages)-n
	o.New, _ = latest(fresh, shownLately)
	o.Fixed, _ = latest(fixed, shownLately)
	slices.SortFunc(o.Unread, func(a, b templates.ProvenanceUnread) int { return cmp.Compare(a.Page, b.Page) })
	o.MoreUnread = max(0, len(o.Unread)-shownLately)
	o.Unread = o.Unread[:len(o.Unread)-o.MoreUnread]
	o.Gadgets = p.gadgetSums(pages)
	o.Idle = p.idle(found)
	return o
}

func bySeverity(a, b templates.ProvenanceSum) int {
	return cmp.Or(cmp.Compare(b.Errors, a.Errors), cmp.Compare(b.Warnings, a.Warnings), cmp.Compare(b.Infos, a.Infos), cmp.Compare(a.Page, b.Page))
}

// sum counts the findings of one page.
func (p *pass) sum(row pageRow, found map[string]findingRow) templates.ProvenanceSum {
	s := templates.ProvenanceSum{Page: row.Title, Gadgets: p.shownGadgets(row), Analysis: string(row.Analysis), Rev: row.Rev, Time: timeOf(row.Time)}
	if worst(found, stateOpen, stateIgnored, stateFixed) >= parseSeverity(p.config.Severity) {
		s.Report = p.Reports.Title(reportName(row.Title))
	}
	for _, f := range found {
		switch {
		case f.State == stateIgnored:
			s.Ignored++
		case f.State != stateOpen:
		case f.Severity == rule.Error:
			s.Errors++
		case f.Severity == rule.Warning:
			s.Warnings++
		default:
			s.Infos++
		}
	}
	return s
}

// lately are the latest changes of a page that are worth a line.
func (p *pass) lately(row pageRow, found map[string]findingRow) (fresh, fixed []templates.ProvenanceChange) {
	for _, f := range found {
		if f.Severity < parseSeverity(p.config.Severity) {
			continue
		}
		if c, ok := f.last(changeFound, changeAgain); ok && f.State == stateOpen {
			fresh = append(fresh, shownChange(row.Title, f, c))
		}
		if c, ok := f.last(changeFixed); ok && f.State == stateFixed {
			fixed = append(fixed, shownChange(row.Title, f, c))
		}
	}
	return fresh, fixed
}

// gadgetSums adds up the pages of each gadget that has findings, in the order
// of severity and of users.
func (p *pass) gadgetSums(pages []templates.ProvenanceSum) (sums []templates.ProvenanceGadget) {
	byName := map[string]*templates.ProvenanceGadget{}
	for _, page := range pages {
		for _, g := range page.Gadgets {
			if byName[g.Name] == nil {
				byName[g.Name] = &g
			}
			sum := byName[g.Name]
			sum.Errors, sum.Warnings, sum.Pages = sum.Errors+page.Errors, sum.Warnings+page.Warnings, sum.Pages+1
		}
	}
	for _, sum := range byName {
		sums = append(sums, *sum)
	}
	slices.SortFunc(sums, func(a, b templates.ProvenanceGadget) int {
		return cmp.Or(cmp.Compare(b.Errors, a.Errors), cmp.Compare(b.Warnings, a.Warnings), -compareUsers(a, b), cmp.Compare(a.Name, b.Name))
	})
	return sums[:min(len(sums), shownPages)]
}

// compareUsers puts gadgets that everybody has above all others.
func compareUsers(a, b templates.ProvenanceGadget) int {
	weight := func(g templates.ProvenanceGadget) int {
		if g.Default {
			return 1 << 40
		}
		return g.Users
	}
	return cmp.Compare(weight(a), weight(b))
}

// idle are the entries of the config that hide nothing, and why.
func (p *pass) idle(found map[int64]map[string]findingRow) (entries []templates.ProvenanceIdle) {
	for _, e := range p.config.Ignore {
		if why := p.idleWhy(e, found); why != "" {
			entries = append(entries, templates.ProvenanceIdle{Rule: e.Rule, Page: e.Page, Reason: e.Reason, Why: why})
		}
	}
	return entries
}

func (p *pass) idleWhy(e Ignore, found map[int64]map[string]findingRow) string {
	switch {
	case e.Rule == "" && e.Page == "":
		return "everything"
	case !e.counts(p.start) && !isDay(e.Until):
		return "no-date"
	case !e.counts(p.start):
		return "over"
	}
	for id, rows := range found {
		for _, f := range rows {
			if f.State != stateFixed && (e.Rule == "" || e.Rule == f.Rule) && e.covers(p.known[id].Title) {
				return ""
			}
		}
	}
	return "nothing"
}

// examples are the rules with an example each, and with an engine what a
// finding in it is told with.
func examples(file func(audit.Source) audit.Result) (rules []templates.ProvenanceRule) {
	for _, r := range rule.Catalogue() {
		rules = append(rules, templates.ProvenanceRule{ID: r.ID, Severity: r.Severity.String(), Bad: r.Bad, Good: r.Good, Args: exampleArgs(file, r)})
	}
	return rules
}

// exampleArgs are what the rule's reason says of its own example.
func exampleArgs(file func(audit.Source) audit.Result, r rule.Rule) []string {
	if file == nil {
		return nil
	}
	for _, language := range []audit.Language{audit.JavaScript, audit.CSS, audit.Lua, audit.Wikitext} {
		for _, f := range file(audit.Source{Path: r.ID, Language: language, Text: []byte(r.Bad)}).Findings {
			if f.Rule == r.ID {
				return f.Args
			}
		}
	}
	return nil
}
