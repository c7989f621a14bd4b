package flow

import (
	"strings"

	"github.com/grafana/sobek/ast"
	"github.com/grafana/sobek/token"
)

const strictEqual = token.STRICT_EQUAL

// eval reads an expression and tells what it may hold.
func (e *engine) eval(n ast.Expression) Value {
	if n == nil {
		return Value{}
	}
	if v, ok := e.literal(n); ok {
		e.fireText(n, v)
		return v
	}
	if !e.enter(n) {
		return Value{}
	}
	defer e.leave()
	v := e.read(n)
	e.keep(n, v)
	return v
}

// spelled reads a literal that is no string.
func (e *engine) spelled(n ast.Expression) Value {
	switch n := n.(type) {
	case *ast.NumberLiteral:
		switch x := n.Value.(type) {
		case int64:
			return e.constant(float64(x))
		case float64:
			return e.constant(x)
		}
	case *ast.BooleanLiteral:
		return constant(n.Value)
	case *ast.RegExpLiteral:
		if r := e.compiled(n.Pattern, n.Flags); r != nil {
			return e.constant(r)
		}
	}
	return Value{}
}

func (e *engine) compiled(pattern, flags string) *Regexp {
	key := flags + "/" + pattern
	r, ok := e.regexp[key]
	if !ok {
		r = compile(pattern, flags)
		e.regexp[key] = r
	}
	return r
}

func (e *engine) fireText(n ast.Expression, v Value) {
	if _, ok := n.(*ast.StringLiteral); ok {
		e.fire(e.rules.Text, n, v, nil)
	}
}

// read reads an expression that is no literal.
func (e *engine) read(n ast.Expression) Value {
	switch n := n.(type) {
	case *ast.Identifier:
		return e.identifier(n)
	case *ast.ThisExpression:
		return e.this()
	case *ast.DotExpression, *ast.BracketExpression, *ast.PrivateDotExpression:
		v := e.memberOf(n)
		e.fire(e.rules.Member, n, v, nil)
		return v
	case *ast.CallExpression, *ast.NewExpression:
		return e.call(n)
	case *ast.BinaryExpression:
		return e.binary(n)
	case *ast.TemplateLiteral:
		return e.template(n)
	case *ast.AssignExpression:
		return e.assignment(n)
	case *ast.ConditionalExpression:
		return e.conditional(n)
	case *ast.UnaryExpression:
		return e.unary(n)
	case *ast.OptionalChain:
		return e.eval(n.Expression)
	case *ast.Optional:
		return e.eval(n.Expression)
	case *ast.AwaitExpression:
		return e.eval(n.Argument)
	case *ast.YieldExpression:
		e.eval(n.Argument)
		return Value{}
	case *ast.SequenceExpression:
		var last Value
		for _, x := range n.Sequence {
			last = e.eval(x)
		}
		return last
	case *ast.SpreadElement:
		return e.elementOf(e.eval(n.Expression))
	}
	return e.made(n)
}

// made reads an expression that makes an object or function.
func (e *engine) made(n ast.Expression) Value {
	switch n := n.(type) {
	case *ast.FunctionLiteral, *ast.ArrowFunctionLiteral:
		f := e.function(n)
		e.body(f, false)
		return of(Atom{Kind: Function, Func: f, Node: n})
	case *ast.ObjectLiteral:
		return e.object(n)
	case *ast.ArrayLiteral:
		return e.arrayLiteral(n)
	case *ast.ClassLiteral:
		return e.class(n)
	}
	return Value{}
}

func (e *engine) identifier(n *ast.Identifier) Value {
	if v := e.lookup(n.Name); v != nil {
		return e.held(v)
	}
	return wellKnown(n.Name.String())
}

// this is the receiver of the function around, arrow functions not counted.
func (e *engine) this() Value {
	for a := e.activation; a != nil && a.fn != nil; a = a.outer {
		if _, arrow := a.fn.Node.(*ast.ArrowFunctionLiteral); !arrow {
			e.look(&a.fn.given)
			return a.fn.This
		}
	}
	return Value{}
}

