package script

import (
	"strings"

	"github.com/grafana/sobek/ast"

	"filewarden/tasks/provenance/literal"
	"filewarden/tasks/provenance/rule"
	"filewarden/tasks/provenance/script/flow"
)

// spelledRules look at addresses that are spelled out, in one string or, once
// constants are folded, in several.
func spelledRules(r *flow.Rules) {
	r.Text = append(r.Text, spelledOut, foldedRedirect)
}

// spelledOut looks at a string, in the spelling of the script.
func spelledOut(s *flow.Site) {
	switch n := s.Node.(type) {
	case *ast.StringLiteral:
		start, _ := s.Range(n)
		code := s.Source(n)
		if scan(s, start, code); strings.Contains(code, `\x`) || strings.Contains(code, `\u`) {
			escaped(s, n)
		}
	case *ast.TemplateLiteral:
		for _, el := range n.Elements {
			start, _ := s.Range(el)
			scan(s, start, el.Literal)
		}
	}
}

func scan(s *flow.Site, start int, code string) {
	for _, hit := range literal.Scan(code) {
		if hit.Rule == "PV013" && hit.Fix == "" {
			hit.Fix = redirected
		}
		s.ReportAt(hit.Rule, start+hit.Start, start+hit.End, hit.Fix, hit.Args...).Severity = hit.Severity
	}
}

// escaped looks at a string that is written with escapes.
func escaped(s *flow.Site, n *ast.StringLiteral) {
	if len(spelled(s.Source(n), sizes)) > 0 {
		return
	}
	for _, hit := range spelled(n.Value.String(), sizes) {
		s.Report(hit.Rule, n, hit.Fix, hit.Args...)
	}
}

// sizes are the rules on sizes that are spelled out.
var sizes = []string{"TS001", "TS006"}

// folded is TS001 and TS006 where only all parts of a text together tell it.
func folded(s *flow.Site) bool { return foldedBy(s, sizes...) }

// foldedRedirect is TS005, likewise.
func foldedRedirect(s *flow.Site) {
	if len(s.Parts) > 1 {
		foldedBy(s, "TS005")
	}
}

func foldedBy(s *flow.Site, ids ...string) bool {
	for _, part := range s.Parts {
		for _, text := range part.Value.Texts() {
			if len(spelled(text, ids)) > 0 {
				return false
			}
		}
	}
	told := false
	for _, text := range s.Result.Texts() {
		for _, hit := range spelled(text, ids) {
			s.Report(hit.Rule, s.Node, hit.Fix, hit.Args...)
			told = true
		}
	}
	return told
}

// spelled are the hits of some rules on a text.
func spelled(text string, ids []string) []rule.Hit {
	var found []rule.Hit
	for _, hit := range literal.Scan(text) {
		for _, id := range ids {
			if hit.Rule == id && hit.Severity == 0 {
				found = append(found, hit)
			}
		}
	}
	return found
}

// isSpelled says whether the size in a text is told by the text alone.
func isSpelled(text string) bool {
	return strings.Contains(text, "px") && len(spelled(text, sizes)) > 0
}
