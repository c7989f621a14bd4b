package provider

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"filewarden/storage"
)

// job is asking one service for one inquiry.
type job struct {
	*Desk
	*line
	q      Inquiry
	budget Budget
	at     int // place in the order of services
}

func (d *Desk) newJob(q Inquiry, l *line, at int) *job {
	use := q.Config.Services[l.name]
	j := &job{Desk: d, line: l, q: q, at: at, budget: Budget{use.PerDay, use.PerMonth}}
	if most, set := d.o.Keys.Most[l.name]; set {
		j.budget = Budget{min(use.PerDay, most.PerDay), min(use.PerMonth, most.PerMonth)}
	}
	return j
}

// run finds an outcome for every image.
func (j *job) run(ctx context.Context, files []*wanted) error {
	queue, err := j.recall(files)
	for err == nil && len(queue) > 0 {
		queue, err = j.step(ctx, queue)
	}
	return err
}

// recall takes from the memory what needs no request, and returns the rest.
func (j *job) recall(files []*wanted) (rest []*wanted, err error) {
	now := j.o.Now()
	err = j.store.View(func(tx storage.Tx) error {
		rest = nil
		g, _, err := gateTable.Get(tx, j.name)
		if err != nil {
			return err
		}
		for _, w := range files {
			o, _, err := j.look(tx, w.image, now)
			if err != nil {
				return err
			}
			if o.standing == unknown {
				o = g.outcome(now)
			}
			if w.got[j.at] = o; o.standing == unknown {
				rest = append(rest, w)
			}
		}
		return nil
	})
	return rest, err
}

// outcome is that of an image which comes to a gate; unknown where it is open.
func (g gateRow) outcome(now time.Time) outcome {
	if until := g.shut(now); !until.IsZero() {
		return outcome{standing: later, until: until, out: g.Out, note: g.Why}
	}
	return outcome{}
}

// look is what the memory, or the image itself, says without a request; unknown
// where it has to be asked for. p is the request that came before, if any.
func (j *job) look(tx storage.Tx, image Image, now time.Time) (o outcome, p pendingRow, err error) {
	if why := j.terms.unfit(image); why != "" {
		return outcome{standing: refused, note: why}, p, nil
	}
	if !j.q.Again {
		a, ok, err := answerTable.Get(tx, j.name, image.SHA1)
		if err != nil || ok {
			return a.outcome(), p, err
		}
	}
	p, _, err = pendingTable.Get(tx, j.name, image.SHA1)
	until := time.Unix(p.Until, 0).UTC()
	switch {
	case err != nil:
	case p.State == doubt && !j.q.Again && !j.q.Doubts:
		o = outcome{standing: inDoubt, note: p.Why}
	case p.State == paused && until.After(now) && !j.q.Again:
		o = outcome{standing: later, until: until, note: p.Why}
	}
	return o, p, err
}

// unfit says why a service need not be asked about an image; empty: it may be.
func (t Terms) unfit(image Image) string {
	switch {
	case len(image.Bytes) == 0:
		return "the image is empty"
	case len(image.Bytes) > t.ImageBytes:
		return fmt.Sprintf("the image has %d bytes and %s takes %d; send a thumbnail", len(image.Bytes), t.Name, t.ImageBytes)
	case len(t.Formats) > 0 && image.MIME != "" && !slices.Contains(t.Formats, image.MIME):
		return fmt.Sprintf("%s does not take images of type %s; send a thumbnail", t.Name, plain(image.MIME, 40))
	}
	return ""
}

// outcome is that of an answer that is known.
func (a answerRow) outcome() outcome {
	switch {
	case a.Refused != "":
		return outcome{standing: refused, note: a.Refused}
	case len(a.Matches) > 0:
		return outcome{standing: found, matches: a.Matches, safety: a.Safety}
	}
	return outcome{standing: nothing, safety: a.Safety}
}

// step makes one request at most and returns what is left to be asked for.
func (j *job) step(ctx context.Context, queue []*wanted) (rest []*wanted, err error) {
	if err := j.enter(ctx); err != nil {
		return nil, err
	}
	defer j.leave()
	if err := j.pace(ctx, j.o); err != nil {
		return nil, err
	}
	if err := j.countLeft(ctx); err != nil {
		return nil, err
	}
	now := j.o.Now()
	batch, rest, err := j.reserve(queue, now)
	if err != nil || len(batch) == 0 {
		return rest, err
	}
	answers, failure := j.call(ctx, batch)
	if errors.Is(failure, ErrPicture) && len(batch) > 1 {
		// One of them is at fault, and nobody says which: each is sent by itself.
		for _, w := range batch {
			w.alone = true
		}
		return append(batch, rest...), j.giveBack(batch, now)
	}
	return rest, j.settle(batch, answers, failure, now)
}

// call sends a request that is paid for whatever becomes of the caller, so it
// is given its time even when ctx ends.
func (j *job) call(ctx context.Context, batch []*wanted) ([]Answer, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), j.terms.Timeout)
	defer cancel()
	images := make([]Image, len(batch))
	for i, w := range batch {
		images[i] = w.image
	}
	answers, err := j.service.Ask(ctx, images)
	if err != nil {
		j.o.Log.Warn().Str("provider", j.name).Int("images", len(images)).Err(err).Msg("a service did not answer")
		return answers, err
	}
	j.o.Log.Debug().Str("provider", j.name).Int("images", len(images)).Msg("a service answered")
	return answers, nil
}

// counter is a service that says how many requests are left of those paid for in advance.
type counter interface {
	Remaining(context.Context) (int, error)
}

// countEvery is how often it is asked.
const countEvery = time.Hour

// countLeft keeps the figure of what is left, and shuts the gate when it is nothing.
func (j *job) countLeft(ctx context.Context) error {
	c, can := j.service.(counter)
	now := j.o.Now()
	if !can || !j.counted.IsZero() && now.Sub(j.counted) < countEvery {
		return nil
	}
	j.counted = now
	ctx, cancel := context.WithTimeout(ctx, j.terms.Timeout)
	defer cancel()
	left, err := c.Remaining(ctx)
	if err == nil && left <= 0 {
		err = &Error{Kind: ErrBilling, Provider: j.name, Detail: "no searches are left", Next: "Buy more"}
	}
	if err != nil {
		j.o.Log.Warn().Str("provider", j.name).Err(err).Msg("what is left at a service is not known, or nothing")
	}
	return j.store.Update(func(tx storage.Tx) error {
		if errors.Is(err, ErrBilling) || errors.Is(err, ErrKey) {
			return j.shift(tx, err, now)
		}
		if err != nil {
			return nil
		}
		return leftTable.Put(tx, leftRow{now.Unix(), left}, j.name)
	})
}

// shift moves the gate after a request.
func (j *job) shift(tx storage.Tx, failure error, now time.Time) error {
	g, _, err := gateTable.Get(tx, j.name)
	if err != nil {
		return err
	}
	return gateTable.Put(tx, g.after(failure, now), j.name)
}
