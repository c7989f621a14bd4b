// Package bot runs tasks on a wiki.
//
// A task is registered with what it has: config, preferences, commands,
// routes, words, kinds of notices, answers to requests. Open puts the bot
// together from these: one session with the home wiki, one gate that alone may
// write, one memory, one control panel of JSON pages. Then a pass of a task is
//
//	poll the panel → answer requests → run the task → deliver notices → tell Status
//
// and Schedule makes passes when they are due. Everything a pass needs comes
// to the task through its Env, so a task knows neither the other tasks nor the
// libraries underneath.
//
// The bot has two memories: one for dry runs, one for what really happened.
// A dry run so shows day after day what a live run would have done, and does
// not spoil the live one's knowledge of what people were told.
package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"filewarden/bot/gate"
	"filewarden/bot/notice"
	"filewarden/bot/wiki"
	"filewarden/storage"
	"filewarden/templates"
	"filewarden/wikiconfig"

	"github.com/rs/zerolog"
)

// Settings are the operator's: where the wiki is, who the bot is there, how far it may go.
type Settings struct {
	Wiki   wiki.Settings
	Hosts  []string  // other wikis that may be read
	Mode   gate.Mode // the more cautious of this and the wiki's counts
	Prefix string    // where wikitext pages stand; "": User:<account>/
	Log    zerolog.Logger
	// CountsAfter is how old Status must be to be published for new counts alone; 0: an hour.
	CountsAfter time.Duration

	Now   func() time.Time                           // nil: time.Now
	Sleep func(context.Context, time.Duration) error // nil: a timer that ends with the context
	// Tasks are what the operator decides for tasks, by name; see Registration.Operator.
	Tasks map[string]any
	// Foreign is the transport of Env.Fetch; nil: http.DefaultTransport.
	Foreign http.RoundTripper
	// OnPlanned is shown every write that a dry run holds back; may be nil.
	OnPlanned func(gate.Planned)
}

// Bot is the program put together, at work on one wiki.
type Bot struct {
	settings Settings
	tasks    []Registration
	store    storage.Store
	session  *wiki.Session
	farm     *wiki.Farm
	gate     *gate.Gate
	newGate  func(part string, policy func() (gate.Policy, error), onDry func(gate.Planned)) *gate.Gate
	panel    *wikiconfig.Panel
	words    *templates.Words
	book     *wikiconfig.Book
	tally    *Tally
	fetch    map[string]fetchFunc // by task: one pace for all its passes and requests
	started  time.Time

	rounds  sync.Mutex // one round at a time
	warned  int64      // revision of config.json that the operator was warned of; guarded by rounds
	running keyedMutex // one pass of a task at a time
	mu      sync.Mutex
	wards   map[string]*ward // by name of memory
}

// Open logs in, loads words and panel and returns a bot ready for its first
// round. The store stays the caller's to close.
func Open(ctx context.Context, s Settings, store storage.Store, tasks ...Registration) (*Bot, error) {
	s = s.withDefaults()
	if err := checkTasks(tasks); err != nil {
		return nil, err
	}
	session, writer, err := wiki.Open(ctx, s.Wiki)
	if err != nil {
		return nil, fmt.Errorf("opening the wiki at %s: %w", s.Wiki.API, err)
	}
	b := &Bot{
		settings: s, tasks: tasks, store: store, session: session,
		farm:  wiki.NewFarm(session, s.Hosts, s.Wiki),
		tally: newTally(), started: s.Now().UTC(), wards: map[string]*ward{},
	}
	b.fetch = fetchers(s, tasks)
	if err := b.furnish(writer); err != nil {
		return nil, err
	}
	return b, nil
}

// furnish builds what stands on the session: words, panel and gate.
func (b *Bot) furnish(writer *wiki.Writer) (err error) {
	if b.words, err = LoadWords(b.tasks...); err != nil {
		return err
	}
	if b.book, err = NewBook(b.tasks...); err != nil {
		return err
	}
	b.panel, err = wikiconfig.NewPanel(b.book, pageReader{b.session}, keeper{storage.Part(b.store, "panel")}, b.OwnPrefix(), b.settings.Now)
	if err != nil {
		return fmt.Errorf("loading the last good config: %w", err)
	}
	b.newGate = func(part string, policy func() (gate.Policy, error), onDry func(gate.Planned)) *gate.Gate {
		return gate.New(gate.Config{
			Writer: writer, Wiki: b.session, Store: storage.Part(b.store, part),
			Prefix: b.Prefix(), Policy: policy, Now: b.settings.Now, Sleep: b.settings.Sleep,
			Log: b.settings.Log, OnDry: onDry, OnEdit: b.onEdit,
		})
	}
	b.gate = b.newGate("gate", b.policy, b.settings.OnPlanned)
	return nil
}

// LoadWords loads the framework's words and those of every task.
func LoadWords(tasks ...Registration) (*templates.Words, error) {
	words, err := templates.Load(folders(tasks)...)
	if err != nil {
		return nil, fmt.Errorf("loading the words: %w", err)
	}
	return words, nil
}

