package flow

import (
	"strings"

	"github.com/grafana/sobek/ast"
	"github.com/grafana/sobek/token"
)

// concatenation reads a chain of + as one.
func (e *engine) concatenation(n *ast.BinaryExpression) Value {
	operands := operandsOf(n)
	pieces := make([]Part, len(operands))
	for i, o := range operands {
		pieces[i] = Part{o, e.eval(o)}
	}
	if len(pieces) > maxPieces {
		return Value{}
	}
	if !joinsText(pieces) {
		return e.sum(n, pieces)
	}
	v := e.joined(pieces)
	e.keep(n, v)
	e.fireConcat(n, v, pieces)
	return v
}

// maxPieces is the most pieces of a text that is looked at as a whole.
const maxPieces = 1000

// operandsOf takes a chain of + apart, without recursion on its left side. A
// sum in parentheses on a right side stays one operand unless it joins text.
func operandsOf(n *ast.BinaryExpression) []ast.Expression {
	var reversed []ast.Expression
	var left ast.Expression = n
	for {
		b, ok := left.(*ast.BinaryExpression)
		if !ok || b.Operator != token.PLUS {
			reversed = append(reversed, left)
			break
		}
		reversed = append(reversed, b.Right)
		left = b.Left
	}
	var operands []ast.Expression
	for i := len(reversed) - 1; i >= 0; i-- {
		if b, ok := reversed[i].(*ast.BinaryExpression); ok && b.Operator == token.PLUS && (isText(b.Left) || isText(b.Right)) {
			operands = append(operands, operandsOf(b)...)
		} else {
			operands = append(operands, reversed[i])
		}
	}
	return operands
}

func isText(n ast.Expression) bool {
	switch n.(type) {
	case *ast.StringLiteral, *ast.TemplateLiteral:
		return true
	}
	return false
}

// joinsText says whether some operand is a string for sure, or media.
func joinsText(pieces []Part) bool {
	for _, p := range pieces {
		for _, a := range p.Value.atoms {
			if a.Kind != Data {
				continue
			}
			switch a.Vec.vals[0].(type) {
			case string, List:
				return true
			}
		}
	}
	return false
}

// sum is a chain of + without text: of numbers, or nothing known.
func (e *engine) sum(n *ast.BinaryExpression, pieces []Part) Value {
	total := pieces[0].Value
	for _, p := range pieces[1:] {
		scaled, isRatio := total.First(Ratio)
		if !isRatio {
			scaled, isRatio = p.Value.First(Ratio)
		}
		if isRatio {
			return of(scaled)
		}
		total = e.apply("sum", func(a []any) (any, bool) {
			x, ok := a[0].(float64)
			y, ok2 := a[1].(float64)
			return x + y, ok && ok2
		}, total, p.Value)
	}
	return total
}

// joined is the text that pieces make together. What is constant in a row is
// joined at once.
func (e *engine) joined(pieces []Part) Value {
	var whole Value
	var row strings.Builder
	for _, p := range pieces {
		t := e.textual(p.Value)
		if s, ok := soleText(t); ok {
			if row.Len()+len(s) > maxString {
				return Value{}
			}
			row.WriteString(s)
			continue
		}
		whole = e.joinedTo(e.joinedRow(whole, &row), t)
		if !whole.Known() {
			return whole
		}
	}
	return e.joinedRow(whole, &row)
}

// joinedRow adds what was joined in a row, and begins a new one.
func (e *engine) joinedRow(whole Value, row *strings.Builder) Value {
	if row.Len() == 0 && whole.Known() {
		return whole
	}
	s := row.String()
	row.Reset()
	e.work(len(s) / bytesPerStep)
	if !whole.Known() {
		return e.interned(s)
	}
	return e.joinedTo(whole, e.interned(s))
}

func (e *engine) joinedTo(whole, t Value) Value {
	return e.apply("+text", func(a []any) (any, bool) {
		s, ok := a[0].(string)
		t, ok2 := text(a[1])
		return s + t, ok && ok2
	}, whole, t)
}

// soleText is a value that is one constant, as text.
func soleText(v Value) (string, bool) {
	if len(v.atoms) != 1 || v.atoms[0].Kind != Data {
		return "", false
	}
	x, ok := v.atoms[0].Vec.IsConst()
	if !ok {
		return "", false
	}
	return text(x)
}

// textual is a value as part of a text: a Hole where it is not known.
func (e *engine) textual(v Value) Value {
	if v.allText() {
		return v
	}
	var known []Atom
	for _, a := range v.atoms {
		switch {
		case a.Kind == Data && !isRegexp(a.Vec):
			known = append(known, a)
		case a.Kind == URLObject && a.Vec != nil:
			a.Kind = Data
			known = append(known, a)
		}
	}
	if len(known) == 0 {
		return e.interned(Hole)
	}
	return Value{known}
}

// allText says whether a value is nothing that cannot be part of a text as it is.
func (v Value) allText() bool {
	for i := range v.atoms {
		if a := &v.atoms[i]; a.Kind != Data || isRegexp(a.Vec) {
			return false
		}
	}
	return len(v.atoms) > 0
}

