package gate

import (
	"fmt"
	"slices"
	"time"

	"filewarden/storage"
)

// bookRow is what the gate remembers over restarts.
type bookRow struct {
	Used    int                  `json:"used"`              // edits of this trial, those under way and those promised to a series included
	Counted []string             `json:"counted,omitempty"` // ids among them, so that a retry is not counted again
	Over    bool                 `json:"over,omitempty"`    // the mode has been live since: the next trial starts anew
	Last    time.Time            `json:"last"`              // when the last write went out
	Series  map[string]seriesRow `json:"series,omitempty"`  // by id: admitted and not released yet
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
		return l.change((*bookRow).restart)
	}
	return nil
}

// restart is a new trial. A series that began in the old one goes on unpaid.
func (b *bookRow) restart() {
	b.Used, b.Counted, b.Over = 0, nil, false
	for id, s := range b.Series {
		s.Paid = false
		b.Series[id] = s
	}
}

// bill is what a write costs the trial.
type bill struct {
	spends bool   // it counts against a trial
	id     string // of the write
	series string // that pays for it, as long as it has steps left; "": none
}

// take books a write before it goes out, so that a crash cannot give the trial
// an edit too many.
func (l ledger) take(now time.Time, c bill) error {
	return l.change(func(b *bookRow) {
		b.Last = now
		switch {
		case b.covers(c):
			b.Series[c.series] = b.Series[c.series].with(c.id)
		case !c.spends || b.counted(c.id):
		default:
			b.Used++
			if c.id != "" {
				b.Counted = append(b.Counted, c.id)
			}
		}
	})
}

// give takes back what take counted, for a write that certainly did not happen.
func (l ledger) give(c bill) error {
	return l.change(func(b *bookRow) {
		switch {
		case slices.Contains(b.Series[c.series].Made, c.id):
			b.Series[c.series] = b.Series[c.series].without(c.id)
		case c.spends:
			b.Used = max(b.Used-1, 0)
			b.Counted = slices.DeleteFunc(b.Counted, func(id string) bool { return id == c.id })
		}
	})
}

func (b bookRow) counted(id string) bool { return id != "" && slices.Contains(b.Counted, id) }

// bill of a write: pages beneath the account's own cost nothing.
func (g *Gate) bill(s *snapshot, w write) bill {
	if w.action == "edit" && g.own(w.Title) {
		return bill{id: w.ID}
	}
	return bill{spends: s.policy.Mode == Trial, id: w.ID, series: w.Series}
}

// trialOver refuses what the trial has no edits left for.
func (g *Gate) trialOver(s *snapshot, w write) error {
	config := g.configPage()
	if s.policyErr != nil {
		return unreadable(config, fmt.Errorf("asking for the mode: %w", s.policyErr))
	}
	cost := g.bill(s, w)
	if !cost.spends {
		return nil
	}
	b, err := g.book.read()
	if err != nil {
		return unreadable(config, err)
	}
	if b.Used < s.policy.TrialEdits || b.counted(w.ID) || b.covers(cost) {
		return nil
	}
	return &Refused{Reason: TrialOver, Page: config, Detail: fmt.Sprintf(
		"the trial's %d edits are made; raise trialEdits there to go on, or set the mode to live", s.policy.TrialEdits)}
}

func (g *Gate) configPage() string { return "User:" + g.wiki.Account().Name + "/config.json" }
