package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"time"

	"filewarden/bot/gate"
	"filewarden/bot/notice"
	"filewarden/bot/report"
	"filewarden/bot/wiki"
	"filewarden/storage"
	"filewarden/templates"
	"filewarden/wikiconfig"

	"github.com/rs/zerolog"
)

// Task is one thing the bot is for.
type Task interface {
	// Name is the task's word everywhere: config section, stop page, metrics label.
	// Lower-case ASCII letters.
	Name() string
	// Run makes one pass. It is resumable and idempotent: a pass cut short at
	// any point is finished by the next one, and nothing is told twice.
	Run(ctx context.Context, env *Env) error
}

// Step is one part of a pass.
type Step struct {
	Doing string // for errors: "reading the upload log"
	Do    func(context.Context) error
}

// Steps are taken in order until one fails; the error says what was being done.
func Steps(ctx context.Context, steps []Step) error {
	for _, step := range steps {
		if err := step.Do(ctx); err != nil {
			return fmt.Errorf("%s: %w", step.Doing, err)
		}
	}
	return nil
}

// Registration is a task with everything it brings along. Only Task is required.
type Registration struct {
	Task        Task
	Config      any        // pointer to a struct of defaults: the task's section of config.json
	Preferences any        // pointer to a struct of defaults: its section of a user's Filewarden.json
	Commands    func() any // a new pointer to a kong struct, for the command line
	Routes      func(mux *http.ServeMux, env func() (*Env, error))
	Words       fs.FS                   // i18n/<lang>.json, see package templates
	Kinds       []notice.Kind           // notices it sends
	Requests    []Handler               // what people may ask of it on the Requests page
	Forms       []templates.RequestForm // the headings to ask it by, as examples: Address stays empty
	// Operator makes an empty kong struct of flags: what the operator decides for
	// the task, such as keys. Env.Operator is one that is filled in.
	Operator func() any
	// Hosts are the foreign ones that Env.Fetch may reach, as host or host:port.
	Hosts func(operator any) []string
	// Account tells how the task is doing, for Status and metrics.
	Account func(env *Env) (Account, error)
	// Rehearse makes what the demo needs of the task; may be nil.
	Rehearse func() Rehearsal
}

// Rehearsal is what a task needs in the demo beside a wiki: what stands there for
// the foreign hosts that it asks, and uploads that it is shown with.
type Rehearsal struct {
	Web      http.Handler             // nil: the task asks nobody
	Operator func(address string) any // as the operator would set it, with Web served at an address
	Before   []RehearsedUpload        // before the bot comes
	Uploads  []RehearsedUpload        // in the story
}

// RehearsedUpload is one file that somebody uploads in the demo.
type RehearsedUpload struct {
	User, File string // name without namespace
	Data       []byte
	Text       string // of its page
	Deleted    string // an administrator deletes it again, for this reason
}

// Account is how a task is doing.
type Account struct {
	Figures []Figure
	// Remarks are what somebody has to see to, plain text of a line each.
	Remarks []string
}

// Figure is one number. On Status it is worded by the message
// figure-<task>-<name>, with Of as $1; as a metric it is a gauge with these labels.
type Figure struct {
	Name  string // "cases-open"
	Of    string // what it is of, such as a provider; may be ""
	Value float64
}

// Handler answers one sort of request. ok is false when the request is not of
// its sort; the next handler is then asked.
type Handler func(ctx context.Context, env *Env, r report.Request) (a report.Answer, ok bool, err error)

// Env is all that a pass of a task may touch.
type Env struct {
	Wiki    *wiki.Session // home wiki, read only
	Farm    *wiki.Farm    // other wikis that may be read
	Gate    *gate.Gate    // edits that are neither a notice nor a report
	Notices *notice.Box
	Reports *report.Pages
	Store   storage.Store // the task's own part of the memory
	// Shared is a part of the task's that dry runs and live runs have in common:
	// for what is so whatever the mode, such as an answer that was paid for.
	Shared storage.Store
	Config *wikiconfig.Config
	Panel  *wikiconfig.Panel // preferences are read through it
	Words  *templates.Words
	Now    func() time.Time
	Log    zerolog.Logger
	Fetch  func(ctx context.Context, r *http.Request) (*http.Response, error)

	Operator any // of the type that Registration.Operator makes; nil where it makes none

	// Unfinished says on the status page that an action of several edits stands
	// half made, or that a person must look at it, in plain text, until it is
	// called again with an empty text. id names the action among the task's.
	Unfinished func(id, text string) error

	// Progress reports how far a long piece of work has come, for the
	// progress bar of a command; total 0 means unknown.
	Progress func(what string, done, total int)

	// Fresh is true until the first complete pass since the bot left dry run:
	// the task takes stock and tells nobody what happened before.
	Fresh bool
}

// ErrFindings ends a command that did its work and found something: exit 1
// without a complaint.
var ErrFindings = errors.New("findings")

// UseError is a command used wrongly: exit 2. Text says how to use it.
type UseError struct{ Text string }

// Error says how to use it.
func (e *UseError) Error() string { return e.Text }

// Console is what a task's commands work with: `func (x Export) Run(c *bot.Console) error`.
type Console struct {
	Ctx      context.Context
	Out      io.Writer // what was asked for
	Err      io.Writer // what is said about the work
	Terminal bool      // Err is a terminal
	Color    bool      // Out may have colour
	Stdin    io.Reader
	Version  string // of this program

	// Progress reports how far a long piece of work has come: a bar on a
	// terminal, one line in a pipe; total 0 means unknown.
	Progress func(what string, done, total int)
	Log      zerolog.Logger
	Listen   string // where the operator wants this process to listen; empty: not said
	// Hangup hears of SIGHUP from its call on; until then the signal ends the process.
	Hangup func() <-chan os.Signal

	// Instead is called with the command line that the running bot is to be asked,
	// where it cannot read what this process can: a file, standard input.
	Instead func(args ...string)

	// Env runs work with a task's Env, inside the running bot when that holds
	// the memory. A command that needs neither wiki nor memory leaves it alone.
	Env func(task string, work func(*Env) error) error
}
