package flow

import (
	"unicode/utf8"

	"github.com/grafana/sobek/ast"
	"github.com/grafana/sobek/token"
)

// outwards moves the start of a node over what the parser leaves out of it:
// nothing so far but the parentheses that it opens inside.
func (e *engine) outwards(_ ast.Node, start int) int { return start }

// identifierEnd moves the end of a node to the end of the name in which it
// lies: the parser counts characters beyond ASCII in its own way.
func (e *engine) identifierEnd(end int) int {
	for end > 0 && end < len(e.text) {
		r, n := utf8.DecodeRuneInString(e.text[end:])
		if r < utf8.RuneSelf {
			break
		}
		end += n
	}
	return end
}

// narrow uses what a condition says about a variable: that it is a picture.
func (e *engine) narrow(test ast.Expression, holds bool) { e.narrowIn(test, holds, maxNarrow) }

// maxNarrow is how many conditions within each other are looked at.
const maxNarrow = 8

func (e *engine) narrowIn(test ast.Expression, holds bool, levels int) {
	if levels == 0 {
		return
	}
	switch t := unwrap(test).(type) {
	case *ast.BinaryExpression:
		if t.Operator == token.LOGICAL_AND && holds || t.Operator == token.LOGICAL_OR && !holds {
			e.narrowIn(t.Left, holds, levels-1)
			e.narrowIn(t.Right, holds, levels-1)
			return
		}
		same := t.Operator == token.EQUAL || t.Operator == token.STRICT_EQUAL
		different := t.Operator == token.NOT_EQUAL || t.Operator == token.STRICT_NOT_EQUAL
		if same && holds || different && !holds {
			e.narrowTag(t.Left, single(e.valueOf0(t.Right)))
		}
	case *ast.UnaryExpression:
		if t.Operator == token.NOT {
			e.narrowIn(t.Operand, !holds, levels-1)
		}
	case *ast.CallExpression:
		object, name, ok := member(t.Callee)
		if ok && holds && (name == "matches" || name == "is") && len(t.ArgumentList) > 0 {
			if a, ok := e.selector(single(e.valueOf0(t.ArgumentList[0]))); ok {
				e.narrowTo(object, a)
			}
		}
	}
}

func (e *engine) narrowTag(left ast.Expression, tag string) {
	object, name, ok := member(left)
	if call, isCall := left.(*ast.CallExpression); isCall {
		if inner, method, ok2 := member(call.Callee); ok2 && (method == "toLowerCase" || method == "toUpperCase") {
			object, name, ok = member(inner)
		}
	}
	if !ok || name != "tagName" && name != "nodeName" && name != "localName" {
		return
	}
	if a, ok := e.selector(tag); ok {
		a.Kind = Element
		e.narrowTo(object, a)
	}
}

func (e *engine) narrowTo(object ast.Expression, a Atom) {
	id, ok := object.(*ast.Identifier)
	if !ok {
		return
	}
	if v := e.lookup(id.Name); v != nil && v.owner == e.activation.fn {
		if held := e.held(v); !held.Is(Element) && !held.Is(Selection) {
			if a.Kind == Selection {
				a.Kind = Element
			}
			e.activation.set(v, of(a))
		}
	}
}
