package bot

import (
	"fmt"
	"time"
)

// State of a task in one word.
type State string

// States, as health and Status show them.
const (
	Waiting State = "waiting"
	Running State = "running"
	Stopped State = "stopped" // by a Stop page, at its last pass
	Failing State = "failing" // the last pass failed; it is tried again
	Overdue State = "overdue" // its pass should have begun long ago
	Off     State = "off"     // switched off in config.json
)

// TaskState is what can be said of a task now. Times are zero where there is none.
type TaskState struct {
	Name    string
	State   State
	Last    time.Time // start of the last pass
	Success time.Time // start of the last good one
	Next    time.Time
	Error   string
	StopBy  string // the page that stopped it
}

// TaskState reads the memory of a task's passes.
func (b *Bot) TaskState(task string) (TaskState, error) {
	run, err := b.LastRun(task)
	if err != nil {
		return TaskState{}, err
	}
	next, enabled, err := b.Due(task)
	if err != nil {
		return TaskState{}, err
	}
	late, err := b.Overdue(task)
	if err != nil {
		return TaskState{}, err
	}
	state := TaskState{Name: task, State: Waiting, Last: run.Started, Success: run.Success, Next: next, Error: run.Error, StopBy: run.Stopped}
	switch {
	case !enabled:
		state.State = Off
	case b.running.Held(task):
		state.State = Running
	case late:
		state.State = Overdue
	case run.Stopped != "":
		state.State = Stopped
	case run.Error != "":
		state.State = Failing
	}
	return state, nil
}

// Pending is how many events wait for their window, by kind.
func (b *Bot) Pending() (map[string]int, error) {
	w, err := b.ward()
	if err != nil {
		return nil, err
	}
	waiting, err := w.box.Pending()
	if err != nil {
		return nil, fmt.Errorf("counting waiting events: %w", err)
	}
	return waiting, nil
}
