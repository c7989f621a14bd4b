package gate

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"filewarden/bot/wiki"

	"github.com/google/go-cmp/cmp"
)

var copied = Deletion{Task: "copyvio", Title: "File:A.jpg", Reason: "copied", ID: "fw-9-0"}

// mayDelete is a bench whose account may delete, on a wiki with the file.
func mayDelete(t *testing.T) *bench {
	b := newBench(t, nil)
	b.wiki.rights = []string{"delete"}
	b.wiki.put("File:A.jpg", "Una", "a picture")
	return b
}

func (b *bench) delete(d Deletion) (Receipt, error) {
	b.now = b.now.Add(time.Minute)
	return b.Delete(context.Background(), d)
}

func TestParametersOfADeletion(t *testing.T) {
	b := mayDelete(t)
	r, err := b.delete(copied)
	if err != nil || r.LogID == 0 || r.Dry || r.NoChange {
		t.Fatalf("%+v, %v", r, err)
	}
	want := wiki.Params{"action": "delete", "title": "File:A.jpg", "watchlist": "nochange",
		"reason": "copied ([[User:NoticeBot/Stop/copyvio|stop]]) fw-9-0"}
	if d := cmp.Diff(want, b.wiki.posts[0]); d != "" {
		t.Error(d)
	}
}

// TestADeletionIsAskedTheQuestionsOfAnEdit sets up every refusal from one rung
// of the list downwards.
func TestADeletionIsAskedTheQuestionsOfAnEdit(t *testing.T) {
	rungs := []struct {
		want Reason
		set  func(*bench)
	}{
		{Stopped, func(b *bench) { b.wiki.put("User:NoticeBot/Stop", "Eve", "halt") }},
		{TaskStop, func(b *bench) { b.wiki.put("User:NoticeBot/Stop/copyvio", "Eve", "halt") }},
		{TrialOver, func(b *bench) { b.policy.Mode, b.policy.TrialEdits = Trial, 0 }},
		{Excluded, func(b *bench) { b.wiki.put("File:A.jpg", "Una", "{{nobots}}") }},
	}
	for i, from := range rungs {
		b := mayDelete(t)
		for _, r := range rungs[i:] {
			r.set(b)
		}
		if _, err := b.delete(copied); reasonOf(err) != from.want || len(b.wiki.posts) > 0 {
			t.Errorf("got %v, want %s; %d posts", err, from.want, len(b.wiki.posts))
		}
	}
}

func TestADeletionKeepsThePaceAndSpendsTheTrial(t *testing.T) {
	b := mayDelete(t)
	b.policy.Mode = Trial
	if err := b.book.take(b.now.Add(time.Minute), bill{}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.delete(copied); err != nil {
		t.Fatal(err)
	}
	if len(b.slept) != 1 {
		t.Errorf("waits: %v", b.slept)
	}
	b.used(t, 1)
}

func TestADeletionThatIsInTheLogUnderItsIDIsNotRepeated(t *testing.T) {
	for _, c := range []struct {
		name   string
		row    object
		posted int
	}{
		{"ours", object{"logid": 7, "action": "delete", "user": "NoticeBot", "comment": "copied fw-9-0"}, 0},
		{"another id", object{"logid": 7, "action": "delete", "user": "NoticeBot", "comment": "copied fw-9-01"}, 1},
		{"quoted by another", object{"logid": 7, "action": "delete", "user": "Eve", "comment": "fw-9-0"}, 1},
		{"a restoration", object{"logid": 7, "action": "restore", "user": "NoticeBot", "comment": "fw-9-0"}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := mayDelete(t) // the page is there: somebody has restored it
			b.wiki.logs = []object{c.row}
			r, err := b.delete(copied)
			if err != nil || len(b.wiki.posts) != c.posted || r.NoChange != (c.posted == 0) || r.LogID == 0 {
				t.Errorf("%+v, %v, %d posts", r, err, len(b.wiki.posts))
			}
			if b.wiki.requests[0]["letitle"] != "File:A.jpg" || b.wiki.requests[0]["letype"] != "delete" {
				t.Errorf("the log was not asked first: %v", b.wiki.requests[0])
			}
		})
	}
}

func TestAPageThatSomebodyElseDeletedIsMissing(t *testing.T) {
	b := mayDelete(t)
	delete(b.wiki.pages, "File:A.jpg")
	if _, err := b.delete(copied); !errors.Is(err, ErrMissing) || len(b.wiki.posts) != 0 {
		t.Errorf("got %v", err)
	}
}

func TestAPageThatChangedSinceTheDecisionIsNotDeleted(t *testing.T) {
	b := mayDelete(t)
	d := copied
	d.BaseRev = 1
	b.wiki.put("File:A.jpg", "Una", "another picture")
	if _, err := b.delete(d); reasonOf(err) != Deferred || len(b.wiki.posts) != 0 {
		t.Errorf("got %v", err)
	}
	d.BaseRev = 2
	if _, err := b.delete(d); err != nil {
		t.Error(err)
	}
}

func TestADeletionWithoutTheRightNamesTheRight(t *testing.T) {
	b := mayDelete(t)
	b.wiki.rights = nil
	for _, m := range []Mode{Live, DryRun} {
		b.policy.Mode = m
		if _, err := b.delete(copied); err == nil || !strings.Contains(err.Error(), "right delete") || len(b.wiki.posts)+len(b.dry) != 0 {
			t.Errorf("%s: got %v", m, err)
		}
	}
}

func TestADryRunShowsADeletion(t *testing.T) {
	b := mayDelete(t)
	b.policy.Mode = DryRun
	r, err := b.delete(copied)
	if err != nil || !r.Dry || len(b.wiki.posts) != 0 || len(b.dry) != 1 {
		t.Fatalf("%+v, %v", r, err)
	}
	if p := b.dry[0]; p.Action != "delete" || p.Edit.Title != "File:A.jpg" || !strings.Contains(p.Diff, "-a picture") {
		t.Errorf("%+v", p)
	}
}

func TestAnAnswerWithoutALogEntryIsAnUnknownOutcome(t *testing.T) {
	for name, reply := range map[string]object{"empty": {}, "no entry": {"delete": object{"title": "File:A.jpg"}}} {
		b := mayDelete(t)
		b.policy.Mode, b.wiki.reply = Trial, reply
		var unknown *wiki.UnknownOutcome
		if _, err := b.delete(copied); !errors.As(err, &unknown) {
			t.Errorf("%s: %v", name, err)
		}
		b.used(t, 1)
	}
	b := mayDelete(t)
	b.wiki.reply = object{"delete": object{"title": "File:A.jpg", "scheduled": true}}
	if _, err := b.delete(copied); err != nil {
		t.Errorf("scheduled: %v", err)
	}
}

func TestADeletionNeedsAnIDAndATitle(t *testing.T) {
	for _, d := range []Deletion{{Title: "File:A.jpg"}, {ID: "fw"}, {Title: "File:A.jpg|File:B.jpg", ID: "fw"}, {Title: "File:A.jpg", ID: "f w"}} {
		b := mayDelete(t)
		if _, err := b.delete(d); err == nil || len(b.wiki.requests)+len(b.wiki.posts) != 0 {
			t.Errorf("%+v: %v", d, err)
		}
	}
}
