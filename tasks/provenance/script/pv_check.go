package script

import (
	"regexp"
	"strings"

	"github.com/grafana/sobek/ast"
	"github.com/grafana/sobek/token"

	"filewarden/tasks/provenance/script/flow"
)

// matching finds tests of an address that fail for its parameters: PV003 by a
// regular expression, PV005 by a suffix.
func matching(s *flow.Site) {
	call, method, ok := s.Method()
	if !ok {
		return
	}
	if cause := causeOf(s, call); cause != nil {
		switch method.Name {
		case "test", "match", "search", "includes", "indexOf", "inArray", "has", "endsWith", "startsWith":
			tested(s, cause)
		}
		return
	}
	switch method.Name {
	case "endsWith":
		if flow.Fails(s.Result) {
			reportCheck(s, "PV005", call)
		}
	case "test":
		if flow.Fails(s.Result) {
			reportCheck(s, "PV003", call)
		}
	case "match", "exec":
		if lost(s.Result) {
			reportCheck(s, "PV003", call)
		}
	case "replace":
		if unreplaced(s, method) {
			reportCheck(s, "PV003", call)
		}
	}
}

// reportCheck reports a test of an address; the path alone can be tested.
func reportCheck(s *flow.Site, id string, n ast.Expression) {
	u := subject(s, n)
	s.Report(id, n, rewritten(s, n, u, pathname(sourceOr(s, u, "url"))), s.Source(u))
}

// lost says whether a match that was there without parameters is not with them.
func lost(v flow.Value) bool {
	for _, a := range v.Atoms() {
		if a.Kind == flow.Data && a.Vec.Lost() {
			return true
		}
	}
	return false
}

// unreplaced says whether a replacement is made in an address without
// parameters, and is not in the same with them.
func unreplaced(s *flow.Site, method flow.Method) bool {
	for _, before := range s.Of(method.Object).Atoms() {
		if before.Kind != flow.Data || !before.Vec.Carries() {
			continue
		}
		for _, after := range s.Result.Atoms() {
			if after.Kind == flow.Data && flow.Spared(before.Vec, after.Vec) {
				return true
			}
		}
	}
	return false
}

// comparing finds comparisons with a piece of an address (PV005, PV003) and of
// whole addresses (PV006).
func comparing(s *flow.Site) {
	n, ok := s.Node.(*ast.BinaryExpression)
	if !ok {
		return
	}
	if n.Operator == token.IN {
		identityIn(s, n)
		return
	}
	for _, side := range []ast.Expression{n.Left, n.Right} {
		for _, a := range s.Of(side).Atoms() {
			if a.Made == nil || s.Cause(a.Made) == nil {
				continue
			}
			tested(s, s.Cause(a.Made))
			return
		}
	}
	if flow.Differs(s.Result, flow.Plain, flow.Marked) {
		if id := checkBy(s, n); id != "" {
			reportCheck(s, id, n)
			return
		}
	}
	identityCompare(s, n)
}

// counted is the end of a text by its length.
var counted = regexp.MustCompile(`\.(?:slice|substr|substring)\(\s*(?:-\s*\d|[\w$.]+\.length\s*-\s*\d)`)

// tested says that the end of an address was cut to be compared: that is a
// test of the suffix, and no extension read.
func tested(s *flow.Site, cause *flow.Finding) {
	code := s.Script()[cause.Start:cause.End]
	if cause.Rule != "PV001" || !counted.MatchString(code) {
		return
	}
	u := cause.Args[0]
	cause.Rule, cause.Fix = "PV005", strings.Replace(code, u, pathname(u), 1)
}

// checkBy tells by what method the piece was cut that is compared.
func checkBy(s *flow.Site, n *ast.BinaryExpression) string {
	for _, side := range []ast.Expression{n.Left, n.Right} {
		for _, a := range s.Of(side).Atoms() {
			if a.Made == nil {
				continue
			}
			switch made := a.Made.(type) {
			case *ast.CallExpression:
				_, name, _ := flow.Member(made.Callee)
				switch name {
				case "search", "match", "exec":
					return "PV003"
				case "slice", "substr", "substring", "lastIndexOf", "charAt", "at", "toLowerCase", "toUpperCase":
					return "PV005"
				}
			case *ast.BinaryExpression, *ast.BracketExpression:
				return "PV005"
			}
		}
	}
	return ""
}
