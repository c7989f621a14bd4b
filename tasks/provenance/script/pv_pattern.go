package script

import (
	"github.com/grafana/sobek/ast"

	"filewarden/tasks/provenance/script/flow"
)

// destructured finds names and extensions that a pattern takes out of an
// array: const [ , ext ] = u.match( /\.(\w+)$/ ).
func destructured(s *flow.Site) {
	left, right, _ := s.Target()
	pattern, ok := left.(*ast.ArrayPattern)
	if !ok {
		return
	}
	alone := len(pattern.Elements)-holes(pattern.Elements) == 1
	for i, x := range pattern.Elements {
		if x == nil {
			continue
		}
		for _, a := range s.Element(right, i).Atoms() {
			if a.Kind == flow.Data && a.Vec.Samples != nil && a.Vec.Differs(flow.Plain, flow.Marked) {
				takenOut(s, right, a, alone)
			}
		}
	}
}

// holes is how many places of a pattern are left out.
func holes(elements []ast.Expression) int {
	n := 0
	for _, x := range elements {
		if x == nil {
			n++
		}
	}
	return n
}

// takenOut judges one element that a pattern takes out of an array. A name that
// is taken out along with other pieces is put together with them again.
func takenOut(s *flow.Site, right ast.Expression, a flow.Atom, alone bool) {
	id, u := "PV001", subject(s, right)
	fix := parsedName(sourceOr(s, u, "url"))
	switch {
	case causeWithin(s, right) != nil:
		return
	case a.Vec.Extension():
		fix += ".split('.').pop()"
	case alone && a.Vec.NameOf():
		id = "PV002"
	default:
		return
	}
	at := ast.Node(right)
	for _, from := range s.Of(right).Atoms() {
		if call, ok := from.Made.(*ast.CallExpression); ok {
			at = call
		}
	}
	dropCheck(s, at)
	f := s.Report(id, at, fix, s.Source(u))
	if a.Made != nil {
		s.Blame(a.Made, f)
	}
}

// causeWithin is the finding about an expression, or about what it is made of.
func causeWithin(s *flow.Site, n ast.Expression) *flow.Finding {
	for _, a := range s.Of(n).Atoms() {
		if a.Made != nil {
			if f := s.Cause(a.Made); f != nil {
				return f
			}
		}
	}
	return causeOf(s, n)
}
