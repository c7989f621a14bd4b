package script

import (
	"github.com/grafana/sobek/ast"

	"filewarden/tasks/provenance/script/flow"
)

// provenanceRules are the rules PV001 to PV013 and PV015 to PV017.
func provenanceRules(r *flow.Rules) {
	r.Call = append(r.Call, parts, matching, decoding, identityCall, sinkCall, setCall)
	r.Member = append(r.Member, parts, identityKey)
	r.Concat = append(r.Concat, parts, appended, hashPath, thumbScript, sinkMarkup, identitySelector)
	r.Compare = append(r.Compare, comparing)
	r.Assign = append(r.Assign, sinkAssign, destructured)
	r.Object = append(r.Object, sinkObject)
	r.Text = append(r.Text, suffixSelector)
}

// subject is the expression within n that holds the whole address: img.src of
// img.src.split('.').pop(). Where a variable holds a part of it, that variable.
func subject(s *flow.Site, n ast.Expression) ast.Expression {
	var part ast.Expression
	for n != nil {
		v := s.Of(n)
		if _, whole := v.Whole(); whole {
			return n
		}
		if _, some := v.Media(); some {
			part = n
		}
		switch x := flow.Unwrap(n).(type) {
		case *ast.CallExpression:
			object, _, ok := flow.Member(x.Callee)
			switch {
			case ok && (holdsMedia(s, object) || len(x.ArgumentList) == 0):
				n = object
			case len(x.ArgumentList) > 0:
				n = x.ArgumentList[0]
			default:
				return part
			}
		default:
			object, _, ok := flow.Member(n)
			if !ok {
				object = s.Definition(n)
			}
			if object == nil {
				return part
			}
			n = object
		}
	}
	return part
}

// holdsMedia says whether an expression, or what it is called on, is about an address.
func holdsMedia(s *flow.Site, n ast.Expression) bool {
	for _, a := range s.Of(n).Atoms() {
		if a.Kind == flow.URLObject || a.Kind == flow.Data && a.Vec.Samples != nil {
			return true
		}
	}
	return false
}

// rewritten is the source of n with the expression within it replaced.
func rewritten(s *flow.Site, n ast.Node, inner ast.Expression, with string) string {
	if inner == nil {
		return s.Source(n)
	}
	start, end := s.Range(n)
	from, to := s.Range(inner)
	if from < start || to > end {
		return s.Source(n)
	}
	text := s.Script()
	return text[start:from] + with + text[to:end]
}

// pathname is how the path of an address is asked for.
func pathname(source string) string { return "new URL(" + source + ", location).pathname" }

// parsedName is how the name of the file is asked for.
func parsedName(source string) string { return "mw.util.parseImageUrl(" + source + ").name" }
