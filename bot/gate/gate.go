// Package gate is the only writer: every write of the bot passes here.
package gate

import (
	"context"
	"fmt"
	"time"

	"filewarden/bot/wiki"
	"filewarden/storage"

	"github.com/rs/zerolog"
)

// Mode is how far the bot may go; the more cautious of the operator's and the wiki's wins.
type Mode string

const (
	DryRun Mode = "dry-run"
	Trial  Mode = "trial"
	Live   Mode = "live"
)

// Policy is what the gate obeys at the moment of a write; asked anew for each.
type Policy struct {
	Mode           Mode
	TrialEdits     int
	EditsPerMinute int
	OptOutUsers    []string // optout.json
	OptOutPages    []string
}

// Config builds a Gate.
type Config struct {
	Writer *wiki.Writer
	Wiki   *wiki.Session
	Store  storage.Store          // the gate's own part: trial count, last writes
	Prefix string                 // pages beneath it are the account's own: "User:<account>/"
	Policy func() (Policy, error) // an error closes the gate
	Now    func() time.Time
	Sleep  func(context.Context, time.Duration) error
	Log    zerolog.Logger
	OnDry  func(Planned)           // told of what a dry run would have written; may be nil
	OnEdit func(task, kind string) // counts edits that were made; may be nil
}

// Gate asks stop, trial, exclusion, rate and last diverts a dry run.
type Gate struct{}

// New gate. It is closed until it can read the Stop pages.
func New(c Config) *Gate { panic("stub") }

// Edit is one edit of one page.
type Edit struct {
	Task    string // who asks: "usage", or "" for the framework's own pages
	Kind    string // notice kind for {{bots|optout=…}}: "file-usage"; "" when it is no message
	User    string // the person a message is for; asked against the opt-outs
	Title   string // page to edit, already resolved
	Section string // "": whole page; "new": a new section; "0", "1"…: that section
	Heading string // title of a new section
	Text    string
	Append  bool   // Text is added at the end of the page instead of replacing it
	Summary string // without the id and the stop link: the gate adds both
	ID      string // delivery id, unique and stable over retries; "" where the history is never asked

	BaseRev    int64     // the revision the text was made from; 0 with CreateOnly
	Start      time.Time // when it was read
	CreateOnly bool      // the page must not exist
	NoCreate   bool      // the page must exist
	Minor      bool
}

// Receipt tells what became of a write.
type Receipt struct {
	Dry      bool // nothing was written: dry run
	RevID    int64
	Created  bool
	NoChange bool
	Time     time.Time
}

// Planned is a write as a dry run shows it.
type Planned struct {
	Edit   Edit
	Action string // edit, echocreateevent, emailuser
	Diff   string // unified, against the page as it stands
}

// Reason is why a write was refused at the gate.
type Reason string

const (
	Stopped    Reason = "stopped" // Stop page of the bot
	TaskStop   Reason = "task-stopped"
	TrialOver  Reason = "trial-over"
	Excluded   Reason = "excluded"   // {{bots}}, category, opt-out, block…
	Deferred   Reason = "deferred"   // {{in use}}: later
	Unreadable Reason = "unreadable" // a stop page or the config could not be read: closed
)

// Refused is a write that the gate did not let through.
type Refused struct {
	Reason Reason
	Page   string // the page that says no
	Detail string
}

func (r *Refused) Error() string { return fmt.Sprintf("%s by %s: %s", r.Reason, r.Page, r.Detail) }

// Edit writes one edit. Errors: *Refused, and those of wiki.Writer.Post.
func (g *Gate) Edit(ctx context.Context, e Edit) (Receipt, error) { panic("stub") }

// Echo is one notification by action=echocreateevent.
type Echo struct {
	Task, Kind, User      string
	Header, Content, Page string
	Section               string // alert | notice
}

// Echo sends one notification: at most once, it cannot be asked back.
func (g *Gate) Echo(ctx context.Context, e Echo) (Receipt, error) { panic("stub") }

// Mail is one e-mail by action=emailuser.
type Mail struct{ Task, Kind, User, Subject, Text string }

// Mail sends one e-mail: at most once.
func (g *Gate) Mail(ctx context.Context, m Mail) (Receipt, error) { panic("stub") }

// Check asks stop and trial only, for commands and the status page: nil when a write by task would pass.
func (g *Gate) Check(ctx context.Context, task string) error { panic("stub") }

// Ask reads a page of a recipient and says whether a message of kind may go
// there; nil or *Refused. The current text is returned for the edit to build on.
func (g *Gate) Ask(ctx context.Context, kind, user, title string) (wiki.Text, error) { panic("stub") }

// Sent looks for an earlier edit of title that carries the id: the revision, or 0.
func (g *Gate) Sent(ctx context.Context, title, id string) (int64, error) { panic("stub") }

// TrialUsed is how many edits of the trial are spent.
func (g *Gate) TrialUsed() (int, error) { panic("stub") }
