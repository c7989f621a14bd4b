package audit

import (
	"bytes"
	"strings"

	"filewarden/tasks/provenance/wikitext"
)

// span is a part of a text.
type span struct{ start, end int }

// comments finds the comments of a text. What does not parse is read as far as
// its quotes allow.
func comments(language Language, text []byte) []span {
	switch language {
	case JavaScript:
		return scriptComments(text)
	case CSS:
		return sheetComments(text)
	case Lua:
		return luaComments(text)
	case HTML:
		return markupComments(text)
	}
	return wikiComments(text)
}

// withoutComments is a text whose comments are white.
func withoutComments(language Language, text []byte) []byte {
	text = bytes.Clone(text)
	for _, c := range comments(language, text) {
		blank(text[c.start:c.end])
	}
	return text
}

// until is the offset after the next end mark, or the text's end.
func until(text []byte, from int, end string) int {
	if i := bytes.Index(text[from:], []byte(end)); i >= 0 {
		return from + i + len(end)
	}
	return len(text)
}

// lineEnd is where the line of an offset ends.
func lineEnd(text []byte, from int) int {
	if i := bytes.IndexAny(text[from:], "\r\n"); i >= 0 {
		return from + i
	}
	return len(text)
}

// quoted is the offset after a string that begins at from; one that is not
// closed ends with its line.
func quoted(text []byte, from int) int {
	for i := from + 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '\n', '\r':
			return i
		case text[from]:
			return i + 1
		}
	}
	return len(text)
}

func at(text []byte, i int, s string) bool {
	return len(text)-i >= len(s) && string(text[i:i+len(s)]) == s
}

// sheetComments finds comments in a style sheet; those to the end of a line
// are LESS and SCSS, where an address in url() has none.
func sheetComments(text []byte) []span {
	var all []span
	for i := 0; i < len(text); {
		end := i + 1
		switch c := text[i]; {
		case at(text, i, "/*"):
			end = until(text, i+2, "*/")
			all = append(all, span{i, end})
		case at(text, i, "//"):
			end = lineEnd(text, i)
			all = append(all, span{i, end})
		case c == '"' || c == '\'':
			end = quoted(text, i)
		case c|0x20 == 'u' && len(text)-i > 4 && strings.EqualFold(string(text[i:i+4]), "url("):
			if end = i + 4; bytes.IndexByte([]byte("'\" "), text[end]) < 0 {
				end = until(text, end, ")")
			}
		}
		i = end
	}
	return all
}

// luaComments finds comments in a Lua module:
// https://www.lua.org/manual/5.1/manual.html#2.1
func luaComments(text []byte) []span {
	var all []span
	for i := 0; i < len(text); {
		end := i + 1
		switch c := text[i]; {
		case at(text, i, "--"):
			if end = long(text, i+2); end == 0 {
				end = lineEnd(text, i)
			}
			all = append(all, span{i, end})
		case c == '"' || c == '\'':
			end = quoted(text, i)
		case c == '[':
			if e := long(text, i); e > 0 {
				end = e
			}
		}
		i = end
	}
	return all
}

// long is the offset after a long bracket that opens at i, 0 where none does.
func long(text []byte, i int) int {
	if i >= len(text) || text[i] != '[' {
		return 0
	}
	level := 0
	for i++; i < len(text) && text[i] == '='; i++ {
		level++
	}
	if i >= len(text) || text[i] != '[' {
		return 0
	}
	return until(text, i, "]"+strings.Repeat("=", level)+"]")
}

// wikiComments finds comments in wikitext and markup.
func wikiComments(text []byte) []span {
	found, _ := wikitext.Regions(text)
	var all []span
	for _, r := range found {
		all = append(all, span{r.Start, r.End})
	}
	return all
}

// markupComments finds comments in markup and in its scripts and styles.
func markupComments(text []byte) []span {
	rest := bytes.Clone(text)
	var all []span
	for _, m := range block.FindAllSubmatchIndex(text, -1) {
		inner := sheetComments
		if text[m[2]+1]|0x20 == 'c' {
			inner = scriptComments
		}
		for _, c := range inner(text[m[4]:m[5]]) {
			all = append(all, span{c.start + m[4], c.end + m[4]})
		}
		blank(rest[m[0]:m[1]])
	}
	return append(all, wikiComments(rest)...)
}