func (e *engine) conditional(n *ast.ConditionalExpression) Value {
	test := e.eval(n.Test)
	var then, other Value
	e.branchOn(test, func() end {
		e.under(n.Test, true, func() {
			e.narrow(n.Test, true)
			then = e.eval(n.Consequent)
		})
		return normal
	}, func() end {
		e.under(n.Test, false, func() {
			e.narrow(n.Test, false)
			other = e.eval(n.Alternate)
		})
		return normal
	})
	return e.choose(test, then, other)
}

func (e *engine) binary(n *ast.BinaryExpression) Value {
	switch n.Operator {
	case token.PLUS:
		return e.concatenation(n)
	case token.LOGICAL_AND, token.LOGICAL_OR, token.COALESCE:
		return e.logical(n)
	case token.EQUAL, token.STRICT_EQUAL, token.NOT_EQUAL, token.STRICT_NOT_EQUAL,
		token.LESS, token.GREATER, token.LESS_OR_EQUAL, token.GREATER_OR_EQUAL:
		left, right := e.eval(n.Left), e.eval(n.Right)
		v := e.apply(n.Operator.String(), func(a []any) (any, bool) { return compare(n.Operator, a[0], a[1]) }, left, right)
		e.keep(n, v)
		e.fire(e.rules.Compare, n, v, nil)
		return v
	case token.IN, token.INSTANCEOF:
		e.eval(n.Left)
		e.eval(n.Right)
		e.fire(e.rules.Compare, n, Value{}, nil)
		return Value{}
	}
	return e.arithmetic(n)
}

// compared calls the rules for a comparison that is not written as one.
func (e *engine) compared(n *ast.BinaryExpression) {
	v := e.apply(n.Operator.String(), func(a []any) (any, bool) { return compare(n.Operator, a[0], a[1]) }, e.valueOf(n.Left), e.valueOf(n.Right))
	e.fire(e.rules.Compare, n, v, nil)
}

func compare(op token.Token, a, b any) (any, bool) {
	x, ok := a.(float64)
	y, ok2 := b.(float64)
	switch op {
	case token.EQUAL, token.STRICT_EQUAL:
		return equal(a, b), scalar(a) && scalar(b) && !holed(a) && !holed(b)
	case token.NOT_EQUAL, token.STRICT_NOT_EQUAL:
		return !equal(a, b), scalar(a) && scalar(b) && !holed(a) && !holed(b)
	case token.LESS:
		return x < y, ok && ok2
	case token.GREATER:
		return x > y, ok && ok2
	case token.LESS_OR_EQUAL:
		return x <= y, ok && ok2
	}
	return x >= y, ok && ok2
}

func holed(x any) bool {
	s, ok := x.(string)
	return ok && strings.Contains(s, Hole)
}

// logical reads && || ??: the right side is reached under the left one. A
// chain is read without recursion.
func (e *engine) logical(n *ast.BinaryExpression) Value {
	left := e.eval(n.Left)
	var right Value
	holds := n.Operator == token.LOGICAL_AND
	e.branch(func() end { return normal }, func() end {
		e.under(n.Left, holds, func() {
			e.narrow(n.Left, holds)
			right = e.eval(n.Right)
		})
		return normal
	})
	switch {
	case holds && len(left.atoms) == 1 && sampled(&left.atoms[0]) && len(right.atoms) == 1:
		return e.choose(left, right, left)
	case holds:
		return right
	case left.Is(Ratio):
		return left // devicePixelRatio || 1 is no constant
	}
	return e.choose(left, left, right)
}

func (e *engine) unary(n *ast.UnaryExpression) Value {
	v := e.eval(n.Operand)
	switch n.Operator {
	case token.NOT:
		return e.apply("!", func(a []any) (any, bool) { return !truthy(a[0]), !holed(a[0]) }, v)
	case token.MINUS:
		return e.apply("neg", func(a []any) (any, bool) { x, ok := a[0].(float64); return -x, ok }, v)
	case token.BITWISE_NOT:
		return e.apply("~", func(a []any) (any, bool) { x, ok := a[0].(float64); return float64(^int64(x)), ok }, v)
	case token.PLUS:
		return v
	case token.INCREMENT, token.DECREMENT:
		e.bind(n.Operand, Value{}, nil)
	}
	return Value{}
}

