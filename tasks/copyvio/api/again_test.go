package api_test

import (
	"encoding/json"
	"testing"
	"time"

	"filewarden/storage"
	"filewarden/tasks/copyvio/casebook"
)

func dump(all ...answered) string {
	raw, _ := json.Marshal(all)
	return string(raw)
}

func TestTheSameStateAgainChangesNothing(t *testing.T) {
	w := newWorld(t)
	w.keep(openCase(1))
	w.review(w.token("Rita"), sha(1), "rejected")
	a := w.review(w.token("Rob"), sha(1), "rejected", "note", "I think so too")
	if a.at("reviewimagematches", "nochange") != true || a.at("reviewimagematches", "result") != "Success" {
		t.Errorf("%v", a)
	}
	if book, kept := w.caseOf(sha(1)); book.By != "Rita" || len(kept) != 1 {
		t.Errorf("%+v %+v", book, kept)
	}
}

func TestARequestSentAgainOverrulesNobody(t *testing.T) {
	for name, test := range map[string]struct {
		first, second string // requestid
		wait          time.Duration
		want          casebook.State
	}{
		"the same request":                {"a1", "a1", time.Hour, casebook.Open},
		"a new one":                       {"a1", "a2", time.Second, casebook.Accepted},
		"the same without id, at once":    {"", "", 30 * time.Second, casebook.Open},
		"the same without id, much later": {"", "", time.Minute, casebook.Accepted},
	} {
		w := newWorld(t)
		w.keep(openCase(1))
		rita := w.token("Rita")
		w.review(rita, sha(1), "accepted", "requestid", test.first)
		w.review(w.token("Ada"), sha(1), "open")
		w.pass(test.wait)
		a := w.review(rita, sha(1), "accepted", "requestid", test.second)
		book, _ := w.caseOf(sha(1))
		if book.State != test.want || (a.at("reviewimagematches", "repeated") == true) != (test.want == casebook.Open) {
			t.Errorf("%s: %s, %v", name, book.State, a)
		}
	}
}

func TestWhoChangesTheirMindIsNotRetrying(t *testing.T) {
	w := newWorld(t) // its clock stands still: every decision is of the same second
	w.keep(openCase(1))
	rita := w.token("Rita")
	for _, state := range []string{"accepted", "open", "accepted", "rejected", "accepted"} {
		if a := w.review(rita, sha(1), state, "requestid", "always the same"); a.at("reviewimagematches", "state") != state {
			t.Fatalf("%s: %v", state, a)
		}
	}
	_, kept := w.caseOf(sha(1))
	if len(kept) != 5 {
		t.Fatalf("%+v", kept)
	}
	for i, d := range kept[1:] {
		if !d.Time.After(kept[i].Time) {
			t.Errorf("decision %d is not after the one before: %v", i+1, d.Time)
		}
	}
}

func TestWhoChangedTheirMindOnThePageIsNotRetrying(t *testing.T) {
	w := newWorld(t)
	w.keep(openCase(1))
	rita := w.token("Rita")
	w.review(rita, sha(1), "accepted")
	err := w.store.Update(func(tx storage.Tx) error {
		_, _, err := casebook.Decide(tx, sha(1), casebook.Decision{To: casebook.Open, By: "Rita", Time: noon.Add(time.Second), Rev: 7, Way: casebook.ByPage},
			casebook.Reviewer{Name: "Rita", Named: true, Reviewer: true})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	w.pass(10 * time.Second)
	if a := w.review(rita, sha(1), "accepted"); a.at("reviewimagematches", "state") != "accepted" {
		t.Errorf("%v", a)
	}
}

func TestADecisionThatDoesNotCountIsKeptOnce(t *testing.T) {
	w := newWorld(t)
	w.keep(openCase(1))
	una := w.token("Una")
	for range 3 {
		if a := w.review(una, sha(1), "rejected"); a.code() != "reviewimagematches-own-upload" {
			t.Errorf("%v", a)
		}
	}
	book, kept := w.caseOf(sha(1))
	if book.Last == nil || book.Last.Verdict != casebook.NotOwn || len(kept) != 1 {
		t.Errorf("%+v", kept)
	}
}

func TestAnotherReviewersAcceptedCaseStays(t *testing.T) {
	w := newWorld(t)
	w.keep(openCase(1))
	w.review(w.token("Rita"), sha(1), "accepted")
	if a := w.review(w.token("Rob"), sha(1), "rejected"); a.code() != "reviewimagematches-not-yours" {
		t.Errorf("%v", a)
	}
}

func TestOfWhoMayNotDecideNothingIsKept(t *testing.T) {
	w := newWorld(t)
	w.keep(openCase(1))
	w.review(w.token("Paul"), sha(1), "rejected")
	if book, kept := w.caseOf(sha(1)); book.Last != nil || len(kept) != 0 {
		t.Errorf("%+v", kept)
	}
}
