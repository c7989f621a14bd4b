package templates

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// How much of a piece of code is shown.
const (
	longestCode   = 2000 // characters
	longestInCode = 40   // lines
)

// Code is program text by others, shown as it stands: lines, tabs and spaces
// are kept. Every character that could mean something to the wiki is an
// entity, so the text stays text even where somebody copies it out of its
// element. Control characters and those that change the direction of what
// follows are shown by their number, because code can hide behind them
// (https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing).
type Code string

func (c Code) render(_ *Language, _ *lexicon, s style) string {
	text := visibleCode(string(c))
	if s != asWikitext {
		return tidy(text)
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = escape(line)
	}
	return `<pre dir="ltr" style="white-space:pre-wrap">` + strings.Join(lines, "\n") + "</pre>"
}

// visibleCode is the text with nothing invisible in it, at a bounded length.
func visibleCode(text string) string {
	text = strings.ToValidUTF8(cutRunes(text, longestCode), "\uFFFD")
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	var out strings.Builder
	for _, r := range text {
		switch {
		case r == '\n' || r == '\t' || r == ' ':
			out.WriteRune(r)
		case unicode.IsControl(r) || invisible(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Z, r):
			fmt.Fprintf(&out, "⟨U+%04X⟩", r)
		default:
			out.WriteRune(r)
		}
	}
	lines := strings.Split(norm.NFC.String(strings.Trim(out.String(), "\n")), "\n")
	if len(lines) > longestInCode {
		lines = append(lines[:longestInCode], "…")
	}
	return strings.Join(lines, "\n")
}
