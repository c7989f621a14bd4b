// Package gate is the only writer: every write of the bot passes here.
//
// A write is asked one list of questions, always in this order (see pass): is
// the bot or its task stopped, is the trial used up, does the page or the
// person want no such message, is it too soon after the last write, and, last,
// is this only a dry run. Because the dry run is asked last, it shows exactly
// what a live run would do.
//
// The gate fails closed. A Stop page that cannot be read, a policy that cannot
// be had, a recipient's page that cannot be read: the write is refused, never
// made. The pages that may object and the page to be written are read anew
// before every write, in one request; so a write costs one read and one post.
//
// Writes are made one after another. What must outlive the process, the trial's
// count and the time of the last write, is stored before the write goes out.
package gate

import (
	"context"
	"fmt"
	"strings"
	"time"

	"filewarden/bot/wiki"
	"filewarden/storage"

	"github.com/antonholmquist/jason"
	"github.com/rs/zerolog"
)

// Mode is how far the bot may go; the more cautious of the operator's and the wiki's wins.
type Mode string

const (
	DryRun Mode = "dry-run" // everything is asked, nothing is written
	Trial  Mode = "trial"   // written until a number of edits is spent
	Live   Mode = "live"
)

// Policy is what the gate obeys at the moment of a write; asked anew for each.
type Policy struct {
	Mode           Mode
	TrialEdits     int
	EditsPerMinute int      // below 1: the default of 6
	StopLabel      string   // of the link in a summary to the page that stops all, plain text; "": stop
	TaskStopLabel  string   // the same for a single task
	OptOutUsers    []string // optout.json
	OptOutPages    []string
	OptOutUnread   error // optout.json was never read whole: nobody may be written to
}

// Config builds a Gate.
type Config struct {
	Writer *wiki.Writer
	Wiki   *wiki.Session
	Store  storage.Store          // the gate's own part: trial count, last writes
	Prefix string                 // pages beneath it are the account's own: "User:<account>/"
	Policy func() (Policy, error) // an error closes the gate
	Now    func() time.Time       // nil: time.Now
	Sleep  func(context.Context, time.Duration) error
	Log    zerolog.Logger
	OnDry  func(Planned)           // told of what a dry run would have written; may be nil
	OnEdit func(task, kind string) // counts edits that were made; may be nil
}

// reader is what the gate needs of a wiki.Session.
type reader interface {
	Get(context.Context, wiki.Params) (*jason.Object, error)
	Read(context.Context, ...string) (map[string]wiki.Text, error)
	Title(string) (wiki.Title, error)
	Site() wiki.Site
	Account() wiki.Account
	Missing(context.Context, ...string) ([]wiki.Lack, error)
}

// poster is what the gate needs of a wiki.Writer.
type poster interface {
	Post(context.Context, wiki.Params) (*jason.Object, error)
}

// Gate asks stop, trial, exclusion, rate, and last diverts a dry run.
type Gate struct {
	c     Config
	wiki  reader
	post  poster
	book  ledger
	local localNames
	turn  chan struct{} // holds one token: writes are made one after another
}

// New gate. It is closed until it can read the Stop pages.
func New(c Config) *Gate { return build(c, c.Wiki, c.Writer) }

func build(c Config, r reader, p poster) *Gate {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Sleep == nil {
		c.Sleep = wiki.Sleep
	}
	return &Gate{c: c, wiki: r, post: p, book: ledger{store: c.Store}, turn: make(chan struct{}, 1)}
}

// Edit is one edit of one page.
type Edit struct {
	Task    string // who asks: "usage", or "" for the framework's own pages
	Kind    string // notice kind for {{bots|optout=…}}: "file-usage"; "" when it is no message
	User    string // the person a message is for; asked against the opt-outs
	Series  string // that the edit is a step of, see Admit; "": none
	Title   string // page to edit, already resolved
	Section string // "": whole page; "new": a new section; "0", "1"…: that section
	Heading string // title of a new section
	Text    string
	Append  bool   // Text is added at the end of the page instead of replacing it
	Summary string // without the id and the stop link: the gate adds both
	ID      string // delivery id without spaces, unique and stable over retries; "" where the history is never asked

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
	LogID    int64 // of a deletion, in the deletion log
	Created  bool
	NoChange bool
	Time     time.Time
}

