package board

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"filewarden/bot/gate"
	"filewarden/bot/report"
	"filewarden/bot/sandbox"
	"filewarden/bot/wiki"
	"filewarden/storage"
	"filewarden/tasks/copyvio/casebook"
	"filewarden/tasks/copyvio/page"

	"github.com/rs/zerolog"
)

// world is a wiki with pages of cases, people with different rights, and a bot.
type world struct {
	t     testing.TB
	wiki  *sandbox.Wiki
	store storage.Store
	fails func() (before, after bool) // of the store's updates
	mode  gate.Mode
	conf  Config
	clock atomic.Int64 // Unix time in nanoseconds; the wiki's handlers read it too
	wire  wire
	told  []Outcome // to Config.Decided
	cases []string  // on every page
	links map[string]string
	pages []string // names
	err   error    // of the last pass's publishing
}

func (w *world) now() time.Time        { return time.Unix(0, w.clock.Load()).UTC() }
func (w *world) later(d time.Duration) { w.clock.Add(int64(d)) }

// people of the world: reviewers, who may delete, who may do nothing.
var people = map[string][]string{"Rita": {"patroller"}, "Rob": {"patroller"}, "Ada": {"sysop"}, "Paul": nil,
	"Ben": {"patroller"}, "Una": {"patroller"}, "Ulf": {"patroller"}, "Vic": nil, "~2026-17": {"patroller"}}

// newWorld has a page of as many cases as wanted, published and read.
func newWorld(t testing.TB, cases int) *world {
	t.Helper()
	return newWorldOf(t, cases, sandbox.Options{})
}

func newWorldOf(t testing.TB, cases int, o sandbox.Options) *world {
	t.Helper()
	w := &world{t: t, store: storage.Memory(), mode: gate.Live, links: map[string]string{}, pages: []string{"Copyvio/All"}}
	w.wire = wire{tags: map[int64][]string{}, hidden: map[int64]string{}}
	w.clock.Store(time.Date(2026, 11, 29, 8, 0, 0, 0, time.UTC).UnixNano())
	o.Name, o.Clock = "testwiki", w.now
	w.wiki = sandbox.New(o)
	server := httptest.NewServer(w.wire.around(w.wiki))
	t.Cleanup(server.Close)
	t.Cleanup(func() { w.store.Close() })
	w.wiki.SetServer(server.URL)
	w.wiki.BotPassword("FileBot", "app", "secret")
	w.wiki.Promote("FileBot", "bot")
	for name, groups := range people {
		w.wiki.AddUser(name, "", groups...)
	}
	w.wiki.Block("Admin", "Ben", "a test", time.Time{})
	for i := range cases {
		w.open(idOf(i))
	}
	w.start()
	w.pass()
	w.pass()
	w.wiki.ForgetRequests()
	return w
}

func idOf(i int) string { return fmt.Sprintf("%040x", i+1) }

// open a case of Una's, which Ulf uploaded too.
func (w *world) open(id string) {
	w.t.Helper()
	w.cases = append(w.cases, id)
	w.update(func(tx storage.Tx) error {
		return casebook.PutCase(tx, casebook.Case{SHA1: id, Title: "File:" + id[36:] + ".jpg", Uploader: "Una", Also: []string{"Ulf"}})
	})
}

type tx = storage.Tx

func (w *world) view(fn func(tx) error) {
	w.t.Helper()
	if err := w.store.View(fn); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) update(fn func(storage.Tx) error) {
	w.t.Helper()
	if err := w.store.Update(fn); err != nil {
		w.t.Fatal(err)
	}
}

