package templates

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// pluralForms are the forms that whole numbers and fractions take in a
// language, in the order in which MediaWiki expects them in {{PLURAL:}}: zero,
// one, two, few, many, other, without those that the language lacks
// (https://www.mediawiki.org/wiki/Help:Magic_words#PLURAL). x/text does not
// list them, so they are met by counting.
func pluralForms(tag language.Tag) []plural.Form {
	seen := map[plural.Form]bool{}
	for n := range 201 {
		seen[integerForm(tag, int64(n))] = true
	}
	seen[integerForm(tag, 1_000_000)] = true
	seen[plural.Cardinal.MatchPlural(tag, 1, 1, 1, 5, 5)] = true
	order := []plural.Form{plural.Zero, plural.One, plural.Two, plural.Few, plural.Many, plural.Other}
	return slices.DeleteFunc(order, func(f plural.Form) bool { return !seen[f] })
}

func integerForm(tag language.Tag, n int64) plural.Form {
	if n < 0 {
		n = -n
	}
	// Rules ask for remainders up to a million, so a larger number keeps its tail
	// and stays large.
	if n > 10_000_000 {
		n = n%1_000_000 + 1_000_000
	}
	return plural.Cardinal.MatchPlural(tag, int(n), 0, 0, 0, 0)
}

// choose picks the form for n: one given as "n=…" if there is one, otherwise by
// the language's rules. With fewer forms than the language has, the last stands
// for the rest, as in MediaWiki.
func (lex *lexicon) choose(n int64, forms []form) form {
	var ruled []form
	for _, f := range forms {
		if !f.explicit {
			ruled = append(ruled, f)
		} else if f.exactly == n {
			return f
		}
	}
	if len(ruled) == 0 {
		return form{}
	}
	at := slices.Index(lex.forms, integerForm(lex.tag, n))
	return ruled[min(max(at, 0), len(ruled)-1)]
}

// explicitForm splits "12=dozen" into 12 and where its text starts.
func explicitForm(text string) (n int64, start int, ok bool) {
	before, _, found := strings.Cut(text, "=")
	if !found {
		return 0, 0, false
	}
	n, err := strconv.ParseInt(strings.TrimSpace(before), 10, 64)
	return n, len(before) + 1, err == nil
}
