package script

import (
	"github.com/tdewolff/parse/v2/js"
)

// statement blanks what is about types only: interface, type, declare, enum,
// import type. It goes on behind it.
func (u *untyper) statement(i int) int {
	if u.top().kind != plain || !u.begins(i) {
		return i
	}
	word := i
	if u.kind(word) == js.ExportToken {
		word++
	}
	if u.text(word) == "const" && u.text(word+1) == "enum" {
		word++
	}
	named := js.IsIdentifierName(u.kind(word + 1))
	switch u.text(word) {
	case "interface", "enum", "namespace":
		if named {
			return u.blank(i, u.block(word))
		}
	case "declare":
		if named {
			return u.blank(i, u.ending(word))
		}
	case "type":
		if named && (u.kind(word+2) == js.EqToken || u.kind(word+2) == js.LtToken) {
			return u.blank(i, u.alias(word+2))
		}
		if u.kind(word+1) == js.OpenBraceToken && word > i {
			return u.blank(i, u.ending(word))
		}
	case "import":
		if u.text(word+1) == "type" && u.text(word+2) != "from" {
			return u.blank(i, u.ending(word))
		}
	case "abstract":
		return u.blank(word, word+1)
	}
	return i
}

// begins says whether a statement may begin at a token.
func (u *untyper) begins(i int) bool {
	switch u.kind(i - 1) {
	case js.ErrorToken, js.SemicolonToken, js.OpenBraceToken, js.CloseBraceToken, js.ExportToken, js.DefaultToken:
		return true
	}
	return u.newline(i)
}

// block is behind the braces that follow.
func (u *untyper) block(i int) int {
	for j := i; j < len(u.tokens) && j < i+200; j++ {
		if u.kind(j) == js.OpenBraceToken && u.match[j] > j {
			return u.match[j] + 1
		}
	}
	return i
}

// alias is behind the type that follows "type X =".
func (u *untyper) alias(i int) int {
	if u.kind(i) == js.LtToken {
		i = u.angled(i)
	}
	return u.behind(u.typeAt(i + 1))
}

// ending is behind the end of the statement: its semicolon or line.
func (u *untyper) ending(i int) int {
	for j := i + 1; j < len(u.tokens); j++ {
		switch {
		case u.kind(j) == js.SemicolonToken:
			return j + 1
		case u.match[j] > j:
			j = u.match[j]
		case u.newline(j):
			return j
		}
	}
	return len(u.tokens)
}

// behind is i, or behind a semicolon there.
func (u *untyper) behind(i int) int {
	if u.kind(i) == js.SemicolonToken {
		return i + 1
	}
	return i
}

// word blanks modifiers, "implements", and "as" with its type.
func (u *untyper) word(i int) int {
	if !js.IsIdentifierName(u.kind(i)) {
		return i
	}
	next := u.kind(i + 1)
	switch u.text(i) {
	case "public", "private", "protected", "readonly", "override", "abstract", "declare":
		if u.top().kind == plain || !js.IsIdentifierName(next) && next != js.OpenBracketToken && next != js.PrivateIdentifierToken {
			return i
		}
		if u.text(i) == "abstract" {
			return u.blank(i, u.member(i+1))
		}
		return u.blank(i, i+1)
	case "implements":
		if js.IsIdentifierName(next) {
			for j := i + 1; j < len(u.tokens); j++ {
				if u.kind(j) == js.OpenBraceToken {
					return u.blank(i, j)
				}
			}
		}
	case "as", "satisfies":
		if u.value(i-1) && !u.newline(i) && !u.exported(i) {
			return u.blank(i, u.typeAt(i+1))
		}
	}
	return i
}

// member is behind an abstract member of a class.
func (u *untyper) member(i int) int {
	for j := i; j < len(u.tokens); j++ {
		switch {
		case u.kind(j) == js.SemicolonToken:
			return j + 1
		case j > i && u.newline(j) && u.kind(j) != js.ColonToken:
			return j
		case u.match[j] > j:
			j = u.match[j]
		}
	}
	return len(u.tokens)
}

