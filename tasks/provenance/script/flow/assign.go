package flow

import (
	"github.com/grafana/sobek/ast"
	"github.com/grafana/sobek/token"
)

// bindings reads var, let and const.
func (e *engine) bindings(list []*ast.Binding) {
	for _, b := range list {
		if b.Initializer == nil {
			if id, ok := b.Target.(*ast.Identifier); ok {
				if v := e.lookup(id.Name); v != nil && v.owner == e.activation.fn && e.loops > 0 {
					e.activation.set(v, Value{})
				}
			}
			continue
		}
		val := e.eval(b.Initializer)
		e.bind(b.Target, val, b.Initializer)
		e.fire(e.rules.Assign, b, val, nil)
	}
}

// assignment reads = += ??= and so on.
func (e *engine) assignment(n *ast.AssignExpression) Value {
	switch n.Operator {
	case token.ASSIGN:
		e.receiver(n.Left)
		val := e.eval(n.Right)
		e.bind(n.Left, val, n.Right)
		e.keep(n, val)
		e.fire(e.rules.Assign, n, val, nil)
		return val
	case token.PLUS:
		was, more := e.eval(n.Left), e.eval(n.Right)
		val := e.appended(n, was, more)
		e.bind(n.Left, val, nil)
		e.fire(e.rules.Assign, n, val, nil)
		return val
	}
	was, val := e.eval(n.Left), e.eval(n.Right)
	if n.Operator == token.LOGICAL_OR || n.Operator == token.LOGICAL_AND || n.Operator == token.COALESCE {
		val = was.join(val)
		e.bind(n.Left, val, nil)
		e.fire(e.rules.Assign, n, val, nil)
		return val
	}
	e.bind(n.Left, Value{}, nil)
	return Value{}
}

// receiver reads the object whose property is assigned to.
func (e *engine) receiver(left ast.Expression) {
	switch l := left.(type) {
	case *ast.DotExpression:
		e.eval(l.Left)
	case *ast.PrivateDotExpression:
		e.eval(l.Left)
	case *ast.BracketExpression:
		e.eval(l.Left)
		e.eval(l.Member)
	}
}

// bind gives a target a value: a name, a pattern, a property. def is the
// expression that is assigned, where the target is a plain name.
func (e *engine) bind(target ast.Expression, val Value, def ast.Expression) {
	switch t := target.(type) {
	case nil:
	case *ast.Identifier:
		if v := e.lookup(t.Name); v != nil {
			e.assign(v, val, t, def)
		} else {
			e.assignGlobal(t, val, def)
		}
	case *ast.Binding:
		e.bind(t.Target, e.orDefault(val, t.Initializer), nil)
	case *ast.AssignExpression:
		e.bind(t.Left, e.orDefault(val, t.Right), nil)
	case *ast.ArrayPattern:
		for i, x := range t.Elements {
			e.bind(x, e.indexed(val, i), nil)
		}
		e.bind(t.Rest, val, nil)
	case *ast.ObjectPattern:
		e.bindObject(t, val)
	case *ast.DotExpression, *ast.BracketExpression, *ast.PrivateDotExpression:
		e.bindProperty(t, val)
	}
}

// assignGlobal declares a name that the script assigns without declaring it.
func (e *engine) assignGlobal(id *ast.Identifier, val Value, def ast.Expression) {
	s := e.scope
	for s.outer != nil {
		s = s.outer
	}
	s.vars[id.Name] = &variable{name: id.Name.String(), all: wellKnown(id.Name.String())}
	e.touch(&e.naming)
	e.assign(s.vars[id.Name], val, id, def)
	e.changed = true
}

func (e *engine) orDefault(val Value, def ast.Expression) Value {
	if def == nil {
		return val
	}
	return val.join(e.eval(def))
}

func (e *engine) bindObject(t *ast.ObjectPattern, val Value) {
	for _, p := range t.Properties {
		switch p := p.(type) {
		case *ast.PropertyShort:
			field := e.orDefault(e.property(val, p.Name.Name.String(), t), p.Initializer)
			if v := e.lookup(p.Name.Name); v != nil {
				e.assign(v, field, p, nil)
			}
		case *ast.PropertyKeyed:
			e.bind(p.Value, e.property(val, fieldName(p.Key), t), nil)
		}
	}
	e.bind(t.Rest, val, nil)
}

