// Package demo visits the demo as a person does: in a process of its own, by its pages.
package demo

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// A visitor starts the demo, reads what it says, opens the pages it names,
// edits one, and stops the bot.
func TestTheDemoTellsItsStoryAndReactsToItsVisitor(t *testing.T) {
	out, ended := startDemo(t)
	out.await(t, "The bot goes on.")
	talk := out.address(t, "the notice Anna got")
	page := read(t, talk)
	for _, want := range []string{"Bird migration", "Vogelzug", "Eisvogel", "used by Ben", "Demo Encyclopedia"} {
		if !strings.Contains(page, want) {
			t.Errorf("Anna is not told of %q", want)
		}
	}
	if strings.Contains(page, "Singvögel") {
		t.Error("Anna is told of her own edit")
	}
	if report := read(t, out.address(t, "the report on a category")); !strings.Contains(report, "Kingfisher diving") {
		t.Error("the report does not list Anna's files")
	}

	english := strings.TrimSuffix(regexp.MustCompile(`http://[^"]*/wiki/Bird_migration`).FindString(page), "/wiki/Bird_migration")
	visit(t, english, "Ben", "Garden birds", "[[File:Robin at dawn.png|thumb]]")
	out.awaitPage(t, talk, "Garden birds")

	mendTheGadget(t, out)
	decideACase(t, out)

	stopPage, err := url.Parse(out.address(t, "write here and it stops"))
	if err != nil {
		t.Fatal(err)
	}
	visit(t, "http://"+stopPage.Host, "Clara", "User:Filewarden/Stop", "enough")
	out.await(t, "The bot holds back: stopped by User:Filewarden/Stop: Clara wrote “enough”")
	if code := ended(); code != 0 {
		t.Errorf("the demo ended with exit code %d", code)
	}
}

// mendTheGadget does what the report on a gadget proposes, and sees the report
// say so.
func mendTheGadget(t *testing.T, out *screen) {
	t.Helper()
	overview := read(t, out.address(t, "code that breaks media URLs"))
	if !strings.Contains(overview, "Gadget-Lightbox.js") || !strings.Contains(overview, "Gadget-Lightbox.css") {
		t.Error("the overview does not list the gadget that breaks")
	}
	gadget := out.address(t, "a gadget that you can mend")
	server := strings.TrimSuffix(gadget, "/wiki/MediaWiki:Gadget-Lightbox.js")
	report := server + "/wiki/User:Filewarden/Provenance/MediaWiki:Gadget-Lightbox.js/report"
	if before := read(t, report); !strings.Contains(before, "TS002") || !strings.Contains(before, "/800px-") {
		t.Error("the report does not show the rule and the code")
	}
	visit(t, server, "Clara", "MediaWiki:Gadget-Lightbox.js", "mw.hook( 'wikipage.content' ).add( function () {} );")
	out.awaitPage(t, report, "Clara")
}

// decideACase looks at the uploads that wait, decides one as Clara does, and sees
// the file tagged and the uploader told.
func decideACase(t *testing.T, out *screen) {
	t.Helper()
	cases := out.address(t, "uploads that wait for you")
	for _, want := range []string{"Lake view.jpg", "stock agency", "Mirrored, the picture is much like", "The picture comes from elsewhere"} {
		out.awaitPage(t, cases, want)
	}
	if strings.Contains(read(t, cases), "Not for everybody.jpg") {
		t.Error("a picture that is not for everybody stands among all cases")
	}
	server := strings.TrimSuffix(cases, "/wiki/User:Filewarden/Copyvio/All")
	text := read(t, server+"/index.php?title=User:Filewarden/Copyvio/All&action=raw")
	head, section, found := strings.Cut(text, "Lake view.jpg")
	if !found {
		t.Fatalf("the page of cases is\n%s", text)
	}
	visit(t, server, "Clara", "User:Filewarden/Copyvio/All", head+"Lake view.jpg"+strings.Replace(section, "status = open", "status = accepted", 1))
	out.awaitPage(t, server+"/wiki/File:Lake_view.jpg", "This file may be deleted")
	out.awaitPage(t, server+"/wiki/User_talk:Zoe", "Clara looked at your upload")
}

// startDemo builds and starts the program; ended stops it as Ctrl-C does and
// gives its exit code.
func startDemo(t *testing.T) (out *screen, ended func() int) {
	t.Helper()
	program := filepath.Join(t.TempDir(), "filewarden")
	if said, err := exec.Command("go", "build", "-o", program, "filewarden").CombinedOutput(); err != nil {
		t.Fatalf("building the program: %v\n%s", err, said)
	}
	out = &screen{}
	demo := exec.Command(program, "demo", "--port", "0")
	demo.Stdout, demo.Stderr = out, out
	if err := demo.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { demo.Process.Kill() })
	return out, func() int {
		if err := demo.Process.Signal(os.Interrupt); err != nil {
			t.Fatal(err)
		}
		demo.Wait() // its error is the exit code, which the caller judges
		return demo.ProcessState.ExitCode()
	}
}

// screen is what the visitor sees in the terminal.
type screen struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

// Write shows more.
func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.Write(p)
}

// String is all that was shown.
func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.String()
}

func (s *screen) await(t *testing.T, text string) {
	t.Helper()
	s.until(t, text, s.String)
}

// awaitPage waits for text on a page of the wiki.
func (s *screen) awaitPage(t *testing.T, address, text string) {
	t.Helper()
	s.until(t, text, func() string { return read(t, address) })
}

func (s *screen) until(t *testing.T, text string, look func() string) {
	t.Helper()
	for end := time.Now().Add(40 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if strings.Contains(look(), text) {
			return
		}
	}
	t.Fatalf("%q never came; the demo says:\n%s", text, s)
}

// address that the demo named for something.
func (s *screen) address(t *testing.T, what string) string {
	t.Helper()
	found := regexp.MustCompile(regexp.QuoteMeta(what) + `\s+(http://\S+)`).FindStringSubmatch(s.String())
	if found == nil {
		t.Fatalf("the demo names no address for %q:\n%s", what, s)
	}
	return found[1]
}

func read(t *testing.T, address string) string {
	t.Helper()
	answer, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// visit logs in to a wiki of the demo and saves a page there.
func visit(t *testing.T, server, user, title, text string) {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	api := func(form url.Values) map[string]any {
		form.Set("format", "json")
		form.Set("formatversion", "2")
		answer, err := (&http.Client{Jar: jar}).PostForm(server+"/api.php", form)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		var got map[string]any
		if err := json.NewDecoder(answer.Body).Decode(&got); err != nil {
			t.Fatal(err)
		}
		return got
	}
	token := func(kind string) string {
		tokens := api(url.Values{"action": {"query"}, "meta": {"tokens"}, "type": {kind}})
		return tokens["query"].(map[string]any)["tokens"].(map[string]any)[kind+"token"].(string)
	}
	api(url.Values{"action": {"login"}, "lgname": {user}, "lgpassword": {"demo"}, "lgtoken": {token("login")}})
	saved := api(url.Values{"action": {"edit"}, "title": {title}, "text": {text}, "token": {token("csrf")}})
	if result, _ := saved["edit"].(map[string]any); result["result"] != "Success" {
		t.Fatalf("%s could not save %s: %v", user, title, saved)
	}
}
