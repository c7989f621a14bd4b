package templates

import (
	"strconv"
	"time"
)

// CopyvioOverview is the page that leads to all others.
type CopyvioOverview struct {
	Names     CopyvioNames
	Lists     []CopyvioList
	Waiting   int      // images that are yet to be searched for
	Hours     int      // between an upload and the search
	Providers []string // readable names of the services that are asked
	Reviewers []string // groups whose decisions count
	Acting    string   // as of CopyvioPage
	Recipe    string
	Stop      string // title of the task's stop page
	Account   string
	Made      time.Time
}

// CopyvioList is a page of cases, and what waits there.
type CopyvioList struct {
	Page, Kind, Name string // title; kind and name as of CopyvioPage
	Open             int
	Oldest           time.Time // of the open ones; zero: none
}

type copyvioOverviewView struct {
	CopyvioOverview
	AccountPage     string
	Ways, Who, Acts wikitext
	Services        wikitext
	Rows            []copyvioListRow
}

type copyvioListRow struct {
	CopyvioList
	Title wikitext
}

// CopyvioOverviewText is the bot's part of the page that leads to all others.
func (l *Language) CopyvioOverviewText(o CopyvioOverview) string {
	n := o.Names
	n.Index = ""
	v := copyvioOverviewView{CopyvioOverview: o, AccountPage: "User:" + o.Account, Ways: l.copyvioWays(n), Who: l.copyvioWho(o.Reviewers),
		Acts: wikitext(l.Text("copyvio-acts-"+o.Acting, Plain(o.Recipe))), Services: wikitext(l.Text("copyvio-services-none"))}
	var services []any
	for _, s := range o.Providers {
		services = append(services, s)
	}
	if len(services) > 0 {
		v.Services = wikitext(l.Text("copyvio-services", List(services...)))
	}
	for _, list := range o.Lists {
		v.Rows = append(v.Rows, copyvioListRow{list, wikitext(l.shown(Link(list.Page, l.CopyvioTitle(list.Kind, list.Name))))})
	}
	return l.frame("reports/copyvio/overview.wikitext", v)
}

// copyvioParameters are the parameters of the template page that the bot fills.
var copyvioParameters = [...]string{"id", "label", "colour", "picture", "facts", "evidence", "matches"}

// CopyvioCaseTemplate is the template page: how a case looks, and a
// documentation of its parameters.
func (l *Language) CopyvioCaseTemplate(account string, made time.Time) string {
	return l.frame("reports/copyvio/case.wikitext", struct {
		Parameters  []string
		Account     string
		AccountPage string
		Made        time.Time
	}{copyvioParameters[:], account, "User:" + account, made})
}

// CopyvioCount is a page that holds a number and nothing else, for other pages
// to transclude and to reckon with.
func (l *Language) CopyvioCount(open int) string {
	return "<onlyinclude>" + strconv.Itoa(open) + "</onlyinclude> " + l.Text("copyvio-count-about")
}

// CopyvioLog is the latest decisions, newest first.
type CopyvioLog struct {
	Names   CopyvioNames
	Rows    []CopyvioDecision
	Account string
	Made    time.Time
}

// CopyvioArchive is cases that left the pages on one day.
type CopyvioArchive struct {
	Date    string // 2026-11-22
	Names   CopyvioNames
	Rows    []CopyvioCase
	Account string
	Made    time.Time
}

type copyvioTableView struct {
	AccountPage, Account, Date string
	Ways                       wikitext
	Made                       time.Time
	Rows                       []copyvioTableRow
}

// copyvioTableRow is a row of the log or of the archive, in words.
type copyvioTableRow struct {
	ID                   wikitext
	Time                 time.Time
	File, Change, By     wikitext
	Revision, Fate, Note wikitext
}

// CopyvioLogText is the bot's part of the log of decisions.
func (l *Language) CopyvioLogText(p CopyvioLog) string {
	n := p.Names
	n.Log = ""
	v := copyvioTableView{AccountPage: "User:" + p.Account, Account: p.Account, Made: p.Made, Ways: l.copyvioWays(n)}
	for _, d := range p.Rows {
		v.Rows = append(v.Rows, copyvioTableRow{Time: d.Time, File: l.copyvioFile(d.File), By: wikitext(l.shown(User(d.By))),
			Change:   wikitext(l.Text("copyvio-change", Message("copyvio-word-"+l.stateWord(d.From)), l.copyvioWord(d.To))),
			Revision: wikitext(l.shown(l.copyvioRevision(d.Rev, d.Way))), Fate: wikitext(l.Text("copyvio-verdict-" + d.Verdict)),
			Note: wikitext(l.shown(Short(d.Note, roomy.text)))})
	}
	return l.frame("reports/copyvio/log.wikitext", v)
}

// CopyvioArchiveText is the bot's part of an archive page.
func (l *Language) CopyvioArchiveText(p CopyvioArchive) string {
	v := copyvioTableView{AccountPage: "User:" + p.Account, Account: p.Account, Date: p.Date, Made: p.Made, Ways: l.copyvioWays(p.Names)}
	for _, c := range p.Rows {
		v.Rows = append(v.Rows, l.copyvioArchived(c))
	}
	return l.frame("reports/copyvio/archive.wikitext", v)
}

// copyvioArchived is a case in a row: decided, or gone before anybody did.
func (l *Language) copyvioArchived(c CopyvioCase) copyvioTableRow {
	row := copyvioTableRow{ID: wikitext(anchorChars(c.ID)), Time: c.Decided, File: l.copyvioFile(c.File), Change: wikitext(l.shown(l.copyvioWord(c.State))),
		By: wikitext(l.shown(User(c.By))), Note: wikitext(l.shown(Short(c.Note, roomy.text)))}
	if c.By != "" {
		row.Revision = wikitext(l.shown(l.copyvioRevision(c.Rev, "")))
	}
	switch {
	case c.Action.State != "":
		row.Fate = l.copyvioAction(c.Action, roomy)
	case !c.GoneAt.IsZero():
		row.Fate = wikitext(l.Text("copyvio-gone", c.GoneAt, Short(c.Gone, roomy.text)))
	}
	if c.Decided.IsZero() {
		row.Time = c.GoneAt
	}
	if len(c.Matches) > 0 {
		m := c.Matches[0]
		row.File += wikitext("<br />" + l.Text("copyvio-best", m.Percent, Plain(m.Domain)))
	}
	return row
}

func (l *Language) copyvioFile(title string) wikitext {
	return wikitext(l.shown(Link(title, bareTitle(title))))
}

// stateLabel says what is known of a case in its state.
func (l *Language) stateLabel(state string) string {
	if key := "copyvio-state-" + state; l.Has(key) {
		return l.Text(key)
	}
	return l.shown(l.copyvioWord(state))
}

// stateWord is the state as the end of a key, also where there is no such state.
func (l *Language) stateWord(state string) string {
	if l.Has("copyvio-word-" + state) {
		return state
	}
	return "other"
}

// copyvioWord is a state's short name; what is no state is shown as written.
func (l *Language) copyvioWord(state string) Arg {
	if w := l.stateWord(state); w != "other" {
		return Message("copyvio-word-" + w)
	}
	return Short(state, roomy.text)
}
