package wikiconfig

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"

	"github.com/invopop/jsonschema"
)

// Book is the schema composed of the framework's keys and every task's
// section. It never changes once made, so it may be shared.
type Book struct {
	sections    map[string]Section
	names       []string // in the order registered
	config      *form
	preferences *form
}

var sectionName = regexp.MustCompile(`^[a-z][a-z0-9]*$`)

// NewBook composes it. Errors: two sections of one name, a name that is no
// lower-case word, a section that is no pointer to a struct, defaults that
// their own schema refuses.
func NewBook(sections ...Section) (*Book, error) {
	b := &Book{sections: map[string]Section{}}
	for _, s := range sections {
		if err := b.add(s); err != nil {
			return nil, err
		}
	}
	var err error
	if b.config, err = b.composeConfig(); err != nil {
		return nil, fmt.Errorf("composing the schema of config.json: %w", err)
	}
	if b.preferences, err = b.composePreferences(); err != nil {
		return nil, fmt.Errorf("composing the schema of the preferences: %w", err)
	}
	return b, nil
}

func (b *Book) add(s Section) error {
	if !sectionName.MatchString(s.Name) {
		return fmt.Errorf("section %q: a name is one word of lower-case letters", s.Name)
	}
	if _, double := b.sections[s.Name]; double {
		return fmt.Errorf("section %s is registered twice", s.Name)
	}
	for what, v := range map[string]any{"config": s.Config, "preferences": s.Preferences} {
		t := reflect.TypeOf(v)
		if t != nil && (t.Kind() != reflect.Pointer || t.Elem().Kind() != reflect.Struct || reflect.ValueOf(v).IsNil()) {
			return fmt.Errorf("section %s: its %s is a %v, not a pointer to a struct", s.Name, what, t)
		}
	}
	b.sections[s.Name] = s
	b.names = append(b.names, s.Name)
	return nil
}

// composeConfig puts the sections beneath the key tasks.
func (b *Book) composeConfig() (*form, error) {
	head := defaultConfig()
	f := newForm(&head)
	f.node.Title, f.node.Description = "config.json", "What the wiki has decided about the bot. Every key may be left out."
	tasks := newForm(&struct{}{})
	tasks.node.Title = "Tasks"
	for _, name := range b.names {
		common := defaultCommon()
		section := newForm(&common)
		section.lay(b.sections[name].Config)
		section.node.Title = first(section.node.Title, name)
		tasks.put(name, section)
	}
	f.put("tasks", tasks)
	return f, f.compile("config")
}

// composePreferences puts the sections beside the head's own keys.
func (b *Book) composePreferences() (*form, error) {
	f := newForm(&Preferences{Enabled: true})
	f.node.Title, f.node.Description = "Filewarden.json", "What a user wants of the bot. Every key may be left out."
	for _, name := range b.names {
		if _, taken := f.node.Properties.Get(name); taken {
			return nil, fmt.Errorf("section %s has the name of a key that every page has", name)
		}
		section := newForm(&CommonPreferences{Enabled: true})
		section.lay(b.sections[name].Preferences)
		section.node.Title = first(section.node.Title, name)
		f.put(name, section)
	}
	return f, f.compile("preferences")
}

// Schema is the JSON Schema (2020-12) of config.json and of preferences, as
// published on schema.json: two roots, #/$defs/config and #/$defs/preferences.
func (b *Book) Schema() ([]byte, error) {
	whole := &jsonschema.Schema{
		Version:     jsonschema.Version,
		Title:       "The bot's pages",
		Description: "#/$defs/config describes config.json and #/$defs/preferences a user's Filewarden.json.",
		Definitions: jsonschema.Definitions{"config": b.config.node, "preferences": b.preferences.node},
	}
	text, err := json.MarshalIndent(whole, "", "\t")
	if err != nil {
		return nil, fmt.Errorf("writing the schema: %w", err)
	}
	return append(text, '\n'), nil
}

// Defaults is a config.json with every default written out.
func (b *Book) Defaults() ([]byte, error) {
	text, err := json.MarshalIndent(b.config.defaults, "", "\t")
	if err != nil {
		return nil, fmt.Errorf("writing the defaults: %w", err)
	}
	return append(text, '\n'), nil
}

// ParseConfig merges defaults and validates; config is nil when a problem is
// no warning.
func (b *Book) ParseConfig(text string) (*Config, []Problem) {
	d := readDocument(text, maxList)
	problems := b.config.check(d)
	if Refused(problems) {
		return nil, problems
	}
	return b.configOf(b.config.effective(d.tree())), problems
}
