// Package words holds the claims about package templates that only a real
// MediaWiki can judge: text by others is shown as it was written, wherever it
// stands, and links lead where they say.
package words

import (
	"html"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"filewarden/templates"
	"filewarden/tests/realwiki"

	"golang.org/x/tools/txtar"
)

// places are where foreign text may stand on a page; @ is the text. The head of
// a definition list is none, see package templates.
var places = []string{
	"@", "a @ b", "* @", "''@''", "<small>@</small> ~~~~", "== @ ==", "[[:X|@]]", "[https://example.org @]",
	"{|\n! @\n|-\n| @ || @\n|}", "{{#tag:span|@}}", "<div>@</div>",
}

// parsed is what the wiki made of wikitext.
type parsed struct {
	Parse struct {
		Text          string
		ParsedSummary string
		Templates     []struct{ Title string }
		Links         []struct{ Title string }
		Categories    []struct{ Category string }
		ExternalLinks []string
		Properties    map[string]string
	}
}

func parse(t *testing.T, c *realwiki.Client, p realwiki.Params) parsed {
	t.Helper()
	p["action"], p["contentmodel"], p["disablelimitreport"], p["wrapoutputclass"] = "parse", "wikitext", "1", ""
	var out parsed
	if err := c.Post(p, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

var tag = regexp.MustCompile(`<[^>]*>`)

// shown is what a reader sees of HTML.
func shown(source string) string {
	return strings.Join(strings.Fields(html.UnescapeString(tag.ReplaceAllString(source, ""))), " ")
}

func language(t *testing.T) *templates.Language {
	t.Helper()
	words, err := templates.Load(templates.Folder(""))
	if err != nil {
		t.Fatal(err)
	}
	return words.In("en")
}

func hostile(t *testing.T) map[string]string {
	t.Helper()
	archive, err := txtar.ParseFile("../../templates/testdata/hostile.txtar")
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for _, c := range archive.Files {
		quoted, _, _ := strings.Cut(string(c.Data), "\n")
		if texts[c.Name], err = strconv.Unquote(quoted); err != nil {
			t.Fatalf("%s: %v", c.Name, err)
		}
	}
	return texts
}

// alone is a text as a message shows it, with no words of ours around it: that
// of the brackets without its brackets.
func alone(of func(string, ...any) string, text any) string {
	return strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(of("parentheses", text)), "("), ")")
}

func TestHostileTextIsShownAsWrittenEverywhere(t *testing.T) {
	w := realwiki.Start(t)
	c, l := w.Client(w.Admin), language(t)
	for name, text := range hostile(t) {
		want := alone(l.PlainText, text)
		for _, place := range places {
			source := strings.ReplaceAll(place, "@", alone(l.Text, text))
			got := parse(t, c, realwiki.Params{"text": source, "pst": "1", "prop": "text|templates|categories|externallinks|properties", "disableeditsection": "1"}).Parse
			if !strings.Contains(shown(got.Text), shown(html.EscapeString(want))) {
				t.Errorf("%s in %q shows %q, not %q", name, place, shown(got.Text), want)
			}
			if len(got.Templates)+len(got.Categories) > 0 || got.Properties["noindex"] != "" {
				t.Errorf("%s in %q spoke to the wiki: %+v", name, place, got)
			}
			if len(got.ExternalLinks) > strings.Count(place, "https:") {
				t.Errorf("%s in %q became a link: %v", name, place, got.ExternalLinks)
			}
		}
	}
}

func TestHostileTextIsShownAsWrittenInSummaries(t *testing.T) {
	w := realwiki.Start(t)
	c, l := w.Client(w.Admin), language(t)
	texts := hostile(t)
	texts["a section mark"] = "/* x */ y"
	for name, text := range texts {
		source := l.Summary("summary-report", text)
		got := parse(t, c, realwiki.Params{"text": "", "summary": source, "prop": ""}).Parse.ParsedSummary
		visible := strings.ReplaceAll(shown(got), "\u2060", "")
		if want := l.PlainText("summary-report", text); visible != shown(html.EscapeString(want)) {
			t.Errorf("%s: the summary shows %q, not %q", name, visible, want)
		}
		if strings.Contains(got, "<a ") {
			t.Errorf("%s: foreign text became a link: %s", name, got)
		}
	}
}

func TestLinksLeadToTheirTitle(t *testing.T) {
	w := realwiki.Start(t)
	c, l := w.Client(w.Admin), language(t)
	for _, title := range []string{
		"It's ''x'' a~b", "Category:X & Y", "File:A \"b\".jpg", "News:x", "Http://x.org/a", "/sub", "User:~2026-1", "قطة", "🐈", "100% x", "A=b;c*d", "Ends!",
	} {
		source := alone(l.Text, templates.Link(title, "]] | label"))
		links := parse(t, c, realwiki.Params{"text": source, "prop": "links|text"}).Parse
		if len(links.Links) != 1 || links.Links[0].Title != title || !strings.Contains(shown(links.Text), "]] | label") {
			t.Errorf("the link to %q leads to %v: %s", title, links.Links, links.Text)
		}
	}
}
