package lua

import (
	"sort"

	"github.com/yuin/gopher-lua/ast"
)

// atlas finds the tokens of what the tree knows by line only.
type atlas struct {
	tokens  []token
	names   map[string][]int // places in tokens
	strings map[string][]int
	taken   map[int]bool   // names that a hit was placed on
	free    map[string]int // the first place in names of each that is not taken
}

func newAtlas(tokens []token) *atlas {
	a := &atlas{tokens: tokens, names: map[string][]int{}, strings: map[string][]int{}, taken: map[int]bool{}, free: map[string]int{}}
	for i, t := range tokens {
		switch t.kind {
		case nameToken:
			a.names[t.text] = append(a.names[t.text], i)
		case stringToken:
			a.strings[t.text] = append(a.strings[t.text], i)
		}
	}
	return a
}

// maxLines is the most lines between the line that the tree gives for an
// expression and the token that is looked for.
const maxLines = 200

// call is where a call of a name stands: from its receiver to its closing
// bracket, and where in it the name's own token begins.
func (a *atlas) call(c *ast.FuncCallExpr, name string) (start, end int, ok bool) {
	places := a.names[name]
	for a.free[name] < len(places) && a.taken[places[a.free[name]]] {
		a.free[name]++
	}
	for _, i := range a.from(places[a.free[name]:], c.Line()) {
		if a.tokens[i].line > c.Line()+maxLines {
			break
		}
		if a.taken[i] || i == 0 || !a.fits(i, c) {
			continue
		}
		a.taken[i] = true
		return a.tokens[a.receiver(i)].start, a.tokens[a.arguments(i+1)].end, true
	}
	return 0, 0, false
}

// from leaves out what stands before a line.
func (a *atlas) from(places []int, line int) []int {
	return places[sort.Search(len(places), func(i int) bool { return a.tokens[places[i]].line >= line }):]
}

// fits says whether the name at i is called with the receiver of c.
func (a *atlas) fits(i int, c *ast.FuncCallExpr) bool {
	sign := a.tokens[i-1].text
	if sign != ":" && sign != "." {
		return false
	}
	if id, ok := c.Receiver.(*ast.IdentExpr); ok && i > 1 {
		return a.tokens[i-2].text == id.Value
	}
	return true
}

// receiver is the first token of the names and dots before the name at i.
func (a *atlas) receiver(i int) int {
	for i > 1 && (a.tokens[i-1].text == ":" || a.tokens[i-1].text == ".") && a.tokens[i-2].kind == nameToken {
		i -= 2
	}
	return i
}

// arguments is the last token of the arguments that begin at i.
func (a *atlas) arguments(i int) int {
	if i >= len(a.tokens) {
		return len(a.tokens) - 1
	}
	if a.tokens[i].text != "(" && a.tokens[i].text != "{" {
		return i
	}
	depth := 0
	for ; i < len(a.tokens); i++ {
		if a.tokens[i].kind != otherToken {
			continue
		}
		switch a.tokens[i].text {
		case "(", "{", "[":
			depth++
		case ")", "}", "]":
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(a.tokens) - 1
}

// literal is where a string of the tree stands.
func (a *atlas) literal(s *ast.StringExpr) (token, bool) {
	for _, i := range a.from(a.strings[s.Value], s.Line()-maxLines) {
		if t := a.tokens[i]; t.line <= s.Line() && t.line+countLines(t.text) >= s.Line() {
			return t, true
		}
	}
	return token{}, false
}

func countLines(text string) (n int) {
	for i := range len(text) {
		if text[i] == '\n' {
			n++
		}
	}
	return n
}
