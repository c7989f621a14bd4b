package templates

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// ProvenancePage is the report on one page of code.
type ProvenancePage struct {
	Page    string // title
	Rules   string // title of the page that explains the rules
	Account string // the bot, as the author
	Made    time.Time

	Rev      int64 // audited
	Time     time.Time
	User     string
	Gadgets  []ProvenanceGadget // that load the page
	Analysis string             // full, partial or skipped
	Why      string             // of the latter two
	Gone     string             // deleted or left: why it is no longer audited
	MovedTo  string             // another title: there is nothing else to say then

	Open, Ignored []ProvenanceFinding
	More          int // findings that were not kept
	Marks         []ProvenanceMark
	History       []ProvenanceChange // latest first
	Earlier       int                // changes before those
	AskAddress    string             // opens a request to audit the page again
}

// ProvenanceGadget is a gadget, and how many users switched it on.
type ProvenanceGadget struct {
	Name    string
	Default bool // everybody has it
	Known   bool // Users is known
	Users   int

	Errors, Warnings, Pages int // of its row in the overview
}

// ProvenanceFinding is one finding.
type ProvenanceFinding struct {
	Rule         string
	Severity     string // error, warning or info
	Line, Column int
	Args         []string // foreign text, for the reason
	Code, Fix    string
	By           string // of an ignored one: mark or config
	Reason       string
	Until        string // last day, where the config names one
}

// ProvenanceMark is an ignore mark in the code that has no effect.
type ProvenanceMark struct {
	Line int
	Text string
	Why  string // no-reason, unknown-rule or nothing-to-ignore
}

// ProvenanceChange is one event in the history of a finding.
type ProvenanceChange struct {
	Page   string // in the overview
	Time   time.Time
	Rule   string
	Line   int
	What   string // found, again, fixed, withdrawn, ignored or counted
	Rev    int64
	User   string
	Reason string
}

// shownBytes is how long a report may become: MediaWiki takes 2 MiB, and a
// reader much less.
const shownBytes = 256 << 10

// severities in the order of a report.
var severities = []string{"error", "warning", "info"}

type provenanceView struct {
	ProvenancePage
	AccountPage, Revision string
	RevisionLabel         string
	Errors, Warnings      int
	Infos                 int
	Groups                []provenanceGroup
	Left                  int // findings that are not shown for the length of the page
	IgnoredRows           []provenanceRow
	HistoryRows           []provenanceRow
	AnalysisText          wikitext
}

type provenanceGroup struct {
	Title wikitext
	Rules []provenanceRule
}

type provenanceRule struct {
	ID, RulesPage string
	Title         wikitext
	Reason        wikitext // where all findings have the same
	Findings      []provenanceRow
}

// provenanceRow is a finding or a change with its links.
type provenanceRow struct {
	ProvenanceFinding
	ProvenanceChange
	Place, Why wikitext
}

// ProvenancePageText is the bot's part of a report on one page.
func (l *Language) ProvenancePageText(p ProvenancePage) string {
	v := provenanceView{ProvenancePage: p, AccountPage: "User:" + p.Account, Revision: permanent(p.Rev), RevisionLabel: strconv.FormatInt(p.Rev, 10)}
	v.Errors, v.Warnings, v.Infos = countSeverities(p.Open)
	v.AnalysisText = l.analysis(p.Analysis, p.Why)
	v.Groups, v.Left = l.groups(p)
	for _, f := range p.Ignored {
		v.IgnoredRows = append(v.IgnoredRows, provenanceRow{ProvenanceFinding: f, Place: l.place(p.Rev, f.Line, f.Column), Why: l.ignoredWhy(f)})
	}
	for _, c := range p.History {
		v.HistoryRows = append(v.HistoryRows, provenanceRow{ProvenanceChange: c, Why: l.changeText(c)})
	}
	return l.frame("reports/provenance/page.wikitext", v)
}

func countSeverities(all []ProvenanceFinding) (errors, warnings, infos int) {
	for _, f := range all {
		switch f.Severity {
		case "error":
			errors++
		case "warning":
			warnings++
		default:
			infos++
		}
	}
	return errors, warnings, infos
}

