package flow

import (
	"strings"

	"github.com/grafana/sobek/ast"
)

// roots are the global names below which a script asks libraries.
var roots = map[string]string{
	"$": "$", "jQuery": "$", "mw": "mw", "mediaWiki": "mw", "document": "document", "window": "window",
	"location": "location", "Array": "Array", "Object": "Object", "URL": "URL", "Image": "Image", "String": "String",
	"RegExp": "RegExp", "JSON": "JSON", "localStorage": "localStorage", "sessionStorage": "sessionStorage",
	"encodeURIComponent": "encodeURIComponent", "encodeURI": "encodeURI", "escape": "escape",
	"decodeURIComponent": "decodeURIComponent", "decodeURI": "decodeURI", "unescape": "unescape",
	"fetch": "fetch", "Promise": "Promise", "devicePixelRatio": "devicePixelRatio", "self": "window", "globalThis": "window",
	"md5": "md5", "hex_md5": "md5", "MD5": "md5", "calcMD5": "md5", "SparkMD5": "SparkMD5", "CryptoJS": "CryptoJS",
	"XMLHttpRequest": "XMLHttpRequest", "open": "open", "Set": "Set", "Map": "Map", "WeakMap": "Map", "URLSearchParams": "URLSearchParams",
	"Number": "Number", "parseInt": "parseInt", "parseFloat": "parseFloat", "Math": "Math", "hexmd5": "md5",
}

// wellKnown is what a name means that the script does not declare, or a
// parameter of which no call is known.
func wellKnown(name string) Value {
	root, ok := roots[name]
	if !ok {
		return Value{}
	}
	if root == "devicePixelRatio" {
		return of(Atom{Kind: Ratio})
	}
	return of(Atom{Kind: Builtin, Name: root})
}

// builtinProperty is a name below a known global.
func builtinProperty(owner, name string) Value {
	switch {
	case owner == "window":
		return wellKnown(name)
	case owner == "document" && name == "images":
		return of(Atom{Kind: Selection})
	case name == "" || len(owner) > 60:
		return Value{}
	}
	return of(Atom{Kind: Builtin, Name: owner + "." + name})
}

// elementProperty reads a property of an element.
func (e *engine) elementProperty(a Atom, name string, n ast.Node) Value {
	if a.Thing != nil {
		if v, ok := e.field(a.Thing, name); ok {
			return v
		}
	}
	switch name {
	case "parentNode", "parentElement", "dataset", "nextElementSibling", "previousElementSibling":
		return Value{}
	case "naturalWidth", "width", "clientWidth", "offsetWidth":
		return of(Atom{Kind: Width, Name: name, Node: n})
	}
	if a.Kind == OtherNode || a.Has(Fresh) {
		return Value{}
	}
	if a.Has(LinkTo) {
		return e.linkProperty(name, n)
	}
	switch name {
	case "src":
		return e.shown(AnyForm, 0, n)
	case "currentSrc":
		return e.shown(AnyForm, Current, n)
	case "srcset":
		return e.srcset(n)
	case "poster":
		return e.shown(Thumb, 0, n)
	case "content":
		return e.shown(Thumb, Current, n)
	}
	return Value{}
}

// linkProperty reads a property of a link to an original.
func (e *engine) linkProperty(name string, n ast.Node) Value {
	href := Atom{Kind: Data, Form: Original, Marks: Displayed | Current, Node: n, Vec: e.base(Original, "https:", "index")}
	if name == "href" {
		return of(href)
	}
	href.Kind = URLObject
	return e.urlProperty(href, name, n)
}

// attribute reads an attribute by name: as a property, but as it is written.
func (e *engine) attribute(a Atom, name string, n ast.Node) Value {
	switch name {
	case "data-src", "data-srcset", "data-lazy-src", "data-original":
		name = strings.TrimPrefix(strings.TrimPrefix(name, "data-"), "lazy-")
		if name == "original" {
			name = "src"
		}
	}
	var v Value
	for _, got := range e.elementProperty(a, name, n).atoms {
		if got.Kind == Data && got.Has(Displayed) && !got.Has(Srcset) {
			got.Vec = e.base(got.Form, written, "parser")
		}
		v = v.join(of(got))
	}
	return v
}

