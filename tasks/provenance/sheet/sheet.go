// Package sheet reads CSS, TemplateStyles, LESS and SCSS for media URLs.
//
// # Model
//
//	text → tokens → statements → hits
//
// A statement is what stands before a brace, a semicolon or the end: a selector
// before "{", else a declaration or an at-rule. That is all of the grammar that
// the rules need, and it holds in LESS and SCSS, in sheets that are broken, and
// at any depth. Comments are left out, also those to the end of a line.
//
// An address in a declaration is off-step (CS001), mistyped (TS006) or where a
// picture cannot be scaled (CS002). A selector can ask for the end of an
// address (PV004) or for one host of two (TH001).
//
// A fix keeps the size in which a picture is displayed.
package sheet

import (
	"strings"

	"filewarden/tasks/provenance/rule"

	"github.com/tdewolff/parse/v2"
	"github.com/tdewolff/parse/v2/css"
)

// token of a sheet, with its place.
type token struct {
	kind       css.TokenType
	text       string
	start, end int
}

// statement is a run of tokens up to what ends it, without comments.
type statement struct {
	tokens []token
	block  *block // that it stands in
}

// block is what two braces enclose.
type block struct {
	sized bool // it says background-size
}

// Audit finds what rules say of a style sheet. Every text is a sheet of a kind,
// so err is always nil.
func Audit(text []byte) (hits []rule.Hit, err error) {
	source := string(text)
	r := reader{blocks: []*block{{}}}
	lexer := css.NewLexer(parse.NewInputString(source))
	for offset := 0; ; {
		kind, data := lexer.Next()
		if kind == css.ErrorToken && len(data) == 0 {
			break
		}
		r.take(token{kind, string(data), offset, offset + len(data)})
		offset += len(data)
	}
	r.end()
	for _, s := range r.selectors {
		hits = append(hits, selected(s)...)
	}
	for _, s := range r.declarations {
		hits = append(hits, declared(source, s)...)
	}
	return hits, nil
}

// reader puts tokens together to statements.
type reader struct {
	open         []token
	silent       bool // within a comment to the end of the line
	blocks       []*block
	selectors    []statement
	declarations []statement
}

func (r *reader) take(t token) {
	if r.comment(t) {
		return
	}
	switch t.kind {
	case css.LeftBraceToken:
		r.selectors = append(r.selectors, statement{r.open, r.block()})
		r.open, r.blocks = nil, append(r.blocks, &block{})
	case css.RightBraceToken:
		r.end()
		if len(r.blocks) > 1 {
			r.blocks = r.blocks[:len(r.blocks)-1]
		}
	case css.SemicolonToken:
		r.end()
	default:
		r.open = append(r.open, t)
	}
}

// comment says whether a token is in a comment.
func (r *reader) comment(t token) bool {
	if r.silent {
		r.silent = !strings.ContainsAny(t.text, "\r\n")
		return true
	}
	if n := len(r.open); t.kind == css.DelimToken && t.text == "/" && n > 0 && r.open[n-1].text == "/" && r.open[n-1].end == t.start {
		r.open, r.silent = r.open[:n-1], true
		return true
	}
	return t.kind == css.CommentToken
}

func (r *reader) block() *block { return r.blocks[len(r.blocks)-1] }

// end closes a declaration.
func (r *reader) end() {
	s := statement{trimmed(r.open), r.block()}
	r.open = nil
	if len(s.tokens) == 0 {
		return
	}
	if strings.EqualFold(s.property(), "background-size") {
		s.block.sized = true
	}
	r.declarations = append(r.declarations, s)
}

// property of a declaration, in lower case; empty for anything else.
func (s statement) property() string {
	for i, t := range s.tokens {
		switch {
		case t.kind == css.WhitespaceToken || t.kind == css.DelimToken && i == 0:
		case t.kind == css.IdentToken && i+1 < len(s.tokens):
			return strings.ToLower(strings.TrimLeft(t.text, "*_"))
		default:
			return ""
		}
	}
	return ""
}

// trimmed leaves out white space at both ends.
func trimmed(tokens []token) []token {
	for len(tokens) > 0 && tokens[0].kind == css.WhitespaceToken {
		tokens = tokens[1:]
	}
	for len(tokens) > 0 && tokens[len(tokens)-1].kind == css.WhitespaceToken {
		tokens = tokens[:len(tokens)-1]
	}
	return tokens
}
