package page

import (
	"strings"
	"testing"

	"filewarden/tasks/copyvio/casebook"
	"filewarden/templates"
)

// heavy is a case as large as foreign text can make it, in characters that
// take most room once they are escaped.
func heavy(n int) templates.CopyvioCase {
	long, user := strings.Repeat("{|'", 200), strings.Repeat("ж'", 85) // MediaWiki takes 255 bytes
	c := casebook.Case{SHA1: id(n), Title: "File:" + user, Uploader: user, Patrol: user, Source: long, Licence: long, Note: long, Gone: long,
		Person: casebook.Person{Groups: []string{long, long, long, long, long, long, long, long, long}}, By: user, Action: casebook.Action{State: casebook.Failed, Recipe: long, Why: long}}
	for range 40 {
		c.Also, c.Asked = append(c.Also, user), append(c.Asked, user)
		c.Matches = append(c.Matches, casebook.Match{URL: "https://a.example/" + strings.Repeat("ж", 280), Page: "https://a.example/" + strings.Repeat("ж", 280), Title: long, Provider: long})
		c.Evidence = append(c.Evidence, casebook.Evidence{Kind: casebook.Deleted, File: c.Title, User: user, Text: long})
	}
	return View(c, Around{Below: strings.Repeat("x", 2000)})
}

func TestAHundredHeavyCasesFitAPage(t *testing.T) {
	const limit = 2048 << 10 // $wgMaxArticleSize; as much may be transcluded on a page
	var all []templates.CopyvioCase
	for n := range 100 {
		all = append(all, heavy(n+1))
	}
	l := words(t).In("en")
	text := l.CopyvioPageText(pageOf(all...))
	included, _, _ := strings.Cut(l.CopyvioCaseTemplate("Filewarden", noon), "<noinclude>")
	skeleton := len(included) * len(all)
	t.Logf("%d bytes of wikitext, at most %d transcluded", len(text), len(text)+skeleton)
	if len(text) > limit || len(text)+skeleton > limit {
		t.Errorf("the page has %d bytes, and its templates become %d", len(text), len(text)+skeleton)
	}
	got := Read(text)
	if len(got) != len(all) {
		t.Fatalf("%d cases are read as %d", len(all), len(got))
	}
	if !strings.Contains(text, "more matches") {
		t.Error("nothing says that matches are left out")
	}
}
