package script

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/grafana/sobek/ast"
	"github.com/grafana/sobek/token"

	"filewarden/tasks/provenance/script/flow"
)

// thumbs are the rules on widths in the addresses of thumbnails.
//
// A width is written where a text goes on with "px-": a joint. Whether that
// becomes an address is often seen further out only, as in
// src.replace(/\d+px-/, w + 'px-'), so joints are kept until then.
type thumbs struct {
	joints []*joint
	menus  menus
}

// joint is a width and what follows it.
type joint struct {
	size
	start, end int  // of the whole text that it is part of
	segment    bool // it begins a segment of a path, as far as one sees
	told       bool
}

var (
	spelledWidth = regexp.MustCompile(`(\d+)px(?:-|$)`)
	// spelledFirst is a width where a literal goes on with a path whose beginning
	// is not spelled out.
	spelledFirst  = regexp.MustCompile(`^/?(\d+)px(?:-|$)`)
	mediaText     = regexp.MustCompile(`(?:upload|thumb)\.wikimedia\.org|/wikipedia/[a-z-]+/|commons/thumb/`)
	goesOn        = regexp.MustCompile(`^(?:px|\$\d)`)
	segmentGoesOn = regexp.MustCompile(`^px-(?:[^\s;]|$)`)
	segmentBefore = regexp.MustCompile(`(?:^|/|-|\x{FFFC})$`)
)

// concat looks for joints in a text that is put together.
func (t *thumbs) concat(s *flow.Site) {
	found := t.jointsIn(s)
	t.joints = append(t.joints, found...)
	if !becomesAddress(s) || hashed(s) || madeOfOriginal(s) {
		return
	}
	all := append(found, t.among(s)...)
	if folded(s) {
		for _, j := range all {
			j.told = true
		}
	}
	for _, j := range all {
		if j.segment {
			t.tell(s, j, j.node)
		}
	}
}

func (t *thumbs) jointsIn(s *flow.Site) []*joint {
	var found []*joint
	start, end := s.Range(s.Node)
	for i, part := range s.Parts {
		if part.Node == nil {
			continue
		}
		if text, ok := part.Literal(); ok && !isNumber(text) {
			if isSpelled(text) {
				continue
			}
			if m := spelledFirst.FindStringSubmatch(text); m != nil && isSpelledIn(part.Node) {
				z := size{node: part.Node, text: s.Source(part.Node), numbers: appendNumber(nil, m[1])}
				z.standard = len(z.off()) == 0
				found = append(found, &joint{size: z, start: start, end: end, segment: true})
			}
			continue
		}
		if i+1 < len(s.Parts) && begins(s.Parts[i+1].Value, goesOn) {
			j := &joint{size: sizeOf(s, part.Node, part.Value), start: start, end: end}
			j.segment = begins(s.Parts[i+1].Value, segmentGoesOn) && beginsSegment(s, i)
			found = append(found, j)
		}
	}
	return found
}

// isSpelledIn says whether a text is a literal. What is spelled out elsewhere is
// told there.
func isSpelledIn(n ast.Node) bool {
	switch n.(type) {
	case *ast.StringLiteral, *ast.TemplateElement:
		return true
	}
	return false
}

// beginsSegment says whether a segment of a path may begin with a part: what
// stands before it ends one, or the prefix of a thumbnail's name, or is not known.
func beginsSegment(s *flow.Site, i int) bool {
	if i == 0 {
		return true
	}
	before := s.Parts[i-1].Value
	return len(textsOf(before)) == 0 || begins(before, segmentBefore)
}

func isNumber(text string) bool {
	return len(appendNumber(nil, text)) > 0 && !strings.HasSuffix(text, "px")
}

// begins says whether some text that a value may be begins in a way.
func begins(v flow.Value, how *regexp.Regexp) bool {
	for _, text := range textsOf(v) {
		if how.MatchString(text) {
			return true
		}
	}
	return false
}

// textsOf are the texts that a value may be; of an address, what it was before
// it had parameters, as thumbnail.
func textsOf(v flow.Value) []string {
	texts := v.Texts()
	for _, a := range v.Atoms() {
		if a.Kind == flow.Data && a.Vec.Samples != nil {
			if text, ok := a.Vec.At(0, 1, flow.Plain).(string); ok {
				texts = append(texts, text)
			}
		}
	}
	return texts
}

