package templates

import (
	"strconv"
	"strings"
	"time"
)

// ProvenanceOverview is the report on all code of a wiki.
type ProvenanceOverview struct {
	Rules   string // title of the page that explains the rules
	Account string
	Made    time.Time

	Audited, Found  int             // pages, and those with findings
	Pages           []ProvenanceSum // the worst first
	MorePages       int             // with findings, not in Pages
	Gadgets         []ProvenanceGadget
	New, Fixed      []ProvenanceChange // the latest first
	Unread          []ProvenanceUnread
	MoreUnread      int
	Idle            []ProvenanceIdle // entries of the config that hide nothing
	Probe           ProvenanceProbe
	AskAddress      string
	PreferencesPage string // where one asks to be told
}

// ProvenanceSum is one page in the overview.
type ProvenanceSum struct {
	Page, Report                     string // titles
	Gadgets                          []ProvenanceGadget
	Errors, Warnings, Infos, Ignored int
	Analysis                         string
	Rev                              int64
	Time                             time.Time
}

// ProvenanceUnread is a page that could not be read whole.
type ProvenanceUnread struct{ Page, Analysis, Why string }

// ProvenanceIdle is an entry of the config's ignore list without effect.
type ProvenanceIdle struct {
	Rule, Page, Reason string
	Why                string // over, no-date, everything or nothing
}

// ProvenanceProbe is what a wiki emits.
type ProvenanceProbe struct {
	File string // by which it was tried
	Time time.Time
	Rows []ProvenanceEmitted
}

// ProvenanceEmitted is one way in which a wiki gives the address of a picture.
type ProvenanceEmitted struct {
	Way         string // "imageinfo-thumb": end of the key of its name
	Offered     bool
	URL, Host   string
	Source      string // the parameters, decoded; empty where there are none
	Campaign    string
	Content     string
	Width       int // 0: an original, or the address does not say
	Step        bool
	OffStep     bool // a width that is none of the standard ones
	HasAnything bool // any of the three parameters
}

type overviewView struct {
	ProvenanceOverview
	AccountPage            string
	Errors, Warnings       int
	Infos                  int
	PageRows               []sumRow
	GadgetRows             []gadgetRow
	NewRows, FixedRows     []changeRow
	UnreadRows             []unreadRow
	IdleRows               []idleRow
	ProbeRows              []probeRow
	PreferencesPageExample string
}

type sumRow struct {
	ProvenanceSum
	GadgetText, UsersText wikitext
	Revision              wikitext
}

type gadgetRow struct {
	ProvenanceGadget
	UsersText, SortUsers wikitext
}

type changeRow struct {
	ProvenanceChange
	RuleTitle, Text wikitext
}

type unreadRow struct {
	ProvenanceUnread
	Text wikitext
}

type idleRow struct {
	ProvenanceIdle
	Text wikitext
}

type probeRow struct {
	ProvenanceEmitted
	Name, Params, Width wikitext
}

// ProvenanceOverviewText is the bot's part of the overview.
func (l *Language) ProvenanceOverviewText(o ProvenanceOverview) string {
	v := overviewView{ProvenanceOverview: o, AccountPage: "User:" + o.Account}
	for _, s := range o.Pages {
		v.Errors, v.Warnings, v.Infos = v.Errors+s.Errors, v.Warnings+s.Warnings, v.Infos+s.Infos
		v.PageRows = append(v.PageRows, l.sumRow(s))
	}
	for _, g := range o.Gadgets {
		v.GadgetRows = append(v.GadgetRows, gadgetRow{g, l.users(g), wikitext(sortUsers(g))})
	}
	v.NewRows, v.FixedRows = l.changeRows(o.New), l.changeRows(o.Fixed)
	for _, u := range o.Unread {
		v.UnreadRows = append(v.UnreadRows, unreadRow{u, l.analysis(u.Analysis, u.Why)})
	}
	for _, i := range o.Idle {
		v.IdleRows = append(v.IdleRows, idleRow{i, wikitext(l.Text("provenance-idle-" + i.Why))})
	}
	for _, e := range o.Probe.Rows {
		v.ProbeRows = append(v.ProbeRows, l.probeRow(e))
	}
	return l.frame("reports/provenance/overview.wikitext", v)
}

func (l *Language) sumRow(s ProvenanceSum) sumRow {
	var names, users []string
	for _, g := range s.Gadgets {
		names = append(names, l.shown(Plain(g.Name)))
		users = append(users, string(l.users(g)))
	}
	revision := l.shown(Link(permanent(s.Rev), l.shown(Date(s.Time))))
	return sumRow{s, wikitext(strings.Join(names, "<br>")), wikitext(strings.Join(users, "<br>")), wikitext(revision)}
}

// users words how many users a gadget has.
func (l *Language) users(g ProvenanceGadget) wikitext {
	switch {
	case g.Default:
		return wikitext(l.Text("provenance-users-default"))
	case !g.Known:
		return wikitext(l.Text("provenance-users-unknown"))
	}
	return wikitext(l.shown(g.Users))
}

func sortUsers(g ProvenanceGadget) string {
	switch {
	case g.Default:
		return "999999999"
	case !g.Known:
		return "-1"
	}
	return strconv.Itoa(g.Users)
}

func (l *Language) changeRows(all []ProvenanceChange) (rows []changeRow) {
	for _, c := range all {
		rows = append(rows, changeRow{c, l.ruleTitle(c.Rule), l.changeText(c)})
	}
	return rows
}

func (l *Language) probeRow(e ProvenanceEmitted) probeRow {
	row := probeRow{ProvenanceEmitted: e, Name: wikitext(l.Text("provenance-probe-" + e.Way))}
	switch {
	case !e.Offered:
		row.Params = wikitext(l.Text("provenance-probe-absent"))
	case !e.HasAnything:
		row.Params = wikitext(l.Text("provenance-probe-bare"))
	default:
		var parts []string
		for _, value := range []string{e.Source, e.Campaign, e.Content} {
			if value != "" {
				parts = append(parts, l.shown(Plain(value)))
			}
		}
		row.Params = wikitext(strings.Join(parts, " · "))
	}
	switch {
	case e.Step:
		row.Width = wikitext(l.Text("provenance-probe-step", e.Width))
	case e.OffStep:
		row.Width = wikitext(l.Text("provenance-probe-offstep", e.Width))
	case e.Offered:
		row.Width = wikitext(l.Text("provenance-probe-unscaled"))
	}
	return row
}

// ProvenanceRule is one rule as it is explained to people.
type ProvenanceRule struct {
	ID, Severity string
	Args         []string // of an example, for the reason
	Bad, Good    string   // code
}

type rulesView struct {
	Rules       []ruleView
	AccountPage string
	Account     string
	Made        time.Time
}

type ruleView struct {
	ProvenanceRule
	Anchor, Title, Reason, SeverityText wikitext
}

// ProvenanceRulesText is the bot's part of the page that explains the rules.
func (l *Language) ProvenanceRulesText(rules []ProvenanceRule, account string, made time.Time) string {
	v := rulesView{Account: account, AccountPage: "User:" + account, Made: made}
	for _, r := range rules {
		v.Rules = append(v.Rules, ruleView{r, wikitext(anchorChars(r.ID)), l.ruleTitle(r.ID),
			l.reason(ProvenanceFinding{Rule: r.ID, Args: r.Args}), wikitext(l.Text("provenance-is-" + r.Severity))})
	}
	return l.frame("reports/provenance/rules.wikitext", v)
}
