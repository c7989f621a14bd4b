package gate

import (
	"context"
	"errors"
	"testing"
	"time"

	"filewarden/bot/wiki"
)

func (b *bench) send(t *testing.T, id string) error {
	t.Helper()
	b.now = b.now.Add(time.Minute)
	_, err := b.Edit(context.Background(), notice(id))
	return err
}

func (b *bench) used(t *testing.T, want int) {
	t.Helper()
	if n, err := b.TrialUsed(); err != nil || n != want {
		t.Errorf("%d edits of the trial are spent, want %d (%v)", n, want, err)
	}
}

func TestTrialEndsAfterItsEdits(t *testing.T) {
	b := newBench(t, nil)
	b.policy.Mode = Trial
	for _, id := range []string{"a", "b"} {
		if err := b.send(t, id); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.send(t, "c"); reasonOf(err) != TrialOver || len(b.wiki.posts) != 2 {
		t.Fatalf("third edit: %v, %d posts", err, len(b.wiki.posts))
	}
	if got := reasonOf(b.Check(context.Background(), "usage")); got != TrialOver {
		t.Errorf("Check says %q", got)
	}
	restarted := newBench(t, b.c.Store)
	restarted.policy.Mode, restarted.now = Trial, b.now
	restarted.used(t, 2)
	if err := restarted.send(t, "c"); reasonOf(err) != TrialOver {
		t.Errorf("after a restart: %v", err)
	}
	restarted.policy.TrialEdits = 3
	if err := restarted.send(t, "c"); err != nil {
		t.Errorf("after raising the number: %v", err)
	}
	restarted.used(t, 3)
}

func TestOwnPagesDryRunsAndLiveEditsDoNotSpendTheTrial(t *testing.T) {
	b := newBench(t, nil)
	own := Edit{Title: "User:NoticeBot/Status", Text: "fine", CreateOnly: true}
	b.policy.Mode = Trial
	if _, err := b.Edit(context.Background(), own); err != nil {
		t.Fatal(err)
	}
	for _, m := range []Mode{DryRun, Live} {
		b.policy.Mode = m
		if err := b.send(t, "x"); err != nil {
			t.Fatal(err)
		}
	}
	b.policy.Mode = Trial
	b.used(t, 0)
}

func TestOnlyALiveRunBetweenStartsANewTrial(t *testing.T) {
	b := newBench(t, nil)
	b.policy.Mode = Trial
	if err := b.send(t, "a"); err != nil {
		t.Fatal(err)
	}
	b.policy.Mode = DryRun
	if err := b.send(t, "b"); err != nil {
		t.Fatal(err)
	}
	b.policy.Mode = Trial
	if err := b.send(t, "c"); err != nil {
		t.Fatal(err)
	}
	b.used(t, 2)
	b.policy.Mode = Live
	if err := b.Check(context.Background(), "usage"); err != nil {
		t.Fatal(err)
	}
	b.policy.Mode = Trial
	if err := b.send(t, "d"); err != nil {
		t.Fatal(err)
	}
	b.used(t, 1)
}

func TestAnEditThatDidNotHappenIsGivenBackAndOneInDoubtIsNot(t *testing.T) {
	for _, c := range []struct {
		name  string
		err   error
		reply object
		want  int
	}{
		{"refused by the wiki", &wiki.Error{Code: "protectedpage"}, nil, 0},
		{"no change", nil, object{"edit": object{"result": "Success", "nochange": true}}, 0},
		{"captcha", nil, object{"edit": object{"result": "Failure", "captcha": object{"type": "math"}}}, 0},
		{"answer lost", &wiki.UnknownOutcome{Err: errors.New("reset")}, nil, 1},
		{"server error", &wiki.HTTPError{Status: 502}, nil, 1},
		{"answer without a result", nil, object{"edit": object{}}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, nil)
			b.policy.Mode = Trial
			b.wiki.postErr = func(wiki.Params) error { return c.err }
			b.wiki.reply = c.reply
			err := b.send(t, "a")
			if c.err != nil && !errors.Is(err, c.err) {
				t.Errorf("the error lost its type: %v", err)
			}
			b.used(t, c.want)
		})
	}
}

func TestTheTrialIsCountedBeforeTheWrite(t *testing.T) {
	b := newBench(t, nil)
	b.policy.Mode = Trial
	b.wiki.postErr = func(wiki.Params) error {
		b.used(t, 1) // what a crash at this moment would leave behind
		return nil
	}
	if err := b.send(t, "a"); err != nil {
		t.Fatal(err)
	}
}

func TestARetryOfAnEditInDoubtIsCountedOnce(t *testing.T) {
	b := newBench(t, nil)
	b.policy.Mode, b.policy.TrialEdits = Trial, 1
	b.wiki.postErr = func(wiki.Params) error { return &wiki.UnknownOutcome{Err: errors.New("reset")} }
	if err := b.send(t, "a"); err == nil {
		t.Fatal("no error")
	}
	b.wiki.postErr = nil
	if err := b.send(t, "a"); err != nil {
		t.Fatal(err)
	}
	b.used(t, 1)
}
