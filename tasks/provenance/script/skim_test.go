package script

import (
	"testing"

	"github.com/tdewolff/parse/v2/js"
)

// deepestIn is the deepest nesting that tokens tell, and the most arrow functions.
func deepestIn(next func() (kind js.TokenType, prefix, ok bool)) (deep, arrows int) {
	var d depth
	for kind, prefix, ok := next(); ok; kind, prefix, ok = next() {
		d.read(kind, prefix)
		deep = max(deep, len(d.open)+d.pending)
	}
	return deep, d.arrows
}

func lexed(source string) func() (js.TokenType, bool, bool) {
	t := lex(source)
	return func() (js.TokenType, bool, bool) {
		prefix := !t.value
		l, ok := t.next()
		return l.kind, prefix, ok
	}
}

func skimmed(source string) func() (js.TokenType, bool, bool) {
	s := &skim{source: source}
	return func() (js.TokenType, bool, bool) {
		prefix := !s.value
		kind := s.next()
		return kind, prefix, kind != js.ErrorToken
	}
}

var nestings = []string{
	"a(b[c({d:1})])", "f(\")\", ')', `)`, /)/, /[)/]/)", "x = a / (b) / c", "if (a) { /* } */ b } // }\nc(",
	"`a${ f({b: `c${d}`}) }e${g}` + (h)", "a ? b : c ? d : e", "a\nb\n!c", "a = b = c; d += e <<= f >>>= g ??= h", "x => y => (z = w => v)",
	"(a = (b = c => d) => e) => f", "- - +a - b", "typeof void delete new A", "a?.b?.[c] ?? d", "a ?.5 : 1", "'a\\\nb(' + (c)", "return /[(]/.test(a)",
	"for (;;) while (1) do if (x) y; else z\nwhile (0)", "#p in o, @d", "a++ + ++b ** c", "\u00e4(\u00f6[1.5e3, .5, 0x1f])", "{", "}", "`${", "`${}", "/", "/*", "\\", "a\\",
}

func TestSkimmingTellsTheNestingThatALexerTells(t *testing.T) {
	for _, source := range nestings {
		deep, arrows := deepestIn(lexed(source))
		got, gotArrows := deepestIn(skimmed(source))
		if got != deep || gotArrows != arrows {
			t.Errorf("%q: %d deep with %d arrow functions, want %d and %d", source, got, gotArrows, deep, arrows)
		}
	}
}

func FuzzSkim(f *testing.F) {
	for _, source := range nestings {
		f.Add(source)
	}
	f.Fuzz(func(t *testing.T, source string) {
		s := &skim{source: source}
		for at := 0; s.next() != js.ErrorToken; at = s.at {
			if s.at <= at || s.at > len(source) {
				t.Fatalf("from %d to %d of %d", at, s.at, len(source))
			}
		}
	})
}
