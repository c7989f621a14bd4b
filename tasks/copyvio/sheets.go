package copyvio

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"filewarden/storage"
	"filewarden/tasks/copyvio/casebook"
)

// Names of pages beneath the bot's prefix.
const (
	indexName      = "Copyvio"
	caseName       = "Copyvio/Case"
	countName      = "Copyvio/Count"
	allName        = "Copyvio/All"
	checksName     = "Copyvio/Checks"
	logName        = "Copyvio/Log"
	statisticsName = "Copyvio/Statistics"
	uploaderName   = "Copyvio/Uploader/"
	newcomersName  = "Copyvio/New uploaders/"
	archiveName    = "Copyvio/Archive/"
)

// perPage is the most cases of one page: what a reader, and MediaWiki's limits,
// take.
const perPage = 100

// list is some cases that belong together; longer ones stand on several pages.
type list struct {
	kind  string // all, uploader, checks or feed
	label string // of kind: the uploader or the feed
	base  string // name of its first page
	cases []casebook.Case
}

// sheet is one page of a list.
type sheet struct {
	list
	number, of int
}

// name of the page: the first is that of the list, the others are numbered.
func (s sheet) name() string { return s.page(s.number) }

func (s sheet) page(n int) string {
	if n < 1 || n > s.of {
		return ""
	}
	if n == 1 {
		return s.base
	}
	return fmt.Sprintf("%s/%d", s.base, n)
}

// stands says that the page is there also without cases: every other one links to it.
func (s sheet) stands() bool { return s.number == 1 && (s.kind == "all" || s.kind == "checks") }

// shown are the cases of this page.
func (s sheet) shown() []casebook.Case {
	from := min((s.number-1)*perPage, len(s.cases))
	return s.cases[from:min(from+perPage, len(s.cases))]
}

// open counts the cases of the list that a reviewer has yet to look at.
func (l list) open() int { return undecided(l.cases) }

// lists sorts the live cases into those that have a page.
func (p *pass) lists(cases []casebook.Case) []list {
	all := list{kind: "all", base: allName}
	checks := list{kind: "checks", base: checksName}
	uploaders := map[string]*list{}
	for _, c := range cases {
		if !c.Shown() {
			continue
		}
		if c.Base != casebook.Aside {
			all.cases = append(all.cases, c)
		}
		if len(c.Asked) > 0 {
			checks.cases = append(checks.cases, c)
		}
		if p.pageOfUploader(c.Uploader) {
			l := uploaders[c.Uploader]
			if l == nil {
				l = &list{kind: "uploader", label: c.Uploader, base: uploaderName + c.Uploader}
				uploaders[c.Uploader] = l
			}
			l.cases = append(l.cases, c)
		}
	}
	lists := []list{all, checks}
	for _, feed := range p.feeds {
		lists = append(lists, list{kind: "feed", label: feed.Name, base: indexName + "/" + feed.Name, cases: feed.of(all.cases)})
	}
	for _, name := range slices.Sorted(maps.Keys(uploaders)) {
		lists = append(lists, *uploaders[name])
	}
	return lists
}

// pageOfUploader says whether an uploader has a page; those whose names are
// hidden, or too long for its title, have none.
func (p *pass) pageOfUploader(name string) bool {
	_, err := p.Wiki.Title(p.Reports.Title(uploaderName + name))
	return name != "" && err == nil
}

// feedsOf are the feeds that can have a page of their own, and what is wrong
// with the others.
func feedsOf(c Config) (feeds []Feed, wrong []error) {
	taken := map[string]bool{}
	for _, name := range []string{caseName, countName, allName, checksName, logName, statisticsName, uploaderName, newcomersName, archiveName} {
		taken[strings.Trim(strings.TrimPrefix(name, indexName), "/")] = true
	}
	for _, feed := range c.Feeds {
		feed.Name = strings.Join(strings.FieldsFunc(feed.Name, func(r rune) bool { return r == ' ' || r == '_' }), " ")
		if feed.Name == "" || taken[feed.Name] {
			wrong = append(wrong, fmt.Errorf("the feed %q has the name of another page; call it otherwise", feed.Name))
			continue
		}
		taken[feed.Name] = true
		feeds = append(feeds, feed)
	}
	return feeds, wrong
}

// of picks the cases that belong to a feed.
func (f Feed) of(cases []casebook.Case) (some []casebook.Case) {
	for _, c := range cases {
		if f.takes(c) {
			some = append(some, c)
		}
	}
	return some
}

func (f Feed) takes(c casebook.Case) bool {
	in := func(groups []string) bool {
		return slices.ContainsFunc(groups, func(g string) bool { return slices.Contains(c.Person.Groups, g) })
	}
	switch {
	case c.Person.Edits < f.MinEdits, f.MaxEdits > 0 && c.Person.Edits > f.MaxEdits:
		return false
	case len(f.Groups) > 0 && !in(f.Groups), in(f.NotGroups):
		return false
	case f.Patrolled == "yes" && c.Patrol == "", f.Patrolled == "no" && c.Patrol != "":
		return false
	}
	return len(f.Uploaders) == 0 || isOneOf(f.Uploaders, c.Uploader)
}

// sheets cuts lists into pages.
func sheets(lists []list) (all []sheet) {
	for _, l := range lists {
		of := max(1, (len(l.cases)+perPage-1)/perPage)
		for n := 1; n <= of; n++ {
			all = append(all, sheet{list: l, number: n, of: of})
		}
	}
	return all
}

// sheetRow is a page of cases as it was last published.
type sheetRow struct {
	Print string `json:"print"` // of its text, whatever the time on it
	Kind  string `json:"kind"`
	Label string `json:"label,omitempty"`
}

var sheetTable = storage.NewTable[sheetRow]("sheet", 1) // name

// sheetRows are the pages of cases that are on the wiki.
func (p *pass) sheetRows() (map[string]sheetRow, error) {
	rows := map[string]sheetRow{}
	err := p.Store.View(func(tx storage.Tx) error {
		clear(rows)
		for row, err := range sheetTable.Scan(tx) {
			if err != nil {
				return err
			}
			rows[row.Key[0]] = row.Value
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("remembering the pages of cases: %w", err)
	}
	return rows, nil
}

// sectionOf is where a case stands, with its anchor: on the page of its
// uploader, which has all of them.
func (p *pass) sectionOf(c casebook.Case) string {
	name := allName
	switch {
	case !c.Archived.IsZero():
		name = archiveName + c.Archived.UTC().Format("2006-01-02")
	case p.pageOfUploader(c.Uploader):
		name = uploaderName + c.Uploader
	case len(c.Asked) > 0:
		name = checksName
	}
	return strings.ReplaceAll(p.Reports.Title(name), "#", "") + "#" + c.SHA1
}
