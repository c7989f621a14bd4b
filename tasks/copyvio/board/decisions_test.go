package board

import (
	"strings"
	"testing"
	"time"

	"filewarden/tasks/copyvio/casebook"
)

func TestADecisionCountsByTheRightOfItsEditor(t *testing.T) {
	for name, test := range map[string]struct{ user, verdict string }{
		"a reviewer":                     {"Rita", "counts"},
		"an admin":                       {"Ada", "counts"},
		"a user without the right":       {"Paul", "not-trusted"},
		"a blocked reviewer":             {"Ben", "blocked"},
		"the uploader":                   {"Una", "own-upload"},
		"somebody who uploaded it too":   {"Ulf", "own-upload"},
		"a temporary account":            {"~2026-17", "unnamed"},
		"an address":                     {"192.0.2.7", "unnamed"},
		"an address of the longer kind":  {"2001:DB8:0:0:0:0:0:1", "unnamed"},
		"a reviewer blocked from a page": {"Pia", "counts"},
		"who was renamed away":           {"Old name", "unnamed"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, 1)
			w.wiki.AddUser("Pia", "", "patroller")
			w.wiki.Block("Admin", "Pia", "a test", time.Time{}, "Main Page")
			w.set(test.user, 0, "accepted")
			if test.user == "Old name" {
				w.wire.rename = map[string]string{"Rex": "Old name"}
				w.wiki.RemoveUser("Old name", "Rex")
			}
			out := w.pass()
			if len(out) != 1 || string(out[0].Verdict) != test.verdict {
				t.Fatalf("%s, want %s", verdicts(out), test.verdict)
			}
			state := "open"
			if test.verdict == "counts" {
				state = "accepted"
			}
			if w.shows(all, 0) != state {
				t.Errorf("the page says %s", w.shows(all, 0))
			}
			if said := strings.Contains(w.text(all), "| last = "+test.verdict); said == (state == "accepted") {
				t.Errorf("that it did not count is said: %v", said)
			}
			if len(w.decisions(0)) != 1 {
				t.Errorf("kept: %+v", w.decisions(0))
			}
		})
	}
}

func TestTheBotNeverDecides(t *testing.T) {
	w := newWorld(t, 1)
	w.set("FileBot", 0, "accepted")
	w.expect("")
	w.want(0, "open")
	who, err := New(w.conf).Reviewers(t.Context(), []string{"fileBot"})
	if err != nil || !who["fileBot"].Bot || mayDecide(who["fileBot"]) {
		t.Errorf("%+v, %v", who, err)
	}
}

func TestRightsAreThoseOfTheMomentTheDecisionIsApplied(t *testing.T) {
	w := newWorld(t, 2)
	w.set("Rita", 0, "accepted")
	w.set("Paul", 1, "accepted")
	w.wiki.Demote("Rita", "patroller")
	w.wiki.Promote("Paul", "patroller")
	w.expect("accepted by Rita: not-trusted, accepted by Paul: counts")
}

func TestAcceptedIsTakenBackByItsReviewerOrAnAdminOnly(t *testing.T) {
	w := newWorld(t, 2)
	w.set("Rita", 0, "accepted")
	w.set("Rita", 1, "accepted")
	w.pass()
	w.set("Rob", 0, "rejected")
	w.expect("rejected by Rob: not-yours")
	if w.shows(all, 0) != "accepted" {
		t.Errorf("the page says %s", w.shows(all, 0))
	}
	w.set("Ada", 0, "rejected")
	w.set("Rita", 1, "rejected")
	w.expect("rejected by Ada: counts, rejected by Rita: counts")
}

func TestStatesThatPeopleDoNotSetAreRefused(t *testing.T) {
	w := newWorld(t, 1)
	w.set("Ada", 0, "withheld")
	w.expect("withheld by Ada: no-state")
}

func TestOneCaseOnTwoPagesIsJudgedInTheOrderOfTheEdits(t *testing.T) {
	w := newWorld(t, 2)
	w.pages = []string{"Copyvio/All", "Copyvio/Checks"}
	w.pass()
	w.pass()
	w.edit("Rita", "User:FileBot/Copyvio/Checks", with(0, "status", "accepted"))
	w.edit("Rob", all, with(0, "status", "rejected"))
	w.edit("Rob", all, with(1, "status", "rejected"))
	w.edit("Rita", "User:FileBot/Copyvio/Checks", with(1, "status", "accepted"))
	w.expect("accepted by Rita: counts, rejected by Rob: not-yours, rejected by Rob: counts, accepted by Rita: counts")
	for _, title := range []string{all, "User:FileBot/Copyvio/Checks"} {
		if w.shows(title, 0) != "accepted" || w.shows(title, 1) != "accepted" {
			t.Errorf("%s says %s and %s", title, w.shows(title, 0), w.shows(title, 1))
		}
	}
}

func TestANoteIsKeptAlsoWhenItComesAlone(t *testing.T) {
	w := newWorld(t, 1)
	w.edit("Rita", all, with(0, "note", "see [[Commons:L|this]]"))
	if out := w.pass(); len(out) != 1 || out[0].Case.Note != "see this" || out[0].Verdict != casebook.Nothing {
		t.Fatalf("%+v", out)
	}
	if len(w.decisions(0)) != 0 || !strings.Contains(w.text(all), "| note = see this\n") {
		t.Errorf("decided %+v; the page: %s", w.decisions(0), w.text(all))
	}
	w.edit("Rob", all, func(s string) string { return with(0, "note", "stock photo")(with(0, "status", "accepted")(s)) })
	w.pass()
	w.edit("Rob", all, func(s string) string { return with(0, "note", "")(with(0, "status", "rejected")(s)) })
	w.expect("rejected by Rob: counts")
	if c := w.caseOf(0); c.Note != "" || w.decisions(0)[0].Note != "stock photo" {
		t.Errorf("%+v", c)
	}
}

func TestAStrangersNoteIsTakenAway(t *testing.T) {
	w := newWorld(t, 1)
	w.edit("Vic", all, with(0, "note", "mine!"))
	if out := w.pass(); len(Refusals(out)) != 1 || w.caseOf(0).Note != "" || strings.Contains(w.text(all), "mine!") {
		t.Errorf("%s; the page: %s", verdicts(out), w.text(all))
	}
}

func TestPeopleAreAskedForFiftyAtATime(t *testing.T) {
	w := newWorld(t, 1)
	var names []string
	for i := range 101 {
		names = append(names, "Person "+idOf(i)[30:])
	}
	who, err := New(w.conf).Reviewers(t.Context(), append(names, "rita", "A|B", ""))
	if err != nil || len(who) != 104 || len(w.wiki.Requests()) != 3 {
		t.Errorf("%d people in %d requests: %v", len(who), len(w.wiki.Requests()), err)
	}
	if !who["rita"].Reviewer || who["A|B"].Named || who[""].Named || who[names[0]].Named {
		t.Errorf("%+v", who["rita"])
	}
}
