package script

import (
	"regexp"
	"slices"
	"strings"

	"github.com/grafana/sobek/ast"
	"github.com/grafana/sobek/token"

	"filewarden/bot/wiki/mediaurl"
	"filewarden/tasks/provenance/script/flow"
	"filewarden/tasks/provenance/sequence"
)

// hosts is TH001: a test that accepts one of the two hosts that serve media.
//
// The other host is often accepted by a test beside it, before or after. So
// the tests of one expression within one function are a group, and what was
// found of a group is taken back when its other test is met.
type hosts struct {
	found  map[group][]*flow.Finding
	both   map[group]bool
	listed map[string]bool // texts that a list was reported for
}

// group is what one expression is tested for in one function.
type group struct {
	function ast.Node
	tested   string
}

// hostRules are the rules TH001 and TH002.
func hostRules(r *flow.Rules) {
	h := &hosts{found: map[group][]*flow.Finding{}, both: map[group]bool{}, listed: map[string]bool{}}
	r.Call = append(r.Call, h.call)
	r.Compare = append(r.Compare, h.compare)
	r.Array = append(r.Array, h.array)
	r.Text = append(r.Text, h.selector, policy)
}

// accepted says which of the hosts a test speaks of.
type accepted int

const (
	neither accepted = iota
	upload           // upload.wikimedia.org only
	others           // the other, or both
)

var (
	alternative = regexp.MustCompile(`(?i)\((?:\?:)?[a-z.|-]*\bupload\b[a-z.|-]*\)\.wikimedia`)
	otherHost   = regexp.MustCompile(`(?i)thumb[.]?wikimedia|\|thumb\b|\bthumb\|`)
	anyHost     = regexp.MustCompile(`(?i)(?:^|[^\w.-])\.?wikimedia\.org|[\])*+?]\.?wikimedia\.org`)
)

