package notice

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"filewarden/bot/wiki"
	"filewarden/storage"
)

// crash ends the process as kill -9 does: nothing runs after it.
type crash struct{}

// stepper counts every step that leaves the process (a call of the gate, a
// transaction) and ends the process before or after one of them.
type stepper struct {
	n, at  int
	after  bool
	answer error // what the caller hears instead of a crash, for writes
	hit    string
}

func (s *stepper) step(name string, after bool) error {
	if !after {
		s.n++
	}
	if s.n != s.at || after != s.after || s.hit != "" {
		return nil
	}
	s.hit = name
	if s.answer != nil {
		return s.answer
	}
	panic(crash{})
}

// crashStore is a store whose transactions are steps.
type crashStore struct {
	storage.Store
	step func(name string, after bool) error
}

func (c crashStore) Update(fn func(storage.Tx) error) error {
	if err := c.step("update", false); err != nil {
		return err
	}
	if err := c.Store.Update(fn); err != nil {
		return err
	}
	return c.step("update", true)
}

// scene is a bench with three people on three channels, two notices for one.
func scene(t *testing.T) *bench {
	b := newBench(t)
	b.wiki.prefs["Bob"] = `{"channel":"mention"}`
	b.wiki.prefs["Carol"] = `{"channel":"echo"}`
	b.wiki.prefs["Dora"] = `{"copyvio":{"channel":"mention"}}`
	b.add(Event{ID: "a1"}, Event{ID: "a2"}, Event{ID: "b", User: "Bob"}, Event{ID: "c", User: "Carol"},
		Event{ID: "d1", User: "Dora"}, Event{ID: "d2", User: "Dora", Kind: "copyvio"})
	return b
}

var askableEvents, unaskableEvents = []string{"a1", "a2", "b", "d1", "d2"}, []string{"c"}

// run delivers until the process dies.
func (b *bench) run() (died bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			if _, ok := p.(crash); !ok {
				panic(p)
			}
			died = true
		}
	}()
	return false, b.Deliver(context.Background(), true)
}

// recoverFrom starts the process anew and lets it work to the end. Meanwhile
// somebody answered on every page, so MediaWiki's guard against a double
// submission sees another editor last and lets everything pass.
func (b *bench) recoverFrom() {
	b.wiki.step = nil
	for title := range b.wiki.revs {
		b.wiki.add(title, fakeRev{user: "Alice", text: "thanks"})
	}
	b.reopen(b.store)
	for range 5 {
		b.wiki.now = b.wiki.now.Add(20 * time.Minute)
		b.deliver(true)
	}
	b.wantPending(0)
}

// A process that dies at any step, before or after it took effect, tells
// everybody exactly once on pages; on Echo at most once, and a message that is
// missing there is counted as a doubt.
func TestKilledAtAnyStepNothingIsLostOrToldTwice(t *testing.T) {
	for _, after := range []bool{false, true} {
		for at := 1; ; at++ {
			b := scene(t)
			s := &stepper{at: at, after: after}
			b.wiki.step = s.step
			b.reopen(crashStore{b.store, s.step})
			died, err := b.run()
			if err != nil {
				t.Fatalf("step %d: %v", at, err)
			}
			if s.n < at {
				if at < 20 {
					t.Fatalf("only %d steps: the scene does not play", s.n)
				}
				break
			}
			name := fmt.Sprintf("%s, step %d, after %v", s.hit, at, after)
			b.recoverFrom()
			for _, id := range askableEvents {
				if got := b.times(id); got != 1 {
					t.Errorf("%s (died %v): %s told %d times", name, died, id, got)
				}
			}
			for _, id := range unaskableEvents {
				got, doubts := b.times(id), b.outcomes["file-usage echo doubt"]
				if got > 1 || got+doubts == 0 {
					t.Errorf("%s: %s told %d times with %d doubts", name, id, got, doubts)
				}
			}
		}
	}
}

