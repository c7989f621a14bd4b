package flow

import (
	"math"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// textMethod is a method of strings, carried out on one string.
type textMethod func(s string, args []any) (any, bool)

// textMethods are those that scripts use on addresses. Strings are counted in
// bytes, as sample addresses are ASCII.
var textMethods = map[string]textMethod{
	"split":             split,
	"slice":             func(s string, a []any) (any, bool) { return span(s, a, true, false) },
	"substring":         func(s string, a []any) (any, bool) { return span(s, a, false, false) },
	"substr":            func(s string, a []any) (any, bool) { return span(s, a, true, true) },
	"indexOf":           func(s string, a []any) (any, bool) { return search(s, a, strings.Index) },
	"lastIndexOf":       func(s string, a []any) (any, bool) { return search(s, a, strings.LastIndex) },
	"includes":          func(s string, a []any) (any, bool) { return has(s, a, strings.Contains) },
	"startsWith":        func(s string, a []any) (any, bool) { return has(s, a, strings.HasPrefix) },
	"endsWith":          func(s string, a []any) (any, bool) { return has(s, a, strings.HasSuffix) },
	"toLowerCase":       plain(strings.ToLower),
	"toUpperCase":       plain(strings.ToUpper),
	"toLocaleLowerCase": plain(strings.ToLower),
	"toLocaleUpperCase": plain(strings.ToUpper),
	"trim":              plain(strings.TrimSpace),
	"toString":          plain(func(s string) string { return s }),
	"valueOf":           plain(func(s string) string { return s }),
	"normalize":         plain(func(s string) string { return s }),
	"charAt":            charAt,
	"at":                charAt,
	"match":             match,
	"search":            searchRegexp,
	"replace":           func(s string, a []any) (any, bool) { return replace(s, a, false) },
	"replaceAll":        func(s string, a []any) (any, bool) { return replace(s, a, true) },
	"concat":            concat,
}

func plain(f func(string) string) textMethod {
	return func(s string, _ []any) (any, bool) { return f(s), true }
}

func split(s string, a []any) (any, bool) {
	if len(a) == 0 {
		return List{s}, true
	}
	var parts List
	switch by := a[0].(type) {
	case string:
		for _, p := range strings.SplitN(s, by, maxList) {
			parts = append(parts, p)
		}
	case *Regexp:
		parts = by.split(s)
	default:
		return nil, false
	}
	if len(a) > 1 {
		if limit, ok := a[1].(float64); ok && limit >= 0 && int(limit) < len(parts) {
			parts = parts[:int(limit)]
		}
	}
	return parts, true
}

// integer reads an argument that may be missing.
func integer(a []any, i, missing int) (int, bool) {
	if i >= len(a) {
		return missing, true
	}
	switch n := a[i].(type) {
	case float64:
		if math.IsNaN(n) {
			return 0, true
		}
		return int(max(-1e9, min(1e9, n))), true
	case Undefined:
		return missing, true
	case string:
		f, err := strconv.ParseFloat(n, 64)
		return int(f), err == nil
	}
	return 0, false
}

// span is slice, substring and substr: fromEnd counts negative places from the
// end, length says that the second argument is one.
func span(s string, a []any, fromEnd, length bool) (any, bool) {
	from, ok := integer(a, 0, 0)
	to, ok2 := integer(a, 1, len(s))
	if !ok || !ok2 {
		return nil, false
	}
	from = place(from, len(s), fromEnd)
	switch {
	case length && len(a) > 1:
		to = min(len(s), from+max(0, to))
	case length:
		to = len(s)
	default:
		to = place(to, len(s), fromEnd)
	}
	if from > to {
		if fromEnd {
			return "", true
		}
		from, to = to, from
	}
	return s[from:to], true
}

func place(at, length int, fromEnd bool) int {
	if at < 0 && fromEnd {
		at += length
	}
	return max(0, min(length, at))
}

func search(s string, a []any, find func(s, what string) int) (any, bool) {
	if len(a) == 0 {
		return nil, false
	}
	what, ok := a[0].(string)
	from := 0
	if ok && len(a) > 1 {
		from, ok = integer(a, 1, 0)
		if from < 0 || from > len(s) {
			return float64(-1), ok
		}
	}
	at := find(s[from:], what)
	if at >= 0 {
		at += from
	}
	return float64(at), ok
}

func has(s string, a []any, test func(s, what string) bool) (any, bool) {
	if len(a) != 1 {
		return nil, false
	}
	what, ok := a[0].(string)
	return ok && test(s, what), ok
}

func charAt(s string, a []any) (any, bool) {
	at, ok := integer(a, 0, 0)
	if at < 0 {
		at += len(s)
	}
	if at < 0 || at >= len(s) {
		return "", ok
	}
	return s[at : at+1], ok
}

func match(s string, a []any) (any, bool) {
	re := regexpOf(a)
	if re == nil {
		return nil, false
	}
	if re.global() {
		return re.matches(s), true
	}
	return re.match(s), true
}

func regexpOf(a []any) *Regexp {
	if len(a) == 0 {
		return nil
	}
	switch a := a[0].(type) {
	case *Regexp:
		return a
	case string:
		return compile(a, "")
	}
	return nil
}

func searchRegexp(s string, a []any) (any, bool) {
	re := regexpOf(a)
	if re == nil {
		return nil, false
	}
	at := re.re.FindStringIndex(s)
	if at == nil {
		return float64(-1), true
	}
	return float64(at[0]), true
}

func replace(s string, a []any, all bool) (any, bool) {
	if len(a) < 2 {
		return nil, false
	}
	with, ok := text(a[1])
	if !ok {
		return nil, false
	}
	switch what := a[0].(type) {
	case *Regexp:
		return what.replace(s, with, what.global()), true
	case string:
		if all {
			return strings.ReplaceAll(s, what, with), true
		}
		return strings.Replace(s, what, with, 1), true
	}
	return nil, false
}

func concat(s string, a []any) (any, bool) {
	for _, x := range a {
		t, ok := text(x)
		if !ok {
			return nil, false
		}
		s += t
	}
	return s, true
}

// text is what a value becomes when it is joined to a string.
func text(x any) (string, bool) {
	switch x := x.(type) {
	case string:
		return x, true
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64), true
	case bool:
		return strconv.FormatBool(x), true
	case Null:
		return "null", true
	case Undefined:
		return "undefined", true
	case List:
		return join(x, ",")
	}
	return "", false
}

func join(list List, by string) (string, bool) {
	parts := make([]string, len(list))
	for i, e := range list {
		switch e.(type) {
		case Null, Undefined:
			continue
		}
		t, ok := text(e)
		if !ok {
			return "", false
		}
		parts[i] = t
	}
	return strings.Join(parts, by), true
}

// coders are the global functions that encode and decode text.
var coders = map[string]func(string) string{
	"encodeURIComponent":   encode,
	"escape":               encode,
	"$.escapeRE":           regexp.QuoteMeta,
	"mw.RegExp.escape":     regexp.QuoteMeta,
	"mw.util.escapeRegExp": regexp.QuoteMeta,
	"$.escapeSelector":     func(s string) string { return s },
	"encodeURI":            func(s string) string { return s },
	"decodeURIComponent":   decode,
	"decodeURI":            decode,
	"unescape":             decode,
	"String":               func(s string) string { return s },
}

func encode(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(url.QueryEscape(s), "+", "%20"), "%EF%BF%BC", Hole)
}

func decode(s string) string {
	if t, err := url.PathUnescape(s); err == nil {
		return t
	}
	return s
}
