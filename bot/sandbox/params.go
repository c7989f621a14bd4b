package sandbox

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A module declares its parameters one per line:
//
//	name[*] [kind | {value value …}] [!] [= default]
//
// where * takes several values and ! makes it required. Kinds are text (the
// default), flag, int, limit, time, ns and user.
type param struct {
	name     string
	multi    bool
	kind     string
	enum     []string
	required bool
	preset   string
	most     int // for kind limit, the limit without apihighlimits
}

func parseParams(spec string) []param {
	var out []param
	for line := range strings.Lines(spec) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, parseParam(line))
		}
	}
	return out
}

func parseParam(line string) param {
	p := param{kind: "text", most: 500}
	line, p.preset, _ = strings.Cut(line, " = ")
	if open := strings.Index(line, "{"); open >= 0 {
		p.kind, p.enum = "enum", strings.Fields(strings.Trim(line[open:], "{} "))
		line = line[:open]
	}
	fields := strings.Fields(line)
	p.name, p.multi = strings.CutSuffix(fields[0], "*")
	for _, f := range fields[1:] {
		switch {
		case f == "!":
			p.required = true
		case f == "=": // nothing behind it: empty is the default
		case strings.HasPrefix(f, "limit"):
			p.kind = "limit"
			if n, err := strconv.Atoi(strings.TrimPrefix(f, "limit")); err == nil {
				p.most = n
			}
		default:
			p.kind = f
		}
	}
	if p.kind == "limit" && p.preset == "" {
		p.preset = "10"
	}
	return p
}

// args are a module's parameters, checked.
type args struct {
	text  map[string]string
	lists map[string][]string
	nums  map[string]int
	times map[string]time.Time
	given map[string]bool
}

func (a args) str(name string) string     { return a.text[name] }
func (a args) has(name string) bool       { return a.given[name] }
func (a args) flag(name string) bool      { return a.given[name] }
func (a args) list(name string) []string  { return a.lists[name] }
func (a args) num(name string) int        { return a.nums[name] }
func (a args) at(name string) time.Time   { return a.times[name] }
func (a args) in(name, value string) bool { return slices.Contains(a.lists[name], value) }

// read checks the parameters of a module in this request. It notes warnings
// and returns the first error, as ApiBase::extractRequestParams does.
func (c *call) read(m *module, prefix string) (args, error) {
	a := args{map[string]string{}, map[string][]string{}, map[string]int{}, map[string]time.Time{}, map[string]bool{}}
	for _, p := range m.params {
		full := prefix + p.name
		c.used[full] = true
		raw, given := c.value(full)
		if given && p.kind != "flag" && raw == "" && p.kind != "text" && !p.multi {
			given = p.kind == "enum" // an empty number or time is not there; an empty word is a wrong one
		}
		a.given[p.name] = given
		if !given {
			if p.required {
				return a, missingParam(full)
			}
			raw = p.preset
			if raw == "" {
				continue
			}
		} else if p.required && raw == "" {
			return a, missingParam(full)
		}
		if err := c.check(&a, m, p, full, raw); err != nil {
			return a, err
		}
	}
	return a, nil
}

func (c *call) check(a *args, m *module, p param, full, raw string) error {
	if p.multi {
		return c.checkList(a, m, p, full, raw)
	}
	a.text[p.name] = raw
	switch p.kind {
	case "enum":
		if !slices.Contains(p.enum, raw) {
			return badValue(full, raw)
		}
	case "int":
		n, err := strconv.Atoi(raw)
		if err != nil {
			return fail("badinteger", "Invalid value %q for integer parameter %q.", raw, full)
		}
		a.nums[p.name] = n
	case "limit":
		return c.checkLimit(a, m, p, full, raw)
	case "time":
		t, err := parseTime(raw, c.now)
		if err != nil {
			return fail("badtimestamp", "Invalid value %q for timestamp parameter %q.", raw, full)
		}
		a.times[p.name] = t
	case "ns":
		n, err := strconv.Atoi(raw)
		if err != nil || !c.w.namespaces.exists(n) {
			return badValue(full, raw)
		}
		a.nums[p.name] = n
	case "user":
		if !isIP(raw) && !c.w.validUser(canonicalUser(raw)) {
			return fail("baduser", "Invalid value %q for user parameter %q.", raw, full)
		}
		a.text[p.name] = canonicalUser(raw)
	}
	return nil
}

