package lua

import (
	"strings"
)

// kind of a token.
type kind int

const (
	nameToken kind = iota
	stringToken
	otherToken // a number or a sign
)

// token of a module, with its place. Comments and white space are none.
type token struct {
	kind       kind
	text       string // as written, for a string without its quotes
	start, end int
	line       int
}

// tokenize reads a module. What is broken becomes tokens of one byte.
func tokenize(source string) []token {
	var all []token
	line := 1
	for i := 0; i < len(source); {
		t := next(source, i)
		t.line = line
		line += strings.Count(source[i:t.end], "\n")
		if t.start >= 0 {
			all = append(all, t)
		}
		i = t.end
	}
	return all
}

// next reads one token, or white space or a comment, which start at -1.
func next(source string, i int) token {
	c := source[i]
	switch {
	case c == ' ' || c == '\t' || c == '\n' || c == '\r':
		return token{start: -1, end: i + 1}
	case strings.HasPrefix(source[i:], "--"):
		if _, _, end := long(source, i+2); end > 0 {
			return token{start: -1, end: end}
		}
		return token{start: -1, end: lineEnd(source, i)}
	case c == '"' || c == '\'':
		end := quoted(source, i)
		inner := strings.TrimSuffix(source[i+1:end], source[i:i+1])
		return token{kind: stringToken, text: inner, start: i, end: end}
	case c == '[':
		if from, to, end := long(source, i); end > 0 {
			return token{kind: stringToken, text: source[from:to], start: i, end: end}
		}
	case wordByte(c):
		end := i + 1
		for end < len(source) && wordByte(source[end]) {
			end++
		}
		k := nameToken
		if c >= '0' && c <= '9' {
			k = otherToken
		}
		return token{kind: k, text: source[i:end], start: i, end: end}
	}
	return token{kind: otherToken, text: source[i : i+1], start: i, end: i + 1}
}

func wordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80
}

func lineEnd(source string, from int) int {
	if i := strings.IndexAny(source[from:], "\r\n"); i >= 0 {
		return from + i
	}
	return len(source)
}

// quoted is the offset after a string that begins at from; one that is not
// closed ends with its line.
func quoted(source string, from int) int {
	for i := from + 1; i < len(source); i++ {
		switch source[i] {
		case '\\':
			i++
		case '\n', '\r':
			return i
		case source[from]:
			return i + 1
		}
	}
	return len(source)
}

// long reads a long bracket that opens at i: where its content begins and
// ends, and the offset after it, 0 where none opens.
func long(source string, i int) (from, to, end int) {
	if i >= len(source) || source[i] != '[' {
		return 0, 0, 0
	}
	level := 0
	for i++; i < len(source) && source[i] == '='; i++ {
		level++
	}
	if i >= len(source) || source[i] != '[' {
		return 0, 0, 0
	}
	closing := "]" + strings.Repeat("=", level) + "]"
	if n := strings.Index(source[i+1:], closing); n >= 0 {
		return i + 1, i + 1 + n, i + 1 + n + len(closing)
	}
	return i + 1, len(source), len(source)
}
