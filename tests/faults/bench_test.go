package faults_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"filewarden/bot"
	"filewarden/bot/gate"
	"filewarden/bot/notice"
	"filewarden/bot/sandbox"
	"filewarden/bot/wiki"
	"filewarden/storage"
	"filewarden/templates"
	"filewarden/tests/faults"
	"filewarden/tests/realwiki"

	"github.com/rs/zerolog"
)

const (
	account = "FileBot"
	kind    = "file-usage"
)

// config lets the bot write at once to everybody.
const config = `{"mode": "live", "editsPerMinute": 60,
	"notices": {"optIn": false, "channel": "%s", "window": "now", "perDay": 100}}`

// home is a wiki as the tests see it, not by way of the bot.
type home struct {
	api            string
	user, password string
	timeout        time.Duration // after which the bot gives an answer up
	write          func(title, text string)
	history        func(title string) []revision // newest first
}

type revision struct{ user, comment, text string }

// people of every wiki.
var people = []string{"Alice", "Bob"}

// sandboxHome is an empty wiki in this process.
func sandboxHome(t *testing.T) *home {
	w := sandbox.New(sandbox.Options{Name: "testwiki", EchoAPI: true})
	server := httptest.NewServer(w)
	t.Cleanup(server.Close)
	w.SetServer(server.URL)
	w.AddUser(account, "", "bot")
	w.BotPassword(account, "app", strings.Repeat("a1", 16))
	for _, name := range people {
		w.AddUser(name, "")
	}
	return &home{
		api: w.APIURL(), user: account + "@app", password: strings.Repeat("a1", 16), timeout: time.Second,
		write: func(title, text string) { w.Edit("Admin", title, text, "a test") },
		history: func(title string) (all []revision) {
			for _, r := range slices.Backward(w.History(title)) {
				all = append(all, revision{r.User, r.Comment, r.Text})
			}
			return all
		},
	}
}

// realHome is a MediaWiki, or the test is skipped.
func realHome(t *testing.T) *home {
	w := realwiki.Start(t)
	me := w.AddUser(account, "bot")
	for _, name := range people {
		w.AddUser(name)
	}
	return &home{
		api: w.API, user: me.BotLogin, password: me.BotPassword, timeout: 5 * time.Second,
		write: func(title, text string) { w.Edit(w.Admin, title, text, "a test") },
		history: func(title string) (all []revision) {
			for _, r := range w.History(title) {
				all = append(all, revision{r.User, r.Comment, r.Text()})
			}
			return all
		},
	}
}

// clock runs with the real one and jumps over every wait.
type clock struct {
	mu     sync.Mutex
	ahead  time.Duration
	waited time.Duration
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead)
}

func (c *clock) sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += d
	c.waited += d
	return ctx.Err()
}

func (c *clock) skip(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += d
}

// logged is what the process said.
type logged struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// news is a task that finds the same events at every pass.
type news struct{ events []notice.Event }

func (*news) Name() string { return "usage" }

func (n *news) Run(_ context.Context, env *bot.Env) error {
	return env.Store.Update(func(tx storage.Tx) error { return env.Notices.Add(tx, n.events...) })
}

// lines say only which event they are about.
func lines(_ notice.Reader, events []notice.Event) (all []notice.Line) {
	for _, e := range events {
		text := fmt.Sprintf("this is %s, see https://news.example/%[1]s", e.ID)
		all = append(all, notice.Line{Wikitext: text, Plain: text, Page: e.Page, File: e.File})
	}
	return all
}

// bench is a bot whose wiki is behind a proxy.
type bench struct {
	t     *testing.T
	home  *home
	proxy *faults.Proxy
	clock *clock
	log   *logged
	store storage.Store
	bot   *bot.Bot
	id    string // of this bench's events: id-Alice, id-Bob
}

// newBench opens a bot with an empty memory that has news for everybody.
func newBench(t *testing.T, h *home, channel, id string) *bench {
	t.Helper()
	h.write("User:"+account+"/config.json", fmt.Sprintf(config, channel))
	store := storage.Memory()
	t.Cleanup(func() { _ = store.Close() })
	b := &bench{t: t, home: h, proxy: faults.NewProxy(t, h.api), clock: &clock{}, log: &logged{}, store: store, id: id}
	if err := b.open(); err != nil {
		t.Fatal(err)
	}
	b.proxy.Seen()
	return b
}

// open starts the bot, anew where there was one.
func (b *bench) open() (err error) {
	task := &news{}
	for _, name := range people {
		task.events = append(task.events, notice.Event{ID: b.id + "-" + name, Kind: kind, User: name,
			File: "File:A b.png", Page: "Page", Time: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)})
	}
	b.bot, err = bot.Open(b.t.Context(), bot.Settings{
		Wiki: wiki.Settings{API: b.proxy.API, User: b.home.user, Password: b.home.password, Contact: "test@wiki.invalid",
			Now: b.clock.now, Sleep: b.clock.sleep, Timeout: b.home.timeout},
		Mode: gate.Live, Now: b.clock.now, Sleep: b.clock.sleep, Log: zerolog.New(b.log),
	}, b.store, bot.Registration{Task: task, Words: templates.Folder("usage"),
		Kinds: []notice.Kind{{Name: kind, Task: task.Name(), Echo: "notice", Group: "positive", Lines: lines}}})
	if err != nil {
		return err
	}
	_, err = b.bot.Panel().Poll(b.t.Context())
	return err
}

// pass makes one pass and returns its error with all that was said.
func (b *bench) pass() (err error, said string) {
	err = b.bot.Pass(b.t.Context(), "usage", nil)
	return err, fmt.Sprintf("%v\n%s", err, b.log)
}

// told counts the sections that tell of an event on a page.
func (b *bench) told(name, title string) int {
	b.t.Helper()
	history := b.home.history(title)
	if len(history) == 0 {
		return 0
	}
	return strings.Count(history[0].text, fmt.Sprintf("this is %s-%s, see", b.id, name))
}

// talk is how often the user's own talk page tells.
func (b *bench) talk(name string) int {
	b.t.Helper()
	return b.told(name, "User talk:"+name)
}

// pinged is how often the bot's pages of notices tell. The clock may have
// jumped into the next month.
func (b *bench) pinged(name string) (n int) {
	b.t.Helper()
	seen := map[string]bool{}
	for _, at := range []time.Time{time.Now(), b.clock.now()} {
		title := "User:" + account + "/Notices/" + at.UTC().Format("2006-01")
		if !seen[title] {
			n += b.told(name, title)
		}
		seen[title] = true
	}
	return n
}

// edits counts the edits of a page that the bot asked for.
func edits(seen []faults.Request, title string) (n int) {
	for _, r := range seen {
		if r.Is("edit", "title", title) {
			n++
		}
	}
	return n
}

// pending is how many events wait.
func (b *bench) pending() (n int) {
	b.t.Helper()
	waiting, err := b.bot.Pending()
	if err != nil {
		b.t.Fatal(err)
	}
	for _, count := range waiting {
		n += count
	}
	return n
}
