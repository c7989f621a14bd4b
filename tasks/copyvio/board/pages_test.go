package board

import (
	"errors"
	"strings"
	"testing"

	"filewarden/tasks/copyvio/casebook"
)

func TestABlankedPageLosesNothing(t *testing.T) {
	w := newWorld(t, 2)
	w.set("Rita", 0, "accepted")
	w.edit("Vic", all, func(string) string { return "" })
	w.expect("accepted by Rita: counts")
	if w.shows(all, 0) != "accepted" || w.shows(all, 1) != "open" {
		t.Errorf("the page: %s", w.text(all))
	}
}

func TestDecisionsOnAPageThatIsMovedAwayAreRead(t *testing.T) {
	w := newWorld(t, 2)
	w.set("Rita", 0, "accepted")
	w.wiki.Move("Vic", all, "User:FileBot/Elsewhere", "")
	if out := w.pass(); verdicts(out) != "accepted by Rita: counts" || out[0].Change.Page != "User:FileBot/Elsewhere" {
		t.Errorf("%+v", out)
	}
	var s *Skipped
	if !errors.As(w.err, &s) || s.Reason != MovedAway || s.Page != all || !strings.Contains(s.Error(), "User:FileBot/Elsewhere") {
		t.Errorf("%v", w.err)
	}
	w.wiki.Move("Ada", "User:FileBot/Elsewhere", all, "")
	w.set("Rob", 1, "rejected")
	w.expect("rejected by Rob: counts")
	if w.shows(all, 0) != "accepted" {
		t.Errorf("the page: %s", w.text(all))
	}
}

func TestDecisionsOnAPageThatIsMovedAwayWithoutARedirectAreRead(t *testing.T) {
	w := newWorld(t, 2)
	w.set("Rita", 0, "accepted")
	w.wiki.Move("Ada", all, "User:FileBot/Elsewhere", "")
	w.wiki.Delete("Ada", all, "no redirect")
	w.expect("accepted by Rita: counts")
	if w.shows(all, 0) != "accepted" {
		t.Errorf("the page: %s", w.text(all))
	}
}

func TestAPageMadeAnewIsReadFromItsBeginning(t *testing.T) {
	w := newWorld(t, 2)
	old := w.text(all)
	w.set("Rita", 0, "accepted")
	w.pass()
	w.wiki.Delete("Ada", all, "a mess")
	w.expect("")
	if _, ok := w.wiki.Text(all); ok {
		t.Error("put back with nothing new to say")
	}
	w.edit("Rob", all, func(string) string { return old })
	w.set("Rob", 1, "rejected")
	w.expect("rejected by Rob: counts")
	w.want(0, "accepted by Rita")
	if w.shows(all, 0) != "accepted" || w.shows(all, 1) != "rejected" {
		t.Errorf("the page: %s", w.text(all))
	}
}

func TestADeletedPageThatComesBackIsReadOn(t *testing.T) {
	w := newWorld(t, 2)
	w.set("Rita", 0, "accepted")
	w.wiki.Delete("Ada", all, "by mistake")
	w.expect("")
	w.wiki.ForgetRequests()
	w.read(New(w.conf))
	if n := len(w.wiki.Requests()); n != 1 {
		t.Errorf("%d requests about a page that is known to be deleted", n)
	}
	w.wiki.Undelete("Ada", all, "")
	w.expect("accepted by Rita: counts")
}

func TestADeletedPageIsMadeAnewWhenThereIsNews(t *testing.T) {
	w := newWorld(t, 1)
	w.wiki.Delete("Ada", all, "a mess")
	w.pass()
	w.open(idOf(1))
	w.expect("")
	w.set("Rita", 1, "accepted")
	w.expect("accepted by Rita: counts")
}

func TestAHistoryThatTheWikiDoesNotKnowAnyMoreStartsAnewWithoutNews(t *testing.T) {
	w := newWorld(t, 1)
	w.set("Rita", 0, "accepted")
	w.update(func(tx tx) error {
		row, _, err := pageTable.Get(tx, all)
		row.Rev = 123456
		return errors.Join(err, pageTable.Put(tx, row, all))
	})
	w.expect("")
	w.set("Rita", 0, "rejected")
	w.expect("rejected by Rita: counts")
}

func TestAFreshStoreReadsThePageFromItsBeginning(t *testing.T) {
	w := newWorld(t, 2)
	w.set("Rita", 0, "accepted")
	w.update(func(tx tx) error { return pageTable.Delete(tx, all) })
	w.expect("accepted by Rita: counts")
}

func TestAStoreFromAnOldBackupReadsFromTheLastDecisionThatItKnows(t *testing.T) {
	w := newWorld(t, 3)
	w.set("Rita", 0, "accepted")
	w.pass()
	known := w.decisions(0)[0].Rev
	for i := range lookBack {
		w.wiki.Edit("Paul", all, "word "+idOf(i)+"\n"+w.text(all)[max(0, strings.Index(w.text(all), "<!--")):], "")
	}
	w.set("Rob", 1, "rejected")
	w.update(func(tx tx) error { return pageTable.Delete(tx, all) })
	w.expect("rejected by Rob: counts")
	w.want(0, "accepted by Rita")
	if len(w.decisions(0)) != 1 || w.decisions(0)[0].Rev != known {
		t.Errorf("%+v", w.decisions(0))
	}
}

func TestAPageOfPeoplesOwnTextIsReadOnlyBetweenTheMarks(t *testing.T) {
	w := newWorld(t, 1)
	w.edit("Rob", all, func(s string) string {
		return "For example {{User:FileBot/Copyvio/Case|id=" + idOf(0) + "|status=open}}\n" + s
	})
	w.edit("Rob", all, func(s string) string { return strings.Replace(s, "status=open", "status=accepted", 1) })
	w.expect("")
	w.set("Rita", 0, "rejected") // the first on the page is the example
	if !strings.HasPrefix(w.text(all), "For example {{User:FileBot/Copyvio/Case|id="+idOf(0)+"|status=accepted}}") {
		t.Errorf("the page: %s", w.text(all))
	}
}

