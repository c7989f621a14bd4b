package sheet

import (
	"strconv"
	"strings"

	"filewarden/tasks/provenance/literal"
	"filewarden/tasks/provenance/rule"

	"github.com/tdewolff/parse/v2/css"
)

// declared finds what rules say of a declaration or an at-rule.
func declared(source string, s statement) []rule.Hit {
	var hits []rule.Hit
	for i, t := range s.tokens {
		if !address(s, i) {
			continue
		}
		for _, h := range literal.Scan(t.text) {
			h.Start, h.End = h.Start+t.start, h.End+t.start
			if h.Rule == "TS001" {
				h.Rule = "CS001"
			}
			hits = append(hits, h)
		}
		hits = append(hits, unscalable(s, t)...)
	}
	return widened(source, s, hits)
}

// address says whether a token is the address of something to load. What
// "content" puts in quotes is text.
func address(s statement, i int) bool {
	t := s.tokens[i]
	if strings.Contains(t.text[:min(len(t.text), 12)], "data:") {
		return false
	}
	switch t.kind {
	case css.URLToken, css.BadURLToken:
		return true
	case css.StringToken, css.BadStringToken:
		return s.property() != "content" || within(s.tokens[:i], "image-set(")
	}
	return false
}

// within says whether the innermost function that is open is one of a name.
func within(tokens []token, name string) bool {
	depth := 0
	for i := len(tokens) - 1; i >= 0; i-- {
		switch tokens[i].kind {
		case css.RightParenthesisToken:
			depth++
		case css.FunctionToken, css.LeftParenthesisToken:
			if depth == 0 {
				return strings.HasSuffix(strings.ToLower(tokens[i].text), name)
			}
			depth--
		}
	}
	return false
}

// widened makes the hits of a declaration that has one off-step picture and is
// on one line hits of the whole declaration, with a fix that keeps the
// displayed size.
func widened(source string, s statement, hits []rule.Hit) []rule.Hit {
	start, end := s.tokens[0].start, s.tokens[len(s.tokens)-1].end
	whole := source[start:end]
	offStep, instead := 0, ""
	for _, h := range hits {
		switch h.Rule {
		case "CS001":
			offStep++
		case "CS002":
			instead = h.Fix
		}
	}
	if strings.ContainsAny(whole, "\r\n") {
		return hits
	}
	for i, h := range hits {
		switch {
		case h.Rule == "CS001" && offStep == 1 && h.Fix != "":
			hits[i].Fix = instead
			if instead == "" {
				hits[i].Fix = whole[:h.Start-start] + h.Fix + whole[h.End-start:] + displayed(s, h.Args[0])
			}
		case h.Rule != "CS002":
			continue
		}
		hits[i].Start, hits[i].End = start, end
	}
	return hits
}

// displayed is the declaration that keeps the displayed size, where the
// property of a background is without one.
func displayed(s statement, width string) string {
	if !scalable(s.property()) || s.block.sized || sizedInside(s) {
		return ""
	}
	important := ""
	if last := s.tokens[len(s.tokens)-1]; strings.EqualFold(last.text, "important") {
		important = " !important"
	}
	return "; background-size: " + width + "px" + important
}

func scalable(property string) bool {
	return property == "background" || property == "background-image"
}

// sizedInside says whether the shorthand says a size, after a slash.
func sizedInside(s statement) bool {
	for _, t := range s.tokens {
		if t.kind == css.DelimToken && t.text == "/" {
			return true
		}
	}
	return false
}

// unscalable is CS002: a thumbnail where CSS cannot change the size in which a
// picture is displayed, so that a standard width would change the layout.
func unscalable(s statement, t token) []rule.Hit {
	property := s.property()
	if property != "content" && property != "list-style" && property != "list-style-image" {
		return nil
	}
	var hits []rule.Hit
	for _, thumb := range literal.Thumbnails(t.text) {
		if thumb.Width == 0 {
			continue
		}
		width := strconv.Itoa(thumb.Width)
		hits = append(hits, rule.Hit{
			Rule: "CS002", Start: t.start, End: t.end, Args: []string{property, width},
			Fix: background(property, stepped(t.text), width),
		})
	}
	return hits
}

// background draws a picture in a size of its own, in place of a property that
// cannot.
func background(property, url, width string) string {
	box := "background: " + url + " no-repeat; background-size: " + width + "px"
	if property == "content" {
		return "content: ''; display: inline-block; width: " + width + "px; height: " + width + "px; " + box
	}
	return "list-style: none; padding-left: " + width + "px; " + box
}

// stepped is an address with standard widths.
func stepped(text string) string {
	hits := literal.Scan(text)
	for i := len(hits) - 1; i >= 0; i-- {
		if h := hits[i]; h.Fix != "" {
			text = text[:h.Start] + h.Fix + text[h.End:]
		}
	}
	return text
}
