package storage_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"filewarden/storage"
)

// refusal opens dir, which must fail, and returns the error in full.
func refusal(t *testing.T, dir string, kind error) *storage.Error {
	t.Helper()
	s, err := storage.Open(dir, storage.Options{})
	if err == nil {
		s.Close()
		t.Fatal("it opened")
	}
	var full *storage.Error
	if !errors.Is(err, kind) || !errors.As(err, &full) {
		t.Fatalf("error %v, want an Error of kind %v", err, kind)
	}
	mentions(t, err, dir)
	if full.Next == "" {
		t.Errorf("the error does not say what to do next: %v", err)
	}
	return full
}

func TestSecondOpenIsRefusedUntilTheFirstCloses(t *testing.T) {
	dir := t.TempDir()
	first := open(t, dir)
	refusal(t, dir, storage.ErrInUse)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, dir).Close()
}

func TestOtherFormatsAreRefusedWithTheWayOut(t *testing.T) {
	for note, says := range map[string][]string{
		`{"format":7,"writtenBy":"filewarden 9.1"}`: {"format 7", "format 1", "Upgrade", "filewarden 9.1"},
		`{"format":7}`: {"Upgrade", "the program that wrote it"},
	} {
		dir := closedFolder(t)
		os.WriteFile(filepath.Join(dir, "FORMAT"), []byte(note), 0o600)
		before := readFolder(t, dir)
		err := refusal(t, dir, storage.ErrFormat)
		mentions(t, err, says...)
		if err.Stored != 7 {
			t.Errorf("Stored is %d, want 7", err.Stored)
		}
		if len(before) != len(readFolder(t, dir)) {
			t.Error("the refused folder was changed")
		}
	}
}

func TestFormatNamesItsWriter(t *testing.T) {
	note, err := os.ReadFile(filepath.Join(closedFolder(t), "FORMAT"))
	if err != nil || !bytes.Contains(note, []byte(`"writtenBy":"filewarden test"`)) {
		t.Errorf("FORMAT is %s, %v", note, err)
	}
}

func TestForeignFolderIsRefused(t *testing.T) {
	dir := t.TempDir()
	os.WriteFile(filepath.Join(dir, "thesis.odt"), []byte("years of work"), 0o600)
	refusal(t, dir, storage.ErrNotStore)
}

func TestStoppedBeforeItsFormatWasWrittenOpens(t *testing.T) {
	dir := t.TempDir()
	os.WriteFile(filepath.Join(dir, "FORMAT.new-123"), []byte("{"), 0o600)
	open(t, dir).Close()
}

func TestFolderThatCannotBeMadeIsRefused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	os.WriteFile(file, nil, 0o600)
	refusal(t, filepath.Join(file, "store"), storage.ErrNotWritable)
}

func TestFolderWithoutTheRightToWriteIsRefused(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may write anywhere")
	}
	dir := t.TempDir()
	os.Chmod(dir, 0o500)
	defer os.Chmod(dir, 0o700)
	refusal(t, dir, storage.ErrNotWritable)
}
