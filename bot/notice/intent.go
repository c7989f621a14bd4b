package notice

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"filewarden/bot/gate"
	"filewarden/storage"
)

// deliveredFor is how long the box can tell what it sent where.
const deliveredFor = 90 * 24 * time.Hour

var (
	deliveryTable  = storage.NewTable[deliveryRow]("delivery", 1)   // id
	deliveredTable = storage.NewTable[deliveredRow]("delivered", 1) // id
	countTable     = storage.NewTable[countRow]("count", 1)         // day, name
)

// deliveryRow is an intent: everything about one write, fixed before it is
// tried, so that it can be made again exactly as it was.
type deliveryRow struct {
	ID      string
	Channel string
	User    string
	Task    string   // of the most urgent kind
	Kinds   []string // the most urgent first
	Capped  bool     // counts towards the daily cap

	Title   string // page to edit; for Echo the page that it links to
	Heading string // of the section; Echo's header; a mail's subject
	Text    string
	Summary string
	Section string // Echo's
	BaseRev int64
	Create  bool      // the page did not exist
	Read    time.Time // when the page was read

	Events []waitingRow
	Tried  time.Time // last time a write was or may have been under way; zero: never, where that matters
}

// deliveredRow is a delivery that is over.
type deliveredRow struct {
	User, Channel, Title, Outcome string
	Rev                           int64
	Time                          time.Time
	Events                        []string
}

// countRow is how many notices went out on a day.
type countRow struct{ N int }

// deliveryID names a delivery by what it tells whom and how. It is as long as
// it must be to be unique in any page's history, and short in a summary.
func deliveryID(channel, user string, rows []waitingRow) string {
	ids := make([]string, len(rows))
	for i, w := range rows {
		ids[i] = w.Event.ID
	}
	slices.Sort(ids)
	sum := sha256.New()
	fmt.Fprintf(sum, "%q %q %q", channel, user, ids)
	return hex.EncodeToString(sum.Sum(nil)[:6])
}

// intend stores an intent and takes its events out of the waiting ones, at once.
func (b *Box) intend(d deliveryRow) error {
	err := b.store.Update(func(tx storage.Tx) error {
		if err := forget(tx, d.User, d.Events); err != nil {
			return err
		}
		return deliveryTable.Put(tx, d, d.ID)
	})
	if err != nil {
		return fmt.Errorf("storing the intent of a notice for %s: %w", d.User, err)
	}
	return nil
}

// amend stores an intent anew: on another base, in other words, or tried.
func (b *Box) amend(d deliveryRow) error {
	err := b.store.Update(func(tx storage.Tx) error { return deliveryTable.Put(tx, d, d.ID) })
	if err != nil {
		return fmt.Errorf("storing the intent of a notice for %s again: %w", d.User, err)
	}
	return nil
}

// finish ends a delivery that was, or may have been, made.
func (b *Box) finish(d deliveryRow, outcome string, receipt gate.Receipt) error {
	now := b.c.Now()
	done := deliveredRow{User: d.User, Channel: d.Channel, Title: d.Title, Outcome: outcome, Rev: receipt.RevID, Time: now}
	for _, w := range d.Events {
		done.Events = append(done.Events, w.Event.ID)
	}
	err := b.store.Update(func(tx storage.Tx) error {
		if err := deliveryTable.Delete(tx, d.ID); err != nil {
			return err
		}
		if err := deliveredTable.PutFor(tx, deliveredFor, done, d.ID); err != nil {
			return err
		}
		if err := calm(tx, d.User); err != nil {
			return err
		}
		return countUp(tx, now, d)
	})
	if err != nil {
		return fmt.Errorf("marking the notice for %s as delivered: %w", d.User, err)
	}
	b.told(d, outcome, receipt)
	return nil
}

// calm ends a row of failures.
func calm(tx storage.Tx, user string) error {
	person, known, err := personTable.Get(tx, user)
	if err != nil || !known {
		return err
	}
	person.Tries, person.Retry = 0, time.Time{}
	return personTable.Put(tx, person, user)
}

// release gives an intent up whose write certainly did not happen; its events
// wait again. change may hold the person back.
func (b *Box) release(d deliveryRow, change func(*personRow)) error {
	err := b.store.Update(func(tx storage.Tx) error {
		if err := deliveryTable.Delete(tx, d.ID); err != nil {
			return err
		}
		if err := putBack(tx, d.User, d.Events); err != nil {
			return err
		}
		person, _, err := personTable.Get(tx, d.User)
		if err != nil {
			return err
		}
		person.Due = b.c.Now()
		change(&person)
		return personTable.Put(tx, person, d.User)
	})
	if err != nil {
		return fmt.Errorf("giving up the intent of a notice for %s: %w", d.User, err)
	}
	return nil
}

// abandon ends a delivery that may not be made; nobody hears of its events.
func (b *Box) abandon(d deliveryRow, reason string) error {
	err := b.store.Update(func(tx storage.Tx) error { return deliveryTable.Delete(tx, d.ID) })
	if err != nil {
		return fmt.Errorf("dropping the notice for %s: %w", d.User, err)
	}
	b.dropped(d.User, reason, d.Events)
	return nil
}

// told logs and counts a delivery that is over.
func (b *Box) told(d deliveryRow, outcome string, receipt gate.Receipt) {
	line := b.c.Log.Info()
	if outcome == outcomeDoubt {
		line = b.c.Log.Warn()
	}
	line.Str("user", d.User).Str("channel", d.Channel).Str("page", d.Title).Str("id", d.ID).
		Int("events", len(d.Events)).Int64("revision", receipt.RevID).Str("outcome", outcome).Msg("notice")
	for _, kind := range d.Kinds {
		b.count(kind, d.Channel, outcome)
	}
}

// countUp counts a notice towards the daily limits.
func countUp(tx storage.Tx, now time.Time, d deliveryRow) error {
	var names []string
	if d.Capped {
		names = append(names, "user "+d.User)
	}
	if d.Channel == channelEmail {
		names = append(names, "mail", "mail "+d.User)
	}
	for _, name := range names {
		c, _, err := countTable.Get(tx, day(now), name)
		if err != nil {
			return err
		}
		if err := countTable.PutFor(tx, 72*time.Hour, countRow{c.N + 1}, day(now), name); err != nil {
			return err
		}
	}
	return nil
}

// counted is how many notices of that name went out today.
func (b *Box) counted(name string) (n int, err error) {
	err = b.store.View(func(tx storage.Tx) error {
		c, _, err := countTable.Get(tx, day(b.c.Now()), name)
		n = c.N
		return err
	})
	return n, err
}
