package flow

import (
	"github.com/grafana/sobek/ast"
)

// callSite is a call while it is read.
type callSite struct {
	node   ast.Expression
	callee Value
	this   Value          // what a method is called on
	object ast.Expression // the same as an expression; nil of a plain call
	name   string         // of a method
	path   string         // of a known global: "mw.util.parseImageUrl"
	args   []Value
	nodes  []ast.Expression
	isNew  bool
}

func (c *callSite) arg(i int) Value {
	if i < 0 || i >= len(c.args) {
		return Value{}
	}
	return c.args[i]
}

// call reads f(…), a.b(…) and new F(…). Functions among the arguments are read
// after it is known with what they are called.
func (e *engine) call(n ast.Expression) Value {
	c := e.newCall(n)
	switch n := n.(type) {
	case *ast.CallExpression:
		c.nodes = n.ArgumentList
		e.callee(c, n.Callee)
	case *ast.NewExpression:
		c.nodes, c.isNew = n.ArgumentList, true
		e.callee(c, n.Callee)
	}
	var pending []*Func
	for _, x := range c.nodes {
		if isFunction(x) {
			f := e.function(x)
			pending = append(pending, f)
			v := of(Atom{Kind: Function, Func: f, Node: x})
			e.keep(x, v)
			c.args = append(c.args, v)
			continue
		}
		c.args = append(c.args, e.eval(x))
	}
	v := e.result(c)
	for _, f := range pending {
		if e.activation.fn != f {
			e.body(f, false)
		}
	}
	if len(pending) > 0 && !v.Known() {
		v = e.result(c)
	}
	e.calling--
	e.keep(n, v)
	e.fire(e.rules.Call, n, v, nil)
	return v
}

// newCall makes room for a call, that of one which has been read.
func (e *engine) newCall(n ast.Expression) *callSite {
	if e.calling == len(e.calls) {
		e.calls = append(e.calls, &callSite{})
	}
	c := e.calls[e.calling]
	e.calling++
	*c = callSite{node: n, args: c.args[:0]}
	return c
}

func isFunction(n ast.Expression) bool {
	switch n.(type) {
	case *ast.FunctionLiteral, *ast.ArrowFunctionLiteral:
		return true
	}
	return false
}

// callee reads what is called. A function that is called where it is written
// is read after its arguments.
func (e *engine) callee(c *callSite, n ast.Expression) {
	n = unwrap(n)
	object, name, ok := member(n)
	if !ok {
		if isFunction(n) {
			c.callee = of(Atom{Kind: Function, Func: e.function(n), Node: n})
			return
		}
		c.callee = e.eval(n)
	} else {
		c.callee = e.eval(n)
		c.object, c.name = object, name
		c.this = e.valueOf(object)
		if name == "" {
			if b, isBracket := n.(*ast.BracketExpression); isBracket {
				c.name = single(e.valueOf(b.Member))
			}
		}
	}
	if b, ok := c.callee.First(Builtin); ok {
		c.path = b.Name
	}
}

// result carries a call out.
func (e *engine) result(c *callSite) Value {
	if v, ok := e.own(c); ok {
		return v
	}
	if c.path != "" {
		if v, ok := e.globalCall(c); ok {
			return v
		}
	}
	if c.name != "" {
		return e.methodCall(c)
	}
	return Value{}
}

// own is a call of the script's own functions.
func (e *engine) own(c *callSite) (Value, bool) {
	var out Value
	found := false
	for _, a := range c.callee.atoms {
		switch a.Kind {
		case Function:
			found = true
			this := c.this
			if c.isNew {
				this = of(Atom{Kind: Object, Thing: e.thing(a.Func.Node, false), Node: a.Func.Node})
				out = out.join(this)
			}
			e.called(a.Func, this, c.args)
			if c.object == nil && isFunction(unwrapCallee(c.node)) {
				e.body(a.Func, false)
			}
			out = out.join(e.returned(a.Func, c.args))
		case Object:
			if c.isNew { // a class
				found = true
				if ctor, ok := e.field(a.Thing, "constructor"); ok {
					e.callback(ctor, of(a), c.args...)
				}
				out = out.join(of(a))
			}
		}
	}
	return out, found
}

// returned is what a function returns for arguments. What it made of addresses
// that other calls gave it is left out where this one gives none.
func (e *engine) returned(f *Func, args []Value) Value {
	e.look(&f.returns)
	for _, v := range args {
		for i := range v.atoms {
			if sampled(&v.atoms[i]) || v.atoms[i].Kind == Object {
				return f.Return
			}
		}
	}
	var others []Atom
	for i := range f.Return.atoms {
		a := &f.Return.atoms[i]
		if !sampled(a) || !e.gave(f, a.Node) {
			if others != nil {
				others = append(others, *a)
			}
		} else if others == nil {
			others = append(make([]Atom, 0, len(f.Return.atoms)), f.Return.atoms[:i]...)
		}
	}
	if others == nil {
		return f.Return
	}
	return Value{others[:len(others):len(others)]}
}

// gave says whether some call gave the function an address that was read at a node.
func (e *engine) gave(f *Func, n ast.Node) bool {
	e.look(&f.given)
	for _, p := range f.Params {
		for i := range p.atoms {
			if a := &p.atoms[i]; n != nil && sampled(a) && a.Node == n {
				return true
			}
		}
	}
	return false
}

// sampled says whether an atom is made of an address.
func sampled(a *Atom) bool { return a.Vec != nil && a.Vec.Samples != nil }

func unwrapCallee(n ast.Expression) ast.Expression {
	if c, ok := n.(*ast.CallExpression); ok {
		return unwrap(c.Callee)
	}
	return nil
}

// methodCall is a call of a method of what is known, or of anything.
func (e *engine) methodCall(c *callSite) Value {
	e.believe(c)
	if v, ok := e.functionMethod(c); ok {
		return v
	}
	if v, ok := e.joinedLiteral(c); ok {
		return v
	}
	var out gathering
	for _, a := range c.this.atoms {
		switch a.Kind {
		case Data:
			out.add(e.dataMethod(c, a))
		case Resizer, Parsed:
			if c.name == "resizeUrl" {
				out.add(e.address(Thumb, "parser", ByParse, c.node))
			}
		case URLObject:
			out.add(e.urlMethod(c, a))
		case Params:
			e.paramsMethod(c)
		}
	}
	if len(out.atoms) > 0 {
		return out.value()
	}
	if v, ok := e.arrayMethod(c); ok {
		return v
	}
	if v, ok := e.domCall(c); ok {
		return v
	}
	if v, ok := e.jqueryCall(c); ok {
		return v
	}
	return e.anyMethod(c)
}

// functionMethod is f.call, f.apply and f.bind.
func (e *engine) functionMethod(c *callSite) (Value, bool) {
	if !c.this.Is(Function) {
		return Value{}, false
	}
	switch c.name {
	case "call":
		return e.callback(c.this, c.arg(0), c.args[min(1, len(c.args)):]...), true
	case "apply":
		return e.callback(c.this, c.arg(0), e.indexed(c.arg(1), 0), e.indexed(c.arg(1), 1)), true
	case "bind":
		e.callback(c.this, c.arg(0), c.args[min(1, len(c.args)):]...)
		return c.this, true
	}
	return Value{}, false
}
