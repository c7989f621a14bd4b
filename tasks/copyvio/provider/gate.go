package provider

import (
	"cmp"
	"errors"
	"time"

	"filewarden/storage"
)

// A gate stands before each service. It is shut for as long as the service
// wishes to be left alone, and after failures one after the other, for longer
// each time. When that time is over one image is let through as a probe.
const (
	failuresToShut = 3
	firstShut      = 10 * time.Minute
	longestShut    = 6 * time.Hour
	busyPause      = time.Minute // after 429 without Retry-After
	operatorPause  = time.Hour   // until a key or an account is tried again
	retryPause     = time.Minute // before an image of a failed request is worth another
)

// gateRow is what is remembered of a service's health.
type gateRow struct {
	Failures int    `json:"f,omitempty"` // one after the other
	Busy     int    `json:"b,omitempty"` // answers that it is too much, one after the other
	Until    int64  `json:"u,omitempty"` // shut until then
	Out      bool   `json:"o,omitempty"` // out of order: images need not wait for it
	Operator bool   `json:"k,omitempty"` // waits for a key or for money
	Why      string `json:"w,omitempty"`
}

// shut tells until when a gate is shut; zero: it is open.
func (g gateRow) shut(now time.Time) time.Time {
	if until := time.Unix(g.Until, 0).UTC(); until.After(now) {
		return until
	}
	return time.Time{}
}

// probing tells whether the next request is to find out if the service works again.
func (g gateRow) probing() bool { return g.Failures >= failuresToShut }

// after is the gate after a request that ended so.
func (g gateRow) after(err error, now time.Time) gateRow {
	var e *Error
	if !errors.As(err, &e) || e.Kind == ErrPicture {
		return gateRow{}
	}
	g.Why, g.Out, g.Operator = e.Error(), false, false
	pause := e.After
	switch {
	case e.Kind == ErrKey || e.Kind == ErrBilling:
		g.Out, g.Operator = true, true
		pause = max(pause, operatorPause)
	case e.busy:
		g.Busy++
		pause = cmp.Or(pause, doubled(busyPause, g.Busy, time.Hour))
	default:
		if g.Failures++; g.Failures >= failuresToShut {
			g.Out = true
			pause = max(pause, doubled(firstShut, g.Failures-failuresToShut+1, longestShut))
		}
	}
	g.Until = 0
	if pause > 0 {
		g.Until = now.Add(pause + time.Second - 1).Unix()
	}
	return g
}

// doubled is a pause that grows with each time that it is made.
func doubled(first time.Duration, times int, longest time.Duration) time.Duration {
	for ; times > 1 && first < longest; times-- {
		first *= 2
	}
	return min(first, longest)
}

// reopen opens the gates that wait for the operator: with a restart comes a new key.
func (d *Desk) reopen() error {
	return d.store.Update(func(tx storage.Tx) error {
		for name := range d.lines {
			g, ok, err := gateTable.Get(tx, name)
			if err != nil {
				return err
			}
			if ok && g.Operator {
				if err := gateTable.Delete(tx, name); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
