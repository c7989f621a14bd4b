package gate

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"filewarden/bot/sandbox"
	"filewarden/bot/wiki"
	"filewarden/storage"
)

// onWiki is a gate on a sandbox wiki, where Alice and Bob have accounts.
func onWiki(t *testing.T) (*Gate, *sandbox.Wiki) {
	t.Helper()
	now := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	sleep := func(_ context.Context, d time.Duration) error { now = now.Add(d); return nil }
	site := sandbox.New(sandbox.Options{Name: "testwiki", SiteName: "Test", Language: "de", Clock: clock, EchoAPI: true})
	secret := strings.Repeat("k", 32)
	site.AddUser("Keeper", "", "bot")
	site.BotPassword("Keeper", "run", secret)
	site.AddUser("Alice", "")
	site.AddUser("Bob", "")
	server := httptest.NewServer(site)
	t.Cleanup(server.Close)
	site.SetServer(server.URL)
	return opened(t, site, clock, sleep), site
}

// again is a gate that logs in anew.
func again(t *testing.T, site *sandbox.Wiki) *Gate {
	t.Helper()
	now := time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)
	return opened(t, site, func() time.Time { return now }, func(_ context.Context, d time.Duration) error { now = now.Add(d); return nil })
}

func opened(t *testing.T, site *sandbox.Wiki, clock func() time.Time, sleep func(context.Context, time.Duration) error) *Gate {
	t.Helper()
	session, writer, err := wiki.Open(context.Background(), wiki.Settings{API: site.APIURL(), User: "Keeper@run",
		Password: strings.Repeat("k", 32), Contact: "op@example.org", Version: "test", Now: clock, Sleep: sleep})
	if err != nil {
		t.Fatal(err)
	}
	store := storage.Memory()
	t.Cleanup(func() { store.Close() })
	return New(Config{Writer: writer, Wiki: session, Store: store, Prefix: "User:Keeper/", Now: clock, Sleep: sleep,
		Policy: func() (Policy, error) { return Policy{Mode: Live, EditsPerMinute: 60}, nil }})
}

func TestAMessageOnAWiki(t *testing.T) {
	g, site := onWiki(t)
	ctx := context.Background()
	for _, id := range []string{"fw-1", "fw-2"} {
		text, err := g.Ask(ctx, "file-usage", "Alice", "User talk:Alice")
		if err != nil {
			t.Fatal(err)
		}
		e := notice(id)
		e.Title, e.BaseRev, e.CreateOnly, e.Start = text.Title, text.RevID, text.Missing, text.ReadAt
		if r, err := g.Edit(ctx, e); err != nil || r.RevID == 0 || r.Created != text.Missing {
			t.Fatalf("%+v, %v", r, err)
		}
	}
	last := site.History("User talk:Alice")
	if n := len(last); n != 2 || !last[0].Bot || !strings.Contains(last[0].Comment, "/* Your file */ new use ([[User:Keeper/Stop/usage|stop]]) fw-") {
		t.Errorf("history %+v", last)
	}
	site.Move("Alice", "User talk:Alice", "User talk:Alice/Archive", "")
	for id, want := range map[string]bool{"fw-1": true, "fw-2": true, "fw-3": false, "fw": false} {
		if rev, err := g.Sent(ctx, "User talk:Alice", id); err != nil || (rev != 0) != want {
			t.Errorf("%s: revision %d, %v", id, rev, err)
		}
	}
}

func TestAWikisOwnAnswersAreUnderstood(t *testing.T) {
	for _, c := range []struct {
		name string
		set  func(*sandbox.Wiki)
		want Reason
	}{
		{"nothing", func(*sandbox.Wiki) {}, ""},
		{"stop", func(w *sandbox.Wiki) { w.Edit("Bob", "User:Keeper/Stop", "halt", "") }, Stopped},
		{"stop of the task", func(w *sandbox.Wiki) { w.Edit("Bob", "User:Keeper/Stop/usage", "halt", "") }, TaskStop},
		{"stop blanked", func(w *sandbox.Wiki) {
			w.Edit("Bob", "User:Keeper/Stop", "halt", "")
			w.Edit("Bob", "User:Keeper/Stop", "", "")
		}, ""},
		{"nobots", func(w *sandbox.Wiki) { w.Edit("Alice", "User talk:Alice", "{{nobots}}", "") }, Excluded},
		{"nobots through a template", func(w *sandbox.Wiki) {
			w.Edit("Bob", "Template:Nobots", "", "")
			w.Edit("Alice", "User:Alice/Head", "{{Nobots}}", "")
			w.Edit("Alice", "User talk:Alice", "{{User:Alice/Head}}", "")
		}, Excluded},
		{"alias", func(w *sandbox.Wiki) {
			w.Edit("Bob", "Template:Nobots", "x", "")
			w.Edit("Bob", "Template:Keine Bots", "#REDIRECT [[Template:Nobots]]", "")
			w.Edit("Alice", "User talk:Alice", "{{Vorlage:Keine Bots}}", "")
		}, Excluded},
		{"category", func(w *sandbox.Wiki) {
			w.Edit("Alice", "User talk:Alice", "[[Category:Opted-out of message delivery]]", "")
		}, Excluded},
		{"blocked", func(w *sandbox.Wiki) {
			w.AddUser("Admin", "", "sysop")
			w.Block("Admin", "Alice", "spam", time.Time{})
		}, Excluded},
		{"blocked on one page", func(w *sandbox.Wiki) {
			w.AddUser("Admin", "", "sysop")
			w.Edit("Bob", "Main", "x", "")
			w.Block("Admin", "Alice", "spam", time.Time{}, "Main")
		}, ""},
		{"a bot", func(w *sandbox.Wiki) { w.Promote("Alice", "bot") }, Excluded},
		{"redirect to a page that says no", func(w *sandbox.Wiki) {
			w.Edit("Bob", "User talk:Bob", "{{bots|optout=all}}", "")
			w.Edit("Alice", "User talk:Alice", "#REDIRECT [[User talk:Bob]]", "")
		}, Excluded},
	} {
		t.Run(c.name, func(t *testing.T) {
			g, site := onWiki(t)
			c.set(site)
			text, err := g.Ask(context.Background(), "file-usage", "Alice", "User talk:Alice")
			if c.want == Excluded && reasonOf(err) != Excluded {
				t.Errorf("Ask: %v", err)
			}
			if err == nil {
				e := notice("fw-1")
				e.Title, e.BaseRev, e.CreateOnly, e.Start = text.Title, text.RevID, text.Missing, text.ReadAt
				_, err = g.Edit(context.Background(), e)
			}
			if got := reasonOf(err); got != c.want || c.want == "" && err != nil {
				t.Errorf("got %q, want %q: %v", got, c.want, err)
			}
		})
	}
}

