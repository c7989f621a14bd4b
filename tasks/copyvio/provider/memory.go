package provider

import (
	"errors"
	"fmt"
	"time"

	"filewarden/storage"
)

// Tables of the desk's part of the memory.
var (
	answerTable  = storage.NewTable[answerRow]("answer", 1)   // service, SHA-1
	pendingTable = storage.NewTable[pendingRow]("pending", 1) // service, SHA-1
	countTable   = storage.NewTable[Count]("count", 1)        // service, "2026-11-22", "2026-11" or ""
	gateTable    = storage.NewTable[gateRow]("gate", 1)       // service
	leftTable    = storage.NewTable[leftRow]("left", 1)       // service
)

// answerRow is what a service said about an image, for good.
type answerRow struct {
	At      int64   `json:"t"`
	Matches []Match `json:"m,omitempty"`
	Safety  *Safety `json:"s,omitempty"`
	Refused string  `json:"r,omitempty"` // why it cannot look for this picture
}

// pendingRow is a request without an answer so far.
type pendingRow struct {
	At    int64   `json:"t"`
	State pending `json:"s"`
	Tries int     `json:"n,omitempty"` // that ended in a fault of this image
	Until int64   `json:"u,omitempty"` // of a pause
	Why   string  `json:"w,omitempty"`
}

// pending says how far a request has come.
type pending string

const (
	asking pending = "asking" // stored before it is sent; found after a restart, it is in doubt
	paused pending = "paused" // this image is to be asked about again
	doubt  pending = "doubt"  // it may have been paid for
)

// leftRow is what a service said of what was paid for in advance.
type leftRow struct {
	At   int64 `json:"t"`
	Left int   `json:"n"`
}

// Count is what was done in a day, a month, or ever.
type Count struct {
	Units    int `json:"u,omitempty"` // counted against the budget, as the service bills them
	Asked    int `json:"a,omitempty"` // images sent, again ones too
	Found    int `json:"f,omitempty"` // of these: with matches
	Nothing  int `json:"n,omitempty"` // without
	Refused  int `json:"r,omitempty"` // of which the service wants no more
	Failed   int `json:"x,omitempty"` // to be sent again
	Doubtful int `json:"d,omitempty"` // perhaps paid for without an answer
}

func (c *Count) add(o Count) {
	c.Units = max(c.Units+o.Units, 0)
	c.Asked += o.Asked
	c.Found += o.Found
	c.Nothing += o.Nothing
	c.Refused += o.Refused
	c.Failed += o.Failed
	c.Doubtful += o.Doubtful
}

// dayCounts is how long the figures of a day are kept.
const dayCounts = 400 * 24 * time.Hour

// periods are the keys under which what happens at a time is counted.
func periods(at time.Time) [3]string {
	at = at.UTC()
	return [3]string{at.Format(time.DateOnly), at.Format("2006-01"), ""}
}

// count adds to the figures of a service, in the periods of a time.
func count(tx storage.Tx, service string, at time.Time, more Count) error {
	if more == (Count{}) {
		return nil
	}
	for i, period := range periods(at) {
		c, _, err := countTable.Get(tx, service, period)
		if err != nil {
			return err
		}
		c.add(more)
		ttl := dayCounts
		if i > 0 {
			ttl = 0
		}
		if err := countTable.PutFor(tx, ttl, c, service, period); err != nil {
			return err
		}
	}
	return nil
}

// Doubt is a request that may have been paid for without an answer.
type Doubt struct {
	Provider, SHA1 string
	At             time.Time
	Why            string
}

// Doubtful lists the requests that only a person can have made again, by
// service and SHA-1.
func (d *Desk) Doubtful() ([]Doubt, error) {
	var found []Doubt
	err := d.store.View(func(tx storage.Tx) error {
		found = nil
		for row, err := range pendingTable.Scan(tx) {
			if err != nil {
				return err
			}
			if p := row.Value; p.State == doubt {
				found = append(found, Doubt{row.Key[0], row.Key[1], time.Unix(p.At, 0).UTC(), p.Why})
			}
		}
		return nil
	})
	return found, err
}

// whyDied is said of a request during which this process, or the memory, came to an end.
const whyDied = "the bot was stopped before the answer was stored"

// recover finds what the last process left: requests in the middle of which it
// ended are in doubt, and gates that waited for the operator are tried anew.
func (d *Desk) recover() error {
	var left []storage.Row[pendingRow]
	err := d.store.View(func(tx storage.Tx) error {
		left = nil
		for row, err := range pendingTable.Scan(tx) {
			if err != nil {
				return err
			}
			if row.Value.State == asking {
				left = append(left, row)
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("looking for interrupted requests: %w", err)
	}
	err = storage.UpdateEach(d.store, left, func(tx storage.Tx, row storage.Row[pendingRow]) error {
		return d.giveUp(tx, row.Value, row.Key[0], row.Key[1])
	})
	return errors.Join(err, d.reopen())
}

// giveUp makes a doubt of a request that nobody waits for any more.
func (d *Desk) giveUp(tx storage.Tx, p pendingRow, service, sha1 string) error {
	p.State, p.Why = doubt, whyDied
	if err := pendingTable.Put(tx, p, service, sha1); err != nil {
		return err
	}
	return count(tx, service, time.Unix(p.At, 0), Count{Asked: 1, Doubtful: 1})
}
