package flow

import (
	"strings"

	"github.com/grafana/sobek/ast"
)

// dataMethod carries out a method of a string, array, number or regular
// expression.
func (e *engine) dataMethod(c *callSite, a Atom) Value {
	this := of(a)
	if f, ok := listChanges[c.name]; ok {
		if _, isList := a.Vec.vals[0].(List); isList {
			return e.listChange(c, this, f)
		}
	}
	if c.name == "concat" {
		if _, isText := a.Vec.vals[0].(string); isText {
			return e.concatenatedOnce(c, this)
		}
	}
	if c.name == "filter" {
		return e.filtered(c, this)
	}
	if v, ok := e.replacedBy(c, this); ok {
		return v
	}
	return e.apply(c.name, func(x []any) (any, bool) { return method(c.name, x[0], x[1:]) }, append([]Value{this}, c.args...)...)
}

// method is one method on one value.
func method(name string, this any, args []any) (any, bool) {
	switch this := this.(type) {
	case string:
		f, ok := textMethods[name]
		if !ok || anyHole(args) && name != "concat" {
			return nil, false
		}
		return f(this, args)
	case List:
		f, ok := listMethods[name]
		if !ok {
			return nil, false
		}
		return f(this, args)
	case *Regexp:
		s, ok := first(args)
		if !ok {
			return nil, false
		}
		switch name {
		case "test":
			return this.re.MatchString(s), true
		case "exec":
			return this.match(s), true
		}
	case float64:
		if name == "toString" || name == "toFixed" {
			s, _ := text(this)
			return s, true
		}
	case Null, Undefined:
		// The script ends here; it goes on for the other samples.
		return Undefined{}, true
	}
	return nil, false
}

func first(args []any) (string, bool) {
	if len(args) == 0 {
		return "", false
	}
	s, ok := args[0].(string)
	return s, ok
}

func anyHole(args []any) bool {
	for _, a := range args {
		if holed(a) {
			return true
		}
	}
	return false
}

// listChange carries out pop, push and the like, and gives the array back.
func (e *engine) listChange(c *callSite, this Value, f func(List, []any) (any, List, bool)) Value {
	operands := append([]Value{this}, c.args...)
	run := func(x []any) (any, List, bool) {
		l, ok := x[0].(List)
		if !ok {
			return nil, nil, false
		}
		return f(l, x[1:])
	}
	result := e.apply("", func(x []any) (any, bool) { r, _, ok := run(x); return r, ok }, operands...)
	after := e.apply("", func(x []any) (any, bool) { _, l, ok := run(x); return l, ok }, operands...)
	e.rebind(c.object, this, after)
	return result
}

// rebind gives a variable or field that held an array what the array became.
func (e *engine) rebind(object ast.Expression, was, after Value) {
	id, ok := object.(*ast.Identifier)
	if !ok {
		return
	}
	v := e.lookup(id.Name)
	if v == nil || v.owner != e.activation.fn {
		return
	}
	var kept []Atom
	for _, a := range e.held(v).atoms {
		if !contains(was.atoms, &a) {
			kept = append(kept, a)
		}
	}
	e.activation.set(v, Value{kept}.join(after))
}

// concatenatedOnce reads a.concat(b) of a string, once for all it may be.
func (e *engine) concatenatedOnce(c *callSite, this Value) Value {
	call, ok := c.node.(*ast.CallExpression)
	if !ok {
		return Value{}
	}
	return e.concatenated(call, c.object, this, c.args)
}

