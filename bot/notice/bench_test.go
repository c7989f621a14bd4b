package notice

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"filewarden/storage"
	"filewarden/templates"

	"github.com/rs/zerolog"
)

// bench is a box over a fake wiki.
type bench struct {
	*Box
	t        testing.TB
	wiki     *fakeWiki
	store    storage.Store
	outcomes map[string]int // "kind channel outcome"
	slept    time.Duration
}

func newBench(t testing.TB) *bench {
	store := storage.Memory()
	t.Cleanup(func() { store.Close() })
	b := &bench{t: t, wiki: newFakeWiki(t), store: store, outcomes: map[string]int{}}
	b.reopen(store)
	return b
}

// reopen is a new process on the same memory.
func (b *bench) reopen(store storage.Store) {
	box, err := New(Config{
		Gate: b.wiki, Wiki: b.wiki, Store: store, Part: "live/notice", Panel: b.wiki, Words: words(b.t),
		Kinds: []Kind{
			{Name: "file-usage", Task: "usage", Priority: 20, Echo: "notice", Group: "positive", Lines: plainLines},
			{Name: "file-deletion", Task: "usage", Priority: 10, Echo: "alert", Group: "negative", Lines: plainLines},
			{Name: "copyvio", Task: "copyvio", Priority: 5, Echo: "alert", Group: "negative", Lines: plainLines},
		},
		Account: me, Prefix: "User:FileBot/", Log: zerolog.Nop(),
		Now: func() time.Time { return b.wiki.now },
		Sleep: func(_ context.Context, d time.Duration) error {
			b.slept += d
			b.wiki.now = b.wiki.now.Add(d)
			return nil
		},
		OnNotice: func(kind, channel, outcome, _ string) { b.outcomes[kind+" "+channel+" "+outcome]++ },
	})
	if err != nil {
		b.t.Fatal(err)
	}
	b.Box = box
}

// loaded is read once: a bench is built a hundred times.
var loaded = sync.OnceValues(func() (*templates.Words, error) {
	return templates.Load(templates.Folder(""), templates.Folder("usage"))
})

func words(t testing.TB) *templates.Words {
	w, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// plainLines is a line for each event that names it.
func plainLines(_ Reader, events []Event) (lines []Line) {
	for _, e := range events {
		lines = append(lines, Line{Wikitext: "[[:" + e.File + "]] on " + e.Page + " (" + e.ID + ")", Plain: e.File + " on " + e.Page + " (" + e.ID + ")", Page: e.Page, File: e.File})
	}
	return lines
}

func (b *bench) add(events ...Event) {
	b.t.Helper()
	for i := range events {
		e := &events[i]
		if e.Kind == "" {
			e.Kind = "file-usage"
		}
		if e.User == "" {
			e.User = "Alice"
		}
		if e.File == "" {
			e.File = "File:A.jpg"
		}
		if e.Time.IsZero() {
			e.Time = b.wiki.now
		}
	}
	if err := b.store.Update(func(tx storage.Tx) error { return b.Add(tx, events...) }); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) deliver(passEnd bool) {
	b.t.Helper()
	if err := b.Deliver(context.Background(), passEnd); err != nil {
		b.t.Fatal(err)
	}
}

// talk is everything that the bot wrote on a user's talk page.
func (b *bench) talk(user string) string { return b.page("User talk:" + user) }

func (b *bench) page(title string) string {
	var texts []string
	for _, r := range b.wiki.revs[title] {
		if r.user == me {
			texts = append(texts, "== "+r.heading+" ==\n"+r.text)
		}
	}
	return strings.Join(texts, "\n")
}

// times counts how often an event was told, on any page and channel.
func (b *bench) times(id string) (n int) {
	mark := "(" + id + ")"
	for _, history := range b.wiki.revs {
		for _, r := range history {
			n += strings.Count(r.text, mark)
		}
	}
	for _, e := range b.wiki.echoes {
		n += strings.Count(e.Content, mark)
	}
	for _, m := range b.wiki.mails {
		n += strings.Count(m.Text, mark)
	}
	return n
}

func (b *bench) wantTimes(id string, want int) {
	b.t.Helper()
	if got := b.times(id); got != want {
		b.t.Errorf("event %s was told %d times, want %d\n%s", id, got, want, b.talk("Alice"))
	}
}

func (b *bench) wantPending(want int) {
	b.t.Helper()
	pending, err := b.Pending()
	if err != nil {
		b.t.Fatal(err)
	}
	got := 0
	for _, n := range pending {
		got += n
	}
	if got != want {
		b.t.Errorf("%d events wait, want %d: %v", got, want, pending)
	}
}

func (b *bench) wantOutcome(key string, want int) {
	b.t.Helper()
	if b.outcomes[key] != want {
		b.t.Errorf("outcome %q counted %d times, want %d; all: %v", key, b.outcomes[key], want, b.outcomes)
	}
}
