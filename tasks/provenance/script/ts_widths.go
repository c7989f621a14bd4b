package script

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/grafana/sobek/ast"

	"filewarden/bot/wiki/mediaurl"
	"filewarden/tasks/provenance/rule"
	"filewarden/tasks/provenance/script/flow"
)

// widthRules are the rules TS001 to TS008, as far as code and not a literal
// alone breaks them.
func widthRules(r *flow.Rules) {
	t := &thumbs{}
	r.Concat = append(r.Concat, t.concat)
	r.Call = append(r.Call, t.call, t.resizeURL, t.apiCall, filePath)
	r.Assign = append(r.Assign, t.stored, t.named, t.apiAssign)
	r.Array = append(r.Array, t.array)
	r.Object = append(r.Object, t.object, t.apiObject)
	r.Text = append(r.Text, apiText)
}

// apiWidth is the name of a parameter with which a thumbnail is asked of the
// API: https://www.mediawiki.org/wiki/API:Imageinfo, API:Pageimages.
var (
	apiWidth = regexp.MustCompile(`^(?:[gs]?iiurl|viurl|siiurl)(?:width|height)$|^g?pithumbsize$`)
	inQuery  = regexp.MustCompile(`\b((?:s?ii|vi)url(?:width|height)|g?pithumbsize)=(\d+)`)
)

// widest is the last standard width: beyond it the API may answer with one that
// is none.
var widest = float64(mediaurl.Steps[len(mediaurl.Steps)-1])

// asked is TS004 on a width that is asked of the API, and TS008 on the list
// that it comes from.
func (t *thumbs) asked(s *flow.Site, name string, at ast.Node, v flow.Value) {
	if !apiWidth.MatchString(name) {
		return
	}
	z := sizeOf(s, at, v)
	if len(z.numbers) > 1 {
		t.menus.use(s, z)
		return
	}
	for _, n := range z.off() {
		start, end := s.Range(at)
		tellAsked(s, n, start, end)
	}
}

// tellAsked reports a width asked of the API where its number stands.
func tellAsked(s *flow.Site, n float64, start, end int) {
	digits := fmt.Sprintf("%.0f", n)
	code := s.Script()[start:end]
	fix := strings.Replace(code, digits, next(n), 1)
	if fix == code {
		fix = next(n)
	}
	found := s.ReportAt("TS004", start, end, fix+" // shown at "+digits+" px", digits)
	if n > widest {
		found.Severity = rule.Warning
	}
}

// apiObject looks at { iiurlwidth: 300 }.
func (t *thumbs) apiObject(s *flow.Site) {
	for _, p := range s.Node.(*ast.ObjectLiteral).Value {
		k, ok := p.(*ast.PropertyKeyed)
		if !ok || k.Computed {
			continue
		}
		switch key := k.Key.(type) {
		case *ast.StringLiteral:
			t.asked(s, key.Value.String(), k.Value, s.Of(k.Value))
		case *ast.Identifier:
			t.asked(s, key.Name.String(), k.Value, s.Of(k.Value))
		}
	}
}

// apiAssign looks at params.iiurlwidth = 300.
func (t *thumbs) apiAssign(s *flow.Site) {
	left, right, _ := s.Target()
	if _, name, ok := flow.Member(left); ok {
		t.asked(s, name, right, s.Of(right))
	}
}

// apiCall looks at params.set( 'iiurlwidth', 300 ).
func (t *thumbs) apiCall(s *flow.Site) {
	_, m, ok := s.Method()
	if !ok || len(m.Args) != 2 || m.Name != "set" && m.Name != "append" {
		return
	}
	for _, name := range s.Of(m.Args[0]).Texts() {
		t.asked(s, name, m.Args[1], s.Of(m.Args[1]))
	}
}

// apiText looks at '&iiurlwidth=300'.
func apiText(s *flow.Site) {
	if len(s.Parts) == 0 && insideJoined(s) {
		return // the whole text is looked at
	}
	for _, text := range s.Result.Texts() {
		if !strings.Contains(text, "url") && !strings.Contains(text, "thumbsize") {
			continue
		}
		for _, m := range inQuery.FindAllStringSubmatch(text, -1) {
			if partOf(s, m[0]) {
				continue
			}
			n := appendNumber(nil, m[2])
			if isStandard(n[0]) {
				continue
			}
			start, end := spelledAt(s, m[1]+"="+m[2], m[1]+"=")
			tellAsked(s, n[0], start, end)
		}
	}
}

// partOf says whether a part of a text is a text from elsewhere that has
// something in it, and is looked at there.
func partOf(s *flow.Site, what string) bool {
	for _, part := range s.Parts {
		switch part.Node.(type) {
		case *ast.StringLiteral, *ast.TemplateElement:
			continue
		}
		for _, text := range part.Value.Texts() {
			if strings.Contains(text, what) {
				return true
			}
		}
	}
	return false
}

// insideJoined says whether a literal is a part of a longer text.
func insideJoined(s *flow.Site) bool {
	switch n := s.Parent(0).(type) {
	case *ast.BinaryExpression:
		return n.Operator.String() == "+"
	case *ast.TemplateLiteral:
		return true
	}
	return false
}

// spelledAt finds where a part of a text is spelled out in the code of a site:
// the whole of it, or how it begins.
func spelledAt(s *flow.Site, spellings ...string) (start, end int) {
	start, end = s.Range(s.Node)
	for _, spelling := range spellings {
		if i := strings.Index(s.Script()[start:end], spelling); i >= 0 {
			return start + i, start + i + len(spelling)
		}
	}
	return start, end
}

var fileSpecial = regexp.MustCompile(`^Special:(?:File[Pp]ath|Redirect/file)`)

// filePath is TS005 on mw.util.getUrl( 'Special:FilePath/…', { width: 300 } ).
func filePath(s *flow.Site) {
	call, m, ok := s.Method()
	if !ok || m.Name != "getUrl" || len(m.Args) < 2 || !begins(s.Of(m.Args[0]), fileSpecial) {
		return
	}
	options, ok := m.Args[1].(*ast.ObjectLiteral)
	if !ok {
		return
	}
	for _, p := range options.Value {
		k, ok := p.(*ast.PropertyKeyed)
		if !ok || s.Source(k.Key) != "width" {
			continue
		}
		z := sizeOf(s, k.Value, s.Of(k.Value))
		for _, n := range z.off() {
			digits := fmt.Sprintf("%.0f", n)
			s.Report("TS005", k.Value, strings.Replace(s.Source(call), digits, next(n), 1), digits, next(n))
		}
	}
}