// groups orders findings by severity, rule and place, as many as fit.
func (l *Language) groups(p ProvenancePage) (groups []provenanceGroup, left int) {
	length := 0
	for _, severity := range severities {
		g := provenanceGroup{Title: wikitext(l.Text("provenance-severity-" + severity))}
		for _, f := range byRule(p.Open, severity) {
			row := provenanceRow{ProvenanceFinding: f, Place: l.place(p.Rev, f.Line, f.Column), Why: l.reason(f)}
			length += len(l.shown(Code(f.Code))) + len(l.shown(Code(f.Fix))) + len(row.Place) + len(row.Why)
			if length > shownBytes {
				left++
				continue
			}
			if n := len(g.Rules); n == 0 || g.Rules[n-1].ID != f.Rule {
				g.Rules = append(g.Rules, provenanceRule{ID: f.Rule, RulesPage: p.Rules, Title: l.ruleTitle(f.Rule)})
			}
			last := &g.Rules[len(g.Rules)-1]
			last.Findings = append(last.Findings, row)
		}
		if len(g.Rules) > 0 {
			groups = append(groups, g.together())
		}
	}
	return groups, left
}

// together says a reason once where all findings of a rule have the same.
func (g provenanceGroup) together() provenanceGroup {
	for i := range g.Rules {
		r := &g.Rules[i]
		first := r.Findings[0].Why
		if slices.ContainsFunc(r.Findings, func(f provenanceRow) bool { return f.Why != first }) {
			continue
		}
		r.Reason = first
		for j := range r.Findings {
			r.Findings[j].Why = ""
		}
	}
	return g
}

func byRule(all []ProvenanceFinding, severity string) (some []ProvenanceFinding) {
	for _, f := range all {
		if f.Severity == severity {
			some = append(some, f)
		}
	}
	slices.SortStableFunc(some, func(a, b ProvenanceFinding) int { return strings.Compare(a.Rule, b.Rule) })
	return some
}

// permanent is the title under which one revision is read.
func permanent(rev int64) string { return "Special:PermanentLink/" + strconv.FormatInt(rev, 10) }

// place links to a line of a revision. Pages of code have an anchor for each
// line (Extension:SyntaxHighlight).
func (l *Language) place(rev int64, line, column int) wikitext {
	label := l.PlainText("provenance-place", Num(line), Num(column))
	return wikitext(l.shown(Section(permanent(rev), "L-"+strconv.Itoa(line), label)))
}

func (l *Language) ruleTitle(id string) wikitext {
	return wikitext(l.orID("rule-"+strings.ToLower(id)+"-title", id))
}

func (l *Language) reason(f ProvenanceFinding) wikitext {
	args := make([]any, len(f.Args))
	for i, a := range f.Args {
		args[i] = Plain(a)
	}
	return wikitext(l.orID("rule-"+strings.ToLower(f.Rule)+"-reason", f.Rule, args...))
}

// orID is a message, or an id for which no words exist.
func (l *Language) orID(key, id string, args ...any) string {
	if !l.Has(key) {
		return l.shown(Plain(id))
	}
	return l.Text(key, args...)
}

func (l *Language) analysis(analysis, why string) wikitext {
	switch analysis {
	case "partial", "skipped":
		return wikitext(l.Text("provenance-analysis-"+analysis, Plain(why)))
	}
	return ""
}

func (l *Language) ignoredWhy(f ProvenanceFinding) wikitext {
	text := l.Text("provenance-ignored-"+f.By, Plain(f.Reason))
	if f.Until != "" {
		text += l.Text("parentheses", Message("provenance-until", Plain(f.Until)))
	}
	return wikitext(text)
}

// changeText says what happened in a change.
func (l *Language) changeText(c ProvenanceChange) wikitext {
	key := "provenance-change-" + c.What
	if c.What == "fixed" && c.User != "" {
		key += "-by"
	}
	var rev any = Plain("")
	if c.Rev != 0 {
		rev = Link("Special:Diff/"+strconv.FormatInt(c.Rev, 10), strconv.FormatInt(c.Rev, 10))
	}
	return wikitext(l.Text(key, rev, Agent(c.User), Plain(c.Reason)))
}
