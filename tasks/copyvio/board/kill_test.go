package board

import (
	"errors"
	"fmt"
	"testing"

	"filewarden/storage"
)

// followed counts what follows from outcomes, in the transaction that keeps them.
var followed = storage.NewTable[int]("followed", 1)

func follow(tx storage.Tx, o Outcome) error {
	key := fmt.Sprintf("%s %d %s", o.Change.SHA1, o.Change.Rev, o.Verdict)
	n, _, err := followed.Get(tx, key)
	return errors.Join(err, followed.Put(tx, n+1, key))
}

// dies at the n-th step, before or after it was done.
func dies(n int, done bool) func() (before, after bool) {
	step := 0
	return func() (bool, bool) {
		step++
		return step == n && !done, step == n && done
	}
}

func TestAProcessThatDiesAtAnyStepRepeatsNothingAndLosesNothing(t *testing.T) {
	for _, where := range []string{"store", "wire"} {
		for _, done := range []bool{false, true} {
			for n, reached := 1, true; reached; n++ {
				t.Run(fmt.Sprint(where, n, done), func(t *testing.T) { reached = dieAt(t, where, n, done) })
			}
		}
	}
}

// dieAt lets a pass die and makes two whole ones after it; reached is false
// when the pass has not so many steps.
func dieAt(t *testing.T, where string, n int, done bool) (reached bool) {
	w := newWorld(t, 4)
	w.pages = []string{"Copyvio/All", "Copyvio/Checks"}
	w.pass()
	w.pass()
	w.start()
	w.conf.Decided = follow
	w.set("Rita", 0, "accepted")
	w.edit("Rob", "User:FileBot/Copyvio/Checks", with(1, "status", "rejected"))
	w.set("Vic", 2, "accepted")
	w.edit("Rob", all, with(3, "note", "a stamp"))
	fail := dies(n, done)
	counted := func() (before, after bool) {
		before, after = fail()
		reached = reached || before || after
		return before, after
	}
	if where == "store" {
		w.fails = counted
	} else {
		w.wire.fail = counted
	}
	b := New(w.conf)
	news, err := b.Read(t.Context(), w.pages...)
	if err == nil {
		if _, err = b.Apply(t.Context(), news); err == nil {
			_, err = b.PublishAll(t.Context(), w.sheets()...)
		}
	}
	if reached && err == nil {
		t.Error("nobody noticed")
	}
	w.fails, w.wire.fail = nil, nil
	w.start()
	w.conf.Decided = follow
	w.pass()
	w.pass()
	w.afterDeath()
	return reached
}

func (w *world) afterDeath() {
	w.t.Helper()
	w.want(0, "accepted by Rita")
	w.want(1, "rejected by Rob")
	w.want(2, "open")
	if w.caseOf(3).Note != "a stamp" || w.err != nil {
		w.t.Errorf("note %q, %v", w.caseOf(3).Note, w.err)
	}
	for _, name := range w.pages {
		title := "User:FileBot/" + name
		if w.shows(title, 0) != "accepted" || w.shows(title, 1) != "rejected" || w.shows(title, 2) != "open" {
			w.t.Errorf("%s: %s", title, w.text(title))
		}
	}
	n := 0
	w.view(func(tx tx) error {
		for row, err := range followed.Scan(tx) {
			if err != nil || row.Value != 1 {
				w.t.Errorf("%s followed %d times, %v", row.Key, row.Value, err)
			}
			n++
		}
		return nil
	})
	if n != 4 {
		w.t.Errorf("%d outcomes", n)
	}
}
