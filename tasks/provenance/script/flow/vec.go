package flow

import (
	"hash/maphash"
	"math/bits"
)

// Vec is a value carried out on all samples, or a constant. Its values are
// string, float64, bool, List, *Regexp, Null or Undefined.
type Vec struct {
	Samples Samples // nil for a constant
	Base    *Vec    // the addresses that this was made of; nil for a constant and for themselves
	vals    []any   // one for a constant
	key     uint64
	known   map[asked]bool // what was found out about it
}

// asked is a question about a Vec, as a small number and what it is about.
type asked struct {
	question int
	a, b     Variant
}

// once answers a question about a Vec and remembers the answer.
func (v *Vec) once(q asked, answer func() bool) bool {
	yes, ok := v.known[q]
	if !ok {
		yes = answer()
		if v.known == nil {
			v.known = map[asked]bool{}
		}
		v.known[q] = yes
	}
	return yes
}

// Questions about Vecs.
const (
	carries = iota
	isAddress
	isExtension
	isName
	unthumbed
	thumbed
	differs
)

// List is an array within a Vec.
type List []any

// Null and Undefined are what JavaScript calls so.
type (
	// Null is JavaScript's null within a Vec.
	Null struct{}
	// Undefined is JavaScript's undefined within a Vec.
	Undefined struct{}
)

// Hole stands in a string for what is not known of it.
const Hole = "\uFFFC"

// Const makes the Vec of a constant.
func Const(value any) *Vec { return &Vec{vals: []any{value}} }

// IsConst says whether the Vec is a constant, and which.
func (v *Vec) IsConst() (any, bool) {
	if v.Samples != nil {
		return nil, false
	}
	return v.vals[0], true
}

// at is the value for a place; a constant is the same everywhere.
func (v *Vec) at(i int) any {
	if v.Samples == nil {
		return v.vals[0]
	}
	return v.vals[i]
}

// At is the value for one sample. slot is 0 or 1: of an address whose form is
// not known, an original or a thumbnail.
func (v *Vec) At(sample, slot int, variant Variant) any {
	return v.at((sample*slots+slot)*int(variants) + int(variant))
}

// identity tells Vecs apart by what they hold.
func (v *Vec) identity() uint64 {
	if v.key == 0 {
		h := uint64(len(v.vals))
		for _, x := range v.vals {
			h = mixed(h, x)
		}
		v.key = max(1, h)
	}
	return v.key
}

// seed is that of all identities.
var seed = maphash.MakeSeed()

// mixed adds a value to an identity.
func mixed(h uint64, x any) uint64 {
	const odd = 0x9E3779B97F4A7C15
	h = bits.RotateLeft64(h, 23) * odd
	switch x := x.(type) {
	case string:
		return h ^ maphash.String(seed, x)
	case float64:
		return h ^ maphash.Comparable(seed, x)
	case bool:
		if x {
			return h + 1
		}
		return h + 2
	case List:
		h += uint64(len(x)) << 8
		for _, e := range x {
			h = mixed(h, e)
		}
		return h
	case *Regexp:
		return h ^ maphash.String(seed, x.Source) ^ maphash.String(seed, x.Flags)*odd
	case Null:
		return h + 3
	}
	return h + 4
}

// limits of what a Vec may hold: beyond, a value is unknown.
const (
	maxString = 64 << 10
	maxList   = 1000
)

// lift carries out an operation on all samples at once. It is unknown, nil,
// where f says no for any of them. args is room for one argument of each Vec.
func lift(f func(args []any) (any, bool), args []any, vecs ...*Vec) *Vec {
	var samples Samples
	var base *Vec
	for _, v := range vecs {
		if v == nil {
			return nil
		}
		if v.Samples != nil && base == nil {
			samples, base = v.Samples, v
			if v.Base != nil {
				base = v.Base
			}
		}
	}
	n := 1
	if samples != nil {
		n = samples.len()
	}
	out := &Vec{Samples: samples, Base: base, vals: make([]any, n)}
	for i := range n {
		for j, v := range vecs {
			args[j] = v.at(i)
		}
		value, ok := f(args)
		if !ok && samples != nil && anyMissing(args) {
			value, ok = Undefined{}, true
		}
		if !ok || tooLarge(value, n) {
			return nil
		}
		out.vals[i] = value
	}
	return out
}

// tooLarge says whether a value is beyond the limits; there are n of it.
func tooLarge(value any, n int) bool {
	switch value := value.(type) {
	case string:
		return len(value) > maxString || n > 1 && len(value) > maxShown
	case List:
		return len(value) > maxList
	}
	return false
}

// strings says whether f holds for every string of a variant. Samples for
// which there is nothing even without parameters are left out.
func (v *Vec) strings(variant Variant, f func(sample Sample, slot int, s string) bool) bool {
	some := false
	for i, sample := range v.Samples {
		for slot := range slots {
			if missing(v.At(i, slot, Plain)) {
				continue
			}
			s, ok := v.At(i, slot, variant).(string)
			if !ok || !f(sample, slot, s) {
				return false
			}
			some = true
		}
	}
	return some
}

func anyMissing(args []any) bool {
	for _, a := range args {
		if missing(a) {
			return true
		}
	}
	return false
}

func missing(x any) bool {
	switch x.(type) {
	case Null, Undefined:
		return true
	}
	return false
}

// size is how many bytes of text a Vec holds, roughly.
func (v *Vec) size() (n int) {
	for _, x := range v.vals {
		switch x := x.(type) {
		case string:
			n += len(x)
		case List:
			n += 16 * len(x)
		}
	}
	return n
}
