package script

import (
	"regexp"
	"strings"

	"github.com/grafana/sobek/ast"

	"filewarden/tasks/provenance/script/flow"
)

// stored is PV015: an address kept for later.
func stored(s *flow.Site, n ast.Expression) {
	if _, ok := s.Of(n).Whole(); ok {
		s.Report("PV015", s.Node, rewritten(s, s.Node, n, parsedName(s.Source(n))), s.Source(n))
	}
}

// displayedLoad remembers what elements load, for PV016, and finds PV017.
func displayedLoad(s *flow.Site, object ast.Expression, name string, right ast.Expression) {
	if name != "src" {
		return
	}
	preloaded(s, object, right)
	enlarged(s, object, right)
}

// setCall is PV016 by setAttribute('crossorigin') and XHR.
func setCall(s *flow.Site) {
	_, method, ok := s.Method()
	if !ok {
		if calleeOf(s) == "fetch" {
			if call, isCall := s.Node.(*ast.CallExpression); isCall && len(call.ArgumentList) > 0 {
				requested(s, call.ArgumentList[0])
			}
		}
		return
	}
	if method.Name == "open" && len(method.Args) > 1 {
		requested(s, method.Args[1])
	}
	switch calleeOf(s) {
	case "window.fetch", "$.get", "$.ajax":
		if len(method.Args) > 0 {
			requested(s, urlOf(method.Args[0]))
		}
	}
}

// urlOf is the address among the options of a request.
func urlOf(n ast.Expression) ast.Expression {
	if options, ok := n.(*ast.ObjectLiteral); ok {
		if url := valuesOf(options)["url"]; url != nil {
			return url
		}
	}
	return n
}

// valuesOf are the properties of an object literal whose names are spelled out.
func valuesOf(n *ast.ObjectLiteral) map[string]ast.Expression {
	found := map[string]ast.Expression{}
	for _, p := range n.Value {
		keyed, ok := p.(*ast.PropertyKeyed)
		if !ok {
			continue
		}
		found[keyName(keyed)] = keyed.Value
	}
	return found
}

// keyName is the name of a property, where it is spelled out.
func keyName(p *ast.PropertyKeyed) string {
	switch k := p.Key.(type) {
	case *ast.StringLiteral:
		return k.Value.String()
	case *ast.Identifier:
		return k.Name.String()
	}
	return ""
}

// setByObject is what an element is given by an object of attributes:
// $('<img>', { crossorigin: 'anonymous', src: u }).
func setByObject(s *flow.Site, n *ast.ObjectLiteral) {
	call, ok := s.Parent(0).(*ast.CallExpression)
	if !ok || !attributes.MatchString(s.Source(call.Callee)) {
		return
	}
	values := valuesOf(n)
	src := values["src"]
	if src == nil {
		return
	}
	kind := "plain"
	if values["crossorigin"] != nil || values["crossOrigin"] != nil {
		kind = "cors"
	}
	rememberLoad(s, kind, src)
	enlarged(s, nil, src)
}

// attributes are the functions that take attributes or properties as an object.
var attributes = regexp.MustCompile(`(?:^|[^\w$])(?:\$|jQuery|attr|prop|Object\.assign)$`)

// requested remembers an address that was asked for by script.
func requested(s *flow.Site, n ast.Expression) {
	if a, ok := s.Of(n).Whole(); ok {
		s.Remember("cors", flow.Note{Node: s.Node, Text: s.Source(n), Origin: a.Node})
		pairLoads(s)
	}
}

// nested says whether two nodes are in one function, or one of them in a
// function within that of the other.
func nested(s *flow.Site, a, b ast.Node) bool {
	f, g := s.Function(a), s.Function(b)
	if f == nil || g == nil {
		return true // the script is around every function
	}
	within := func(n, f ast.Node) bool { return n.Idx0() >= f.Idx0() && n.Idx1() <= f.Idx1() }
	return within(a, g) || within(b, f)
}