// ofHosts are words of which every test of a host has one; unescaped is a
// pattern as the text that it is about.
var (
	ofHosts   = sequence.New("thumb", "media")
	unescaped = strings.NewReplacer(`\`, "", "[.]", ".")
)

// hostsIn judges the text or pattern of a test.
func hostsIn(text string) accepted {
	plain := unescaped.Replace(text)
	switch {
	case !sequence.Find(ofHosts, plain, func(int, string) bool { return true }):
		return neither
	case otherHost.MatchString(plain):
		return others
	case strings.Contains(plain, "upload.wikimedia") && !isOriginal(plain) || alternative.MatchString(plain):
		return upload
	case anyHost.MatchString(plain):
		return others
	}
	return neither
}

// isOriginal says whether a text is the whole address of an original: those
// stay where they are.
func isOriginal(text string) bool {
	u, err := mediaurl.Parse(text)
	return err == nil && u.Form == mediaurl.Original && strings.Contains(u.Name, ".")
}

// tests are the methods with which text is looked for, and which argument or
// receiver is the pattern.
var (
	patternFirst = []string{"match", "matchAll", "search", "indexOf", "lastIndexOf", "includes", "startsWith", "endsWith", "contains"}
	patternThis  = []string{"test", "exec"}
)

// call looks at u.includes( host ), /host/.test( u ) and the like.
func (h *hosts) call(s *flow.Site) {
	call, m, ok := s.Method()
	if !ok || len(m.Args) == 0 {
		return
	}
	pattern, tested := m.Args[0], m.Object
	switch {
	case slices.Contains(patternThis, m.Name):
		pattern, tested = m.Object, m.Args[0]
	case !slices.Contains(patternFirst, m.Name):
		return
	}
	text, ok := patternAt(s, pattern)
	if !ok || isListOfHosts(s, m.Object) {
		return
	}
	h.tested(s, call, pattern, tested, text)
}

// patternAt is the text or pattern that an expression is, also that of a
// regular expression that is made of parts not all known.
func patternAt(s *flow.Site, e ast.Expression) (string, bool) {
	if text, ok := patternOf(s.Of(e)); ok {
		return text, true
	}
	if def := s.Definition(e); def != nil {
		e = def
	}
	var args []ast.Expression
	switch n := e.(type) {
	case *ast.NewExpression:
		args = n.ArgumentList
	case *ast.CallExpression:
		args = n.ArgumentList
	}
	if len(args) == 0 || !strings.Contains(s.Source(e), "RegExp") {
		return "", false
	}
	texts := s.Of(args[0]).Texts()
	if len(texts) == 0 {
		return "", false
	}
	return texts[0], true
}

// bare is a host without scheme and slashes.
func bare(text string) string {
	return strings.Trim(strings.TrimPrefix(strings.TrimPrefix(text, "https:"), "http:"), "/")
}

// isPrefix is how people take the beginning of an address.
var isPrefix = regexp.MustCompile(`\.(?:slice|substr|substring)\( *0,`)

// isListOfHosts says whether an array is searched, which is judged where the
// array is.
func isListOfHosts(s *flow.Site, object ast.Expression) bool {
	for _, a := range s.Of(object).Atoms() {
		if a.Kind == flow.Object {
			return true
		}
	}
	return false
}

// compare looks at host === 'upload.wikimedia.org', and the cases of a switch.
func (h *hosts) compare(s *flow.Site) {
	n, ok := s.Node.(*ast.BinaryExpression)
	if !ok || !isEquality(n.Operator) {
		return
	}
	for _, sides := range [][2]ast.Expression{{n.Right, n.Left}, {n.Left, n.Right}} {
		text, ok := patternOf(s.Of(sides[0]))
		if ok && (!strings.Contains(bare(text), "/") || isPrefix.MatchString(s.Source(sides[1]))) {
			at := ast.Node(n)
			if start, _ := s.Range(n); !sameLine(s, start, int(sides[0].Idx0())-1) {
				at = sides[0]
			}
			h.tested(s, at, sides[0], sides[1], text)
		}
	}
}

func isEquality(op token.Token) bool {
	return op == token.EQUAL || op == token.STRICT_EQUAL || op == token.NOT_EQUAL || op == token.STRICT_NOT_EQUAL
}

// tested reports a test, or takes back what was reported beside it.
func (h *hosts) tested(s *flow.Site, at ast.Node, pattern, tested ast.Expression, text string) {
	g := group{functionAround(s), s.Source(tested)}
	accepts := hostsIn(text)
	if ofHost.MatchString(g.tested) && uploadOnly.MatchString(text) {
		accepts = upload
	}
	switch accepts {
	case others:
		h.both[g] = true
		for _, f := range h.found[g] {
			f.Dropped = true
		}
	case upload:
		if h.both[g] || ofOriginals(s, tested) || ofPage.MatchString(g.tested) || h.listed[text] && !isSpelledHere(s, pattern) {
			return
		}
		start, end := s.Range(at)
		if from, _ := s.Range(pattern); !sameLine(s, start, from) {
			start = from
		}
		h.found[g] = append(h.found[g], s.ReportAt("TH001", start, end, bothHosts(s.Script()[start:end], g.tested)))
	}
}

// functionAround is the function, or script, that a site is in.
func functionAround(s *flow.Site) ast.Node {
	for up := 0; ; up++ {
		n := s.Parent(up)
		switch n.(type) {
		case nil, *ast.FunctionLiteral, *ast.ArrowFunctionLiteral:
			return n
		}
	}
}

// ofOriginals says whether all that is tested are addresses of originals,
// which stay on the one host.
func ofOriginals(s *flow.Site, tested ast.Expression) bool {
	found := false
	for _, a := range s.Of(tested).Atoms() {
		if a.Kind == flow.Data && a.Vec.Samples != nil {
			found = true
			if a.Form != flow.Original {
				return false
			}
		}
	}
	return found
}

var (
	// ofPage is the page that a script runs on.
	ofPage = regexp.MustCompile(`^(?:window\.|document\.)?location\b`)
	// ofHost is the host of an address, and uploadOnly how one of the two begins.
	ofHost     = regexp.MustCompile(`(?i)host(?:name)?$`)
	uploadOnly = regexp.MustCompile(`^\^?upload(?:\\?\.|\b)$`)
)

// isSpelledHere says whether a text stands where it is used, or has a name.
func isSpelledHere(s *flow.Site, e ast.Expression) bool {
	_, literal := e.(*ast.StringLiteral)
	return literal || s.Definition(e) != nil
}

// bothHosts is a test with both hosts.
func bothHosts(code, tested string) string {
	widened := code
	for _, w := range [][2]string{
		{`upload\.wikimedia\.org`, `(?:upload|thumb)\.wikimedia\.org`},
		{`upload.wikimedia.org`, `thumb.wikimedia.org`},
		{`upload.wikimedia`, `thumb.wikimedia`},
	} {
		if widened = strings.Replace(code, w[0], w[1], 1); widened != code {
			if strings.Contains(w[1], "(?:") {
				return widened
			}
			return code + " || " + widened
		}
	}
	return "/^(?:https?:)?\\/\\/(?:upload|thumb)\\.wikimedia\\.org\\//.test( " + tested + " )"
}

// array looks at lists of hosts in which others are looked for.
func (h *hosts) array(s *flow.Site) {
	n, ok := s.Node.(*ast.ArrayLiteral)
	if !ok {
		return
	}
	var only *ast.StringLiteral
	for _, x := range n.Value {
		literal, ok := x.(*ast.StringLiteral)
		if !ok {
			continue
		}
		switch text := literal.Value.String(); hostsIn(text) {
		case others:
			return
		case upload:
			if !strings.ContainsAny(bare(text), "/ ") {
				only = literal
				h.listed[text] = true
			}
		}
	}
	if only == nil {
		return
	}
	id := "TH001"
	if !isSearched(s, n) {
		if id = "TH002"; !allowList.MatchString(listName(s, n)) {
			return
		}
	}
	code := s.Source(only)
	s.Report(id, only, code+", "+strings.Replace(code, "upload", "thumb", 1))
}

// searches are the methods of a list, and what takes one.
const searches = `includes|indexOf|lastIndexOf|some|every|find|findIndex|filter|has|contains`

var (
	searchedHere = regexp.MustCompile(`^\s*\)?\s*\)?\.(?:` + searches + `)\b`)
	givenToSet   = regexp.MustCompile(`(?:new Set\(|inArray\([^;]*,)\s*$`)
)

// isSearched says whether a list is looked for something in, here or under its
// name.
func isSearched(s *flow.Site, n ast.Node) bool {
	start, end := s.Range(n)
	script := s.Script()
	if searchedHere.MatchString(script[end:min(len(script), end+60)]) || givenToSet.MatchString(script[max(0, start-120):start]) {
		return true
	}
	name := listName(s, n)
	if name == "" {
		return false
	}
	quoted := regexp.QuoteMeta(name)
	used := regexp.MustCompile(`\b` + quoted + `\s*\.(?:` + searches + `)\b|inArray\([^;]*\b` + quoted + `\b|\bof\s+[\w.]*` + quoted + `\b|\b` + quoted + `\s*\[`)
	return used.MatchString(script[:start]) || used.MatchString(script[end:])
}

// listName is what a list is assigned to.
func listName(s *flow.Site, n ast.Node) string {
	start, _ := s.Range(n)
	if m := nameBefore.FindStringSubmatch(s.Script()[max(0, start-80):start]); m != nil {
		return m[1]
	}
	return ""
}

// allowList is what people call a list of hosts that somebody else reads.
var allowList = regexp.MustCompile(`(?i)host|domain|allow|white|safe|trust|origin|src|permit`)

var nameBefore = regexp.MustCompile(`([\w$]+)['"]?\s*[:=]\s*(?:Object\.freeze\(\s*|new Set\(\s*)?$`)

var onlyOneHost = regexp.MustCompile(`(?i)\[\s*(?:src|srcset|data-src|data-srcset|poster)\s*[\^*~|]?=\s*\\?["']?[^"'\]]*upload\.wikimedia[^\]]*\]`)

// selector looks at '[src*="upload.wikimedia.org"]'.
func (h *hosts) selector(s *flow.Site) {
	if len(s.Parts) == 0 && insideJoined(s) {
		return
	}
	for _, text := range s.Result.Texts() {
		if !strings.Contains(text, "upload.wikimedia") {
			continue
		}
		found := onlyOneHost.FindString(text)
		if found == "" || strings.Contains(text, "thumb.wikimedia") {
			continue
		}
		start, end := spelledAt(s, found)
		other := strings.Replace(text, "upload.wikimedia", "thumb.wikimedia", 1)
		if len(text) > 200 {
			text, other = found, strings.Replace(found, "upload.wikimedia", "thumb.wikimedia", 1)
		}
		s.ReportAt("TH001", start, end, text+", "+other)
	}
}

var oneHostPolicy = regexp.MustCompile(`(?:default|img|media|connect)-src [^;]*upload\.wikimedia\.org`)

// policy is TH002 on the text of a content security policy.
func policy(s *flow.Site) {
	for _, text := range s.Result.Texts() {
		if strings.Contains(text, "-src ") && oneHostPolicy.MatchString(text) && !strings.Contains(text, "thumb.wikimedia") && !strings.Contains(text, "*.wikimedia.org") {
			start, end := spelledAt(s, "upload.wikimedia.org")
			s.ReportAt("TH002", start, end, "upload.wikimedia.org thumb.wikimedia.org")
		}
	}
}
