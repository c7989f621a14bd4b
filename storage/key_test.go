package storage

import (
	"bytes"
	"slices"
	"testing"
)

// Two tuples of two elements stand for all: their bytes lead back to them and
// sort as they do.
func FuzzTuples(f *testing.F) {
	f.Add("a", "1", "a\x00", "1")
	f.Add("", "", "\x00\x01", "\xff")
	f.Add("a\x00\xff", "b", "a", "\xffb")
	f.Fuzz(func(t *testing.T, a1, a2, b1, b2 string) {
		a, b := []string{a1, a2}, []string{b1, b2}
		keyA, keyB := appendTuple(nil, a...), appendTuple(nil, b...)
		back, err := parseTuple(keyA)
		if err != nil || !slices.Equal(back, a) {
			t.Errorf("%q leads back to %q, %v", a, back, err)
		}
		if got, want := bytes.Compare(keyA, keyB), slices.Compare(a, b); got != want {
			t.Errorf("keys of %q and %q compare as %d, want %d", a, b, got, want)
		}
		if bytes.HasPrefix(keyB, appendTuple(nil, a1)) != (a1 == b1) {
			t.Errorf("%q is taken for a whole element of %q", a1, b)
		}
	})
}

func FuzzParseTupleNeverPanics(f *testing.F) {
	f.Add([]byte("a\x00"))
	f.Add([]byte("a\x00\x02b"))
	f.Add([]byte("a\x00\xff"))
	f.Fuzz(func(t *testing.T, key []byte) {
		elements, err := parseTuple(key)
		if err == nil && !bytes.Equal(appendTuple(nil, elements...), key) {
			t.Errorf("%q reads as %q, which is another key", key, elements)
		}
	})
}
