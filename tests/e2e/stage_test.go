package e2e_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"filewarden/tests/e2e"
	"filewarden/tests/realwiki"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

const account = "Filewarden"

// live lets everything out at once.
const live = `{"mode": "live", "editsPerMinute": 600, "notices": {"window": "now", "perDay": 100}}`

// stage is a wiki with a bot and its operator.
type stage struct {
	*realwiki.Wiki
	t *testing.T
	o *e2e.Operator
}

func newStage(t *testing.T, opts ...realwiki.Option) *stage {
	t.Helper()
	w := realwiki.Start(t, opts...)
	s := &stage{Wiki: w, t: t, o: e2e.NewOperator(t, w, w.AddUser(account, "bot"))}
	s.o.Config(live)
	return s
}

// subscribe makes an account with preferences.
func (s *stage) subscribe(name string, preferences map[string]any) realwiki.User {
	s.t.Helper()
	u := s.o.Register(name)
	s.o.Preferences(name, preferences)
	return u
}

// follows are preferences of somebody who follows files.
func follows(files ...string) map[string]any {
	return map[string]any{"usage": map[string]any{"follow": map[string]any{"files": files}}}
}

// pass makes one pass that has to succeed and returns what was said.
func (s *stage) pass() string {
	s.t.Helper()
	return s.o.Must("once", "usage")
}

// use saves a page that shows the files.
func (s *stage) use(as realwiki.User, page string, files ...string) {
	s.t.Helper()
	var text strings.Builder
	for _, f := range files {
		fmt.Fprintf(&text, "[[File:%s]]\n", f)
	}
	s.Edit(as, page, text.String(), "shows a picture")
}

// talk are the sections of a user's talk page.
func (s *stage) talk(name string) []string {
	s.t.Helper()
	return sections(s.Text("User talk:" + name))
}

// notices are the sections of this month's page of pings.
func (s *stage) notices() []string {
	s.t.Helper()
	return sections(s.Text(s.o.Page("Notices/" + time.Now().UTC().Format("2006-01"))))
}

// told counts the sections of a user's talk page that hold a text.
func (s *stage) told(name, text string) (n int) {
	s.t.Helper()
	for _, section := range s.talk(name) {
		if strings.Contains(section, text) {
			n++
		}
	}
	return n
}

// wantTold fails unless exactly n sections of the talk page hold the text.
func (s *stage) wantTold(name, text string, n int) {
	s.t.Helper()
	if got := s.told(name, text); got != n {
		s.t.Errorf("%s was told of %q %d times, want %d:\n%s", name, text, got, n, s.Text("User talk:"+name))
	}
}

var heading = regexp.MustCompile(`(?m)^==[^=].*==[ \t]*$`)

func sections(text string) (all []string) {
	begins := heading.FindAllStringIndex(text, -1)
	for i, b := range begins {
		end := len(text)
		if i+1 < len(begins) {
			end = begins[i+1][0]
		}
		all = append(all, text[b[0]:end])
	}
	return all
}

// title is the heading of a section without its equals signs.
func title(section string) string {
	first, _, _ := strings.Cut(section, "\n")
	return strings.TrimSpace(strings.Trim(strings.TrimSpace(first), "="))
}

// anchor is how MediaWiki writes the id of a heading without markup in an address.
func anchor(heading string) string { return strings.ReplaceAll(heading, " ", "_") }

// rendered is the HTML of wikitext, as a reader of that page gets it.
func (s *stage) rendered(page, text string) string {
	s.t.Helper()
	var answer struct{ Parse struct{ Text string } }
	err := s.Client(s.Admin).Post(realwiki.Params{"action": "parse", "title": page, "text": text,
		"contentmodel": "wikitext", "disablelimitreport": "1", "prop": "text"}, &answer)
	if err != nil {
		s.t.Fatalf("rendering: %v", err)
	}
	return answer.Parse.Text
}

// golden compares with a file of testdata, and shows it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	t.Logf("%s\n%s", name, got)
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; go test -update writes it", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s has changed; if that is meant, run go test -update\n%s", name, diff)
	}
}

var changing = strings.NewReplacer("Januar ", "January ", "Februar ", "February ", "März ", "March ", "Mai ", "May ",
	"Juni ", "June ", "Juli ", "July ", "Oktober ", "October ", "Dezember ", "December ")

var (
	ids     = regexp.MustCompile(`<!-- [0-9a-f]{12} -->`)
	servers = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)
	hosts   = regexp.MustCompile(`127\.0\.0\.1(:\d+)?`)
	stamps  = regexp.MustCompile(`\d\d:\d\d, \d{1,2} \w+ \d{4} \(UTC\)`)
	minutes = regexp.MustCompile(`\(\d{4}-\d\d-\d\d \d\d:\d\d UTC\)( \(\d+\))?`)
	days    = regexp.MustCompile(`\d{1,2}\.? (January|February|March|April|May|June|July|August|September|October|November|December) \d{4}`)
)

// steady takes out what differs from run to run.
func steady(text string) string {
	text = changing.Replace(text)
	text = ids.ReplaceAllString(text, "<!-- id -->")
	text = servers.ReplaceAllString(text, "https://wiki.example")
	text = hosts.ReplaceAllString(text, "wiki.example")
	text = stamps.ReplaceAllString(text, "12:34, 1 May 2026 (UTC)")
	text = minutes.ReplaceAllString(text, "(2026-05-01 12:34 UTC)")
	return days.ReplaceAllString(text, "1 May 2026")
}
