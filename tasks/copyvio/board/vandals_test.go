package board

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"filewarden/tasks/copyvio/casebook"
)

func TestAHundredStatusesSetByAStrangerCountForNothingAndAreOneMessage(t *testing.T) {
	w := newWorld(t, 100)
	w.edit("Vic", all, func(s string) string { return strings.ReplaceAll(s, "| status = open", "| status = accepted") })
	out := w.pass()
	refused := Refusals(out)
	if len(out) != 100 || len(refused) != 1 || refused[0].By != "Vic" || refused[0].Why != "not-trusted" || len(refused[0].Cases) != 100 {
		t.Fatalf("%d outcomes, %+v", len(out), refused)
	}
	if strings.Contains(w.text(all), "accepted") || w.is(50) != "open" {
		t.Errorf("the page: %.300s", w.text(all))
	}
}

func TestMoreCasesThanAPageHoldsAreNoSaying(t *testing.T) {
	w := newWorld(t, maxChanges+1)
	w.edit("Ada", all, func(s string) string { return strings.ReplaceAll(s, "| status = open", "| status = accepted") })
	w.expect("")
}

func TestWhatStrangersDamageIsPutRight(t *testing.T) {
	for name, damage := range map[string]func(string) string{
		"the page blanked":    func(string) string { return "" },
		"the part taken away": func(string) string { return "Nothing to see" },
		"a section taken away": func(s string) string {
			return s[:strings.Index(s, "== File:0002")] + s[strings.Index(s, "== File:0003"):]
		},
		"a mark taken away":     func(s string) string { return strings.Replace(s, "<!-- Filewarden: end", "<!-- end", 1) },
		"another file named":    func(s string) string { return strings.Replace(s, "File:0002", "File:Other", 1) },
		"all sections doubled":  func(s string) string { i := strings.Index(s, "=="); return s[:i] + s[i:] + s[i:] },
		"the ids exchanged":     func(s string) string { return strings.NewReplacer(idOf(0), idOf(1), idOf(1), idOf(0)).Replace(s) },
		"a decision taken away": with(0, "status", "open"),
		"by= forged":            with(1, "by", "Rita"),
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, 3)
			w.set("Rita", 0, "accepted")
			w.pass()
			w.edit("Vic", all, damage)
			for _, o := range w.pass() {
				if o.Verdict == "counts" {
					t.Errorf("%s", verdicts([]Outcome{o}))
				}
			}
			if w.err != nil || w.shows(all, 0) != "accepted" || w.shows(all, 1) != "open" || w.shows(all, 2) != "open" {
				t.Errorf("%v; the page: %s", w.err, w.text(all))
			}
			w.want(0, "accepted by Rita")
			if strings.Count(w.text(all), "| id = ") != 3 && name != "a mark taken away" && name != "all sections doubled" {
				t.Errorf("the page: %s", w.text(all))
			}
		})
	}
}

func TestWhatAReviewerTookAwayStaysAwayUntilThereIsNews(t *testing.T) {
	for _, user := range []string{"Rita", "Ada"} {
		w := newWorld(t, 1)
		w.edit(user, all, func(string) string { return "We do not want this here." })
		w.edit("Vic", all, func(s string) string { return s + " Really." })
		w.expect("")
		w.expect("")
		if w.text(all) != "We do not want this here. Really." {
			t.Fatalf("%s: %s", user, w.text(all))
		}
		if held, err := w.conf.Pages.Held(); err != nil || len(held) != 1 || held[0].Title != all {
			t.Errorf("held %+v, %v", held, err)
		}
		w.open(idOf(1))
		w.expect("")
		if w.shows(all, 1) != "open" || !strings.HasPrefix(w.text(all), "We do not want this here.") {
			t.Errorf("%s: %s", user, w.text(all))
		}
	}
}

func TestAStrangerIsCorrectedAFewTimesADayAndThenLeftToPeople(t *testing.T) {
	w := newWorld(t, 1)
	vandal := func(i int) { w.edit("Vic", all, func(string) string { return fmt.Sprint("vandalism ", i) }) }
	for i := range defaultRestores {
		vandal(i)
		w.expect("")
	}
	vandal(9)
	w.pass()
	var s *Skipped
	if !errors.As(w.err, &s) || s.Reason != LeftAlone || s.By != "Vic" || s.Page != all || w.text(all) != "vandalism 9" {
		t.Fatalf("%v: %s", w.err, w.text(all))
	}
	for _, another := range []func(){
		func() { vandal(10); w.wiki.Block("Admin", "Vic", "vandalism", time.Time{}) },
		func() { w.wiki.Unblock("Admin", "Vic"); vandal(11); w.later(24 * time.Hour) },
	} {
		another()
		w.expect("")
		if w.shows(all, 0) != "open" {
			t.Errorf("the page: %s", w.text(all))
		}
	}
}

func TestRefusedDecisionsOfOneStrangerAreNoEndlessNews(t *testing.T) {
	w := newWorld(t, 1)
	written := 0
	for range defaultRestores {
		w.set("Vic", 0, "accepted")
		w.pass()
		if w.err == nil {
			written++
		}
		w.set("Vic", 0, "rejected")
		w.pass()
		if w.err == nil {
			written++
		}
	}
	if written != defaultRestores {
		t.Errorf("written %d times", written)
	}
}

