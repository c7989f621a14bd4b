package script

import (
	"regexp"
	"strings"

	"github.com/grafana/sobek/ast"

	"filewarden/tasks/provenance/rule"
	"filewarden/tasks/provenance/script/flow"
)

// partyRules are the rules TP001 to TP003: addresses of media within other
// text.
func partyRules(r *flow.Rules) {
	r.Concat = append(r.Concat, handedOver)
	r.Call = append(r.Call, filledIn, parameterSet)
}

// handedOver looks at a text that is put together.
func handedOver(s *flow.Site) {
	told := false
	for i, part := range s.Parts {
		if part.Node == nil || i == 0 {
			continue
		}
		prefix := joinedText(s.Parts[:i])
		if a, ok := part.Value.Whole(); ok {
			told = pastedRaw(s, part, a, prefix, joinedText(s.Parts[i+1:])) || told
		}
		if a, ok := anyAddress(s, part); ok {
			toService(s, part.Node, a, allTexts(s.Parts[:i]))
		}
	}
	if !told {
		withinQuery(s)
	}
}

// withinQuery is TP002 where a parameter is put together before the rest.
func withinQuery(s *flow.Site) {
	for _, part := range s.Parts {
		if hasRaw(part.Value) {
			return
		}
	}
	if hasRaw(s.Result) {
		s.Report("TP002", s.Node, "new URLSearchParams( { url: … } ).toString()")
	}
}

var rawInside = regexp.MustCompile(`\?(?:[^\s'"<>{}|]*&)?[\w.\[\]%-]+=(?:https?:)?//(?:upload|thumb)\.wikimedia\.org/[^?\s]*\?utm_source`)

// hasRaw says whether a value has an address in its query as it is.
func hasRaw(v flow.Value) bool {
	for _, a := range v.Atoms() {
		if a.Kind != flow.Data || a.Vec.Samples == nil {
			continue
		}
		if text, ok := a.Vec.At(0, 1, flow.Marked).(string); ok && asksTwice(text) && rawInside.MatchString(text) {
			return true
		}
	}
	return false
}

// asksTwice says whether an address has its parameters behind those of another;
// few have, and the rest is not worth matching.
func asksTwice(text string) bool {
	at := strings.LastIndex(text, "?utm_source")
	return at > 0 && strings.IndexByte(text, '?') < at
}

// allTexts are all texts that parts may be.
func allTexts(parts []flow.Part) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(strings.Join(textsOf(p.Value), " "))
	}
	return b.String()
}

// joinedText is what parts make together, as far as it is known.
func joinedText(parts []flow.Part) string {
	var b strings.Builder
	for _, p := range parts {
		texts := textsOf(p.Value)
		if len(texts) == 0 {
			b.WriteString(flow.Hole)
			continue
		}
		b.WriteString(texts[0])
	}
	return b.String()
}

var (
	// rawParameter is an address up to the value of a parameter.
	rawParameter = regexp.MustCompile(`(?:\?|\x{FFFC}&)(?:[^\s'"<>{}|]*&(?:amp;)?)?[\w.\[\]%-]+=(?:imgurl:)?$`)
	// inAttribute is HTML up to the value of an attribute, or within it.
	inAttribute = regexp.MustCompile(`(?is)<[a-z][^<>]*\s(?:src|href|srcset|poster|data|style|background|content|data-[\w-]+)\s*=\s*(?:"[^"<>]*|'[^'<>]*|[^\s"'<>]*)$`)
	// inElement is HTML up to the text of an element.
	inElement = regexp.MustCompile(`(?i)<(?:p|b|i|li|td|th|div|span|code|pre|small|strong|em|dd|dt|label)(?:\s[^<>]*)?>$`)
	// unnamed is wikitext up to an argument of a template without name.
	unnamed = regexp.MustCompile(`\{\{[^{}]*\|\s*$`)
)

// pastedRaw is TP002 and TP003.
func pastedRaw(s *flow.Site, part flow.Part, a flow.Atom, prefix, suffix string) bool {
	code := s.Source(part.Node)
	switch {
	case rawParameter.MatchString(prefix):
		s.Report("TP002", part.Node, "encodeURIComponent( "+code+" )")
	case inAttribute.MatchString(prefix), inElement.MatchString(prefix) && strings.HasPrefix(suffix, "</"):
		f := s.Report("TP003", part.Node, "mw.html.escape( "+code+" )")
		if a.Has(flow.Named) && !a.Has(flow.Displayed) && !a.Has(flow.FromAPI) {
			f.Severity = rule.Info
		}
	case unnamed.MatchString(prefix):
		s.Report("TP003", part.Node, "'1=' + "+code)
	default:
		return false
	}
	return true
}

