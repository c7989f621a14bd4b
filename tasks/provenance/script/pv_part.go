package script

import (
	"github.com/grafana/sobek/ast"
	"strings"

	"filewarden/tasks/provenance/script/flow"
)

// parts is called with everything that may make something of an address: it
// finds what came out wrong (PV001, PV002, PV008, PV011, PV012), and takes
// back what was put right later.
func parts(s *flow.Site) {
	n, ok := s.Node.(ast.Expression)
	if !ok {
		return
	}
	for _, a := range s.Result.Atoms() {
		if a.Kind != flow.Data || a.Vec.Samples == nil || a.Made != ast.Node(flow.Unwrap(n)) {
			continue
		}
		judge(s, n, a)
	}
}

// judge looks at what an expression made of an address.
func judge(s *flow.Site, n ast.Expression, a flow.Atom) {
	usedToCut(s, n)
	putBack(s, n, a)
	var cause *flow.Finding
	if a.From != nil {
		cause = s.Cause(a.From)
	}
	if surgery(s, n, a, cause) {
		return
	}
	if !a.Vec.Differs(flow.Plain, flow.Marked) {
		if cause != nil && cured(cause.Rule) && a.Vec.Stringy() {
			cause.Dropped = true
		}
		return
	}
	if cause != nil && cause.Rule == "PV002" && (resized(s, n) || lengthWithin(s, n, cause)) {
		cause.Dropped = true // what it is used for takes the query along
		return
	}
	switch {
	case a.Vec.Extension():
		wrongExtension(s, n, cause)
	case a.Vec.NameOf():
		wrongName(s, n, cause)
	case cause != nil:
		s.Blame(n, cause)
	}
}

// usedToCut takes back that a name has the query behind it where it is looked
// for in the address that it is from, as in u.split('/' + name).
func usedToCut(s *flow.Site, n ast.Expression) {
	call, ok := flow.Unwrap(n).(*ast.CallExpression)
	if !ok {
		return
	}
	object, name, _ := flow.Member(call.Callee)
	if name != "replace" && name != "split" && name != "indexOf" && name != "lastIndexOf" || !whole(s, object) {
		return
	}
	for _, a := range s.Of(call.ArgumentList[0]).Atoms() {
		if f := s.Cause(a.Made); a.Made != nil && f != nil && f.Rule == "PV002" {
			f.Dropped = true
		}
	}
}

// putBack takes back that a name has the query behind it where it goes back to
// the address that it is from.
func putBack(s *flow.Site, n ast.Expression, a flow.Atom) {
	if !a.Vec.Address() || !a.Vec.Carries() || a.Vec.Thumbed() || a.Vec.Unthumbed() {
		return
	}
	if cause := causeOf(s, n); cause != nil && cause.Rule == "PV002" {
		cause.Dropped = true
	}
}

// resized says whether n replaces the size in what it is called on.
func resized(s *flow.Site, n ast.Expression) bool {
	call, ok := flow.Unwrap(n).(*ast.CallExpression)
	if !ok || len(call.ArgumentList) < 2 {
		return false
	}
	_, name, _ := flow.Member(call.Callee)
	return name == "replace" && strings.Contains(s.Source(call.ArgumentList[1]), "px")
}

// lengthWithin says whether n is the length of what it cuts itself: how much of
// an address is its folder.
func lengthWithin(s *flow.Site, n ast.Expression, cause *flow.Finding) bool {
	_, name, ok := flow.Member(n)
	start, end := s.Range(n)
	return ok && name == "length" && cause.Start >= start && cause.End <= end
}

// cured says whether a finding is none when the query is cut later.
func cured(id string) bool { return id == "PV001" || id == "PV002" }

func wrongExtension(s *flow.Site, n ast.Expression, cause *flow.Finding) {
	start, end := s.Range(n)
	if cause != nil && cured(cause.Rule) {
		// A name, and then its extension, in one expression: that is the extension.
		if cause.Rule != "PV002" || cause.Start < start || cause.End > end {
			s.Blame(n, cause)
			return
		}
		cause.Dropped = true
	}
	u := subject(s, n)
	at := whereMatched(s, n)
	dropCheck(s, at)
	f := s.Report("PV001", at, parsedName(sourceOr(s, u, "url"))+".split('.').pop()", s.Source(u))
	s.Blame(n, f)
}

func wrongName(s *flow.Site, n ast.Expression, cause *flow.Finding) {
	if cause != nil && cured(cause.Rule) {
		s.Blame(n, cause)
		return
	}
	u := subject(s, n)
	at := whereMatched(s, n)
	dropCheck(s, at)
	f := s.Report("PV002", at, parsedName(sourceOr(s, u, "url")), s.Source(u))
	s.Blame(n, f)
}

// dropCheck takes back that a match fails, where it is known what it is for.
func dropCheck(s *flow.Site, n ast.Node) {
	if f := s.Find("PV003", n); f != nil {
		f.Dropped = true
	}
}

func sourceOr(s *flow.Site, n ast.Expression, otherwise string) string {
	if n == nil {
		return otherwise
	}
	return s.Source(n)
}

// causeOf is the finding about what an expression is made of.
func causeOf(s *flow.Site, n ast.Expression) *flow.Finding {
	for _, operand := range operands(s, n) {
		for _, a := range s.Of(operand).Atoms() {
			if a.Made == nil {
				continue
			}
			if f := s.Cause(a.Made); f != nil {
				return f
			}
		}
	}
	return nil
}

// operands are the expressions that an expression makes its value of.
func operands(s *flow.Site, n ast.Expression) []ast.Expression {
	switch x := flow.Unwrap(n).(type) {
	case *ast.CallExpression:
		object, _, ok := flow.Member(x.Callee)
		if ok {
			return append([]ast.Expression{object}, x.ArgumentList...)
		}
		return x.ArgumentList
	case *ast.BinaryExpression, *ast.TemplateLiteral, *ast.AssignExpression:
		var found []ast.Expression
		for _, p := range s.Parts {
			if e, ok := p.Node.(ast.Expression); ok {
				found = append(found, e)
			}
		}
		return found
	}
	if object, _, ok := flow.Member(n); ok {
		return []ast.Expression{object}
	}
	return nil
}

// whereMatched is the call of match or exec where n reads its groups, which
// may be a line away; else n.
func whereMatched(s *flow.Site, n ast.Expression) ast.Node {
	object, _, ok := flow.Member(n)
	if !ok {
		return n
	}
	for _, a := range s.Of(object).Atoms() {
		if call, isCall := a.Made.(*ast.CallExpression); isCall && a.Vec.Listed() {
			if _, name, _ := flow.Member(call.Callee); name == "match" || name == "exec" {
				return call
			}
		}
	}
	return n
}
