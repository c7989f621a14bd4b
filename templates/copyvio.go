package templates

import (
	"strings"
	"time"
)

// CopyvioNames are the titles of the pages of the copyright watch; an empty one
// is not linked.
type CopyvioNames struct {
	Index, Case, All, Checks  string // Case is the template page
	Log, Statistics, Archive  string
	Help, Requests, Newcomers string
}

// CopyvioPage is a page of cases.
type CopyvioPage struct {
	Kind           string // all, uploader, newcomers, checks or feed
	Name           string // of Kind: the uploader, the date or the feed
	Number, Of     int    // which page of how many, from 1
	Previous, Next string // titles of the pages beside it; "" where it ends
	Open           int    // unreviewed cases, on all of those pages
	Cases          []CopyvioCase
	Names          CopyvioNames
	Reviewers      []string // groups whose decisions count; none: only administrators
	Acting         string   // what follows on accepting: recipe, off or dry
	Recipe         string   // of recipe, its name
	Account        string   // the bot, as the author
	Made           time.Time
}

// CopyvioCase is one case as a page shows it.
type CopyvioCase struct {
	ID     string // SHA-1 of the image, the section's anchor
	File   string // title with namespace
	State  string // open, accepted, rejected, aside, withheld or unshown
	Note   string // a reviewer's, plain text
	Below  string // wikitext that people wrote beneath the call; it is put back as it stood
	Hidden string // why there is no picture: gone, nonfree, aside or replaced; "" there is one

	Uploader         CopyvioPerson
	Also             []string // others who uploaded it
	Uploaded, Opened time.Time
	Asked            []string // who asked for a check
	Source, Licence  string   // named on the file page; plain text
	Patrol           string   // who patrolled the upload
	Matches          []CopyvioMatch
	Evidence         []CopyvioEvidence
	Ratings          []CopyvioRating // notable ones only

	By      string // whose decision is in force
	Decided time.Time
	Rev     int64            // that says so; 0: it came in another way
	Refused *CopyvioDecision // the last that did not count
	Gone    string           // why the file went; plain text
	GoneAt  time.Time
	Action  CopyvioAction
}

// CopyvioPerson is an uploader.
type CopyvioPerson struct {
	Name       string // "" when hidden
	Edits      int
	Registered time.Time
	Groups     []string
	Blocked    bool
	Warnings   int
}

// CopyvioMatch is a place where the image stands too.
type CopyvioMatch struct {
	Percent  int
	Kind     string // full, partial or page
	Provider string // readable name
	Domain   string // readable
	Page     string // address of the page that has it
	Image    string // address of the picture there; "" where it is not known, or is the page's
	Dead     bool   // the wiki refuses links to it: shown as text
	Title    string // of the page; plain text
	Crawled  time.Time
	Earlier  bool // it was seen there before the upload
	Stock    bool
	Excused  string // named or licensed
}

// CopyvioEvidence is something known about the image; Kind is the end of a key
// copyvio-evidence-….
type CopyvioEvidence struct {
	Kind   string // accepted, deleted, duplicate, alike, facebook, metadata, name or nolicence
	File   string
	User   string
	Text   string // foreign, plain text
	Time   time.Time
	Turned string // of alike: "", r90, r180, r270, flip, flop, or another word, which is not explained
	Grave  bool   // it opened the case
}

// CopyvioRating is a rating of what the picture shows: adult, spoof, medical,
// violence or racy, from 1 very unlikely to 5 very likely.
type CopyvioRating struct {
	What  string
	Grade int
}

// CopyvioDecision is one decision of a person, and what became of it.
type CopyvioDecision struct {
	ID, File string
	From, To string // words of states
	By       string
	Time     time.Time
	Way      string // page, api or command
	Rev      int64
	Verdict  string // counts, nothing, or why it does not count: the end of a key copyvio-verdict-…
	Note     string
}

