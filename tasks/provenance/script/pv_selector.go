package script

import (
	"regexp"
	"strings"

	"github.com/grafana/sobek/ast"

	"filewarden/tasks/provenance/script/flow"
)

var (
	suffixed  = regexp.MustCompile(`([\w.#*-]*)((?:\[[^\]]*\])*)\[\s*(src|srcset|data-src|href|poster)\s*\$=\s*(?:\\?["'])?([^"'\]\\]*)(?:\\?["'])?\s*[is]?\s*\]`)
	mediaEnd  = regexp.MustCompile(`(?i)\.(jpe?g|png|gif|svg|webp|tiff?|pdf|djvu|webm|og[gvam]|mp3|mp4|mid|flac|wav|opus|stl|xcf|css|js)$`)
	otherTags = regexp.MustCompile(`(?i)^(script|iframe|link|embed|object|input|form)\b`)
	filePage  = regexp.MustCompile(`(?i)/wiki/|File:|a\.image\b|mw-file-description|title=|(?:^|[\s>])(?:figure|\.thumb\w*|\.gallery\w*|\.image)\b|:has\(\s*>?\s*img`)
)

// suffixSelector is PV004: img[src$=".svg.png"].
func suffixSelector(s *flow.Site) {
	for _, text := range s.Result.Texts() {
		if !strings.Contains(text, "$=") {
			continue
		}
		for _, m := range suffixed.FindAllStringSubmatch(text, -1) {
			if s.Parts != nil && literalPart(s, suffixed) {
				return
			}
			if !mediaSuffix(text, m[1], m[3], m[4]) || m[3] == "href" && m[1] == "" && ofPages(s) {
				continue
			}
			s.Report("PV004", s.Node, anywhere(s.Source(s.Node)), m[0])
			return
		}
	}
}

// ofPages says whether a selector narrows down links of which nobody says that
// they lead to originals: $a.is('[href$=".svg"]').
func ofPages(s *flow.Site) bool {
	call, ok := s.Parent(0).(*ast.CallExpression)
	if !ok {
		return false
	}
	object, name, ok := flow.Member(call.Callee)
	switch {
	case !ok:
		return false
	case name == "is", name == "filter", name == "not", name == "matches":
		a, known := s.Of(object).First(flow.Selection)
		return !known || !a.Has(flow.LinkTo)
	}
	return false
}

// anywhere is a selector that asks for what was asked for at the end.
func anywhere(selector string) string {
	return strings.NewReplacer("src$=", "src*=", "href$=", "href*=", "srcset$=", "srcset*=", "poster$=", "poster*=").Replace(selector)
}

// mediaSuffix says whether a selector is about addresses of media.
func mediaSuffix(selector, tag, attribute, suffix string) bool {
	if otherTags.MatchString(tag) || strings.HasSuffix(suffix, ".js") || strings.HasSuffix(suffix, ".css") {
		return false
	}
	if attribute == "href" {
		return mediaEnd.MatchString(suffix) && !filePage.MatchString(selector)
	}
	return mediaEnd.MatchString(suffix) || strings.Contains(suffix, flow.Hole) || strings.HasPrefix(tag, "img")
}
