package script

import (
	"github.com/tdewolff/parse/v2/js"

	"filewarden/tasks/provenance/literal"
	"filewarden/tasks/provenance/rule"
)

// spelledTokens finds in a script that does not parse what its strings tell by
// themselves: addresses that are spelled out, and selectors.
func spelledTokens(source string) []rule.Hit {
	var hits []rule.Hit
	tokens := lex(source)
	for t, ok := tokens.next(); ok; t, ok = tokens.next() {
		switch t.kind {
		case js.StringToken, js.TemplateToken, js.TemplateStartToken, js.TemplateMiddleToken, js.TemplateEndToken:
			hits = append(hits, spelledIn(source[t.start:t.end], t.start)...)
		}
	}
	return hits
}

func spelledIn(code string, start int) []rule.Hit {
	hits := literal.Scan(code)
	for _, m := range suffixed.FindAllStringSubmatchIndex(code, -1) {
		part := func(i int) string { return code[m[2*i]:m[2*i+1]] }
		if mediaSuffix(code, part(1), part(3), part(4)) {
			hits = append(hits, rule.Hit{Rule: "PV004", Start: 0, End: len(code), Fix: anywhere(code), Args: []string{part(0)}})
			break
		}
	}
	for i := range hits {
		hits[i].Start += start
		hits[i].End += start
	}
	return hits
}
