package sheet

import (
	"slices"
	"strings"

	"filewarden/tasks/provenance/rule"

	"github.com/tdewolff/parse/v2/css"
)

// attribute is a test of one in a selector: [name operator "value"].
type attribute struct {
	name, operator, value string // in lower case; the value without quotes
	compound              string // the simple selectors before and behind it, with no space between
	start, end            int
}

// selected finds what rules say of a selector.
func selected(s statement) []rule.Hit {
	var hits []rule.Hit
	both := strings.Contains(written(s.tokens), "thumb.wikimedia")
	for _, a := range attributes(s.tokens) {
		switch {
		case a.suffix():
			hits = append(hits, rule.Hit{Rule: "PV004", Start: a.start, End: a.end, Args: []string{a.value}, Fix: a.withQuery(s)})
		case a.oneHost() && !both:
			hits = append(hits, rule.Hit{Rule: "TH001", Start: a.start, End: a.end, Args: []string{"upload.wikimedia.org"}, Fix: a.withThumb(s)})
		}
	}
	return hits
}

// attributes finds the tests of attributes in a selector.
func attributes(tokens []token) []attribute {
	var all []attribute
	for i := 0; i < len(tokens); i++ {
		if tokens[i].kind != css.LeftBracketToken {
			continue
		}
		n := slices.IndexFunc(tokens[i:], func(t token) bool { return t.kind == css.RightBracketToken })
		if n < 0 {
			break
		}
		inside := slices.DeleteFunc(slices.Clone(tokens[i+1:i+n]), func(t token) bool { return t.kind == css.WhitespaceToken })
		if len(inside) >= 3 {
			a := attribute{name: strings.ToLower(inside[0].text), operator: inside[1].text, value: strings.ToLower(strings.Trim(inside[2].text, `"'`))}
			a.start, a.end, a.compound = tokens[i].start, tokens[i+n].end, compound(tokens, i, i+n)
			all = append(all, a)
		}
		i += n
	}
	return all
}

// compound is what a selector says of the same element as the brackets between
// two tokens, in lower case.
func compound(tokens []token, from, to int) string {
	for from > 0 && !parts(tokens[from-1].kind, tokens[from-1].text) {
		from--
	}
	for to+1 < len(tokens) && !parts(tokens[to+1].kind, tokens[to+1].text) {
		to++
	}
	return strings.ToLower(written(tokens[from : to+1]))
}

// parts says whether a token separates one element's selectors from another's.
func parts(kind css.TokenType, text string) bool {
	switch kind {
	case css.WhitespaceToken, css.CommaToken, css.FunctionToken, css.RightParenthesisToken:
		return true
	}
	return text == ">" || text == "+" || text == "~"
}

func written(tokens []token) string {
	var b strings.Builder
	for _, t := range tokens {
		b.WriteString(t.text)
	}
	return b.String()
}

// pictures are the endings of files that a page links to as originals.
var pictures = []string{".jpg", ".jpeg", ".png", ".gif", ".svg", ".webp", ".tif", ".tiff", ".xcf", ".webm", ".ogv", ".avif"}

// noMedia are elements whose addresses are none of media.
var noMedia = []string{"script", "iframe", "embed", "frame", "link"}

// suffix says whether the test is for the end of a media URL, which a query
// follows: https://www.mediawiki.org/wiki/Manual:$wgTrackMediaRequestProvenance
func (a attribute) suffix() bool {
	if a.operator != "$=" || a.value == "" {
		return false
	}
	switch a.name {
	case "src", "srcset", "data-src", "data-srcset", "poster":
		element := strings.TrimLeft(a.compound, "*|")
		return !slices.ContainsFunc(noMedia, func(n string) bool {
			return element == n || strings.HasPrefix(element, n+"[") || strings.HasPrefix(element, n+".")
		}) &&
			!slices.ContainsFunc([]string{".js", ".css", ".php", ".html", ".htm"}, func(e string) bool { return strings.HasSuffix(a.value, e) })
	case "href":
		return a.original()
	}
	return false
}

// original says whether a link's test is for an original: by its ending, and
// not where the selector asks for a page about a file or for a link abroad.
func (a attribute) original() bool {
	for _, page := range []string{"/wiki/", "file:", "title=", ".external", ".extiw", "mw-file-description", ".image"} {
		if strings.Contains(a.compound, page) {
			return false
		}
	}
	if slices.ContainsFunc([]string{".internal", ".fullmedia", "upload.wikimedia"}, func(s string) bool { return strings.Contains(a.compound, s) }) {
		return true
	}
	return slices.ContainsFunc(pictures, func(e string) bool { return strings.HasSuffix(a.value, e) })
}

// withQuery is a test that an address with parameters stands as well.
func (a attribute) withQuery(s statement) string {
	code := a.code(s)
	return ":is(" + code + ", " + strings.Replace(queried(code), "$=", "*=", 1) + ")"
}

// queried puts a question mark at the end of a test's value.
func queried(code string) string {
	i := strings.LastIndexAny(code, `"'`)
	if i < 0 {
		i = strings.LastIndexByte(code, ']')
		name, value, _ := strings.Cut(code[:i], "$=")
		return name + `$="` + value + `?"]`
	}
	return code[:i] + "?" + code[i:]
}

// oneHost says whether the test is for the host that no longer serves
// thumbnails.
func (a attribute) oneHost() bool {
	host := strings.Contains(a.value, "upload.wikimedia") || strings.HasSuffix(a.value, "//upload") || strings.HasSuffix(a.value, "//upload.")
	return host && a.operator != "$=" && slices.Contains([]string{"src", "srcset", "data-src", "data-srcset", "poster"}, a.name)
}

// withThumb is a test for either host.
func (a attribute) withThumb(s statement) string {
	code := a.code(s)
	return ":is(" + code + ", " + strings.Replace(code, "upload", "thumb", 1) + ")"
}

// code of the test as it is written.
func (a attribute) code(s statement) string {
	var b strings.Builder
	for _, t := range s.tokens {
		if t.start >= a.start && t.end <= a.end {
			b.WriteString(t.text)
		}
	}
	return b.String()
}
