package flow

import (
	"github.com/grafana/sobek/ast"
)

// function is what is known of a function, by its node.
func (e *engine) function(n ast.Node) *Func {
	f := e.funcs[n]
	if f == nil {
		f = &Func{Node: n}
		e.funcs[n] = f
	}
	return f
}

// parts of a function, whichever way it is written.
func parts(n ast.Node) (params *ast.ParameterList, name *ast.Identifier, vars []*ast.VariableDeclaration) {
	switch n := n.(type) {
	case *ast.FunctionLiteral:
		return n.ParameterList, n.Name, n.DeclarationList
	case *ast.ArrowFunctionLiteral:
		return n.ParameterList, nil, n.DeclarationList
	}
	return nil, nil, nil
}

// body reads the body of a function, once in a round. late says that it is a
// declaration, which may be called before and after what stands around it.
func (e *engine) body(f *Func, late bool) {
	if f.read == e.round || !e.slice.reads(f.Node) || !e.enter(f.Node) {
		return
	}
	f.read = e.round
	if e.settled(f) {
		e.repeat(f)
		e.leave()
		return
	}
	outer, loops, guards := e.activation, e.loops, e.guards
	e.activation = &activation{fn: f, outer: outer, late: late, start: int(f.Node.Idx0()) - 1}
	e.loops = 0
	end := e.note(f)
	if late {
		e.guards = nil
	}
	defer func() {
		e.activation, e.loops, e.guards = outer, loops, guards
		end()
		e.leave()
	}()
	params, name, vars := parts(f.Node)
	defer e.within(f.Node, func(s *scope) {
		for _, p := range params.List {
			e.declarePattern(s, p.Target, true)
		}
		e.declarePattern(s, params.Rest, true)
		e.declareVars(s, vars)
		e.declareStatements(s, statements(f.Node))
		if name != nil && s.outer.vars[name.Name] == nil {
			e.declare(s, name.Name, false)
		}
	})()
	e.look(&f.given)
	e.parameters(f, params)
	e.bodyOf(f)
}

func (e *engine) parameters(f *Func, params *ast.ParameterList) {
	for i, p := range params.List {
		var val Value
		if i < len(f.Params) {
			val = f.Params[i]
		}
		if p.Initializer != nil {
			val = val.join(e.eval(p.Initializer))
		}
		if id, ok := p.Target.(*ast.Identifier); ok && !val.Known() {
			val = e.believed(id)
		}
		e.bind(p.Target, val, nil)
	}
	if params.Rest != nil && len(f.Params) > len(params.List) {
		var rest Value
		for _, v := range f.Params[len(params.List):] {
			rest = rest.join(v)
		}
		e.bind(params.Rest, of(e.array(params.Rest, rest)), nil)
	}
}

// statements of the body of a function.
func statements(n ast.Node) []ast.Statement {
	switch n := n.(type) {
	case *ast.FunctionLiteral:
		return n.Body.List
	case *ast.ArrowFunctionLiteral:
		if b, ok := n.Body.(*ast.BlockStatement); ok {
			return b.List
		}
	}
	return nil
}

func (e *engine) bodyOf(f *Func) {
	switch n := f.Node.(type) {
	case *ast.FunctionLiteral:
		e.block(n.Body.List)
	case *ast.ArrowFunctionLiteral:
		switch b := n.Body.(type) {
		case *ast.BlockStatement:
			e.block(b.List)
		case *ast.ExpressionBody:
			val := e.eval(b.Expression)
			e.returns(val)
			e.fire(e.rules.Return, b, val, nil)
		}
	}
}

// returns adds to what the function being read returns.
func (e *engine) returns(val Value) {
	f := e.activation.fn
	if f != nil {
		e.grow(&f.Return, val, &f.returns)
	}
}

// grow adds what a place may hold, and tells whether that is more than before.
func (e *engine) grow(place *Value, val Value, m *mark) (more bool) {
	joined := place.join(val)
	if len(joined.atoms) == len(place.atoms) {
		return false
	}
	e.grown(*place, joined, m)
	*place = joined
	return true
}

