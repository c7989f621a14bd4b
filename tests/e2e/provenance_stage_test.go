package e2e_test

import (
	"regexp"
	"strings"
	"testing"

	"filewarden/tests/realwiki"
)

// codeConfig lets the bot audit everything that these tests write; what is put
// in its place goes into the section of the task.
func codeConfig(more string) string {
	return `{"mode": "live", "editsPerMinute": 600, "notices": {"window": "now", "perDay": 100},
		"tasks": {"provenance": {"userScripts": {"users": ["Dora"]}` + more + `}}}`
}

const (
	definitionPage = "MediaWiki:Gadgets-definition"
	hoverPage      = "MediaWiki:Gadget-hover-box.js"
	commons        = "//upload.wikimedia.org/wikipedia/commons/"
	offStep        = "var icon = '" + commons + "thumb/e/e3/Foo.svg/22px-Foo.svg.png';\n"
	onStep         = "var icon = '" + commons + "thumb/e/e3/Foo.svg/40px-Foo.svg.png';\n"
	fromTail       = "var ext = document.querySelector( 'img' ).src.split( '.' ).pop();\n"
)

// newCodeStage is a wiki with every sort of code and a bot that audits it.
func newCodeStage(t *testing.T, opts ...realwiki.Option) *stage {
	t.Helper()
	s := newStage(t, append(opts, realwiki.CodePages())...)
	s.o.Config(codeConfig(""))
	return s
}

// admin saves a page as an interface administrator.
func (s *stage) admin(title, text string) int64 {
	s.t.Helper()
	return s.Edit(s.Admin, title, text, "")
}

// audit makes one pass that has to succeed and returns what was said.
func (s *stage) audit() string {
	s.t.Helper()
	return s.o.Must("once", "provenance")
}

// reportOn names the report on a page.
func (s *stage) reportOn(title string) string { return s.o.Page("Provenance/" + title + "/report") }

// says fails unless the page's wikitext holds each of the texts.
func (s *stage) says(t *testing.T, page string, wanted ...string) {
	t.Helper()
	text := s.Text(page)
	for _, want := range wanted {
		if !strings.Contains(text, want) {
			t.Errorf("%s does not say %q:\n%s", page, want, text)
		}
	}
}

// histories counts the rows of a report's history that hold all the texts.
func (s *stage) histories(page string, texts ...string) (n int) {
	s.t.Helper()
	_, history, _ := strings.Cut(s.Text(page), "=== History ===")
	for row := range strings.SplitSeq(history, "\n|-") {
		all := strings.Contains(row, "\n|")
		for _, text := range texts {
			all = all && strings.Contains(row, text)
		}
		if all {
			n++
		}
	}
	return n
}

// understood is what the wiki made of a page when it parsed it.
type understood struct {
	Text          string
	Categories    []struct{ Category string }
	Templates     []struct{ Title string }
	Images        []string
	ExternalLinks []string
	Sections      []struct{ Line string }
	Properties    map[string]any
	Links         []struct{ Title string }
}

// parsed asks the wiki for a page as its readers get it.
func (s *stage) parsed(page string) (u understood) {
	s.t.Helper()
	var answer struct{ Parse understood }
	err := s.Client(s.Admin).Get(realwiki.Params{"action": "parse", "page": page, "disablelimitreport": "1",
		"prop": "text|categories|templates|images|externallinks|sections|properties|links"}, &answer)
	if err != nil {
		s.t.Fatalf("rendering %s: %v", page, err)
	}
	return answer.Parse
}

// reports are the pages of findings, without the one that explains the rules.
func (s *stage) reports() (titles []string) {
	s.t.Helper()
	for _, title := range s.pagesBeneath(s.o.Page("Provenance")) {
		if title != s.o.Page("Provenance/Rules") {
			titles = append(titles, title)
		}
	}
	return titles
}

// library is code of every sort, with findings in each.
func (s *stage) library() {
	s.t.Helper()
	style := func(width string) string {
		return ".a { background: url(" + commons + "thumb/e/e3/Foo.svg/" + width + "px-Foo.svg.png) }\n"
	}
	for title, text := range map[string]string{
		definitionPage:                   "== tools ==\n* hover-box[ResourceLoader]|hover-box.js|hover-box.css\n* old_Clock[ResourceLoader|default]|clock.js\n",
		hoverPage:                        offStep + fromTail,
		"MediaWiki:Gadget-hover-box.css": style("50"),
		"MediaWiki:Gadget-clock.js":      "$( 'img[src$=\".svg.png\"]' ).hide();\n",
		"MediaWiki:Common.css":           style("17"),
		"MediaWiki:Vector.js":            "mw.log( 'nothing to do with media' );\n",
		"Module:Icon":                    "local p = {}\nfunction p.ext( frame )\n\tlocal url = frame:preprocess( '{{filepath:Foo.svg}}' )\n\treturn url:match( '%.(%w+)$' )\nend\nreturn p\n",
		"Template:Icon":                  "[https:" + commons + "thumb/e/e3/Foo.svg/22px-Foo.svg.png icon]\n",
		"Template:Icon/styles.css":       style("33"),
		"User:Dora/common.js":            offStep,
		"User:Erin/common.js":            offStep,
	} {
		s.admin(title, text)
	}
}

// lately is a time as reports write it.
var lately = regexp.MustCompile(`\d{4}-\d\d-\d\d \d\d:\d\d UTC`)

// edits are the titles of what the bot wrote, the latest first.
func (s *stage) edits() (titles []string) {
	s.t.Helper()
	_, titles = s.changes()
	return titles
}
