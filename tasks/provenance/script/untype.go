package script

import (
	"github.com/tdewolff/parse/v2/js"
)

// untyper blanks the types of TypeScript, so that what is left is JavaScript
// with every byte in its place. It knows no grammar, but the places where types
// stand: behind parameters, variables, fields and "as", in angle brackets
// behind names, and in statements of their own.
type untyper struct {
	source string
	out    []byte
	tokens []lexeme // without space and comments
	match  []int    // the other bracket; -1: none
	open   []level
}

// level is what the brackets around a place are.
type level struct {
	kind    levelKind
	end     int // token that closes it
	pending int // question marks whose colon is to come
}

type levelKind int

const (
	plain levelKind = iota
	parameters
	classBody
)

// maxTyped is the most bytes of a script whose types are looked for.
const maxTyped = 512 << 10

// untyped blanks the types of TypeScript. ok says whether there were any.
func untyped(source string) (text string, ok bool) {
	if len(source) > maxTyped {
		return "", false
	}
	u := &untyper{source: source, out: []byte(source)}
	u.lex()
	u.open = []level{{end: len(u.tokens)}}
	for i := 0; i < len(u.tokens); {
		i = u.step(i)
	}
	text = string(u.out)
	return text, text != source
}

func (u *untyper) lex() {
	var stack []int
	all := lex(u.source)
	for t, ok := all.next(); ok; t, ok = all.next() {
		switch t.kind {
		case js.WhitespaceToken, js.LineTerminatorToken, js.CommentToken, js.CommentLineTerminatorToken:
			continue
		}
		i := len(u.tokens)
		u.tokens = append(u.tokens, t)
		u.match = append(u.match, -1)
		switch t.kind {
		case js.OpenParenToken, js.OpenBraceToken, js.OpenBracketToken, js.TemplateStartToken:
			stack = append(stack, i)
		case js.CloseParenToken, js.CloseBraceToken, js.CloseBracketToken, js.TemplateEndToken:
			if len(stack) > 0 {
				top := stack[len(stack)-1]
				stack = stack[:len(stack)-1]
				u.match[i], u.match[top] = top, i
			}
		}
	}
}

// kind of a token; ErrorToken beyond the ends.
func (u *untyper) kind(i int) js.TokenType {
	if i < 0 || i >= len(u.tokens) {
		return js.ErrorToken
	}
	return u.tokens[i].kind
}

// text of a token.
func (u *untyper) text(i int) string {
	if i < 0 || i >= len(u.tokens) {
		return ""
	}
	return u.source[u.tokens[i].start:u.tokens[i].end]
}

// blank writes spaces over tokens i to j, j excluded, and goes on at j.
func (u *untyper) blank(i, j int) int {
	j = min(max(i, j), len(u.tokens))
	if i < j {
		blankOut(u.out[u.tokens[i].start:u.tokens[j-1].end])
	}
	return j
}

// newline says whether a token begins a line.
func (u *untyper) newline(i int) bool {
	if i <= 0 || i >= len(u.tokens) {
		return true
	}
	for _, c := range u.source[u.tokens[i-1].end:u.tokens[i].start] {
		if c == '\n' {
			return true
		}
	}
	return false
}

func (u *untyper) top() *level { return &u.open[len(u.open)-1] }

// step reads one token, or a type, and says where to go on.
func (u *untyper) step(i int) int {
	for len(u.open) > 1 && i >= u.top().end {
		u.open = u.open[:len(u.open)-1]
	}
	if j := u.statement(i); j > i {
		return j
	}
	if j := u.word(i); j > i {
		return j
	}
	switch u.kind(i) {
	case js.OpenParenToken, js.OpenBraceToken, js.OpenBracketToken, js.TemplateStartToken:
		if u.match[i] > i {
			u.open = append(u.open, level{kind: u.levelAt(i), end: u.match[i]})
		}
	case js.QuestionToken:
		return u.question(i)
	case js.ColonToken:
		return u.colon(i)
	case js.NotToken:
		if u.assertion(i) {
			return u.blank(i, i+1)
		}
	case js.LtToken:
		if j := u.arguments(i); j > i {
			return u.blank(i, j)
		}
	case js.SemicolonToken:
		u.top().pending = 0
	}
	return i + 1
}

