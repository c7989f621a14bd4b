package provenance

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
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
	"filewarden/tasks/provenance/audit"
	"filewarden/tasks/provenance/rule"
)

// world is a wiki with gadgets, and a bot.
type world struct {
	t       *testing.T
	wiki    *sandbox.Wiki
	bot     *bot.Bot
	store   storage.Store
	clock   atomic.Int64 // Unix time in nanoseconds
	fresh   bool
	refuse  error // of Add, when not nil
	told    []notice.Event
	known   map[string]bool
	people  []string
	audited []string                            // paths handed to the engine since last asked
	engine  func(src audit.Source) audit.Result // nil: simple
	rules   string                              // "": the real ones
}

func (w *world) now() time.Time        { return time.Unix(0, w.clock.Load()).UTC() }
func (w *world) later(d time.Duration) { w.clock.Add(int64(d)) }

const live = `{"mode": "live", "editsPerMinute": 600}`

// newWorld of a wiki with all extensions that deal with code.
func newWorld(t *testing.T, config string) *world {
	t.Helper()
	return newWorldOf(t, config, sandbox.Options{Gadgets: true, Scribunto: true, Styles: true, Cirrus: true})
}

func newWorldOf(t *testing.T, config string, o sandbox.Options) *world {
	t.Helper()
	return newWorldBehind(t, config, o, func(h http.Handler) http.Handler { return h })
}

// newWorldBehind has something between the wiki and the bot.
func newWorldBehind(t *testing.T, config string, o sandbox.Options, front func(http.Handler) http.Handler) *world {
	t.Helper()
	w := &world{t: t, known: map[string]bool{}, store: storage.Memory()}
	w.clock.Store(time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC).UnixNano())
	o.Name, o.SiteName, o.Clock = "testwiki", "Test", w.now
	w.wiki = sandbox.New(o)
	server := httptest.NewServer(front(w.wiki))
	t.Cleanup(server.Close)
	w.wiki.SetServer(server.URL)
	w.wiki.BotPassword("FileBot", "app", "secretsecretsecretsecretsecretse")
	w.wiki.Promote("FileBot", "bot")
	w.configure(config)
	t.Cleanup(func() { _ = w.store.Close() })
	b, err := bot.Open(t.Context(), bot.Settings{
		Wiki: wiki.Settings{API: w.wiki.APIURL(), User: "FileBot@app", Password: "secretsecretsecretsecretsecretse", Contact: "ops@example.org",
			Now: w.now, Sleep: func(_ context.Context, d time.Duration) error { w.later(d); return nil }},
		Mode: gate.Live, Now: w.now,
		Sleep: func(_ context.Context, d time.Duration) error { w.later(d); return nil },
	}, w.store, Register())
	if err != nil {
		t.Fatal(err)
	}
	w.bot = b
	return w
}

func (w *world) configure(config string) {
	w.wiki.Edit("FileBot", "User:FileBot/config.json", config, "")
}

