package storage_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filewarden/storage"
)

func backupOf(tb testing.TB, s storage.Store) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := s.Backup(&b); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func TestBackupThatCannotBeUsedLeavesNothingBehind(t *testing.T) {
	s := storage.Memory()
	defer s.Close()
	put(t, s, 0)
	sound := backupOf(t, s)
	flipped := bytes.Clone(sound)
	flipped[len(flipped)/2] ^= 1
	cases := map[string]struct {
		backup []byte
		kind   error
	}{
		"empty":               {nil, storage.ErrBackup},
		"cut by one byte":     {sound[:len(sound)-1], storage.ErrBackup},
		"cut to half":         {sound[:len(sound)/2], storage.ErrBackup},
		"cut to its header":   {sound[:30], storage.ErrBackup},
		"one bit flipped":     {flipped, storage.ErrBackup},
		"something appended":  {append(bytes.Clone(sound), "x"...), storage.ErrBackup},
		"another file":        {[]byte("PK\x03\x04 a zip archive"), storage.ErrBackup},
		"a later format":      {signed("filewarden-backup\n{\"format\":9}\nrows"), storage.ErrFormat},
		"rows cut, re-summed": {signed(string(sound[:len(sound)/2])), storage.ErrBackup},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			parent := t.TempDir()
			dir := filepath.Join(parent, "store")
			err := storage.Restore(dir, bytes.NewReader(c.backup))
			if !errors.Is(err, c.kind) {
				t.Fatalf("error %v, want %v", err, c.kind)
			}
			mentions(t, err, dir, "Nothing was written")
			if left, _ := os.ReadDir(parent); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

// signed ends a forged backup with a correct checksum.
func signed(body string) []byte {
	sum := sha256.Sum256([]byte(body))
	return append([]byte(body), sum[:]...)
}

func TestRestoreRefusesAFolderThatIsNotEmpty(t *testing.T) {
	dir := closedFolder(t)
	s := open(t, dir)
	backup := backupOf(t, s)
	s.Close()
	before := readFolder(t, dir)
	err := storage.Restore(dir, bytes.NewReader(backup))
	if !errors.Is(err, storage.ErrExists) {
		t.Fatalf("error %v, want ErrExists", err)
	}
	if len(before) != len(readFolder(t, dir)) {
		t.Error("the folder was changed")
	}
}

func TestRestoreFillsAnEmptyFolder(t *testing.T) {
	s := storage.Memory()
	defer s.Close()
	put(t, s, 0)
	dir := t.TempDir()
	if err := storage.Restore(dir, bytes.NewReader(backupOf(t, s))); err != nil {
		t.Fatal(err)
	}
	restored := open(t, dir)
	defer restored.Close()
	wantRows(t, restored, rowsEach)
}

func TestBackupIsOneStateWhileOthersWrite(t *testing.T) {
	s := storage.Memory()
	defer s.Close()
	put(t, s, 0)
	writing := writerFunc(func(p []byte) {
		s.Update(func(tx storage.Tx) error { return numbers.Delete(tx, "000000") })
	})
	if err := s.Backup(&writing); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "store")
	if err := storage.Restore(dir, &writing.Buffer); err != nil {
		t.Fatal(err)
	}
	restored := open(t, dir)
	defer restored.Close()
	wantRows(t, restored, rowsEach)
}

type writer struct {
	bytes.Buffer
	before func([]byte)
}

func writerFunc(before func([]byte)) writer { return writer{before: before} }

func (w *writer) Write(p []byte) (int, error) {
	w.before(p)
	return w.Buffer.Write(p)
}

func TestBackupReportsAWriterThatFails(t *testing.T) {
	s := storage.Memory()
	defer s.Close()
	put(t, s, 0)
	if err := s.Backup(failing{}); err == nil || !strings.Contains(err.Error(), "pipe burst") {
		t.Errorf("error %v", err)
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, fmt.Errorf("pipe burst") }