// levelAt tells what a bracket opens.
func (u *untyper) levelAt(i int) levelKind {
	switch u.kind(i) {
	case js.OpenParenToken:
		if u.isParameters(i) {
			return parameters
		}
	case js.OpenBraceToken:
		for j := i - 1; j >= 0 && j > i-40; j-- {
			switch u.kind(j) {
			case js.ClassToken:
				return classBody
			case js.OpenBraceToken, js.CloseBraceToken, js.SemicolonToken, js.CloseParenToken, js.EqToken, js.ArrowToken:
				return plain
			}
		}
	}
	return plain
}

// isParameters says whether parentheses hold parameters: of a function, a
// method, an arrow function, or what catch catches.
func (u *untyper) isParameters(i int) bool {
	switch u.kind(i - 1) {
	case js.IfToken, js.ForToken, js.WhileToken, js.SwitchToken, js.WithToken:
		return false
	case js.FunctionToken, js.CatchToken:
		return true
	}
	end := u.match[i] + 1
	if u.kind(end) == js.ColonToken && u.top().pending == 0 {
		end = u.typeAt(end + 1)
	}
	switch u.kind(end) {
	case js.ArrowToken:
		return true
	case js.OpenBraceToken:
		return js.IsIdentifierName(u.kind(i-1)) || u.kind(i-1) == js.GtToken || u.kind(i-1) == js.CloseBracketToken
	}
	return u.top().kind == classBody
}

// question is the mark of an optional parameter or field, or of a condition.
func (u *untyper) question(i int) int {
	next := u.kind(i + 1)
	if u.top().kind != plain && (next == js.ColonToken || next == js.CommaToken || next == js.CloseParenToken || next == js.SemicolonToken) {
		return u.blank(i, i+1)
	}
	u.top().pending++
	return i + 1
}

// colon is where a type begins, unless it belongs to a condition, a property,
// a case or a label.
func (u *untyper) colon(i int) int {
	if u.top().pending > 0 {
		u.top().pending--
		return i + 1
	}
	end := u.typeAt(i + 1)
	switch {
	case u.top().kind != plain && !u.inDefault(i):
		return u.blank(i, end)
	case u.kind(i-1) == js.CloseParenToken && (u.kind(end) == js.OpenBraceToken || u.kind(end) == js.ArrowToken):
		return u.blank(i, end)
	case u.declared(i):
		return u.blank(i, end)
	}
	return i + 1
}

// inDefault says whether a colon is within what a parameter defaults to.
func (u *untyper) inDefault(i int) bool {
	return u.top().kind == plain
}

// declared says whether a colon stands behind the name or pattern of let, const and var.
func (u *untyper) declared(i int) bool {
	j := i - 1
	if k := u.kind(j); k == js.NotToken {
		j--
	}
	if k := u.kind(j); (k == js.CloseBraceToken || k == js.CloseBracketToken) && u.match[j] >= 0 {
		j = u.match[j]
	}
	switch u.kind(j - 1) {
	case js.VarToken, js.ConstToken:
		return true
	}
	return u.text(j-1) == "let"
}

// assertion says whether ! says that something is not null: a!.b.
func (u *untyper) assertion(i int) bool {
	if i == 0 || u.tokens[i-1].end != u.tokens[i].start {
		return false
	}
	switch k := u.kind(i - 1); k {
	case js.CloseParenToken, js.CloseBracketToken:
	default:
		if !js.IsIdentifier(k) {
			return false
		}
	}
	switch u.kind(i + 1) {
	case js.DotToken, js.OpenBracketToken, js.CloseParenToken, js.CloseBracketToken, js.CloseBraceToken, js.CommaToken,
		js.SemicolonToken, js.ColonToken, js.ErrorToken, js.EqToken, js.OptChainToken:
		return true
	}
	return u.newline(i + 1)
}
