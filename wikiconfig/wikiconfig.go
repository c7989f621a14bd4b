// Package wikiconfig reads, validates and remembers the JSON pages by which a wiki steers the bot.
package wikiconfig

import (
	"context"
	"time"
)

// Page is one revision of a config page as its reader found it.
type Page struct {
	Title   string
	Missing bool
	RevID   int64
	User    string
	Time    time.Time
	Model   string // content model; only "json" is trusted
	Text    string
}

// Reader reads the current revision of pages in one request, keyed by the titles asked for.
type Reader interface {
	Pages(ctx context.Context, titles []string) (map[string]Page, error)
}

// Keeper remembers the last good copy of a page over restarts.
type Keeper interface {
	Load(name string) (value []byte, ok bool, err error)
	Save(name string, value []byte) error
}

// Section is what one task adds to the config and to the preferences: pointers to structs that hold the defaults, or nil.
type Section struct {
	Name        string
	Config      any
	Preferences any
}

// Duration is a Go duration in JSON, such as "4h" or "48h".
type Duration time.Duration

// Config is config.json: everything a community may decide.
type Config struct {
	Mode           string        `json:"mode"` // dry-run | trial | live
	TrialEdits     int           `json:"trialEdits"`
	EditsPerMinute int           `json:"editsPerMinute"`
	Language       string        `json:"language"`
	SameUsers      string        `json:"sameUsers"` // sitematrix | all | none
	Notices        NoticesConfig `json:"notices"`
	tasks          map[string]any
}

// NoticesConfig is the community's part of who is told, how and how often.
type NoticesConfig struct {
	OptIn   bool     `json:"optIn"`
	Channel string   `json:"channel"` // talk | mention | echo | email | none
	Window  string   `json:"window"`  // now | 4h | daily | weekly
	PerDay  int      `json:"perDay"`
	Groups  []string `json:"groups"`
}

// Common are the keys that every task's section of the config has.
type Common struct {
	Enabled bool     `json:"enabled"`
	Every   Duration `json:"every"`
}

// Common returns the common keys of a task's section.
func (c *Config) Common(task string) Common { panic("stub") }

// SectionOf returns a task's own section of the config, defaults merged in; T is the type that was registered.
func SectionOf[T any](c *Config, task string) T { panic("stub") }

// Preferences is a user's Filewarden.json: what they want.
type Preferences struct {
	Enabled  bool   `json:"enabled"`
	Channel  string `json:"channel"`
	Window   string `json:"window"`
	Language string `json:"language"`
	Exists   bool   `json:"-"` // the user has such a page
	Muted    bool   `json:"-"` // the page says no, or cannot be read so its no may not be ignored
	tasks    map[string]any
}

// For returns a task's switch, channel and window, the task's section winning over the page's head.
func (p *Preferences) For(task string) (enabled bool, channel, window string) { panic("stub") }

// PreferencesOf returns a task's own section of a user's preferences, defaults merged in.
func PreferencesOf[T any](p *Preferences, task string) T { panic("stub") }

// OptOut is optout.json: never to write to.
type OptOut struct {
	Users []string `json:"users"`
	Pages []string `json:"pages"`
}

// Problem is one thing wrong on a page.
type Problem struct {
	Pointer string // JSON pointer, "/tasks/usage/every"
	Value   string // as on the page, shortened
	Allowed string // what would be right
	Message string // one English sentence
	Warning bool   // unknown key, understood otherwise: does not refuse the page
}

// Book is the schema composed of the framework's keys and every task's section.
type Book struct{}

// NewBook composes it. Errors: two sections of one name, a section that is no struct.
func NewBook(sections ...Section) (*Book, error) { panic("stub") }

// Schema is the JSON Schema (2020-12) of config.json and of preferences, as published on schema.json.
func (b *Book) Schema() ([]byte, error) { panic("stub") }

// Defaults is a config.json with every default written out.
func (b *Book) Defaults() ([]byte, error) { panic("stub") }

// ParseConfig merges defaults and validates; config is nil when a problem is no warning.
func (b *Book) ParseConfig(text string) (*Config, []Problem) { panic("stub") }

// ParsePreferences never returns nil: of a broken page every no is obeyed.
func (b *Book) ParsePreferences(text string) (*Preferences, []Problem) { panic("stub") }

// ParseOptOut obeys every no it can find in a page, however broken.
func ParseOptOut(text string) (OptOut, []Problem) { panic("stub") }

// State is what the panel found on the wiki at its last poll.
type State struct {
	Config     *Config // last good one
	ConfigRev  int64   // revision in use; 0: the defaults
	BadRev     int64   // newer revision that was refused; 0: none
	BadUser    string
	Problems   []Problem // of the newest revision, warnings too
	OptOut     OptOut
	OptOutBad  []Problem
	PolledAt   time.Time
	PollFailed error // the last poll could not read the wiki
}

// Panel keeps the config of one wiki: polled in one request, last good copy kept.
type Panel struct{}

// NewPanel for the pages beneath prefix ("User:<account>/").
func NewPanel(b *Book, r Reader, k Keeper, prefix string, now func() time.Time) (*Panel, error) {
	panic("stub")
}

// Poll reads config.json and optout.json in one request. changed is true when another config is in use than before.
func (p *Panel) Poll(ctx context.Context) (changed bool, err error) { panic("stub") }

// State at the last poll; Config is never nil after a first successful Poll, or when a last good copy was kept.
func (p *Panel) State() State { panic("stub") }

// Preferences reads the pages of users now, by title, in one request for each 50.
func (p *Panel) Preferences(ctx context.Context, users ...string) (map[string]*Preferences, error) {
	panic("stub")
}
