package main

import (
	"flag"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"filewarden/bot"
	"filewarden/bot/sandbox"
	"filewarden/tests/house/sample"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "write golden files anew")

// The scripts run this program as an operator does: in a process of its own,
// with the sample task registered beside the real ones.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"filewarden": func() { os.Exit(run(append(tasks(), sample.Register()))) },
	})
}

// Each script has a wiki of its own, that of an operator who set everything up.
func TestCommandLine(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "tests/command", Setup: setUp,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"edit": edit, "section": section, "page": page, "await": await, "fetch": fetch,
		},
	})
}

const secret = "never-print-this-secret"

func setUp(e *testscript.Env) error {
	w := sandbox.New(sandbox.Options{Name: "testwiki", SiteName: "Test", Language: "en"})
	server := httptest.NewServer(w)
	e.Defer(server.Close)
	w.SetServer(server.URL)
	w.AddUser("Keeper", "", "bot")
	w.BotPassword("Keeper", "app", secret)
	w.AddUser("Alice", "")
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	e.Values["wiki"] = w
	if err := os.CopyFS(filepath.Join(e.WorkDir, "gadgets"), os.DirFS("tasks/provenance/offline/testdata/gadgets")); err != nil {
		return err
	}
	e.Setenv("WIKI", w.APIURL())
	e.Setenv("HOME_WIKI", server.URL)
	e.Setenv("SECRET", secret)
	e.Setenv("FILEWARDEN_API", w.APIURL())
	e.Setenv("FILEWARDEN_USER", "Keeper@app")
	e.Setenv("FILEWARDEN_PASSWORD", secret)
	e.Setenv("FILEWARDEN_CONTACT", "operator@example.org")
	e.Setenv("FILEWARDEN_LISTEN", free.Addr().String())
	return free.Close()
}

func wikiOf(ts *testscript.TestScript) *sandbox.Wiki { return ts.Value("wiki").(*sandbox.Wiki) }

// edit USER PAGE TEXT replaces a page.
func edit(ts *testscript.TestScript, _ bool, args []string) {
	wikiOf(ts).Edit(args[0], args[1], args[2], "")
}

// section USER PAGE HEADING adds an empty section.
func section(ts *testscript.TestScript, _ bool, args []string) {
	wikiOf(ts).NewSection(args[0], args[1], args[2], "~~~~")
}

// page PAGE prints it; with ! it must not exist.
func page(ts *testscript.TestScript, neg bool, args []string) {
	text, ok := wikiOf(ts).Text(args[0])
	if ok == neg {
		ts.Fatalf("page %s exists: %v", args[0], ok)
	}
	io.WriteString(ts.Stdout(), text)
}

// await SOCKET waits until somebody answers there.
func await(ts *testscript.TestScript, _ bool, args []string) {
	for range 1000 {
		if line, err := net.Dial("unix", ts.MkAbs(args[0])); err == nil {
			line.Close()
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	ts.Fatalf("nobody answers at %s", args[0])
}

// fetch PATH prints what run serves there.
func fetch(ts *testscript.TestScript, _ bool, args []string) {
	answer, err := http.Get("http://" + ts.Getenv("FILEWARDEN_LISTEN") + args[0])
	ts.Check(err)
	defer answer.Body.Close()
	_, err = io.Copy(ts.Stdout(), answer.Body)
	ts.Check(err)
}

// The schema is what communities and the panel rely on: a change must be seen.
func TestTheComposedSchema(t *testing.T) {
	book, err := bot.NewBook(tasks()...)
	if err != nil {
		t.Fatal(err)
	}
	got, err := book.Schema()
	if err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("tests", "house", "testdata", "schema.json")
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("the schema has changed; if it should, run go test . -update (- golden, + now):\n%s", diff)
	}
}

func TestEveryTaskAndKindHasItsWords(t *testing.T) {
	words, err := bot.LoadWords(tasks()...)
	if err != nil {
		t.Fatal(err)
	}
	english := words.In("en")
	for _, r := range tasks() {
		keys := []string{"task-" + r.Task.Name(), "task-" + r.Task.Name() + "-about"}
		for _, k := range r.Kinds {
			keys = append(keys, "kind-"+k.Name, "kind-"+k.Name+"-title")
		}
		for _, key := range keys {
			if !english.Has(key) {
				t.Errorf("task %s: the message %s is missing", r.Task.Name(), key)
			}
		}
	}
}

// A folder in tasks and a line here belong together.
func TestEveryTaskIsRegistered(t *testing.T) {
	entries, err := os.ReadDir("tasks")
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	var folders, names []string
	for _, e := range entries {
		if e.IsDir() {
			folders = append(folders, e.Name())
		}
	}
	for _, r := range tasks() {
		names = append(names, r.Task.Name())
	}
	slices.Sort(names)
	if diff := cmp.Diff(strings.Join(folders, " "), strings.Join(names, " ")); diff != "" {
		t.Errorf("folders in tasks (-), tasks in main.go (+):\n%s", diff)
	}
}
