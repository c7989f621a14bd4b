// Package sequence finds any of a set of words in a text in one pass.
//
// # Model
//
// Every second byte is looked up together with its neighbour: of two adjacent
// pairs within a word one begins at an even place, and the two that are the
// least common stand in the table. What looks up is compared. Words match in
// any case of ASCII letters.
package sequence

import (
	"slices"
	"strings"
)

// Set is what is looked for.
type Set struct {
	class [1 << 16]uint8 // of a pair: 0 is in no word, else an index into pairs
	pairs [][]probe
}

// probe is a word to compare, and where in it the pair stands.
type probe struct {
	word   string
	offset int
}

// New prepares a search for at most 127 words of at least three bytes, in
// lower case.
func New(words ...string) *Set {
	s := &Set{pairs: make([][]probe, 1)}
	for _, w := range words {
		at := rarest(w)
		s.add(w, at)
		s.add(w, at+1)
	}
	return s
}

// rarest finds the two adjacent pairs of a word that are the least common.
func rarest(s string) int {
	best, least := 0, 1e9
	for i := 0; i+3 <= len(s); i++ {
		if n := common(s[i:i+2]) + common(s[i+1:i+3]); n < least {
			best, least = i, n
		}
	}
	return best
}

// usual are the most common pairs of letters in code, from the most common one.
const usual = "onleinreteenerstorgeetataressethcoicisntalitcamelidendedaneltopaiohenstactwiundingrolorabllamassextrhrec" +
	"siurchusriaspeignercttginoifamsucdidilemtulculacaddgnalluexautrtvanceakicefoveumournclimolblpprtydoinckts" +
	"agldotlsapoodaiophtevobocowfrmswohaemolsrylduimogwgbaibsmaps"

// common is how common a pair is, roughly.
func common(pair string) float64 {
	for i := 0; i+1 < len(usual); i += 2 {
		if usual[i:i+2] == pair {
			return 30 / float64(10+i)
		}
	}
	if strings.ContainsAny(pair, " .(),;") {
		return 0.05
	}
	return 0.01
}

// add registers one pair of a word in all cases of its letters.
func (s *Set) add(word string, offset int) {
	s.pairs = append(s.pairs, nil)
	for _, a := range cases(word[offset]) {
		for _, b := range cases(word[offset+1]) {
			k := &s.class[uint16(a)|uint16(b)<<8]
			if *k == 0 {
				*k = uint8(len(s.pairs) - 1)
			}
			if p := (probe{word, offset}); !slices.Contains(s.pairs[*k], p) {
				s.pairs[*k] = append(s.pairs[*k], p)
			}
		}
	}
}

// cases of a byte: a letter has two.
func cases(c byte) []byte {
	if c >= 'a' && c <= 'z' {
		return []byte{c, c - 'a' + 'A'}
	}
	return []byte{c}
}

// Find calls found with the offset of every word, nearly in order, until it
// says that this is enough. It tells whether it did.
func Find[Text string | []byte](s *Set, text Text, found func(at int, word string) (enough bool)) bool {
	for i := 1; i < len(text); i += 2 {
		k := s.class[uint16(text[i-1])|uint16(text[i])<<8]
		if k == 0 {
			continue
		}
		for _, p := range s.pairs[k] {
			at := i - 1 - p.offset
			if at >= 0 && at+len(p.word) <= len(text) && text[at]|0x20 == p.word[0]|0x20 && Folds(text[at:at+len(p.word)], p.word) && found(at, p.word) {
				return true
			}
		}
	}
	return false
}

// Folds compares a text with one of that length in lower case, ASCII letters in any case.
func Folds[Text string | []byte](text Text, lower string) bool {
	for i := range len(text) {
		c := text[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}
