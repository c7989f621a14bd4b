package gate

import (
	"fmt"
	"slices"
	"time"

	"filewarden/storage"
)

// bookRow is what the gate remembers over restarts.
type bookRow struct {
	Used    int       `json:"used"`              // edits of this trial, those under way included
	Counted []string  `json:"counted,omitempty"` // ids among them, so that a retry is not counted again
	Over    bool      `json:"over,omitempty"`    // the mode has been live since: the next trial starts anew
	Last    time.Time `json:"last"`              // when the last write went out
}

var bookTable = storage.NewTable[bookRow]("book", 1)

// ledger keeps the bookRow.
type ledger struct{ store storage.Store }

func (l ledger) read() (b bookRow, err error) {
	err = l.store.View(func(tx storage.Tx) error {
		b, _, err = bookTable.Get(tx)
		return err
	})
	if err != nil {
		err = fmt.Errorf("reading the gate's book: %w", err)
	}
	return b, err
}

func (l ledger) change(fn func(*bookRow)) error {
	err := l.store.Update(func(tx storage.Tx) error {
		b, _, err := bookTable.Get(tx)
		if err != nil {
			return err
		}
		fn(&b)
		return bookTable.Put(tx, b)
	})
	if err != nil {
		return fmt.Errorf("writing the gate's book: %w", err)
	}
	return nil
}

// seen keeps track of the mode: a trial that was followed by a live run is
// over, and the next one starts at zero. Raising the number of a trial, or
// interrupting it by a dry run, goes on counting.
func (l ledger) seen(m Mode) error {
	b, err := l.read()
	switch {
	case err != nil:
		return err
	case m == Live && b.Used > 0 && !b.Over:
		return l.change(func(b *bookRow) { b.Over = true })
	case m == Trial && b.Over:
		return l.change(func(b *bookRow) { b.Used, b.Counted, b.Over = 0, nil, false })
	}
	return nil
}

// take books a write before it goes out, so that a crash cannot give the trial
// an edit too many.
func (l ledger) take(now time.Time, spends bool, id string) error {
	return l.change(func(b *bookRow) {
		b.Last = now
		if !spends || b.counted(id) {
			return
		}
		b.Used++
		if id != "" {
			b.Counted = append(b.Counted, id)
		}
	})
}

// give takes back what take counted, for a write that certainly did not happen.
func (l ledger) give(id string) error {
	return l.change(func(b *bookRow) {
		b.Used = max(b.Used-1, 0)
		b.Counted = slices.DeleteFunc(b.Counted, func(c string) bool { return c == id })
	})
}

func (b bookRow) counted(id string) bool { return id != "" && slices.Contains(b.Counted, id) }

// spends says whether a write counts against a trial: pages beneath the account's own do not.
func (g *Gate) spends(s *snapshot, w write) bool {
	return s.policy.Mode == Trial && !(w.action == "edit" && g.own(w.Title))
}

// trialOver refuses what the trial has no edits left for.
func (g *Gate) trialOver(s *snapshot, w write) error {
	config := "User:" + g.wiki.Account().Name + "/config.json"
	if s.policyErr != nil {
		return unreadable(config, fmt.Errorf("asking for the mode: %w", s.policyErr))
	}
	if !g.spends(s, w) {
		return nil
	}
	b, err := g.book.read()
	if err != nil {
		return unreadable(config, err)
	}
	if b.Used < s.policy.TrialEdits || b.counted(w.ID) {
		return nil
	}
	return &Refused{Reason: TrialOver, Page: config, Detail: fmt.Sprintf(
		"the trial's %d edits are made; raise trialEdits there to go on, or set the mode to live", s.policy.TrialEdits)}
}
