package flow

import (
	"strconv"

	"github.com/grafana/sobek/ast"
)

func itoa(i int) string { return strconv.Itoa(i) }

// Unwrap takes away what optional chaining puts around an expression.
func Unwrap(n ast.Expression) ast.Expression { return unwrap(n) }

// unwrap takes away what optional chaining puts around an expression.
func unwrap(n ast.Expression) ast.Expression {
	for {
		switch x := n.(type) {
		case *ast.OptionalChain:
			n = x.Expression
		case *ast.Optional:
			n = x.Expression
		default:
			return n
		}
	}
}

// member takes a.b and a['b'] apart; name is empty where it is computed.
func member(n ast.Expression) (object ast.Expression, name string, ok bool) {
	switch n := unwrap(n).(type) {
	case *ast.DotExpression:
		return unwrap(n.Left), n.Identifier.Name.String(), true
	case *ast.PrivateDotExpression:
		return unwrap(n.Left), "#" + n.Identifier.Name.String(), true
	case *ast.BracketExpression:
		name := ""
		switch m := n.Member.(type) {
		case *ast.StringLiteral:
			name = m.Value.String()
		case *ast.NumberLiteral:
			name = m.Literal
		}
		return unwrap(n.Left), name, true
	}
	return nil, "", false
}

// memberOf reads a.b or a[b].
func (e *engine) memberOf(n ast.Expression) Value {
	object, name, _ := member(n)
	var left ast.Expression
	var key Value
	switch n := n.(type) {
	case *ast.DotExpression:
		left = n.Left
	case *ast.PrivateDotExpression:
		left = n.Left
	case *ast.BracketExpression:
		left = n.Left
		key = e.eval(n.Member)
	}
	this := e.eval(left)
	if name == "" && (key.Known() || this.Is(Object)) {
		return e.element(this, key, n)
	}
	v := e.property(this, name, n)
	if !v.Known() {
		v = e.guess(object, this, name, n)
	}
	return v
}

// property is what a property of a value may hold.
func (e *engine) property(this Value, name string, n ast.Node) Value {
	var v gathering
	for _, a := range this.atoms {
		v.add(e.propertyOf(a, name, n))
	}
	if len(v.atoms) == 0 {
		return e.answer(name, n)
	}
	return v.value()
}

func (e *engine) propertyOf(a Atom, name string, n ast.Node) Value {
	switch a.Kind {
	case Object:
		if v, ok := e.field(a.Thing, name); ok && name != "" {
			return v
		}
		e.look(&a.Thing.elem)
		return a.Thing.Elem
	case Data:
		return e.dataProperty(a, name)
	case Builtin:
		return builtinProperty(a.Name, name)
	case Element, OtherNode:
		return e.elementProperty(a, name, n)
	case Selection:
		if _, ok := placeNamed(name); ok || name == "" {
			a.Kind = Element
			return of(a)
		}
	case Info, Infos, Source, URLs:
		return e.answerProperty(a, name, n)
	case Parsed:
		return e.parsedProperty(a, name, n)
	case Hash:
		return of(a)
	case URLObject:
		return e.urlProperty(a, name, n)
	}
	return Value{}
}

// placeNamed is the place in an array that a property stands for.
func placeNamed(name string) (int, bool) {
	if name == "" || letter(name[0]) && name[0] > '9' {
		return 0, false // most names are words
	}
	i, err := strconv.Atoi(name)
	return i, err == nil
}

// dataProperty reads length and elements.
func (e *engine) dataProperty(a Atom, name string) Value {
	if name == "length" {
		return e.apply(".length", func(x []any) (any, bool) {
			switch x := x[0].(type) {
			case string:
				return float64(len(x)), !holed(x)
			case List:
				return float64(len(x)), true
			}
			return nil, false
		}, of(a))
	}
	i, ok := placeNamed(name)
	if !ok {
		return Value{}
	}
	return e.apply("["+itoa(i), func(x []any) (any, bool) { return elementOfAny(x[0], i) }, of(a))
}

func elementOfAny(x any, i int) (any, bool) {
	switch x := x.(type) {
	case string:
		if i < len(x) && i >= 0 {
			return x[i : i+1], !holed(x)
		}
		return Undefined{}, !holed(x)
	case List:
		if i < len(x) && i >= 0 {
			return x[i], true
		}
		return Undefined{}, true
	case Null:
		return Undefined{}, true
	}
	return nil, false
}

// element reads a[b] with a key that is known in part.
func (e *engine) element(this, key Value, n ast.Node) Value {
	var v Value
	for _, name := range key.Texts() {
		if !holed(name) {
			v = v.join(e.property(this, name, n))
		}
	}
	v = v.join(e.apply("", func(x []any) (any, bool) {
		i, ok := x[1].(float64)
		if !ok {
			return nil, false
		}
		return elementOfAny(x[0], int(i))
	}, this, key))
	for _, i := range key.Numbers() {
		for _, a := range this.atoms {
			if a.Kind != Data {
				v = v.join(e.propertyOf(a, itoa(int(i)), n))
			}
		}
	}
	if v.Known() {
		return v
	}
	return e.elementOf(this)
}

// indexed is the element at a place.
func (e *engine) indexed(v Value, i int) Value {
	return e.property(v, itoa(i), nil)
}

// elementOf is any element of what may be an array, list or selection.
func (e *engine) elementOf(v Value) Value {
	var out gathering
	for _, a := range v.atoms {
		switch a.Kind {
		case Object:
			e.look(&a.Thing.whole)
			out.add(a.Thing.Elem)
			if !a.Thing.Array {
				for _, name := range sortedKeys(a.Thing.Fields) {
					out.add(a.Thing.Fields[name])
				}
			}
		case Selection:
			a.Kind = Element
			out.atom(&a)
		case Infos:
			a.Kind = Info
			out.atom(&a)
		case URLs:
			out.add(e.answerProperty(a, "", nil))
		case Data:
			out.add(e.anyOf(a))
		}
	}
	return out.value()
}

// anyOf is any of the elements of an array of Data.
func (e *engine) anyOf(a Atom) Value {
	var out gathering
	list, ok := a.Vec.vals[0].(List)
	for i := 0; ok && i < min(len(list), maxAtoms); i++ {
		out.add(e.apply("["+itoa(i), func(x []any) (any, bool) { return elementOfAny(x[0], i) }, of(a)))
	}
	return out.value()
}

// keysOf is any key of what for-in goes through.
func (e *engine) keysOf(v Value) Value {
	var out Value
	for _, a := range v.atoms {
		if a.Kind == Object && !a.Thing.Array {
			e.look(&a.Thing.whole)
			for _, name := range sortedKeys(a.Thing.Fields) {
				out = out.join(constant(name))
			}
		}
	}
	return out
}
