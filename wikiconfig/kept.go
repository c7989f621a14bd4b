package wikiconfig

import (
	"encoding/json"
	"fmt"
	"strings"
)

// kept is a good revision of a page as the Keeper remembers it. The page's own
// keys are kept, not the merged result, so a newer program's defaults apply.
// Keys may be added here, never change their meaning: older copies are read.
type kept struct {
	RevID int64           `json:"revid"`
	Page  json.RawMessage `json:"page"`
}

// load reads a kept copy. ok is false when there is none, or none that can be
// read: a damaged copy is worth as much as no copy.
func load(k Keeper, name string) (c kept, ok bool, err error) {
	if k == nil {
		return c, false, nil
	}
	text, ok, err := k.Load(name)
	if err != nil {
		return c, false, fmt.Errorf("loading the last good copy of %s: %w", name, err)
	}
	if !ok || json.Unmarshal(text, &c) != nil || len(c.Page) == 0 {
		return kept{}, false, nil
	}
	return c, true, nil
}

// save keeps a copy.
func save(k Keeper, name string, c kept) error {
	if k == nil {
		return nil
	}
	if err := k.Save(name, canonical(c)); err != nil {
		return fmt.Errorf("keeping the last good copy of %s: %w", name, err)
	}
	return nil
}

// tidyJSON sorts the keys of a page and leaves its numbers as they are written.
func tidyJSON(text string) (json.RawMessage, error) {
	if strings.TrimSpace(text) == "" {
		return json.RawMessage("{}"), nil
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var whole any
	if err := d.Decode(&whole); err != nil {
		return nil, fmt.Errorf("tidying a page that was found right: %w", err)
	}
	return canonical(whole), nil
}

// salvage makes the config of a kept copy. After an upgrade its schema may
// refuse what was right before: then what is right still counts, and the
// problems are told.
func (b *Book) salvage(text string) (*Config, []Problem) {
	c, problems := b.ParseConfig(text)
	if c != nil {
		return c, problems
	}
	tree := readDocument(text, maxList).tree()
	b.config.prune(tree)
	return b.configOf(b.config.effective(tree)), problems
}

// paused is the config where no good one is known and the page is broken: the
// defaults with every task switched off, because the page may have said so.
func (b *Book) paused() *Config {
	tasks := map[string]any{}
	for _, name := range b.names {
		tasks[name] = map[string]any{switchKey: false}
	}
	return b.configOf(b.config.effective(map[string]any{"tasks": tasks}))
}