func TestAddressesThatChangeAreOneStranger(t *testing.T) {
	w := newWorld(t, 1)
	for i := range defaultRestores + 1 {
		w.edit(fmt.Sprintf("192.0.2.%d", i), all, func(string) string { return fmt.Sprint("vandalism ", i) })
		w.pass()
	}
	var s *Skipped
	if !errors.As(w.err, &s) || s.Reason != LeftAlone || s.By != "" {
		t.Errorf("%v", w.err)
	}
}

func TestAReviewersDecisionsAreNeverTooMany(t *testing.T) {
	w := newWorld(t, 1)
	for range 2 * defaultRestores {
		w.set("Rita", 0, "accepted")
		w.expect("accepted by Rita: counts")
		w.set("Rita", 0, "open")
		w.expect("open by Rita: counts")
	}
}

func TestAReviewersDamageIsCountedApartFromTheirDecisions(t *testing.T) {
	w := newWorld(t, 1)
	forge := func() { w.edit("Rita", all, with(0, "by", "me")) }
	for range defaultRestores {
		w.set("Rita", 0, "accepted")
		w.expect("accepted by Rita: counts")
		w.set("Rita", 0, "open")
		w.expect("open by Rita: counts")
		forge()
		w.expect("")
		if strings.Contains(w.text(all), "by = me") {
			t.Fatalf("the page: %s", w.text(all))
		}
	}
	forge()
	w.pass()
	var s *Skipped
	if !errors.As(w.err, &s) || s.Reason != LeftAlone || s.By != "Rita" {
		t.Errorf("%v", w.err)
	}
	w.set("Rita", 0, "rejected")
	w.expect("rejected by Rita: counts")
	if w.shows(all, 0) != "rejected" {
		t.Errorf("the page: %s", w.text(all))
	}
}

func TestAPageThatAPersonPutRightIsWrittenAgain(t *testing.T) {
	w := newWorld(t, 1)
	for i := range defaultRestores + 1 {
		w.edit("Vic", all, func(string) string { return fmt.Sprint("vandalism ", i) })
		w.pass()
	}
	h := w.wiki.History(all)
	w.edit("Paul", all, func(string) string { return h[len(h)-2].Text })
	w.open(idOf(1))
	w.expect("")
	if w.shows(all, 1) != "open" {
		t.Errorf("the page: %s", w.text(all))
	}
}

func TestTalkThatGoesWithARemovedPartIsNoNews(t *testing.T) {
	w := newWorld(t, 1)
	w.edit("Paul", all, func(s string) string { return strings.Replace(s, "}}\n", "}}\n:a word\n", 1) })
	w.open(idOf(1))
	w.expect("")
	w.edit("Ada", all, func(string) string { return "No." })
	w.expect("")
	if w.text(all) != "No." {
		t.Errorf("the page: %s", w.text(all))
	}
}

func TestTalkBeneathACaseIsNoDamage(t *testing.T) {
	w := newWorld(t, 2)
	for i := range 2 * defaultRestores {
		w.edit("Paul", all, func(s string) string { return strings.Replace(s, "}}\n", fmt.Sprintf("}}\n:word %d\n", i), 1) })
		w.open(idOf(2 + i))
		w.expect("")
	}
	if !strings.Contains(w.text(all), ":word 0\n") || w.shows(all, 7) != "open" {
		t.Errorf("the page: %s", w.text(all))
	}
}

func TestChangingAPageToAndFroFillsNoMemory(t *testing.T) {
	w := newWorld(t, 10)
	for i := range 40 {
		from, to := "| status = open", "| status = accepted"
		if i%2 == 1 {
			from, to = to, from
		}
		w.edit("Vic", all, func(s string) string { return fmt.Sprint(strings.ReplaceAll(s, from, to), "\n", i) })
	}
	w.set("Rita", 0, "rejected")
	if out := w.pass(); len(out) != 11 || len(w.decisions(0)) != 2 || len(w.decisions(9)) != 1 {
		t.Errorf("%s", verdicts(out))
	}
	w.want(0, "rejected by Rita")
}

func TestADecisionAboutEveryCaseOfAFullPageIsOneTransaction(t *testing.T) {
	w := newWorld(t, 100)
	for i := range 100 {
		w.update(func(tx tx) error {
			c, _, err := casebook.GetCase(tx, idOf(i))
			for j := range 40 {
				c.Matches = append(c.Matches, casebook.Match{URL: fmt.Sprintf("https://example%d.org/%d/%s", j, i, strings.Repeat("ab", 200)), Provider: "google", Kind: casebook.Full, Percent: j})
			}
			return errors.Join(err, casebook.PutCase(tx, c))
		})
	}
	w.edit("Ada", all, func(s string) string { return strings.ReplaceAll(s, "| status = open", "| status = accepted") })
	if out := w.pass(); len(out) != 100 || w.is(99) != "accepted by Ada" {
		t.Errorf("%d outcomes", len(out))
	}
}

func TestMoreDecisionsThanATransactionTakesAreKeptInTwo(t *testing.T) {
	w := newWorld(t, maxRun+20)
	w.edit("Ada", all, func(s string) string { return strings.ReplaceAll(s, "| status = open", "| status = accepted") })
	w.fails = dies(2, false)
	w.conf.Decided = follow
	b := New(w.conf)
	news, err := b.Read(t.Context(), w.pages...)
	if err != nil {
		t.Fatal(err)
	}
	if out, err := b.Apply(t.Context(), news); !errors.Is(err, errDead) || len(out) != maxRun {
		t.Fatalf("%d outcomes, %v", len(out), err)
	}
	w.fails = nil
	if out := w.pass(); len(out) != 20 {
		t.Errorf("%d outcomes", len(out))
	}
	w.want(maxRun+19, "accepted by Ada")
}