// bindProperty assigns to a property of what is known.
func (e *engine) bindProperty(target ast.Expression, val Value) {
	object, name, _ := member(target)
	this := e.valueOf0(object)
	for _, a := range this.atoms {
		switch a.Kind {
		case Object:
			e.setField(a.Thing, name, val)
		case Function:
			if name == "prototype" {
				continue
			}
		case URLObject:
			e.mutateURL(object, a, name, val)
		case Element:
			if a.Thing != nil {
				e.setField(a.Thing, name, val)
			}
		}
	}
}

// valueOf0 is what an expression holds that was read just now, or a plain one
// that costs nothing to read.
func (e *engine) valueOf0(n ast.Expression) Value {
	switch x := n.(type) {
	case *ast.Identifier:
		return e.identifier(x)
	case *ast.ThisExpression:
		return e.this()
	case *ast.DotExpression, *ast.BracketExpression, *ast.PrivateDotExpression:
		return e.memberOf(n)
	}
	return e.valueOf(n)
}

// object reads an object literal.
func (e *engine) object(n *ast.ObjectLiteral) Value {
	t := e.thing(n, false)
	self := of(Atom{Kind: Object, Thing: t, Node: n})
	for _, p := range n.Value {
		switch p := p.(type) {
		case *ast.PropertyShort:
			id := p.Name
			e.setField(t, p.Name.Name.String(), e.eval(&id))
		case *ast.PropertyKeyed:
			name := fieldName(p.Key)
			if p.Computed {
				name = single(e.eval(p.Key))
			}
			e.setField(t, name, e.methodOf(self, p.Value))
		case *ast.SpreadElement:
			for _, a := range e.eval(p.Expression).atoms {
				if a.Kind == Object && a.Thing != t {
					e.look(&a.Thing.whole)
					for k, v := range a.Thing.Fields {
						e.setField(t, k, v)
					}
				}
			}
		}
	}
	e.fire(e.rules.Object, n, self, nil)
	return self
}

// methodOf reads a property of an object; a function has the object as this.
func (e *engine) methodOf(self Value, n ast.Expression) Value {
	if f, ok := n.(*ast.FunctionLiteral); ok {
		fn := e.function(f)
		e.grow(&fn.This, self, &fn.given)
	}
	return e.eval(n)
}

// single is the one text that a value is; empty otherwise.
func single(v Value) string {
	if texts := v.Texts(); len(texts) == 1 && !holed(texts[0]) {
		return texts[0]
	}
	return ""
}

// arrayLiteral reads an array literal. One of constants only is Data.
func (e *engine) arrayLiteral(n *ast.ArrayLiteral) Value {
	t := e.thing(n, true)
	list, data := make(List, 0, len(n.Value)), len(n.Value) <= maxList
	for i, x := range n.Value {
		v := e.eval(x)
		e.setElem(t, v)
		if i < 16 {
			e.setField(t, itoa(i), v)
		}
		c, ok := soleConstant(v)
		data = data && ok
		list = append(list, c)
	}
	v := of(Atom{Kind: Object, Thing: t, Node: n})
	if data && len(list) > 0 {
		v.atoms = append(v.atoms, Atom{Kind: Data, Vec: Const(list), Node: n})
	} else {
		v = v.join(e.spreadList(n))
	}
	e.fire(e.rules.Array, n, v, nil)
	return v
}

// maxSpread is the most elements of an array that is put together of parts of
// addresses.
const maxSpread = 12

// spreadList is the array that is put together of parts of addresses.
func (e *engine) spreadList(n *ast.ArrayLiteral) Value {
	if len(n.Value) == 0 || len(n.Value) > maxSpread {
		return Value{}
	}
	list := constant(List{})
	for _, x := range n.Value {
		spread, isSpread := x.(*ast.SpreadElement)
		part := e.valueOf(x)
		if isSpread {
			part = e.valueOf(spread.Expression)
		}
		list = e.apply("", func(a []any) (any, bool) {
			more, isList := a[1].(List)
			if isSpread != isList || holed(a[1]) {
				return nil, false
			}
			whole := append(List{}, a[0].(List)...)
			if isList {
				return append(whole, more...), true
			}
			return append(whole, a[1]), true
		}, list, part)
	}
	var out Value
	for _, a := range list.atoms {
		if sampled(&a) {
			out = out.join(of(a))
		}
	}
	return out
}

func soleConstant(v Value) (any, bool) {
	if len(v.atoms) != 1 || v.atoms[0].Kind != Data {
		return nil, false
	}
	x, ok := v.atoms[0].Vec.IsConst()
	return x, ok && !holed(x)
}
