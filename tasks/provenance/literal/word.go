package literal

import (
	"iter"
	"strings"
)

// anchors are what every address of a media file contains one of.
var anchors = [...]string{"wikimedia.org", "px-", "thumb", "width"}

// longest word that is read, in bytes before and after its anchor. The name of
// a file has at most 240 bytes, 720 when each is percent-encoded, and stands
// twice in the address of a thumbnail.
const longest = 2048

// word is a part of a text.
type word struct {
	text       string // the whole text
	start, end int
}

// words yields the words around anchors, in order and without overlap.
func words(text string) iter.Seq[word] {
	return func(yield func(word) bool) {
		var next [len(anchors)]int
		for i := range next {
			next[i] = find(text, anchors[i], 0)
		}
		done := 0
		for {
			at := len(text)
			for i := range next {
				if next[i] < done {
					next[i] = find(text, anchors[i], done)
				}
				at = min(at, next[i])
			}
			if at == len(text) {
				return
			}
			w := around(text, at, done)
			done = max(w.end, at+1)
			if !yield(w) {
				return
			}
		}
	}
}

// find is strings.Index from an offset on; what is not found is at the end.
func find(text, anchor string, from int) int {
	if i := strings.Index(text[from:], anchor); i >= 0 {
		return from + i
	}
	return len(text)
}

// around finds the word at an offset, not reaching before floor.
func around(text string, at, floor int) word {
	floor = max(floor, at-longest)
	start, depth := at, 0
	for start > floor {
		c := text[start-1]
		if c == ')' {
			depth++
		}
		if c == '(' {
			depth--
		}
		if depth < 0 || ends(c) || c == '\'' && !inName(text, start-1) || c == '\\' && !escapes(text, start-1) ||
			c == ',' && listed(text[start:]) {
			break
		}
		start--
	}
	return word{text, start, endOf(text, start, at, min(len(text), at+longest))}
}

// endOf finds the end of a word by what began it: within double quotes an
// apostrophe is part of it.
func endOf(text string, start, at, ceiling int) int {
	double := start > 0 && (text[start-1] == '"' || text[start-1] == '`')
	end, depth := start, 0
	for ; end < ceiling; end++ {
		c := text[end]
		switch {
		case c == '(':
			depth++
		case c == ')':
			depth--
		}
		if depth < 0 && end >= at || ends(c) || c == '\'' && !double && !inName(text, end) ||
			c == '\\' && !escapes(text, end) || c == ',' && listed(text[end+1:]) {
			break
		}
		depth = max(depth, 0)
	}
	for end > at && strings.IndexByte(",;.", text[end-1]) >= 0 {
		end--
	}
	return max(end, at)
}

// ends says whether a byte is in no address as people write it.
func ends(c byte) bool {
	return c <= ' ' || strings.IndexByte("\"`<>|{}[]^\x7f", c) >= 0
}

// inName says whether the apostrophe at i is one within a word, not a quote.
func inName(text string, i int) bool {
	return i > 0 && i+1 < len(text) && letter(text[i-1]) && letter(text[i+1])
}

func letter(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

// escapes says whether the backslash at i writes a slash.
func escapes(text string, i int) bool {
	rest := text[i+1:]
	return strings.HasPrefix(rest, "/") || strings.HasPrefix(rest, "\\/") ||
		strings.HasPrefix(rest, "u002") || strings.HasPrefix(rest, "x2")
}

// listed says whether what follows a comma is the next address of a srcset.
func listed(rest string) bool {
	return strings.HasPrefix(rest, "//") || strings.HasPrefix(rest, "http") || strings.HasPrefix(rest, " ")
}
