package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"filewarden/bot/wiki"
	"filewarden/storage"

	"github.com/go-co-op/gocron/v2"
	"github.com/google/uuid"
	"github.com/rs/zerolog"
)

// Times of the schedule.
const (
	roundEvery    = time.Minute      // config, requests and due notices are looked after this often
	maintainEvery = 24 * time.Hour   // the memory's folder is tidied
	retryFirst    = time.Minute      // a failed pass is tried again after this, then twice as long each time
	stopTimeout   = 8 * time.Second  // how long a clean stop waits for passes to end
	overdueBy     = 15 * time.Minute // a pass later than this (and than its interval) is overdue
)

// schedule is the clockwork of one Run of the bot: a round every minute, and
// for each enabled task one job at the time it is next due. A task's job is
// made anew when its pass has ended or its config has changed, so intervals
// follow the config without a restart, and a pass missed while the bot was
// down is due at once.
type schedule struct {
	bot   *Bot
	cron  gocron.Scheduler
	jobs  map[string]planned
	again chan string // tasks whose pass has ended
	fatal chan error
}

// planned is the one job of a task.
type planned struct {
	id uuid.UUID
	at time.Time
}

// Schedule makes passes until the context ends, or the wiki tells the bot to
// go (blocked, logged out for good). It returns within seconds of the end.
func (b *Bot) Schedule(ctx context.Context) (err error) {
	cron, err := gocron.NewScheduler(
		gocron.WithLocation(time.UTC),
		gocron.WithStopTimeout(stopTimeout),
		gocron.WithLogger(slog.New(zerolog.NewSlogHandler(b.settings.Log.Level(zerolog.WarnLevel)))),
		// Without a panic listener gocron lets a panic end the process.
		gocron.WithGlobalJobOptions(gocron.WithEventListeners(gocron.AfterJobRunsWithPanic(
			func(_ uuid.UUID, name string, p any) {
				b.settings.Log.Error().Str("job", name).Interface("panic", p).Msg("job panicked")
			}))),
	)
	if err != nil {
		return fmt.Errorf("starting the scheduler: %w", err)
	}
	s := &schedule{bot: b, cron: cron, jobs: map[string]planned{}, again: make(chan string, len(b.tasks)), fatal: make(chan error, 1)}
	ctx, cancel := context.WithCancel(ctx)
	defer func() {
		cancel() // passes obey this context; the scheduler then waits for them
		err = errors.Join(err, cron.Shutdown())
	}()
	if err := s.housekeeping(ctx); err != nil {
		return fmt.Errorf("planning the care of the memory: %w", err)
	}
	cron.Start()
	return s.loop(ctx)
}

// housekeeping gives the room of deleted and expired rows back, once a day.
func (s *schedule) housekeeping(ctx context.Context) error {
	_, err := s.cron.NewJob(gocron.DurationJob(maintainEvery), gocron.NewTask(func() {
		if err := storage.Maintain(ctx, s.bot.store); err != nil && ctx.Err() == nil {
			s.bot.settings.Log.Error().Err(err).Msg("the memory's folder could not be tidied; tomorrow again")
		}
	}), gocron.WithName("maintain"), gocron.WithSingletonMode(gocron.LimitModeReschedule))
	return err
}

// loop is the only goroutine that plans.
func (s *schedule) loop(ctx context.Context) error {
	tick := time.NewTicker(roundEvery)
	defer tick.Stop()
	for {
		if err := s.round(ctx); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case err := <-s.fatal:
			return err
		case <-s.again:
		case <-tick.C:
			s.forget()
		}
	}
}

// forget lets go of jobs whose time has come. Their passes run now, or have
// ended and told so; one that could not even be noted is planned anew.
func (s *schedule) forget() {
	for name, job := range s.jobs {
		if !job.at.After(s.bot.settings.Now()) && !s.bot.running.Held(name) {
			_ = s.cron.RemoveJob(job.id) // a job that ran is gone already
			delete(s.jobs, name)
		}
	}
}

// round looks after everything but the tasks, then plans those.
func (s *schedule) round(ctx context.Context) error {
	err := s.bot.Round(ctx)
	debug.FreeOSMemory() // the next is a minute away
	if ctx.Err() != nil {
		return nil
	}
	if fatal(err) {
		return err
	}
	if err != nil {
		s.bot.settings.Log.Error().Err(err).Msg("round failed; the next one tries again")
	}
	return s.plan(ctx)
}

