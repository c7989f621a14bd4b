package script

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/grafana/sobek/ast"
	"github.com/grafana/sobek/token"

	"filewarden/bot/wiki/mediaurl"
	"filewarden/tasks/provenance/script/flow"
)

// size is what is known of a width that goes into an address.
type size struct {
	node     ast.Node
	text     string    // as written
	numbers  []float64 // that it may be
	standard bool      // all that is known of it are standard widths, or it was adjusted to them
	scaled   bool      // it follows the density of the screen
}

// off are the numbers that are no standard widths.
func (z size) off() []float64 {
	return slices.DeleteFunc(slices.Clone(z.numbers), isStandard)
}

func isStandard(n float64) bool { return n == float64(int(n)) && mediaurl.IsStep(int(n)) }

// byFactor finds a factor for dense screens in an expression.
var byFactor = regexp.MustCompile(`\*\s*(1\.5|2)\b|\b(1\.5|2)\s*\*|devicePixelRatio`)

// standardName is what people call what chooses among standard widths.
var standardName = regexp.MustCompile(`(?i)step|standard|snap|bucket`)

// sizeOf judges an expression that is put where a width belongs.
func sizeOf(s *flow.Site, n ast.Node, v flow.Value) size {
	z := size{node: n, text: s.Source(n)}
	derived, kept := false, false
	for _, a := range v.Atoms() {
		switch {
		case a.Has(flow.Stepped):
			z.standard = true
		case a.Kind == flow.Ratio, a.Has(flow.Scaled):
			z.scaled = true
		case a.Kind == flow.Data && a.Vec.Samples != nil:
			kept = unchanged(a.Vec)
			derived = derived || !kept
		case a.Kind == flow.Data:
			if c, ok := a.Vec.IsConst(); ok {
				z.numbers = appendNumber(z.numbers, c)
			}
		}
	}
	z.numbers = append(z.numbers, chosen(s, n, z.numbers)...)
	switch {
	case z.standard:
		z.scaled = false
	case derived:
		z.scaled = z.scaled || byFactor.MatchString(z.text)
	case len(z.numbers) > 0:
		z.scaled = z.scaled || multiplies(s, n)
		z.standard = len(z.off()) == 0 && !z.scaled
		z.scaled = z.scaled || len(z.off()) > 0 && byFactor.MatchString(z.text)
	case kept && !z.scaled:
		z.standard = true
	case !z.scaled:
		z.standard = standardName.MatchString(z.text)
	}
	return z
}

// chosen are the other numbers of an object from which one is chosen by a key
// that is not spelled out: what the key may be is known in part only.
func chosen(s *flow.Site, n ast.Node, known []float64) []float64 {
	b, ok := n.(*ast.BracketExpression)
	if !ok || len(known) == 0 {
		return nil
	}
	if _, name, _ := flow.Member(b); name != "" {
		return nil
	}
	var found []float64
	for _, a := range s.Of(b.Left).Atoms() {
		if a.Kind != flow.Object || a.Thing.Array {
			continue
		}
		for _, v := range a.Thing.Fields {
			for _, x := range v.Numbers() {
				if !slices.Contains(known, x) && !slices.Contains(found, x) {
					found = append(found, x)
				}
			}
		}
	}
	slices.Sort(found)
	return found
}

// multiplies says whether an expression multiplies what a function is given by a
// factor for dense screens: that it gives a standard width for the calls in the
// script is luck.
func multiplies(s *flow.Site, n ast.Node) bool {
	e, _ := n.(ast.Expression)
	switch n := e.(type) {
	case *ast.CallExpression:
		return len(n.ArgumentList) == 1 && multiplies(s, n.ArgumentList[0])
	case *ast.BinaryExpression:
		if n.Operator != token.MULTIPLY {
			return false
		}
		for _, sides := range [][2]ast.Expression{{n.Left, n.Right}, {n.Right, n.Left}} {
			_, named := sides[0].(*ast.Identifier)
			if named && s.Definition(sides[0]) == nil && areFactors(s.Of(sides[1]).Numbers()) {
				return true
			}
		}
	}
	return false
}

// areFactors says whether numbers are densities of screens.
func areFactors(numbers []float64) bool {
	return len(numbers) > 0 && slices.Max(numbers) <= 4 && (slices.Contains(numbers, 1.5) || slices.Contains(numbers, 2))
}

// appendNumber adds a number, or a text that is one.
func appendNumber(numbers []float64, c any) []float64 {
	switch c := c.(type) {
	case float64:
		return append(numbers, c)
	case string:
		if f, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(c), "px"), 64); err == nil {
			return append(numbers, f)
		}
	}
	return numbers
}

// unchanged says whether a number that was read from an address is the width
// in that address still.
func unchanged(v *flow.Vec) bool {
	for i, sample := range v.Samples {
		switch x := v.At(i, 1, flow.Plain).(type) {
		case string:
			if !strings.Contains(sample.ThumbName(), strings.TrimSuffix(x, "px")+"px-") {
				return false
			}
		case flow.Null, flow.Undefined:
		default:
			return false
		}
	}
	return true
}

// next writes the standard width to fetch instead of one that is none.
func next(n float64) string {
	if step, ok := mediaurl.NextStep(int(n)); ok {
		return strconv.Itoa(step)
	}
	return strconv.Itoa(mediaurl.Steps[len(mediaurl.Steps)-1])
}

// adjusted is code that chooses a standard width and takes the original where
// that is narrower. u is the code of the address that is resized.
func (z size) adjusted(u string) string {
	return "var step = mw.util.adjustThumbWidthForSteps( " + z.wanted() + ", originalWidth ), p = mw.util.parseImageUrl( " + u + " );\n" +
		"step === originalWidth || !p || !p.resizeUrl ? originalUrl : p.resizeUrl( step )"
}

// wanted is the width as written.
func (z size) wanted() string {
	if m := spelledWidth.FindStringSubmatch(z.text); m != nil && len(z.numbers) == 1 {
		return m[1]
	}
	return z.text
}