// parsedProperty reads what mw.util.parseImageUrl gave.
func (e *engine) parsedProperty(a Atom, name string, n ast.Node) Value {
	switch name {
	case "name":
		if a.Vec == nil {
			return Value{}
		}
		return of(Atom{Kind: Data, Vec: e.names(), Node: n})
	case "width":
		return of(Atom{Kind: Width, Name: name, Node: n})
	case "resizeUrl":
		a.Kind = Resizer
		return of(a)
	}
	return Value{}
}

// names is the Vec of the files' names, the same each time.
func (e *engine) names() *Vec {
	if e.named == nil {
		e.named = &Vec{Samples: e.samples, vals: make([]any, e.samples.len())}
		e.samples.each(func(i int, s Sample, _ int, _ Variant) { e.named.vals[i] = s.Name })
	}
	return e.named
}

// domCalls are functions of the document and of elements, by name; this is
// what they are called on.
func (e *engine) domCall(c *callSite) (Value, bool) {
	switch c.name {
	case "querySelector", "querySelectorAll", "closest":
		return e.selected(c, single(c.arg(0))), true
	case "getElementsByTagName":
		return e.selected(c, single(c.arg(0))), true
	case "getElementById":
		return e.selected(c, "#"+single(c.arg(0))), true
	case "getElementsByClassName":
		return e.selected(c, "."+single(c.arg(0))), true
	case "createElement", "createElementNS":
		tag := single(c.arg(len(c.args) - 1))
		kind := OtherNode
		if mediaTag.MatchString(tag) {
			kind = Element
		}
		return of(Atom{Kind: kind, Marks: Fresh, Name: strings.ToLower(tag), Node: c.node, Thing: e.thing(c.node, false)}), true
	case "getAttribute":
		if info, ok := c.this.First(Info); ok {
			return e.answerProperty(info, single(c.arg(0)), c.node), true
		}
		return e.each(c.this, Element, func(a Atom) Value { return e.attribute(a, single(c.arg(0)), c.node) }, func() Value {
			return e.guess(c.object, c.this, single(c.arg(0)), c.node)
		}), true
	case "setAttribute":
		for _, a := range c.this.atoms {
			if name := single(c.arg(0)); a.Thing != nil && name != "" {
				e.setField(a.Thing, name, c.arg(1))
			}
		}
		return Value{}, true
	case "cloneNode":
		return c.this, true
	case "addEventListener":
		e.handler(c, c.arg(len(c.args)-1), c.this)
		e.handler(c, c.arg(1), c.this)
		return Value{}, true
	}
	return Value{}, false
}

// each joins what f gives for the atoms of a kind; without any, otherwise.
func (e *engine) each(v Value, kind Kind, f func(Atom) Value, otherwise func() Value) Value {
	var out Value
	for _, a := range v.atoms {
		if a.Kind == kind {
			out = out.join(f(a))
		}
	}
	if !out.Known() && otherwise != nil && !v.Known() {
		return otherwise()
	}
	return out
}

// selected is what a selector finds: one element or several.
func (e *engine) selected(c *callSite, s string) Value {
	if isSelectorFor(c.name) && s == "" {
		return Value{}
	}
	if s == "ii" { // imageinfo of the API's XML
		return of(Atom{Kind: Infos, Node: c.node})
	}
	a, ok := e.selector(s)
	if !ok {
		if c.name == "querySelector" || c.name == "closest" {
			return of(Atom{Kind: OtherNode})
		}
		return Value{}
	}
	a.Node = c.node
	if c.name == "querySelector" || c.name == "closest" || c.name == "getElementById" {
		a.Kind = Element
	}
	return of(a)
}

func isSelectorFor(name string) bool { return strings.HasPrefix(name, "query") || name == "closest" }

// handler tells a function that it is called with an event on an element.
func (e *engine) handler(c *callSite, f, this Value) {
	var target Value
	for _, a := range this.atoms {
		if a.Kind == Element || a.Kind == Selection {
			a.Kind = Element
			target = target.join(of(a))
		}
	}
	event := e.thing(c.node, false)
	if target.Known() {
		e.setField(event, "target", target)
		e.setField(event, "currentTarget", target)
	}
	e.callback(f, target, of(Atom{Kind: Object, Thing: event, Node: c.node}))
}
