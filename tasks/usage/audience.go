package usage

import (
	"maps"
	"slices"
)

// follow is one reason why a file is scanned.
type follow struct {
	user  string // uploaders: whoever uploaded it
	owner string // the uploader on whose account they follow it; "" when it is a file of others
}

// audience says which files are followed by whom. There may be hundreds of
// thousands of files and most have one of a few sets of followers, so each set
// is kept once and a file only points to it.
type audience struct {
	sets  [][]follow
	grown map[growth]int32 // a set and one more follower → set
	files map[string]int32
	moved map[string]string // former title → file
}

type growth struct {
	set  int32
	more follow
}

func newAudience(moved map[string]string) *audience {
	return &audience{sets: [][]follow{nil}, grown: map[growth]int32{}, files: map[string]int32{}, moved: moved}
}

// now is the title of today of a file that may have been moved.
func (a *audience) now(file string) string {
	if to, ok := a.moved[file]; ok {
		return to
	}
	return file
}

// scan makes sure that a file is scanned, though perhaps for a report only.
func (a *audience) scan(file string) {
	file = a.now(file)
	if _, ok := a.files[file]; !ok {
		a.files[file] = 0
	}
}

// add a follower of a file. One who uploaded it stays its uploader.
func (a *audience) add(file string, f follow) {
	file = a.now(file)
	at := a.files[file]
	i := slices.IndexFunc(a.sets[at], func(g follow) bool { return g.user == f.user })
	if i >= 0 && (a.sets[at][i].owner != "" || f.owner == "") {
		return
	}
	key := growth{at, f}
	next, ok := a.grown[key]
	if !ok {
		set := slices.Clone(a.sets[at])
		if i >= 0 {
			set[i] = f
		} else {
			set = append(set, f)
		}
		next = int32(len(a.sets))
		a.sets = append(a.sets, set)
		a.grown[key] = next
	}
	a.files[file] = next
}

// of a file: who follows it, in no order; not to be changed.
func (a *audience) of(file string) []follow { return a.sets[a.files[file]] }

// titles of all followed files, sorted, so that passes go the same way.
func (a *audience) titles() []string { return slices.Sorted(maps.Keys(a.files)) }
