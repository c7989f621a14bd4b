package gate

import (
	"context"
	"errors"
	"testing"
	"time"

	"filewarden/bot/wiki"
)

var request = Series{ID: "fw-9", Task: "copyvio", Steps: 3}

// step is one edit of the series, a minute after the last.
func (b *bench) step(id string) error {
	b.now = b.now.Add(time.Minute)
	_, err := b.Edit(context.Background(), Edit{Task: "copyvio", Series: request.ID, Title: "File:A.jpg",
		Text: "x", Append: true, ID: id})
	return err
}

func (b *bench) admit(t *testing.T) {
	t.Helper()
	if err := b.Admit(context.Background(), request); err != nil {
		t.Fatal(err)
	}
}

// inTrial is a bench with a trial of so many edits.
func inTrial(t *testing.T, edits int) *bench {
	b := newBench(t, nil)
	b.policy.Mode, b.policy.TrialEdits = Trial, edits
	return b
}

func TestASeriesThatTheTrialHasNotTheEditsForIsRefusedWhole(t *testing.T) {
	b := inTrial(t, 2)
	err := b.Admit(context.Background(), request)
	var refused *Refused
	if !errors.As(err, &refused) || refused.Reason != TrialOver || refused.Page != "User:NoticeBot/config.json" {
		t.Fatalf("got %v", err)
	}
	b.used(t, 0)
	b.policy.TrialEdits = 3
	b.admit(t)
	b.used(t, 3)
}

func TestTheStepsOfASeriesAreMadeThoughTheTrialIsSpent(t *testing.T) {
	b := inTrial(t, 3)
	b.admit(t)
	if err := b.send(t, "other"); reasonOf(err) != TrialOver {
		t.Fatalf("what is promised to a series was given to another edit: %v", err)
	}
	for _, id := range []string{"fw-9-0", "fw-9-1", "fw-9-2"} {
		if err := b.step(id); err != nil {
			t.Fatal(err)
		}
	}
	b.used(t, 3)
	if err := b.step("fw-9-3"); reasonOf(err) != TrialOver {
		t.Errorf("a step more than were admitted: %v", err)
	}
}

func TestASeriesIsRememberedOverARestart(t *testing.T) {
	b := inTrial(t, 3)
	b.admit(t)
	if err := b.step("fw-9-0"); err != nil {
		t.Fatal(err)
	}
	again := newBench(t, b.c.Store)
	again.policy, again.now = b.policy, b.now
	again.admit(t)
	again.used(t, 3)
	for _, id := range []string{"fw-9-0", "fw-9-1", "fw-9-2", "fw-9-2"} { // two once more: their outcome was lost
		if err := again.step(id); err != nil {
			t.Fatalf("%s: %v", id, err)
		}
	}
	again.used(t, 3)
}

func TestASeriesIsBookedBeforeItsFirstWrite(t *testing.T) {
	b := inTrial(t, 3)
	b.admit(t)
	if len(b.wiki.posts) != 0 {
		t.Fatal("admitting wrote something")
	}
	b.wiki.postErr = func(wiki.Params) error {
		b.used(t, 3) // what a crash at this moment would leave behind
		return nil
	}
	if err := b.step("fw-9-0"); err != nil {
		t.Fatal(err)
	}
}

func TestAReleaseGivesBackWhatWasNotMade(t *testing.T) {
	b := inTrial(t, 3)
	b.admit(t)
	if err := b.step("fw-9-0"); err != nil {
		t.Fatal(err)
	}
	b.wiki.postErr = func(wiki.Params) error { return &wiki.Error{Code: "protectedpage"} }
	if err := b.step("fw-9-1"); err == nil {
		t.Fatal("no error")
	}
	b.wiki.postErr = func(wiki.Params) error { return &wiki.UnknownOutcome{Err: errors.New("reset")} }
	if err := b.step("fw-9-2"); err == nil {
		t.Fatal("no error")
	}
	for range 2 {
		if err := b.Release(request.ID); err != nil {
			t.Fatal(err)
		}
		b.used(t, 2) // one was made, one is in doubt, one was refused
	}
	if err := b.Release("fw-never"); err != nil {
		t.Error(err)
	}
}

