package wikiconfig

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/invopop/jsonschema"
)

// noes lays everything on a preferences page that says no over the tree of what
// else was read from it.
//
// What says no: the value false of any switch; none where none is a choice;
// every entry of an object under the key mute. It counts however it is written:
// as "off", with a misspelt key, as one text in place of a list. A no that
// cannot be placed (a mute list for nothing that is known, a switch that is
// neither yes nor no) switches off the section that it stands in: the user
// then hears too little, never too much.
type noes struct {
	root map[string]any
}

const (
	switchKey = "enabled"
	muteKey   = "mute"
)

// page obeys the head of a page and every section in it.
func (n *noes) page(v *value, node *jsonschema.Schema) {
	for _, m := range v.members {
		_, known := node.Properties.Get(m.key)
		switch {
		case !known && bareWord(m.key) == muteKey:
			n.muteEverywhere(m.value, node)
		case !known && bareWord(m.key) == "notices": // the name of config.json for the same thing
			n.member(member{switchKey, switchOf(m.value)}, node, nil)
		default:
			n.member(m, node, nil)
		}
	}
}

// switchOf is the switch of an object, or the value that stands in place of one.
func switchOf(v *value) *value {
	if v.kind != isObject {
		return v
	}
	for _, m := range v.members {
		if bareWord(m.key) == switchKey && says(m.value) != yes {
			return m.value
		}
	}
	return &value{kind: isBool, yes: true}
}

// muteEverywhere obeys a mute that stands beside the sections, in each of them.
func (n *noes) muteEverywhere(v *value, node *jsonschema.Schema) {
	placed := false
	for p := node.Properties.Oldest(); p != nil; p = p.Next() {
		if _, ok := propertyOf(p.Value, muteKey); ok {
			n.member(member{muteKey, v}, p.Value, []string{p.Key})
			placed = true
		}
	}
	if !placed && hasContent(v) {
		n.set(nil, switchKey, false)
	}
}

// object obeys every member of an object at a path.
func (n *noes) object(v *value, node *jsonschema.Schema, path []string) {
	for _, m := range v.members {
		n.member(m, node, path)
	}
}

func (n *noes) member(m member, node *jsonschema.Schema, path []string) {
	sub, known := propertyOf(node, m.key)
	key := m.key
	if !known {
		key = Nearest(m.key, keysOf(node))
		if sub, known = propertyOf(node, key); !known {
			n.unknown(m, path)
			return
		}
	}
	below := append(slices.Clone(path), key)
	switch {
	case key == muteKey && sub.Type == "object":
		n.mute(m.value, sub, path)
	case sub.Type == "object" && m.value.kind == isObject:
		n.object(m.value, sub, below)
	case sub.Type == "object":
		n.insteadOfObject(m.value, sub, below)
	case key == switchKey && says(m.value) != yes, sub.Type == "boolean" && says(m.value) == no:
		n.set(path, key, false)
	case slices.Contains(enumOf(sub), "none") && says(m.value) == no:
		n.set(path, key, "none")
	}
}

// insteadOfObject obeys "usage": false, and "follow": "none".
func (n *noes) insteadOfObject(v *value, node *jsonschema.Schema, path []string) {
	if _, has := propertyOf(node, switchKey); has {
		if says(v) != yes {
			n.set(path, switchKey, false)
		}
		return
	}
	if says(v) != no {
		return
	}
	for p := node.Properties.Oldest(); p != nil; p = p.Next() {
		n.member(member{p.Key, &value{kind: isBool}}, node, path)
	}
}

// unknown obeys a no beneath a key that means nothing. Beside the sections it
// may belong to a task that does not run here, so only a word like optout
// counts for the whole page.
func (n *noes) unknown(m member, path []string) {
	if slices.Contains(wordsOfNo, bareWord(m.key)) && says(m.value) != no && hasContent(m.value) {
		n.set(section(path), switchKey, false)
		return
	}
	if len(path) > 0 && m.value.switchedOff() {
		n.set(section(path), switchKey, false)
	}
}

var wordsOfNo = []string{"mute", "muted", "muteall", "optout", "optedout", "disabled", "nobots", "stop", "stopped", "unsubscribe", "unsubscribed"}

// section is the path of the section that a path lies in.
func section(path []string) []string { return path[:min(1, len(path))] }

// switchedOff tells whether a switch anywhere within is not on.
func (v *value) switchedOff() bool {
	return slices.ContainsFunc(v.members, func(m member) bool {
		return bareWord(m.key) == switchKey && says(m.value) != yes || m.value.switchedOff()
	}) || slices.ContainsFunc(v.items, (*value).switchedOff)
}

