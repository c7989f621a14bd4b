package script

import (
	"strings"

	"github.com/tdewolff/parse/v2/js"
)

// deepest is the most levels of nesting that are parsed: the parser calls
// itself for every one, and a stack that outgrows its limit ends the program.
const deepest = 1500

// deepestArrows is the most arrow functions that are parsed within each
// other's parameters: the parser reads them twice on every level.
const deepestArrows = 10

// tooDeep says whether a script is nested too deeply for the parser.
func tooDeep(source string) bool {
	if !mayBeDeep(source) && strings.Count(source, "=>") <= deepestArrows {
		return false
	}
	var d depth
	tokens := &skim{source: source}
	for {
		prefix := !tokens.value
		kind := tokens.next()
		if kind == js.ErrorToken {
			return false
		}
		d.read(kind, prefix)
		if len(d.open)+d.pending > deepest || d.arrows > deepestArrows {
			return true
		}
	}
}

// depth counts brackets, and operators that the parser answers by calling
// itself.
type depth struct {
	open    []bracket
	pending int
	closed  int // arrow functions within each other in the brackets closed last
	arrows  int // the most of them so far
	newline bool
}

// bracket that is open.
type bracket struct {
	pending int // before it
	arrows  int // within each other's parameters in it
}

func (d *depth) read(kind js.TokenType, prefix bool) {
	switch kind {
	case js.LineTerminatorToken, js.CommentLineTerminatorToken:
		d.newline = !prefix
		return
	case js.WhitespaceToken, js.CommentToken:
		return
	case js.OpenParenToken, js.OpenBraceToken, js.OpenBracketToken, js.TemplateStartToken:
		d.open = append(d.open, bracket{pending: d.pending})
	case js.CloseParenToken, js.CloseBraceToken, js.CloseBracketToken, js.TemplateEndToken:
		if len(d.open) > 0 {
			last := d.open[len(d.open)-1]
			d.pending, d.closed = last.pending, last.arrows
			d.open = d.open[:len(d.open)-1]
		}
	case js.SemicolonToken, js.CommaToken:
		d.reset()
	default:
		if d.newline && !js.IsOperator(kind) && !js.IsPunctuator(kind) {
			d.reset()
		}
		if kind == js.ArrowToken {
			d.arrow()
		}
		if recursive(kind) || prefix && (kind == js.AddToken || kind == js.SubToken) {
			d.pending++
		}
	}
	d.newline = false
}

// reset is where a statement or element ends.
func (d *depth) reset() {
	d.pending = 0
	if len(d.open) > 0 {
		d.pending = d.open[len(d.open)-1].pending
	}
}

// arrow is where a function begins whose parameters were in the brackets
// closed last.
func (d *depth) arrow() {
	d.closed++
	d.arrows = max(d.arrows, d.closed)
	if len(d.open) > 0 {
		top := &d.open[len(d.open)-1]
		top.arrows = max(top.arrows, d.closed)
	}
}

// mayBeDeep is a look at the bytes: without that many brackets and operators
// there is no such nesting.
func mayBeDeep(source string) bool {
	n := 0
	for i := range len(source) {
		switch source[i] {
		case '(', '[', '{', '`', '!', '~', '-', '+', '=', '?', ':', '*':
			n++
		case 'n', 'f', 'd', 'o', 'e', 't':
			if i > 0 && source[i-1] == ' ' || i+1 < len(source) && source[i+1] == ' ' {
				n++
			}
		}
		if n > deepest {
			return true
		}
	}
	return false
}

// recursive says whether the parser reads what follows a token within itself.
func recursive(kind js.TokenType) bool {
	switch kind {
	case js.NotToken, js.BitNotToken, js.TypeofToken, js.VoidToken, js.DeleteToken, js.NewToken, js.AwaitToken, js.YieldToken,
		js.ArrowToken, js.QuestionToken, js.ColonToken, js.ExpToken, js.IncrToken, js.DecrToken,
		js.IfToken, js.ElseToken, js.ForToken, js.WhileToken, js.DoToken, js.WithToken,
		js.EqToken, js.AddEqToken, js.SubEqToken, js.MulEqToken, js.DivEqToken, js.ModEqToken, js.ExpEqToken,
		js.LtLtEqToken, js.GtGtEqToken, js.GtGtGtEqToken, js.BitAndEqToken, js.BitOrEqToken, js.BitXorEqToken,
		js.AndEqToken, js.OrEqToken, js.NullishEqToken:
		return true
	}
	return false
}
