package storage_test

import (
	"errors"
	"maps"
	"path/filepath"
	"strings"
	"testing"

	"filewarden/storage"
	"github.com/google/go-cmp/cmp"
)

// damages are what happens to files: a full disk, a failed copy, a bad sector,
// a hand that meant well.
var damages = map[string]func(content) content{
	"emptied":           func(content) content { return content{} },
	"cut to half":       func(c content) content { return content{c.bytes[:len(c.bytes)/2], len(c.bytes) / 2} },
	"cut by a few":      func(c content) content { n := max(len(c.bytes)-5, 0); return content{c.bytes[:n], n} },
	"cut to 10 bytes":   func(c content) content { n := min(len(c.bytes), 10); return content{c.bytes[:n], n} },
	"filled with trash": func(c content) content { return content{strings.Repeat("trash", len(c.bytes)/5+1), c.size} },
	"one bit flipped": func(c content) content {
		b := []byte(c.bytes)
		if len(b) > 0 {
			b[len(b)/3] ^= 0x10
		}
		return content{string(b), c.size}
	},
}

func TestDamageIsRefusedOrHarmless(t *testing.T) {
	t.Parallel()
	for state, make := range map[string]func(testing.TB) string{"closed": closedFolder, "crashed": crashedFolder} {
		sound := readFolder(t, make(t))
		for name := range sound {
			for damage, apply := range damages {
				if !holdsRows(name) && damage != "filled with trash" && damage != "emptied" {
					continue
				}
				t.Run(state+"/"+name+"/"+damage, func(t *testing.T) {
					t.Parallel()
					damaged := maps.Clone(sound)
					damaged[name] = apply(sound[name])
					refusedOrWhole(t, damaged)
				})
			}
			t.Run(state+"/"+name+"/removed", func(t *testing.T) {
				t.Parallel()
				damaged := maps.Clone(sound)
				delete(damaged, name)
				refusedOrWhole(t, damaged)
			})
		}
	}
}

// holdsRows tells the files that rows or the names of their tables are in.
func holdsRows(name string) bool {
	name = filepath.Base(name)
	return name == "MANIFEST" || strings.HasSuffix(name, ".sst") || strings.HasSuffix(name, ".mem")
}

// refusedOrWhole opens the files: either every row is there, or the refusal
// says where and how to go on, and no file was touched.
func refusedOrWhole(t *testing.T, damaged files) {
	dir := t.TempDir()
	writeFolder(t, dir, damaged)
	before := readFolder(t, dir)
	s, err := storage.Open(dir, storage.Options{})
	if err == nil {
		wantRows(t, s, 2*rowsEach)
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		return
	}
	if !errors.Is(err, storage.ErrDamaged) {
		t.Errorf("error %v, want ErrDamaged", err)
	}
	mentions(t, err, dir, "damaged", "Nothing was changed", "filewarden restore")
	if diff := cmp.Diff(before, readFolder(t, dir), cmp.AllowUnexported(content{})); diff != "" {
		t.Errorf("the refused folder was changed (-before +after):\n%.2000s", diff)
	}
	t.Logf("refused: %v", err)
}

func TestCrashedStoreOpensWhole(t *testing.T) {
	s := open(t, crashedFolder(t))
	defer s.Close()
	wantRows(t, s, 2*rowsEach)
}

func TestTornEndOfLogIsRepaired(t *testing.T) {
	dir := crashedFolder(t)
	torn := readFolder(t, dir)
	for name, c := range torn {
		if strings.HasSuffix(name, ".mem") {
			torn[name] = content{c.bytes[:len(c.bytes)-3], c.size}
		}
	}
	writeFolder(t, dir, torn)
	s := open(t, dir)
	defer s.Close()
	wantRows(t, s, 2*rowsEach-1)
}

func TestHalfMadeTablesOfACrashAreNoDamage(t *testing.T) {
	dir := crashedFolder(t)
	left := readFolder(t, dir)
	for name, c := range left {
		if strings.HasSuffix(name, ".sst") {
			// What a compaction had finished but not yet entered, and what it
			// had only begun.
			left["badger/000098.sst"] = c
			left["badger/000099.sst"] = content{c.bytes[:len(c.bytes)/2], 2 << 20}
		}
	}
	writeFolder(t, dir, left)
	s := open(t, dir)
	defer s.Close()
	wantRows(t, s, 2*rowsEach)
}

func TestTableWhoseLogIsStillThereIsNoDamage(t *testing.T) {
	dir, crashed := t.TempDir(), t.TempDir()
	s := open(t, dir)
	put(t, s, 0)
	put(t, s, rowsEach)
	left := readFolder(t, dir)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	// The log was written out as a table, and the crash came before the
	// MANIFEST named it.
	for name, c := range readFolder(t, dir) {
		if strings.HasSuffix(name, ".sst") {
			left[name] = c
		}
	}
	writeFolder(t, crashed, left)
	s = open(t, crashed)
	defer s.Close()
	wantRows(t, s, 2*rowsEach)
}