// called adds the arguments of a call to what the function's parameters may be.
func (e *engine) called(f *Func, this Value, args []Value) {
	f.Called = true
	for i, a := range args {
		if i >= 20 {
			break
		}
		if i == len(f.Params) {
			f.Params = append(f.Params, Value{})
			if params, _, _ := parts(f.Node); params.Rest != nil { // it is an array from now on
				e.touch(&f.given)
			}
		}
		e.grow(&f.Params[i], a, &f.given)
	}
	e.grow(&f.This, this, &f.given)
}

// callback tells every function that a value may be with what a library calls
// it, and gives what they return.
func (e *engine) callback(val Value, this Value, args ...Value) Value {
	var result Value
	for _, a := range val.atoms {
		if a.Kind == Function {
			e.called(a.Func, this, args)
			e.look(&a.Func.returns)
			result = result.join(a.Func.Return)
		}
	}
	return result
}

// class reads a class: its methods share a this.
func (e *engine) class(n *ast.ClassLiteral) Value {
	if !e.enter(n) {
		return Value{}
	}
	defer e.leave()
	e.eval(n.SuperClass)
	self := e.thing(n, false)
	this := of(Atom{Kind: Object, Thing: self, Node: n})
	for _, el := range n.Body {
		switch el := el.(type) {
		case *ast.FieldDefinition:
			e.setField(self, fieldName(el.Key), e.eval(el.Initializer))
		case *ast.MethodDefinition:
			f := e.function(el.Body)
			e.called(f, this, nil)
			if el.Kind == ast.PropertyKindGet {
				e.look(&f.returns)
				e.setField(self, fieldName(el.Key), f.Return)
			} else {
				e.setField(self, fieldName(el.Key), of(Atom{Kind: Function, Func: f, Node: el.Body}))
			}
			e.body(f, true)
		case *ast.ClassStaticBlock:
			e.statement(el.Block)
		}
	}
	return this
}

// fieldName is the key of a property, where it is known.
func fieldName(key ast.Expression) string {
	switch k := key.(type) {
	case *ast.StringLiteral:
		return k.Value.String()
	case *ast.Identifier:
		return k.Name.String()
	case *ast.PrivateIdentifier:
		return "#" + k.Name.String()
	case *ast.NumberLiteral:
		return k.Literal
	}
	return ""
}

// thing is the object made at a node.
func (e *engine) thing(n ast.Node, array bool) *Thing {
	t := e.things[n]
	if t == nil {
		t = &Thing{Node: n, Array: array, Fields: map[string]Value{}}
		e.things[n] = t
	}
	return t
}

// array is an array made at a node, of elements that may be val.
func (e *engine) array(n ast.Node, val Value) Atom {
	t := e.thing(n, true)
	e.setElem(t, val)
	return Atom{Kind: Object, Thing: t, Node: n}
}

func (e *engine) setElem(t *Thing, val Value) {
	if e.grow(&t.Elem, val, &t.elem) {
		e.touch(&t.whole)
	}
}

func (e *engine) setField(t *Thing, name string, val Value) {
	if name == "" {
		e.setElem(t, val)
		return
	}
	was, ok := t.Fields[name]
	if joined := was.join(val); !ok || len(joined.atoms) != len(was.atoms) {
		t.Fields[name] = joined
		e.grown(was, joined, &t.whole)
		if m := t.marks[name]; m != nil {
			e.touch(m)
		}
	}
}

// field is a property of an object that the script makes.
func (e *engine) field(t *Thing, name string) (Value, bool) {
	if e.trace != nil {
		m := t.marks[name]
		if m == nil {
			if t.marks == nil {
				t.marks = map[string]*mark{}
			}
			m = &mark{}
			t.marks[name] = m
		}
		e.look(m)
	}
	v, ok := t.Fields[name]
	return v, ok
}
