package script

import (
	"regexp"
	"strings"

	"github.com/grafana/sobek/ast"
	"github.com/grafana/sobek/token"

	"filewarden/tasks/provenance/script/flow"
)

// resizeURL is TS002 and TS007 on p.resizeUrl(w), where p is what
// mw.util.parseImageUrl gave.
func (t *thumbs) resizeURL(s *flow.Site) {
	call, ok := s.Node.(*ast.CallExpression)
	if !ok || len(call.ArgumentList) == 0 {
		return
	}
	parsed, resizer, ok := resizerOf(s, call)
	if !ok {
		return
	}
	start, end := s.Range(call)
	if from, _ := s.Range(call.ArgumentList[0]); !sameLine(s, start, from) {
		start = from
	}
	arg := call.ArgumentList[0]
	z := sizeOf(s, arg, s.Of(arg))
	t.menus.use(s, z)
	if !z.standard {
		t.reportSize(s, z, start, end, "src")
	}
	g := guards{s, parsed, resizer}
	if !g.callable(call) || !g.narrower(arg) {
		s.ReportAt("TS007", start, end, g.mended(arg))
	}
}

// resizerOf finds what an address was parsed into, and its resizeUrl, as code.
func resizerOf(s *flow.Site, call *ast.CallExpression) (parsed, resizer string, ok bool) {
	object, name, isMember := flow.Member(call.Callee)
	if isMember {
		return s.Source(object), "resizeUrl", name == "resizeUrl" && s.Of(object).Is(flow.Parsed)
	}
	callee := flow.Unwrap(call.Callee)
	return "", s.Source(callee), s.Of(callee).Is(flow.Resizer)
}

// guards are the conditions under which an address is resized.
type guards struct {
	s               *flow.Site
	parsed, resizer string
}

// callable says whether resizeUrl is known not to be null.
func (g guards) callable(call *ast.CallExpression) bool {
	if strings.Contains(g.s.Source(call), "?.(") || g.inTry() {
		return true
	}
	for _, c := range g.s.Guards() {
		if g.implies(c.Expr, c.True, 0) {
			return true
		}
	}
	return false
}

// inTry says whether an exception is caught.
func (g guards) inTry() bool {
	for up := 0; ; up++ {
		n := g.s.Parent(up)
		if n == nil {
			return false
		}
		if try, ok := n.(*ast.TryStatement); ok && try.Catch != nil {
			return true
		}
	}
}

// implies says whether a condition that holds, or does not, means that there is
// a resizeUrl: itself or the width of the thumbnail is looked at.
func (g guards) implies(e ast.Expression, holds bool, depth int) bool {
	if e == nil || depth > 20 {
		return false
	}
	switch n := flow.Unwrap(e).(type) {
	case *ast.UnaryExpression:
		return n.Operator == token.NOT && g.implies(n.Operand, !holds, depth+1)
	case *ast.BinaryExpression:
		switch n.Operator {
		case token.LOGICAL_AND:
			return holds && (g.implies(n.Left, true, depth+1) || g.implies(n.Right, true, depth+1))
		case token.LOGICAL_OR:
			return !holds && (g.implies(n.Left, false, depth+1) || g.implies(n.Right, false, depth+1))
		case token.EQUAL, token.STRICT_EQUAL:
			return g.looksAt(n.Left) && g.isType(n.Right) == holds
		case token.NOT_EQUAL, token.STRICT_NOT_EQUAL:
			return g.looksAt(n.Left) && g.isType(n.Right) != holds
		}
	case *ast.CallExpression: // Boolean( p && p.resizeUrl )
		return len(n.ArgumentList) == 1 && g.implies(n.ArgumentList[0], holds, depth+1)
	case *ast.Identifier:
		if n.Name.String() == g.resizer {
			return holds
		}
		if def := g.s.Definition(n); def != nil {
			return g.implies(def, holds, depth+1)
		}
	}
	return holds && g.looksAt(e)
}

