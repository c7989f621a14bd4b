package provider

import (
	"errors"
	"fmt"
	"time"

	"filewarden/storage"
)

// plan chooses the images of one request within a transaction, so that none is
// sent whose intent and whose units are not stored.
type plan struct {
	*job
	now      time.Time
	gate     gateRow
	day      int // units used so far
	month    int
	size     int // bytes in the batch
	alone    bool
	batch    []int // places in the queue
	outcomes []outcome
	before   []pendingRow // requests that came before, for those in the batch
}

// reserve takes the next batch off the queue: its intents are stored and its
// units counted. The rest is what was not looked at.
func (j *job) reserve(queue []*wanted, now time.Time) (batch, rest []*wanted, err error) {
	var p *plan
	err = j.store.Update(func(tx storage.Tx) (err error) {
		if p, err = j.newPlan(tx, queue, now); err != nil {
			return err
		}
		for i, w := range queue {
			if err := p.consider(tx, i, w); err != nil {
				return err
			}
		}
		return p.store(tx, queue)
	})
	if err != nil {
		return nil, nil, err
	}
	for _, i := range p.batch {
		batch = append(batch, queue[i])
		p.outcomes[i].standing = later // until it is settled; it is not the rest
	}
	for i, w := range queue {
		if w.got[j.at] = p.outcomes[i]; p.outcomes[i].standing == unknown {
			rest = append(rest, w)
		}
	}
	return batch, rest, nil
}

func (j *job) newPlan(tx storage.Tx, queue []*wanted, now time.Time) (*plan, error) {
	g, _, err := gateTable.Get(tx, j.name)
	when := periods(now)
	day, _, errDay := countTable.Get(tx, j.name, when[0])
	month, _, errMonth := countTable.Get(tx, j.name, when[1])
	return &plan{job: j, now: now, gate: g, day: day.Units, month: month.Units,
		outcomes: make([]outcome, len(queue))}, errors.Join(err, errDay, errMonth)
}

// consider puts an image into the batch, or says what becomes of it otherwise.
func (p *plan) consider(tx storage.Tx, i int, w *wanted) error {
	o, before, err := p.look(tx, w.image, p.now)
	if err != nil {
		return err
	}
	if before.State == asking { // the line is ours, so nobody waits for its answer
		if err := p.giveUp(tx, before, p.name, w.image.SHA1); err != nil {
			return err
		}
		if !p.q.Again && !p.q.Doubts {
			o = outcome{standing: inDoubt, note: whyDied}
		}
	}
	if o.standing == unknown {
		o = p.gate.outcome(p.now)
	}
	if o.standing == unknown && p.fits(w) {
		o = p.afford()
		if o.standing == unknown {
			p.batch = append(p.batch, i)
			p.before = append(p.before, before)
			p.size += len(w.image.Bytes)
			p.alone = w.alone || p.gate.probing()
		}
	}
	p.outcomes[i] = o
	return nil
}

// fits tells whether there is room in the batch for one more.
func (p *plan) fits(w *wanted) bool {
	if len(p.batch) == 0 {
		return true
	}
	return !p.alone && !w.alone && len(p.batch) < p.terms.Batch &&
		(p.terms.BatchBytes == 0 || p.size+len(w.image.Bytes) <= p.terms.BatchBytes)
}

// afford is unknown where the budget allows one more image, else spent.
func (p *plan) afford() outcome {
	units := (len(p.batch) + 1) * p.terms.Units
	now := p.now.UTC()
	y, m, d := now.Date()
	nextMonth := time.Date(y, m+1, 1, 0, 0, 0, 0, time.UTC)
	switch {
	case min(p.budget.PerDay, p.budget.PerMonth) < p.terms.Units:
		return outcome{standing: spent, until: nextMonth, out: true,
			note: fmt.Sprintf("its budget of %d units a day and %d a month is not enough for one image", p.budget.PerDay, p.budget.PerMonth)}
	case p.month+units > p.budget.PerMonth:
		return outcome{standing: spent, until: nextMonth, out: true,
			note: fmt.Sprintf("the %d units of this month are spent", p.budget.PerMonth)}
	case p.day+units > p.budget.PerDay:
		return outcome{standing: spent, until: time.Date(y, m, d+1, 0, 0, 0, 0, time.UTC),
			note: fmt.Sprintf("the %d units of this day are spent", p.budget.PerDay)}
	}
	return outcome{}
}

// store keeps what is about to be done.
func (p *plan) store(tx storage.Tx, queue []*wanted) error {
	for n, i := range p.batch {
		row := pendingRow{At: p.now.Unix(), State: asking, Tries: p.before[n].Tries}
		if err := pendingTable.Put(tx, row, p.name, queue[i].image.SHA1); err != nil {
			return err
		}
	}
	return count(tx, p.name, p.now, Count{Units: len(p.batch) * p.terms.Units})
}
