package templates

import (
	"strings"
	"time"
)

// CopyvioStatistics are numbers about the search and the reviewing.
type CopyvioStatistics struct {
	Names                            CopyvioNames
	Searched                         int           // images that were searched for
	Opened, Open, Accepted, Rejected int           // cases
	Median                           time.Duration // from opening to decision; 0: nothing was decided
	Providers                        []CopyvioProvider
	Reviewers                        []CopyvioReviewer // most decisions first
	Account                          string
	Made                             time.Time
}

// CopyvioProvider is what came of asking a service.
type CopyvioProvider struct {
	Name                   string // readable
	Asked, Found, Accepted int    // images; found: with matches; accepted: cases with a match of it
	Failed                 int
	Units                  int // that count for its bill
}

// CopyvioReviewer is how many decisions of a person counted.
type CopyvioReviewer struct {
	Name             string
	Week, Month, All int // the last 7 days, the last 30 days, ever
}

type copyvioStatisticsView struct {
	CopyvioStatistics
	AccountPage    string
	Ways, Duration wikitext
}

// CopyvioStatisticsText is the bot's part of the page of numbers.
func (l *Language) CopyvioStatisticsText(s CopyvioStatistics) string {
	n := s.Names
	n.Statistics = ""
	return l.frame("reports/copyvio/statistics.wikitext", copyvioStatisticsView{s, "User:" + s.Account, l.copyvioWays(n), l.copyvioDuration(s.Median)})
}

// copyvioDuration is a time span in its largest fitting unit.
func (l *Language) copyvioDuration(d time.Duration) wikitext {
	switch {
	case d <= 0:
		return ""
	case d < 2*time.Hour:
		return wikitext(l.Text("copyvio-duration-minutes", max(1, int(d.Minutes()))))
	case d < 48*time.Hour:
		return wikitext(l.Text("copyvio-duration-hours", int(d.Hours())))
	}
	return wikitext(l.Text("copyvio-duration-days", int(d.Hours())/24))
}

// CopyvioNewcomers are the uploads of one day by users with few edits.
type CopyvioNewcomers struct {
	Date, Previous, Next string // a day; titles of the pages of the days beside it
	Most                 int    // edits of who is new
	Users                []CopyvioNewcomer
	Names                CopyvioNames
	Account              string
	Made                 time.Time
}

// CopyvioNewcomer is a user with their uploads of the day.
type CopyvioNewcomer struct {
	CopyvioPerson
	Files []CopyvioUpload
}

// CopyvioUpload is one upload in the log of new users.
type CopyvioUpload struct {
	File          string // title with namespace
	Hidden        string // as of CopyvioCase
	Time          time.Time
	Width, Height int
	Licence       string
	Case          string // title and anchor of its case; "" there is none
	State         string // of the case
	Signs         []CopyvioEvidence
	Again         bool // a new version of a file
}

type copyvioNewcomersView struct {
	CopyvioNewcomers
	AccountPage string
	Ways        wikitext
	Files       int
	People      []copyvioPersonView
}

type copyvioPersonView struct {
	Name             string
	Known            wikitext
	Talk, Uploads    string
	Pictures, Others []copyvioUploadView
}

type copyvioUploadView struct {
	Target, Caption wikitext
}

// CopyvioNewcomersText is the bot's part of the log of new users' uploads.
func (l *Language) CopyvioNewcomersText(p CopyvioNewcomers) string {
	n := p.Names
	n.Newcomers = ""
	v := copyvioNewcomersView{CopyvioNewcomers: p, AccountPage: "User:" + p.Account, Ways: l.copyvioWays(n)}
	for _, u := range p.Users {
		v.Files += len(u.Files)
		v.People = append(v.People, l.copyvioNewcomer(u))
	}
	return l.frame("reports/copyvio/newcomers.wikitext", v)
}

// copyvioNewcomer parts a user's uploads in those that are shown and those
// that are named only.
func (l *Language) copyvioNewcomer(u CopyvioNewcomer) copyvioPersonView {
	v := copyvioPersonView{Name: u.Name, Known: l.copyvioPerson(u.CopyvioPerson, roomy),
		Talk: "User talk:" + u.Name, Uploads: "Special:ListFiles/" + u.Name}
	for _, f := range u.Files {
		target, ok := linkTarget(f.File, "")
		caption := l.copyvioCaption(f)
		if f.Hidden == "" && ok {
			v.Pictures = append(v.Pictures, copyvioUploadView{wikitext(strings.TrimPrefix(target, ":")), caption})
			continue
		}
		if f.Hidden != "" {
			caption += wikitext(l.Text("parentheses", Message("copyvio-hidden-"+f.Hidden)))
		}
		v.Others = append(v.Others, copyvioUploadView{"", caption})
	}
	return v
}

// copyvioCaption is what stands beneath a picture.
func (l *Language) copyvioCaption(f CopyvioUpload) wikitext {
	said := []string{l.shown(Link(f.File, bareTitle(f.File))), string(l.when(f.Time))}
	if f.Width > 0 && f.Height > 0 {
		said = append(said, l.Text("copyvio-size", f.Width, f.Height))
	}
	licence := l.Text("copyvio-no-licence")
	if f.Licence != "" {
		licence = l.shown(Short(f.Licence, longestTitle))
	}
	if said = append(said, licence); f.Again {
		said = append(said, l.Text("copyvio-again"))
	}
	for _, e := range f.Signs[:min(len(f.Signs), roomy.names)] {
		if e.Kind != "nolicence" {
			said = append(said, string(l.copyvioSign(e, roomy)))
		}
	}
	if f.Case != "" {
		said = append(said, "'''[["+Target(f.Case).render(l, l.chain[0], asWikitext)+"|"+l.stateLabel(f.State)+"]]'''")
	}
	return wikitext(strings.Join(said, "<br />"))
}
