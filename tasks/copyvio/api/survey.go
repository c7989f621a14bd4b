package api

import (
	"slices"
	"sync"
	"time"

	"filewarden/storage"
	"filewarden/tasks/copyvio/casebook"
)

// A survey is good for a few seconds, and for longer where it takes long: at
// most one part in surveyShare of the time goes into surveys, however often
// strangers ask. What is shown of a case is read anew.
const (
	surveyAge   = 5 * time.Second
	surveyShare = 20
)

// survey is the list of the cases that wait for a decision.
type survey struct {
	mu    sync.Mutex
	taken time.Time
	good  time.Duration
	all   []*outline
}

// outline is of a case what it is filtered and ordered by.
type outline struct {
	casebook.Case
	best int
}

// cases that wait, in no order. The slice is shared: nobody changes it.
func (s *survey) cases(store storage.Store, now time.Time) ([]*outline, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if age := now.Sub(s.taken); s.all != nil && age >= 0 && age < s.good {
		return s.all, nil
	}
	begun, all := time.Now(), []*outline{}
	err := store.View(func(tx storage.Tx) error {
		all = all[:0]
		live, err := casebook.Live(tx)
		for _, c := range live {
			if waits(c) {
				all = append(all, outlineOf(c))
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	s.taken, s.good, s.all = now, max(surveyAge, surveyShare*time.Since(begun)), all
	return all, nil
}

// decided brings one case up to date, so that its reviewer sees no old list.
func (s *survey) decided(c casebook.Case) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all == nil {
		return
	}
	s.all = slices.DeleteFunc(slices.Clone(s.all), func(o *outline) bool { return o.SHA1 == c.SHA1 })
	if waits(c) {
		s.all = append(s.all, outlineOf(c))
	}
}

// waits says whether a case is for reviewers: undecided, and its file is there.
func waits(c casebook.Case) bool {
	return c.State.Undecided() && c.GoneAt.IsZero() && c.Archived.IsZero()
}

func outlineOf(c casebook.Case) *outline {
	o := &outline{Case: casebook.Case{SHA1: c.SHA1, State: c.State, Uploader: c.Uploader, Also: c.Also,
		Uploaded: c.Uploaded, Opened: c.Opened, Person: c.Person, Patrol: c.Patrol}}
	for _, m := range c.Matches {
		o.best = max(o.best, m.Percent)
	}
	return o
}
