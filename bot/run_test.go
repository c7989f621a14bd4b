package bot

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"filewarden/bot/gate"
	"filewarden/storage"
)

func TestARunIsDue(t *testing.T) {
	at := time.Date(2026, 3, 4, 5, 0, 0, 0, time.UTC)
	const every = 4 * time.Hour
	opened := at.Add(time.Second)
	later := func(d time.Duration) time.Time { return at.Add(d) }
	for name, c := range map[string]struct {
		run  Run
		want time.Time
	}{
		"at once, when it never ran":                     {Run{}, time.Time{}},
		"at once, when the process died under it":        {Run{Started: at}, at},
		"after its interval, while it is under way":      {Run{Started: opened}, opened.Add(every)},
		"at once, when it was cut by a stop of the bot":  {Run{Started: at, Ended: later(time.Second), Success: later(-every)}, at},
		"after its interval, counted from its start":     {Run{Started: at, Ended: later(time.Hour), Success: at}, later(every)},
		"a minute later, under a stop page":              {Run{Started: at, Ended: at, Stopped: "User:K/Stop"}, later(time.Minute)},
		"a minute after its first failure":               {Run{Started: at, Ended: at, Failed: 1}, later(time.Minute)},
		"eight minutes after its fourth failure":         {Run{Started: at, Ended: at, Failed: 4}, later(8 * time.Minute)},
		"after no more than its interval, however often": {Run{Started: at, Ended: at, Failed: 1000}, later(every)},
	} {
		if got := c.run.due(every, opened); !got.Equal(c.want) {
			t.Errorf("%s: due at %v, not %v", name, got, c.want)
		}
	}
}

func TestAPanicIsAnErrorOfThatPassAlone(t *testing.T) {
	r := newRig(t, task("bomb", func(context.Context, *Env) error { panic("boom") }),
		task("leak", func(context.Context, *Env) error { return errors.New("water everywhere") }), idle("calm"))
	for name, want := range map[string]string{"bomb": "panic: boom", "leak": "water everywhere"} {
		if err := r.Round(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := r.Pass(t.Context(), name, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: the pass says %v", name, err)
		}
	}
	if err := r.Pass(t.Context(), "calm", nil); err != nil {
		t.Error(err)
	}
	r.round()
	r.mustHave(statusPage, "panic: boom")
	r.mustHave(statusPage, "water everywhere")
	for name, want := range map[string]State{"bomb": Failing, "leak": Failing, "calm": Waiting} {
		if s := r.state(name); s.State != want {
			t.Errorf("%s is %s, not %s", name, s.State, want)
		}
	}
}

func TestPassesOfOneTaskNeverOverlap(t *testing.T) {
	var r *rig
	r = newRig(t, task("nested", func(ctx context.Context, _ *Env) error {
		if err := r.Pass(ctx, "other", nil); err != nil {
			return err
		}
		return r.Pass(ctx, "nested", nil)
	}), idle("other"))
	r.round()
	if err := r.Pass(t.Context(), "nested", nil); !errors.Is(err, ErrRunning) {
		t.Errorf("a pass within a pass says %v", err)
	}
}

func TestATaskThatDoesNotExistIsNamedWithThoseThatDo(t *testing.T) {
	r := newRig(t, idle("news"), idle("other"))
	r.round()
	if err := r.Pass(t.Context(), "nwes", nil); err == nil || !strings.Contains(err.Error(), "news, other") {
		t.Error(err)
	}
}

func TestTaskNamesAreLettersAndUnique(t *testing.T) {
	for _, tasks := range [][]Registration{{idle("")}, {idle("A")}, {idle("a/b")}, {idle("a"), idle("a")}} {
		if err := checkTasks(tasks); err == nil {
			t.Errorf("%q is taken for a name", tasks[0].Task.Name())
		}
	}
}

// A dry run has a memory of its own, and going live takes stock anew.
func TestADryRunKeepsItsOwnMemory(t *testing.T) {
	var fresh []bool
	seen := map[string]int{}
	r := newRig(t, task("count", func(_ context.Context, env *Env) error {
		fresh = append(fresh, env.Fresh)
		table := storage.NewTable[int]("n", 1)
		return env.Store.Update(func(tx storage.Tx) error {
			n, _, err := table.Get(tx, "n")
			seen[string(env.Config.Mode)] = n + 1
			return errors.Join(err, table.Put(tx, n+1, "n"))
		})
	}))
	pass := func(mode string) {
		t.Helper()
		r.config(`{"mode": "` + mode + `"}`)
		r.round()
		if err := r.Pass(t.Context(), "count", nil); err != nil {
			t.Fatal(err)
		}
	}
	pass("live")
	pass("live")
	before := r.edits(statusPage)
	pass("dry-run")
	pass("dry-run")
	if n := r.edits(statusPage); n != before || len(r.dry) == 0 {
		t.Errorf("a dry run wrote %d edits and showed %d", n-before, len(r.dry))
	}
	pass("trial")
	pass("live")
	if seen["live"] != 4 || seen["dry-run"] != 2 {
		t.Errorf("passes remembered: %v", seen)
	}
	for i, want := range []bool{true, false, true, false, true, false} {
		if fresh[i] != want {
			t.Errorf("pass %d: Fresh is %v", i, fresh[i])
		}
	}
}

func TestTheMoreCautiousModeWins(t *testing.T) {
	for _, c := range [][3]gate.Mode{
		{gate.Live, gate.Live, gate.Live}, {gate.Live, gate.Trial, gate.Trial}, {gate.Trial, gate.DryRun, gate.DryRun}, {gate.DryRun, gate.Live, gate.DryRun},
	} {
		if got := MoreCautious(c[0], c[1]); got != c[2] || MoreCautious(c[1], c[0]) != c[2] {
			t.Errorf("%s and %s give %s", c[0], c[1], got)
		}
	}
}
