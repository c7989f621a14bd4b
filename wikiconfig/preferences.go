package wikiconfig

import (
	"encoding/json"
	"reflect"
)

// Preferences is a user's Filewarden.json: what they want.
type Preferences struct {
	Enabled  bool   `json:"enabled" jsonschema:"title=Notices" jsonschema_description:"false stops everything that the bot would write to you."`
	Channel  string `json:"channel,omitempty" jsonschema:"title=Channel,enum=talk,enum=mention,enum=echo,enum=email,enum=none" jsonschema_description:"How you are told; without it as the wiki has decided."`
	Window   string `json:"window,omitempty" jsonschema:"title=Window,enum=now,enum=4h,enum=daily,enum=weekly" jsonschema_description:"How long news is gathered into one message; without it as the wiki has decided."`
	Language string `json:"language,omitempty" jsonschema:"title=Language,minLength=2,maxLength=30,pattern=^[a-z]+(-[a-z0-9]+)*$" jsonschema_description:"The language code of your messages; without it the wiki's."`

	Exists   bool      `json:"-"` // the user has such a page
	Muted    bool      `json:"-"` // the page cannot be read to its end, so it counts as a no to everything
	Problems []Problem `json:"-"` // what is wrong on the page

	book *Book
	raw  map[string]json.RawMessage // by task; never changed once made
}

// CommonPreferences are the keys that every task's section of the preferences has.
type CommonPreferences struct {
	Enabled bool   `json:"enabled" jsonschema:"title=Notices of this task" jsonschema_description:"false stops the notices of this task."`
	Channel string `json:"channel,omitempty" jsonschema:"title=Channel,enum=talk,enum=mention,enum=echo,enum=email,enum=none" jsonschema_description:"How you are told by this task, where it differs from the rest."`
	Window  string `json:"window,omitempty" jsonschema:"title=Window,enum=now,enum=4h,enum=daily,enum=weekly" jsonschema_description:"How long news of this task is gathered, where it differs from the rest."`
}

// For returns a task's switch, channel and window, the task's section winning
// over the page's head. An empty channel or window is the wiki's own choice;
// what [Panel.Preferences] returns has that filled in. Nothing is enabled for a
// muted user.
func (p *Preferences) For(task string) (enabled bool, channel, window string) {
	own := CommonPreferences{Enabled: true}
	if p.raw[task] != nil {
		mustDecode(p.raw[task], &own)
	}
	enabled = p.Enabled && own.Enabled && !p.Muted
	return enabled, first(own.Channel, p.Channel), first(own.Window, p.Window)
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// PreferencesOf returns a task's own section of a user's preferences, defaults
// merged in; T is the type that was registered, or a pointer to it. It panics
// on another T. Without such a section it is the zero T.
func PreferencesOf[T any](p *Preferences, task string) T {
	var section T
	if p == nil || p.raw[task] == nil {
		return section
	}
	p.book.mustBe(task, p.book.sections[task].Preferences, reflect.TypeFor[T]())
	mustDecode(p.raw[task], &section)
	return section
}

// ParsePreferences never returns nil. Values that are wrong are ignored, the
// default stands in their place; but everything that says no is obeyed,
// however broken the page, and a page that cannot be read to its end mutes its
// user. Of a page that is no JSON nothing but what says no counts.
func (b *Book) ParsePreferences(text string) (*Preferences, []Problem) {
	d := readDocument(text, maxList)
	tree := map[string]any{}
	if !d.broken {
		tree = d.tree()
	}
	problems := b.preferences.check(d)
	muted := d.lost || !d.isObject()
	if !muted {
		n := noes{root: tree}
		n.page(d.root, b.preferences.node)
		tree = n.root
	}
	muted = !b.preferences.prune(tree) || muted
	p := b.preferencesOf(b.preferences.effective(tree))
	p.Exists, p.Muted, p.Problems = true, muted, problems
	return p, problems
}

// preferencesOf makes Preferences of a merged and validated tree.
func (b *Book) preferencesOf(tree map[string]any) *Preferences {
	p := &Preferences{book: b, raw: map[string]json.RawMessage{}}
	mustDecode(canonical(tree), p)
	for name := range b.sections {
		p.raw[name] = canonical(tree[name])
	}
	return p
}
