package script

import (
	input "github.com/tdewolff/parse/v2"
	"github.com/tdewolff/parse/v2/js"
)

// lexeme is a token of a script.
type lexeme struct {
	kind       js.TokenType
	start, end int
}

// tokens are read one after the other, past errors.
type tokens struct {
	source string
	lexer  *js.Lexer
	offset int
	value  bool // the last token ends an expression: a slash after it divides
	errors int
}

// maxErrors is how many bytes that are no token are skipped before giving up.
const maxErrors = 40

func lex(source string) *tokens {
	return &tokens{source: source, lexer: js.NewLexer(input.NewInputString(source))}
}

// next is the next token; ok is false at the end.
func (t *tokens) next() (lexeme, bool) {
	kind, text := t.lexer.Next()
	if (kind == js.DivToken || kind == js.DivEqToken) && !t.value {
		kind, text = t.lexer.RegExp()
	}
	if kind == js.ErrorToken {
		return t.skip()
	}
	found := lexeme{kind, t.offset, t.offset + len(text)}
	t.offset = found.end
	t.value = endsValue(kind, t.value)
	return found, true
}

// skip goes on behind a byte that begins no token.
func (t *tokens) skip() (lexeme, bool) {
	t.errors++
	if t.offset+1 >= len(t.source) || t.errors > maxErrors {
		return lexeme{}, false
	}
	t.offset++
	t.lexer = js.NewLexer(input.NewInputString(t.source[t.offset:]))
	t.value = true
	return t.next()
}

// endsValue says whether an expression may end with a token.
func endsValue(kind js.TokenType, before bool) bool {
	switch kind {
	case js.WhitespaceToken, js.LineTerminatorToken, js.CommentToken, js.CommentLineTerminatorToken:
		return before
	case js.CloseParenToken, js.CloseBracketToken, js.StringToken, js.TemplateToken, js.TemplateEndToken, js.RegExpToken,
		js.ThisToken, js.SuperToken, js.NullToken, js.TrueToken, js.FalseToken, js.PrivateIdentifierToken:
		return true
	}
	return js.IsNumeric(kind) || js.IsIdentifier(kind)
}