func TestStopPagesHoldEveryStepAndTheAdmission(t *testing.T) {
	for page, want := range map[string]Reason{"User:NoticeBot/Stop": Stopped, "User:NoticeBot/Stop/copyvio": TaskStop} {
		b := inTrial(t, 3)
		b.admit(t)
		if err := b.step("fw-9-0"); err != nil {
			t.Fatal(err)
		}
		b.wiki.put(page, "Eve", "halt")
		if err := b.step("fw-9-1"); reasonOf(err) != want {
			t.Errorf("%s: the step: %v", page, err)
		}
		other := Series{ID: "fw-8", Task: "copyvio", Steps: 1}
		if err := b.Admit(context.Background(), other); reasonOf(err) != want {
			t.Errorf("%s: the admission: %v", page, err)
		}
		b.wiki.put(page, "Eve", "")
		if err := b.step("fw-9-1"); err != nil {
			t.Errorf("%s: after the stop: %v", page, err)
		}
	}
}

func TestASeriesBegunLiveIsFinishedInATrialAndCostsItNothing(t *testing.T) {
	b := newBench(t, nil)
	b.admit(t)
	b.policy.Mode, b.policy.TrialEdits = Trial, 0
	if err := b.step("fw-9-0"); err != nil {
		t.Fatal(err)
	}
	b.used(t, 0)
	if err := b.Release(request.ID); err != nil {
		t.Fatal(err)
	}
	b.used(t, 0)
}

func TestASeriesOfAnEarlierTrialCostsTheNextNothing(t *testing.T) {
	b := inTrial(t, 4)
	b.admit(t)
	b.policy.Mode = Live
	if err := b.Check(context.Background(), "copyvio"); err != nil {
		t.Fatal(err)
	}
	b.policy.Mode = Trial
	if err := b.send(t, "new"); err != nil {
		t.Fatal(err)
	}
	b.used(t, 1)
	if err := b.Release(request.ID); err != nil {
		t.Fatal(err)
	}
	b.used(t, 1)
}

func TestADryRunShowsEachStepAndRemembersNoSeries(t *testing.T) {
	b := inTrial(t, 0)
	b.policy.Mode = DryRun
	b.admit(t)
	for _, id := range []string{"fw-9-0", "fw-9-1"} {
		if err := b.step(id); err != nil {
			t.Fatal(err)
		}
	}
	if len(b.dry) != 2 || len(b.wiki.posts) != 0 {
		t.Errorf("shown %d, posted %d", len(b.dry), len(b.wiki.posts))
	}
	if book, err := b.book.read(); err != nil || len(book.Series) != 0 {
		t.Errorf("%+v, %v", book, err)
	}
}

func TestAStepOnTheAccountsOwnPageIsFree(t *testing.T) {
	b := inTrial(t, 3)
	b.admit(t)
	if _, err := b.Edit(context.Background(), Edit{Task: "copyvio", Series: request.ID, ID: "fw-9-0",
		Title: "User:NoticeBot/Copyvio", Text: "x", Append: true}); err != nil {
		t.Fatal(err)
	}
	if err := b.Release(request.ID); err != nil {
		t.Fatal(err)
	}
	b.used(t, 0)
}

func TestAStepWithoutAnIDIsRefused(t *testing.T) {
	b := inTrial(t, 3)
	b.admit(t)
	if err := b.step(""); err == nil || len(b.wiki.posts) != 0 {
		t.Errorf("got %v", err)
	}
	for _, s := range []Series{{ID: "", Steps: 1}, {ID: "a b", Steps: 1}, {ID: "a", Steps: 0}} {
		if err := b.Admit(context.Background(), s); err == nil {
			t.Errorf("%+v was admitted", s)
		}
	}
}
