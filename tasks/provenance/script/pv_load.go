package script

import (
	"regexp"
	"strings"

	"github.com/grafana/sobek/ast"
	"github.com/grafana/sobek/token"

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
			requested(s, method.Args[0])
		}
	}
}

// requested remembers an address that was asked for by script.
func requested(s *flow.Site, n ast.Expression) {
	if whole(s, n) {
		s.Remember("cors", s.Node, s.Source(n))
		pairLoads(s)
	}
}

// preloaded remembers what an element loads: in the mode of another origin, or plainly.
func preloaded(s *flow.Site, object, right ast.Expression) {
	if !whole(s, right) {
		return
	}
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
	s.Remember(kind, s.Node, s.Source(right))
	pairLoads(s)
}

// pairLoads is PV016: the same address loaded in both ways.
func pairLoads(s *flow.Site) {
	for _, cors := range s.Remembered("cors") {
		for _, plain := range s.Remembered("plain") {
			if cors.Text == plain.Text || sameBase(cors.Text, plain.Text) {
				f := s.Report("PV016", cors.Node, s.Source(plain.Node), plain.Text)
				_ = f
			}
		}
	}
}

// sameBase says whether one address is read off the element that loads the other: pre.src.
func sameBase(a, b string) bool {
	return strings.HasSuffix(b, ".src") && a == strings.TrimSuffix(b, ".src") || strings.HasSuffix(a, ".src") && b == strings.TrimSuffix(a, ".src")
}

// enlarging are names of functions that make the address of a larger picture.
var enlarging = regexp.MustCompile(`(?i)(larger|bigger|big|full|hires|highres|orig|enlarge|guess|upscale|resize|zoom|scale)`)

// enlarged is PV017: big.src = larger(small.src).
func enlarged(s *flow.Site) {
	call, ok := s.Node.(*ast.CallExpression)
	if !ok || len(call.ArgumentList) == 0 {
		return
	}
	name := s.Source(call.Callee)
	name = name[strings.LastIndexByte(name, '.')+1:]
	if !enlarging.MatchString(name) || !loadedByParent(s, call) {
		return
	}
	first := call.ArgumentList[0]
	object, property, ok := flow.Member(first)
	if !ok || property != "src" {
		return
	}
	a, ok := s.Of(first).Whole()
	if !ok || !a.Has(flow.Displayed) || a.Has(flow.Current) {
		return
	}
	source := s.Source(object)
	s.Report("PV017", call, rewritten(s, call, first, source+".currentSrc || "+source+".src"), source)
}

// loadedByParent says whether an expression is what is assigned to some src.
func loadedByParent(s *flow.Site, n ast.Expression) bool {
	switch p := s.Parent(0).(type) {
	case *ast.AssignExpression:
		_, name, ok := flow.Member(p.Left)
		return ok && p.Operator == token.ASSIGN && (name == "src" || name == "href")
	case *ast.CallExpression:
		_, name, ok := flow.Member(p.Callee)
		return ok && (name == "attr" || name == "prop" || name == "setAttribute")
	}
	return false
}