// becomesAddress says whether a text is part of an address of media.
func becomesAddress(s *flow.Site) bool {
	for _, part := range s.Parts {
		for _, a := range part.Value.Atoms() {
			if a.Kind != flow.Data || a.Vec.Samples == nil {
				continue
			}
			if text, ok := a.Vec.At(0, 1, flow.Plain).(string); ok && strings.ContainsAny(text, "./") {
				return true
			}
		}
	}
	for _, text := range s.Result.Texts() {
		if (strings.Contains(text, "/wiki") || strings.Contains(text, ".wiki") || strings.Contains(text, "commons/thumb/")) && mediaText.MatchString(text) {
			return true
		}
	}
	return false
}

var hashName = regexp.MustCompile(`(?i)\bmd5|\bhash(ed)?\b *[\[.(]`)

// hashed says whether the folders are computed from the name: PV013 tells.
func hashed(s *flow.Site) bool {
	for _, part := range s.Parts {
		if part.Value.Is(flow.Hash) || part.Node != nil && hashName.MatchString(s.Source(part.Node)) {
			return true
		}
	}
	return false
}

// madeOfOriginal says whether an original becomes a thumbnail: PV012 tells.
func madeOfOriginal(s *flow.Site) bool {
	for _, part := range s.Parts {
		if fromOriginal(s, part.Value) {
			return true
		}
	}
	// The end of url += '/' + w + 'px-' + name.
	added, ok := s.Parent(0).(*ast.AssignExpression)
	return ok && added.Operator == token.PLUS && fromOriginal(s, s.Of(added.Left))
}

func fromOriginal(s *flow.Site, v flow.Value) bool {
	for _, a := range v.Atoms() {
		if a.Kind != flow.Data || a.Vec.Samples == nil {
			continue
		}
		if a.Form == flow.Original && a.Vec.Address() {
			return true
		}
		if a.Made != nil {
			if f := s.Cause(a.Made); f != nil && f.Rule == "PV012" {
				return true
			}
		}
	}
	return false
}

// among are the joints in the parts of a text, and in what variables among
// them begin with.
func (t *thumbs) among(s *flow.Site) []*joint {
	var found []*joint
	for _, part := range s.Parts {
		if e, ok := part.Node.(ast.Expression); ok {
			found = append(found, t.within(s, e)...)
		}
	}
	return found
}

// within are the joints in an expression.
func (t *thumbs) within(s *flow.Site, e ast.Expression) []*joint {
	if def := s.Definition(e); def != nil {
		e = def
	}
	var found []*joint
	start, end := s.Range(e)
	for _, j := range t.joints {
		if j.start >= start && j.end <= end {
			found = append(found, j)
		}
	}
	for _, a := range s.Of(e).Atoms() {
		if a.Kind == flow.Function {
			from, to := s.Range(a.Func.Node)
			for _, j := range t.joints {
				if j.start >= from && j.end <= to {
					found = append(found, j)
				}
			}
		}
	}
	return found
}

// tell reports a joint whose width is not standard, once.
func (t *thumbs) tell(s *flow.Site, j *joint, at ast.Node) {
	t.menus.use(s, j.size)
	if j.standard || j.told {
		return
	}
	j.told = true
	start, end := s.Range(at)
	if j.start < j.end && sameLine(s, j.start, start) {
		start, end = j.start, j.end
	}
	t.reportSize(s, j.size, start, end, s.Script()[start:end])
}

// reportSize reports a width that is not standard, with the address u.
func (t *thumbs) reportSize(s *flow.Site, z size, start, end int, u string) {
	id := "TS002"
	if z.scaled {
		id = "TS003"
	}
	s.ReportAt(id, start, end, t.mended(z, s.Script()[start:end], u), z.wanted())
}

// mended is the code with the next standard width where one is spelled out,
// and code that chooses one where it is not.
func (t *thumbs) mended(z size, code, u string) string {
	if len(z.numbers) == 1 && !z.scaled {
		n := strconv.FormatFloat(z.numbers[0], 'f', -1, 64)
		whole := regexp.MustCompile(`\b` + regexp.QuoteMeta(n) + `(px|\b)`)
		if at := whole.FindStringIndex(code); at != nil {
			return code[:at[0]] + next(z.numbers[0]) + code[at[0]+len(n):] + " // shown at " + n + " px; the original where that is narrower"
		}
	}
	return z.adjusted(u)
}

// sameLine says whether two offsets are on one line.
func sameLine(s *flow.Site, a, b int) bool {
	return !strings.Contains(s.Script()[min(a, b):max(a, b)], "\n")
}
