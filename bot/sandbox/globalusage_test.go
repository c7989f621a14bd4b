package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// recorded is an answer of a real MediaWiki 1.43.9 with GlobalUsage REL1_43.
type recorded struct {
	Request map[string]string
	Status  int
	Headers map[string]string
	Body    map[string]any
}

func readRecorded(t *testing.T, file string) recorded {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var r recorded
	if err := json.Unmarshal(raw, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// recordedWiki holds what the wiki of the recordings held.
func recordedWiki(t *testing.T) (*Wiki, *client) {
	w := New(Options{Name: "commonswiki", SiteName: "Wikimedia Commons", GlobalUsage: true, Clock: newClock().now})
	for _, name := range []string{"Sample 00002.png", "Sample 00001.png", "Sample 00003.png"} {
		w.Upload("Alice", "File:"+name, []byte("\x89PNG\r\n\x1a\n"+name), "")
	}
	for _, name := range []string{"A", "B"} {
		w.Edit("Alice", name, "x", "")
	}
	w.Edit("Alice", "Local gallery", "[[File:Sample 00002.png]]", "")
	w.KnowWiki("dewikivoyage", "https://de.wikivoyage.org/index.php/")
	w.AddGlobalUse("Sample 00002.png", "dewikivoyage", 2, 0, "", "Berlin")
	w.AddGlobalUse("Sample 00001.png", "dewikivoyage", 2, 0, "", "Berlin")
	for i := 1; i <= 7; i++ {
		w.AddGlobalUse("Sample 00001.png", "dewikivoyage", int64(i+2), 0, "", fmt.Sprintf("Ort %d", i))
	}
	w.AddGlobalUse("Sample 00003.png", "dewikivoyage", 10, 2, "Benutzer", "Admin/Galerie")
	c := serve(t, w)
	w.SetServer("https://commons.wikimedia.org")
	return w, c
}

func TestGlobalUsageAnswersAsRecorded(t *testing.T) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no recordings: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			_, c := recordedWiki(t)
			want := readRecorded(t, file)
			var pairs []string
			for k, v := range want.Request {
				pairs = append(pairs, k, v)
			}
			got := c.get(pairs...)
			if diff := cmp.Diff(want.Body, got); diff != "" {
				t.Errorf("body (-recorded +sandbox):\n%s", diff)
			}
			for k, v := range want.Headers {
				if c.last.Header.Get(k) != v {
					t.Errorf("header %s is %q, recorded %q", k, c.last.Header.Get(k), v)
				}
			}
			if c.last.StatusCode != http.StatusOK {
				t.Errorf("status %d", c.last.StatusCode)
			}
		})
	}
}

func TestGlobalUsageNeverGivesMoreThan500Rows(t *testing.T) {
	w, c := recordedWiki(t)
	w.BotPassword("Botty", "app", "secret")
	w.Promote("Botty", "bot")
	for i := range 600 {
		w.AddGlobalUse("Sample 00003.png", "enwiki", int64(1000+i), 0, "", fmt.Sprint("P", i))
	}
	c.login("Botty@app", "secret")
	got := c.get("action", "query", "prop", "globalusage", "titles", "File:Sample 00003.png", "gulimit", "max", "gunamespace", "")
	if n := len(dig(got, "query", "pages", 0, "globalusage").([]any)); n != 500 {
		t.Errorf("%d rows", n)
	}
	if dig(got, "limits", "globalusage") != 5000.0 || dig(got, "continue", "gucontinue") == nil {
		t.Errorf("limits %v, continue %v", got["limits"], got["continue"])
	}
}

func TestGlobalUsageHidesNamespacesThatTheRepositoryLacks(t *testing.T) {
	w, c := recordedWiki(t)
	w.AddGlobalUse("Sample 00002.png", "enwiki", 5, 118, "Draft", "New thing")
	count := func(pairs ...string) int {
		got := c.get(append([]string{"action", "query", "prop", "globalusage", "titles", "File:Sample 00002.png"}, pairs...)...)
		list, _ := dig(got, "query", "pages", 0, "globalusage").([]any)
		return len(list)
	}
	if with, without := count("gunamespace", ""), count(); with != 2 || without != 1 {
		t.Errorf("with an empty gunamespace %d rows, by default %d; want 2 and 1", with, without)
	}
}

func TestUsesOnClientsReachTheRepository(t *testing.T) {
	clock := newClock()
	f := NewFarm(Options{Name: "commonswiki", Clock: clock.now}, Options{Name: "dewiki", Language: "de", Server: "https://de.example.org"})
	repo, de := f.Repo, f.Clients[0]
	repo.Upload("Alice", "File:A b.png", []byte("png"), "")
	repo.Edit("Alice", "Own page", "[[File:A b.png]]", "")
	de.Edit("Bob", "Vorlage:Bild", "[[Datei:A b.png|mini]]", "")
	de.Edit("Bob", "Benutzer:Bob/Seite", "{{Bild}}", "")
	c := serve(t, repo)
	uses := func() []any {
		got := c.get("action", "query", "prop", "globalusage", "titles", "File:A b.png", "guprop", "url|namespace|pageid", "gunamespace", "")
		list, _ := dig(got, "query", "pages", 0, "globalusage").([]any)
		return list
	}
	want := []any{
		M{"title": "Vorlage:Bild", "wiki": "de.example.org", "url": "https://de.example.org/wiki/Vorlage:Bild", "pageid": "2", "ns": "10"},
		M{"title": "Benutzer:Bob/Seite", "wiki": "de.example.org", "url": "https://de.example.org/wiki/Benutzer:Bob/Seite", "pageid": "3", "ns": "2"},
	}
	if diff := cmp.Diff(want, uses()); diff != "" {
		t.Errorf("uses (-want +got):\n%s", diff)
	}
	de.Delete("Admin", "Benutzer:Bob/Seite", "")
	if n := len(uses()); n != 1 {
		t.Errorf("after the page's deletion %d uses", n)
	}
	de.Undelete("Admin", "Benutzer:Bob/Seite", "")
	de.Upload("Bob", "Datei:A b.png", []byte("local"), "")
	if n := len(uses()); n != 0 {
		t.Errorf("while a local file hides the shared one: %d uses", n)
	}
	de.Delete("Admin", "Datei:A b.png", "now on Commons")
	if n := len(uses()); n != 2 {
		t.Errorf("after the local file is gone: %d uses", n)
	}
}

func TestMovedFileIsUsedUnderItsOldNameUntilPagesAreParsedAgain(t *testing.T) {
	f := NewFarm(Options{Name: "commonswiki", Clock: newClock().now}, Options{Name: "enwiki"})
	f.Repo.Upload("Alice", "File:Old.png", []byte("png"), "")
	f.Clients[0].Edit("Bob", "Page", "[[File:Old.png]]", "")
	f.Repo.Move("Admin", "File:Old.png", "File:New.png", "better name")
	c := serve(t, f.Repo)
	got := c.get("action", "query", "prop", "globalusage", "titles", "File:Old.png|File:New.png")
	counts := map[any]int{}
	for _, p := range dig(got, "query", "pages").([]any) {
		list, _ := dig(p, "globalusage").([]any)
		counts[dig(p, "title")] = len(list)
	}
	if counts["File:Old.png"] != 1 || counts["File:New.png"] != 0 {
		t.Errorf("uses by name: %v", counts)
	}
}
