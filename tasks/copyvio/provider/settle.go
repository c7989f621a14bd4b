package provider

import (
	"errors"
	"fmt"
	"time"

	"filewarden/storage"
)

// maxTries is how often an image is asked about that fails by itself while
// others of its batch do not.
const maxTries = 8

// pauses of an image between tries.
const (
	firstPause   = time.Minute
	longestPause = 24 * time.Hour
)

// settled is what becomes of an image after its request.
type settled struct {
	outcome
	answer  *answerRow  // to be stored
	pending *pendingRow // to be stored; nil: none is left
	count   Count
}

// settle stores what came of a request and puts it into the images' outcomes.
// What is not stored yet when the process dies in the middle of it is in doubt.
func (j *job) settle(batch []*wanted, answers []Answer, failure error, at time.Time) error {
	now := j.o.Now()
	gate, err := j.closeRequest(failure, len(batch), at, now)
	if err != nil {
		return err
	}
	places := make([]int, len(batch))
	for i := range places {
		places[i] = i
	}
	err = storage.UpdateEach(j.store, places, func(tx storage.Tx, i int) error {
		s, err := j.weigh(tx, batch[i].image.SHA1, answers[i], failure, gate, now)
		if err != nil {
			return err
		}
		batch[i].got[j.at] = s.outcome
		return s.store(tx, j.name, batch[i].image.SHA1, at)
	})
	if err != nil {
		return fmt.Errorf("storing what %s answered: %w", j.name, err)
	}
	return nil
}

// closeRequest moves the gate, and gives back units that were certainly not billed.
func (j *job) closeRequest(failure error, images int, at, now time.Time) (g gateRow, err error) {
	err = j.store.Update(func(tx storage.Tx) error {
		before, _, err := gateTable.Get(tx, j.name)
		if err != nil {
			return err
		}
		g = before.after(failure, now)
		if failure != nil && !doubtful(failure) {
			err = count(tx, j.name, at, Count{Units: -images * j.terms.Units})
		}
		return errors.Join(err, gateTable.Put(tx, g, j.name))
	})
	return g, err
}

// weigh decides what becomes of one image.
func (j *job) weigh(tx storage.Tx, sha1 string, a Answer, failure error, gate gateRow, now time.Time) (settled, error) {
	before, _, err := pendingTable.Get(tx, j.name, sha1)
	if err != nil {
		return settled{}, err
	}
	switch {
	case a.Err == nil:
		return answered(answerRow{At: now.Unix(), Matches: a.Matches, Safety: a.Safety}), nil
	case errors.Is(a.Err, ErrPicture):
		return answered(answerRow{At: now.Unix(), Refused: a.Err.Error()}), nil
	case doubtful(a.Err):
		return settled{outcome: outcome{standing: inDoubt, note: a.Err.Error()}, count: Count{Asked: 1, Doubtful: 1},
			pending: &pendingRow{At: before.At, State: doubt, Why: a.Err.Error()}}, nil
	case a.Err == failure:
		return failed(before, gate, failure, now), nil
	}
	return again(before, a.Err, now), nil
}

// answered is an image about which all is said.
func answered(row answerRow) settled {
	s := settled{outcome: row.outcome(), answer: &row, count: Count{Asked: 1}}
	switch s.standing {
	case refused:
		s.count.Refused = 1
	case found:
		s.count.Found = 1
	default:
		s.count.Nothing = 1
	}
	return s
}

// failed is an image whose request failed as a whole. It is as if it had not
// been sent, but for the tries of its own that it had before.
func failed(before pendingRow, gate gateRow, failure error, now time.Time) settled {
	s := settled{outcome: gate.outcome(now), count: Count{Asked: 1, Failed: 1}}
	if s.standing == unknown {
		s.outcome = outcome{standing: later, until: now.Add(retryPause), note: failure.Error()}
	}
	if before.Tries > 0 {
		s.pending = &pendingRow{At: before.At, State: paused, Tries: before.Tries, Until: now.Unix(), Why: failure.Error()}
	}
	return s
}

// again is an image that failed while others of its batch did not. After some
// tries it is at fault itself.
func again(before pendingRow, why error, now time.Time) settled {
	tries := before.Tries + 1
	if tries >= maxTries {
		return answered(answerRow{At: now.Unix(), Refused: fmt.Sprintf("%v; so it did %d times", why, tries)})
	}
	until := now.Add(doubled(firstPause, 2*tries-1, longestPause)).Truncate(time.Second).Add(time.Second)
	return settled{
		outcome: outcome{standing: later, until: until.UTC(), note: why.Error()}, count: Count{Asked: 1, Failed: 1},
		pending: &pendingRow{At: before.At, State: paused, Tries: tries, Until: until.Unix(), Why: why.Error()},
	}
}

// store keeps what became of an image.
func (s settled) store(tx storage.Tx, service, sha1 string, at time.Time) error {
	var err error
	if s.answer != nil {
		err = answerTable.Put(tx, *s.answer, service, sha1)
	}
	if s.pending != nil {
		err = errors.Join(err, pendingTable.Put(tx, *s.pending, service, sha1))
	} else {
		err = errors.Join(err, pendingTable.Delete(tx, service, sha1))
	}
	return errors.Join(err, count(tx, service, at, s.count))
}

// giveBack undoes a reservation: nothing was billed, and each image is to be sent by itself.
func (j *job) giveBack(batch []*wanted, at time.Time) error {
	return j.store.Update(func(tx storage.Tx) error {
		for _, w := range batch {
			before, _, err := pendingTable.Get(tx, j.name, w.image.SHA1)
			if err != nil {
				return err
			}
			s := failed(before, gateRow{}, ErrPicture, at)
			s.count = Count{}
			if err := s.store(tx, j.name, w.image.SHA1, at); err != nil {
				return err
			}
		}
		return count(tx, j.name, at, Count{Units: -len(batch) * j.terms.Units})
	})
}
