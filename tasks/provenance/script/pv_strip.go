package script

import (
	"strings"

	"github.com/grafana/sobek/ast"
	"github.com/grafana/sobek/token"

	"filewarden/tasks/provenance/script/flow"
)

// stripped is PV007, where an address without its parameters is loaded or
// stored: the place that is reported is the one where they were cut.
func stripped(s *flow.Site, v flow.Value, used ast.Node) {
	for _, a := range v.Atoms() {
		if a.Kind != flow.Data && a.Kind != flow.URLObject || a.Vec == nil || a.Vec.Samples == nil || !a.Vec.Address() || a.Vec.Carries() {
			continue
		}
		if a.Made == nil || s.Cause(a.Made) != nil {
			continue
		}
		var fix string
		if n, ok := a.Made.(ast.Expression); ok {
			fix = sourceOr(s, subject(s, n), "")
		}
		if fix == "" {
			fix = s.Source(used) + " // with its parameters"
		}
		at := a.Made
		if !s.SameFunction(at) {
			at = used
		}
		s.Report("PV007", at, fix, fix)
	}
}

// sinkAssign is where an assignment loads or stores: x.src = u, a.href = u,
// localStorage.k = u, style.backgroundImage = 'url(' + u + ')'.
func sinkAssign(s *flow.Site) {
	left, right, op := s.Target()
	if b, ok := left.(*ast.BracketExpression); ok && whole(s, b.Member) {
		s.Report("PV006", b, rewritten(s, b, b.Member, parsedName(s.Source(b.Member))), s.Source(b.Member))
	}
	object, name, ok := flow.Member(left)
	if !ok || op != token.ASSIGN {
		return
	}
	switch {
	case loads(name), name == "location", strings.HasPrefix(name, "background"):
		stripped(s, s.Of(right), right)
		displayedLoad(s, object, name, right)
	case isStorage(s.Of(object)):
		stripped(s, s.Of(right), right)
		stored(s, right)
	}
}

// loads says whether a property or attribute of that name loads its value.
func loads(name string) bool {
	switch name {
	case "src", "srcset", "href", "poster", "data-src", "image", "imageUrl", "thumb", "thumbnail", "original":
		return true
	}
	return false
}

func isStorage(v flow.Value) bool {
	b, ok := v.First(flow.Builtin)
	return ok && (b.Name == "localStorage" || b.Name == "sessionStorage" || strings.HasPrefix(b.Name, "mw.storage"))
}

// sinkCall is where a call loads or stores.
func sinkCall(s *flow.Site) {
	var args []ast.Expression
	switch n := s.Node.(type) {
	case *ast.CallExpression:
		args = n.ArgumentList
	case *ast.NewExpression:
		args = n.ArgumentList
	}
	if len(args) == 0 {
		return
	}
	callee := calleeOf(s)
	if name, ok := sinkArgument[callee]; ok && name < len(args) {
		stripped(s, s.Of(args[name]), args[name])
	}
	_, method, ok := s.Method()
	if !ok || len(args) < 2 {
		return
	}
	switch method.Name {
	case "attr", "prop", "setAttribute":
		if attribute := s.Of(args[0]).Texts(); len(attribute) == 1 && loads(attribute[0]) {
			stripped(s, s.Of(args[1]), args[1])
			for _, f := range s.Of(args[1]).Atoms() {
				if f.Kind == flow.Function {
					stripped(s, f.Func.Return, args[1])
				}
			}
			displayedLoad(s, method.Object, attribute[0], args[1])
		}
	case "css":
		if property := s.Of(args[0]).Texts(); len(property) == 1 && strings.HasPrefix(property[0], "background") {
			stripped(s, s.Of(args[1]), args[1])
		}
	case "set", "setItem", "setObject":
		if isStorage(s.Of(method.Object)) {
			stripped(s, s.Of(args[1]), args[1])
			stored(s, args[1])
		}
	case "open":
		stripped(s, s.Of(args[0]), args[0])
		stripped(s, s.Of(args[1]), args[1])
	}
}

// sinkArgument says which argument of a known function is loaded.
var sinkArgument = map[string]int{
	"fetch": 0, "window.open": 0, "open": 0, "location.assign": 0, "location.replace": 0, "$.get": 0, "$.ajax": 0,
	"navigator.clipboard.writeText": 0,
}

// calleeOf is the name of the known global that is called.
func calleeOf(s *flow.Site) string {
	switch n := s.Node.(type) {
	case *ast.CallExpression:
		if b, ok := s.Of(flow.Unwrap(n.Callee)).First(flow.Builtin); ok {
			return b.Name
		}
	case *ast.NewExpression:
		if b, ok := s.Of(n.Callee).First(flow.Builtin); ok {
			return b.Name
		}
	}
	return ""
}

// sinkObject is where an object says what to load: $('<img>', { src: u }).
func sinkObject(s *flow.Site) {
	n, ok := s.Node.(*ast.ObjectLiteral)
	if !ok {
		return
	}
	for _, p := range n.Value {
		if keyed, ok := p.(*ast.PropertyKeyed); ok {
			name := keyName(keyed)
			if loads(name) || name == "url" {
				stripped(s, s.Of(keyed.Value), keyed.Value)
			}
		}
	}
	setByObject(s, n)
}

// sinkMarkup is where text says what to load: '<img src="' + u + '">', and
// 'url(' + u + ')' of a style.
func sinkMarkup(s *flow.Site) {
	for i := 1; i < len(s.Parts); i++ {
		for _, before := range s.Parts[i-1].Value.Texts() {
			before = strings.TrimRight(before, `"'\ `)
			if strings.HasSuffix(before, "src=") || strings.HasSuffix(before, "href=") || strings.HasSuffix(before, "url(") || strings.HasSuffix(before, "srcset=") {
				stripped(s, s.Parts[i].Value, s.Parts[i].Node)
				if n, ok := s.Parts[i].Node.(ast.Expression); ok && !strings.HasSuffix(before, "href=") {
					enlarged(s, nil, n)
				}
			}
		}
	}
}

// decoding is PV009: a whole address decoded, and what came of it taken apart.
func decoding(s *flow.Site) {
	for _, n := range consumed(s) {
		for _, a := range s.Of(n).Atoms() {
			call, ok := a.Made.(*ast.CallExpression)
			if !ok || a.Kind != flow.Data || !a.Vec.Address() || !isDecoder(s, call) || len(call.ArgumentList) == 0 || !whole(s, call.ArgumentList[0]) {
				continue
			}
			u := s.Source(call.ArgumentList[0])
			s.Report("PV009", call, "decodeURIComponent("+pathname(u)+".split('/').pop())", u)
		}
	}
}

// consumed are the expressions that a call takes apart.
func consumed(s *flow.Site) []ast.Expression {
	_, method, ok := s.Method()
	if !ok {
		if n, isNew := s.Node.(*ast.NewExpression); isNew {
			return n.ArgumentList
		}
		return nil
	}
	switch method.Name {
	case "split", "match", "replace", "slice", "substring", "substr", "indexOf", "lastIndexOf", "search", "includes", "endsWith":
		return []ast.Expression{method.Object}
	case "test", "exec", "parseImageUrl":
		return method.Args
	}
	return nil
}

func isDecoder(s *flow.Site, call *ast.CallExpression) bool {
	name := s.Source(call.Callee)
	name = name[strings.LastIndexByte(name, '.')+1:]
	return strings.HasPrefix(name, "decodeURI") || name == "unescape"
}
