package wikiconfig

import (
	"encoding/json"
	"strings"
	"unicode"

	"github.com/invopop/jsonschema"
)

// Titles is a list of page titles as people write them. Underscores, spaces,
// a leading colon, link brackets and a section are understood; the namespace
// is left as it was written, because only the wiki knows its names.
type Titles []string

const titlePattern = `^[^<>{}\n\t]+$`

// JSONSchema describes the written form.
func (Titles) JSONSchema() *jsonschema.Schema {
	one := uint64(1)
	long := uint64(400)
	return &jsonschema.Schema{Type: "array",
		Items: &jsonschema.Schema{Type: "string", MinLength: &one, MaxLength: &long, Pattern: titlePattern}}
}

// UnmarshalJSON reads a list of texts, each brought to its plain form.
func (t *Titles) UnmarshalJSON(text []byte) error {
	var written []string
	if err := json.Unmarshal(text, &written); err != nil {
		return err
	}
	*t = make(Titles, 0, len(written))
	for _, s := range written {
		*t = append(*t, plainTitle(s))
	}
	return nil
}

// plainTitle brings a title to one form: "[[:File:A_b.jpg|x]]" is "File:A b.jpg".
func plainTitle(s string) string {
	s = strings.TrimSpace(strings.Map(withoutDirection, s))
	if inner, ok := strings.CutPrefix(s, "[["); ok {
		s = strings.TrimSuffix(inner, "]]")
		s, _, _ = strings.Cut(s, "|")
	}
	s, _, _ = strings.Cut(s, "#")
	s = strings.Join(strings.FieldsFunc(s, blankInTitle), " ")
	return strings.TrimSpace(strings.TrimPrefix(s, ":"))
}

// blankInTitle holds for what MediaWiki takes for a space in a title.
func blankInTitle(r rune) bool { return r == '_' || unicode.IsSpace(r) }

// withoutDirection drops the marks of writing direction, as MediaWiki does in
// titles (TitleParser): they come along unseen when a name is copied.
func withoutDirection(r rune) rune {
	if r == 0x200E || r == 0x200F || r >= 0x202A && r <= 0x202E {
		return -1
	}
	return r
}

// titleProblem explains why a text can be no title; empty when it can.
func titleProblem(s string) string {
	plain := plainTitle(s)
	switch {
	case plain == "":
		return "An empty text is no page title."
	case strings.ContainsAny(plain, "<>[]{}|") || strings.ContainsFunc(plain, unicode.IsControl):
		return "A page title cannot contain < > [ ] { } | or control characters."
	case len(plain) > 255+60: // MediaWiki's 255 bytes, and room for a namespace
		return "A page title is at most 255 bytes long."
	}
	return ""
}
