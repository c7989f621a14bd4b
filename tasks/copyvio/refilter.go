package copyvio

import (
	"context"
	"fmt"
	"slices"

	"filewarden/storage"
	"filewarden/tasks/copyvio/casebook"
)

// refilter applies the lists of the config, which may have changed, to cases
// that wait: one with a match that is to be withheld goes off all pages, and one
// of which nothing is left could not be shown to anybody.
func (p *pass) refilter(context.Context) error {
	cases, err := p.live()
	if err != nil {
		return err
	}
	for _, c := range cases {
		next := p.filtered(c)
		if next.State == c.State && len(next.Matches) == len(c.Matches) {
			continue
		}
		if err := p.putFiltered(c, next); err != nil {
			return fmt.Errorf("applying the lists of the config to the case of %s: %w", c.Title, err)
		}
	}
	return nil
}

// filtered is a case as the lists have it now.
func (p *pass) filtered(c casebook.Case) casebook.Case {
	if !c.State.Undecided() {
		return c
	}
	if state, why := p.filters.state(c.Matches, nil); state == casebook.Withheld {
		c.State, c.Reason = state, why
		return c
	}
	left := slices.DeleteFunc(slices.Clone(c.Matches), p.filters.blocklist.has)
	if len(left) == len(c.Matches) {
		return c
	}
	c.Matches = left
	if !slices.ContainsFunc(left, suspicious) && !slices.ContainsFunc(c.Evidence, grave) {
		c.State, c.Reason = casebook.Unshown, "blocklist: no match is left"
	}
	return c
}

// grave evidence is reason enough for a case.
func grave(e casebook.Evidence) bool { return e.Opens }

// putFiltered stores a filtered case, unless somebody decided about it meanwhile.
func (p *pass) putFiltered(was, next casebook.Case) error {
	return p.Store.Update(func(tx storage.Tx) error {
		now, known, err := casebook.GetCase(tx, was.SHA1)
		if err != nil || !known || !sameDecision(now, was) {
			return err
		}
		return casebook.PutCase(tx, next)
	})
}
