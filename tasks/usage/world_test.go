package usage

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"filewarden/bot"
	"filewarden/bot/gate"
	"filewarden/bot/notice"
	"filewarden/bot/sandbox"
	"filewarden/bot/wiki"
	"filewarden/storage"

	"github.com/google/go-cmp/cmp"
)

// world is a repository of files, a wiki that uses them, and a bot.
type world struct {
	t       *testing.T
	farm    *sandbox.Farm
	commons *sandbox.Wiki
	en      *sandbox.Wiki
	hosts   []string          // that may be read besides en's
	wire    http.RoundTripper // nil: as usual
	bot     *bot.Bot
	store   storage.Store
	clock   atomic.Int64 // Unix time in nanoseconds
	fresh   bool
	refuse  error          // of Add, when not nil
	told    []notice.Event // since last asked
	known   map[string]bool
	people  []string
}

// The wikis read the clock in goroutines of their own.
func (w *world) now() time.Time        { return time.Unix(0, w.clock.Load()).UTC() }
func (w *world) later(d time.Duration) { w.clock.Add(int64(d)) }

// newWorld with subscribers who have the preferences given as JSON.
func newWorld(t *testing.T, config string, people map[string]string) *world {
	t.Helper()
	w := &world{t: t, known: map[string]bool{}}
	w.clock.Store(time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC).UnixNano())
	farm := sandbox.NewFarm(sandbox.Options{Name: "commonswiki", SiteName: "Commons", Clock: w.now},
		sandbox.Options{Name: "enwiki", SiteName: "English Wikipedia"})
	w.farm, w.commons, w.en = farm, farm.Repo, farm.Clients[0]
	for _, s := range []*sandbox.Wiki{w.commons, w.en} {
		server := httptest.NewServer(s)
		t.Cleanup(server.Close)
		s.SetServer(server.URL)
	}
	w.commons.BotPassword("FileBot", "app", "secretsecretsecretsecretsecretse")
	w.commons.Promote("FileBot", "bot")
	w.commons.Edit("FileBot", "User:FileBot/config.json", config, "")
	for name, page := range people {
		w.people = append(w.people, name)
		w.prefer(name, page)
	}
	w.store = storage.Memory()
	t.Cleanup(func() { _ = w.store.Close() })
	w.open()
	return w
}

// prefer saves a user's preferences page.
func (w *world) prefer(user, page string) {
	w.commons.Edit(user, "User:"+user+"/Filewarden.json", page, "")
}

func (w *world) open() {
	w.t.Helper()
	hosts := strings.TrimPrefix(w.en.Server(), "http://")
	b, err := bot.Open(w.t.Context(), bot.Settings{
		Wiki: wiki.Settings{API: w.commons.APIURL(), User: "FileBot@app", Password: "secretsecretsecretsecretsecretse", Contact: "ops@example.org",
			Now: w.now, Transport: w.wire, Sleep: func(_ context.Context, d time.Duration) error { w.later(d); return nil }},
		Hosts: append([]string{hosts}, w.hosts...), Mode: gate.Live, Now: w.now,
		Sleep: func(_ context.Context, d time.Duration) error { w.later(d); return nil },
	}, w.store, Register())
	if err != nil {
		w.t.Fatal(err)
	}
	w.bot = b
	if _, err := b.Panel().Poll(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	if problems := b.Panel().State().Problems; len(problems) > 0 {
		w.t.Fatalf("config: %+v", problems)
	}
}

// Subscribers are those of the world.
func (w *world) Subscribers(context.Context) ([]string, error) { return w.people, nil }

// Add keeps events as the box does: each id once.
func (w *world) Add(_ storage.Tx, events ...notice.Event) error {
	if w.refuse != nil {
		return w.refuse
	}
	for _, e := range events {
		if !w.known[e.ID] {
			w.known[e.ID] = true
			w.told = append(w.told, e)
		}
	}
	return nil
}

// pass makes a pass four hours later and returns what was told.
func (w *world) pass() []notice.Event {
	w.t.Helper()
	w.later(4 * time.Hour)
	if err := w.tryPass(); err != nil {
		w.t.Fatal(err)
	}
	told := w.told
	w.told = nil
	return told
}

func (w *world) tryPass() error {
	w.t.Helper()
	if _, err := w.bot.Panel().Poll(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	env, err := w.bot.Env(Name)
	if err != nil {
		w.t.Fatal(err)
	}
	env.Fresh = w.fresh
	p, err := newPass(env, w)
	if err != nil {
		w.t.Fatal(err)
	}
	return p.run(w.t.Context())
}

// upload a file whose bytes are unlike those of any other.
func (w *world) upload(user, name string) {
	w.commons.Upload(user, "File:"+name, []byte("\x89PNG\r\n\x1a\n"+name+user+w.now().String()), "")
}

// lines says of each event who hears what, for comparing.
func lines(events []notice.Event) string {
	var out []string
	for _, e := range events {
		line := fmt.Sprintf("%s: %s on %s", e.User, bareName(e.File), e.Page)
		if e.Kind == KindDeletion {
			line = fmt.Sprintf("%s: %s %s", e.User, bareName(e.File), e.Facts[factDeletion])
		}
		if e.Agent != "" {
			line += " by " + e.Agent
		}
		if via := e.Facts[factVia]; via != "" {
			line += " via " + via
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

// expect compares what a pass told.
func (w *world) expect(want ...string) {
	w.t.Helper()
	if got := lines(w.pass()); got != strings.Join(want, "\n") {
		w.t.Errorf("told:\n%s\nwant:\n%s", got, strings.Join(want, "\n"))
	}
}

// row is what is remembered of a file.
func (w *world) row(file string) (row fileRow) {
	w.t.Helper()
	env, err := w.bot.Env(Name)
	if err != nil {
		w.t.Fatal(err)
	}
	err = env.Store.View(func(tx storage.Tx) (err error) {
		row, _, err = fileTable.Get(tx, file)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return row
}

// asked counts requests to the repository with a module among their props or lists.
func (w *world) asked(module string) (n int) {
	for _, r := range w.commons.Requests() {
		if strings.Contains(r.Values.Get("prop")+"|"+r.Values.Get("list"), module) {
			n++
		}
	}
	return n
}

// sameLines compares lines whatever their order.
func sameLines(want, got string) string {
	a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
	slices.Sort(a)
	slices.Sort(b)
	return cmp.Diff(a, b)
}
