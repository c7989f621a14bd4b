package gate

import (
	"context"
	"fmt"
	"time"

	"filewarden/bot/wiki"
)

// write is one write on its way through the gate.
type write struct {
	Edit
	action string
	send   wiki.Params // ready-made parameters; nil for edits, which build on what look finds
}

// pass is the gate. A write that had to wait for the rate is asked the whole
// list again, as somebody may have stopped the bot meanwhile.
func (g *Gate) pass(ctx context.Context, w write) (Receipt, error) {
	done, err := g.take(ctx, w.describe())
	if err != nil {
		return Receipt{}, err
	}
	defer done()
	for {
		s, err := g.look(ctx, w)
		if err != nil {
			return Receipt{}, err
		}
		if err := s.stopped(); err != nil {
			return Receipt{}, err
		}
		if err := g.trialOver(s, w); err != nil {
			return Receipt{}, err
		}
		if err := g.excluded(s, w); err != nil {
			return Receipt{}, err
		}
		if waited, err := g.pace(ctx, s); err != nil {
			return Receipt{}, err
		} else if waited {
			continue
		}
		if w.action == "delete" {
			if err := w.stillThere(s); err != nil {
				return Receipt{}, err
			}
		}
		if s.policy.Mode == DryRun {
			return g.divert(ctx, s, w)
		}
		return g.write(ctx, s, w)
	}
}

// take waits for the turn to write; done hands it on.
func (g *Gate) take(ctx context.Context, doing string) (done func(), err error) {
	select {
	case g.turn <- struct{}{}:
		return func() { <-g.turn }, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("waiting for other writes before %s: %w", doing, ctx.Err())
	}
}

func (w write) describe() string {
	switch w.action {
	case "edit":
		return "editing " + w.Title
	case "delete":
		return "deleting " + w.Title
	}
	return w.action + " to " + w.User
}

// spacing is the least time between two writes.
func (p Policy) spacing() time.Duration {
	n := p.EditsPerMinute
	if n < 1 {
		n = 6
	}
	return time.Minute / time.Duration(n)
}

// pace waits until the account may write again. A dry run does not wait, as it
// sends nothing.
func (g *Gate) pace(ctx context.Context, s *snapshot) (waited bool, err error) {
	if s.policy.Mode == DryRun {
		return false, nil
	}
	b, err := g.book.read()
	if err != nil {
		return false, err
	}
	space := s.policy.spacing()
	// A clock that was set back must not hold the bot up for longer than the spacing.
	wait := min(b.Last.Add(space).Sub(g.c.Now()), space)
	if wait <= 0 {
		return false, nil
	}
	if err := g.c.Sleep(ctx, wait); err != nil {
		return false, fmt.Errorf("waiting for the edit rate before the next write: %w", err)
	}
	return true, nil
}
