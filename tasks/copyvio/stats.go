package copyvio

import (
	"fmt"
	"slices"
	"time"

	"filewarden/storage"
	"filewarden/tasks/copyvio/casebook"
)

// dayRow counts what happened on one day (UTC).
type dayRow struct {
	Searched  int                    `json:"n,omitempty"` // images that were looked for
	Opened    int                    `json:"o,omitempty"`
	Accepted  int                    `json:"a,omitempty"`
	Rejected  int                    `json:"r,omitempty"`
	Reopened  int                    `json:"b,omitempty"` // decisions taken back
	Seconds   []int64                `json:"s,omitempty"` // from opening to decision, of the first maxTimes decisions
	Reviewers map[string]int         `json:"u,omitempty"` // decisions that counted, by user
	Providers map[string]providerDay `json:"p,omitempty"` // of the matches of cases
}

// providerDay counts cases in which a provider had a match.
type providerDay struct {
	Cases    int `json:"c,omitempty"`
	Accepted int `json:"a,omitempty"`
	Rejected int `json:"r,omitempty"`
}

var dayTable = storage.NewTable[dayRow]("day", 1)

// maxTimes of one day are kept for the median.
const maxTimes = 100

// count changes the row of a day.
func count(tx storage.Tx, at time.Time, change func(*dayRow)) error {
	day := at.UTC().Format(time.DateOnly)
	row, _, err := dayTable.Get(tx, day)
	if err != nil {
		return err
	}
	change(&row)
	return dayTable.Put(tx, row, day)
}

// providersOf are those that found something of a case.
func providersOf(c casebook.Case) (names []string) {
	for _, m := range c.Matches {
		if suspicious(m) && !slices.Contains(names, m.Provider) {
			names = append(names, m.Provider)
		}
	}
	return names
}

func (d *dayRow) eachProvider(c casebook.Case, change func(*providerDay)) {
	if d.Providers == nil {
		d.Providers = map[string]providerDay{}
	}
	for _, name := range providersOf(c) {
		row := d.Providers[name]
		change(&row)
		d.Providers[name] = row
	}
}

// opened counts a new case.
func (d *dayRow) opened(c casebook.Case) {
	d.Opened++
	d.eachProvider(c, func(p *providerDay) { p.Cases++ })
}

// decided counts the decision that is in force about a case, and no more the
// one that was counted before. The operator's word is nobody's decision.
func (d *dayRow) decided(c casebook.Case, last casebook.Decision) {
	d.tally(c, c.Counted, -1)
	d.tally(c, c.State, +1)
	if c.Counted.Decided() && c.State.Undecided() {
		d.Reopened++
	}
	if c.State.Decided() && len(d.Seconds) < maxTimes {
		d.Seconds = append(d.Seconds, int64(c.Decided.Sub(c.Opened)/time.Second))
	}
	if last.By == "" || last.Way == casebook.ByCommand {
		return
	}
	if d.Reviewers == nil {
		d.Reviewers = map[string]int{}
	}
	d.Reviewers[last.By]++
}

// tally counts a case as accepted or rejected, or no more.
func (d *dayRow) tally(c casebook.Case, state casebook.State, n int) {
	switch state {
	case casebook.Accepted:
		d.Accepted += n
		d.eachProvider(c, func(p *providerDay) { p.Accepted += n })
	case casebook.Rejected:
		d.Rejected += n
		d.eachProvider(c, func(p *providerDay) { p.Rejected += n })
	}
}

// add adds another day.
func (d *dayRow) add(o dayRow) {
	d.Searched += o.Searched
	d.Opened, d.Accepted, d.Rejected, d.Reopened = d.Opened+o.Opened, d.Accepted+o.Accepted, d.Rejected+o.Rejected, d.Reopened+o.Reopened
	d.Seconds = append(d.Seconds, o.Seconds...)
	if d.Reviewers == nil {
		d.Reviewers, d.Providers = map[string]int{}, map[string]providerDay{}
	}
	for name, n := range o.Reviewers {
		d.Reviewers[name] += n
	}
	for name, p := range o.Providers {
		sum := d.Providers[name]
		d.Providers[name] = providerDay{sum.Cases + p.Cases, sum.Accepted + p.Accepted, sum.Rejected + p.Rejected}
	}
}

// median is the time within which at least half of the decisions came; 0 without any.
func (d *dayRow) median() time.Duration {
	if len(d.Seconds) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(d.Seconds))
	return time.Duration(sorted[(len(sorted)-1)/2]) * time.Second
}

// since adds up the days from one on, that one included; all days for zero.
func since(tx storage.Tx, from time.Time) (sum dayRow, err error) {
	first := ""
	if !from.IsZero() {
		first = from.UTC().Format(time.DateOnly)
	}
	for row, err := range dayTable.Scan(tx) {
		if err != nil {
			return sum, fmt.Errorf("reading statistics: %w", err)
		}
		if row.Key[0] >= first {
			sum.add(row.Value)
		}
	}
	return sum, nil
}
