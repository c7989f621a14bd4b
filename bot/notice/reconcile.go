package notice

import (
	"context"
	"errors"
	"fmt"
	"time"

	"filewarden/bot/gate"
	"filewarden/bot/wiki"
	"filewarden/storage"
)

const (
	// inFlight is how long after a write was last under way the history is
	// asked for it. A request whose sender died runs on in the wiki for as long
	// as the edit takes, seldom more than a few seconds. Should it arrive later
	// still, MediaWiki refuses the second of the two, as long as nobody else
	// edited the page in between: same user, same summary, older base.
	inFlight = 10 * time.Second

	// rebases is how often a delivery is put on a new base before it waits.
	rebases = 5
)

// settle ends every intent that is still open. It waits until no write of them
// can be on its way, which is only ever after a crash or a lost answer.
func (b *Box) settle(ctx context.Context) error {
	open, err := b.open()
	if err != nil || len(open) == 0 {
		return err
	}
	if err := b.outwait(ctx, open); err != nil {
		return err
	}
	r := b.newRound(false)
	for _, d := range open {
		if err := r.settleOne(ctx, d); err != nil {
			return fmt.Errorf("notice %s for %s: %w", d.ID, d.User, err)
		}
	}
	return nil
}

func (b *Box) open() (open []deliveryRow, err error) {
	err = b.store.View(func(tx storage.Tx) error {
		for row, err := range deliveryTable.Scan(tx) {
			if err != nil {
				return err
			}
			open = append(open, row.Value)
		}
		return nil
	})
	return open, err
}

func (b *Box) outwait(ctx context.Context, open []deliveryRow) error {
	var last time.Time
	for _, d := range open {
		if channelOf(d.Channel).askable {
			// The process before this one may have died with the write on its way.
			last = later(later(last, d.Tried), b.opened)
		}
	}
	if wait := last.Add(inFlight).Sub(b.c.Now()); wait > 0 && !last.IsZero() {
		return b.c.Sleep(ctx, min(wait, inFlight)) // the clock may have been set back
	}
	return nil
}

// settleOne finds out what became of one intent and, if nothing did, sends it
// again as it was. An intent whose page cannot be asked stays open; the others
// need not wait for it.
func (r *round) settleOne(ctx context.Context, d deliveryRow) error {
	if !channelOf(d.Channel).askable {
		if d.Tried.IsZero() {
			return r.release(d, func(*personRow) {})
		}
		return r.finish(d, outcomeDoubt, gate.Receipt{})
	}
	rev, err := r.c.Gate.Sent(ctx, d.Title, d.ID)
	if err != nil {
		r.c.Log.Warn().Str("page", d.Title).Str("id", d.ID).Err(err).Msg("the history cannot be asked for a notice")
		return r.wholesale(ctx, err)
	}
	r.strikes = 0
	if rev != 0 {
		return r.finish(d, outcomeSent, gate.Receipt{RevID: rev})
	}
	stillWanted, err := r.stillWanted(ctx, d)
	if err != nil {
		return err
	}
	if !stillWanted {
		return r.release(d, func(*personRow) {})
	}
	v := r.transmit(ctx, d)
	if v.fate == elsewhere {
		return r.release(d, func(*personRow) {})
	}
	return r.conclude(d, v)
}

// stillWanted is false when the recipient has said no to any of it since; the
// events then wait again, and the round that follows drops what must be dropped.
func (b *Box) stillWanted(ctx context.Context, d deliveryRow) (bool, error) {
	people, err := b.recipients(ctx, []string{d.User})
	if err != nil {
		return false, err
	}
	for _, w := range d.Events {
		if people[d.User].refusal(w.Event) != "" {
			return false, nil
		}
	}
	return true, nil
}

