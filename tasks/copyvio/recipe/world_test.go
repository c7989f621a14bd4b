package recipe

import (
	"context"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
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
	"filewarden/tasks/copyvio/casebook"
	"filewarden/templates"
)

const (
	botName = "FileBot"
	secret  = "secretsecretsecretsecretsecretse"
	picture = "the bytes of a picture"
	evil    = "A=b {{evil}}|c]] [[d]] ~~~~ <b> & 'x' __TOC__"
)

var (
	sum  = sha1.Sum([]byte(picture))
	hash = hex.EncodeToString(sum[:])
)

// world is a wiki with one file that Rita accepted as copied, and a bot.
type world struct {
	t      *testing.T
	wiki   *sandbox.Wiki
	store  *mortal
	clock  atomic.Int64 // Unix time in nanoseconds
	mode   gate.Mode
	action string
	choice Choice
	dry    []gate.Planned
	bot    *bot.Bot
	env    *bot.Env
	file   string
	begins string // JSON of config.json
}

func (w *world) now() time.Time        { return time.Unix(0, w.clock.Load()).UTC() }
func (w *world) later(d time.Duration) { w.clock.Add(int64(d)) }

// mortal is a memory whose process dies at one of its updates.
type mortal struct {
	storage.Store
	left int // updates until then; negative: never
	late bool
}

var errKilled = errors.New("killed")

func (m *mortal) Update(fn func(storage.Tx) error) error {
	if m.left == 0 {
		return errKilled
	}
	if m.left--; m.left != 0 || !m.late {
		if m.left == 0 {
			return errKilled
		}
		return m.Store.Update(fn)
	}
	return errors.Join(m.Store.Update(fn), errKilled) // stored, and nobody heard of it
}

func (m *mortal) View(fn func(storage.Tx) error) error {
	if m.left == 0 {
		return errKilled
	}
	return m.Store.View(fn)
}

// newWorld is a wiki by its database name, with a file of a name.
func newWorld(t *testing.T, name, file string) *world {
	t.Helper()
	w := &world{t: t, store: &mortal{Store: storage.Memory(), left: -1}, mode: gate.Live, file: "File:" + file,
		begins: `{"mode": "live", "editsPerMinute": 600}`}
	t.Cleanup(func() { _ = w.store.Store.Close() })
	w.clock.Store(time.Date(2026, 11, 29, 23, 49, 0, 0, time.UTC).UnixNano())
	site := map[string]string{"commonswiki": "Commons", "enwiki": "Wikipedia"}[name]
	if site == "" {
		site = "Test"
	}
	w.wiki = sandbox.New(sandbox.Options{Name: name, SiteName: site, Clock: w.now})
	server := httptest.NewServer(w.wiki)
	t.Cleanup(server.Close)
	w.wiki.SetServer(server.URL)
	w.wiki.AddUser(botName, "", "bot")
	w.wiki.BotPassword(botName, "app", secret, "basic", "highvolume", "editpage", "createeditmovepage", "delete")
	w.wiki.AddUser("Rita", "")
	w.wiki.AddUser("Una", "")
	w.wiki.Upload("Una", w.file, []byte(picture), "my own work")
	w.open()
	w.put(func(c *casebook.Case) {})
	return w
}

