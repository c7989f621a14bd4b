package flow

import (
	"strings"

	"github.com/grafana/sobek/ast"
)

// globalCall is a call of a known global.
func (e *engine) globalCall(c *callSite) (Value, bool) {
	name := strings.TrimPrefix(c.path, "window.")
	if f, ok := coders[name]; ok {
		return e.coded(c, f), true
	}
	if f, ok := globals[name]; ok {
		return f(e, c), true
	}
	return e.numberCall(c, name)
}

// coded is what an encoder or decoder makes of text.
func (e *engine) coded(c *callSite, f func(string) string) Value {
	return e.apply(c.path, func(x []any) (any, bool) {
		if missing(x[0]) {
			return x[0], true
		}
		s, ok := text(x[0])
		return f(s), ok
	}, e.textualOrNothing(c.arg(0)))
}

// textualOrNothing is a value as text, a URL object as its address.
func (e *engine) textualOrNothing(v Value) Value {
	if len(v.atoms) == 0 {
		return v
	}
	return e.textual(v)
}

// globals are functions of libraries and of the language.
var globals = map[string]func(e *engine, c *callSite) Value{
	"$":                          (*engine).jquery,
	"$.each":                     (*engine).eachOf,
	"$.map":                      (*engine).mapOf,
	"$.grep":                     func(e *engine, c *callSite) Value { return c.arg(0) },
	"$.makeArray":                firstArgument,
	"$.when":                     firstArgument,
	"$.trim":                     firstArgument,
	"$.extend":                   firstArgument,
	"Object.assign":              firstArgument,
	"Object.freeze":              firstArgument,
	"Promise.resolve":            firstArgument,
	"$.get":                      (*engine).asked,
	"$.getJSON":                  (*engine).asked,
	"$.post":                     (*engine).asked,
	"$.ajax":                     (*engine).asked,
	"Array.from":                 (*engine).arrayFrom,
	"Array.prototype.slice.call": firstArgument,
	"Array.prototype.forEach.call": func(e *engine, c *callSite) Value {
		e.callback(c.arg(1), Value{}, e.elementOf(c.arg(0)))
		return Value{}
	},
	"Array.prototype.map.call": func(e *engine, c *callSite) Value {
		return of(e.array(c.node, e.callback(c.arg(1), Value{}, e.elementOf(c.arg(0)))))
	},
	"Object.values":         func(e *engine, c *callSite) Value { return of(e.array(c.node, e.elementOf(c.arg(0)))) },
	"Object.entries":        pairs,
	"Object.keys":           func(e *engine, c *callSite) Value { return of(e.array(c.node, e.keysOf(c.arg(0)))) },
	"Image":                 func(e *engine, c *callSite) Value { return e.fresh(c, "img") },
	"URL":                   func(e *engine, c *callSite) Value { return e.madeURL(c.arg(0), c.node) },
	"mw.Uri":                func(e *engine, c *callSite) Value { return e.madeURL(c.arg(0), c.node) },
	"Set":                   keyedBy,
	"Map":                   keyedBy,
	"RegExp":                (*engine).madeRegexp,
	"mw.util.parseImageUrl": (*engine).parsed,
	"mw.util.adjustThumbWidthForSteps": func(e *engine, c *callSite) Value {
		return of(Atom{Kind: Width, Marks: Stepped, Node: c.node})
	},
	"md5":                             hashed0,
	"SparkMD5.hash":                   hashed0,
	"CryptoJS.MD5":                    hashed0,
	"document.querySelector":          func(e *engine, c *callSite) Value { v, _ := e.domCall(c); return v },
	"document.querySelectorAll":       func(e *engine, c *callSite) Value { v, _ := e.domCall(c); return v },
	"document.getElementById":         func(e *engine, c *callSite) Value { v, _ := e.domCall(c); return v },
	"document.createElement":          func(e *engine, c *callSite) Value { v, _ := e.domCall(c); return v },
	"document.getElementsByTagName":   func(e *engine, c *callSite) Value { v, _ := e.domCall(c); return v },
	"document.getElementsByClassName": func(e *engine, c *callSite) Value { v, _ := e.domCall(c); return v },
}

func firstArgument(_ *engine, c *callSite) Value { return c.arg(0) }

// keyedBy is a new Map or Set.
func keyedBy(e *engine, c *callSite) Value {
	return of(Atom{Kind: Keyed, Node: c.node, Thing: e.thing(c.node, true)})
}

// hashed0 is the hexadecimal hash of a name.
func hashed0(_ *engine, c *callSite) Value { return of(Atom{Kind: Hash, Node: c.node}) }

func (e *engine) fresh(c *callSite, tag string) Value {
	return of(Atom{Kind: Element, Marks: Fresh, Name: tag, Node: c.node, Thing: e.thing(c.node, false)})
}

// asked is a request whose answer is not known but by the names in it.
func (e *engine) asked(c *callSite) Value {
	for _, a := range c.args {
		e.callback(a, Value{}, Value{})
	}
	return Value{}
}

func (e *engine) arrayFrom(c *callSite) Value {
	elem := e.elementOf(c.arg(0))
	if len(c.args) > 1 {
		return of(e.array(c.node, e.callback(c.arg(1), Value{}, elem)))
	}
	if c.arg(0).Is(Selection) {
		return c.arg(0)
	}
	return of(e.array(c.node, elem))
}

// eachOf is $.each(list, function (i, element) {}).
func (e *engine) eachOf(c *callSite) Value {
	elem := e.elementOf(c.arg(0))
	e.callback(c.arg(1), elem, e.keysOf(c.arg(0)), elem)
	return c.arg(0)
}

// mapOf is $.map(list, function (element, i) {}).
func (e *engine) mapOf(c *callSite) Value {
	return of(e.array(c.node, e.callback(c.arg(1), Value{}, e.elementOf(c.arg(0)))))
}

func (e *engine) madeRegexp(c *callSite) Value {
	flags := single(c.arg(1))
	return e.apply("", func(x []any) (any, bool) {
		switch p := x[0].(type) {
		case *Regexp:
			return p, true
		case string:
			r := e.compiled(p, flags)
			return r, r != nil && !holed(p)
		}
		return nil, false
	}, c.arg(0))
}

// parsed is mw.util.parseImageUrl: it understands an address with parameters.
func (e *engine) parsed(c *callSite) Value {
	a := Atom{Kind: Parsed, Node: c.node}
	if u, ok := c.arg(0).Whole(); ok {
		a.Vec, a.Form = u.Vec, u.Form
	} else if u, ok := c.arg(0).Stripped(); ok {
		a.Vec, a.Form = u.Vec, u.Form
	}
	return of(a)
}

// pairs is Object.entries: an array of keys with their values.
func pairs(e *engine, c *callSite) Value {
	call, ok := c.node.(*ast.CallExpression)
	if !ok {
		return Value{}
	}
	pair := e.array(call.Callee, Value{})
	e.setField(pair.Thing, "0", e.keysOf(c.arg(0)))
	e.setField(pair.Thing, "1", e.elementOf(c.arg(0)))
	return of(e.array(c.node, of(pair)))
}