// transmit makes the write of an intent, on a new base as often as the page
// changes underneath, and once more without links where a link is refused.
func (b *Box) transmit(ctx context.Context, d deliveryRow) verdict {
	c, plain := channelOf(d.Channel), false
	if !c.askable {
		d.Tried = b.c.Now()
		if err := b.amend(d); err != nil {
			return verdict{halted, "store", err}
		}
	}
	for tries := 0; ; tries++ {
		receipt, err := c.send(ctx, b.c.Gate, d)
		v := judge(err)
		switch {
		case v.fate == sent:
			return b.finished(d, receipt)
		case v.fate == again && c.askable && tries < rebases:
			rev, err := b.c.Gate.Sent(ctx, d.Title, d.ID)
			if err == nil && rev != 0 {
				return b.finished(d, gate.Receipt{RevID: rev})
			}
			if err == nil {
				err = b.rebase(ctx, &d)
			}
			if err != nil {
				return judge(err)
			}
		case v.fate == again:
			return verdict{postponed, v.reason, v.err}
		case v.fate == plainer && c.askable && !plain:
			plain, d.Text = true, withoutLinks(d.Text)
			if err := b.amend(d); err != nil {
				return verdict{halted, "store", err}
			}
		case v.fate == plainer:
			return verdict{elsewhere, v.reason, v.err}
		default:
			return v
		}
	}
}

// finished marks a delivery as made. When the store fails here the intent
// stays open, and the next start finds the edit in the history.
func (b *Box) finished(d deliveryRow, receipt gate.Receipt) verdict {
	outcome := outcomeSent
	if receipt.Dry {
		outcome = outcomeDry
	}
	if err := b.finish(d, outcome, receipt); err != nil {
		return verdict{lost, "store", err}
	}
	return verdict{fate: sent}
}

// rebase reads the page anew, the recipient's no included.
func (b *Box) rebase(ctx context.Context, d *deliveryRow) error {
	var page wiki.Text
	var err error
	if d.Channel == channelMention {
		page, err = b.readPage(ctx, d.Title)
	} else {
		page, err = b.c.Gate.Ask(ctx, d.Kinds[0], d.User, talkPage(d.User))
	}
	if err != nil {
		return err
	}
	d.base(page)
	return b.amend(*d)
}

// conclude writes down what a verdict means for the intent. Its error ends the
// round.
func (r *round) conclude(d deliveryRow, v verdict) error {
	switch v.fate {
	case sent:
		r.losses = 0
		return nil
	case lost:
		return r.concludeLost(d, v)
	case refusedBy:
		return r.abandon(d, v.reason)
	case taskHeld:
		r.stopped[d.Task] = v.err
		r.deferred(d, v)
		return r.release(d, func(*personRow) {})
	case halted:
		r.deferred(d, v)
		if aboutPerson(v.err, d.User) {
			return r.release(d, r.backOff)
		}
		if err := r.release(d, func(*personRow) {}); err != nil {
			return err
		}
		return fmt.Errorf("writing to %s: %w", d.Title, v.err)
	}
	r.deferred(d, v)
	return r.release(d, r.backOff)
}

// concludeLost leaves the intent open for settle; what cannot be asked back
// stays in doubt.
func (r *round) concludeLost(d deliveryRow, v verdict) error {
	if !channelOf(d.Channel).askable {
		return errors.Join(r.finish(d, outcomeDoubt, gate.Receipt{}), r.lose(v))
	}
	r.c.Log.Warn().Str("user", d.User).Str("page", d.Title).Str("id", d.ID).Err(v.err).Msg("answer lost: the history will be asked")
	d.Tried = r.c.Now()
	if err := r.amend(d); err != nil {
		return err
	}
	r.lost = true
	return r.lose(v)
}

// lose counts answers lost in a row: the wiki, or the way to it, is out of order.
func (r *round) lose(v verdict) error {
	if r.losses++; r.losses >= strikesOut {
		return fmt.Errorf("writing notices: %w", v.err)
	}
	return nil
}

func (r *round) deferred(d deliveryRow, v verdict) {
	r.c.Log.Info().Str("user", d.User).Str("channel", d.Channel).Str("reason", v.reason).Err(v.err).Msg("notice held back")
	for _, kind := range d.Kinds {
		r.count(kind, d.Channel, outcomeDeferred)
	}
}