// replacedBy carries out replace with a function or with text that is not
// known: the text is replaced by a Hole, or stays as it was where the pattern
// is not known either.
func (e *engine) replacedBy(c *callSite, this Value) (Value, bool) {
	if c.name != "replace" && c.name != "replaceAll" || len(c.args) < 2 {
		return Value{}, false
	}
	what, with := c.args[0], c.args[1]
	pattern := e.apply("", func(x []any) (any, bool) { return x[0], !holed(x[0]) }, what)
	if !pattern.Known() {
		return this.with(Resized), true
	}
	for _, t := range with.Texts() {
		if strings.Contains(t, Hole) {
			return e.replaced(this, pattern, constant(t)).with(Resized), true
		}
	}
	if _, ok := with.First(Data); ok {
		return Value{}, false
	}
	if f, ok := with.First(Function); ok {
		e.called(f.Func, Value{}, []Value{e.apply("", func(x []any) (any, bool) {
			r, ok := x[1].(*Regexp)
			s, ok2 := x[0].(string)
			if !ok || !ok2 {
				return nil, false
			}
			m, ok := r.match(s).(List)
			if !ok {
				return nil, false
			}
			return m[0], true
		}, this, pattern)})
	}
	return e.replaced(this, pattern, e.interned(Hole)).with(Resized), true
}

func (e *engine) replaced(this, what, with Value) Value {
	return e.apply("replaced", func(x []any) (any, bool) {
		s, ok := x[0].(string)
		if !ok {
			return nil, false
		}
		return replace(s, x[1:], false)
	}, this, what, with)
}

// urlMethod is a method of a URL object.
func (e *engine) urlMethod(c *callSite, a Atom) Value {
	switch c.name {
	case "toString", "getRelativePath", "toJSON":
		a.Kind = Data
		if a.Has(Cleared) {
			return e.stripped(a)
		}
		return of(a)
	case "clone", "extend":
		return of(a)
	}
	return Value{}
}

func (e *engine) stripped(a Atom) Value {
	return e.apply("", func(x []any) (any, bool) {
		s, ok := x[0].(string)
		s, _, _ = strings.Cut(s, "?")
		return s, ok
	}, of(a))
}

// arrayMethod is a method of an array, list of elements or selection that takes
// a function, or is read alike on all of them.
func (e *engine) arrayMethod(c *callSite) (Value, bool) {
	elem := e.elementOf(c.this)
	isArray := false
	for _, a := range c.this.atoms {
		isArray = isArray || a.Kind == Object && a.Thing.Array || a.Kind == Infos
		if a.Kind == Object && a.Thing.Array && (c.name == "push" || c.name == "unshift") {
			for _, v := range c.args {
				e.setElem(a.Thing, v)
			}
		}
	}
	switch c.name {
	case "forEach", "some", "every", "findIndex":
		e.callback(c.arg(0), c.arg(1), elem, Value{}, c.this)
		return Value{}, true
	case "find", "filter", "findLast":
		if !c.arg(0).Is(Function) {
			return Value{}, false
		}
		e.callback(c.arg(0), c.arg(1), elem, Value{}, c.this)
		if c.name != "filter" {
			return elem, isArray
		}
		return c.this, isArray
	case "flatMap", "map":
		if c.this.Is(Selection) || !c.arg(0).Is(Function) {
			return Value{}, false
		}
		return of(e.array(c.node, e.callback(c.arg(0), c.arg(1), elem, Value{}, c.this))), true
	case "reduce":
		e.callback(c.arg(0), Value{}, c.arg(1), elem)
		return c.arg(1), true
	}
	if !isArray {
		return Value{}, false
	}
	return e.plainArray(c, elem)
}

// joinedLiteral is [a, b].join(by), which is a way to write a concatenation.
func (e *engine) joinedLiteral(c *callSite) (Value, bool) {
	list, ok := c.object.(*ast.ArrayLiteral)
	if !ok || c.name != "join" || len(list.Value) > maxPieces {
		return Value{}, false
	}
	var pieces []Part
	for _, x := range list.Value {
		if _, spread := x.(*ast.SpreadElement); spread {
			return Value{}, false
		}
		if x != nil {
			pieces = append(pieces, Part{x, e.valueOf(x)})
		}
	}
	by := ","
	if len(c.args) > 0 {
		by = single(c.arg(0))
	}
	return e.listed(c.node, pieces, by), true
}

// plainArray is a method of an array of things.
func (e *engine) plainArray(c *callSite, elem Value) (Value, bool) {
	switch c.name {
	case "join":
		return Value{}, true
	case "pop", "shift", "at":
		return elem, true
	case "slice", "concat", "reverse", "sort", "splice", "values":
		return c.this, true
	}
	return Value{}, false
}