// start is what a new process does.
func (w *world) start() {
	w.t.Helper()
	sleep := func(_ context.Context, d time.Duration) error { w.later(d); return nil }
	session, writer, err := wiki.Open(w.t.Context(), wiki.Settings{API: w.wiki.APIURL(), User: "FileBot@app", Password: "secret",
		Contact: "ops@example.org", Version: "test", Now: w.now, Sleep: sleep})
	if err != nil {
		w.t.Fatal(err)
	}
	g := gate.New(gate.Config{Writer: writer, Wiki: session, Store: storage.Part(frail{w.store, w}, "gate"), Prefix: "User:FileBot/", Now: w.now, Sleep: sleep,
		Policy: func() (gate.Policy, error) {
			return gate.Policy{Mode: w.mode, TrialEdits: 1000, EditsPerMinute: 600}, nil
		}})
	pages := report.New(report.Config{Gate: g, Wiki: session, Store: storage.Part(frail{w.store, w}, "report"), Prefix: "User:FileBot/", Now: w.now})
	w.conf = Config{Wiki: session, Pages: pages, Store: frail{w.store, w}, Task: "copyvio", Groups: []string{"patroller"}, Now: w.now, Log: zerolog.Nop(),
		Decided: func(_ storage.Tx, o Outcome) error { w.told = append(w.told, o); return nil }}
}

// pass reads, applies and publishes an hour later, and returns what came of it.
func (w *world) pass() []Outcome {
	w.t.Helper()
	w.later(time.Hour)
	b := New(w.conf)
	out := w.read(b)
	_, w.err = b.PublishAll(w.t.Context(), w.sheets()...)
	return out
}

