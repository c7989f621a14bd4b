package casebook_test

import (
	"testing"
	"time"

	"filewarden/storage"
	. "filewarden/tasks/copyvio/casebook"
)

var noon = time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)

const sha = "da39a3ee5e6b4b0d3255bfef95601890afd80709"

func memory(t *testing.T, c Case) storage.Store {
	t.Helper()
	store := storage.Memory()
	t.Cleanup(func() { store.Close() })
	update(t, store, func(tx storage.Tx) error { return PutCase(tx, c) })
	return store
}

func update(t *testing.T, store storage.Store, fn func(storage.Tx) error) {
	t.Helper()
	if err := store.Update(fn); err != nil {
		t.Fatal(err)
	}
}

func decide(t *testing.T, store storage.Store, d Decision, who Reviewer) (c Case, v Verdict) {
	t.Helper()
	d.By = who.Name
	update(t, store, func(tx storage.Tx) (err error) {
		c, v, err = Decide(tx, sha, d, who)
		return err
	})
	return c, v
}

func reviewer(name string) Reviewer { return Reviewer{Name: name, Named: true, Reviewer: true} }

func TestADecisionCountsOnlyByRight(t *testing.T) {
	blocked, bot, temporary, plain := reviewer("Ben"), reviewer("Filewarden"), reviewer("~2026-1"), reviewer("Paul")
	blocked.Blocked, bot.Bot, temporary.Named, plain.Reviewer = true, true, false, false
	open := Case{SHA1: sha, Uploader: "Una", Also: []string{"Ulf"}}
	withheld, accepted := open, open
	withheld.State, accepted.State, accepted.By = Withheld, Accepted, "Rita"
	admin := Reviewer{Name: "Ada", Named: true, Admin: true}
	for name, test := range map[string]struct {
		is   Case
		to   State
		who  Reviewer
		want Verdict
	}{
		"a reviewer":                            {open, Accepted, reviewer("Rita"), Counts},
		"an admin":                              {open, Rejected, admin, Counts},
		"an operator":                           {open, Withheld, Reviewer{Operator: true}, Counts},
		"somebody without the right":            {open, Accepted, plain, NotTrusted},
		"a blocked reviewer":                    {open, Accepted, blocked, NotBlocked},
		"a temporary account":                   {open, Accepted, temporary, NotNamed},
		"the bot":                               {open, Accepted, bot, NotBot},
		"the uploader":                          {open, Rejected, reviewer("una"), NotOwn},
		"somebody who uploaded it too":          {open, Rejected, reviewer("Ulf"), NotOwn},
		"a reviewer who withholds":              {open, Withheld, reviewer("Rita"), NotState},
		"a reviewer of a withheld case":         {withheld, Accepted, reviewer("Rita"), NotOpen},
		"a reviewer who says the same":          {accepted, Accepted, reviewer("Rob"), Nothing},
		"another reviewer of an accepted case":  {accepted, Rejected, reviewer("Rob"), NotYours},
		"another who opens it again":            {accepted, Open, reviewer("Rob"), NotYours},
		"the same reviewer of an accepted case": {accepted, Rejected, reviewer("Rita"), Counts},
		"an admin of an accepted case":          {accepted, Rejected, admin, Counts},
	} {
		if got := test.is.Weigh(Decision{To: test.to}, test.who); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

func TestADecisionReadTwiceIsOne(t *testing.T) {
	store := memory(t, Case{SHA1: sha, Uploader: "Una"})
	decide(t, store, Decision{To: Accepted, Rev: 7, Time: noon, Way: ByPage}, reviewer("Rita"))
	decide(t, store, Decision{To: Open, Rev: 8, Time: noon, Way: ByPage}, reviewer("Rita"))
	c, v := decide(t, store, Decision{To: Accepted, Rev: 7, Time: noon, Way: ByPage}, reviewer("Rita"))
	if v != Counts || c.State != Open {
		t.Errorf("%s, %s: the older decision was applied again", v, c.State)
	}
	update(t, store, func(tx storage.Tx) error {
		all, err := Decisions(tx, sha)
		if len(all) != 2 {
			t.Errorf("kept %+v", all)
		}
		return err
	})
}

func TestADecisionThatDoesNotCountIsKeptAndShown(t *testing.T) {
	store := memory(t, Case{SHA1: sha, Uploader: "Una"})
	c, _ := decide(t, store, Decision{To: Rejected, Rev: 7, Time: noon, Way: ByPage}, reviewer("Una"))
	if c.State != Open || c.Last == nil || c.Last.Verdict != NotOwn {
		t.Fatalf("%+v", c)
	}
	if c, _ = decide(t, store, Decision{To: Rejected, Rev: 8, Time: noon, Way: ByPage}, reviewer("Rita")); c.Last != nil || c.By != "Rita" {
		t.Errorf("%+v", c)
	}
}

func TestTakingADecisionBackLeadsToWhatTheCaseWas(t *testing.T) {
	store := memory(t, Case{SHA1: sha, State: Aside, Base: Aside})
	decide(t, store, Decision{To: Accepted, Rev: 7, Time: noon}, reviewer("Rita"))
	c, v := decide(t, store, Decision{To: Open, Rev: 8, Time: noon}, reviewer("Rita"))
	if v != Counts || c.State != Aside || c.By != "" || !c.Decided.IsZero() {
		t.Errorf("%s: %+v", v, c)
	}
}

func TestAnImageIsDueOnceAtItsLatestTime(t *testing.T) {
	store := memory(t, Case{SHA1: "0"})
	image := Image{SHA1: sha, Due: noon, Uploads: []Upload{{Title: "File:A.jpg", User: "Una"}}}
	update(t, store, func(tx storage.Tx) error {
		if err := PutImage(tx, image); err != nil {
			return err
		}
		image.Due = noon.Add(time.Hour)
		return PutImage(tx, image)
	})
	for at, want := range map[time.Time]int{noon: 0, noon.Add(time.Hour): 1} {
		update(t, store, func(tx storage.Tx) error {
			n := 0
			for _, err := range Due(tx, at) {
				if n++; err != nil {
					return err
				}
			}
			if n != want {
				t.Errorf("at %s: %d are due, want %d", at, n, want)
			}
			return nil
		})
	}
}

func TestStatesAreReadAsTheyAreWritten(t *testing.T) {
	for s := Unshown; s <= Accepted; s++ {
		if got, ok := ParseState(" " + s.String() + "\n"); !ok || got != s {
			t.Errorf("%s is read as %s", s, got)
		}
	}
	if s, ok := ParseState("maybe"); ok {
		t.Errorf("maybe is read as %s", s)
	}
}