// plan gives every enabled task its one job, at the time it is due now.
func (s *schedule) plan(ctx context.Context) error {
	for _, t := range s.bot.tasks {
		name := t.Task.Name()
		at, enabled, err := s.bot.Due(name)
		if err != nil {
			s.bot.settings.Log.Error().Err(err).Str("task", name).Msg("planning failed; the next round tries again")
			continue
		}
		if err := s.replan(ctx, name, at, enabled); err != nil {
			return fmt.Errorf("planning task %s: %w", name, err)
		}
	}
	return nil
}

// replan leaves a job alone that is still right, and makes it anew otherwise.
func (s *schedule) replan(ctx context.Context, name string, at time.Time, enabled bool) error {
	if s.bot.running.Held(name) {
		return nil
	}
	if old, ok := s.jobs[name]; ok {
		if enabled && old.at.Equal(at) {
			return nil
		}
		// A job that ran is gone already; that is as good.
		if err := s.cron.RemoveJob(old.id); err != nil && !errors.Is(err, gocron.ErrJobNotFound) {
			return err
		}
		delete(s.jobs, name)
	}
	if !enabled {
		return nil
	}
	job, err := s.cron.NewJob(gocron.OneTimeJob(s.start(at)), gocron.NewTask(s.pass, ctx, name), gocron.WithName(name))
	if err != nil {
		return err
	}
	s.jobs[name] = planned{job.ID(), at}
	return nil
}

func (s *schedule) start(at time.Time) gocron.OneTimeJobStartAtOption {
	if !at.After(s.bot.settings.Now()) {
		return gocron.OneTimeJobStartImmediately()
	}
	return gocron.OneTimeJobStartDateTime(at)
}

// pass is the job of a task. gocron's own context ends at shutdown, ours when
// the bot is told to stop, so ours is the one to obey.
func (s *schedule) pass(ctx context.Context, name string) {
	err := s.bot.Pass(ctx, name, nil)
	// Hours may go by until the next pass; what this one needed is given back.
	debug.FreeOSMemory()
	log := s.bot.settings.Log.With().Str("task", name).Logger()
	switch {
	case err == nil:
		log.Info().Msg("pass done")
	case ctx.Err() != nil:
		log.Info().Msg("pass ended by the stop of the bot; the next start goes on")
	case isStop(err) && !fatal(err):
		log.Warn().Err(err).Msg("pass held back")
	default:
		log.Error().Err(err).Msg("pass failed")
	}
	if fatal(err) {
		select {
		case s.fatal <- err:
		default:
		}
	}
	select {
	case s.again <- name:
	default:
	}
}

// fatal says whether the wiki told the bot to go away for good.
func fatal(err error) bool {
	var refused *wiki.Error
	return errors.As(err, &refused) && refused.Advice == wiki.Stop
}

// Due is when a task's next pass should start; a time in the past means now.
func (b *Bot) Due(task string) (at time.Time, enabled bool, err error) {
	config := common(b.panel.State().Config, task)
	if !config.Enabled {
		return time.Time{}, false, nil
	}
	run, err := b.LastRun(task)
	if err != nil {
		return time.Time{}, true, err
	}
	return run.due(time.Duration(config.Every), b.started), true, nil
}

// due reads the memory of the passes: a task that never ran or whose pass was
// cut by the end of its process is due at once. A pass begun since this
// process was opened has not been cut but is under way.
func (r Run) due(every time.Duration, opened time.Time) time.Time {
	switch {
	case r.Started.IsZero() || r.Ended.IsZero() && r.Started.Before(opened):
		return r.Started
	case r.Ended.IsZero():
		return r.Started.Add(every)
	case r.Stopped != "":
		return r.Ended.Add(min(roundEvery, every))
	case r.Failed > 0:
		return r.Ended.Add(min(retryFirst<<min(r.Failed-1, 16), every))
	case r.Success.Before(r.Started): // ended by a stop of the bot
		return r.Started
	}
	return r.Started.Add(every)
}

// Overdue says whether a pass should have begun long ago and has not.
func (b *Bot) Overdue(task string) (bool, error) {
	at, enabled, err := b.Due(task)
	if err != nil || !enabled || b.running.Held(task) || at.IsZero() {
		return false, err
	}
	if at.Before(b.started) { // it fell due while the bot was down
		at = b.started
	}
	every := time.Duration(common(b.panel.State().Config, task).Every)
	return b.settings.Now().After(at.Add(max(overdueBy, every))), nil
}
