package bot

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"filewarden/bot/gate"
	"filewarden/bot/notice"
	"filewarden/bot/report"
	"filewarden/bot/sandbox"
	"filewarden/bot/wiki"
	"filewarden/storage"

	"github.com/rs/zerolog"
)

const (
	botName    = "Keeper"
	configPage = "User:" + botName + "/config.json"
	statusPage = "User:" + botName + "/Status"
	stopPage   = "User:" + botName + "/Stop"
	requests   = "User:" + botName + "/Requests"
)

// rig is a bot with tasks of a test's own, on a wiki in this process that is
// spoken to without a network, so that it works under a clock of its own.
type rig struct {
	t     *testing.T
	wiki  *sandbox.Wiki
	store storage.Store
	clock *clock
	dry   []gate.Planned
	set   Settings
	*Bot
}

// clock is moved by hand, and by those who sleep.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func (c *clock) sleep(ctx context.Context, d time.Duration) error {
	c.add(d)
	return ctx.Err()
}

// direct hands requests to the wiki without a wire.
type direct struct{ wiki http.Handler }

func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	asked := r.Clone(r.Context())
	asked.RequestURI = r.URL.RequestURI()
	if asked.Body == nil {
		asked.Body = http.NoBody
	}
	answer := httptest.NewRecorder()
	d.wiki.ServeHTTP(answer, asked)
	res := answer.Result()
	res.Request = r
	return res, nil
}

// newRig opens a bot in mode live on a wiki whose community agrees.
func newRig(t *testing.T, tasks ...Registration) *rig {
	t.Helper()
	c := &clock{now: time.Date(2026, 3, 4, 5, 0, 0, 0, time.UTC)}
	r := openRig(t, sandbox.Options{Name: "testwiki", SiteName: "Test", Clock: c.Now}, Settings{Now: c.Now, Sleep: c.sleep}, tasks...)
	r.clock = c
	return r
}

func openRig(t *testing.T, o sandbox.Options, s Settings, tasks ...Registration) *rig {
	t.Helper()
	o.Language, o.Server = "en", "http://sandbox.test"
	r := &rig{t: t, wiki: sandbox.New(o), store: storage.Memory()}
	t.Cleanup(func() { r.store.Close() })
	r.wiki.AddUser(botName, "", "bot")
	r.wiki.BotPassword(botName, "app", "secret")
	r.wiki.AddUser("Alice", "")
	r.config(`{"mode": "live", "editsPerMinute": 60}`)
	s.Wiki = wiki.Settings{API: r.wiki.APIURL(), User: botName + "@app", Password: "secret", Contact: "mail@example.org",
		Version: "0", Transport: direct{r.wiki}, Now: s.Now, Sleep: s.Sleep, Deadline: time.Minute}
	s.Mode, s.Log = gate.Live, zerolog.Nop()
	s.OnPlanned = func(p gate.Planned) { r.dry = append(r.dry, p) }
	r.set = s
	r.reopen(tasks...)
	return r
}

// reopen is a new start of the bot on the same memory.
func (r *rig) reopen(tasks ...Registration) {
	r.t.Helper()
	b, err := Open(r.t.Context(), r.set, r.store, tasks...)
	if err != nil {
		r.t.Fatal(err)
	}
	r.Bot = b
}

func (r *rig) config(text string) { r.wiki.Edit("Admin", configPage, text, "") }

// round makes one that must go well.
func (r *rig) round() {
	r.t.Helper()
	if err := r.Round(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
}

// text of a page; "" where there is none.
func (r *rig) text(title string) string {
	text, _ := r.wiki.Text(title)
	return text
}

func (r *rig) edits(title string) int { return len(r.wiki.History(title)) }

// state of a task, which must be readable.
func (r *rig) state(task string) TaskState {
	r.t.Helper()
	s, err := r.TaskState(task)
	if err != nil {
		r.t.Fatal(err)
	}
	return s
}

func (r *rig) mustHave(title, part string) {
	r.t.Helper()
	if text := r.text(title); !strings.Contains(text, part) {
		r.t.Errorf("%s does not say %q:\n%s", title, part, text)
	}
}

// job is a task made of a function.
type job struct {
	name string
	run  func(context.Context, *Env) error
}

func (j job) Name() string { return j.name }

func (j job) Run(ctx context.Context, env *Env) error { return j.run(ctx, env) }

func task(name string, run func(context.Context, *Env) error) Registration {
	return Registration{Task: job{name, run}}
}

// idle is a task without work.
func idle(name string) Registration {
	return task(name, func(context.Context, *Env) error { return nil })
}

// teller tells Alice something new in every pass.
func teller(name string) Registration {
	n := 0
	t := task(name, func(_ context.Context, env *Env) error {
		n++
		return env.Store.Update(func(tx storage.Tx) error {
			return env.Notices.Add(tx, notice.Event{ID: fmt.Sprint(name, n), Kind: name, User: "Alice", Page: fmt.Sprint("Page ", n), Time: env.Now()})
		})
	})
	t.Kinds = []notice.Kind{{Name: name, Task: name, Echo: "notice", Group: "neutral", Lines: func(_ notice.Reader, events []notice.Event) (lines []notice.Line) {
		for _, e := range events {
			lines = append(lines, notice.Line{Wikitext: "news: [[" + e.Page + "]]", Plain: "news: " + e.Page, Page: e.Page})
		}
		return lines
	}}}
	t.Words = fstest.MapFS{"en.json": {Data: fmt.Appendf(nil, `{"kind-%s": "news of %s", "kind-%s-title": "news of %s"}`, name, name, name, name)}}
	t.Requests = []Handler{func(_ context.Context, _ *Env, q report.Request) (report.Answer, bool, error) {
		if q.Heading == "explode" {
			panic("at request")
		}
		return report.Answer{Text: "ping back to " + q.User}, q.Heading == "ping", nil
	}}
	return t
}
