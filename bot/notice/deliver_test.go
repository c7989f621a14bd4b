package notice

import (
	"strings"
	"testing"
	"time"
)

func TestEventsOfOnePassBecomeOneMessage(t *testing.T) {
	b := newBench(t)
	b.add(Event{ID: "one", Page: "P1"}, Event{ID: "two", Page: "P2", File: "File:B.jpg"})
	b.deliver(false)
	if b.talk("Alice") != "" {
		t.Fatal("told before the pass ended")
	}
	b.deliver(true)
	if n := len(b.wiki.revs["User talk:Alice"]); n != 1 {
		t.Fatalf("%d edits, want one:\n%s", n, b.talk("Alice"))
	}
	b.wantTimes("one", 1)
	b.wantTimes("two", 1)
	b.wantPending(0)
	b.deliver(true)
	b.wantTimes("one", 1)
}

func TestAnEventIsNeverAddedTwice(t *testing.T) {
	b := newBench(t)
	b.add(Event{ID: "one"})
	b.add(Event{ID: "one"})
	b.deliver(true)
	b.wiki.now = b.wiki.now.AddDate(1, 0, 0)
	b.add(Event{ID: "one"})
	b.deliver(true)
	b.wantTimes("one", 1)
}

func TestWindowsOpenWithTheFirstEventAndCloseByTheClock(t *testing.T) {
	for _, c := range []struct {
		window string
		closes time.Time
	}{
		{"4h", start.Add(4 * time.Hour)},
		{"daily", time.Date(2026, 11, 19, 0, 0, 0, 0, time.UTC)},
		{"weekly", time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)},
	} {
		t.Run(c.window, func(t *testing.T) {
			b := newBench(t)
			b.wiki.prefs["Alice"] = `{"window":"` + c.window + `"}`
			b.add(Event{ID: "one", Time: start.AddDate(0, -1, 0)})
			b.deliver(true)
			b.wiki.now = start.Add(time.Hour)
			b.add(Event{ID: "two"})
			b.deliver(true)
			if next, err := b.Next(); err != nil || !next.Equal(c.closes) {
				t.Errorf("next at %v (%v), want %v", next, err, c.closes)
			}
			b.wiki.now = c.closes.Add(-time.Second)
			b.deliver(true)
			b.wantTimes("one", 0)
			b.wiki.now = c.closes
			b.deliver(false)
			b.wantTimes("one", 1)
			b.wantTimes("two", 1)
			if next, err := b.Next(); err != nil || !next.IsZero() {
				t.Errorf("next at %v (%v), want none", next, err)
			}
		})
	}
}

func TestAWeekEndsOnSunday(t *testing.T) {
	monday := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct{ opened, closed time.Time }{
		{monday, monday.AddDate(0, 0, 7)},
		{monday.Add(-time.Nanosecond), monday},
		{monday.AddDate(0, 0, -1), monday},
		{monday.In(time.FixedZone("", -5*3600)), monday.AddDate(0, 0, 7)},
	} {
		if got := closes(windowWeekly, c.opened); !got.Equal(c.closed) {
			t.Errorf("a week that opened at %v closes at %v, want %v", c.opened, got, c.closed)
		}
	}
}

func TestWindowAndChannelAreThoseOfTheMomentOfSending(t *testing.T) {
	b := newBench(t)
	b.wiki.prefs["Alice"] = `{"window":"4h"}`
	b.add(Event{ID: "one"}, Event{ID: "two", Kind: "copyvio"})
	b.deliver(true)
	b.wiki.prefs["Alice"] = `{"window":"4h","usage":{"enabled":false},"copyvio":{"channel":"echo"}}`
	b.wiki.now = start.Add(4 * time.Hour)
	b.deliver(false)
	b.wantTimes("one", 0)
	b.wantOutcome("file-usage none dropped:preferences", 1)
	if len(b.wiki.echoes) != 1 || b.times("two") != 1 {
		t.Errorf("the other should go by echo: %v", b.wiki.echoes)
	}
	b.wantPending(0)
}

func TestKindsOfOneChannelShareADigestByPriority(t *testing.T) {
	b := newBench(t)
	b.add(Event{ID: "use"}, Event{ID: "gone", Kind: "file-deletion"})
	b.deliver(true)
	text := b.talk("Alice")
	if len(b.wiki.revs["User talk:Alice"]) != 1 || strings.Index(text, "(gone)") > strings.Index(text, "(use)") {
		t.Errorf("want one message, deletion first:\n%s", text)
	}
	if !strings.HasPrefix(text, "== News about your files (2026-11-18 10:00 UTC) ==") {
		t.Errorf("heading of a digest:\n%s", text)
	}
	b.wantOutcome("file-usage talk sent", 1)
	b.wantOutcome("file-deletion talk sent", 1)
}

func TestKindsOfDifferentChannelsAreDifferentNotices(t *testing.T) {
	b := newBench(t)
	b.wiki.prefs["Alice"] = `{"copyvio":{"channel":"echo"}}`
	b.add(Event{ID: "use"}, Event{ID: "copy", Kind: "copyvio"})
	b.deliver(true)
	if len(b.wiki.echoes) != 1 || len(b.wiki.revs["User talk:Alice"]) != 1 {
		t.Errorf("want one notice on each channel: %v %v", b.wiki.echoes, b.wiki.revs)
	}
}

