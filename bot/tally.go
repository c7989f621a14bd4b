package bot

import "sync"

// Tally counts what this process did, for metrics and the status page.
type Tally struct {
	mu      sync.Mutex
	notices map[NoticeCount]int
	edits   map[EditCount]int
	runs    map[RunCount]int
}

// NoticeCount is the label set of one counter of notices.
type NoticeCount struct{ Kind, Channel, Outcome, Group string }

// EditCount is the label set of one counter of edits.
type EditCount struct{ Task, Kind string }

// RunCount is the label set of one counter of passes: outcome ok or failed.
type RunCount struct{ Task, Outcome string }

func newTally() *Tally {
	return &Tally{notices: map[NoticeCount]int{}, edits: map[EditCount]int{}, runs: map[RunCount]int{}}
}

func (t *Tally) notice(kind, channel, outcome, group string) {
	count(t, t.notices, NoticeCount{kind, channel, outcome, group})
}

func (t *Tally) edit(task, kind string) { count(t, t.edits, EditCount{task, kind}) }

func (t *Tally) run(task, outcome string) { count(t, t.runs, RunCount{task, outcome}) }

func count[K comparable](t *Tally, counters map[K]int, key K) {
	t.mu.Lock()
	defer t.mu.Unlock()
	counters[key]++
}

// Notices returns a copy of the counters.
func (t *Tally) Notices() map[NoticeCount]int { return copied(t, t.notices) }

// Edits returns a copy of the counters.
func (t *Tally) Edits() map[EditCount]int { return copied(t, t.edits) }

// Runs returns a copy of the counters.
func (t *Tally) Runs() map[RunCount]int { return copied(t, t.runs) }

func copied[K comparable](t *Tally, counters map[K]int) map[K]int {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := make(map[K]int, len(counters))
	for k, v := range counters {
		out[k] = v
	}
	return out
}
