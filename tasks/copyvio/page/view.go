package page

import (
	"slices"
	"strings"
	"time"

	"filewarden/tasks/copyvio/casebook"
	"filewarden/templates"
)

// Around is what a page shows of a case beside what the casebook remembers.
type Around struct {
	Note    string // on the page; "" is the casebook's
	Below   string // wikitext that people wrote beneath the call ([Entry])
	Missing bool   // the file is not there, for whatever reason
	// Refuses says whether the wiki's spam blacklist refuses links to a host
	// (lower case, punycode); nil: none are refused.
	Refuses func(host string) bool
	// Provider is a service's readable name; nil: its name is.
	Provider func(name string) string
}

// View is a case as the templates show it.
func View(c casebook.Case, a Around) templates.CopyvioCase {
	v := templates.CopyvioCase{
		ID: c.SHA1, File: c.Title, State: c.State.String(), Note: firstOf(a.Note, c.Note), Below: a.Below, Hidden: hidden(c, a.Missing),
		Uploader: Person(c.Uploader, c.Person), Also: c.Also, Uploaded: c.Uploaded, Opened: c.Opened, Asked: c.Asked,
		Source: c.Source, Licence: c.Licence, Patrol: c.Patrol, Ratings: ratings(c),
		By: c.By, Decided: c.Decided, Rev: c.Rev, Gone: c.Gone, GoneAt: c.GoneAt, Action: action(c.Action),
	}
	if c.Last != nil {
		d := Decision(c, *c.Last)
		v.Refused = &d
	}
	for _, m := range c.Matches {
		v.Matches = append(v.Matches, a.match(m, c.Uploaded))
	}
	for _, e := range c.Evidence {
		if sign, ok := evidence(e, c.Title); ok {
			v.Evidence = append(v.Evidence, sign)
		}
	}
	return v
}

// Decision is a decision about a case as the templates show it.
func Decision(c casebook.Case, d casebook.Decision) templates.CopyvioDecision {
	return templates.CopyvioDecision{ID: c.SHA1, File: c.Title, From: d.From.String(), To: d.To.String(), By: d.By, Time: d.Time,
		Way: known(d.Way, "other", casebook.ByPage, casebook.ByAPI, casebook.ByCommand), Rev: d.Rev, Note: d.Note,
		Verdict: string(known(d.Verdict, casebook.NotState, casebook.Counts, casebook.Nothing, casebook.NotBot, casebook.NotNamed, casebook.NotBlocked,
			casebook.NotTrusted, casebook.NotOwn, casebook.NotYours, casebook.NotOpen))}
}

// known is a word that has a message, or what stands for all others.
func known[T comparable](word, other T, words ...T) T {
	if slices.Contains(words, word) {
		return word
	}
	return other
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// hidden says why the picture is not shown; "" it is.
func hidden(c casebook.Case, missing bool) string {
	switch {
	case missing, c.Gone != "", !c.GoneAt.IsZero(), c.State == casebook.Unshown, c.Title == "":
		return "gone"
	case c.NonFree:
		return "nonfree"
	case c.Unsafe():
		return "aside"
	}
	return ""
}

// Person is an uploader as the templates show them.
func Person(name string, p casebook.Person) templates.CopyvioPerson {
	return templates.CopyvioPerson{Name: name, Edits: p.Edits, Registered: p.Registered, Groups: p.Groups, Blocked: p.Blocked, Warnings: p.Warnings}
}

// Likelihoods from which a rating is worth a line: likely, and where the
// picture is not shown, possible.
const (
	likely   = 4
	possible = 3
)

func ratings(c casebook.Case) (all []templates.CopyvioRating) {
	if c.Safety == nil {
		return nil
	}
	least := likely
	if c.Base == casebook.Aside {
		least = possible
	}
	s := *c.Safety
	for _, r := range []templates.CopyvioRating{{What: "adult", Grade: s.Adult}, {What: "spoof", Grade: s.Spoof}, {What: "medical", Grade: s.Medical},
		{What: "violence", Grade: s.Violence}, {What: "racy", Grade: s.Racy}} {
		if least <= r.Grade && r.Grade <= 5 {
			all = append(all, r)
		}
	}
	return all
}

func action(a casebook.Action) templates.CopyvioAction {
	return templates.CopyvioAction{State: known(a.State, "", casebook.Planned, casebook.Doing, casebook.Acted, casebook.Failed, casebook.Undoing,
		casebook.Undone, casebook.Unacted), Recipe: a.Recipe, Due: a.Due, Ended: a.Ended, Why: a.Why, Revs: a.Revs}
}

// evidence is false for a kind that nobody has words for.
func evidence(e casebook.Evidence, title string) (templates.CopyvioEvidence, bool) {
	v := templates.CopyvioEvidence{Kind: e.Kind, File: e.File, User: e.User, Text: e.Text, Time: e.Time, Grave: e.Opens}
	switch e.Kind {
	case casebook.SeenAccepted, casebook.Deleted, casebook.Duplicate, casebook.Metadata, casebook.NoLicence:
	case casebook.Facebook, casebook.Name:
		_, name, _ := strings.Cut(title, ":")
		v.Text = firstOf(e.Text, name)
	case casebook.Alike:
		v.Turned = turned(e.Turned)
	default:
		return v, false
	}
	return v, true
}

// turned is what was done to a picture, in a word: the orientations of package
// imagehash are turns and mirrorings.
func turned(how string) string {
	switch {
	case how == "", how == "same":
		return ""
	case strings.HasPrefix(how, "turned"):
		return "turned"
	}
	return "mirrored"
}

// match is a match with its readable domain.
func (a Around) match(m casebook.Match, uploaded time.Time) templates.CopyvioMatch {
	v := templates.CopyvioMatch{Percent: m.Percent, Kind: known(m.Kind, casebook.OnPage, casebook.Full, casebook.Partial), Provider: m.Provider,
		Domain: Domain(firstOf(m.Page, m.URL)), Page: linkable(m.Page), Image: linkable(m.URL), Title: m.Title, Crawled: m.Crawled, Stock: m.Stock,
		Excused: known(m.Excused, "", "named", "licensed"), Earlier: earlier(m.Crawled, uploaded)}
	if a.Provider != nil {
		v.Provider = a.Provider(m.Provider)
	}
	if a.Refuses != nil {
		v.Dead = a.Refuses(hostOf(v.Page)) || a.Refuses(hostOf(v.Image))
	}
	return v
}

// earlier says whether something was seen before an upload. Crawl dates are
// days, so the day of the upload itself is none.
func earlier(crawled, uploaded time.Time) bool {
	return !crawled.IsZero() && !crawled.Truncate(24*time.Hour).Add(24*time.Hour).After(uploaded)
}

// Signs are evidence as the templates show it; kinds without words are left out.
func Signs(all []casebook.Evidence, title string) (signs []templates.CopyvioEvidence) {
	for _, e := range all {
		if v, ok := evidence(e, title); ok {
			signs = append(signs, v)
		}
	}
	return signs
}
