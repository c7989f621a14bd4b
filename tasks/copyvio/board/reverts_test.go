package board

import (
	"strings"
	"testing"

	"filewarden/tasks/copyvio/casebook"
)

// expect makes a pass and compares what came of it.
func (w *world) expect(want string) {
	w.t.Helper()
	if got := verdicts(w.pass()); got != want {
		w.t.Errorf("came of it: %q, want %q", got, want)
	}
	if w.err != nil {
		w.t.Error(w.err)
	}
}

// undo takes the last edit of a page back by the button.
func (w *world) undo(user string, reverted ...int64) int64 {
	h := w.wiki.History(all)
	old := h[len(h)-1-max(1, len(reverted))].Text
	rev := w.edit(user, all, func(string) string { return old })
	w.tag(rev, "mw-undo")
	for _, r := range reverted {
		w.tag(r, "mw-reverted")
	}
	return rev
}

func TestARevertedDecisionDoesNotCount(t *testing.T) {
	w := newWorld(t, 1)
	w.undo("Paul", w.set("Rita", 0, "accepted"))
	w.expect("")
	w.want(0, "open")
}

func TestARevertIsNoDecisionOfWhoMadeIt(t *testing.T) {
	for _, button := range []string{"mw-undo", "mw-rollback"} {
		w := newWorld(t, 1)
		w.set("Rita", 0, "rejected")
		w.pass()
		w.tag(w.set("Rob", 0, "open"), button)
		w.expect("")
		w.want(0, "rejected by Rita")
		if w.shows(all, 0) != "rejected" {
			t.Errorf("%s: the page says %s", button, w.shows(all, 0))
		}
	}
}

func TestARevertTakesTheRevertersOwnDecisionBack(t *testing.T) {
	w := newWorld(t, 1)
	first := w.set("Rita", 0, "accepted")
	w.read(New(w.conf))
	again := w.undo("Rita", first)
	w.expect("open by Rita: counts")
	w.undo("Rita", again)
	w.want(0, "open")
}

func TestARevertOfOnesOwnRevertBringsTheDecisionBack(t *testing.T) {
	w := newWorld(t, 1)
	first := w.set("Rita", 0, "accepted")
	w.read(New(w.conf))
	second := w.undo("Rita", first)
	w.read(New(w.conf))
	w.want(0, "open")
	w.undo("Rita", second)
	w.expect("accepted by Rita: counts")
}

func TestAnAdminsRevertOpensACaseAndDecidesNone(t *testing.T) {
	w := newWorld(t, 2)
	w.set("Rita", 0, "accepted")
	w.set("Rita", 1, "rejected")
	w.pass()
	w.tag(w.set("Ada", 0, "open"), "mw-undo")
	w.tag(w.set("Ada", 1, "accepted"), "mw-undo")
	w.expect("open by Ada: counts")
	w.want(0, "open")
	w.want(1, "rejected by Rita")
}

func TestAStatusSetAndTakenBackByTheSameUserAreTwoChangesInOrder(t *testing.T) {
	w := newWorld(t, 1)
	w.tag(w.set("Rita", 0, "accepted"))
	w.tag(w.set("Rita", 0, "open"), "mw-manual-revert")
	w.expect("accepted by Rita: counts, open by Rita: counts")
}

func TestAStatusTakenBackByHandIsItsUsersWordThoughTheTextIsAnOldOne(t *testing.T) {
	w := newWorld(t, 1)
	w.tag(w.set("Rita", 0, "rejected"))
	w.tag(w.set("Rob", 0, "open"), "mw-manual-revert")
	w.expect("rejected by Rita: counts, open by Rob: counts")
}

func TestAnOldPageBroughtBackDecidesNothing(t *testing.T) {
	w := newWorld(t, 2)
	old := w.text(all)
	w.set("Rita", 0, "rejected")
	w.pass()
	w.edit("Vic", all, func(s string) string { return "Hello\n" + s })
	rev := w.edit("Rob", all, func(string) string { return old }) // by=Rita goes with it
	w.tag(rev)                                                    // however far back the wiki looks
	w.expect("")
	w.want(0, "rejected by Rita")
}

func TestARevertOfARevertBringsTheFirstDecisionBackAsItsOwn(t *testing.T) {
	for name, between := range map[string]func(*world){"in one pass": func(*world) {}, "in two": func(w *world) { w.read(New(w.conf)) }} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, 1)
			first := w.set("Rita", 0, "accepted")
			second := w.undo("Vic", first)
			between(w)
			w.undo("Rob", second)
			w.expect("accepted by Rita: counts")
			kept := w.decisions(0)
			if len(kept) != 1 || kept[0].Rev != first || kept[0].By != "Rita" {
				t.Errorf("kept %+v", kept)
			}
		})
	}
}

func TestARevertOfARevertBringsNothingBackByWhoMayNotDecide(t *testing.T) {
	w := newWorld(t, 1)
	second := w.undo("Rob", w.set("Rita", 0, "accepted"))
	w.undo("Vic", second)
	w.expect("")
	w.want(0, "open")
	if w.shows(all, 0) != "open" {
		t.Errorf("the page says %s", w.shows(all, 0))
	}
}

func TestARevertThatWasRevertedBringsNothingBack(t *testing.T) {
	w := newWorld(t, 1)
	first := w.set("Rita", 0, "accepted")
	second := w.undo("Ada", first)
	third := w.undo("Rob", second)
	w.undo("Ada", third)
	w.expect("")
	w.want(0, "open")
}

func TestAHiddenUsersRevisionIsNobodysAndTheNextIsComparedWithIt(t *testing.T) {
	w := newWorld(t, 2)
	w.wire.hidden[w.set("Rita", 0, "accepted")] = "user"
	w.set("Rob", 1, "rejected")
	w.expect("rejected by Rob: counts")
	w.want(0, "open")
}

func TestAfterAHiddenTextTheNextIsTheGround(t *testing.T) {
	w := newWorld(t, 2)
	w.wire.hidden[w.set("Rita", 0, "accepted")] = "text"
	w.edit("Rob", all, func(s string) string { return "Hello\n" + s })
	w.set("Rob", 1, "rejected")
	w.expect("rejected by Rob: counts")
	w.want(0, "open")
}

func (w *world) decisions(n int) (kept []casebook.Decision) {
	w.t.Helper()
	w.view(func(tx tx) (err error) {
		kept, err = casebook.Decisions(tx, idOf(n))
		return err
	})
	return kept
}

func TestNotesThatComeWithARevertAreNobodys(t *testing.T) {
	w := newWorld(t, 1)
	w.edit("Rita", all, with(0, "note", "from a calendar"))
	w.pass()
	w.tag(w.edit("Rob", all, with(0, "note", "")), "mw-undo")
	w.expect("")
	if c := w.caseOf(0); c.Note != "from a calendar" || !strings.Contains(w.text(all), "from a calendar") {
		t.Errorf("note %q", c.Note)
	}
}