// preloaded remembers what an element loads: in the mode of another origin, or plainly.
func preloaded(s *flow.Site, object, right ast.Expression) {
	kind := "plain"
	for _, a := range s.Of(object).Atoms() {
		if a.Thing == nil {
			continue
		}
		for _, name := range []string{"crossOrigin", "crossorigin"} {
			if _, ok := a.Thing.Fields[name]; ok {
				kind = "cors"
			}
		}
	}
	rememberLoad(s, kind, right)
}

func rememberLoad(s *flow.Site, kind string, n ast.Expression) {
	if address, ok := s.Of(n).Whole(); ok {
		s.Remember(kind, flow.Note{Node: s.Node, Text: s.Source(n), Origin: address.Node})
		pairLoads(s)
	}
}

// pairLoads is PV016: the same address loaded in both ways.
func pairLoads(s *flow.Site) {
	for _, cors := range s.Remembered("cors") {
		for _, plain := range s.Remembered("plain") {
			if sameAddress(s, cors, plain) {
				s.Report("PV016", cors.Node, s.Source(plain.Node), plain.Text)
			}
		}
	}
}

// sameAddress says whether two places load the same address: read at one
// place, or in the same way within one function.
func sameAddress(s *flow.Site, a, b flow.Note) bool {
	if a.Origin == nil || b.Origin == nil {
		return a.Text == b.Text && s.Function(a.Node) == s.Function(b.Node)
	}
	if a.Origin == b.Origin {
		return true
	}
	if !nested(s, a.Origin, b.Origin) {
		return false
	}
	return s.Source(a.Origin) == s.Source(b.Origin) || sameBase(a.Text, b.Text)
}

// sameBase says whether one address is read off the element that loads the other: pre.src.
func sameBase(a, b string) bool {
	return strings.HasSuffix(b, ".src") && a == strings.TrimSuffix(b, ".src") || strings.HasSuffix(a, ".src") && b == strings.TrimSuffix(a, ".src")
}

// harmless are names of functions that do not make the address of another
// picture of an address.
var harmless = regexp.MustCompile(`(?i)(encode|decode|escape|clean|strip|normali[sz]e|String|abs|proxy|secure|https|without|remove|purge|trim|data|blob|raw)`)

// enlarged is PV017: big.src = larger(small.src), at once or by a variable.
func enlarged(s *flow.Site, object, right ast.Expression) {
	call, ok := flow.Unwrap(right).(*ast.CallExpression)
	if !ok {
		call, ok = flow.Unwrap(s.Definition(right)).(*ast.CallExpression)
	}
	if !ok || harmless.MatchString(calledName(s, call)) {
		return
	}
	for _, arg := range call.ArgumentList {
		shown, ok := displayedSrc(s, arg)
		if !ok || object != nil && s.Source(shown) == s.Source(object) {
			continue
		}
		source := s.Source(shown)
		s.Report("PV017", s.Node, rewritten(s, s.Node, arg, current(s, arg, shown)), source)
		return
	}
}

func calledName(s *flow.Site, call *ast.CallExpression) string {
	name := s.Source(call.Callee)
	return name[strings.LastIndexByte(name, '.')+1:]
}

// displayedSrc says whether an expression asks an element that is displayed
// for its src, and which.
func displayedSrc(s *flow.Site, n ast.Expression) (object ast.Expression, ok bool) {
	a, isAddress := s.Of(n).Whole()
	if !isAddress || !a.Has(flow.Displayed) || a.Has(flow.Current) || a.Made != nil {
		return nil, false
	}
	if call, isCall := flow.Unwrap(n).(*ast.CallExpression); isCall {
		object, name, isMethod := flow.Member(call.Callee)
		return object, isMethod && (name == "attr" || name == "prop" || name == "getAttribute")
	}
	object, name, isMember := flow.Member(n)
	if isMember && name == "src" {
		return object, true
	}
	if def := s.Definition(n); def != nil {
		return displayedSrc(s, def)
	}
	return nil, false
}

// current is the code for what is displayed.
func current(s *flow.Site, arg, shown ast.Expression) string {
	source := s.Source(shown)
	if _, isCall := flow.Unwrap(arg).(*ast.CallExpression); isCall && !strings.Contains(s.Source(arg), "getAttribute") {
		return source + "[0].currentSrc || " + s.Source(arg)
	}
	return source + ".currentSrc || " + source + ".src"
}
