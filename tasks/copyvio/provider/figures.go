package provider

import (
	"maps"
	"slices"
	"time"

	"filewarden/storage"
)

// Figure is how one service is doing, for the status page and for metrics.
type Figure struct {
	Provider           string
	Today, Month, Ever Count
	Left               int       // requests left of those paid for in advance, as it said at LeftAt
	LeftAt             time.Time // zero: it does not say
	Trouble            string    // why its gate is, or was last, shut; empty: it works
	Until              time.Time // its gate is shut until then; zero: it is open
}

// Figures are those of all services that the operator has set up, by name.
func (d *Desk) Figures() ([]Figure, error) {
	var figures []Figure
	now := d.o.Now()
	err := d.store.View(func(tx storage.Tx) error {
		figures = nil
		for _, name := range slices.Sorted(maps.Keys(d.lines)) {
			f, err := figure(tx, name, now)
			if err != nil {
				return err
			}
			figures = append(figures, f)
		}
		return nil
	})
	return figures, err
}

func figure(tx storage.Tx, name string, now time.Time) (Figure, error) {
	f := Figure{Provider: name}
	when := periods(now)
	for i, c := range []*Count{&f.Today, &f.Month, &f.Ever} {
		var err error
		if *c, _, err = countTable.Get(tx, name, when[i]); err != nil {
			return f, err
		}
	}
	g, _, err := gateTable.Get(tx, name)
	if err != nil {
		return f, err
	}
	f.Trouble, f.Until = g.Why, g.shut(now)
	left, ok, err := leftTable.Get(tx, name)
	if ok {
		f.Left, f.LeftAt = left.Left, time.Unix(left.At, 0).UTC()
	}
	return f, err
}