// CopyvioAction is what is done about an accepted case.
type CopyvioAction struct {
	State  string // planned, doing, done, failed, undoing, undone or none; "" nothing
	Recipe string // its name
	Due    time.Time
	Ended  time.Time
	Why    string // of failed; plain text
	Revs   []int64
}

// longestCopyvio is how long a page of cases may become. MediaWiki takes 2 MiB
// of wikitext, and as much of what its templates become ($wgMaxArticleSize).
const longestCopyvio = 1_700_000

// room is how much of a case is shown.
type room struct {
	list  int // bytes of matches, and as many of evidence
	text  int // characters of a piece of foreign text
	names int // users of a list, groups of a user
}

// copyvioRooms are tried in their order until a page is short enough.
var copyvioRooms = [...]room{{8 << 10, 200, 6}, {4 << 10, 150, 4}, {2 << 10, 100, 3}, {1 << 10, 50, 2}, {0, 20, 1}}

type copyvioPageView struct {
	CopyvioPage
	AccountPage                  string
	Template                     wikitext // as it is called
	Title, Lead, Who, Acts, Ways wikitext
	Calls                        []copyvioCall
}

// copyvioCall is a section with its call of the template page.
type copyvioCall struct {
	ID         wikitext
	Name       string
	Parameters []copyvioParameter
	Below      wikitext
}

// CopyvioPageText is the bot's part of a page of cases. Where it would become
// too long, less of each case is shown.
func (l *Language) CopyvioPageText(p CopyvioPage) string {
	v := copyvioPageView{CopyvioPage: p, AccountPage: "User:" + p.Account, Template: copyvioTemplate(p.Names.Case),
		Title: wikitext(l.Text("copyvio-title-"+p.Kind, Plain(p.Name))), Lead: wikitext(l.Text("copyvio-lead-"+p.Kind, Plain(p.Name))),
		Who: l.copyvioWho(p.Reviewers), Acts: wikitext(l.Text("copyvio-acts-"+p.Acting, Plain(p.Recipe))), Ways: l.copyvioWays(p.Names)}
	text := ""
	for _, r := range copyvioRooms {
		v.Calls = nil
		for _, c := range p.Cases {
			v.Calls = append(v.Calls, l.copyvioCall(c, r))
		}
		if text = l.frame("reports/copyvio/page.wikitext", v); len(text) < longestCopyvio {
			break
		}
	}
	return text
}

// CopyvioTitle is the name of a page of cases in plain text, for summaries.
func (l *Language) CopyvioTitle(kind, name string) string {
	return l.PlainText("copyvio-title-"+kind, Plain(name))
}

// copyvioTemplate is a title as the name of a call; a title that no page can
// have calls the template of that name.
func copyvioTemplate(title string) wikitext {
	target, ok := linkTarget(title, "")
	if !ok {
		return "Copyvio/Case"
	}
	return wikitext(strings.TrimPrefix(target, ":"))
}

// copyvioWho says whose decisions count.
func (l *Language) copyvioWho(groups []string) wikitext {
	if len(groups) == 0 {
		return wikitext(l.Text("copyvio-who-admins"))
	}
	var names []any
	for _, g := range groups {
		names = append(names, g)
	}
	return wikitext(l.Text("copyvio-who", List(names...)))
}

// copyvioWays are the links to the other pages, in one line.
func (l *Language) copyvioWays(n CopyvioNames) wikitext {
	var links []string
	for _, way := range []struct{ title, key string }{
		{n.Index, "index"}, {n.All, "all"}, {n.Newcomers, "newcomers"}, {n.Checks, "checks"}, {n.Requests, "requests"},
		{n.Log, "log"}, {n.Statistics, "statistics"}, {n.Archive, "archive"}, {n.Help, "help"},
	} {
		if way.title != "" {
			links = append(links, "[["+Target(way.title).render(l, l.chain[0], asWikitext)+"|"+l.Text("copyvio-to-"+way.key)+"]]")
		}
	}
	return wikitext(strings.Join(links, " · "))
}
