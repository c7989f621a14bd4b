package wikiconfig

import (
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"
)

type tokenKind int

const (
	endOfText tokenKind = iota
	mark                // one of { } [ ] : ,
	quoted              // a text in quotes of any sort
	bare                // anything else: a number, true, a key without quotes
)

type token struct {
	kind tokenKind
	mark byte
	text string
	torn bool // a text whose closing quote is missing on its line
}

// scanner cuts a page into tokens. It reads JSON exactly, and what people write
// in its place as well as it can: other quotes, comments, keys without quotes.
type scanner struct {
	text string
	pos  int
}

func (s *scanner) next() token {
	s.skipBlank()
	if s.pos >= len(s.text) {
		return token{kind: endOfText}
	}
	if c := s.text[s.pos]; strings.IndexByte("{}[]:,", c) >= 0 {
		s.pos++
		return token{kind: mark, mark: c}
	}
	r, size := utf8.DecodeRuneInString(s.text[s.pos:])
	if closing := closingQuotes(r); closing != "" {
		s.pos += size
		return s.quoted(closing)
	}
	return s.bare()
}

// skipBlank passes over white space, a byte order mark and comments.
func (s *scanner) skipBlank() {
	for s.pos < len(s.text) {
		rest := s.text[s.pos:]
		r, size := utf8.DecodeRuneInString(rest)
		switch {
		case unicode.IsSpace(r) || r == '\uFEFF':
			s.pos += size
		case strings.HasPrefix(rest, "//"):
			s.skipTo("\n")
		case strings.HasPrefix(rest, "/*"):
			s.skipTo("*/")
		case strings.HasPrefix(rest, "<!--"):
			s.skipTo("-->")
		default:
			return
		}
	}
}

func (s *scanner) skipTo(end string) {
	i := strings.Index(s.text[s.pos+2:], end)
	if i < 0 {
		s.pos = len(s.text)
		return
	}
	s.pos += 2 + i + len(end)
}

// closingQuotes are the characters that may close a text opened by r.
func closingQuotes(r rune) string {
	switch r {
	case '"':
		return `"`
	case '\'':
		return `'`
	case '“', '„', '”', '«', '»':
		return "”“»«"
	}
	return ""
}

// quoted reads to the closing quote, which must stand on the same line.
func (s *scanner) quoted(closing string) token {
	start := s.pos
	escaped := false
	for i, r := range s.text[start:] {
		switch {
		case r == '\n':
			s.pos = start + i
			return token{kind: quoted, text: s.text[start:s.pos], torn: true}
		case escaped:
			escaped = false
		case r == '\\':
			escaped = true
		case strings.ContainsRune(closing, r):
			s.pos = start + i + utf8.RuneLen(r)
			return token{kind: quoted, text: unescape(s.text[start : start+i])}
		}
	}
	s.pos = len(s.text)
	return token{kind: quoted, text: s.text[start:], torn: true}
}

// unescape reads the inside of a text as JSON does, or leaves it as it is.
func unescape(inside string) string {
	if !strings.Contains(inside, `\`) {
		return inside
	}
	var text string
	if err := json.Unmarshal([]byte(`"`+inside+`"`), &text); err != nil {
		return inside
	}
	return text
}

// bare reads to the next blank, mark or quote.
func (s *scanner) bare() token {
	rest := s.text[s.pos:]
	end := strings.IndexFunc(rest, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(`{}[]:,"`, r)
	})
	if end < 0 {
		end = len(rest)
	}
	if end == 0 { // a stray character that opens nothing
		_, end = utf8.DecodeRuneInString(rest)
	}
	s.pos += end
	return token{kind: bare, text: rest[:end]}
}
