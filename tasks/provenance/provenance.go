// Package provenance finds on-wiki code that breaks or loses media URLs, and
// says how to mend it.
package provenance

import (
	"context"

	"filewarden/bot"
	"filewarden/templates"
)

// Name of the task.
const Name = "provenance"

// Task audits the code of a wiki.
type Task struct{}

// Register is the task with all that it brings along.
func Register() bot.Registration {
	return bot.Registration{Task: &Task{}, Words: templates.Folder(Name), Commands: func() any { return &Commands{} }}
}

// Name of the task everywhere.
func (*Task) Name() string { return Name }

// Run makes one pass.
func (*Task) Run(context.Context, *bot.Env) error { return nil }
