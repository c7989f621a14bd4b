package storage_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filewarden/storage"
)

// rowsEach is how many rows each half of a test's store has.
const rowsEach = 60

var numbers = storage.NewTable[int]("numbers", 1)

// put stores rows from first on, each in a transaction of its own.
func put(tb testing.TB, s storage.Store, first int) {
	tb.Helper()
	for i := first; i < first+rowsEach; i++ {
		err := s.Update(func(tx storage.Tx) error { return numbers.Put(tx, i, fmt.Sprintf("%06d", i)) })
		if err != nil {
			tb.Fatal(err)
		}
	}
}

// wantRows checks that rows 0 to n-1 are there.
func wantRows(tb testing.TB, s storage.Store, n int) {
	tb.Helper()
	next := 0
	err := s.View(func(tx storage.Tx) error {
		for row, err := range numbers.Scan(tx) {
			if err != nil {
				return err
			}
			if row.Value != next {
				return fmt.Errorf("row %d is missing", next)
			}
			next++
		}
		return nil
	})
	if err != nil || next != n {
		tb.Errorf("%d rows, want %d; %v", next, n, err)
	}
}

// closedFolder is a store of two tables that was closed cleanly; crashedFolder
// is one as a killed process leaves it, half in a table and half in the log.
func closedFolder(tb testing.TB) string {
	tb.Helper()
	dir := tb.TempDir()
	for half := range 2 {
		s := open(tb, dir)
		put(tb, s, half*rowsEach)
		if err := s.Close(); err != nil {
			tb.Fatal(err)
		}
	}
	return dir
}

func crashedFolder(tb testing.TB) string {
	tb.Helper()
	dir, crashed := tb.TempDir(), tb.TempDir()
	s := open(tb, dir)
	put(tb, s, 0)
	if err := s.Close(); err != nil {
		tb.Fatal(err)
	}
	s = open(tb, dir)
	defer s.Close()
	put(tb, s, rowsEach)
	writeFolder(tb, crashed, readFolder(tb, dir))
	return crashed
}

// A folder's files in memory; their trailing zeros, which are most of a live
// log, are only counted.
type files map[string]content

type content struct {
	bytes string
	size  int
}

func readFolder(tb testing.TB, dir string) files {
	tb.Helper()
	found := files{}
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		found[name] = content{string(bytes.TrimRight(raw, "\x00")), len(raw)}
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return found
}

func writeFolder(tb testing.TB, dir string, all files) {
	tb.Helper()
	for name, c := range all {
		path := filepath.Join(dir, name)
		err := os.MkdirAll(filepath.Dir(path), 0o700)
		if err == nil {
			err = os.WriteFile(path, []byte(c.bytes), 0o600)
		}
		if err == nil {
			err = os.Truncate(path, int64(c.size))
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
}

// mentions checks that an error says each of the things.
func mentions(tb testing.TB, err error, things ...string) {
	tb.Helper()
	for _, thing := range things {
		if !strings.Contains(err.Error(), thing) {
			tb.Errorf("error does not say %q:\n%v", thing, err)
		}
	}
}
