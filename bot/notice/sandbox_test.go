package notice_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"filewarden/bot/gate"
	"filewarden/bot/notice"
	"filewarden/bot/sandbox"
	"filewarden/bot/wiki"
	"filewarden/storage"
	"filewarden/templates"
	"filewarden/wikiconfig"

	"github.com/rs/zerolog"
)

// rig is a box over the real gate and the real wire, against the sandbox.
type rig struct {
	*notice.Box
	t     *testing.T
	wiki  *sandbox.Wiki
	store storage.Store
	clock atomic.Int64 // the wiki's handlers read it too
	panel *wikiconfig.Panel
	words *templates.Words
	log   map[string]int
}

func newRig(t *testing.T) *rig {
	r := &rig{t: t, store: storage.Memory(), log: map[string]int{}}
	t.Cleanup(func() { r.store.Close() })
	r.clock.Store(time.Date(2026, 11, 18, 10, 0, 0, 0, time.UTC).UnixNano())
	r.wiki = sandbox.New(sandbox.Options{Name: "testwiki", Clock: r.now, EchoAPI: true})
	server := httptest.NewServer(r.wiki)
	t.Cleanup(server.Close)
	r.wiki.SetServer(server.URL)
	r.wiki.BotPassword("FileBot", "app", "secret")
	r.wiki.Promote("FileBot", "bot")
	r.wiki.Edit("Admin", "User:FileBot/config.json", `{"mode":"live","editsPerMinute":60,"notices":{"optIn":false,"window":"now"}}`, "config")
	for _, user := range []string{"Alice", "Bob", "Carol", "Dora"} {
		r.wiki.AddUser(user, "")
	}
	var err error
	if r.words, err = templates.Load(templates.Folder(""), templates.Folder("usage")); err != nil {
		t.Fatal(err)
	}
	r.open()
	return r
}

func (r *rig) now() time.Time { return time.Unix(0, r.clock.Load()).UTC() }

func (r *rig) pass(d time.Duration) { r.clock.Add(int64(d)) }