func (w *world) read(b *Board) []Outcome {
	w.t.Helper()
	news, err := b.Read(w.t.Context(), w.pages...)
	if err != nil {
		w.t.Fatal(err)
	}
	out, err := b.Apply(w.t.Context(), news)
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

func (w *world) sheets() (all []Sheet) {
	for _, name := range w.pages {
		all = append(all, Sheet{Name: name, Summary: "cases", Draw: w.draw})
	}
	return all
}

// draw is a page in short: what the templates make of the casebook.
func (w *world) draw(now string, inert Hosts) (d Drawn, err error) {
	below := map[string]string{}
	for _, e := range page.Read(now) {
		below[e.ID] = e.Below
	}
	err = w.store.View(func(tx storage.Tx) error {
		for _, id := range w.cases {
			c, _, err := casebook.GetCase(tx, id)
			if err != nil {
				return err
			}
			last := ""
			if c.Last != nil {
				last = string(c.Last.Verdict) + " " + c.Last.By
			}
			d.Text += fmt.Sprintf("== %s ==\n%s\n{{User:FileBot/Copyvio/Case\n| id = %s\n| status = %s\n| note = %s\n| by = %s\n| last = %s\n}}\n%s\n",
				c.Title, d.link(w.links[id], inert), id, c.State, c.Note, c.By, last, below[id])
		}
		return nil
	})
	return d, err
}

func (d *Drawn) link(address string, inert Hosts) string {
	if address == "" || inert.Has(address) {
		return strings.TrimPrefix(address, "http://")
	}
	d.Links = append(d.Links, address)
	return address
}

const all = "User:FileBot/Copyvio/All"

// edit saves a page as somebody, a minute after the last.
func (w *world) edit(user, title string, change func(string) string) int64 {
	w.later(time.Minute)
	text, _ := w.wiki.Text(title)
	return w.wiki.Edit(user, title, change(text), "")
}

// set changes a status by hand; the case is one of the first page.
func (w *world) set(user string, n int, status string) int64 {
	return w.edit(user, all, with(n, "status", status))
}

// with is a page's text with a parameter of a case in other words.
func with(n int, name, value string) func(string) string {
	return func(text string) string {
		at := strings.Index(text, "| id = "+idOf(n))
		if at < 0 {
			return text
		}
		from := at + strings.Index(text[at:], "| "+name+" =")
		to := from + strings.Index(text[from:], "\n")
		return text[:from] + "| " + name + " = " + value + text[to:]
	}
}

// is says what the casebook has of a case: "accepted by Rita".
func (w *world) is(n int) string {
	c := w.caseOf(n)
	if c.By == "" {
		return c.State.String()
	}
	return c.State.String() + " by " + c.By
}

func (w *world) caseOf(n int) (c casebook.Case) {
	w.t.Helper()
	err := w.store.View(func(tx storage.Tx) (err error) {
		c, _, err = casebook.GetCase(tx, idOf(n))
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

func (w *world) text(title string) string {
	text, _ := w.wiki.Text(title)
	return text
}

// shows says what a page says of a case.
func (w *world) shows(title string, n int) string {
	for _, e := range page.Read(w.text(title)) {
		if e.ID == idOf(n) {
			return e.Status
		}
	}
	return "nothing"
}

// tag says how the wiki tagged a revision.
func (w *world) tag(rev int64, tags ...string) {
	w.wire.tags[rev] = append(w.wire.tags[rev], tags...)
}

func (w *world) want(n int, state string) {
	w.t.Helper()
	if got := w.is(n); got != state {
		w.t.Errorf("the case is %s, want %s", got, state)
	}
}

// verdicts of outcomes in short: "accepted by Rita: counts".
func verdicts(all []Outcome) string {
	var out []string
	for _, o := range all {
		out = append(out, fmt.Sprintf("%s by %s: %s", o.Change.To, o.Change.By, o.Verdict))
	}
	return strings.Join(out, ", ")
}

// frail is a store that dies when the world says so.
type frail struct {
	storage.Store
	w *world
}

var errDead = errors.New("the process died")

// Update dies before the transaction, or after it.
func (f frail) Update(fn func(storage.Tx) error) error {
	var before, after bool
	if f.w.fails != nil {
		before, after = f.w.fails()
	}
	if before {
		return errDead
	}
	err := f.Store.Update(fn)
	if err == nil && after {
		return errDead
	}
	return err
}

// wire stands between the wiki and the bot, and says of revisions what a wiki
// with change tags and hidden revisions says.
type wire struct {
	tags   map[int64][]string // in place of the wiki's
	hidden map[int64]string   // "user", "text" or both
	rename map[string]string  // users of revisions, whom the bot still knows by another name
	fail   func() (before, after bool)
}

func (x *wire) around(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		var before, after bool
		if x.fail != nil {
			before, after = x.fail()
		}
		out := httptest.NewRecorder()
		if !before {
			next.ServeHTTP(out, r)
		}
		if before || after {
			http.Error(rw, "gone", http.StatusForbidden)
			return
		}
		var answer any
		d := json.NewDecoder(bytes.NewReader(out.Body.Bytes()))
		d.UseNumber()
		if d.Decode(&answer) == nil {
			x.mark(answer)
			out.Body.Reset()
			_ = json.NewEncoder(out.Body).Encode(answer)
			out.Header().Del("Content-Length")
		}
		for k, v := range out.Header() {
			rw.Header()[k] = v
		}
		rw.WriteHeader(out.Code)
		_, _ = rw.Write(out.Body.Bytes())
	})
}

func (x *wire) mark(v any) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			x.mark(e)
		}
	case map[string]any:
		for _, e := range v {
			x.mark(e)
		}
		if n, ok := v["revid"].(json.Number); ok {
			id, _ := n.Int64()
			x.markRevision(id, v)
		}
	}
}

func (x *wire) markRevision(id int64, v map[string]any) {
	if tags, other := x.tags[id]; other && v["tags"] != nil {
		v["tags"] = slices.Concat([]string{}, tags)
	}
	if user, ok := v["user"].(string); ok && x.rename[user] != "" {
		v["user"] = x.rename[user]
	}
	if strings.Contains(x.hidden[id], "user") {
		delete(v, "user")
		v["userhidden"] = true
	}
	if slots, ok := v["slots"].(map[string]any); ok && strings.Contains(x.hidden[id], "text") {
		slots["main"] = map[string]any{"texthidden": true}
	}
}
