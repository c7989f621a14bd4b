package api

import (
	"sync"
	"time"

	"filewarden/storage"
	"filewarden/tasks/copyvio/casebook"
)

// surveyAge is how old the list of open cases may be. It spares the memory a
// walk over every case for each request of a stranger; what is shown of a case
// is read anew.
const surveyAge = 5 * time.Second

// survey is the list of the cases that wait for a decision.
type survey struct {
	mu    sync.Mutex
	taken time.Time
	all   []outline
}

// outline is of a case what it is filtered and ordered by.
type outline struct {
	casebook.Case
	best int
}

// cases that wait, in no order. The slice is shared: nobody changes it.
func (s *survey) cases(store storage.Store, now time.Time) ([]outline, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if age := now.Sub(s.taken); s.all != nil && age >= 0 && age < surveyAge {
		return s.all, nil
	}
	all := []outline{}
	err := store.View(func(tx storage.Tx) error {
		for c, err := range casebook.Cases(tx) {
			if err != nil {
				return err
			}
			if waits(c) {
				all = append(all, outlineOf(c))
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	s.taken, s.all = now, all
	return all, nil
}

// waits says whether a case is for reviewers: undecided, and its file is there.
func waits(c casebook.Case) bool {
	return c.State.Undecided() && c.GoneAt.IsZero() && c.Archived.IsZero()
}

// forget makes the next look a fresh one: something was decided.
func (s *survey) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = nil
}

func outlineOf(c casebook.Case) outline {
	o := outline{Case: casebook.Case{SHA1: c.SHA1, State: c.State, Uploader: c.Uploader, Also: c.Also,
		Uploaded: c.Uploaded, Opened: c.Opened, Person: c.Person, Patrol: c.Patrol}}
	for _, m := range c.Matches {
		o.best = max(o.best, m.Percent)
	}
	return o
}
