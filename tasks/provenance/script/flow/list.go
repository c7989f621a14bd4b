package flow

import (
	"slices"

	"github.com/grafana/sobek/ast"
	"github.com/grafana/sobek/token"
)

// listMethods are methods of arrays that leave the array as it is.
var listMethods = map[string]func(l List, args []any) (any, bool){
	"slice":    sliceList,
	"join":     joinList,
	"concat":   concatList,
	"at":       elementAt,
	"indexOf":  func(l List, a []any) (any, bool) { return indexIn(l, a) },
	"includes": func(l List, a []any) (any, bool) { at, ok := indexIn(l, a); return at != float64(-1), ok },
	"toString": func(l List, _ []any) (any, bool) { s, ok := join(l, ","); return s, ok },
}

// listChanges are methods of arrays that change it: what they return, and what
// the array is afterwards.
var listChanges = map[string]func(l List, args []any) (result any, after List, ok bool){
	"pop": func(l List, _ []any) (any, List, bool) {
		if len(l) == 0 {
			return Undefined{}, l, true
		}
		return l[len(l)-1], l[:len(l)-1], true
	},
	"shift": func(l List, _ []any) (any, List, bool) {
		if len(l) == 0 {
			return Undefined{}, l, true
		}
		return l[0], l[1:], true
	},
	"push": func(l List, a []any) (any, List, bool) {
		after := append(l[:len(l):len(l)], a...)
		return float64(len(after)), after, true
	},
	"unshift": func(l List, a []any) (any, List, bool) {
		after := append(append(List{}, a...), l...)
		return float64(len(after)), after, true
	},
	"reverse": func(l List, _ []any) (any, List, bool) {
		after := make(List, len(l))
		for i, e := range l {
			after[len(l)-1-i] = e
		}
		return after, after, true
	},
	"splice": splice,
}

func splice(l List, a []any) (any, List, bool) {
	from, ok := integer(a, 0, 0)
	count, ok2 := integer(a, 1, len(l))
	if !ok || !ok2 || len(a) == 0 {
		return nil, nil, false
	}
	from = place(from, len(l), true)
	to := min(len(l), from+max(0, count))
	after := append(List{}, l[:from]...)
	if len(a) > 2 {
		after = append(after, a[2:]...)
	}
	return append(List{}, l[from:to]...), append(after, l[to:]...), true
}

func sliceList(l List, a []any) (any, bool) {
	from, ok := integer(a, 0, 0)
	to, ok2 := integer(a, 1, len(l))
	from, to = place(from, len(l), true), place(to, len(l), true)
	if !ok || !ok2 {
		return nil, false
	}
	if from > to {
		return List{}, true
	}
	return l[from:to:to], true
}

func joinList(l List, a []any) (any, bool) {
	by := ","
	if len(a) > 0 {
		s, ok := a[0].(string)
		if !ok {
			return nil, false
		}
		by = s
	}
	s, ok := join(l, by)
	return s, ok
}

func concatList(l List, a []any) (any, bool) {
	out := append(List{}, l...)
	for _, x := range a {
		if more, ok := x.(List); ok {
			out = append(out, more...)
		} else {
			out = append(out, x)
		}
	}
	return out, true
}

func elementAt(l List, a []any) (any, bool) {
	at, ok := integer(a, 0, 0)
	if at < 0 {
		at += len(l)
	}
	if at < 0 || at >= len(l) {
		return Undefined{}, ok
	}
	return l[at], ok
}

func indexIn(l List, a []any) (any, bool) {
	if len(a) == 0 {
		return nil, false
	}
	for i, e := range l {
		if scalar(e) && scalar(a[0]) && e == a[0] {
			return float64(i), true
		}
	}
	return float64(-1), true
}

// scalar says whether a value can be compared by Go's ==.
func scalar(x any) bool {
	_, list := x.(List)
	return !list
}

// filtered is parts.filter( ( p ) => p !== 'thumb' ): an array without one text.
// What other functions leave of it is not known.
func (e *engine) filtered(c *callSite, this Value) Value {
	if len(c.nodes) == 0 {
		return Value{}
	}
	unlike, ok := unlikeText(c.nodes[0])
	if !ok {
		return Value{}
	}
	return e.apply("", func(x []any) (any, bool) {
		l, ok := x[0].(List)
		return List(slices.DeleteFunc(slices.Clone(l), func(el any) bool { return scalar(el) && el == unlike })), ok
	}, this)
}

// unlikeText is the text for which a function says no, and for no other.
func unlikeText(f ast.Expression) (string, bool) {
	var said ast.Expression
	switch f := f.(type) {
	case *ast.ArrowFunctionLiteral:
		if b, ok := f.Body.(*ast.ExpressionBody); ok {
			said = b.Expression
		}
	case *ast.FunctionLiteral:
		if len(f.Body.List) == 1 {
			if r, ok := f.Body.List[0].(*ast.ReturnStatement); ok {
				said = r.Argument
			}
		}
	}
	b, ok := said.(*ast.BinaryExpression)
	if !ok || b.Operator != token.NOT_EQUAL && b.Operator != token.STRICT_NOT_EQUAL {
		return "", false
	}
	text, ok := b.Right.(*ast.StringLiteral)
	if _, plain := b.Left.(*ast.Identifier); !ok || !plain {
		return "", false
	}
	return text.Value.String(), true
}
