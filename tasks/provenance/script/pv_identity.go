package script

import (
	"regexp"
	"strings"

	"github.com/grafana/sobek/ast"
	"github.com/grafana/sobek/token"

	"filewarden/tasks/provenance/script/flow"
)

// addressLike are the names of variables that hold addresses.
var addressLike = regexp.MustCompile(`(?i)(src|ur[il]|href|image|img|thumb|current|last|prev|active|shown|next)`)

// identityCompare is PV006: whole addresses compared with each other.
func identityCompare(s *flow.Site, n *ast.BinaryExpression) {
	switch n.Operator {
	case token.EQUAL, token.STRICT_EQUAL, token.NOT_EQUAL, token.STRICT_NOT_EQUAL:
	default:
		return
	}
	left, right := whole(s, n.Left), whole(s, n.Right)
	if !left && !right {
		return
	}
	other := n.Right
	if !left {
		other = n.Left
	}
	if left && right || comparable(s, other) {
		if replacesItself(s, n) {
			return
		}
		fix := nameOf(s, n.Left) + " " + n.Operator.String() + " " + nameOf(s, n.Right)
		s.Report("PV006", n, fix, s.Source(n.Left))
	}
}

func whole(s *flow.Site, n ast.Expression) bool {
	_, ok := s.Of(n).Whole()
	return ok
}

// nameOf is how to compare by name instead.
func nameOf(s *flow.Site, n ast.Expression) string {
	return parsedName(s.Source(n))
}

// comparable says whether the other side of a comparison is an address too: by
// what is known of it, or else by its name.
func comparable(s *flow.Site, n ast.Expression) bool {
	v := s.Of(n)
	for _, t := range v.Texts() {
		return strings.Contains(t, "wikimedia.org/wikipedia/")
	}
	if _, ok := v.Stripped(); ok {
		return false
	}
	if v.Known() {
		return v.Is(flow.URLObject)
	}
	switch x := flow.Unwrap(n).(type) {
	case *ast.Identifier:
		return x.Name != "undefined" && addressLike.MatchString(x.Name.String())
	case *ast.DotExpression, *ast.BracketExpression:
		_, name, _ := flow.Member(n)
		return addressLike.MatchString(name)
	}
	return false
}

// replacesItself is the guard if (img.src !== next) img.src = next, and
// if (img.src === next) return before it.
func replacesItself(s *flow.Site, n *ast.BinaryExpression) bool {
	differ := n.Operator == token.NOT_EQUAL || n.Operator == token.STRICT_NOT_EQUAL
	for up := range 4 {
		st, ok := s.Parent(up).(*ast.IfStatement)
		if !ok {
			continue
		}
		body := s.Source(st.Consequent)
		if !differ {
			if !leaves.MatchString(body) {
				return false
			}
			_, end := s.Range(st)
			body = s.Script()[end:min(len(s.Script()), end+replacedSoon)]
		}
		return sets(s, body, n.Left, n.Right) || sets(s, body, n.Right, n.Left)
	}
	return false
}

// replacedSoon is how far behind a guard that leaves, in bytes, the assignment
// is that it guards.
const replacedSoon = 300

var (
	leaves = regexp.MustCompile(`^\{?\s*(?:return|continue)\b[^;}]{0,20};?\s*\}?$`)
	spaces = strings.NewReplacer(" ", "", "\t", "", "\n", "", "\r", "", `"`, "'")
)

// sets says whether code gives one side of a comparison the other, or loads it.
func sets(s *flow.Site, code string, left, right ast.Expression) bool {
	code = spaces.Replace(code)
	value := spaces.Replace(s.Source(right))
	for _, before := range []string{spaces.Replace(s.Source(left)) + "=", ".src=", ".attr('src',", ".prop('src',", "setAttribute('src',"} {
		if strings.Contains(code, before+value) {
			return true
		}
	}
	return false
}

