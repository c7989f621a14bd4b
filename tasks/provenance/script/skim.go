package script

import (
	"strings"

	"github.com/tdewolff/parse/v2/js"
)

// skim reads the tokens of a script as far as nesting goes: most of a script is
// skipped much faster than a lexer reads it. Tokens that make no difference to
// nesting are told as one of their kind.
type skim struct {
	source    string
	at        int
	value     bool   // the last token ends an expression: a slash after it divides
	templates []bool // of the braces that are open: whether they are holes of templates
}

// next is the kind of the next token; ErrorToken at the end.
func (s *skim) next() js.TokenType {
	if s.at >= len(s.source) {
		return js.ErrorToken
	}
	kind := s.read()
	s.value = endsValue(kind, s.value)
	return kind
}

func (s *skim) read() js.TokenType {
	switch c := s.source[s.at]; {
	case c == ' ' || c == '\t':
		return s.pass(1, js.WhitespaceToken)
	case c == '\n' || c == '\r':
		return s.pass(1, js.LineTerminatorToken)
	case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '$' || c == '\\' || c == '#' || c >= 0x80:
		return s.word()
	case c >= '0' && c <= '9':
		s.at = s.wordEnd()
		return js.DecimalToken
	case c == '"' || c == '\'':
		return s.text(c)
	case c == '`':
		s.at++
		return s.template(js.TemplateToken, js.TemplateStartToken)
	case c == '/':
		return s.slash()
	}
	return s.punctuator()
}

// pass goes on behind a token.
func (s *skim) pass(n int, kind js.TokenType) js.TokenType {
	s.at += n
	return kind
}

// wordEnd is where the letters and digits from here on end.
func (s *skim) wordEnd() int {
	i := s.at + 1
	for ; i < len(s.source); i++ {
		c := s.source[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '$' || c >= 0x80 || c == '\\') {
			break
		}
	}
	return i
}

// word is a name or a keyword.
func (s *skim) word() js.TokenType {
	end := s.wordEnd()
	text := s.source[s.at:end]
	s.at = end
	switch text {
	case "if", "else", "for", "while", "do", "with", "typeof", "void", "delete", "new", "await", "yield":
		return js.Keywords[text]
	case "break", "case", "catch", "class", "const", "continue", "debugger", "default", "enum", "export", "extends", "finally",
		"function", "import", "in", "instanceof", "return", "switch", "throw", "try", "var":
		return js.ReservedToken // a slash after it begins a regular expression
	}
	return js.IdentifierToken
}

// text is a string; one that nothing closes ends with its line, as in the parser.
func (s *skim) text(quote byte) js.TokenType {
	for i := s.at + 1; i < len(s.source); i++ {
		switch s.source[i] {
		case quote:
			s.at = i + 1
			return js.StringToken
		case '\\':
			i++
			if strings.HasPrefix(s.source[i:], "\r\n") {
				i++
			}
		case '\n', '\r':
			s.at = i
			return js.StringToken
		}
	}
	s.at = len(s.source)
	return js.StringToken
}

// template is the text of a template, to its end or to its next hole.
func (s *skim) template(ends, goesOn js.TokenType) js.TokenType {
	for i := s.at; i < len(s.source); i++ {
		switch s.source[i] {
		case '`':
			s.at = i + 1
			return ends
		case '\\':
			i++
		case '$':
			if strings.HasPrefix(s.source[i:], "${") {
				s.at = i + 2
				s.templates = append(s.templates, true)
				return goesOn
			}
		}
	}
	s.at = len(s.source)
	return ends
}

// slash is a comment, a regular expression or a division.
func (s *skim) slash() js.TokenType {
	rest := s.source[s.at:]
	switch {
	case strings.HasPrefix(rest, "//"):
		if end := strings.IndexByte(rest, '\n'); end >= 0 {
			rest = rest[:end]
		}
		if end := strings.IndexByte(rest, '\r'); end >= 0 {
			rest = rest[:end]
		}
		return s.pass(len(rest), js.CommentToken)
	case strings.HasPrefix(rest, "/*"):
		end := strings.Index(rest[2:], "*/")
		if end < 0 {
			return s.pass(len(rest), js.CommentToken)
		}
		if strings.ContainsAny(rest[:end+2], "\n\r") {
			return s.pass(end+4, js.CommentLineTerminatorToken)
		}
		return s.pass(end+4, js.CommentToken)
	case !s.value:
		if n := regexpLength(rest); n > 0 {
			return s.pass(n, js.RegExpToken)
		}
	}
	return s.pass(1, js.DivToken)
}

// regexpLength is how long the regular expression is with which a text begins,
// without its flags; 0 where none ends on the line.
func regexpLength(text string) int {
	class := false
	for i := 1; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\n' || c == '\r':
			return 0
		case c == '\\':
			i++
		case c == '[':
			class = true
		case c == ']':
			class = false
		case c == '/' && !class:
			return i + 1
		}
	}
	return 0
}
