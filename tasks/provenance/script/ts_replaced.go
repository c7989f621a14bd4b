package script

import (
	"regexp"
	"strings"

	"github.com/grafana/sobek/ast"

	"filewarden/tasks/provenance/script/flow"
)

var (
	widthPattern = regexp.MustCompile(`(\\d|\[0-9\]|\d|\]|\.)[+*?]?(\{[^}]*\})?\)?\(?(\?:|\?=|\?<\w+>)?px`)
	onlyDigits   = regexp.MustCompile(`\(\?=px`)
	withDash     = regexp.MustCompile(`px\\?-|/.*px|px.*/`)
	likeAddress  = regexp.MustCompile(`(?i)(ur[il]|src|thumb|thumbnail|href|image|img|pic|photo|srcset|source)s?$`)
)

// call looks at what resizes an address: replace and resizeUrl.
func (t *thumbs) call(s *flow.Site) {
	call, method, ok := s.Method()
	if !ok {
		return
	}
	switch method.Name {
	case "join":
		folded(s)
	case "replace", "replaceAll":
		if len(method.Args) == 2 {
			t.replaced(s, call, method)
		}
	}
}

// replaced is TS002 and TS003 on u.replace(/\d+px-/, w + 'px-').
func (t *thumbs) replaced(s *flow.Site, call *ast.CallExpression, m flow.Method) {
	pattern, ok := patternOf(s.Of(m.Args[0]))
	if !ok || !widthPattern.MatchString(pattern) && !strings.Contains(pattern, flow.Hole+"px") {
		return
	}
	if !isAddress(s, m.Object, pattern) {
		return
	}
	start, end := s.Range(call)
	if from, _ := s.Range(m.Args[0]); !sameLine(s, start, from) {
		start = from
	}
	for _, j := range t.replacements(s, m.Args[1], pattern) {
		t.menus.use(s, j.size)
		if !j.standard && !j.told {
			j.told = true
			t.reportSize(s, j.size, start, end, s.Source(m.Object))
		}
	}
}

// patternOf is the pattern of a replacement, as written in a regular
// expression or as text.
func patternOf(v flow.Value) (string, bool) {
	for _, a := range v.Atoms() {
		if a.Kind != flow.Data {
			continue
		}
		c, _ := a.Vec.IsConst()
		switch c := c.(type) {
		case *flow.Regexp:
			return strings.ReplaceAll(c.Source, `\/`, "/"), true
		case string:
			return c, true
		}
	}
	return "", false
}

// isAddress says whether what is replaced in is an address: by what it holds,
// by a pattern that fits nothing else, or by its name.
func isAddress(s *flow.Site, object ast.Expression, pattern string) bool {
	v := s.Of(object)
	for _, a := range v.Atoms() {
		if a.Kind == flow.Data && a.Vec.Samples != nil {
			return true
		}
	}
	if texts := v.Texts(); len(texts) > 0 {
		return mediaText.MatchString(strings.Join(texts, " "))
	}
	return withDash.MatchString(pattern) || likeAddress.MatchString(lastWord(s.Source(object)))
}

var words = regexp.MustCompile(`[\w$]+`)

// lastWord is the last name in an expression.
func lastWord(code string) string {
	code, _, _ = strings.Cut(code, "(")
	found := words.FindAllString(code, -1)
	if len(found) == 0 {
		return ""
	}
	return found[len(found)-1]
}

// replacements are the widths in a replacement.
func (t *thumbs) replacements(s *flow.Site, with ast.Expression, pattern string) []*joint {
	if found := t.within(s, with); len(found) > 0 {
		return found
	}
	v := s.Of(with)
	for _, a := range v.Atoms() {
		if a.Kind == flow.Function {
			v = a.Func.Return
		}
	}
	if onlyDigits.MatchString(pattern) {
		return []*joint{{size: sizeOf(s, with, v)}}
	}
	var found []*joint
	for _, text := range v.Texts() {
		m := spelledWidth.FindStringSubmatch(text)
		if m == nil {
			m = betweenGroups.FindStringSubmatch(text)
		}
		if m == nil {
			continue
		}
		z := size{node: with, text: s.Source(with), numbers: appendNumber(nil, m[1])}
		z.standard = len(z.off()) == 0
		z.scaled = !z.standard && byFactor.MatchString(z.text)
		found = append(found, &joint{size: z})
	}
	return found
}

// betweenGroups is a width between the parts of an address, as in '$1600$2'.
var betweenGroups = regexp.MustCompile(`^\$1(\d+)\$[2-9]`)

// stored is a segment with a width that replaces one of a split address:
// parts[parts.length - 1] = w + 'px-' + name.
func (t *thumbs) stored(s *flow.Site) {
	left, right, _ := s.Target()
	bracket, ok := left.(*ast.BracketExpression)
	if !ok {
		return
	}
	for _, a := range s.Of(bracket.Left).Atoms() {
		if a.Kind == flow.Data && a.Vec.Samples != nil {
			for _, j := range t.within(s, right) {
				t.tell(s, j, j.node)
			}
		}
	}
}
