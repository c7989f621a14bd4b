package flow

import "strings"

// marker occurs in every Marked address, encoded or not.
const marker = "utm_content"

// Media finds an address of media, whole or in part, that carries parameters.
func (v Value) Media() (Atom, bool) {
	for _, a := range v.atoms {
		if a.Kind == Data && a.Vec.Carries() {
			return a, true
		}
	}
	return Atom{}, false
}

// Whole finds a whole address of media with its parameters, as read.
func (v Value) Whole() (Atom, bool) {
	for _, a := range v.atoms {
		if a.Kind == Data && !a.Has(Srcset) && a.Vec.Address() && a.Vec.Carries() {
			return a, true
		}
	}
	return Atom{}, false
}

// Stripped finds a whole address of media that has lost its parameters.
func (v Value) Stripped() (Atom, bool) {
	for _, a := range v.atoms {
		if a.Kind == Data && a.Vec.Samples != nil && a.Vec.Address() && !a.Vec.Carries() {
			return a, true
		}
	}
	return Atom{}, false
}

// Carries says whether the parameters, or part of them, are in what became of
// an address.
func (v *Vec) Carries() bool {
	return v.Samples != nil && v.once(asked{question: carries}, func() bool {
		return v.strings(Marked, func(_ Sample, _ int, s string) bool { return strings.Contains(s, "utm_") })
	})
}

// Address says whether what became of an address is one still: a host, the
// project's folder, the name.
func (v *Vec) Address() bool {
	return v.Samples != nil && v.once(asked{question: isAddress}, func() bool {
		return v.strings(Marked, func(sample Sample, _ int, s string) bool {
			host, rest, ok := strings.Cut(s, ".wikimedia.org/wikipedia/"+sample.Project+"/")
			return ok && strings.Contains(rest, sample.Name) && len(host) < len("https://upload")+2
		})
	})
}

// Extension says whether what became of an address without parameters is its
// extension, with or without dot.
func (v *Vec) Extension() bool {
	return v.once(asked{question: isExtension}, func() bool {
		return v.strings(Plain, func(sample Sample, slot int, s string) bool {
			s = strings.ToLower(strings.TrimPrefix(s, "."))
			return s == strings.ToLower(sample.Ext) || s != "" && s == strings.TrimPrefix(sample.Rendered, ".") || s == "jpe"
		})
	})
}

// NameOf says whether what became of an address without parameters is the name
// of the file or of its thumbnail.
func (v *Vec) NameOf() bool {
	return v.once(asked{question: isName}, func() bool {
		return v.strings(Plain, func(sample Sample, slot int, s string) bool {
			return s == sample.Name || s == sample.ThumbName() || s == strings.ReplaceAll(sample.Name, "_", " ") ||
				s == sample.Name+sample.Rendered
		})
	})
}

// Differs says whether any atom of a value is not the same for two variants of
// an address. What differs everywhere by its parameters only, as the address
// itself does, counts as well: ask for what you look for first.
func Differs(v Value, a, b Variant) bool {
	for _, atom := range v.atoms {
		if atom.Kind == Data && atom.Vec.Differs(a, b) {
			return true
		}
	}
	return false
}

// Differs says whether the Vec is not the same for two variants of any sample.
func (v *Vec) Differs(a, b Variant) bool {
	if v.Samples == nil {
		return false
	}
	return v.once(asked{differs, a, b}, func() bool {
		for i := range v.Samples {
			for slot := range slots {
				if !equal(v.At(i, slot, a), v.At(i, slot, b)) {
					return true
				}
			}
		}
		return false
	})
}

func equal(x, y any) bool {
	l, ok := x.(List)
	m, ok2 := y.(List)
	if !ok && !ok2 {
		return scalar(x) && scalar(y) && x == y
	}
	if !ok || !ok2 || len(l) != len(m) {
		return false
	}
	for i := range l {
		if !equal(l[i], m[i]) {
			return false
		}
	}
	return true
}