// Two crashes, the second while the first is being settled.
func TestKilledWhileSettlingNothingIsLostOrToldTwice(t *testing.T) {
	for first := 2; first < 40; first += 5 {
		for second := 1; second < 25; second += 3 {
			b := scene(t)
			s := &stepper{at: first, after: first%2 == 0}
			b.wiki.step = s.step
			b.reopen(crashStore{b.store, s.step})
			if _, err := b.run(); err != nil {
				t.Fatal(err)
			}
			s = &stepper{at: second, after: second%4 < 2}
			b.wiki.step = s.step
			b.reopen(crashStore{b.store, s.step})
			if _, err := b.run(); err != nil {
				t.Fatal(err)
			}
			b.recoverFrom()
			for _, id := range askableEvents {
				if got := b.times(id); got != 1 {
					t.Fatalf("crashes at %d and %d: %s told %d times", first, second, id, got)
				}
			}
			if b.times("c") > 1 {
				t.Fatalf("crashes at %d and %d: echo sent twice", first, second)
			}
		}
	}
}

// The same without a crash: the answer of a write is lost, whether or not the
// write happened.
func TestALostAnswerIsNeitherLostNorToldTwice(t *testing.T) {
	lostAnswer := &wiki.UnknownOutcome{Err: errors.New("connection reset")}
	for _, after := range []bool{false, true} {
		for at := 1; at < 60; at++ {
			b := scene(t)
			s := &stepper{at: at, after: after, answer: lostAnswer}
			b.wiki.step = func(name string, after bool) error {
				if name != "edit" && name != "echo" {
					return nil
				}
				return s.step(name, after)
			}
			b.deliver(true)
			if s.hit == "" {
				break
			}
			if s.hit == "edit" && b.slept < inFlight {
				t.Errorf("step %d: asked the history after %v, a write may still have been under way", at, b.slept)
			}
			b.wantPending(0)
			for _, id := range askableEvents {
				if got := b.times(id); got != 1 {
					t.Errorf("%s %d, after %v: %s told %d times", s.hit, at, after, id, got)
				}
			}
			if s.hit == "echo" {
				b.wantOutcome("file-usage echo doubt", 1)
			}
		}
	}
}

// A first write that arrives after its history was asked meets MediaWiki's own
// guard, because the second is the same edit on the same base.
func TestAWriteThatArrivesLateIsNotRepeated(t *testing.T) {
	b := newBench(t)
	b.wiki.add("User talk:Alice", fakeRev{user: "Alice", text: "Hello"})
	b.add(Event{ID: "1"})
	s := &stepper{at: 1, answer: &wiki.UnknownOutcome{Err: errors.New("timeout")}}
	var late fakeRev
	b.wiki.step = func(name string, after bool) error {
		switch {
		case name == "edit":
			return s.step(name, after)
		case name == "sent" && late.user == "": // arrives right after this question
			late = fakeRev{user: me}
		}
		return nil
	}
	open := b.wiki
	b.wiki.failing = func(action, _ string) error {
		if action == "edit" && late.user != "" && len(open.revs["User talk:Alice"]) == 1 {
			d, err := b.open()
			if err != nil || len(d) != 1 {
				t.Fatalf("open intents: %v, %v", d, err)
			}
			open.add("User talk:Alice", fakeRev{user: me, text: d[0].Text, heading: d[0].Heading, summary: d[0].Summary + " " + d[0].ID})
		}
		return nil
	}
	b.deliver(true)
	b.wantTimes("1", 1)
	b.wantPending(0)
}

func TestWhoMutedBeforeAResendGetsNothing(t *testing.T) {
	b := newBench(t)
	b.add(Event{ID: "1"})
	s := &stepper{at: 1}
	b.wiki.step = func(name string, after bool) error {
		if name == "edit" {
			return s.step(name, after)
		}
		return nil
	}
	if died, _ := b.run(); !died {
		t.Fatal("should have died before the edit")
	}
	b.wiki.prefs["Alice"] = `{"enabled":false}`
	b.recoverFrom()
	b.wantTimes("1", 0)
	b.wantOutcome("file-usage none dropped:preferences", 1)
}
