package faults_test

import (
	"crypto/sha1"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"filewarden/bot"
	"filewarden/bot/gate"
	"filewarden/bot/sandbox"
	"filewarden/bot/sandbox/picture"
	"filewarden/bot/wiki"
	"filewarden/storage"
	"filewarden/tasks/copyvio"
	"filewarden/tasks/copyvio/casebook"
	"filewarden/tasks/copyvio/page"
	"filewarden/tasks/copyvio/provider/providertest"
	"filewarden/tests/faults"
)

const watchConfig = `{"mode": "live", "editsPerMinute": 600, "notices": {"optIn": false, "window": "now"},
	"tasks": {"copyvio": {"enabled": true, "wait": "0m", "grace": "0m", "action": "tag", "recipe": "generic", "template": "Copyvio"}}}`

// watch is a bot that watches uploads of a sandbox behind a proxy.
type watch struct {
	t        *testing.T
	wiki     *sandbox.Wiki
	proxy    *faults.Proxy
	services *providertest.Server
	clock    *clock
	bot      *bot.Bot
}

func newWatch(t *testing.T) *watch {
	t.Helper()
	c := &clock{}
	w := &watch{t: t, clock: c, wiki: sandbox.New(sandbox.Options{Name: "testwiki", Clock: c.now, RevisionDelete: true}),
		services: providertest.New(providertest.Options{Default: providertest.FullAndPages})}
	server, services := httptest.NewServer(w.wiki), httptest.NewServer(w.services.Serve())
	t.Cleanup(server.Close)
	t.Cleanup(services.Close)
	w.wiki.SetServer(server.URL)
	w.wiki.AddUser(account, "", "bot")
	w.wiki.BotPassword(account, "app", strings.Repeat("a1", 16))
	w.wiki.AddUser("Rita", "", "sysop")
	w.wiki.AddUser("Una", "")
	w.wiki.Edit("Rita", "User:"+account+"/config.json", watchConfig, "")
	w.proxy = faults.NewProxy(t, w.wiki.APIURL())
	store := storage.Memory()
	t.Cleanup(func() { _ = store.Close() })
	var err error
	w.bot, err = bot.Open(t.Context(), bot.Settings{
		Wiki: wiki.Settings{API: w.proxy.API, User: account + "@app", Password: strings.Repeat("a1", 16), Contact: "test@wiki.invalid",
			Now: c.now, Sleep: c.sleep, Timeout: time.Second, Deadline: time.Minute},
		Mode: gate.Live, Now: c.now, Sleep: c.sleep, Foreign: http.DefaultTransport,
		Tasks: map[string]any{copyvio.Name: &copyvio.Operator{GoogleKey: providertest.GoogleKey, GoogleEndpoint: providertest.Keys(services.URL).Google.Endpoint}},
	}, store, copyvio.Register())
	if err != nil {
		t.Fatal(err)
	}
	w.mustPass() // takes stock
	return w
}

// pass makes a round and a pass, an hour after the last.
func (w *watch) pass() error {
	w.clock.skip(time.Hour)
	if err := w.bot.Round(w.t.Context()); err != nil {
		return err
	}
	return w.bot.Pass(w.t.Context(), copyvio.Name, nil)
}

func (w *watch) mustPass() {
	w.t.Helper()
	if err := w.pass(); err != nil {
		w.t.Fatal(err)
	}
}

func (w *watch) text(title string) string {
	text, _ := w.wiki.Text(title)
	return text
}

// upload stores a picture and gives its SHA-1.
func (w *watch) upload(name string, seed uint64) string {
	data := picture.JPEG(picture.Photo(seed, 160, 120), 80)
	w.wiki.UploadWithText("Una", "File:"+name, data, "", "{{self|cc-by-sa-4.0}}")
	sum := sha1.Sum(data)
	return hex.EncodeToString(sum[:])
}

// accept decides a case on the page of all, as far as it stands there.
func (w *watch) accept(sha1 string) bool {
	title := "User:" + account + "/Copyvio/All"
	text, ok := page.Put(w.text(title), sha1, casebook.Accepted)
	if ok {
		w.wiki.Edit("Rita", title, text, "copied")
	}
	return ok
}

// tags counts the bot's edits of a file's page.
func (w *watch) tags(name string) (n int) {
	for _, r := range w.wiki.History("File:" + name) {
		if r.User == account {
			n++
		}
	}
	return n
}

func TestAFaultOnTheWayLosesNoUploadAndRepeatsNothing(t *testing.T) {
	third := func(f faults.Fault) faults.Plan {
		n := 0
		return func(faults.Request) faults.Fault {
			if n++; n%3 != 0 {
				return nil
			}
			return f
		}
	}
	for name, fault := range map[string]faults.Fault{
		"429":         faults.Forge(429, retryAfter("30"), html),
		"503":         faults.Forge(503, nil, html),
		"maxlag":      faults.Lagged(),
		"HTML":        faults.Forge(200, nil, html),
		"cut":         faults.CutAnswer,
		"half JSON":   faults.HalfJSON,
		"reset":       faults.LoseRequest,
		"lost answer": faults.LoseAnswer,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWatch(t)
			before := w.upload("Before.jpg", 1)
			w.proxy.Set(func(faults.Request) faults.Fault { return fault })
			if err := w.pass(); err == nil {
				t.Error("a pass without a wiki ended well")
			}
			w.proxy.Set(third(fault))
			_ = w.pass() // may end anywhere
			during := w.upload("During.jpg", 2)
			_ = w.pass()
			w.accept(before)
			_ = w.pass()
			w.proxy.Set(nil)
			for range 3 {
				w.mustPass()
				w.accept(before)
				w.accept(during)
			}
			w.mustPass()
			w.judge(map[string]string{"Before.jpg": before, "During.jpg": during})
		})
	}
}

// judge wants each file found, paid for, tagged and told of once.
func (w *watch) judge(files map[string]string) {
	w.t.Helper()
	for name, sum := range files {
		if n := w.services.Billed(providertest.Google)[sum]; n != 2 {
			w.t.Errorf("%s cost %d units, want 2", name, n)
		}
		if n := w.tags(name); n != 1 {
			w.t.Errorf("File:%s was edited %d times:\n%s", name, n, w.text("File:"+name))
		}
		talk := w.text("User talk:Una")
		if n := strings.Count(talk, "looked at your upload [[:File:"+name+"|"); n != 1 {
			w.t.Errorf("Una was told %d times what was decided about %s:\n%s", n, name, talk)
		}
	}
	if n := strings.Count(w.text("User:"+account+"/Copyvio/All"), "\n| id ="); n != len(files) {
		w.t.Errorf("%d cases:\n%s", n, w.text("User:"+account+"/Copyvio/All"))
	}
}