// NewBook composes the schema of the config pages from what tasks registered.
func NewBook(tasks ...Registration) (*wikiconfig.Book, error) {
	sections := make([]wikiconfig.Section, len(tasks))
	for i, t := range tasks {
		sections[i] = wikiconfig.Section{Name: t.Task.Name(), Config: t.Config, Preferences: t.Preferences}
	}
	book, err := wikiconfig.NewBook(sections...)
	if err != nil {
		return nil, fmt.Errorf("composing the schema: %w", err)
	}
	return book, nil
}

// checkTasks refuses two tasks of one name, and names that would not fit a page title or a label.
func checkTasks(tasks []Registration) error {
	seen := map[string]bool{}
	for _, t := range tasks {
		name := t.Task.Name()
		if name == "" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz") != "" {
			return fmt.Errorf("task %q: a name is lower-case letters a to z", name)
		}
		if seen[name] {
			return fmt.Errorf("task %q is registered twice", name)
		}
		seen[name] = true
	}
	return nil
}

func (s Settings) withDefaults() Settings {
	if s.Mode == "" {
		s.Mode = gate.DryRun
	}
	if s.CountsAfter == 0 {
		s.CountsAfter = countsAfter
	}
	if s.Now == nil {
		s.Now = time.Now
	}
	if s.Sleep == nil {
		s.Sleep = wiki.Sleep
	}
	s.Wiki.Log = s.Log
	return s
}

// Account is the bot's name on the home wiki.
func (b *Bot) Account() string { return b.session.Account().Name }

// OwnPrefix is where MediaWiki protects the JSON pages: "User:<account>/".
func (b *Bot) OwnPrefix() string { return "User:" + b.Account() + "/" }

// Prefix is where the wikitext pages stand.
func (b *Bot) Prefix() string {
	if b.settings.Prefix != "" {
		return strings.TrimSuffix(b.settings.Prefix, "/") + "/"
	}
	return b.OwnPrefix()
}

// Wiki is the home wiki.
func (b *Bot) Wiki() *wiki.Session { return b.session }

// Gate is the only way to write.
func (b *Bot) Gate() *gate.Gate { return b.gate }

// Panel is the control panel of JSON pages.
func (b *Bot) Panel() *wikiconfig.Panel { return b.panel }

// Book is the schema in use.
func (b *Bot) Book() *wikiconfig.Book { return b.book }

// Words are all the words there are.
func (b *Bot) Words() *templates.Words { return b.words }

// Tasks are the registered tasks, in their order.
func (b *Bot) Tasks() []Registration { return b.tasks }

// Store is the whole memory, for backups.
func (b *Bot) Store() storage.Store { return b.store }

// Log is the operator's log.
func (b *Bot) Log() *zerolog.Logger { return &b.settings.Log }

// Tally counts what the bot did, for metrics.
func (b *Bot) Tally() *Tally { return b.tally }

// task finds a registration by name.
func (b *Bot) task(name string) (Registration, error) {
	var names []string
	for _, t := range b.tasks {
		if t.Task.Name() == name {
			return t, nil
		}
		names = append(names, t.Task.Name())
	}
	return Registration{}, fmt.Errorf("there is no task %q; there is %s", name, strings.Join(names, ", "))
}

// errNoConfig closes the gate until the wiki's own word has been read once.
var errNoConfig = errors.New("the config pages have not been read yet")

// errNoOptOut keeps the bot to its own pages while nobody knows who opted out.
var errNoOptOut = errors.New("the list of who opted out is broken and no earlier good copy is known; repair the page")

// policy is what the gate obeys: the wiki's pages as last read, and the operator's mode.
func (b *Bot) policy() (gate.Policy, error) {
	state := b.panel.State()
	if state.Config == nil {
		return gate.Policy{}, errors.Join(errNoConfig, state.PollFailed)
	}
	policy := gate.Policy{
		Mode:           MoreCautious(b.settings.Mode, gate.Mode(state.Config.Mode)),
		TrialEdits:     state.Config.TrialEdits,
		EditsPerMinute: state.Config.EditsPerMinute,
		StopLabel:      b.ownWords().PlainText("summary-stop"),
		TaskStopLabel:  b.ownWords().PlainText("summary-stop-task"),
		OptOutUsers:    state.OptOut.Users,
		OptOutPages:    state.OptOut.Pages,
	}
	if !state.OptOutKnown {
		policy.OptOutUnread = errNoOptOut
	}
	return policy, nil
}

// Mode is the one in force: the more cautious of the operator's and the wiki's.
func (b *Bot) Mode() gate.Mode {
	policy, err := b.policy()
	if err != nil { // the wiki's is not known yet, and the gate is closed
		return gate.DryRun
	}
	return policy.Mode
}

// MoreCautious is the mode of the two that writes less.
func MoreCautious(a, b gate.Mode) gate.Mode {
	for _, m := range []gate.Mode{gate.DryRun, gate.Trial} {
		if a == m || b == m {
			return m
		}
	}
	return gate.Live
}

// notices of every task.
func (b *Bot) kinds() []notice.Kind {
	var kinds []notice.Kind
	for _, t := range b.tasks {
		kinds = append(kinds, t.Kinds...)
	}
	return kinds
}

// operator is what the operator decides for a task: an empty struct where
// nobody said anything.
func (s Settings) operator(t Registration) any {
	if said, ok := s.Tasks[t.Task.Name()]; ok || t.Operator == nil {
		return said
	}
	return t.Operator()
}
