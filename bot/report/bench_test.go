package report

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"filewarden/bot/gate"
	"filewarden/bot/sandbox"
	"filewarden/bot/wiki"
	"filewarden/storage"
)

// bench is the bot's pages and desk on a sandbox wiki.
type bench struct {
	t     *testing.T
	site  *sandbox.Wiki
	conf  Config
	pages *Pages
	desk  *Desk
	now   time.Time
	mode  gate.Mode
	asked []Request
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{t: t, mode: gate.Live, now: time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return b.now }
	b.site = sandbox.New(sandbox.Options{Name: "testwiki", SiteName: "Test", Language: "en", Clock: clock})
	b.site.AddUser("Keeper", "", "bot")
	secret := strings.Repeat("k", 32)
	b.site.BotPassword("Keeper", "run", secret)
	server := httptest.NewServer(b.site)
	t.Cleanup(server.Close)
	b.site.SetServer(server.URL)
	sleep := func(_ context.Context, d time.Duration) error { b.now = b.now.Add(d); return nil }
	session, writer, err := wiki.Open(context.Background(), wiki.Settings{API: b.site.APIURL(), User: "Keeper@run",
		Password: secret, Contact: "op@example.org", Version: "test", Now: clock, Sleep: sleep})
	if err != nil {
		t.Fatal(err)
	}
	store := storage.Memory()
	t.Cleanup(func() { store.Close() })
	g := gate.New(gate.Config{Writer: writer, Wiki: session, Store: storage.Part(store, "gate"), Prefix: "User:Keeper/",
		Now: clock, Sleep: sleep, Policy: func() (gate.Policy, error) {
			return gate.Policy{Mode: b.mode, TrialEdits: 5, EditsPerMinute: 60}, nil
		}})
	b.conf = Config{Gate: g, Wiki: session, Store: storage.Part(store, "report"), Prefix: "User:Keeper/", Now: clock}
	b.restart()
	return b
}

// restart is what a new process would start with.
func (b *bench) restart() { b.pages, b.desk = New(b.conf), NewDesk(b.conf) }

// edit lets a person save a page; each edit comes a minute after the last.
func (b *bench) edit(user, name, text string) int64 {
	b.now = b.now.Add(time.Minute)
	return b.site.Edit(user, "User:Keeper/"+name, text, "")
}

func (b *bench) add(user, heading, text string) {
	b.now = b.now.Add(time.Minute)
	b.site.NewSection(user, "User:Keeper/Requests", heading, text)
}

func (b *bench) text(name string) string {
	text, _ := b.site.Text("User:Keeper/" + name)
	return text
}

func (b *bench) publish(name, text string) bool {
	b.t.Helper()
	changed, err := b.pages.Publish(context.Background(), Part{Name: name, Text: text, Summary: "report"})
	if err != nil {
		b.t.Fatal(err)
	}
	return changed
}

// serve answers every request with "done" and its user's name.
func (b *bench) serve() {
	b.t.Helper()
	if err := b.desk.Serve(context.Background(), b.answer); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) answer(_ context.Context, r Request) (Answer, error) {
	b.asked = append(b.asked, r)
	return Answer{Text: "done for " + r.User}, nil
}

// users lists who asked, in order.
func (b *bench) users() string {
	var names []string
	for _, r := range b.asked {
		names = append(names, r.User)
	}
	return strings.Join(names, " ")
}
