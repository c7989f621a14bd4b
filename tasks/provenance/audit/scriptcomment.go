package audit

import (
	"bytes"
	"strings"
)

// scriptReader finds comments in JavaScript without parsing it.
type scriptReader struct {
	text    []byte
	found   []span
	last    int   // offset of the last byte that is neither white nor a comment, -1 before the first
	braces  int   // open since the innermost template's placeholder
	outside []int // braces around each open template
}

// scriptComments finds the comments of a script.
func scriptComments(text []byte) []span {
	r := &scriptReader{text: text, last: -1}
	for i := 0; i < len(text); {
		i = r.next(i)
	}
	return r.found
}

// next reads what begins at i and says where it ends.
func (r *scriptReader) next(i int) int {
	end := i + 1
	switch c := r.text[i]; {
	case at(r.text, i, "/*"):
		end = until(r.text, i+2, "*/")
		r.found = append(r.found, span{i, end})
		return end
	case at(r.text, i, "//"):
		end = lineEnd(r.text, i)
		r.found = append(r.found, span{i, end})
		return end
	case c == ' ' || c == '\t' || c == '\n' || c == '\r':
		return end
	case c == '"' || c == '\'':
		end = quoted(r.text, i)
	case c == '`':
		end = r.template(i + 1)
	case c == '/':
		end = r.slash(i)
	case c == '{':
		r.braces++
	case c == '}':
		if n := len(r.outside); n > 0 && r.braces == 0 {
			r.braces, r.outside = r.outside[n-1], r.outside[:n-1]
			end = r.template(end)
		} else {
			r.braces--
		}
	}
	r.last = end - 1
	return end
}

// template reads the text of a template up to its end or its next placeholder.
func (r *scriptReader) template(i int) int {
	for ; i < len(r.text); i++ {
		switch {
		case r.text[i] == '\\':
			i++
		case r.text[i] == '`':
			return i + 1
		case at(r.text, i, "${"):
			r.outside, r.braces = append(r.outside, r.braces), 0
			return i + 2
		}
	}
	return len(r.text)
}

// slash reads a regular expression where a value may begin, else a division.
func (r *scriptReader) slash(i int) int {
	if !r.beginsValue() {
		return i + 1
	}
	class := false
	for j := i + 1; j < len(r.text); j++ {
		switch c := r.text[j]; {
		case c == '\\':
			j++
		case c == '\n' || c == '\r':
			return i + 1
		case c == '[':
			class = true
		case c == ']':
			class = false
		case c == '/' && !class:
			return j + 1
		}
	}
	return i + 1
}

// before are the words that a value follows.
var before = []string{"return", "typeof", "case", "in", "of", "delete", "void", "throw", "new", "else", "do", "await", "yield"}

// beginsValue says whether what comes next is a value, not an operator.
func (r *scriptReader) beginsValue() bool {
	if r.last < 0 {
		return true
	}
	c := r.text[r.last]
	if !wordByte(c) {
		return bytes.IndexByte([]byte(")]\"'`"), c) < 0
	}
	start := r.last
	for start > 0 && wordByte(r.text[start-1]) && r.last-start < 12 {
		start--
	}
	word := string(r.text[start : r.last+1])
	for _, w := range before {
		if word == w {
			return start == 0 || !strings.ContainsRune(".", rune(r.text[start-1]))
		}
	}
	return false
}

func wordByte(c byte) bool {
	return c == '_' || c == '$' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80
}