func TestAPageWhoseMarksAreBrokenIsReadAsAWhole(t *testing.T) {
	w := newWorld(t, 1)
	w.edit("Vic", all, func(s string) string { return strings.Replace(s, "<!-- Filewarden: end", "<!-- end", 1) })
	w.set("Rita", 0, "accepted")
	w.expect("accepted by Rita: counts")
}

func TestASectionPastedBackByHandSaysNothing(t *testing.T) {
	w := newWorld(t, 2)
	old := w.text(all)
	w.edit("Vic", all, func(s string) string {
		return s[:strings.Index(s, "== File:0001")] + s[strings.Index(s, "== File:0002"):]
	})
	w.edit("Rob", all, func(string) string { return with(0, "status", "accepted")(old) })
	w.expect("")
	w.want(0, "open")
}

func TestNewsAppliedTwiceAreAppliedOnce(t *testing.T) {
	w := newWorld(t, 4)
	w.set("Rita", 0, "accepted")
	w.set("Rita", 1, "what?")
	w.set("Rita", 1, "rejected")
	w.set("Vic", 2, "accepted")
	w.edit("Rita", all, with(3, "note", "a stamp"))
	b := New(w.conf)
	news, err := b.Read(t.Context(), w.pages...)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{5, 0} {
		if out, err := b.Apply(t.Context(), news); len(out) != want || err != nil {
			t.Errorf("%s, %v", verdicts(out), err)
		}
	}
}

func TestWhatPeopleWroteAroundAndBeneathStays(t *testing.T) {
	w := newWorld(t, 2)
	w.edit("Paul", all, func(s string) string {
		return "Above\n" + strings.Replace(s, "}}\n", "}}\n:I know this one. --Paul\n", 1) + "\nBelow"
	})
	w.set("Rita", 1, "accepted")
	w.expect("accepted by Rita: counts")
	text := w.text(all)
	if !strings.HasPrefix(text, "Above\n<!--") || !strings.HasSuffix(text, "-->\nBelow") || !strings.Contains(text, ":I know this one. --Paul") {
		t.Errorf("the page: %s", text)
	}
}

func TestADryRunWritesNothingAndLosesNoDecision(t *testing.T) {
	w := newWorld(t, 1)
	w.mode = "dry-run"
	w.set("Rita", 0, "accepted")
	rev := len(w.wiki.History(all))
	w.expect("accepted by Rita: counts")
	w.expect("")
	if len(w.wiki.History(all)) != rev {
		t.Error("written")
	}
}

func TestADecisionThatIsMadeWhileThePageIsDrawnIsReadBeforeItIsSaved(t *testing.T) {
	w := newWorld(t, 2)
	w.open(idOf(2)) // so that there is something to write
	drawn := 0
	b := New(w.conf)
	w.read(b)
	_, err := b.Publish(t.Context(), Sheet{Name: "Copyvio/All", Summary: "cases", Draw: func(now string, inert Hosts) (Drawn, error) {
		if drawn++; drawn == 1 {
			w.set("Rita", 0, "accepted")
		}
		return w.draw(now, inert)
	}})
	if err != nil {
		t.Fatal(err)
	}
	w.read(New(w.conf))
	w.want(0, "accepted by Rita")
	w.pass()
	if w.shows(all, 0) != "accepted" || w.shows(all, 2) != "open" {
		t.Errorf("the page: %s", w.text(all))
	}
}

func TestADecisionMadeAfterThePageWasReadIsAppliedByThePublishing(t *testing.T) {
	w := newWorld(t, 1)
	b := New(w.conf)
	w.read(b)
	w.set("Rita", 0, "accepted")
	if _, err := b.PublishAll(t.Context(), w.sheets()...); err != nil {
		t.Fatal(err)
	}
	w.want(0, "accepted by Rita")
	if w.shows(all, 0) != "accepted" || len(w.told) != 1 || w.told[0].Verdict != casebook.Counts {
		t.Errorf("told %s; the page: %s", verdicts(w.told), w.text(all))
	}
}

func TestNothingIsWrittenWhereThePageReadsAsWanted(t *testing.T) {
	w := newWorld(t, 1)
	w.edit("Paul", all, func(s string) string { return "Hello\n" + s })
	rev := len(w.wiki.History(all))
	w.expect("")
	if len(w.wiki.History(all)) != rev {
		t.Error("written")
	}
	if h := w.wiki.History(all); !h[0].Minor && len(h) > 2 && !h[len(h)-1].Minor && h[len(h)-1].User == "FileBot" {
		t.Error("an update is no minor edit")
	}
}

func TestOnlySayingsDifferWhereOnlyStatusesAndNotesDo(t *testing.T) {
	one := "x\n| status = open\n| note =\n| by = Rita"
	for other, want := range map[string]bool{
		one: true,
		"x\n|STATUS=accepted\n | note = a\n| by = Rita":         true,
		"x\n| status = open\n| status =\n| by = Rita":           false,
		"x\n| status = open\n| note =\n| by = Rob":              false,
		"x\n| status = open\n| note =\n| by = Rita\n":           false,
		"x\n| status = open\n| note =":                          false,
		"x\n| status = open\nnote = a | b = c\n| by = Rita":     false,
		"x\n| status = open\n| note = a\n| note =\n| by = Rita": false,
	} {
		if onlySayings(one, other) != want || onlySayings(other, one) != want {
			t.Errorf("%q: %v", other, !want)
		}
	}
}
