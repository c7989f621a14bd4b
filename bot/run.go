package bot

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"filewarden/bot/gate"
	"filewarden/storage"
	"filewarden/wikiconfig"

	"github.com/rs/zerolog"
)

// Run is what is remembered of the passes of a task.
type Run struct {
	Started time.Time `json:"started"`
	Ended   time.Time `json:"ended"`   // zero while it runs, or when the process died under it
	Success time.Time `json:"success"` // start of the last pass that went well
	Error   string    `json:"error,omitempty"`
	Failed  int       `json:"failed"`            // passes in a row
	Stopped string    `json:"stopped,omitempty"` // stop page that held the last pass back
}

// runs by memory and task.
func (b *Bot) runs() (storage.Store, storage.Table[Run]) {
	return storage.Part(b.store, "schedule"), storage.NewTable[Run]("run", 1)
}

// LastRun returns what is remembered of a task in the mode in force.
func (b *Bot) LastRun(task string) (Run, error) {
	w, err := b.ward()
	if err != nil {
		return Run{}, err
	}
	return b.lastRun(w, task)
}

func (b *Bot) lastRun(w *ward, task string) (run Run, err error) {
	store, table := b.runs()
	err = store.View(func(tx storage.Tx) error {
		run, _, err = table.Get(tx, w.name, task)
		return err
	})
	if err != nil {
		return Run{}, fmt.Errorf("remembering the last pass of %s: %w", task, err)
	}
	return run, nil
}

func (b *Bot) keepRun(w *ward, task string, run Run) error {
	store, table := b.runs()
	err := store.Update(func(tx storage.Tx) error { return table.Put(tx, run, w.name, task) })
	if err != nil {
		return fmt.Errorf("remembering the pass of %s: %w", task, err)
	}
	return nil
}

// ErrRunning is a second pass of a task asked for while one is under way.
var ErrRunning = errors.New("a pass of this task is already running")

// Pass makes one pass of a task and delivers what it found. A panic in the
// task is an error of this pass and of nothing else.
func (b *Bot) Pass(ctx context.Context, task string, progress func(string, int, int)) error {
	if !b.running.TryLock(task) {
		return fmt.Errorf("%s: %w", task, ErrRunning)
	}
	defer b.running.Unlock(task)
	reg, err := b.task(task)
	if err != nil {
		return err
	}
	w, err := b.ward()
	if err != nil {
		return err
	}
	env, err := b.Env(task)
	if err != nil {
		return err
	}
	if progress != nil {
		env.Progress = progress
	}
	return b.recorded(ctx, w, reg, env)
}

// recorded runs the pass between two notes in the memory.
func (b *Bot) recorded(ctx context.Context, w *ward, reg Registration, env *Env) error {
	name := reg.Task.Name()
	run, err := b.lastRun(w, name)
	if err != nil {
		return err
	}
	run.Started, run.Ended = b.settings.Now().UTC(), time.Time{}
	if err := b.keepRun(w, name, run); err != nil {
		return err
	}
	err = b.guarded(ctx, w, reg, env)
	if err != nil && ctx.Err() == nil && !isStop(err) {
		err = errors.Join(err, w.diary.error(name, err))
	}
	cut := ctx.Err() != nil
	return errors.Join(err, b.keepRun(w, name, run.after(err, cut, b.settings.Now().UTC())), b.noteStop(w, name, err))
}

// noteStop keeps the diary's word on the task's own Stop page.
func (b *Bot) noteStop(w *ward, task string, err error) error {
	var refused *gate.Refused
	switch {
	case errors.As(err, &refused) && refused.Reason == gate.TaskStop:
		return w.diary.stopped(task)
	case err == nil:
		held, err := w.waiting()
		return errors.Join(err, w.diary.lifted(task, held))
	}
	return nil
}

// after notes how a pass ended; cut says that it was told to, before its time.
func (r Run) after(err error, cut bool, now time.Time) Run {
	r.Ended, r.Error, r.Stopped = now, "", ""
	var refused *gate.Refused
	switch {
	case err == nil:
		r.Success, r.Failed = r.Started, 0
	case errors.As(err, &refused) && (refused.Reason == gate.Stopped || refused.Reason == gate.TaskStop):
		r.Stopped = refused.Page
	case cut:
	default:
		r.Error, r.Failed = err.Error(), r.Failed+1
	}
	return r
}

// guarded asks the stop pages, runs the task under recover, and delivers.
func (b *Bot) guarded(ctx context.Context, w *ward, reg Registration, env *Env) (err error) {
	name := reg.Task.Name()
	if err := b.gate.Check(ctx, name); err != nil && isStop(err) {
		return err
	}
	if err := recovered(env.Log, func() error { return reg.Task.Run(ctx, env) }); err != nil {
		b.tally.run(name, "failed")
		return fmt.Errorf("task %s: %w", name, err)
	}
	if err := b.settled(w, name); err != nil {
		return err
	}
	b.tally.run(name, "ok")
	return b.deliver(ctx, w, name)
}

// recovered turns a panic in a task's code into an error, and logs where it happened.
func recovered(log zerolog.Logger, work func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			log.Error().Interface("panic", p).Bytes("stack", debug.Stack()).Msg("panic")
			err = fmt.Errorf("panic: %v (the log has the stack)", p)
		}
	}()
	return work()
}

func isStop(err error) bool {
	var refused *gate.Refused
	if !errors.As(err, &refused) {
		return false
	}
	return refused.Reason == gate.Stopped || refused.Reason == gate.TaskStop || refused.Reason == gate.Unreadable
}

// fresh says whether the task has yet to take stock since the bot left dry run.
// The live memory may be days old then, and nobody should hear of those days.
func (b *Bot) fresh(w *ward, task string) (fresh bool, err error) {
	store, table := b.stock()
	err = store.View(func(tx storage.Tx) error {
		taken, _, err := table.Get(tx, w.name, task)
		fresh = !taken
		return err
	})
	return fresh, err
}

// stock remembers which tasks have taken stock in which memory.
func (b *Bot) stock() (storage.Store, storage.Table[bool]) {
	return storage.Part(b.store, "schedule"), storage.NewTable[bool]("stock", 1)
}

// settled notes a complete pass; one in a dry run makes the live stock stale.
func (b *Bot) settled(w *ward, task string) error {
	store, table := b.stock()
	return store.Update(func(tx storage.Tx) error {
		if w.name == memoryOf(gate.DryRun) {
			if err := table.Delete(tx, memoryOf(gate.Live), task); err != nil {
				return err
			}
		}
		return table.Put(tx, true, w.name, task)
	})
}

// common is a task's switch and interval in the config in use.
func common(c *wikiconfig.Config, task string) wikiconfig.Common {
	if c == nil {
		return wikiconfig.Common{}
	}
	return c.Common(task)
}
