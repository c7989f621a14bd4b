package storage

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Format is the number of the layout on disk that this program reads and
// writes: the engine's files in badger/, the marks and tuples of keys, and the
// files FORMAT and SEAL beside them. It grows whenever one of these changes.
const Format = 1

// formatFile says what the folder is. It is written once, before anything else.
const formatFile = "FORMAT"

type formatNote struct {
	Format    int    `json:"format"`
	Engine    string `json:"engine"`
	WrittenBy string `json:"writtenBy"`
}

// checkFormat reads the folder's FORMAT, or writes it into an empty folder.
func checkFormat(dir, version string) error {
	raw, err := os.ReadFile(filepath.Join(dir, formatFile))
	if errors.Is(err, fs.ErrNotExist) {
		return newFormat(dir, version)
	}
	if err != nil {
		return notWritable(dir, err)
	}
	var note formatNote
	if err := json.Unmarshal(raw, &note); err != nil || note.Format < 1 {
		return damaged(dir, formatFile+" cannot be read", err)
	}
	if note.Format != Format {
		return otherFormat(dir, note)
	}
	return nil
}

// newFormat makes an empty folder a store.
func newFormat(dir, version string) error {
	isEmpty, err := empty(dir, formatFile+newSuffix)
	if err == nil && !isEmpty {
		return notAStore(dir)
	}
	if err == nil {
		raw, _ := json.Marshal(formatNote{Format, "badger 4", version})
		err = writeFile(filepath.Join(dir, formatFile), append(raw, '\n'))
	}
	if err != nil {
		return notWritable(dir, err)
	}
	return nil
}

// notAStore refuses a folder with content but no FORMAT.
func notAStore(dir string) error {
	if _, err := os.Stat(filepath.Join(dir, engineFolder)); err == nil {
		return damaged(dir, formatFile+" is missing", nil)
	}
	return &Error{Kind: ErrNotStore, Doing: opening, Folder: dir,
		Detail: "there are files but no " + formatFile, Next: "Choose an empty folder or one that holds a store"}
}

// otherFormat refuses a store of another layout and says which program to take.
func otherFormat(dir string, note formatNote) error {
	e := &Error{Kind: ErrFormat, Doing: opening, Folder: dir, Stored: note.Format,
		Detail: fmt.Sprintf("it has format %d, this program format %d", note.Format, Format)}
	writer := note.WrittenBy
	if writer == "" {
		writer = "the program that wrote it"
	}
	if note.Format > Format {
		e.Next = "Upgrade this program: " + writer + " or later reads the store. Nothing was changed"
	} else {
		e.Next = "Take a backup with " + writer + ", which reads it, and restore that with this program. Nothing was changed"
	}
	return e
}

// newSuffix marks a file that writeFile has not finished.
const newSuffix = ".new-"

// writeFile replaces a file whole: after a crash the old content is there or
// the new, on the disk.
func writeFile(path string, content []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+newSuffix+"*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(content)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err == nil {
		err = syncFolder(filepath.Dir(path))
	}
	return err
}

// syncFolder makes the names in a folder durable.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