// anyAddress finds an address of media in a part, encoded or not, also among
// the parameters that a call puts together.
func anyAddress(s *flow.Site, part flow.Part) (flow.Atom, bool) {
	if a, ok := part.Value.Media(); ok {
		return a, true
	}
	e, ok := part.Node.(ast.Expression)
	if !ok {
		return flow.Atom{}, false
	}
	if def := s.Definition(e); def != nil {
		e = def
	}
	var args []ast.Expression
	switch n := flow.Unwrap(e).(type) {
	case *ast.CallExpression:
		args = n.ArgumentList
		if object, name, ok := flow.Member(n.Callee); ok && name == "toString" {
			return anyAddress(s, flow.Part{Node: object})
		}
	case *ast.NewExpression:
		args = n.ArgumentList
	}
	for _, x := range args {
		if object, ok := x.(*ast.ObjectLiteral); ok {
			return addressIn(s, object)
		}
	}
	return flow.Atom{}, false
}

// addressIn finds an address of media among the properties of an object.
func addressIn(s *flow.Site, object *ast.ObjectLiteral) (flow.Atom, bool) {
	for _, p := range object.Value {
		if k, ok := p.(*ast.PropertyKeyed); ok {
			if a, ok := s.Of(k.Value).Media(); ok {
				return a, true
			}
		}
	}
	return flow.Atom{}, false
}

// service is the address of what searches for a picture by its URL.
var service = regexp.MustCompile(`(?i)lens\.google\.|searchbyimage|uploadbyurl|tineye\.com|yandex\.\w+/images|bing\.com/images/search\S*imgurl|bing\.com/images/searchbyimage|iqdb\.org|karmadecay\.com|saucenao\.com|graph\.baidu\.com|ascii2d\.net|trace\.moe`)

// toService is TP001: an original is handed to a service that fetches it.
func toService(s *flow.Site, at ast.Node, a flow.Atom, prefix string) {
	if !service.MatchString(prefix) {
		return
	}
	switch original, thumb := formsOf(a); {
	case thumb && !original:
		return
	case thumb:
		s.Report("TP001", at, thumbInstead(s, at)).Severity = rule.Info
	default:
		s.Report("TP001", at, thumbInstead(s, at))
	}
}

// formsOf says whether an address may be one of an original, and of a thumbnail.
func formsOf(a flow.Atom) (original, thumb bool) {
	for i := range a.Vec.Samples {
		for slot := range 2 {
			text, _ := a.Vec.At(i, slot, flow.Marked).(string)
			isThumb := strings.Contains(text, "/thumb/") || strings.Contains(text, "%2Fthumb%2F")
			thumb = thumb || isThumb
			original = original || !isThumb
		}
	}
	return original, thumb
}

// thumbInstead is code that hands a thumbnail over.
func thumbInstead(s *flow.Site, at ast.Node) string {
	code := s.Source(at)
	if strings.Contains(code, ".url") {
		return strings.Replace(code, ".url", ".thumburl", 1) + " // prop=imageinfo&iiprop=url&iiurlwidth=960"
	}
	return "encodeURIComponent( info.thumburl ) // prop=imageinfo&iiprop=url&iiurlwidth=960"
}

// filledIn looks at 'https://example.org/?url=$1'.replace( '$1', u ).
func filledIn(s *flow.Site) {
	call, m, ok := s.Method()
	if !ok || len(m.Args) != 2 || m.Name != "replace" && m.Name != "replaceAll" {
		return
	}
	pattern, ok := patternOf(s.Of(m.Args[0]))
	if !ok {
		return
	}
	part := flow.Part{Node: m.Args[1], Value: s.Of(m.Args[1])}
	for _, text := range s.Of(m.Object).Texts() {
		prefix, suffix, ok := strings.Cut(text, strings.ReplaceAll(pattern, `\`, ""))
		if !ok {
			continue
		}
		if a, ok := part.Value.Whole(); ok {
			pastedRaw(s, part, a, prefix, suffix)
		}
		if a, ok := part.Value.Media(); ok {
			toService(s, call, a, prefix)
		}
	}
}

// parameterSet looks at u.searchParams.set( 'url', original ).
func parameterSet(s *flow.Site) {
	call, m, ok := s.Method()
	if !ok || len(m.Args) != 2 || m.Name != "set" && m.Name != "append" {
		return
	}
	object, name, ok := flow.Member(m.Object)
	a, media := s.Of(m.Args[1]).Media()
	if !ok || !media || name != "searchParams" {
		return
	}
	if def := s.Definition(object); def != nil {
		toService(s, call, a, s.Source(def))
	}
}
