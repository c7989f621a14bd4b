package script

import (
	"slices"
	"strings"

	"github.com/grafana/sobek/ast"

	"filewarden/tasks/provenance/script/flow"
)

// surgery finds an address turned into another one by cutting and pasting:
// PV008, PV011, PV012.
func surgery(s *flow.Site, n ast.Expression, a flow.Atom, cause *flow.Finding) bool {
	if cause != nil && (cause.Rule == "PV011" || cause.Rule == "PV012" || cause.Rule == "PV008") {
		start, _ := s.Range(n)
		if (a.Vec.NameOf() || a.Vec.Extension()) && cause.End < start {
			return false // another thing that is wrong, elsewhere
		}
		s.Blame(n, cause)
		return true
	}
	var f *flow.Finding
	u := subject(s, n)
	switch {
	case hostCut(s, n, a):
		f = s.Report("PV008", n, pathname(sourceOr(s, u, "url")), s.Source(u))
	case a.Vec.Unthumbed():
		f = s.Report("PV011", n, "info.url // of prop=imageinfo&iiprop=url", s.Source(u))
	case a.Vec.Thumbed():
		f = s.Report("PV012", n, "info.thumburl // of prop=imageinfo&iiprop=url&iiurlwidth=250", s.Source(u))
	default:
		return false
	}
	if cause != nil && cured(cause.Rule) && f.Rule == "PV011" {
		cause.Dropped = true // the segment was looked up in order to be cut off
	}
	s.Blame(n, f)
	return true
}

// hostCut says whether n removed the host of an address by its name.
func hostCut(s *flow.Site, n ast.Expression, a flow.Atom) bool {
	if !a.Vec.Pathlike() || !a.Vec.Differs(flow.Plain, flow.Marked) && !a.Vec.Differs(flow.Plain, flow.Moved) {
		return false
	}
	if !a.Vec.Differs(flow.Marked, flow.Moved) && !namesHost(s, n) {
		return false
	}
	for _, operand := range operands(s, n) {
		if _, whole := s.Of(operand).Whole(); whole {
			return true
		}
		if _, stripped := s.Of(operand).Stripped(); stripped {
			return true
		}
		for _, b := range s.Of(operand).Atoms() {
			if b.Kind == flow.Data && b.Vec.Samples != nil && b.Vec.Listed() {
				return true
			}
		}
	}
	return false
}

// namesHost says whether what n cuts at is the name of a host.
func namesHost(s *flow.Site, n ast.Expression) bool {
	call, ok := flow.Unwrap(n).(*ast.CallExpression)
	if object, _, isMember := flow.Member(n); !ok && isMember {
		call, ok = flow.Unwrap(object).(*ast.CallExpression)
	}
	if !ok {
		return false
	}
	for _, arg := range call.ArgumentList {
		if strings.Contains(s.Source(arg), "wikimedia") {
			return true
		}
		for _, t := range s.Of(arg).Texts() {
			if strings.Contains(t, "wikimedia.org") {
				return true
			}
		}
	}
	return false
}

// appended is PV010: an address with text behind it that was made for one
// without parameters. A path behind it is PV012.
func appended(s *flow.Site) {
	for i, p := range s.Parts[:max(0, len(s.Parts)-1)] {
		u, whole := p.Value.Whole()
		if !whole {
			continue
		}
		texts := s.Parts[i+1].Value.Texts()
		texts = slices.DeleteFunc(texts, func(t string) bool { return t == "" })
		if len(texts) == 0 || !rawText(texts) || looked(s) {
			continue
		}
		if strings.HasPrefix(texts[0], "/") {
			f := s.Report("PV012", s.Node, "info.thumburl // of prop=imageinfo&iiprop=url&iiurlwidth=250", s.Source(p.Node))
			s.Blame(s.Node, f)
			return
		}
		f := s.Report("PV010", s.Node, withParam(s, i), s.Source(p.Node))
		s.Blame(s.Node, f)
		_ = u
		return
	}
}

// rawText says whether all that may follow an address is of the kind that does
// not belong behind parameters.
func rawText(texts []string) bool {
	for _, t := range texts {
		if t == "" || !strings.ContainsRune("?=/._-", rune(t[0])) && !alphanumeric(t[0]) {
			return false
		}
		if t[0] == '.' && (len(t) == 1 || !alphanumeric(t[1])) || t == "-" || t[0] == '/' && len(t) > 1 && t[1] == '>' {
			return false
		}
		if strings.HasPrefix(t, flow.Hole) || alphanumeric(t[0]) && !strings.Contains(t, "px-") {
			return false
		}
	}
	return true
}

func alphanumeric(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// looked says whether the place is reached only after a look for a query.
func looked(s *flow.Site) bool {
	for _, mark := range []string{`'?'`, `"?"`, "`?`", `\?`, "search"} {
		if s.Mentions(mark) {
			return true
		}
	}
	return false
}

// withParam is the code that adds a parameter to the address in part i.
func withParam(s *flow.Site, i int) string {
	source := s.Source(s.Parts[i].Node)
	name, value := "_", "Date.now()"
	texts := s.Parts[i+1].Value.Texts()
	if rest, ok := strings.CutPrefix(texts[0], "?"); ok {
		key, constant, found := strings.Cut(rest, "=")
		if key != "" && !strings.Contains(key, flow.Hole) {
			name = key
		}
		switch {
		case name == key && constant == "" && i+2 >= len(s.Parts):
			value = "''"
		case found && constant != "" && !strings.Contains(constant, flow.Hole):
			value = "'" + strings.ReplaceAll(constant, "'", "\\'") + "'"
		case i+2 < len(s.Parts) && s.Parts[i+2].Node != nil:
			value = s.Source(s.Parts[i+2].Node)
		}
	}
	return "var u = new URL(" + source + ", location); u.searchParams.set('" + name + "', " + value + "); u.href"
}