// follow makes a subscriber who wants to hear of gadgets or pages.
func (w *world) follow(user string, names ...string) {
	list := `"` + strings.Join(names, `", "`) + `"`
	w.people = append(w.people, user)
	w.wiki.Edit(user, "User:"+user+"/Filewarden.json", `{"provenance": {"gadgets": [`+list+`]}}`, "")
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

// pass makes a pass a day later and returns what was told.
func (w *world) pass() []notice.Event {
	w.t.Helper()
	w.later(24 * time.Hour)
	if err := w.tryPass(); err != nil {
		w.t.Fatal(err)
	}
	told := w.told
	w.told = nil
	return told
}

func (w *world) tryPass() error {
	w.t.Helper()
	return w.env().run(w.t.Context())
}

// env is a pass that has not begun.
func (w *world) env() *pass {
	w.t.Helper()
	if _, err := w.bot.Panel().Poll(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	if problems := w.bot.Panel().State().Problems; len(problems) > 0 {
		w.t.Fatalf("config: %+v", problems)
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
	engine := simple
	if w.engine != nil {
		engine = w.engine
	}
	p.audit = func(src audit.Source) audit.Result {
		if strings.Contains(src.Path, ":") { // the rules' own examples have none
			w.audited = append(w.audited, src.Path)
		}
		return engine(src)
	}
	if w.rules != "" {
		p.rules = w.rules
	}
	return p
}

// auditedNow is what was handed to the engine since last asked.
func (w *world) auditedNow() string {
	paths := strings.Join(w.audited, ", ")
	w.audited = nil
	return paths
}

// text of a page beneath the bot's own.
func (w *world) text(name string) string {
	w.t.Helper()
	text, ok := w.wiki.Text("User:FileBot/" + name)
	if !ok {
		w.t.Fatalf("there is no page %s; there are %q", name, w.wiki.Titles())
	}
	return text
}

func (w *world) has(name string, wanted ...string) {
	w.t.Helper()
	text := w.text(name)
	for _, part := range wanted {
		if !strings.Contains(text, part) {
			w.t.Errorf("%s does not hold %q:\n%s", name, part, text)
		}
	}
}

func (w *world) lacks(name string, unwanted ...string) {
	w.t.Helper()
	text := w.text(name)
	for _, part := range unwanted {
		if strings.Contains(text, part) {
			w.t.Errorf("%s holds %q:\n%s", name, part, text)
		}
	}
}

// rows of one page's findings, by rule.
func (w *world) rows(title string) map[string]findingRow {
	w.t.Helper()
	p := w.env()
	found, err := p.allFindings()
	if err != nil {
		w.t.Fatal(err)
	}
	rows := map[string]findingRow{}
	for id, page := range p.known {
		if page.Title == title {
			for _, f := range found[id] {
				rows[f.Rule] = f
			}
		}
	}
	return rows
}

// states of one page's findings in short: "TS001 open".
func (w *world) states(title string) string {
	w.t.Helper()
	var out []string
	rows := w.rows(title)
	for _, id := range []string{"PV001", "PV014", "TS001", "CS001", "LU001"} {
		if f, ok := rows[id]; ok {
			out = append(out, id+" "+f.State)
		}
	}
	return strings.Join(out, ", ")
}

// lives of a finding: what happened to it.
func lives(f findingRow) string {
	var out []string
	for _, c := range f.History {
		what := c.What
		if c.User != "" {
			what += " by " + c.User
		}
		out = append(out, what)
	}
	return strings.Join(out, ", ")
}

// toldLines says of each event who hears what.
func toldLines(events []notice.Event) string {
	var out []string
	for _, e := range events {
		out = append(out, fmt.Sprintf("%s: %s %s %s/%s/%s", e.User, e.Page, e.Facts[factState], e.Facts[factErrors], e.Facts[factWarnings], e.Facts[factInfos]))
	}
	return strings.Join(out, "\n")
}

const (
	gadgetPage = "MediaWiki:Gadget-popups.js"
	definition = "== tools ==\n* popups[ResourceLoader|default]|popups.js|popups.css\n* clock [ResourceLoader | rights=edit , move] | clock.js\n"
	offStep    = "var icon = '//upload.wikimedia.org/wikipedia/commons/thumb/e/e3/Foo.svg/22px-Foo.svg.png';\n"
	onStep     = "var icon = '//upload.wikimedia.org/wikipedia/commons/thumb/e/e3/Foo.svg/40px-Foo.svg.png';\n"
	tail       = "var ext = document.querySelector( 'img' ).src.split( '.' ).pop();\n"
)

// withGadget has a gadget with an off-step thumbnail.
func withGadget(t *testing.T, config string) *world {
	t.Helper()
	w := newWorld(t, config)
	w.wiki.Edit("Admin", "MediaWiki:Gadgets-definition", definition, "")
	w.wiki.Edit("Carol", gadgetPage, offStep, "")
	return w
}

// simple is an engine that knows two rules by a piece of code each, so that
// these tests do not depend on what the real rules say.
func simple(src audit.Source) audit.Result {
	r := audit.Result{Path: src.Path, Analysis: audit.Full, Read: true}
	lines := strings.Split(string(src.Text), "\n")
	for i, line := range lines {
		for id, code := range map[string]string{"TS001": "22px-Foo", "PV001": ".pop()"} {
			column := strings.Index(line, code)
			if column < 0 {
				continue
			}
			f := audit.Finding{ID: id + src.Path, Rule: id, Severity: rule.Error, Line: i + 1, Column: column + 1, Code: line, Fix: "better", Args: []string{"22", "40"}}
			if i > 0 && strings.Contains(lines[i-1], "filewarden-ignore "+id) {
				_, reason, _ := strings.Cut(lines[i-1], ": ")
				r.Ignored = append(r.Ignored, audit.Ignored{Finding: f, Reason: reason})
			} else {
				r.Findings = append(r.Findings, f)
			}
		}
	}
	return r
}