// value says whether an expression may end with a token.
func (u *untyper) value(i int) bool {
	return u.kind(i) == js.CloseBraceToken || endsValue(u.kind(i), false)
}

// exported says whether a token stands in the braces of import or export.
func (u *untyper) exported(i int) bool {
	for j := i; j >= 0 && j > i-100; j-- {
		switch u.kind(j) {
		case js.ImportToken, js.ExportToken:
			return true
		case js.SemicolonToken, js.OpenParenToken, js.CloseParenToken, js.EqToken, js.CloseBraceToken, js.DotToken:
			return false
		}
	}
	return false
}

// arguments is behind the angle brackets of type arguments or parameters: what
// stands before them is a name, and behind them what a comparison has not.
func (u *untyper) arguments(i int) int {
	before := u.kind(i - 1)
	if !js.IsIdentifierName(before) && before != js.EqToken && before != js.OpenParenToken && before != js.CommaToken {
		return i
	}
	end := u.angled(i)
	if end == i {
		return i
	}
	switch u.kind(end) {
	case js.OpenParenToken, js.OpenBraceToken, js.ExtendsToken, js.TemplateToken:
		return end
	case js.CloseParenToken, js.CommaToken, js.SemicolonToken:
		return end
	}
	if u.text(end) == "implements" {
		return end
	}
	return i
}

// angled is behind the angle brackets that open at a token; the token itself
// where they are none.
func (u *untyper) angled(i int) int {
	depth := 0
	for j := i; j < len(u.tokens) && j < i+120; j++ {
		switch k := u.kind(j); k {
		case js.LtToken:
			depth++
		case js.GtToken:
			depth--
		case js.GtGtToken:
			depth -= 2
		case js.GtGtGtToken:
			depth -= 3
		case js.OpenParenToken, js.OpenBraceToken, js.OpenBracketToken:
			if u.match[j] < 0 {
				return i
			}
			j = u.match[j]
		case js.SemicolonToken, js.AndToken, js.OrToken, js.CloseParenToken, js.CloseBraceToken, js.CloseBracketToken, js.AddToken:
			return i
		}
		if depth <= 0 {
			return j + 1
		}
	}
	return i
}

// typeAt is behind the type that begins at a token.
func (u *untyper) typeAt(i int) int {
	if k := u.kind(i); k == js.BitOrToken || k == js.BitAndToken {
		i++
	}
	for {
		i = u.primary(i)
		switch u.kind(i) {
		case js.BitOrToken, js.BitAndToken:
			i++
			continue
		case js.ExtendsToken: // A extends B ? C : D
			i = u.typeAt(i + 1)
			if u.kind(i) == js.QuestionToken {
				i = u.typeAt(i + 1)
				if u.kind(i) == js.ColonToken {
					i = u.typeAt(i + 1)
				}
			}
			return i
		}
		if u.text(i) == "is" && !u.newline(i) {
			i++
			continue
		}
		return i
	}
}

// primary is behind one type without | and &.
func (u *untyper) primary(i int) int {
	for {
		switch u.text(i) {
		case "keyof", "readonly", "typeof", "infer", "unique", "asserts", "new", "abstract", "-":
			i++
			continue
		}
		break
	}
	switch k := u.kind(i); {
	case k == js.LtToken:
		i = u.angled(i)
		fallthrough
	case k == js.OpenParenToken:
		if u.match[i] < 0 {
			return i
		}
		i = u.match[i] + 1
		if u.kind(i) == js.ArrowToken && u.top().kind != plain || u.kind(i) == js.ArrowToken && u.kind(i+1) != js.OpenBraceToken {
			return u.typeAt(i + 1)
		}
	case k == js.OpenBraceToken || k == js.OpenBracketToken:
		if u.match[i] < 0 {
			return i
		}
		i = u.match[i] + 1
	default:
		i++
		for u.kind(i) == js.DotToken {
			i += 2
		}
		if u.kind(i) == js.LtToken {
			i = u.angled(i)
		}
	}
	for u.kind(i) == js.OpenBracketToken && u.match[i] >= 0 && !u.newline(i) {
		i = u.match[i] + 1
	}
	return i
}
