package wikiconfig

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"
)

type kindOf int

const (
	isNull kindOf = iota
	isBool
	isNumber
	isText
	isList
	isObject
)

// value is one JSON value as it stands on a page, duplicate keys kept.
type value struct {
	kind    kindOf
	yes     bool     // of a bool
	number  any      // of a number: int64 or float64
	text    string   // of a text; of a number as it was written
	items   []*value // of a list, the first maxList
	members []member // of an object, the first maxList
	count   int      // of a list or object: how many there really are
}

type member struct {
	key   string
	value *value
}

// get returns the last member of that key, as JSON readers and MediaWiki do.
func (v *value) get(key string) *value {
	for i := len(v.members) - 1; i >= 0; i-- {
		if v.members[i].key == key {
			return v.members[i].value
		}
	}
	return nil
}

// at returns the value at a path, nil when there is none.
func (v *value) at(path []string) *value {
	for _, step := range path {
		if v == nil {
			return nil
		}
		if v.kind == isList {
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(v.items) {
				return nil
			}
			v = v.items[i]
			continue
		}
		v = v.get(step)
	}
	return v
}

// plain is the value in the shape of encoding/json, for merging and validating.
func (v *value) plain() any {
	switch v.kind {
	case isBool:
		return v.yes
	case isNumber:
		return v.number
	case isText:
		return v.text
	case isList:
		list := make([]any, 0, len(v.items))
		for _, item := range v.items {
			list = append(list, item.plain())
		}
		return list
	case isObject:
		object := make(map[string]any, len(v.members))
		for _, m := range v.members {
			object[m.key] = m.value.plain()
		}
		return object
	}
	return nil
}

// shown is the value as JSON on one line, cut to maxShown characters.
func (v *value) shown() string {
	switch {
	case v == nil:
		return ""
	case v.kind == isNumber:
		return shorten(v.text)
	case v.kind == isText: // cut first: the text may be as long as the page
		return shorten(jsonLine(cut(v.text, maxShown+1)))
	}
	return shorten(jsonLine(v.plain()))
}

func jsonLine(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return ""
	}
	return strings.TrimSpace(b.String())
}

// shorten cuts a text to maxShown characters, the last one then being an
// ellipsis. Characters that would turn the writing direction of what follows
// (Unicode Standard Annex 9) become visible.
func shorten(s string) string {
	s = strings.Map(func(r rune) rune {
		if r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 {
			return utf8.RuneError
		}
		return r
	}, cut(s, maxShown+1))
	if utf8.RuneCountInString(s) <= maxShown {
		return s
	}
	return cut(s, maxShown-1) + "…"
}

// cut keeps the first n characters.
func cut(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// pointer writes a path as JSON pointer (RFC 6901); long keys are shortened.
func pointer(path []string) string {
	var b strings.Builder
	for _, step := range path {
		b.WriteByte('/')
		b.WriteString(strings.NewReplacer("~", "~0", "/", "~1").Replace(shorten(step)))
	}
	return b.String()
}

// canonical writes a tree with sorted keys, so equal settings are equal bytes.
func canonical(tree any) []byte {
	text, err := json.Marshal(tree)
	if err != nil {
		panic("wikiconfig: a tree of JSON values cannot be written: " + err.Error())
	}
	return text
}