// mute obeys the object mute of the section at a path.
func (n *noes) mute(v *value, node *jsonschema.Schema, path []string) {
	if v.kind != isObject {
		if hasContent(v) {
			n.set(section(path), switchKey, false)
		}
		return
	}
	for _, m := range v.members {
		key := m.key
		if _, known := propertyOf(node, key); !known {
			key = Nearest(m.key, keysOf(node))
		}
		sub, known := propertyOf(node, key)
		if !known || !n.muteList(m.value, sub, append(slices.Clone(path), muteKey), key) {
			if hasContent(m.value) {
				n.set(section(path), switchKey, false)
			}
		}
	}
}

// muteList adds what is muted to a list. ok is false when some of it could not be.
func (n *noes) muteList(v *value, node *jsonschema.Schema, path []string, key string) (ok bool) {
	if node.Type != "array" || node.Items == nil || node.Items.Type != "string" && node.Items.Type != "integer" {
		n.set(path, key, v.plain())
		return matches(v, node.Type)
	}
	held, _ := lookUp(n.root, append(slices.Clone(path), key)).([]any)
	list := entriesOf(held, node.Items)
	have := map[any]bool{}
	for _, entry := range list {
		have[entry] = true
	}
	for _, entry := range entriesOf([]any{v.plain()}, node.Items) {
		if !have[entry] {
			list = append(list, entry)
		}
		have[entry] = true
	}
	n.set(path, key, list)
	return v.count <= maxList && uint64(len(list)) <= *node.MaxItems
}

// entriesOf gathers the scalars anywhere within a value that can be entries of
// a list: what stands in an object or in a list within the list is meant too.
func entriesOf(v any, node *jsonschema.Schema) []any {
	list := []any{}
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			list = append(list, entriesOf(item, node)...)
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			list = append(list, entriesOf(v[key], node)...)
		}
	case string:
		return entriesOfText(v, node)
	case int64:
		if node.Type == "string" {
			return []any{strconv.FormatInt(v, 10)}
		}
		return []any{v}
	}
	return list
}

// entriesOfText takes a text for one entry, or for several on lines of their own.
func entriesOfText(s string, node *jsonschema.Schema) []any {
	list := []any{}
	for line := range strings.Lines(s) {
		line = strings.TrimSpace(line)
		if n, err := strconv.ParseInt(line, 10, 64); err == nil && node.Type == "integer" {
			list = append(list, n)
		} else if line != "" && node.Type == "string" {
			list = append(list, line)
		}
	}
	return list
}

// set puts a value into the tree; whatever is no object on the way gives way.
func (n *noes) set(path []string, key string, v any) {
	at := n.root
	for _, step := range path {
		sub, ok := at[step].(map[string]any)
		if !ok {
			sub = map[string]any{}
			at[step] = sub
		}
		at = sub
	}
	at[key] = v
}

// propertyOf is property for keys that are named in the schema.
func propertyOf(node *jsonschema.Schema, key string) (*jsonschema.Schema, bool) {
	if node.Properties == nil {
		return nil, false
	}
	return node.Properties.Get(key)
}

// hasContent holds for what may mute something: not for null, false, 0, and
// empty texts, lists and objects.
func hasContent(v *value) bool {
	return v.count > 0 || v.kind == isBool && v.yes || v.kind == isText && strings.TrimSpace(v.text) != "" ||
		v.kind == isNumber && v.number != any(int64(0))
}

// matches tells whether a value is of a JSON Schema type.
func matches(v *value, typeName string) bool {
	switch v.kind {
	case isBool:
		return typeName == "boolean"
	case isNumber:
		return typeName == "integer" || typeName == "number"
	case isText:
		return typeName == "string"
	case isList:
		return typeName == "array"
	}
	return false
}

// answer is what a value says where yes or no is asked.
type answer int

const (
	unclear answer = iota
	yes
	no
)

// says reads a value as yes or no, also where it was written as a text or number.
func says(v *value) answer {
	switch v.kind {
	case isBool:
		if v.yes {
			return yes
		}
		return no
	case isNumber:
		if v.number == any(int64(0)) {
			return no
		}
		return yes
	case isText:
		return word(v.text)
	}
	return unclear
}

func word(s string) answer {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "false", "no", "none", "off", "never", "0", "disabled", "mute", "nein", "aus", "non", "否":
		return no
	case "true", "yes", "on", "1", "enabled", "ja", "an", "oui", "是":
		return yes
	}
	return unclear
}