func TestNeverToTheAgent(t *testing.T) {
	b := newBench(t)
	b.add(Event{ID: "own", Agent: "alice"}, Event{ID: "other", Agent: "Bob"})
	b.deliver(true)
	b.wantTimes("own", 0)
	b.wantTimes("other", 1)
	b.wantOutcome("file-usage none dropped:agent", 1)
}

func TestOptInReachesSubscribersOnlyButForDemandedNotices(t *testing.T) {
	b := newBench(t)
	b.wiki.state.Config.Notices.OptIn = true
	b.wiki.prefs["Page"] = `{}`
	b.wiki.prefs["Off"] = `{"enabled":false}`
	if _, err := b.Subscribe("Asked"); err != nil {
		t.Fatal(err)
	}
	b.add(Event{ID: "1", User: "Page"}, Event{ID: "2", User: "Off"}, Event{ID: "3", User: "Asked"}, Event{ID: "4", User: "Nobody"},
		Event{ID: "5", User: "Stranger", Demand: true}, Event{ID: "6", User: "Off", Demand: true})
	b.deliver(true)
	for id, want := range map[string]int{"1": 1, "2": 0, "3": 1, "4": 0, "5": 1, "6": 0} {
		b.wantTimes(id, want)
	}
	b.wantOutcome("file-usage none dropped:not-subscribed", 1)
	b.wantOutcome("file-usage none dropped:preferences", 2)
}

func TestGroupsLimitWhoIsTold(t *testing.T) {
	b := newBench(t)
	b.wiki.state.Config.Notices.Groups = []string{"autoconfirmed"}
	b.wiki.users["Alice"] = `{"name":"Alice","groups":["*","user","autoconfirmed"]}`
	b.wiki.users["New"] = `{"name":"New","groups":["*","user"]}`
	b.add(Event{ID: "1"}, Event{ID: "2", User: "New"})
	b.deliver(true)
	b.wantTimes("1", 1)
	b.wantTimes("2", 0)
	b.wantOutcome("file-usage none dropped:group", 1)
}

func TestOverTheDailyCapNoticesWaitAndDemandedOnesDoNot(t *testing.T) {
	b := newBench(t)
	b.wiki.state.Config.Notices.PerDay = 2
	for _, id := range []string{"1", "2", "3"} {
		b.add(Event{ID: id})
		b.deliver(true)
	}
	b.add(Event{ID: "4"}, Event{ID: "must", Demand: true})
	b.deliver(true)
	for id, want := range map[string]int{"1": 1, "2": 1, "3": 0, "4": 0, "must": 1} {
		b.wantTimes(id, want)
	}
	midnight := time.Date(2026, 11, 19, 0, 0, 0, 0, time.UTC)
	if next, _ := b.Next(); !next.Equal(midnight) {
		t.Errorf("next at %v, want midnight", next)
	}
	b.wiki.now = midnight
	b.deliver(false)
	b.wantTimes("3", 1)
	b.wantTimes("4", 1)
	if n := len(b.wiki.revs["User talk:Alice"]); n != 4 {
		t.Errorf("%d messages, want 4: what waited comes as one", n)
	}
}

func TestOnePersonsTroubleStopsNobodyElse(t *testing.T) {
	b := newBench(t)
	b.add(Event{ID: "1", User: "Aaron"}, Event{ID: "2", User: "Bob"}, Event{ID: "3", User: "Carol"})
	b.Box.kinds["file-usage"] = Kind{Name: "file-usage", Task: "usage", Lines: func(r Reader, events []Event) []Line {
		if events[0].User == "Aaron" {
			panic("no words")
		}
		return plainLines(r, events)
	}}
	b.deliver(true)
	b.wantTimes("2", 1)
	b.wantTimes("3", 1)
	b.wantPending(1)
}

func TestAMessageIsInTheReadersLanguage(t *testing.T) {
	b := newBench(t)
	b.wiki.prefs["Alice"] = `{"language":"de"}`
	b.add(Event{ID: "1"})
	b.deliver(true)
	if text := b.talk("Alice"); !strings.Contains(text, "Du hast dir diesen Hinweis gewünscht.") {
		t.Errorf("not German:\n%s", text)
	}
}

func TestManyLinesAreFolded(t *testing.T) {
	b := newBench(t)
	for i := range 40 {
		b.add(Event{ID: strings.Repeat("x", i+1)})
	}
	b.deliver(true)
	text := b.talk("Alice")
	if got := strings.Count(text, "\n* "); got != maxLines+1 {
		t.Errorf("%d items, want %d:\n%s", got, maxLines+1, text)
	}
	if !strings.Contains(text, "15") {
		t.Errorf("the rest is not counted:\n%s", text)
	}
	b.wantPending(0)
}

func TestWhatAProcedureDemandsIsHeldUpByEveryNoAndByNoOptIn(t *testing.T) {
	b := newBench(t)
	b.wiki.state.Config.Notices.OptIn = true
	b.wiki.prefs["Off"] = `{"enabled":false}`
	b.wiki.prefs["NoChannel"] = `{"channel":"none"}`
	for user, want := range map[string]string{"Stranger": "", "off": "preferences", "NoChannel": "channel-none", "a|b": "no-such-user"} {
		if why, err := b.Refuses(t.Context(), "file-usage", user); err != nil || why != want {
			t.Errorf("%s: %q, want %q (%v)", user, why, want, err)
		}
	}
}
