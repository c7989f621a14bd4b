package copyvio

import (
	"context"
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"filewarden/bot"
	"filewarden/bot/gate"
	"filewarden/bot/sandbox"
	"filewarden/bot/sandbox/picture"
	"filewarden/bot/wiki"
	"filewarden/storage"
	"filewarden/tasks/copyvio/casebook"
	"filewarden/tasks/copyvio/page"
	"filewarden/tasks/copyvio/provider/providertest"
)

// world is a wiki with uploads, services that know some pictures, and a bot.
type world struct {
	t        *testing.T
	wiki     *sandbox.Wiki
	services *providertest.Server
	bot      *bot.Bot
	task     bot.Registration
	store    storage.Store
	operator *Operator
	mode     gate.Mode
	clock    atomic.Int64 // Unix time in nanoseconds
}

func (w *world) now() time.Time        { return time.Unix(0, w.clock.Load()).UTC() }
func (w *world) later(d time.Duration) { w.clock.Add(int64(d)) }

// live lets the bot write at once, and looks for uploads without waiting.
const live = `{"mode": "live", "editsPerMinute": 600, "notices": {"optIn": false, "window": "now"},
	"tasks": {"copyvio": {"enabled": true, "wait": "0m", "action": "tag", "recipe": "generic", "template": "Copyvio"%s}}}`

func config(more string) string {
	if more != "" {
		more = ", " + more
	}
	return fmt.Sprintf(live, more)
}

func newWorld(t *testing.T, config string) *world {
	t.Helper()
	return newWorldOf(t, config, sandbox.Options{SpamBlacklist: true, RevisionDelete: true})
}

func newWorldOf(t *testing.T, config string, o sandbox.Options) *world {
	t.Helper()
	w := unstarted(t, config, o)
	w.pass() // takes stock
	return w
}

// unstarted is a world whose bot has yet to make its first pass.
func unstarted(t *testing.T, config string, o sandbox.Options) *world {
	t.Helper()
	return unstartedOn(t, config, o, sandbox.New)
}

func unstartedOn(t *testing.T, config string, o sandbox.Options, wikiOf func(sandbox.Options) *sandbox.Wiki) *world {
	t.Helper()
	w := &world{t: t, store: storage.Memory(), mode: gate.Live}
	w.clock.Store(time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC).UnixNano())
	o.Name, o.SiteName, o.Clock = "testwiki", "Test", w.now
	w.wiki = wikiOf(o)
	server := httptest.NewServer(w.wiki)
	t.Cleanup(server.Close)
	w.wiki.SetServer(server.URL)
	w.services = providertest.New(providertest.Options{})
	services := httptest.NewServer(w.services.Serve())
	t.Cleanup(services.Close)
	k := providertest.Keys(services.URL)
	w.operator = &Operator{GoogleKey: providertest.GoogleKey, GoogleEndpoint: k.Google.Endpoint}
	w.people()
	w.wiki.Edit("Ada", "User:FileBot/config.json", config, "")
	t.Cleanup(func() { _ = w.store.Close() })
	w.open()
	return w
}

// people are an admin, two reviewers, an uploader and a stranger.
func (w *world) people() {
	w.wiki.AddUser("FileBot", "x", "bot")
	w.wiki.BotPassword("FileBot", "app", "secretsecretsecretsecretsecretse")
	w.wiki.AddUser("Ada", "x", "sysop")
	for _, name := range []string{"Rita", "Rob"} {
		w.wiki.AddUser(name, "x", "patroller")
	}
	for _, name := range []string{"Una", "Paul"} {
		w.wiki.AddUser(name, "x")
	}
}

// open starts the bot, anew where it ran before: what it had in mind is gone.
func (w *world) open() {
	w.t.Helper()
	w.task = Register()
	sleep := func(_ context.Context, d time.Duration) error { w.later(d); return nil }
	b, err := bot.Open(w.t.Context(), bot.Settings{
		Wiki: wiki.Settings{API: w.wiki.APIURL(), User: "FileBot@app", Password: "secretsecretsecretsecretsecretse", Contact: "ops@example.org",
			Now: w.now, Sleep: sleep},
		Mode: w.mode, Now: w.now, Sleep: sleep, Tasks: map[string]any{Name: w.operator}, Foreign: http.DefaultTransport,
	}, w.store, w.task)
	if err != nil {
		w.t.Fatal(err)
	}
	w.bot = b
}

// pass makes a round and a pass, an hour after the last.
func (w *world) pass() {
	w.t.Helper()
	if err := w.tryPass(); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) tryPass() error {
	w.t.Helper()
	w.later(time.Hour)
	if err := w.bot.Round(w.t.Context()); err != nil {
		return err
	}
	if problems := w.bot.Panel().State().Problems; len(problems) > 0 {
		w.t.Fatalf("config: %+v", problems)
	}
	return w.bot.Pass(w.t.Context(), Name, nil)
}

// photo uploads a photo that no service knows yet, and gives its SHA-1.
func (w *world) photo(user, name string, seed uint64) string {
	w.t.Helper()
	return w.upload(user, name, photo(seed))
}

func photo(seed uint64) []byte { return picture.JPEG(picture.Photo(seed, 320, 240), 90) }

func (w *world) upload(user, name string, data []byte) string {
	w.t.Helper()
	w.wiki.UploadWithText(user, "File:"+name, data, "an upload", "{{Information|author="+user+"}} {{self|cc-by-sa-4.0}}")
	return shaOf(data)
}

func shaOf(data []byte) string {
	sum := sha1.Sum(data)
	return hex.EncodeToString(sum[:])
}

// copied uploads a photo that a service knows.
func (w *world) copied(user, name string, seed uint64) string {
	w.t.Helper()
	w.services.Set(shaOf(photo(seed)), providertest.FullAndPages)
	return w.photo(user, name, seed)
}

// caseOf is a case as it is remembered.
func (w *world) caseOf(sha1 string) (c casebook.Case, known bool) {
	w.t.Helper()
	w.view(func(tx storage.Tx) (err error) {
		c, known, err = casebook.GetCase(tx, sha1)
		return err
	})
	return c, known
}

func (w *world) imageOf(sha1 string) (i casebook.Image) {
	w.t.Helper()
	w.view(func(tx storage.Tx) (err error) {
		i, _, err = casebook.GetImage(tx, sha1)
		return err
	})
	return i
}

func (w *world) view(fn func(storage.Tx) error) {
	w.t.Helper()
	env, err := w.bot.Env(Name)
	if err == nil {
		err = env.Store.View(fn)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// mustCase wants a case in a state.
func (w *world) mustCase(sha1 string, state casebook.State) casebook.Case {
	w.t.Helper()
	c, known := w.caseOf(sha1)
	if !known || c.State != state {
		w.t.Fatalf("case %s: known %v, state %s, want %s; image %+v", sha1[:8], known, c.State, state, w.imageOf(sha1))
	}
	return c
}

// decide writes a status on a page of cases, as a person does.
func (w *world) decide(user, name, sha1 string, to casebook.State) {
	w.t.Helper()
	title := "User:FileBot/" + name
	text, ok := page.Put(w.text(title), sha1, to)
	if !ok {
		w.t.Fatalf("%s has no case %s:\n%s", title, sha1, w.text(title))
	}
	w.wiki.Edit(user, title, text, "reviewed")
}

func (w *world) text(title string) string {
	text, _ := w.wiki.Text(title)
	return text
}
