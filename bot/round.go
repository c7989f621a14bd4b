package bot

import (
	"context"
	"errors"
	"fmt"

	"filewarden/bot/gate"
)

// Round looks after everything that is no task's: the panel is polled,
// requests are answered, due notices go out, Status tells of it. One thing
// that fails keeps none of the others from being done.
func (b *Bot) Round(ctx context.Context) error {
	b.rounds.Lock()
	defer b.rounds.Unlock()
	_, polled := b.panel.Poll(ctx)
	w, err := b.ward()
	if err != nil {
		return errors.Join(polled, err)
	}
	if err := b.gate.Check(ctx, ""); isStop(err) {
		b.settings.Log.Warn().Err(err).Msg("stopped: nothing is written until the stop page is blank")
		return errors.Join(polled, w.diary.stopped())
	}
	err = errors.Join(polled, b.lifted(w), b.answer(ctx, w), b.deliver(ctx, w))
	if err != nil && ctx.Err() == nil {
		err = errors.Join(err, w.diary.error("", err))
	}
	return errors.Join(err, b.tellStatus(ctx, w))
}

// lifted tells the diary that no stop is in force, and what waits to be told.
func (b *Bot) lifted(w *ward) error {
	waiting, err := w.box.Pending()
	if err != nil {
		return fmt.Errorf("counting waiting events: %w", err)
	}
	held := 0
	for _, n := range waiting {
		held += n
	}
	return w.diary.lifted(held)
}

// deliver sends what is due outside of a pass.
func (b *Bot) deliver(ctx context.Context, w *ward) error {
	err := w.box.Deliver(ctx, false)
	var refused *gate.Refused
	if errors.As(err, &refused) {
		// Held back, not lost: Status says so and a later round delivers.
		b.settings.Log.Info().Str("reason", string(refused.Reason)).Str("page", refused.Page).Msg("notices held back")
		return nil
	}
	if err != nil {
		return fmt.Errorf("delivering notices: %w", err)
	}
	return nil
}
