package flow

import (
	"strings"

	"github.com/grafana/sobek/ast"
)

// splitURL takes an address apart as new URL does.
func splitURL(s string) (scheme, host, path, query, fragment string, ok bool) {
	s, fragment, _ = strings.Cut(s, "#")
	s, query, _ = strings.Cut(s, "?")
	scheme, rest, found := strings.Cut(s, "//")
	if !found {
		return "https:", "en.wikipedia.org", s, query, fragment, strings.HasPrefix(s, "/")
	}
	host, path, _ = strings.Cut(rest, "/")
	if scheme == "" {
		scheme = "https:"
	}
	return scheme, host, "/" + path, query, fragment, true
}

// urlProperty reads a part of a URL object.
func (e *engine) urlProperty(a Atom, name string, n ast.Node) Value {
	part := func(f func(scheme, host, path, query, fragment string) string) Value {
		a.Kind = Data
		return e.apply("", func(x []any) (any, bool) {
			s, ok := x[0].(string)
			scheme, host, path, query, fragment, ok2 := splitURL(s)
			return f(scheme, host, path, query, fragment), ok && ok2
		}, of(a))
	}
	switch name {
	case "searchParams":
		return of(Atom{Kind: Params, Node: n})
	case "href":
		a.Kind = Data
		return of(a)
	case "pathname", "path":
		return part(func(_, _, path, _, _ string) string { return path })
	case "host", "hostname":
		return part(func(_, host, _, _, _ string) string { return host })
	case "origin":
		return part(func(scheme, host, _, _, _ string) string { return scheme + "//" + host })
	case "protocol":
		return part(func(scheme, _, _, _, _ string) string { return scheme })
	case "search":
		return part(func(_, _, _, query, _ string) string { return withMark("?", query) })
	case "hash":
		return part(func(_, _, _, _, fragment string) string { return withMark("#", fragment) })
	}
	return Value{}
}

func withMark(mark, s string) string {
	if s == "" {
		return ""
	}
	return mark + s
}

// mutateURL carries out url.search = ” and the like.
func (e *engine) mutateURL(object ast.Expression, a Atom, name string, val Value) {
	change := func(f func(scheme, host, path, query, with string) string) {
		data := a
		data.Kind = Data
		if !val.Known() {
			val = constant(Hole)
		}
		changed := e.apply("", func(x []any) (any, bool) {
			s, ok := x[0].(string)
			with, ok2 := text(x[1])
			scheme, host, path, query, _, ok3 := splitURL(s)
			return f(scheme, host, path, query, with), ok && ok2 && ok3
		}, of(data), val)
		for i := range changed.atoms {
			changed.atoms[i].Kind, changed.atoms[i].Node = URLObject, a.Node
		}
		e.bind(object, changed, nil)
	}
	switch name {
	case "search", "query":
		change(func(scheme, host, path, _, with string) string {
			return scheme + "//" + host + path + withMark("?", strings.TrimPrefix(with, "?"))
		})
	case "pathname", "path":
		change(func(scheme, host, _, query, with string) string {
			return scheme + "//" + host + with + withMark("?", query)
		})
	case "host", "hostname":
		change(func(scheme, _, path, query, with string) string {
			return scheme + "//" + with + path + withMark("?", query)
		})
	case "href":
		for i := range val.atoms {
			if val.atoms[i].Kind == Data {
				next := val.atoms[i]
				next.Kind = URLObject
				e.bind(object, of(next), nil)
			}
		}
	}
}

// paramsMethod is url.searchParams.delete('utm_source').
func (e *engine) paramsMethod(c *callSite) {
	object, _, ok := member(c.object)
	if !ok || c.name != "delete" {
		return
	}
	for _, key := range c.arg(0).Texts() {
		if !strings.HasPrefix(key, "utm_") {
			continue
		}
		if a, ok := e.valueOf(object).First(URLObject); ok {
			e.mutateURL(object, a, "search", constant(""))
		}
		return
	}
}

// madeURL is new URL(u) of an address.
func (e *engine) madeURL(val Value, n ast.Node) Value {
	var out Value
	for _, a := range val.atoms {
		if a.Kind == Data && a.Vec.Samples != nil && a.Vec.Address() || a.Kind == URLObject {
			a.Kind = URLObject
			a.Node = n
			out = out.join(of(a))
		}
	}
	return out
}
