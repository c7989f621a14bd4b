package script

import (
	"strings"

	"github.com/tdewolff/parse/v2/js"
)

// operators that tell something about nesting, or hold one that would, the
// longer ones first.
var operators = []struct {
	text string
	kind js.TokenType
}{
	{">>>=", js.GtGtGtEqToken}, {"<<=", js.LtLtEqToken}, {">>=", js.GtGtEqToken},
	{"===", js.EqEqEqToken}, {"!==", js.NotEqEqToken}, {"**=", js.ExpEqToken}, {"&&=", js.AndEqToken}, {"||=", js.OrEqToken}, {"??=", js.NullishEqToken},
	{"=>", js.ArrowToken}, {"==", js.EqEqToken}, {"!=", js.NotEqToken}, {"<=", js.LtEqToken}, {">=", js.GtEqToken},
	{"++", js.IncrToken}, {"--", js.DecrToken}, {"**", js.ExpToken}, {"??", js.NullishToken},
	{"+=", js.AddEqToken}, {"-=", js.SubEqToken}, {"*=", js.MulEqToken}, {"%=", js.ModEqToken}, {"&=", js.BitAndEqToken}, {"|=", js.BitOrEqToken}, {"^=", js.BitXorEqToken},
	{"=", js.EqToken}, {"!", js.NotToken}, {"~", js.BitNotToken}, {"+", js.AddToken}, {"-", js.SubToken}, {"?", js.QuestionToken},
}

// punctuator is a bracket or an operator.
func (s *skim) punctuator() js.TokenType {
	switch s.source[s.at] {
	case '(':
		return s.pass(1, js.OpenParenToken)
	case ')':
		return s.pass(1, js.CloseParenToken)
	case '[':
		return s.pass(1, js.OpenBracketToken)
	case ']':
		return s.pass(1, js.CloseBracketToken)
	case '{':
		s.templates = append(s.templates, false)
		return s.pass(1, js.OpenBraceToken)
	case '}':
		return s.closed()
	case ';':
		return s.pass(1, js.SemicolonToken)
	case ',':
		return s.pass(1, js.CommaToken)
	case ':':
		return s.pass(1, js.ColonToken)
	case '.':
		return s.pass(1, js.DotToken)
	}
	return s.operator()
}

// closed is a brace that closes a block, or the hole of a template.
func (s *skim) closed() js.TokenType {
	s.at++
	if len(s.templates) == 0 {
		return js.CloseBraceToken
	}
	hole := s.templates[len(s.templates)-1]
	s.templates = s.templates[:len(s.templates)-1]
	if hole {
		return s.template(js.TemplateEndToken, js.TemplateMiddleToken)
	}
	return js.CloseBraceToken
}

// operator is one of the others; those that say nothing about nesting are told as one.
func (s *skim) operator() js.TokenType {
	rest := s.source[s.at:]
	if strings.HasPrefix(rest, "?.") && (len(rest) < 3 || rest[2] < '0' || rest[2] > '9') {
		return s.pass(2, js.OptChainToken)
	}
	for _, o := range operators {
		if o.text[0] == rest[0] && strings.HasPrefix(rest, o.text) {
			return s.pass(len(o.text), o.kind)
		}
	}
	return s.pass(1, js.OperatorToken)
}
