package copyvio

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filewarden/bot"
	"filewarden/tasks/copyvio/casebook"
)

// match runs filewarden match.
func (w *world) match(m Match, stdin string) (string, error) {
	w.t.Helper()
	m.task = w.task.Task.(*Task)
	if m.Most == 0 {
		m.Most = 500
	}
	c, out := w.console(stdin)
	err := m.Run(c)
	return out.String(), err
}

func TestMatchLooksAtOnceAndEndsWithFindings(t *testing.T) {
	w := newWorld(t, config(`"wait": "48h"`))
	copied := w.copied("Una", "A.jpg", 1)
	w.photo("Una", "B.jpg", 2)
	out, err := w.match(Match{Files: []string{"File:A.jpg"}}, "")
	if !errors.Is(err, bot.ErrFindings) {
		t.Errorf("ends with %v", err)
	}
	wantText(t, "output", out, "File:A.jpg: found, case is open\n", "100%  full     google  https://photos.example.net/")
	w.mustCase(copied, casebook.Open)
	if out, err := w.match(Match{Files: []string{"File:B.jpg"}}, ""); err != nil || out != "File:B.jpg: nothing found\n" {
		t.Errorf("%q, %v", out, err)
	}
	if out, err := w.match(Match{Files: []string{"File:Nowhere.jpg"}}, ""); !errors.Is(err, bot.ErrFindings) || !strings.Contains(out, "no such file") {
		t.Errorf("%q, %v", out, err)
	}
}

func TestMatchTakesListsCategoriesAndUploaders(t *testing.T) {
	w := newWorld(t, config(`"wait": "48h"`))
	w.copied("Una", "A.jpg", 1)
	w.wiki.UploadWithText("Paul", "File:B.jpg", photo(2), "x", "[[Category:Birds of prey]]")
	w.photo("Paul", "C.jpg", 3)
	list := filepath.Join(t.TempDir(), "list")
	if err := os.WriteFile(list, []byte("# a comment\n\n* [[:File:A.jpg]]\nFile:C.jpg\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		m     Match
		stdin string
		want  string
	}{
		"list":     {Match{List: list}, "", "A C"},
		"input":    {Match{List: "-"}, "File:C.jpg\nFile:B.jpg", "C B"},
		"category": {Match{Category: "Category:Birds of prey"}, "", "B"},
		"bare":     {Match{Category: "birds of prey"}, "", "B"},
		"uploader": {Match{Uploader: "Paul"}, "", "C B"},
		"one":      {Match{Uploader: "Paul", Most: 1}, "", "C"},
	} {
		out, _ := w.match(test.m, test.stdin)
		var got []string
		for line := range strings.Lines(out) {
			if file, _, is := strings.Cut(line, ".jpg: "); is {
				got = append(got, strings.TrimPrefix(file, "File:"))
			}
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s: %v, want %s", name, got, test.want)
		}
	}
}

func TestMatchSaysHowToUseIt(t *testing.T) {
	w := newWorld(t, config(""))
	for _, m := range []Match{{}, {Files: []string{"File:A.jpg"}, List: "x"}, {Category: "A", Uploader: "B"}} {
		if m.Validate() == nil {
			t.Errorf("%+v is taken", m)
		}
	}
	if (Match{Files: []string{"File:A.jpg"}, Most: -1}).Validate() == nil {
		t.Error("a negative number of files is taken")
	}
	for _, m := range []Match{{Files: []string{"Main Page"}}, {List: "/no/such/list"}, {Category: "Nothing"}} {
		_, err := w.match(m, "")
		var use *bot.UseError
		if !errors.As(err, &use) {
			t.Errorf("%+v ends with %v", m, err)
		}
	}
}

func TestMatchPrintsJSONByLine(t *testing.T) {
	w := newWorld(t, config(`"wait": "48h"`))
	copied := w.copied("Una", "A.jpg", 1)
	w.upload("Una", "B.jpg", []byte("no picture"))
	out, _ := w.match(Match{Files: []string{"File:A.jpg", "File:B.jpg"}, Format: "json"}, "")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	var a, b row
	if len(lines) != 2 || json.Unmarshal([]byte(lines[0]), &a) != nil || json.Unmarshal([]byte(lines[1]), &b) != nil {
		t.Fatal(out)
	}
	if a.SHA1 != copied || a.State != "open" || len(a.Matches) != 4 || b.Outcome != checkUnfit || b.Why == "" {
		t.Errorf("%+v\n%+v", a, b)
	}
}

func TestMatchKeepsForeignTextFromTheTerminal(t *testing.T) {
	p := &pass{}
	out := p.report(checked{title: "File:\x1b[2JA.jpg", outcome: checkFound, found: casebook.Case{
		Matches: []casebook.Match{{URL: "https://a.example/\x1b]0;x\a"}}, Evidence: []casebook.Evidence{{Kind: "deleted", Text: "a\rb\u202ec"}}}})
	if strings.ContainsAny(out, "\x1b\a\r\u202e") || strings.Count(out, "\n") != 3 {
		t.Errorf("%q", out)
	}
}

func TestMatchTellsNothingOfWhatIsWithheld(t *testing.T) {
	w := newWorld(t, config(`"withhold": ["example.net"]`))
	w.copied("Una", "A.jpg", 1)
	out, err := w.match(Match{Files: []string{"File:A.jpg"}}, "")
	if err != nil || out != "File:A.jpg: nothing found\n" {
		t.Errorf("%q, %v", out, err)
	}
}
