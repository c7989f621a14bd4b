package flow

import "strings"

// The methods here judge what an operation made of an address.

// Stringy says whether all values are strings.
func (v *Vec) Stringy() bool {
	return v.strings(Marked, func(Sample, int, string) bool { return true })
}

// Listed says whether the values are arrays, as of split and match.
func (v *Vec) Listed() bool {
	for _, x := range v.vals {
		if _, ok := x.(List); ok {
			return true
		}
	}
	return false
}

// Lost says whether a match that is there for a Plain address is missing for
// the Marked one.
func (v *Vec) Lost() bool {
	for i := range v.Samples {
		for slot := range slots {
			_, was := v.At(i, slot, Plain).(List)
			_, is := v.At(i, slot, Marked).(Null)
			if was && is {
				return true
			}
		}
	}
	return false
}

// Fails says whether a test that is true of some Plain address is false of the
// Marked one.
func Fails(v Value) bool {
	for _, a := range v.atoms {
		if a.Kind != Data {
			continue
		}
		for i := range a.Vec.Samples {
			for slot := range slots {
				if a.Vec.At(i, slot, Plain) == any(true) && a.Vec.At(i, slot, Marked) == any(false) {
					return true
				}
			}
		}
	}
	return false
}

// Spared says whether a replacement changed a Plain address, and not the
// Marked one.
func Spared(before, after *Vec) bool {
	for i := range before.Samples {
		for slot := range slots {
			if !equal(before.At(i, slot, Plain), after.At(i, slot, Plain)) && equal(before.At(i, slot, Marked), after.At(i, slot, Marked)) {
				return true
			}
		}
	}
	return false
}

// Pathlike says whether some Plain value is a path: the host was cut.
func (v *Vec) Pathlike() bool {
	for i, sample := range v.Samples {
		for slot := range slots {
			s, ok := v.At(i, slot, Plain).(string)
			s = strings.TrimPrefix(s, "/")
			if ok && strings.Contains("/"+s, hashed+sample.Name) &&
				(strings.HasPrefix(s, "wikipedia/"+sample.Project+"/") || strings.HasPrefix(s, sample.Project+"/") ||
					strings.HasPrefix("/"+s, hashed) || strings.HasPrefix(s, "thumb"+hashed)) {
				return true
			}
		}
	}
	return false
}

// Unthumbed says whether the address of a thumbnail became that of its original.
func (v *Vec) Unthumbed() bool {
	return v.turned(unthumbed, func(sample Sample, base, s string) bool {
		return strings.Contains(base, "/thumb/") && !strings.Contains(s, "/thumb/") && strings.Contains(s, hashed+sample.Name) &&
			(strings.Contains(s, "/"+sample.Project+"/") || strings.Contains(s, Hole))
	})
}

// Thumbed says whether the address of an original became that of a thumbnail.
func (v *Vec) Thumbed() bool {
	return v.turned(thumbed, func(sample Sample, base, s string) bool {
		return !strings.Contains(base, "/thumb/") && strings.Contains(s, "thumb/") && strings.Contains(s, hashed+sample.Name)
	})
}

// turned says whether any Plain value became something else of its sample.
func (v *Vec) turned(question int, test func(sample Sample, base, s string) bool) bool {
	if v.Base == nil || v.Samples == nil {
		return false
	}
	return v.once(asked{question: question}, func() bool { return v.anyTurned(test) })
}

func (v *Vec) anyTurned(test func(sample Sample, base, s string) bool) bool {
	for i, sample := range v.Samples {
		for slot := range slots {
			base, ok := v.Base.At(i, slot, Plain).(string)
			s, ok2 := v.At(i, slot, Plain).(string)
			if ok && ok2 && !strings.ContainsAny(s, " <>{}|\"\n") && test(sample, base, s) {
				return true
			}
		}
	}
	return false
}
