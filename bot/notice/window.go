package notice

import (
	"sync"
	"time"
)

// Windows: how long news are gathered into one message.
const (
	windowNow    = "now"    // until the pass that found them ends
	windowHours  = "4h"     // four hours from the first event
	windowDaily  = "daily"  // until the day ends, UTC
	windowWeekly = "weekly" // until Sunday ends, UTC
)

// closes says when a window that opened at that time closes; zero for "now",
// which closes with a pass. What the config's schema does not allow is read as
// the default window, so that nothing waits for ever.
func closes(window string, opened time.Time) time.Time {
	switch window {
	case windowNow:
		return time.Time{}
	case windowDaily:
		return midnight(opened)
	case windowWeekly:
		toMonday := (int(time.Monday) - int(midnight(opened).Weekday()) + 7) % 7
		return midnight(opened).AddDate(0, 0, toMonday)
	}
	return opened.Add(4 * time.Hour)
}

// midnight is the next one in UTC, after t.
func midnight(t time.Time) time.Time {
	y, m, d := t.UTC().Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, time.UTC)
}

// day names the UTC day of t, for counting.
func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// opening is when the windows of a user opened: by channel and window.
type opening map[way]time.Time

// way is how one event reaches its reader.
type way struct{ channel, window string }

func (who *recipient) openings(rows []waitingRow) opening {
	o := opening{}
	for _, w := range rows {
		at := who.way(w.Event)
		if first, open := o[at]; !open || w.Added.Before(first) {
			o[at] = w.Added
		}
	}
	return o
}

// ready says whether an event's window is closed and nothing else holds it.
func (o opening) ready(who *recipient, person personRow, w waitingRow, now time.Time, passEnd bool) bool {
	if now.Before(person.Retry) || (now.Before(person.Held) && !w.Event.Demand) {
		return false
	}
	at := who.way(w.Event)
	if at.window == windowNow {
		// What a cap held back has missed the end of its pass.
		return passEnd || w.Added.Before(person.Held)
	}
	return !closes(at.window, o[at]).After(now)
}

// nextFor is when the first of a user's events may go out by time, and whether
// some wait for the end of a pass.
func (b *Box) nextFor(who *recipient, person personRow, rows []waitingRow) (due time.Time, pass bool) {
	o := who.openings(rows)
	for _, w := range rows {
		at := who.way(w.Event)
		closing := closes(at.window, o[at])
		if at.window == windowNow && !w.Added.Before(person.Held) {
			pass = true
			continue
		}
		if !w.Event.Demand {
			closing = later(closing, person.Held)
		}
		closing = later(closing, person.Retry)
		if due.IsZero() || closing.Before(due) {
			due = closing
		}
	}
	return due, pass
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// pause is how long [Box.Next] keeps a caller off after a Deliver that failed.
const pause = time.Minute

// restUntil remembers the pause; in memory only, a new start may try at once.
type restUntil struct {
	mu    sync.Mutex
	until time.Time
}

func (r *restUntil) set(needed bool, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.until = time.Time{}
	if needed {
		r.until = now.Add(pause)
	}
}

func (r *restUntil) atLeast(t time.Time) time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	if t.IsZero() {
		return t
	}
	return later(t, r.until)
}
