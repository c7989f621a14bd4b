package flow

import (
	"regexp"
	"strings"
)

var tagInHTML = regexp.MustCompile(`^\s*<\s*(\w+)`)

// jquery is $(selector), $(element), $('<img>') and $(function).
func (e *engine) jquery(c *callSite) Value {
	if c.arg(0).Is(Function) {
		e.callback(c.arg(0), Value{}, of(Atom{Kind: Builtin, Name: "$"}))
		return Value{}
	}
	var out Value
	for _, a := range c.arg(0).atoms {
		switch a.Kind {
		case Element, Selection:
			a.Kind = Selection
			out = out.join(of(a))
		case Data:
			if s, ok := a.Vec.vals[0].(string); ok {
				out = out.join(e.selectedBy(c, s))
			}
		}
	}
	return out
}

func (e *engine) selectedBy(c *callSite, s string) Value {
	if m := tagInHTML.FindStringSubmatch(s); m != nil {
		tag := strings.ToLower(m[1])
		a := Atom{Kind: Selection, Marks: Fresh, Name: tag, Node: c.node, Thing: e.thing(c.node, false)}
		if !mediaTag.MatchString(tag) {
			a.Name = tag
			a.Kind = OtherNode
		}
		return of(a)
	}
	if a, ok := e.selector(s); ok {
		a.Node = c.node
		return of(a)
	}
	return Value{}
}

// jqueryCall is a method of a jQuery selection.
func (e *engine) jqueryCall(c *callSite) (Value, bool) {
	switch c.name {
	case "find", "children", "filter", "closest", "siblings", "next", "prev", "parents", "add", "has":
		if s := single(c.arg(0)); s != "" {
			if s == "ii" {
				return of(Atom{Kind: Infos, Node: c.node}), true
			}
			if a, ok := e.selector(s); ok {
				a.Kind, a.Node = Selection, c.node
				return of(a), true
			}
		}
		if c.name == "filter" || c.name == "add" || c.name == "has" {
			return c.this, true
		}
		return Value{}, true
	case "first", "last", "eq", "not", "clone", "toArray", "slice", "addClass", "removeClass", "css", "show", "hide",
		"appendTo", "prependTo", "insertAfter", "insertBefore", "fadeIn", "fadeOut", "wrap", "detach":
		return c.this, c.this.Is(Selection)
	case "get":
		if len(c.args) == 0 || !c.this.Is(Selection) {
			return c.this, c.this.Is(Selection) || len(c.args) == 0 && c.this.Is(Object)
		}
		return e.elementOf(c.this), true
	case "attr", "prop", "data":
		return e.attr(c), true
	case "each":
		elem := e.elementOf(c.this)
		e.callback(c.arg(0), elem, Value{}, elem)
		return c.this, true
	case "map":
		elem := e.elementOf(c.this)
		return of(e.array(c.node, e.callback(c.arg(0), elem, Value{}, elem))), true
	case "on", "one", "click", "hover", "mouseenter", "mouseover", "load", "bind", "delegate":
		e.handlers(c)
		return c.this, c.this.Known()
	}
	return Value{}, false
}

// attr reads an attribute or property; with a value it sets it.
func (e *engine) attr(c *callSite) Value {
	name := single(c.arg(0))
	if len(c.args) != 1 || name == "" {
		for _, a := range c.this.atoms {
			if a.Thing != nil && name != "" {
				e.setField(a.Thing, name, c.arg(1))
			}
		}
		e.callback(c.arg(1), e.elementOf(c.this), Value{}, e.attributeOf(c, name))
		return c.this
	}
	return e.attributeOf(c, name)
}

func (e *engine) attributeOf(c *callSite, name string) Value {
	if c.this.Is(Infos) || c.this.Is(Info) {
		return e.answerProperty(Atom{Kind: Info}, name, c.node)
	}
	if c.name == "data" {
		name = "data-" + name
	}
	return e.each(c.this, Selection, func(a Atom) Value { return e.attribute(a, name, c.node) }, func() Value {
		return e.guess(c.object, c.this, name, c.node)
	})
}

// handlers are the functions among the arguments of on('click', 'img', f).
func (e *engine) handlers(c *callSite) {
	this := c.this
	if len(c.args) > 2 {
		if a, ok := e.selector(single(c.arg(1))); ok {
			a.Node = c.node
			this = of(a)
		}
	}
	for _, a := range c.args {
		if a.Is(Function) {
			e.handler(c, a, this)
		}
	}
}

// anyMethod is a method of what is not known: it may call functions among its
// arguments with what promises or events bring.
func (e *engine) anyMethod(c *callSite) Value {
	switch c.name {
	case "then", "done", "always":
		// A promise is what it brings.
		return e.callback(c.arg(0), Value{}, c.this)
	case "catch", "fail", "finally":
		e.callback(c.arg(0), Value{}, Value{})
		return c.this
	case "parseImageUrl":
		return e.parsed(c)
	case "adjustThumbWidthForSteps":
		return of(Atom{Kind: Width, Marks: Stepped, Node: c.node})
	case "resizeUrl":
		return e.address(Thumb, "parser", ByParse|Named, c.node)
	case "md5":
		return hashed0(e, c)
	case "charAt", "substr", "substring", "slice":
		if h, ok := c.this.First(Hash); ok {
			return of(h)
		}
	case "toString", "trim":
		return c.this
	case "get", "set":
		return Value{}
	}
	for _, a := range c.args {
		e.callback(a, Value{})
	}
	return Value{}
}