// open is a new process on the same memory.
func (r *rig) open() {
	r.t.Helper()
	sleep := func(_ context.Context, d time.Duration) error { r.pass(d); return nil }
	session, writer, err := wiki.Open(r.t.Context(), wiki.Settings{API: r.wiki.APIURL(), User: "FileBot@app", Password: "secret",
		Contact: "test@example.org", Version: "test", Log: zerolog.Nop(), Now: r.now, Sleep: sleep})
	if err != nil {
		r.t.Fatal(err)
	}
	book, err := wikiconfig.NewBook(wikiconfig.Section{Name: "usage", Preferences: &wikiconfig.CommonPreferences{Enabled: true}})
	if err != nil {
		r.t.Fatal(err)
	}
	if r.panel, err = wikiconfig.NewPanel(book, reader{session}, nil, "User:FileBot/", r.now); err != nil {
		r.t.Fatal(err)
	}
	if _, err := r.panel.Poll(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
	policy := func() (gate.Policy, error) {
		s := r.panel.State()
		return gate.Policy{Mode: gate.Mode(s.Config.Mode), EditsPerMinute: s.Config.EditsPerMinute}, nil
	}
	r.Box, err = notice.New(notice.Config{
		Gate: gate.New(gate.Config{Writer: writer, Wiki: session, Store: storage.Part(r.store, "gate"), Prefix: "User:FileBot/",
			Policy: policy, Now: r.now, Sleep: sleep, Log: zerolog.Nop()}),
		Wiki: session, Farm: wiki.NewFarm(session, nil, wiki.Settings{Contact: "test@example.org"}),
		Store: r.store, Part: "live/notice", Panel: r.panel, Words: r.words,
		Kinds:   []notice.Kind{{Name: "file-usage", Task: "usage", Echo: "notice", Lines: lines}},
		Account: "FileBot", Prefix: "User:FileBot/", Now: r.now, Sleep: sleep, Log: zerolog.Nop(),
		OnNotice: func(kind, channel, outcome, _ string) { r.log[channel+" "+outcome]++ },
	})
	if err != nil {
		r.t.Fatal(err)
	}
}

// reader lets the panel read pages through a session.
type reader struct{ *wiki.Session }

func (r reader) Pages(ctx context.Context, titles []string) (map[string]wikiconfig.Page, error) {
	texts, err := r.Read(ctx, titles...)
	pages := map[string]wikiconfig.Page{}
	for asked, t := range texts {
		pages[asked] = wikiconfig.Page{Title: t.Title, Missing: t.Missing, RevID: t.RevID, User: t.User, Time: t.Time, Model: t.Model, Text: t.Content}
	}
	return pages, err
}

func lines(r notice.Reader, events []notice.Event) (out []notice.Line) {
	for _, e := range events {
		args := []any{templates.Link(e.File, ""), templates.Agent("Eve"), templates.Link(e.Page, ""), "Test wiki (" + e.ID + ")"}
		out = append(out, notice.Line{Wikitext: r.Words.Text("usage-used-by", args...), Plain: r.Words.PlainText("usage-used-by", args...), Page: e.Page, File: e.File})
	}
	return out
}

func (r *rig) add(user string, ids ...string) {
	r.t.Helper()
	err := r.store.Update(func(tx storage.Tx) error {
		for _, id := range ids {
			e := notice.Event{ID: id, Kind: "file-usage", User: user, File: "File:A.jpg", Page: "Page " + id, Time: r.now()}
			if err := r.Add(tx, e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) deliver() {
	r.t.Helper()
	if err := r.Deliver(r.t.Context(), true); err != nil {
		r.t.Fatal(err)
	}
}

// told counts how often an event stands on the wiki's pages, in notifications and in mails.
func (r *rig) told(id string) (n int) {
	mark := id + ")"
	for _, title := range r.wiki.Titles() {
		text, _ := r.wiki.Text(title)
		n += strings.Count(text, mark)
	}
	for _, user := range []string{"Alice", "Bob", "Carol", "Dora"} {
		for _, note := range r.wiki.Notifications(user) {
			if strings.HasPrefix(note.Type, "api-") {
				n += strings.Count(note.Body, mark)
			}
		}
	}
	for _, m := range r.wiki.Mails() {
		n += strings.Count(m.Text, mark)
	}
	return n
}

func (r *rig) prefer(user, preferences string) {
	r.wiki.Edit(user, "User:"+user+"/Filewarden.json", preferences, "")
}

// On every channel the reader's notification leads to what it is about.
func TestEveryChannelReachesItsReader(t *testing.T) {
	r := newRig(t)
	r.prefer("Bob", `{"channel":"mention"}`)
	r.prefer("Carol", `{"channel":"echo","language":"de"}`)
	r.prefer("Dora", `{"channel":"email"}`)
	r.wiki.Edit("Alice", "User talk:Alice", "Hello.\n\n== Old ==\nText. ~~~~", "")
	for _, user := range []string{"Alice", "Bob", "Carol", "Dora"} {
		r.add(user, user+"1", user+"2")
	}
	r.deliver()
	for _, c := range []struct{ user, kind, page, heading string }{
		{"Alice", "edit-user-talk", "User talk:Alice", "New use of your file (2026-11-18 10:00 UTC)"},
		{"Bob", "mention", "User:FileBot/Notices/2026-11", "New use of your file (2026-11-18 10:00 UTC) – Bob"},
		{"Carol", "api-notice", "Page Carol1", ""},
	} {
		notes := r.wiki.Notifications(c.user)
		if len(notes) != 1 {
			t.Errorf("%s: %d notifications, want one: %+v", c.user, len(notes), notes)
			continue
		}
		if n := notes[0]; n.Type != c.kind || n.Page != c.page || !strings.HasPrefix(n.Heading, c.heading[:min(len(c.heading), 20)]) {
			t.Errorf("%s got %s about %q, section %q", c.user, n.Type, n.Page, n.Heading)
		}
	}
	if m := r.wiki.Mails(); len(m) != 1 {
		t.Errorf("%d mails", len(m))
	}
	for _, id := range []string{"Alice1", "Alice2", "Bob1", "Carol2", "Dora1"} {
		if got := r.told(id); got != 1 {
			t.Errorf("%s told %d times", id, got)
		}
	}
	if len(r.wiki.Notifications("Eve")) != 0 {
		t.Error("who is spoken of was notified")
	}
}

// The wire loses the n-th edit's answer, before or after the wiki acted on it,
// or the process dies there; and in the last case a second process takes over.
func TestLostAnswersOnTheRealWire(t *testing.T) {
	for _, how := range []string{"request lost", "answer lost", "answer is an error page", "died after"} {
		for n := 1; n <= 3; n++ {
			t.Run(fmt.Sprintf("%s %d", how, n), func(t *testing.T) {
				r := newRig(t)
				r.prefer("Bob", `{"channel":"mention"}`)
				r.prefer("Carol", `{"channel":"mention"}`)
				r.wiki.Edit("Alice", "User talk:Alice", "Hello.", "")
				ctx, die := context.WithCancel(t.Context())
				defer die()
				r.wiki.Fault(lose(how, n, die))
				for _, user := range []string{"Alice", "Bob", "Carol"} {
					r.add(user, user+"1")
				}
				err := r.Deliver(ctx, true)
				if (err != nil) != (how == "died after") {
					t.Fatalf("Deliver: %v", err)
				}
				r.wiki.Fault(nil)
				r.open()
				for range 3 {
					r.pass(20 * time.Minute)
					r.deliver()
				}
				for _, id := range []string{"Alice1", "Bob1", "Carol1"} {
					if got := r.told(id); got != 1 {
						t.Errorf("%s told %d times", id, got)
					}
				}
			})
		}
	}
}

// lose spoils the n-th edit.
func lose(how string, n int, die func()) sandbox.FaultFunc {
	seen := 0
	return func(req *http.Request, next http.Handler, rw http.ResponseWriter) bool {
		if err := req.ParseForm(); err != nil || req.Form.Get("action") != "edit" {
			return false
		}
		if seen++; seen != n {
			return false
		}
		if how != "request lost" {
			next.ServeHTTP(httptest.NewRecorder(), req)
		}
		switch how {
		case "answer is an error page":
			rw.WriteHeader(http.StatusBadGateway)
			return true
		case "died after":
			die()
		}
		panic(http.ErrAbortHandler) // the connection closes without a word
	}
}

func TestAPageThatSaysNoIsObeyedOnEveryChannel(t *testing.T) {
	r := newRig(t)
	r.prefer("Bob", `{"channel":"echo"}`)
	r.prefer("Carol", `{"channel":"mention"}`)
	for user, no := range map[string]string{"Alice": "{{nobots}}", "Bob": "{{bots|optout=file-usage}}", "Carol": "[[Category:Opted-out of message delivery]]"} {
		r.wiki.Edit(user, "User talk:"+user, no, "")
		r.add(user, user+"1")
	}
	r.wiki.Block("Admin", "Dora", "spam", time.Time{})
	r.add("Dora", "Dora1")
	r.add("Nobody of this name", "X1")
	r.deliver()
	if r.log["none dropped:excluded"] != 5 {
		t.Errorf("outcomes: %v", r.log)
	}
	for _, id := range []string{"Alice1", "Bob1", "Carol1", "Dora1", "X1"} {
		if r.told(id) != 0 {
			t.Errorf("%s was told", id)
		}
	}
}

func TestUnderTheStopPageNothingIsSentAndAfterItEverything(t *testing.T) {
	r := newRig(t)
	stop := r.wiki.Edit("Bob", "User:FileBot/Stop", "wait", "")
	r.add("Alice", "1", "2")
	err := r.Deliver(t.Context(), true)
	if err == nil || !strings.Contains(err.Error(), "User:FileBot/Stop") {
		t.Errorf("Deliver said %v", err)
	}
	if r.told("1") != 0 || stop == 0 {
		t.Error("told under the stop page")
	}
	r.wiki.Edit("Bob", "User:FileBot/Stop", "", "")
	r.deliver()
	if r.told("1") != 1 || r.told("2") != 1 {
		t.Error("not told after the stop was lifted")
	}
}

func TestAWikisOwnTemplateIsSubstituted(t *testing.T) {
	r := newRig(t)
	r.wiki.Edit("Admin", "User:FileBot/Notice/file-usage", "Dear {{{user}}}, {{{n}}} news:\n{{{body}}}\nYours.", "")
	r.add("Alice", "1", "2")
	r.deliver()
	text, _ := r.wiki.Text("User talk:Alice")
	if !strings.Contains(text, "Dear Alice, 2 news:\n* ") || !strings.Contains(text, "\nYours.\n<small>") {
		t.Errorf("not framed:\n%s", text)
	}
}

func TestARedirectedTalkPageIsFollowed(t *testing.T) {
	r := newRig(t)
	r.wiki.Edit("Alice", "User talk:Alice", "#REDIRECT [[User talk:Alice/Desk]]", "")
	r.wiki.Edit("Alice", "User talk:Alice/Desk", "Here.", "")
	r.add("Alice", "1")
	r.deliver()
	if text, _ := r.wiki.Text("User talk:Alice/Desk"); !strings.Contains(text, "1)") {
		t.Errorf("not at the target:\n%s %v", text, r.log)
	}
}

func TestPreferencesPagesAreFoundInTheWikisLogs(t *testing.T) {
	r := newRig(t)
	r.prefer("Bob", `{}`)
	r.wiki.Edit("Carol", "User:Carol", "Hi", "")
	got, err := r.Subscribers(t.Context())
	if err != nil || len(got) != 1 || got[0] != "Bob" {
		t.Fatalf("%v, %v", got, err)
	}
	r.pass(time.Hour)
	r.wiki.Move("Admin", "User:Bob/Filewarden.json", "User:Carol/Filewarden.json", "")
	r.wiki.Edit("Carol", "User:Carol/Filewarden.json", `{"window":"daily"}`, "")
	r.wiki.ForgetRequests()
	if got, err = r.Subscribers(t.Context()); err != nil || len(got) != 2 {
		t.Errorf("%v, %v", got, err)
	}
	if n := len(r.wiki.Requests()); n != 1 {
		t.Errorf("%d requests", n)
	}
}
