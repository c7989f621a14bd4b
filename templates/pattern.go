package templates

import (
	"fmt"
	"regexp"
	"strings"
)

// Pattern is wikitext of a wiki's own procedure with places for values, as a
// recipe has it: {{copyvio|1=<% reason %>|source=<% url %>}}. What stands
// between the places is the recipe's and goes to the wiki as it is; each value
// is escaped by its kind, as an argument of a message is, so none of them can
// add a parameter or end a call.
type Pattern struct{ pieces []piece }

// piece is some text, then a place; the last has none.
type piece struct{ text, place string }

var place = regexp.MustCompile(`<%\s*([a-z]+)\s*%>`)

// ParsePattern reads a pattern. Places are named by small letters.
func ParsePattern(source string) (Pattern, error) {
	var p Pattern
	from := 0
	for _, m := range place.FindAllStringSubmatchIndex(source, -1) {
		p.pieces = append(p.pieces, piece{source[from:m[0]], source[m[2]:m[3]]})
		from = m[1]
	}
	p.pieces = append(p.pieces, piece{text: source[from:]})
	for _, c := range p.pieces {
		if strings.Contains(c.text, "<%") || strings.Contains(c.text, "%>") {
			return Pattern{}, fmt.Errorf("%q: a place is written <%% name %%>, with small letters", c.text)
		}
	}
	return p, nil
}

// Places are the names of a pattern's places, in order.
func (p Pattern) Places() (names []string) {
	for _, c := range p.pieces {
		if c.place != "" {
			names = append(names, c.place)
		}
	}
	return names
}

// Blank says whether there is nothing in a pattern.
func (p Pattern) Blank() bool {
	return len(p.Places()) == 0 && (len(p.pieces) == 0 || strings.TrimSpace(p.pieces[0].text) == "")
}

// Fill is a pattern as wikitext. Values are arguments as Text takes them; a
// place without a value stays empty.
func (l *Language) Fill(p Pattern, values map[string]any) string {
	return l.fill(p, values, asWikitext)
}

// FillSummary is a pattern as an edit summary or the reason of a deletion.
func (l *Language) FillSummary(p Pattern, values map[string]any) string {
	return strings.Join(strings.Fields(l.fill(p, values, asSummary)), " ")
}

func (l *Language) fill(p Pattern, values map[string]any, s style) string {
	var out strings.Builder
	for _, c := range p.pieces {
		out.WriteString(c.text)
		if c.place != "" {
			out.WriteString(toArg(values[c.place]).render(l, l.chain[0], s))
		}
	}
	return out.String()
}

// Title is a pattern as the title of a page, or false if no page can have it.
func (p Pattern) Title(values map[string]string) (string, bool) {
	var out strings.Builder
	for _, c := range p.pieces {
		value := tidy(values[c.place])
		if c.place != "" && value == "" {
			return "", false
		}
		out.WriteString(c.text + value)
	}
	title := strings.TrimSpace(strings.ReplaceAll(out.String(), "_", " "))
	if title == "" || len(title) > 300 || illegal.MatchString(title) {
		return "", false
	}
	return title, true
}

// PageName is a title as a parameter of a wiki's own template, which makes a
// link of it or asks whether it exists: File:A b.jpg, with the little escaped
// that means something to wikitext. What cannot be a title is text.
type PageName string

func (n PageName) render(l *Language, lex *lexicon, s style) string {
	target, ok := linkTarget(string(n), "")
	if s != asWikitext || !ok {
		return Plain(n).render(l, lex, s)
	}
	return strings.TrimPrefix(target, ":")
}
