package storage_test

import (
	"testing"

	"filewarden/storage"
	"filewarden/storage/storagetest"
)

func TestMemoryIsAStore(t *testing.T) {
	storagetest.Run(t, func(testing.TB) storage.Store { return storage.Memory() })
}

func TestFolderIsAStore(t *testing.T) {
	storagetest.Run(t, func(tb testing.TB) storage.Store { return open(tb, tb.TempDir()) })
}

// open opens the store in dir and fails the test when that fails.
func open(tb testing.TB, dir string) storage.Store {
	tb.Helper()
	s, err := storage.Open(dir, storage.Options{Version: "filewarden test"})
	if err != nil {
		tb.Fatal(err)
	}
	return s
}