// checkList splits a value at "|", or at U+001F where it begins with one, and
// drops with a warning what is not allowed.
func (c *call) checkList(a *args, m *module, p param, full, raw string) error {
	values := splitValues(raw)
	most := 50
	if c.can("apihighlimits") {
		most = 500
	}
	if p.kind != "enum" && len(values) > most {
		return fail("toomanyvalues", "Too many values supplied for parameter %q. The limit is %d.", full, most).
			with(M{"parameter": full, "limit": most, "lowlimit": 50, "highlimit": 500})
	}
	if len(values) == 1 && values[0] == "*" && p.kind == "ns" {
		a.lists[p.name] = c.w.namespaceNumbers()
		return nil
	}
	if len(values) == 1 && values[0] == "*" && p.kind == "enum" {
		a.lists[p.name] = p.enum
		return nil
	}
	var good, bad []string
	for _, v := range values {
		if p.kind == "user" {
			v = canonicalUser(v)
		}
		if c.allowed(p, v) && !slices.Contains(good, v) {
			good = append(good, v)
		} else if !c.allowed(p, v) {
			bad = append(bad, v)
		}
	}
	if len(bad) > 0 {
		word := "value"
		if len(bad) > 1 {
			word = "values"
		}
		c.warn(m.path, "unrecognizedvalues", fmt.Sprintf("Unrecognized %s for parameter %q: %s", word, full, strings.Join(bad, ", ")),
			M{"parameter": full, "values": bad})
	}
	a.lists[p.name] = good
	return nil
}

func (c *call) allowed(p param, v string) bool {
	switch p.kind {
	case "enum":
		return slices.Contains(p.enum, v)
	case "ns":
		n, err := strconv.Atoi(v)
		return err == nil && n >= 0 && c.w.namespaces.exists(n)
	}
	return true
}

func splitValues(raw string) []string {
	switch {
	case raw == "":
		return nil
	case strings.HasPrefix(raw, "\x1f"):
		return strings.Split(raw[1:], "\x1f")
	}
	return strings.Split(raw, "|")
}

func (c *call) checkLimit(a *args, m *module, p param, full, raw string) error {
	most := p.most
	if c.can("apihighlimits") {
		most *= 10
	}
	if raw == "max" {
		a.nums[p.name] = most
		c.limits[m.name] = most
		return nil
	}
	n, err := strconv.Atoi(raw)
	if err != nil {
		return fail("badinteger", "Invalid value %q for integer parameter %q.", raw, full)
	}
	if n < 1 || n > most {
		c.warn(m.path, "integeroutofrange", fmt.Sprintf("The value \"%s\" for parameter %q must be between 1 and %s.", raw, full, thousands(most)), nil)
		n = min(max(n, 1), most)
	}
	a.nums[p.name] = n
	return nil
}

func thousands(n int) string {
	s := strconv.Itoa(n)
	if len(s) > 3 {
		return s[:len(s)-3] + "," + s[len(s)-3:]
	}
	return s
}

// parseTime reads the forms of MWTimestamp that clients send.
func parseTime(s string, now time.Time) (time.Time, error) {
	if s == "now" {
		return now, nil
	}
	for _, layout := range []string{time.RFC3339, "20060102150405", "2006-01-02T15:04:05", "2006-01-02 15:04:05"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), nil
		}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || len(s) > 13 {
		return time.Time{}, fmt.Errorf("not a time: %q", s)
	}
	return time.Unix(n, 0).UTC(), nil
}

func isoTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }
func mwTime(t time.Time) string  { return t.UTC().Format("20060102150405") }

func (w *Wiki) namespaceNumbers() []string {
	var out []string
	for _, id := range w.namespaces.ids() {
		if id >= 0 {
			out = append(out, strconv.Itoa(id))
		}
	}
	return out
}