// open starts the bot, anew where it ran already.
func (w *world) open() {
	w.t.Helper()
	w.store.left = -1
	w.wiki.Edit(botName, "User:"+botName+"/config.json", w.begins, "")
	sleep := func(_ context.Context, d time.Duration) error { w.later(d); return nil }
	b, err := bot.Open(w.t.Context(), bot.Settings{
		Wiki: wiki.Settings{API: w.wiki.APIURL(), User: botName + "@app", Password: secret, Contact: "ops@example.org", Now: w.now, Sleep: sleep, Deadline: time.Minute},
		Mode: w.mode, Now: w.now, Sleep: sleep, OnPlanned: func(p gate.Planned) { w.dry = append(w.dry, p) },
	}, w.store, bot.Registration{Task: nothing{}, Kinds: []notice.Kind{{Name: "copyvio", Task: "copyvio", Echo: "alert",
		Lines: func(notice.Reader, []notice.Event) []notice.Line { return nil }}}, Words: templates.Folder("copyvio")})
	if err != nil {
		w.t.Fatal(err)
	}
	w.bot = b
	if _, err := b.Panel().Poll(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	if w.env, err = b.Env("copyvio"); err != nil {
		w.t.Fatal(err)
	}
}

// nothing is a task of that name.
type nothing struct{}

func (nothing) Name() string                        { return "copyvio" }
func (nothing) Run(context.Context, *bot.Env) error { return nil }

// put stores the case, accepted now, after a change.
func (w *world) put(change func(*casebook.Case)) {
	w.t.Helper()
	err := w.env.Store.Update(func(tx storage.Tx) error {
		c, known, err := casebook.GetCase(tx, hash)
		if err != nil {
			return err
		}
		if !known {
			c = casebook.Case{SHA1: hash, Title: w.file, Uploader: "Una", State: casebook.Accepted, By: "Rita", Decided: w.now(),
				Matches: []casebook.Match{{URL: "https://stock.example.com/a.jpg?id=7&x=1", Kind: casebook.Full, Percent: 100}}}
		}
		change(&c)
		return casebook.PutCase(tx, c)
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// takeBack is the reviewer's second thought.
func (w *world) takeBack() {
	w.put(func(c *casebook.Case) { c.State, c.By, c.Decided = casebook.Open, "", time.Time{} })
}

func (w *world) accept() {
	w.put(func(c *casebook.Case) { c.State, c.By, c.Decided = casebook.Accepted, "Rita", w.now() })
}

// runner as the task would make it.
func (w *world) runner() *Runner {
	w.t.Helper()
	all, err := All()
	if err != nil {
		w.t.Fatal(err)
	}
	choice := w.choice
	choice.Action = w.action
	recipe, action, err := Choose(all, choice, w.env.Wiki.Site())
	if err != nil {
		w.t.Fatal(err)
	}
	return New(Config{Task: "copyvio", Kind: "copyvio", Gate: w.env.Gate, Wiki: w.env.Wiki, Store: w.env.Store,
		Words: w.words(), Recipe: recipe, Action: action, Grace: Grace, Refuses: w.env.Notices.Refuses, Unfinished: w.env.Unfinished,
		Now: w.now, Sleep: func(_ context.Context, d time.Duration) error { w.later(d); return nil }})
}

func (w *world) words() *templates.Language { return w.env.Words.In("en") }

func (w *world) try() error { return w.runner().Advance(w.t.Context(), hash) }

// act lets ten minutes pass and makes the runner work.
func (w *world) act() {
	w.t.Helper()
	w.later(Grace)
	if err := w.try(); err != nil {
		w.t.Fatal(err)
	}
}

// state of the action, which must be this one.
func (w *world) state(want string) casebook.Action {
	w.t.Helper()
	var c casebook.Case
	err := w.env.Store.View(func(tx storage.Tx) (err error) {
		c, _, err = casebook.GetCase(tx, hash)
		return err
	})
	if err != nil || c.Action.State != want {
		w.t.Errorf("the action is %q (%s), want %q; %v", c.Action.State, c.Action.Why, want, err)
	}
	return c.Action
}

// edits are what the bot wrote, page by page: title, summary, text; its own pages left out.
func (w *world) edits() (all []string) {
	for _, title := range w.wiki.Titles() {
		for _, rev := range w.wiki.History(title) {
			if rev.User == botName && !strings.HasPrefix(title, "User:"+botName+"/") {
				all = append(all, fmt.Sprintf("-- %s --\n%s\n%s\n", title, rev.Comment, strings.TrimSpace(rev.Text)))
			}
		}
	}
	return all
}

// counts of the bot's edits by page.
func (w *world) counts() map[string]int {
	counts := map[string]int{}
	for _, title := range w.wiki.Titles() {
		for _, rev := range w.wiki.History(title) {
			if rev.User == botName && !strings.HasPrefix(title, "User:"+botName+"/") {
				counts[title]++
			}
		}
	}
	return counts
}

// text of a page; "" where there is none.
func (w *world) text(title string) string {
	text, _ := w.wiki.Text(title)
	return text
}

func (w *world) has(title string, parts ...string) {
	w.t.Helper()
	for _, part := range parts {
		if !strings.Contains(w.text(title), part) {
			w.t.Errorf("%s does not hold %q:\n%s", title, part, w.text(title))
		}
	}
}

// onPost calls a fault at the n-th write, from 0.
func (w *world) onPost(n int, fault func(r *http.Request, next http.Handler, rw http.ResponseWriter) bool) {
	seen := -1
	w.wiki.Fault(func(r *http.Request, next http.Handler, rw http.ResponseWriter) bool {
		if action := r.FormValue("action"); action != "edit" && action != "delete" {
			return false
		}
		seen++
		return seen == n && fault(r, next, rw)
	})
}

var signed = regexp.MustCompile(`\d\d:\d\d, \d+ \w+ \d{4} \(UTC\)`)

// unfinished is what the status page says of it: a part of that, or "" for nothing.
func (w *world) unfinished(part string) {
	w.t.Helper()
	w.later(time.Minute)
	if err := w.bot.TellStatus(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	said := strings.Contains(w.text("User:FileBot/Status"), "Not finished")
	if said != (part != "") {
		w.t.Errorf("Status says it: %v\n%s", said, w.text("User:FileBot/Status"))
	}
	w.has("User:FileBot/Status", part)
}

// spent is how many edits of the trial are gone.
func (w *world) spent(want int) {
	w.t.Helper()
	if n, err := w.env.Gate.TrialUsed(); err != nil || n != want {
		w.t.Errorf("%d edits of the trial are spent, want %d (%v)", n, want, err)
	}
}