func isRegexp(v *Vec) bool {
	_, ok := v.vals[0].(*Regexp)
	return ok
}

// Limits of one concatenation that rules are called with.
const (
	maxParts = 96      // beyond, it is shown in runs that overlap
	maxShown = 4 << 10 // bytes of a text that goes on with +=: of more, its end is
	overlap  = 16      // parts
)

// fireConcat calls the rules for a concatenation, and those for text.
func (e *engine) fireConcat(n ast.Node, v Value, pieces []Part) {
	if !e.reporting {
		return
	}
	flat := flatten(pieces)
	for len(flat) > maxParts {
		run := flat[:maxParts]
		e.fireRun(n, e.joined(run), run)
		flat = flat[maxParts-overlap:]
		v = e.joined(flat[:min(len(flat), maxParts)])
	}
	e.fireRun(n, v, flat)
}

func (e *engine) fireRun(n ast.Node, v Value, run []Part) {
	e.work(len(run))
	e.fire(e.rules.Concat, n, v, run)
	e.fire(e.rules.Text, n, v, run)
}

// ending is the end of a text that has become long: what comes before is not
// known any more.
func ending(v Value) Value {
	for i, a := range v.atoms {
		s, ok := soleText(Value{v.atoms[i : i+1]})
		if ok && len(s) > maxShown {
			a.Vec = Const(Hole + strings.ToValidUTF8(s[len(s)-maxShown/2:], ""))
			v.atoms = append(append(v.atoms[:i:i], a), v.atoms[i+1:]...)
		}
	}
	return v
}

// flatten drops empty pieces.
func flatten(pieces []Part) []Part {
	var flat []Part
	for _, p := range pieces {
		if texts := p.Value.Texts(); len(texts) == 1 && texts[0] == "" && len(p.Value.atoms) == 1 {
			continue
		}
		flat = append(flat, p)
	}
	return flat
}

// template reads a template literal. The text between its holes is given to
// rules as pieces, on nodes of their own.
func (e *engine) template(n *ast.TemplateLiteral) Value {
	if n.Tag != nil {
		tag := e.eval(n.Tag)
		for _, x := range n.Expressions {
			e.eval(x)
		}
		if !isRaw(tag) {
			return Value{}
		}
	}
	var pieces []Part
	for i, el := range n.Elements {
		if el.Literal != "" {
			pieces = append(pieces, Part{el, e.interned(el.Parsed.String())})
		}
		if i < len(n.Expressions) {
			pieces = append(pieces, Part{n.Expressions[i], e.eval(n.Expressions[i])})
		}
	}
	v := e.joined(pieces)
	e.keep(n, v)
	if len(n.Expressions) == 0 {
		e.fire(e.rules.Text, n, v, nil)
	} else {
		e.fireConcat(n, v, pieces)
	}
	return v
}

func isRaw(tag Value) bool {
	b, ok := tag.First(Builtin)
	return ok && b.Name == "String.raw"
}

// appended reads a += b.
func (e *engine) appended(n *ast.AssignExpression, was, more Value) Value {
	pieces := []Part{{n.Left, was}, {n.Right, more}}
	if b, ok := n.Right.(*ast.BinaryExpression); ok && b.Operator == token.PLUS {
		pieces = pieces[:1]
		for _, o := range operandsOf(b) {
			pieces = append(pieces, Part{o, e.valueOrHole(o)})
		}
	}
	if !joinsText(pieces) {
		return e.apply("sum", func(a []any) (any, bool) {
			x, ok := a[0].(float64)
			y, ok2 := a[1].(float64)
			return x + y, ok && ok2
		}, was, more)
	}
	was = ending(was)
	pieces[0].Value = was
	v := e.joined([]Part{{n.Left, was}, {n.Right, more}})
	e.fireConcat(n, v, pieces)
	return v
}

func (e *engine) valueOrHole(n ast.Expression) Value {
	if v := e.valueOf(n); v.Known() {
		return v
	}
	return e.interned(Hole)
}

// listed reads [a, b].join(by) as a concatenation.
func (e *engine) listed(n ast.Node, elements []Part, by string) Value {
	var pieces []Part
	for i, el := range elements {
		if i > 0 && by != "" {
			pieces = append(pieces, Part{nil, e.interned(by)})
		}
		pieces = append(pieces, el)
	}
	v := e.joined(pieces)
	e.fireConcat(n, v, pieces)
	return v
}

// concatenated reads a.concat(b, c).
func (e *engine) concatenated(n *ast.CallExpression, object ast.Expression, this Value, args []Value) Value {
	pieces := []Part{{object, this}}
	for i, a := range args {
		pieces = append(pieces, Part{n.ArgumentList[i], a})
	}
	v := e.joined(pieces)
	e.fireConcat(n, v, pieces)
	return v
}

// Literal is the text of a part, where it is one constant.
func (p Part) Literal() (string, bool) {
	texts := p.Value.Texts()
	if len(texts) != 1 || len(p.Value.atoms) != 1 || strings.Contains(texts[0], Hole) {
		return "", false
	}
	return texts[0], true
}