func truthy(x any) bool {
	switch x := x.(type) {
	case string:
		return x != ""
	case float64:
		return x != 0 && x == x
	case bool:
		return x
	case Null, Undefined:
		return false
	}
	return true
}

// arithmetic reads - * / % and so on.
func (e *engine) arithmetic(n *ast.BinaryExpression) Value {
	left, right := e.eval(n.Left), e.eval(n.Right)
	v := e.apply(n.Operator.String(), func(a []any) (any, bool) {
		x, ok := a[0].(float64)
		y, ok2 := a[1].(float64)
		return calculate(n.Operator, x, y), ok && ok2
	}, left, right)
	for _, side := range []Value{left, right} {
		if r, ok := side.First(Ratio); ok {
			r.Marks |= Scaled
			v = v.join(of(r))
		}
		if w, ok := side.First(Width); ok && !v.Known() {
			v = of(Atom{Kind: Width, Node: n, Marks: w.Marks &^ Stepped})
		}
	}
	if n.Operator == token.MULTIPLY && !v.Known() && (isScale(left) || isScale(right)) {
		v = of(Atom{Kind: Ratio, Marks: Scaled, Node: n})
	}
	e.keep(n, v)
	e.fire(e.rules.Binary, n, v, nil)
	return v
}

func isScale(v Value) bool {
	for _, x := range v.Numbers() {
		if x == 1.5 || x == 2 || x == 3 {
			return true
		}
	}
	return false
}

func calculate(op token.Token, x, y float64) float64 {
	switch op {
	case token.MINUS:
		return x - y
	case token.MULTIPLY:
		return x * y
	case token.SLASH:
		return x / y
	case token.REMAINDER:
		if y != 0 {
			return float64(int64(x) % max(1, int64(y)))
		}
	case token.AND:
		return float64(int64(x) & int64(y))
	case token.OR:
		return float64(int64(x) | int64(y))
	}
	return 0
}

// maxCombinations is how many alternatives of operands are carried out.
const maxCombinations = 8

// apply carries out an operation on every combination of what its operands may
// be. What is not Data is left out; an operand without any makes it unknown.
//
// What an operation with a name made of the same operands before is not
// carried out again.
func (e *engine) apply(name string, f func(args []any) (any, bool), operands ...Value) Value {
	var room [4]*Atom
	c := combination{e: e, name: name, f: f, operands: operands, chosen: room[:0]}
	for _, o := range operands {
		if !o.Is(Data) {
			return Value{}
		}
	}
	c.from(0)
	return c.result.value()
}

// combination is an operation while it is carried out on one combination of
// what its operands may be after the other.
type combination struct {
	e        *engine
	name     string
	f        func(args []any) (any, bool)
	operands []Value
	chosen   []*Atom
	n        int
	result   gathering
}

// from chooses the operands from i on.
func (c *combination) from(i int) {
	if c.n >= maxCombinations {
		return
	}
	if i == len(c.operands) {
		c.n++
		if vec := c.e.carried(c.name, c.f, c.chosen); vec != nil {
			a := c.e.derived(vec, c.chosen)
			c.result.atom(&a)
		}
		return
	}
	for n := range c.operands[i].atoms {
		if a := &c.operands[i].atoms[n]; a.Kind == Data {
			c.chosen = append(c.chosen[:i], a)
			c.from(i + 1)
		}
	}
}

// derived is the atom of a Vec that was made of others: it is about the address
// that was among them.
func (e *engine) derived(vec *Vec, from []*Atom) Atom {
	a := Atom{Kind: Data, Vec: vec}
	if vec.Samples == nil {
		return a
	}
	for _, f := range from {
		if f.Vec.Samples != nil {
			a.Form, a.Marks, a.Node, a.Made, a.From = f.Form, f.Marks, f.Node, e.top(), f.Made
			if f.Made == a.Made { // a step on the way
				a.From = f.From
			}
			break
		}
	}
	return a
}
