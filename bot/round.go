package bot

import (
	"context"
	"errors"
	"fmt"

	"filewarden/bot/gate"
	"filewarden/wikiconfig"
)

// Round looks after everything that is no task's: the panel is polled,
// requests are answered, due notices go out, Status tells of it. One thing
// that fails keeps none of the others from being done.
func (b *Bot) Round(ctx context.Context) error {
	b.rounds.Lock()
	defer b.rounds.Unlock()
	_, polled := b.panel.Poll(ctx)
	b.warnOfConfig()
	w, err := b.ward()
	if err != nil {
		return errors.Join(polled, err)
	}
	if err := b.gate.Check(ctx, ""); isStop(err) {
		return errors.Join(polled, b.held(w, err))
	}
	err = errors.Join(polled, b.lifted(w), b.answer(ctx, w), b.deliver(ctx, w, ""))
	if err != nil && ctx.Err() == nil {
		err = errors.Join(err, w.diary.error("", err))
	}
	return errors.Join(err, b.tellStatus(ctx, w))
}

// warnOfConfig tells the operator once of each revision of config.json that is refused.
func (b *Bot) warnOfConfig() {
	state := b.panel.State()
	if state.BadRev == 0 || state.BadRev == b.warned {
		return
	}
	b.warned = state.BadRev
	b.settings.Log.Warn().Int64("revision", state.BadRev).Str("user", state.BadUser).
		Strs("problems", wikiconfig.Describe("config.json", state.Problems)).
		Msg("config.json is refused; the last good revision stays in use")
}

// held notes that somebody stopped the bot. A Stop page that cannot be read
// stops it too, but is nobody's word: that is an error.
func (b *Bot) held(w *ward, why error) error {
	var refused *gate.Refused
	if errors.As(why, &refused) && refused.Reason == gate.Unreadable {
		return why
	}
	b.settings.Log.Warn().Err(why).Msg("stopped: nothing is written until the stop page is blank")
	return w.diary.stopped("")
}

// lifted tells the diary that no stop is in force, and what waits to be told.
func (b *Bot) lifted(w *ward) error {
	held, err := w.waiting()
	if err != nil {
		return err
	}
	return w.diary.lifted("", held)
}

// waiting is how many events wait, of all kinds.
func (w *ward) waiting() (n int, err error) {
	byKind, err := w.box.Pending()
	if err != nil {
		return 0, fmt.Errorf("counting waiting events: %w", err)
	}
	for _, waiting := range byKind {
		n += waiting
	}
	return n, nil
}

// deliver sends what is due: after a pass of a task, or with "" outside of any.
func (b *Bot) deliver(ctx context.Context, w *ward, after string) error {
	err := recovered(b.settings.Log, func() error { return w.box.Deliver(ctx, after != "") })
	var refused *gate.Refused
	if errors.As(err, &refused) && refused.Reason != gate.Unreadable {
		// Held back, not lost: Status says so and a later round delivers.
		b.settings.Log.Info().Str("reason", string(refused.Reason)).Str("page", refused.Page).Msg("notices held back")
		return nil
	}
	if err != nil {
		return fmt.Errorf("delivering notices: %w", err)
	}
	return nil
}
