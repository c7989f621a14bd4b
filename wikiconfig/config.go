package wikiconfig

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"time"
)

// Config is config.json: everything a community may decide.
type Config struct {
	Mode           string        `json:"mode" jsonschema:"title=Mode,enum=dry-run,enum=trial,enum=live" jsonschema_description:"dry-run writes nothing, trial writes until trialEdits is spent, live writes. The more cautious of this and the operator's own setting counts."`
	TrialEdits     int           `json:"trialEdits" jsonschema:"title=Edits of a trial,minimum=0,maximum=1000" jsonschema_description:"How many edits outside its own pages the bot may make in a trial."`
	EditsPerMinute int           `json:"editsPerMinute" jsonschema:"title=Edits per minute,minimum=1,maximum=600" jsonschema_description:"The most edits that the bot makes in a minute."`
	Language       string        `json:"language" jsonschema:"title=Language,minLength=2,maxLength=30,pattern=^[a-z]+(-[a-z0-9]+)*$" jsonschema_description:"The language code of what the bot writes where a user has chosen none."`
	SameUsers      string        `json:"sameUsers" jsonschema:"title=Equal names are one person,enum=sitematrix,enum=all,enum=none" jsonschema_description:"On which other wikis an equal user name means the same person: those of the same sitematrix, all, or none."`
	Notices        NoticesConfig `json:"notices" jsonschema:"title=Notices"`

	book *Book
	text []byte                     // canonical: every key, sorted
	raw  map[string]json.RawMessage // by task; never changed once made
}

// NoticesConfig is the community's part of who is told, how and how often.
type NoticesConfig struct {
	OptIn   bool     `json:"optIn" jsonschema:"title=Only subscribers" jsonschema_description:"true: only users who subscribed are told. false: every uploader of a file in the scanned sets is."`
	Channel string   `json:"channel" jsonschema:"title=Channel,enum=talk,enum=mention,enum=echo,enum=email,enum=none" jsonschema_description:"How users are told who have chosen nothing else."`
	Window  string   `json:"window" jsonschema:"title=Window,enum=now,enum=4h,enum=daily,enum=weekly" jsonschema_description:"How long news is gathered into one message, for users who have chosen nothing else."`
	PerDay  int      `json:"perDay" jsonschema:"title=Notices per user and day,minimum=0,maximum=100" jsonschema_description:"The most messages that one user gets in one day (UTC); what is over waits."`
	Groups  []string `json:"groups" jsonschema:"title=User groups" jsonschema_description:"Only members of one of these groups are told; empty: everybody."`
}

// Common are the keys that every task's section of the config has.
type Common struct {
	Enabled bool     `json:"enabled" jsonschema:"title=Switched on" jsonschema_description:"Whether this task runs at all."`
	Every   Duration `json:"every" jsonschema:"title=Interval" jsonschema_description:"How often the task runs, such as 4h or 90m."`
}

// languagePattern is the pattern of the language keys; tags cannot name a constant.
const languagePattern = `^[a-z]+(-[a-z0-9]+)*$`

func defaultConfig() Config {
	return Config{
		Mode: "trial", TrialEdits: 20, EditsPerMinute: 6, Language: "en", SameUsers: "sitematrix",
		Notices: NoticesConfig{OptIn: true, Channel: "talk", Window: "4h", PerDay: 3},
	}
}

func defaultCommon() Common { return Common{Enabled: true, Every: Duration(4 * time.Hour)} }

// Common returns the common keys of a task's section; of a task that was never
// registered the zero value, which is switched off.
func (c *Config) Common(task string) Common {
	var common Common
	if c != nil && c.raw[task] != nil {
		mustDecode(c.raw[task], &common)
	}
	return common
}

// JSON is the config in use as canonical JSON, every default written out.
func (c *Config) JSON() []byte { return bytes.Clone(c.text) }

// SectionOf returns a task's own section of the config, defaults merged in; T
// is the type that was registered, or a pointer to it. It panics on another T.
// Without such a section it is the zero T.
func SectionOf[T any](c *Config, task string) T {
	var section T
	if c == nil || c.raw[task] == nil {
		return section
	}
	c.book.mustBe(task, c.book.sections[task].Config, reflect.TypeFor[T]())
	mustDecode(c.raw[task], &section)
	return section
}

// mustBe panics when a section is asked for as another type than registered: a
// mistake in the program that must not pass as an empty setting.
func (b *Book) mustBe(task string, registered any, asked reflect.Type) {
	want := reflect.TypeOf(registered)
	if want == nil || asked == want || asked == want.Elem() {
		return
	}
	panic(fmt.Sprintf("wikiconfig: the section of %s is a %v, asked for as %v", task, want.Elem(), asked))
}

// mustDecode decodes JSON that the schema has already found right.
func mustDecode(text []byte, into any) {
	if err := json.Unmarshal(text, into); err != nil {
		panic(fmt.Sprintf("wikiconfig: validated JSON does not fit %T: %v", into, err))
	}
}

// configOf makes a Config of a merged and validated tree.
func (b *Book) configOf(tree map[string]any) *Config {
	return b.decodeConfig(canonical(tree))
}

// decodeConfig makes a Config of its canonical text, sharing nothing that a
// caller could change.
func (b *Book) decodeConfig(text []byte) *Config {
	c := &Config{book: b, text: text}
	mustDecode(text, c)
	var sections struct{ Tasks map[string]json.RawMessage }
	mustDecode(text, &sections)
	c.raw = sections.Tasks
	return c
}
