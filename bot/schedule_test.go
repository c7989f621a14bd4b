package bot

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"filewarden/bot/sandbox"
)

// scheduled starts Schedule, in a bubble where time passes as soon as everybody
// waits for it, and which must be empty at the end: a goroutine left behind
// fails the test. The function stop ends it and gives back its error; a test
// that does not ask must find that it ended well.
func scheduled(t *testing.T, tasks ...Registration) (r *rig, stop func() error) {
	t.Helper()
	r = openRig(t, sandbox.Options{Name: "testwiki"}, Settings{}, tasks...)
	r.config(`{"mode": "live", "tasks": {"beat": {"every": "1h"}}}`)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- r.Schedule(ctx) }()
	asked := false
	stop = func() error {
		asked = true
		cancel()
		return <-ended
	}
	t.Cleanup(func() {
		if asked {
			return
		}
		if err := stop(); err != nil {
			t.Errorf("Schedule ended with %v", err)
		}
	})
	return r, stop
}

// beat is a task that tells when it ran.
func beat(ran chan<- time.Time) Registration {
	return task("beat", func(context.Context, *Env) error {
		ran <- time.Now()
		return nil
	})
}

func TestPassesFollowTheIntervalOfTheConfigWithoutARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ran := make(chan time.Time, 100)
		r, _ := scheduled(t, beat(ran))
		first := <-ran
		if second := <-ran; second.Sub(first) < time.Hour || second.Sub(first) > time.Hour+time.Minute {
			t.Errorf("the second pass came after %v, not an hour", second.Sub(first))
		}
		r.config(`{"mode": "live", "tasks": {"beat": {"every": "10m"}}}`)
		third := <-ran
		if fourth := <-ran; fourth.Sub(third) < 10*time.Minute || fourth.Sub(third) > 11*time.Minute {
			t.Errorf("with the new interval a pass came after %v", fourth.Sub(third))
		}
		r.config(`{"mode": "live", "tasks": {"beat": {"enabled": false}}}`)
		time.Sleep(5 * time.Hour)
		if len(ran) > 0 {
			t.Error("a task that is switched off ran")
		}
		r.config(`{"mode": "live"}`)
		<-ran
	})
}

func TestAPassThatWasMissedIsCaughtUpAtTheStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ran := make(chan time.Time, 100)
		r, stop := scheduled(t, beat(ran))
		<-ran
		time.Sleep(time.Minute)
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(3 * time.Hour) // the bot is down
		r.reopen(r.Tasks()...)
		if s := r.state("beat"); s.State == Overdue {
			t.Error("overdue before the bot had a chance to run it")
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		begin := time.Now()
		go func() { ended <- r.Schedule(ctx) }()
		if at := <-ran; at.Sub(begin) > time.Minute {
			t.Errorf("caught up after %v", at.Sub(begin))
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

func TestATaskThatFailsOrPanicsNeverStopsTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ran, bombs := make(chan time.Time, 100), make(chan time.Time, 100)
		bomb := task("bomb", func(context.Context, *Env) error {
			bombs <- time.Now()
			if len(bombs)%2 == 0 {
				return errors.New("again")
			}
			panic("boom")
		})
		r, _ := scheduled(t, bomb, beat(ran))
		time.Sleep(3*time.Hour + time.Minute)
		if n := len(ran); n < 3 || n > 4 {
			t.Errorf("the good task ran %d times in three hours", n)
		}
		if n := len(bombs); n < 5 || n > 12 {
			t.Errorf("the bad task was tried %d times in three hours", n)
		}
		r.mustHave(statusPage, "boom")
	})
}

func TestAStopEndsAPassUnderWayWithinSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := make(chan bool, 1)
		patient := task("beat", func(ctx context.Context, _ *Env) error {
			began <- true
			<-ctx.Done()
			return ctx.Err()
		})
		r, stop := scheduled(t, patient)
		<-began
		at := time.Now()
		if err := stop(); err != nil {
			t.Errorf("the stop says %v", err)
		}
		if d := time.Since(at); d > 5*time.Second {
			t.Errorf("the stop took %v", d)
		}
		if run, err := r.LastRun("beat"); err != nil || run.Failed > 0 || run.Error != "" {
			t.Errorf("a stop of the bot counts as a failure: %+v %v", run, err)
		}
		if at, _, _ := r.Due("beat"); at.After(time.Now()) {
			t.Errorf("the pass that was cut is due at %v only", at)
		}
	})
}

func TestABlockedBotGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ran := make(chan time.Time, 100)
		r, stop := scheduled(t, beat(ran))
		<-ran
		r.wiki.Block("Admin", botName, "testing", time.Time{})
		r.wiki.NewSection("Alice", requests, "subscribe", "")
		time.Sleep(2 * time.Minute)
		if err := stop(); !fatal(err) {
			t.Errorf("a blocked bot went on and ended with %v", err)
		}
	})
}
