package script

import (
	"regexp"
	"slices"

	"github.com/grafana/sobek/ast"

	"filewarden/tasks/provenance/script/flow"
)

// menus is TS008: lists of sizes that become widths of thumbnails.
type menus struct {
	lists []list
	used  [][]float64
	open  bool // some width of a thumbnail could be anything
}

// list is an array or object with numbers in it.
type list struct {
	node    ast.Node
	name    string
	numbers []float64
	flat    bool // an array of nothing but numbers
}

// maxLists is how many lists are remembered, and how many uses of sizes.
const maxLists = 200

// sizesName is what people call a list of sizes.
var (
	sizesName   = regexp.MustCompile(`(?i)size|width|thumb|preset|resolution|dimension`)
	choicesName = regexp.MustCompile(`(?i)opt|choice|menu|px`)
)

// array and object remember the lists of a script.
func (t *thumbs) array(s *flow.Site) {
	if n, ok := s.Node.(*ast.ArrayLiteral); ok {
		numbers := numbersIn(n, 0)
		t.menus.add(s, list{node: n, numbers: numbers, flat: len(numbers) == len(n.Value)})
	}
}

func (t *thumbs) object(s *flow.Site) {
	if n, ok := s.Node.(*ast.ObjectLiteral); ok {
		t.menus.add(s, list{node: n, numbers: numbersIn(n, 0)})
	}
}

// named remembers what a list is called.
func (t *thumbs) named(s *flow.Site) {
	left, right, _ := s.Target()
	for i := range t.menus.lists {
		if l := &t.menus.lists[i]; l.node == ast.Node(right) {
			l.name = lastWord(s.Source(left))
			t.menus.settle(s)
		}
	}
}

// numbersIn are the numbers in an array or object, those in arrays and objects
// within it included.
func numbersIn(n ast.Node, depth int) []float64 {
	if depth > 2 {
		return nil
	}
	var found []float64
	switch n := n.(type) {
	case *ast.NumberLiteral:
		switch x := n.Value.(type) {
		case int64:
			found = append(found, float64(x))
		case float64:
			found = append(found, x)
		}
	case *ast.StringLiteral:
		found = appendNumber(found, n.Value.String())
	case *ast.ArrayLiteral:
		for _, x := range n.Value {
			found = append(found, numbersIn(x, depth+1)...)
		}
	case *ast.ObjectLiteral:
		for _, p := range n.Value {
			if k, ok := p.(*ast.PropertyKeyed); ok {
				found = append(found, numbersIn(k.Value, depth+1)...)
			}
		}
	}
	return found
}

func (m *menus) add(s *flow.Site, l list) {
	if len(l.numbers) > 1 && len(m.lists) < maxLists && slices.ContainsFunc(l.numbers, func(n float64) bool { return !isStandard(n) }) {
		m.lists = append(m.lists, l)
		m.settle(s)
	}
}

// use is called with every width of a thumbnail.
func (m *menus) use(s *flow.Site, z size) {
	if len(z.numbers) > 1 && len(m.used) < maxLists && len(z.off()) > 0 {
		m.used = append(m.used, z.numbers)
	} else if len(z.numbers) == 0 && !z.standard && !z.scaled {
		m.open = true
	}
	m.settle(s)
}

// settle reports the lists whose numbers were used as widths.
func (m *menus) settle(s *flow.Site) {
	if len(m.used) == 0 && !m.open {
		return
	}
	for _, l := range m.lists {
		if m.feeds(l) {
			s.Report("TS008", l.node, standardOnly(s, l))
		}
	}
}

func (m *menus) feeds(l list) bool {
	for _, used := range m.used {
		if !slices.ContainsFunc(used, func(n float64) bool { return !slices.Contains(l.numbers, n) }) {
			return m.smallest(l, used)
		}
	}
	return m.open && l.looksLikeMenu()
}

// looksLikeMenu says whether a list offers sizes of pictures, by its name and
// numbers.
func (l list) looksLikeMenu() bool {
	if len(l.numbers) < 3 || slices.Max(l.numbers) < 120 || slices.Min(l.numbers) < 16 {
		return false
	}
	return sizesName.MatchString(l.name) || l.flat && choicesName.MatchString(l.name)
}

// smallest says whether no list within this one has the same numbers.
func (m *menus) smallest(l list, used []float64) bool {
	for _, other := range m.lists {
		inside := other.node.Idx0() >= l.node.Idx0() && other.node.Idx1() <= l.node.Idx1() && other.node != l.node
		if inside && !slices.ContainsFunc(used, func(n float64) bool { return !slices.Contains(other.numbers, n) }) {
			return false
		}
	}
	return true
}

var numeral = regexp.MustCompile(`\b\d+\b`)

// standardOnly is a list with the next standard width instead of every number
// that is none.
func standardOnly(s *flow.Site, l list) string {
	return numeral.ReplaceAllStringFunc(s.Source(l.node), func(n string) string {
		numbers := appendNumber(nil, n)
		if isStandard(numbers[0]) || !slices.Contains(l.numbers, numbers[0]) {
			return n
		}
		return next(numbers[0])
	})
}
