package bot

import (
	"fmt"
	"time"

	"filewarden/storage"
)

// diary remembers what Status tells beyond the present moment: edits and
// notices by day, the latest errors, and stops. Each memory has its own.
type diary struct {
	store storage.Store
	now   func() time.Time
}

// Limits of what Status shows.
const (
	errorsKept = 10
	daysKept   = 62 * 24 * time.Hour
	heldShown  = 7 * 24 * time.Hour
)

// dayRow counts one UTC day; the row of the day "" counts all days.
type dayRow struct {
	Edits   int                       `json:"edits"`
	ByTask  map[string]int            `json:"byTask,omitempty"`
	Notices map[string]map[string]int `json:"notices,omitempty"` // kind/channel → outcome → count
}

// errorRow is one error, as the operator's log had it, when it last happened.
type errorRow struct {
	Time time.Time `json:"time"`
	Task string    `json:"task,omitempty"`
	Text string    `json:"text"`
}

// stopRow is the last stop of a task, or of the whole bot.
type stopRow struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`   // zero while it lasts
	Held int       `json:"held"` // notices that waited when it was lifted
}

// unfinishedRow is an action of a task that stands half made, or that a person
// must look at.
type unfinishedRow struct {
	Since time.Time `json:"since"`
	Text  string    `json:"text"`
}

func (diary) unfinished() storage.Table[unfinishedRow] {
	return storage.NewTable[unfinishedRow]("unfinished", 1)
}
func (diary) days() storage.Table[dayRow]     { return storage.NewTable[dayRow]("day", 1) }
func (diary) errors() storage.Table[errorRow] { return storage.NewTable[errorRow]("error", 1) }
func (diary) stops() storage.Table[stopRow]   { return storage.NewTable[stopRow]("stop", 1) }

const dayFormat = "2006-01-02"

// edit counts one edit that was made.
func (d diary) edit(task string) error {
	return d.count(func(row *dayRow) {
		row.Edits++
		if row.ByTask == nil {
			row.ByTask = map[string]int{}
		}
		row.ByTask[task]++
	})
}

// notice counts one notice by what became of it.
func (d diary) notice(kind, channel, outcome string) error {
	return d.count(func(row *dayRow) {
		key := kind + "/" + channel
		if row.Notices == nil {
			row.Notices = map[string]map[string]int{}
		}
		if row.Notices[key] == nil {
			row.Notices[key] = map[string]int{}
		}
		row.Notices[key][outcome]++
	})
}

// count changes today's row and that of all days.
func (d diary) count(change func(*dayRow)) error {
	err := d.store.Update(func(tx storage.Tx) error {
		for _, day := range []string{d.now().UTC().Format(dayFormat), ""} {
			row, _, err := d.days().Get(tx, day)
			if err != nil {
				return err
			}
			change(&row)
			ttl := daysKept
			if day == "" {
				ttl = 0
			}
			if err := d.days().PutFor(tx, ttl, row, day); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("counting for the status page: %w", err)
	}
	return nil
}

// keyTime sorts as the times do: its fractions all have nine digits.
const keyTime = "2006-01-02T15:04:05.000000000Z"

// error remembers one error and lets go of the oldest. One that happens again
// takes the place of its earlier row: a list of one error ten times tells nothing.
func (d diary) error(task string, cause error) error {
	now := d.now().UTC()
	next := errorRow{now, task, cause.Error()}
	return d.store.Update(func(tx storage.Tx) error {
		var kept [][]string
		for row, err := range d.errors().Scan(tx) {
			if err != nil {
				return err
			}
			if row.Value.Task == task && row.Value.Text == next.Text {
				if err := d.errors().Delete(tx, row.Key...); err != nil {
					return err
				}
				continue
			}
			kept = append(kept, row.Key)
		}
		for ; len(kept) >= errorsKept; kept = kept[1:] {
			if err := d.errors().Delete(tx, kept[0]...); err != nil {
				return err
			}
		}
		return d.errors().Put(tx, next, now.Format(keyTime), task)
	})
}

// stopped notes that a task, or with "" the whole bot, is stopped; the first note counts.
func (d diary) stopped(task string) error {
	return d.store.Update(func(tx storage.Tx) error {
		row, ok, err := d.stops().Get(tx, task)
		if err != nil || ok && row.To.IsZero() {
			return err
		}
		return d.stops().Put(tx, stopRow{From: d.now().UTC()}, task)
	})
}

// lifted notes that the stop is in force no more, and how much had to wait for
// that. Without a stop it changes nothing.
func (d diary) lifted(task string, held int) error {
	return d.store.Update(func(tx storage.Tx) error {
		row, ok, err := d.stops().Get(tx, task)
		if err != nil || !ok || !row.To.IsZero() {
			return err
		}
		row.To, row.Held = d.now().UTC(), held
		return d.stops().Put(tx, row, task)
	})
}

// leaves notes that an action of a task is not finished, and since when; with
// an empty text, that it is. Nobody has to clear away what is forgotten.
func (d diary) leaves(task, id, text string) error {
	err := d.store.Update(func(tx storage.Tx) error {
		row, known, err := d.unfinished().Get(tx, task, id)
		switch {
		case err != nil:
			return err
		case text == "" && known:
			return d.unfinished().Delete(tx, task, id)
		case text == "" || known && row.Text == text:
			return nil
		case !known:
			row.Since = d.now().UTC()
		}
		row.Text = text
		return d.unfinished().PutFor(tx, daysKept, row, task, id)
	})
	if err != nil {
		return fmt.Errorf("noting for the status page what is not finished: %w", err)
	}
	return nil
}
