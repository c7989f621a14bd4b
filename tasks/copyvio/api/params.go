package api

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// kind of a parameter's value, by MediaWiki's names (API:Paraminfo).
type kind string

const (
	text    kind = "string"
	user    kind = "user"
	integer kind = "integer"
	limit   kind = "limit"
	flag    kind = "boolean" // there or not there
	choice  kind = "enum"
	hash    kind = "sha1"
)

// param is one parameter of a module.
type param struct {
	name     string // without the module's prefix
	kind     kind
	multi    bool // several values, split at "|"
	required bool
	preset   string   // when it is not given
	values   []string // of a choice
	most     int      // of a limit
	token    bool     // comes in the body only
	about    string
}

// Bounds of one request.
const (
	mostValues  = 50      // of one parameter
	mostParams  = 100     // names
	mostQuery   = 8 << 10 // bytes of the query string
	mostBody    = 64 << 10
	longestEcho = 200 // bytes of foreign text in an answer
)

// args are the parameters of a module, checked.
type args struct {
	given map[string]bool
	texts map[string]string
	lists map[string][]string
	nums  map[string]int
}

func (a args) has(name string) bool         { return a.given[name] }
func (a args) text(name string) string      { return a.texts[name] }
func (a args) list(name string) []string    { return a.lists[name] }
func (a args) num(name string) int          { return a.nums[name] }
func (a args) holds(name, item string) bool { return slices.Contains(a.lists[name], item) }

// read checks the parameters of a module. What is not one of them is told at
// the end of the call; see [call.warnUnused].
func (c *call) read(m *module) (args, error) {
	a := args{map[string]bool{}, map[string]string{}, map[string][]string{}, map[string]int{}}
	for _, p := range m.params {
		name := m.prefix + p.name
		c.used[name] = true
		raw, given := c.values[name]
		if raw == "" && (p.kind == integer || p.kind == limit || p.kind == hash || p.kind == user) {
			given = false // an empty number is not there
		}
		if a.given[p.name] = given; p.kind == flag {
			continue
		}
		if p.required && (!given || raw == "") {
			return a, missing(name)
		}
		if !given {
			raw = p.preset
		}
		if raw == "" && p.kind != choice || !given && p.preset == "" {
			continue
		}
		if err := c.check(&a, m, p, raw); err != nil {
			return a, err
		}
	}
	return a, nil
}

func (c *call) check(a *args, m *module, p param, raw string) error {
	name := m.prefix + p.name
	if p.multi {
		return c.checkList(a, m, p, raw)
	}
	switch p.kind {
	case choice:
		if !slices.Contains(p.values, raw) {
			return unrecognized(name, raw)
		}
	case integer:
		n, err := strconv.Atoi(raw)
		if err != nil {
			return fail("badinteger", "Invalid value %q for integer parameter %q.", clip(raw), name)
		}
		a.nums[p.name] = n
	case limit:
		return c.checkLimit(a, m, p, raw)
	case user:
		raw = canonicalUser(raw)
		if raw == "" || strings.ContainsAny(raw, "#<>[]|{}\n") || len(raw) > 255 {
			return fail("baduser", "Invalid value %q for user parameter %q.", clip(raw), name)
		}
	case hash:
		raw = strings.ToLower(raw)
		if len(raw) != 40 || strings.Trim(raw, "0123456789abcdef") != "" {
			return fail("invalidsha1hash", "The SHA-1 hash provided is not valid.")
		}
	}
	a.texts[p.name] = raw
	return nil
}

// checkList splits a value at "|", or at U+001F where it begins with one, and
// drops with a warning what is not allowed.
func (c *call) checkList(a *args, m *module, p param, raw string) error {
	name, values := m.prefix+p.name, split(raw)
	if len(values) > mostValues {
		return fail("toomanyvalues", "Too many values supplied for parameter %q. The limit is %d.", name, mostValues).
			with(object{"parameter": name, "limit": mostValues, "lowlimit": mostValues, "highlimit": mostValues})
	}
	if p.kind == choice && len(values) == 1 && values[0] == "*" {
		values = p.values
	}
	var bad []string
	for _, v := range values {
		switch {
		case p.kind == choice && !slices.Contains(p.values, v):
			bad = append(bad, clip(v))
		case !slices.Contains(a.lists[p.name], v):
			a.lists[p.name] = append(a.lists[p.name], v)
		}
	}
	if len(bad) > 0 {
		c.warn(m.path, "unrecognizedvalues", fmt.Sprintf("Unrecognized %s for parameter %q: %s",
			plural(len(bad), "value", "values"), name, strings.Join(bad, ", ")), object{"parameter": name, "values": bad})
	}
	return nil
}

func (c *call) checkLimit(a *args, m *module, p param, raw string) error {
	if raw == "max" {
		a.nums[p.name] = p.most
		c.limits[m.name] = p.most
		return nil
	}
	n, err := strconv.Atoi(raw)
	if err != nil {
		return fail("badinteger", "Invalid value %q for integer parameter %q.", clip(raw), m.prefix+p.name)
	}
	if n < 1 || n > p.most {
		c.warn(m.path, "integeroutofrange", fmt.Sprintf("The value %q for parameter %q must be between 1 and %d.",
			raw, m.prefix+p.name, p.most), nil)
		n = min(max(n, 1), p.most)
	}
	a.nums[p.name] = n
	return nil
}

func split(raw string) []string {
	if raw == "" {
		return nil
	}
	if rest, ok := strings.CutPrefix(raw, "\x1f"); ok {
		return strings.Split(rest, "\x1f")
	}
	return strings.Split(raw, "|")
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// clip shortens foreign text for a message, at a character's edge.
func clip(text string) string {
	if len(text) <= longestEcho {
		return text
	}
	return strings.ToValidUTF8(text[:longestEcho], "") + "…"
}

// canonicalUser is a user name with spaces; whether the first letter is small
// does not matter to whoever compares it.
func canonicalUser(name string) string {
	return strings.Join(strings.FieldsFunc(name, func(r rune) bool { return r == '_' || r == ' ' }), " ")
}
