package gate

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Series is an action of several writes that belong together, such as a
// deletion request that stands on four pages.
type Series struct {
	ID    string // without spaces, unique and stable over retries
	Task  string
	Steps int // writes that it takes at most
}

// seriesRow is a series that was admitted. What a trial pays for it is in
// bookRow.Used from the first write to the release.
type seriesRow struct {
	Steps int      `json:"steps"`
	Made  []string `json:"made,omitempty"` // ids of the writes made, those under way included
	Paid  bool     `json:"paid,omitempty"` // by the trial that is counted now
}

func (s seriesRow) left() int { return s.Steps - len(s.Made) }

func (s seriesRow) with(id string) seriesRow {
	if !slices.Contains(s.Made, id) {
		s.Made = append(slices.Clone(s.Made), id)
	}
	return s
}

func (s seriesRow) without(id string) seriesRow {
	s.Made = slices.DeleteFunc(slices.Clone(s.Made), func(made string) bool { return made == id })
	return s
}

// covers says whether a write is among those that its series was admitted for.
func (b bookRow) covers(c bill) bool {
	s, admitted := b.Series[c.series]
	return admitted && (s.left() > 0 || slices.Contains(s.Made, c.id))
}

// Admit lets a series in as one, before its first write: a trial that has not
// an edit left for each of its steps refuses it whole. From then on the writes
// that name the series are paid for, also after a restart and where the mode
// has become a trial meanwhile; Stop pages still hold each of them. Admitting
// a series again changes nothing. A dry run admits all and remembers none.
//
// Its error is *Refused. Whoever admits a series must Release it.
func (g *Gate) Admit(ctx context.Context, s Series) error {
	if s.ID == "" || strings.ContainsAny(s.ID, " \t\n") || s.Steps < 1 {
		return fmt.Errorf("admitting %d writes as one: %q is no id for them", s.Steps, s.ID)
	}
	done, err := g.take(ctx, "admitting "+s.ID)
	if err != nil {
		return err
	}
	defer done()
	seen, err := g.look(ctx, write{Edit: Edit{Task: s.Task}})
	if err != nil {
		return err
	}
	if err := seen.stopped(); err != nil {
		return err
	}
	if seen.policyErr != nil {
		return unreadable(g.configPage(), fmt.Errorf("asking for the mode: %w", seen.policyErr))
	}
	if seen.policy.Mode == DryRun {
		return nil
	}
	return g.book.admit(s, seen.policy, g.configPage())
}

// admit reserves a series' edits, or refuses it.
func (l ledger) admit(s Series, p Policy, config string) error {
	left := 0
	err := l.change(func(b *bookRow) {
		if _, admitted := b.Series[s.ID]; admitted {
			left = s.Steps
			return
		}
		trial := p.Mode == Trial
		if left = p.TrialEdits - b.Used; trial && left < s.Steps {
			return
		}
		if trial {
			b.Used += s.Steps
		}
		left = s.Steps
		if b.Series == nil {
			b.Series = map[string]seriesRow{}
		}
		b.Series[s.ID] = seriesRow{Steps: s.Steps, Paid: trial}
	})
	switch {
	case err != nil:
		return unreadable("the trial's count", err)
	case left < s.Steps:
		return &Refused{Reason: TrialOver, Page: config, Detail: fmt.Sprintf(
			"the trial has %d edits left and this takes %d, which are made together or not at all; raise trialEdits there, or set the mode to live", max(left, 0), s.Steps)}
	}
	return nil
}

// Release ends a series: the trial gets back what was not needed. A series
// that was never admitted, or released before, is no error.
func (g *Gate) Release(id string) error {
	b, err := g.book.read()
	if err != nil {
		return err
	}
	if _, admitted := b.Series[id]; !admitted {
		return nil
	}
	return g.book.change(func(b *bookRow) {
		if s := b.Series[id]; s.Paid {
			b.Used = max(b.Used-s.left(), 0)
		}
		delete(b.Series, id)
	})
}
