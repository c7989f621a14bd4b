package flow

import (
	"slices"

	"github.com/grafana/sobek/ast"
)

// operation is one that was carried out, and on what: a Vec never changes.
type operation struct {
	name    string
	operand [3]*Vec
}

// maxMemo is the most operations that are remembered.
const maxMemo = 5_000

// carried carries out an operation on atoms of Data, or remembers what came of
// it. Code does the same things to the same addresses again and again, and
// every reading of the script once more.
func (e *engine) carried(name string, f func(args []any) (any, bool), chosen []*Atom) *Vec {
	var room [4]*Vec
	vecs := room[:0]
	for _, a := range chosen {
		vecs = append(vecs, a.Vec)
	}
	if name == "" || len(vecs) > len(operation{}.operand) || !slices.ContainsFunc(vecs, sampledVec) {
		return e.lifted(f, vecs)
	}
	op := operation{name: name}
	copy(op.operand[:], vecs)
	vec, known := e.memo[op]
	if !known {
		vec = e.lifted(f, vecs)
		if len(e.memo) < maxMemo {
			e.memo[op] = vec
		}
	}
	return vec
}

func sampledVec(v *Vec) bool { return v.Samples != nil }

// lifted carries out an operation and counts it as work by what it made.
func (e *engine) lifted(f func(args []any) (any, bool), vecs []*Vec) *Vec {
	if len(e.args) < len(vecs) {
		e.args = make([]any, len(vecs))
	}
	vec := lift(f, e.args[:len(vecs)], vecs...)
	if vec != nil {
		e.work(len(vec.vals) + vec.size()/bytesPerStep)
	}
	return vec
}

// literal is the value of a literal, the same each time.
func (e *engine) literal(n ast.Expression) (Value, bool) {
	switch n := n.(type) {
	case *ast.StringLiteral: // most are: a key of one type is found faster
		v, known := e.strings[n]
		if !known {
			v = e.interned(n.Value.String())
			e.strings[n] = v
		}
		return v, true
	case *ast.NumberLiteral, *ast.BooleanLiteral, *ast.NullLiteral, *ast.RegExpLiteral:
	default:
		return Value{}, false
	}
	v, known := e.literals[n]
	if !known {
		v = e.spelled(n)
		e.literals[n] = v
	}
	return v, true
}

// constant is a constant number or regular expression, the same each time, so
// that what is made of it is remembered.
func (e *engine) constant(x any) Value {
	v, known := e.constants[x]
	if !known {
		v = constant(x)
		if len(e.constants) < maxMemo {
			e.constants[x] = v
		}
	}
	return v
}

// interned is a constant text, the same each time, so that what is made of it
// is remembered.
func (e *engine) interned(s string) Value {
	v, known := e.texts[s]
	if !known {
		v = constant(s)
		if len(e.texts) < maxMemo && len(s) < bytesPerStep {
			e.texts[s] = v
		}
	}
	return v
}
