package offline

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"filewarden/tasks/provenance/audit"

	"golang.org/x/text/width"
)

// longestLine is how many characters of a line are shown; minified code has
// lines of megabytes.
const longestLine = 160

// excerpts are the lines on which findings start.
func excerpts(text []byte, findings []audit.Finding) []Excerpt {
	all := make([]Excerpt, len(findings))
	for n, f := range findings {
		all[n] = excerpt(text, min(f.Start, len(text)), min(f.End, len(text)))
	}
	return all
}

func excerpt(text []byte, start, end int) Excerpt {
	// A window in bytes, so that a line of megabytes is not looked through for
	// each of its findings; a character has four bytes at most.
	low, high := max(0, start-2*longestLine), min(len(text), max(start, min(end, start+longestLine))+2*longestLine)
	first := low + lastBreak(text[low:start])
	line := text[first:high]
	if n := bytes.IndexAny(line[start-first:], "\r\n"); n >= 0 {
		line = line[:start-first+n]
	}
	before, found := runes(line[:start-first]), runes(line[start-first:min(len(line), max(start, end)-first)])
	after := runes(line[min(len(line), max(start, end)-first):])
	return cut(before, found, after)
}

// cut takes a window of a line around what was found.
func cut(before, found, after []rune) Excerpt {
	lead, tail := "", ""
	if len(found) > longestLine-40 {
		found, after, tail = found[:longestLine-40], nil, "…"
	}
	for len(before) > 0 && unicode.IsSpace(before[0]) { // its indentation says nothing
		before = before[1:]
	}
	room := longestLine - len(found)
	if len(before) > room/2 {
		before, lead = before[len(before)-room/2:], "…"
	}
	if room -= len(before); len(after) > room {
		after, tail = after[:room], "…"
	}
	shown := visible(lead + string(before))
	marked := visible(string(found))
	return Excerpt{shown + marked + visible(string(after)) + tail, columns(shown), columns(marked)}
}

// lastBreak is where the last line of a text starts.
func lastBreak(text []byte) int { return bytes.LastIndexAny(text, "\r\n") + 1 }

// runes of a text that may be cut within one at either end, and may open with
// a byte order mark, which nobody sees.
func runes(b []byte) []rune {
	for len(b) > 0 && !utf8.RuneStart(b[0]) {
		b = b[1:]
	}
	return bytes.Runes(bytes.TrimPrefix(b, []byte("\uFEFF")))
}

// columns of a terminal that a text takes: wide characters take two
// (Unicode Standard Annex 11).
func columns(s string) (n int) {
	for _, c := range s {
		n++
		if k := width.LookupRune(c).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
			n++
		}
	}
	return n
}