// looksAt says whether an expression is the resizeUrl, or its type, or the width
// that only thumbnails have.
func (g guards) looksAt(e ast.Expression) bool {
	if u, ok := e.(*ast.UnaryExpression); ok && u.Operator == token.TYPEOF {
		e = u.Operand
	}
	object, name, ok := flow.Member(e)
	if !ok {
		return g.s.Source(e) == g.resizer
	}
	return (name == "resizeUrl" || name == "width") && (g.parsed == "" || g.s.Source(object) == g.parsed)
}

// isType says whether an expression is what resizeUrl is compared with when it
// is expected to be there.
func (g guards) isType(e ast.Expression) bool {
	s, ok := e.(*ast.StringLiteral)
	return ok && s.Value.String() == "function"
}

var (
	ofWindow   = regexp.MustCompile(`(?i)inner|client|outer|offset|screen|viewport|devicePixel|\.length|\blength`)
	ofOriginal = regexp.MustCompile(`(?i)orig|full|file-?width|natural|width|\bmax|size`)
	isLimited  = regexp.MustCompile(`(?s)Math\.min\(.*(?i:orig|full|width|max|natural)`)
)

// narrower says whether the width is compared with that of the original.
func (g guards) narrower(arg ast.Expression) bool {
	code := g.s.Source(arg)
	if def := g.s.Definition(arg); def != nil && isLimited.MatchString(g.s.Source(def)) || isLimited.MatchString(code) {
		return true
	}
	for _, c := range g.s.Guards() {
		if g.compares(c.Expr, code, 0) {
			return true
		}
	}
	return false
}

// compares says whether a condition compares a width with another.
func (g guards) compares(e ast.Expression, width string, depth int) bool {
	if e == nil || depth > 20 {
		return false
	}
	switch n := flow.Unwrap(e).(type) {
	case *ast.UnaryExpression:
		return g.compares(n.Operand, width, depth+1)
	case *ast.Identifier:
		return g.compares(g.s.Definition(n), width, depth+1)
	case *ast.BinaryExpression:
		switch n.Operator {
		case token.LOGICAL_AND, token.LOGICAL_OR:
			return g.compares(n.Left, width, depth+1) || g.compares(n.Right, width, depth+1)
		case token.LESS, token.LESS_OR_EQUAL, token.GREATER, token.GREATER_OR_EQUAL,
			token.EQUAL, token.STRICT_EQUAL, token.NOT_EQUAL, token.STRICT_NOT_EQUAL:
			return g.isOriginal(n.Left, width) && g.isWidth(n.Right, width) || g.isOriginal(n.Right, width) && g.isWidth(n.Left, width)
		}
	}
	return false
}

// isOriginal says whether an expression speaks of the width of the original:
// by its name, or that of what it was given.
func (g guards) isOriginal(e ast.Expression, width string) bool {
	code := g.s.Source(e)
	if def := g.s.Definition(e); def != nil {
		code += " " + g.s.Source(def)
	}
	if ofWindow.MatchString(code) || g.parsed != "" && strings.Contains(code, g.parsed+".width") {
		return false
	}
	return ofOriginal.MatchString(code) && g.s.Source(e) != width
}

// isWidth says whether an expression is the width asked for, or could be.
func (g guards) isWidth(e ast.Expression, width string) bool {
	code := g.s.Source(e)
	return code == width || numeral.MatchString(code) || !strings.ContainsAny(code, `'"`)
}

// mended is the call with both guards.
func (g guards) mended(arg ast.Expression) string {
	p := g.parsed
	if strings.ContainsAny(p, "(") || p == "" {
		p = "p"
	}
	w := g.s.Source(arg)
	return p + " && " + p + ".resizeUrl && " + w + " < originalWidth ? " + p + ".resizeUrl( " + w + " ) : originalUrl"
}