// identityCall is PV006 by list.indexOf(u), set.has(u), map.get(u).
func identityCall(s *flow.Site) {
	if n, isNew := s.Node.(*ast.NewExpression); isNew {
		distinct(s, n)
		return
	}
	call, method, ok := s.Method()
	if !ok || len(method.Args) == 0 || !whole(s, method.Args[0]) {
		return
	}
	object := s.Of(method.Object)
	switch method.Name {
	case "indexOf", "includes", "lastIndexOf":
		if _, fragment := object.First(flow.Data); fragment && !isList(object) && !whole(s, method.Object) {
			return
		}
	case "has", "delete", "hasOwnProperty":
	case "get", "set", "add":
		if !keyed(s, method.Object) {
			return
		}
	case "inArray":
		if len(method.Args) < 2 {
			return
		}
	default:
		return
	}
	u := s.Source(method.Args[0])
	s.Report("PV006", call, rewritten(s, call, method.Args[0], parsedName(u)), u)
}

// distinct is PV006 by new Set(list): the same file counts twice.
func distinct(s *flow.Site, n *ast.NewExpression) {
	if len(n.ArgumentList) == 0 || s.Source(n.Callee) != "Set" {
		return
	}
	list := n.ArgumentList[0]
	for _, a := range s.Of(list).Atoms() {
		if a.Kind != flow.Object || !a.Thing.Array {
			continue
		}
		if _, ok := a.Thing.Elem.Whole(); ok {
			s.Report("PV006", n, rewritten(s, n, list, s.Source(list)+".map( ( u ) => "+parsedName("u")+" )"), s.Source(list))
			return
		}
	}
}

// attributeIs is the end of a text that goes on with the value of an attribute.
var attributeIs = regexp.MustCompile(`\[(?:src|srcset|href|data-src)=["']?$`)

// identitySelector is PV006 by 'img[src="' + u + '"]'.
func identitySelector(s *flow.Site) {
	for i := 1; i < len(s.Parts); i++ {
		before := s.Parts[i-1].Value.Texts()
		if _, ok := s.Parts[i].Value.Whole(); !ok || len(before) == 0 || !attributeIs.MatchString(before[0]) {
			continue
		}
		u := s.Source(s.Parts[i].Node)
		s.Report("PV006", s.Node, "$( 'img' ).filter( function () { return "+parsedName("this.src")+" === "+parsedName(u)+"; } )", u)
	}
}

func isList(v flow.Value) bool {
	for _, a := range v.Atoms() {
		if a.Kind == flow.Data && a.Vec.Listed() || a.Kind == flow.Object && a.Thing.Array {
			return true
		}
	}
	return false
}

// collection are names of what is a Map or Set although nobody says so here.
var collection = regexp.MustCompile(`(?i)(seen|cache|visited|loaded|known|done|map|set|urls|index|byurl)$`)

// keyed says whether an object is a Map or Set.
func keyed(s *flow.Site, n ast.Expression) bool {
	v := s.Of(n)
	if v.Is(flow.Keyed) {
		return true
	}
	if v.Known() {
		return false
	}
	switch x := flow.Unwrap(n).(type) {
	case *ast.Identifier:
		return collection.MatchString(x.Name.String())
	default:
		_, name, _ := flow.Member(n)
		return collection.MatchString(name)
	}
}

// identityKey is PV006 by cache[u].
func identityKey(s *flow.Site) {
	n, ok := s.Node.(*ast.BracketExpression)
	if ok && whole(s, n.Member) {
		s.Report("PV006", n, rewritten(s, n, n.Member, parsedName(s.Source(n.Member))), s.Source(n.Member))
	}
}

// identityIn is PV006 by u in cache.
func identityIn(s *flow.Site, n *ast.BinaryExpression) {
	if whole(s, n.Left) {
		s.Report("PV006", n, rewritten(s, n, n.Left, parsedName(s.Source(n.Left))), s.Source(n.Left))
	}
}
