package board

import (
	"errors"
	"strings"
	"testing"
)

func TestAPassWithoutNewsCostsOneRequestForAllPages(t *testing.T) {
	w := newWorld(t, 3)
	for i := range 49 {
		w.pages = append(w.pages, "Copyvio/Uploader/"+idOf(i))
	}
	w.pass()
	if w.err != nil {
		t.Fatal(w.err)
	}
	w.read(New(w.conf)) // takes the bot's own edits in
	w.wiki.ForgetRequests()
	w.read(New(w.conf))
	asked := w.wiki.Requests()
	if len(asked) != 1 {
		t.Fatalf("%d requests: %v", len(asked), asked)
	}
	if v := asked[0].Values; strings.Contains(v.Get("rvprop"), "content") {
		t.Errorf("texts were read: %v", v)
	}
}

func TestTheBotsOwnEditsAreNotReadBack(t *testing.T) {
	w := newWorld(t, 2)
	w.set("Rita", 0, "accepted")
	w.pass()
	w.wiki.ForgetRequests()
	if out := w.read(New(w.conf)); len(out) != 0 {
		t.Errorf("%s", verdicts(out))
	}
	if n := len(w.wiki.Requests()); n != 1 {
		t.Errorf("%d requests after the bot's own edit: %v", n, w.wiki.Requests())
	}
}

func TestAChangeIsWhosSavedIt(t *testing.T) {
	w := newWorld(t, 2)
	first := w.set("Rita", 0, "Accepted")
	w.set("Rob", 1, "'''rejected'''")
	out := w.pass()
	if verdicts(out) != "accepted by Rita: counts, rejected by Rob: counts" {
		t.Fatalf("%s", verdicts(out))
	}
	c := out[0].Change
	if c.Rev != first || c.Page != all || c.Word != "accepted" || c.SHA1 != idOf(0) || c.Time.IsZero() {
		t.Errorf("%+v", c)
	}
	if w.shows(all, 0) != "accepted" || w.shows(all, 1) != "rejected" {
		t.Errorf("the page: %s", w.text(all))
	}
}

func TestACaseThatMovesOnItsPageOrToAnotherIsNoChange(t *testing.T) {
	w := newWorld(t, 3)
	w.edit("Vic", all, func(s string) string {
		a, b := strings.Index(s, "== File:0001"), strings.Index(s, "== File:0002")
		return s[:a] + strings.Replace(s[b:], "<!-- Filewarden: end", s[a:b]+"<!-- Filewarden: end", 1)
	})
	w.edit("Vic", "User:FileBot/Copyvio/Checks", func(string) string { return strings.Replace(w.text(all), "status = open", "status = accepted", 1) })
	w.pages = append(w.pages, "Copyvio/Checks")
	if out := w.pass(); len(out) != 0 {
		t.Errorf("%s", verdicts(out))
	}
	w.want(0, "open")
}

func TestACaseWithAnUnknownIDIsIgnoredAndGoes(t *testing.T) {
	w := newWorld(t, 1)
	fake := strings.Replace(strings.Replace(w.text(all), idOf(0), idOf(77), 1), "status = open", "status = accepted", 1)
	w.edit("Rita", all, func(s string) string {
		return strings.Replace(s, "<!-- Filewarden: end", fake[strings.Index(fake, "=="):strings.LastIndex(fake, "<!--")]+"<!-- Filewarden: end", 1)
	})
	w.edit("Rita", all, with(77, "status", "rejected"))
	if out := w.pass(); len(out) != 0 || w.shows(all, 77) != "nothing" {
		t.Errorf("%s; the page says %s", verdicts(out), w.shows(all, 77))
	}
}

func TestAnUnknownWordIsSaidToBeUnknown(t *testing.T) {
	w := newWorld(t, 1)
	w.set("Rita", 0, "delete it")
	out := w.pass()
	if len(out) != 1 || out[0].Verdict != NotUnderstood || !out[0].Change.Unclear || out[0].Change.Word != "delete it" {
		t.Fatalf("%+v", out)
	}
	if w.shows(all, 0) != "open" || !strings.Contains(w.text(all), "| last = not-understood Rita") {
		t.Errorf("the page: %s", w.text(all))
	}
	if out := w.pass(); len(out) != 0 {
		t.Errorf("said again: %s", verdicts(out))
	}
	w.set("Rita", 0, "rejected")
	w.pass()
	if w.caseOf(0).Last != nil {
		t.Errorf("still said: %+v", w.caseOf(0).Last)
	}
}

func TestAnEmptiedStatusIsOpen(t *testing.T) {
	w := newWorld(t, 1)
	w.set("Rita", 0, "rejected")
	w.pass()
	w.set("Rita", 0, "")
	if out := w.pass(); verdicts(out) != "open by Rita: counts" {
		t.Errorf("%s", verdicts(out))
	}
}

func TestFiveHundredRevisionsBetweenTwoPassesAreAllRead(t *testing.T) {
	w := newWorld(t, 2)
	for i := range 250 {
		w.edit("Vic", all, func(s string) string { return "word " + idOf(i) + "\n" + s })
		w.edit("Paul", all, func(s string) string { return strings.Replace(s, "word ", "words ", 1) })
		if i == 100 {
			w.set("Rita", 0, "accepted")
		}
	}
	w.set("Rob", 1, "rejected")
	w.wiki.ForgetRequests()
	w.read(New(w.conf))
	w.want(0, "accepted by Rita")
	w.want(1, "rejected by Rob")
	if n := len(w.wiki.Requests()); n > 30 {
		t.Errorf("%d requests", n)
	}
	w.pass()
	if w.err != nil || !strings.HasPrefix(w.text(all), "words ") {
		t.Errorf("%v: %.100s", w.err, w.text(all))
	}
}

func TestAPageIsNotWrittenBeforeItsHistoryIsReadToTheEnd(t *testing.T) {
	w := newWorld(t, 1)
	part := w.text(all)
	for i := range 2*revsPerRequest*maxRequests + 5 {
		w.wiki.Edit("Vic", all, "word "+idOf(i)+"\n"+part, "")
	}
	w.set("Rita", 0, "accepted")
	w.open(idOf(1)) // there is something to write
	w.pass()
	var s *Skipped
	if !errors.As(w.err, &s) || s.Reason != Behind || w.shows(all, 1) != "nothing" {
		t.Errorf("%v; the page says %s", w.err, w.shows(all, 1))
	}
	w.want(0, "open")
	w.expect("accepted by Rita: counts")
	if w.shows(all, 0) != "accepted" || w.shows(all, 1) != "open" {
		t.Errorf("the page: %s", w.text(all))
	}
}