func TestNobodyToTell(t *testing.T) {
	g, _ := onWiki(t)
	for _, user := range []string{"Nobody", "192.0.2.7", "a#b", ""} {
		_, err := g.Ask(context.Background(), "file-usage", user, "User talk:"+user)
		if reasonOf(err) != Excluded {
			t.Errorf("%q: %v", user, err)
		}
	}
}

func TestEchoAndMailOnAWiki(t *testing.T) {
	g, site := onWiki(t)
	ctx := context.Background()
	if _, err := g.Mail(ctx, Mail{Kind: "file-usage", User: "Alice", Subject: "s", Text: "t"}); err != nil {
		t.Error(err)
	}
	if n := len(site.Mails()); n != 1 {
		t.Errorf("%d mails", n)
	}
	_, err := g.Echo(ctx, Echo{Kind: "file-usage", User: "Alice", Header: "h", Content: "c", Section: "notice"})
	var no *wiki.Error
	if err != nil && !errors.As(err, &no) {
		t.Errorf("neither sent nor refused by the wiki: %v", err)
	}
}

func TestAnEditConflictIsToBePlannedAnew(t *testing.T) {
	g, site := onWiki(t)
	rev := site.Edit("Bob", "User:Keeper/Status", "one", "")
	site.Edit("Alice", "User:Keeper/Status", "two", "")
	_, err := g.Edit(context.Background(), Edit{Title: "User:Keeper/Status", Text: "three", BaseRev: rev, Start: time.Now()})
	var no *wiki.Error
	if !errors.As(err, &no) || no.Advice != wiki.Replan {
		t.Errorf("got %v", err)
	}
	_, err = g.Rewrite(context.Background(), "User:Keeper/Status", "", func(t wiki.Text) (Edit, bool, error) {
		return Edit{Text: t.Content + "\nthree"}, true, nil
	})
	if text, _ := site.Text("User:Keeper/Status"); err != nil || text != "two\nthree" {
		t.Errorf("%q, %v", text, err)
	}
}

func TestADeletionOnAWiki(t *testing.T) {
	g, site := onWiki(t)
	ctx := context.Background()
	site.Edit("Alice", "Copied", "text", "")
	if _, err := g.Delete(ctx, Deletion{Title: "Copied", Reason: "copied", ID: "fw-1"}); err == nil || !strings.Contains(err.Error(), "right delete") {
		t.Errorf("without the right: %v", err)
	}
	site.Promote("Keeper", "sysop")
	site.BotPassword("Keeper", "run", strings.Repeat("k", 32), "basic", "highvolume", "editpage", "createeditmovepage", "delete")
	g = again(t, site)
	for i, change := range []bool{true, false, false} {
		r, err := g.Delete(ctx, Deletion{Title: "Copied", Reason: "copied", ID: "fw-1"})
		if err != nil || r.LogID == 0 || r.NoChange == change {
			t.Errorf("time %d: %+v, %v", i, r, err)
		}
		if _, there := site.Text("Copied"); there != (i > 0) {
			t.Errorf("time %d: the page is there: %v", i, there)
		}
		if i == 0 { // restored by somebody: it stays
			site.Edit("Alice", "Copied", "text", "")
		}
	}
	if _, err := g.Delete(ctx, Deletion{Title: "Never", Reason: "copied", ID: "fw-2"}); !errors.Is(err, ErrMissing) {
		t.Errorf("a page that never was: %v", err)
	}
}