// Planned is a write as a dry run shows it.
type Planned struct {
	Edit   Edit
	Action string // edit, delete, echocreateevent, emailuser
	Diff   string // unified, against the page as it stands
}

// Reason is why a write was refused at the gate.
type Reason string

const (
	Stopped    Reason = "stopped" // Stop page of the bot
	TaskStop   Reason = "task-stopped"
	TrialOver  Reason = "trial-over"
	Excluded   Reason = "excluded"   // {{bots}}, category, opt-out, block…
	Unfit      Reason = "unfit"      // no wikitext page: nobody says no, but another channel must serve
	Deferred   Reason = "deferred"   // {{in use}}: later
	Unreadable Reason = "unreadable" // a stop page or the config could not be read: closed
)

// Refused is a write that the gate did not let through.
type Refused struct {
	Reason Reason
	Page   string // the page that says no
	Detail string
	Err    error // what went wrong, with Unreadable; may be nil
}

func (r *Refused) Error() string { return fmt.Sprintf("%s by %s: %s", r.Reason, r.Page, r.Detail) }

// Unwrap gives what could not be read.
func (r *Refused) Unwrap() error { return r.Err }

// Edit writes one edit. Errors: *Refused, and those of wiki.Writer.Post.
func (g *Gate) Edit(ctx context.Context, e Edit) (Receipt, error) {
	if err := e.check(); err != nil {
		return Receipt{}, err
	}
	return g.pass(ctx, write{Edit: e, action: "edit"})
}

// check refuses edits that would overwrite what nobody has read.
func (e Edit) check() error {
	adds := e.Append || e.Section == "new"
	if e.BaseRev == 0 && !e.CreateOnly && !adds {
		return fmt.Errorf("editing %s: an edit that replaces text needs the revision it was made from, or CreateOnly", e.Title)
	}
	return write{Edit: e, action: "edit"}.check()
}

// check refuses what could not be asked for or found again.
func (w write) check() error {
	switch {
	case noTitle(w.Title):
		return fmt.Errorf("%s: that is no page title", w.describe())
	case strings.ContainsAny(w.ID, " \t\n"):
		return fmt.Errorf("%s: the delivery id %q has a space in it", w.describe(), w.ID)
	case w.Series != "" && w.ID == "":
		return fmt.Errorf("%s: a step of a series needs an id, or a retry would be another step", w.describe())
	}
	return nil
}

// Echo is one notification by action=echocreateevent.
type Echo struct {
	Task, Kind, User      string
	Header, Content, Page string
	Section               string // alert | notice
}

// Echo sends one notification: at most once, it cannot be asked back.
func (g *Gate) Echo(ctx context.Context, e Echo) (Receipt, error) {
	return g.pass(ctx, write{action: "echocreateevent",
		Edit: Edit{Task: e.Task, Kind: e.Kind, User: e.User, Title: e.Page, Heading: e.Header, Text: e.Content},
		send: wiki.Params{"action": "echocreateevent", "user": e.User, "header": e.Header,
			"content": e.Content, "page": e.Page, "section": e.Section}})
}

// Mail is one e-mail by action=emailuser.
type Mail struct{ Task, Kind, User, Subject, Text string }

// Mail sends one e-mail: at most once.
func (g *Gate) Mail(ctx context.Context, m Mail) (Receipt, error) {
	return g.pass(ctx, write{action: "emailuser",
		Edit: Edit{Task: m.Task, Kind: m.Kind, User: m.User, Heading: m.Subject, Text: m.Text},
		send: wiki.Params{"action": "emailuser", "target": m.User, "subject": m.Subject, "text": m.Text}})
}

// Check asks stop and trial only, for commands and the status page: nil when a write by task would pass.
func (g *Gate) Check(ctx context.Context, task string) error {
	w := write{Edit: Edit{Task: task}}
	s, err := g.look(ctx, w)
	if err != nil {
		return err
	}
	if err := s.stopped(); err != nil {
		return err
	}
	return g.trialOver(s, w)
}

// TrialUsed is how many edits of the trial are spent.
func (g *Gate) TrialUsed() (int, error) {
	b, err := g.book.read()
	return b.Used, err
}
