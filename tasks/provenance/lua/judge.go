package lua

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"filewarden/bot/wiki/mediaurl"
	"filewarden/tasks/provenance/literal"
	"filewarden/tasks/provenance/rule"

	"github.com/yuin/gopher-lua/ast"
)

// called judges a call. args begin with the string that is worked on, the
// receiver of a method included.
func (r *reader) called(x *ast.FuncCallExpr, name, path string, args []value) {
	if path != "" && !strings.HasPrefix(path, "string.") && !strings.HasPrefix(path, "mw.ustring.") && !strings.HasPrefix(path, "mw.text.") {
		return
	}
	if name == "format" {
		r.widths(x, name, formatted(args))
		return
	}
	if len(args) < 2 {
		return
	}
	id := ""
	switch on, pattern := args[0], args[1].text; name {
	case "match", "gmatch", "find":
		switch {
		case r.oneHost(pattern):
			id = "TH001"
		case on.emitted && forEnd(pattern):
			id = "LU001"
		}
	case "gsub":
		id = r.replaced(on, pattern, args)
	case "split", "gsplit":
		if on.emitted && (pattern == "/" || pattern == "." || pattern == "%.") {
			id = "LU001"
		}
	case "sub":
		if on.emitted && strings.HasPrefix(pattern, "-") && len(args) == 2 {
			id = "LU001"
		}
	}
	if id != "" {
		r.place(id, x, name)
	}
}

// replaced judges a replacement.
func (r *reader) replaced(on value, pattern string, args []value) string {
	with := ""
	if len(args) > 2 {
		with = args[2].text
	}
	switch {
	case on.media() && ofWidth.MatchString(pattern) && !standard(with):
		return "LU001"
	case on.media() && with == "" && r.oneHost(pattern):
		return "PV008"
	case on.emitted && (forEnd(pattern) || pattern == "/thumb/" || pattern == "/thumb"):
		return "LU001"
	}
	return ""
}

// ofWidth is a pattern for the width in the address of a thumbnail.
var ofWidth = regexp.MustCompile(`(?:%d[+*-]?|\[0-9\][+*-]?|\d)\)?px`)

// standard says whether a replacement puts in a standard width, as the only thing.
func standard(with string) bool {
	m := sized.FindStringSubmatch(with)
	if m == nil {
		return false
	}
	width, _ := strconv.Atoi(m[1])
	return mediaurl.IsStep(width)
}

// sized is a width as the address of a thumbnail has it.
var sized = regexp.MustCompile(`^/?(\d{1,6})px-?$`)

// forEnd says whether a pattern asks for the end of an address, where its
// parameters are. One that takes all that follows, or looks for the question
// mark, does not.
func forEnd(pattern string) bool {
	if !strings.HasSuffix(pattern, "$") || strings.HasSuffix(pattern, "%$") || strings.Contains(pattern, "?") && strings.Contains(pattern, "%?") {
		return false
	}
	whole := strings.TrimRight(strings.TrimSuffix(pattern, "$"), ")")
	fromStart := strings.HasPrefix(pattern, "^http") || strings.HasPrefix(pattern, "^//") || strings.HasPrefix(pattern, "^(http")
	return !(fromStart && (strings.HasSuffix(whole, ".*") || strings.HasSuffix(whole, ".+") || strings.HasSuffix(whole, ".-")))
}

// oneHost says whether a pattern is for the host of originals, in a module that
// does not know the other.
func (r *reader) oneHost(pattern string) bool {
	return !r.twoHosts && strings.Contains(strings.ReplaceAll(pattern, "%", ""), "upload.wikimedia")
}

// place reports a rule for a call.
func (r *reader) place(id string, x *ast.FuncCallExpr, name string) {
	if !r.last {
		return
	}
	start, end, ok := r.places.call(x, name)
	if !ok {
		return
	}
	h := rule.Hit{Rule: id, Start: start, End: end}
	code := r.source[start:end]
	if on, ok := x.Receiver.(*ast.IdentExpr); ok && id != "TH001" && strings.HasPrefix(code, on.Value+":") {
		h.Fix = "mw.uri.new(" + on.Value + ").path" + strings.TrimPrefix(code, on.Value)
	} else if len(x.Args) > 0 && id == "LU001" {
		if on, ok := x.Args[0].(*ast.IdentExpr); ok && x.Method == "" {
			h.Fix = strings.Replace(code, on.Value, "mw.uri.new("+on.Value+").path", 1)
		}
	}
	if name == "gsub" && id == "LU001" && strings.Contains(code, "px") {
		h.Fix = ""
	}
	r.report(h)
}

// pixels is a width in the address of a thumbnail that code puts together.
var pixels = regexp.MustCompile(`/(?:page\d+-|page\x00-|lossy-|lossless-|lang[^/]{1,12}-)*(\d{1,6}|\x00)px-`)

// joined judges a concatenation.
func (r *reader) joined(parts []ast.Expr, values []value, whole value) {
	if !r.last {
		return
	}
	for i := 1; i < len(values); i++ {
		if values[i-1].emitted && strings.HasPrefix(values[i].text, "?") {
			r.at("PV010", parts[i:])
		}
	}
	if !whole.media() {
		return
	}
	if whole.hash && whole.spelled {
		r.at("PV013", parts)
		return
	}
	if m := pixels.FindStringSubmatch(whole.text); m != nil {
		r.width(m[1], parts)
		return
	}
	for _, h := range literal.Scan(whole.text) {
		if h.Rule == "TS006" {
			r.at(h.Rule, parts, h.Args...)
		}
	}
}

// width judges the width of an address that code puts together.
func (r *reader) width(digits string, parts []ast.Expr) {
	if digits == unknown {
		r.at("TS002", parts)
		return
	}
	n, _ := strconv.Atoi(digits)
	if mediaurl.IsStep(n) {
		return
	}
	step, ok := mediaurl.NextStep(n)
	if !ok {
		step = mediaurl.Steps[len(mediaurl.Steps)-1]
	}
	r.at("TS001", parts, digits, strconv.Itoa(step))
}

// at reports a rule at the string of a concatenation that has the width, else
// at its first string. A string that has the whole path was judged by itself.
func (r *reader) at(id string, parts []ast.Expr, args ...string) {
	var found *token
	for _, p := range parts {
		s, ok := p.(*ast.StringExpr)
		if !ok {
			continue
		}
		t, ok := r.places.literal(s)
		if ok && (found == nil || strings.Contains(t.text, "px")) {
			found = &t
		}
	}
	if found == nil || id == "TS001" && slices.ContainsFunc(literal.Scan(found.text), func(h rule.Hit) bool { return h.Rule == id }) {
		return
	}
	h := rule.Hit{Rule: id, Start: found.start, End: found.end, Args: args}
	if id == "TS001" {
		h.Fix = strings.Replace(r.source[h.Start:h.End], args[0]+"px", args[1]+"px", 1)
	}
	r.report(h)
}

// widths judges an address that a format makes.
func (r *reader) widths(x *ast.FuncCallExpr, name string, made value) {
	if m := pixels.FindStringSubmatch(made.text); m != nil && made.media() {
		id := "TS001"
		switch width, err := strconv.Atoi(m[1]); {
		case made.hash:
			id = "PV013"
		case err != nil:
			id = "TS002"
		case mediaurl.IsStep(width):
			return
		}
		r.place(id, x, name)
	}
}
