package storage

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/dgraph-io/badger/v4"
)

// engineFolder holds Badger's own files, beneath the store's folder.
const engineFolder = "badger"

// Options are what Open needs beside the folder; the zero value works.
type Options struct {
	// Log receives the engine's warnings and errors, and at debug level its
	// other messages. Nil is silent.
	Log *slog.Logger
	// Version names this program, such as "filewarden 1.2.0". It is written into
	// the store so that a later program can say which one reads an old format.
	Version string
}

// Open opens the store in folder dir, or makes one where dir is absent or
// empty. What was interrupted by the death of the process or the machine is
// repaired: every Update that had returned is there.
//
// It fails with an [*Error] of kind [ErrInUse], [ErrDamaged], [ErrFormat],
// [ErrNotStore], [ErrNotWritable] or [ErrDiskFull]. All of them leave the
// store's files as they were.
func Open(dir string, o Options) (Store, error) {
	if o.Log == nil {
		o.Log = discardLog()
	}
	lock, err := claim(dir)
	if err != nil {
		return nil, err
	}
	d, err := openClaimed(dir, o)
	if err != nil {
		lock.release()
		return nil, err
	}
	d.finish = func(err error) error { return errors.Join(err, lock.release()) }
	return d, nil
}

// openClaimed opens the store in a folder whose lock this process holds.
func openClaimed(dir string, o Options) (*database, error) {
	room := func() error { return checkRoom(dir) }
	if err := room(); err != nil {
		return nil, err
	}
	if err := checkFormat(dir, o.Version); err != nil {
		return nil, err
	}
	db, err := badger.Open(engineOptions(filepath.Join(dir, engineFolder), o.Log))
	if err != nil {
		return nil, damaged(dir, "", err)
	}
	return &database{db: db, room: room}, nil
}

// claim makes the folder if need be and locks it against other processes.
func claim(dir string) (*folderLock, error) {
	problem := func(kind error, next string, err error) error {
		return &Error{Kind: kind, Doing: opening, Folder: dir, Next: next, Err: err}
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, problem(ErrNotWritable, "Give this user the right to write there, or choose another data folder", err)
	}
	lock, err := lockFolder(dir)
	switch {
	case errors.Is(err, ErrInUse):
		return nil, problem(ErrInUse, "Stop that process, or give this one a data folder of its own", nil)
	case err != nil:
		return nil, problem(ErrNotWritable, "Give this user the right to write there, or choose another data folder", err)
	}
	return lock, nil
}

const opening = "opening the store"

// damaged is the refusal of a store whose files are not what they were.
func damaged(dir, detail string, err error) error {
	return &Error{
		Kind: ErrDamaged, Doing: opening, Folder: dir, Detail: detail, Err: err,
		Next: "Nothing was changed. Move this folder aside and restore the last backup into a new one " +
			"(filewarden restore); without a backup, start with an empty folder and the bot takes a new baseline",
	}
}

// empty tells whether dir holds nothing.
func empty(dir string) (bool, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("reading the folder: %w", err)
	}
	return len(entries) == 0, nil
}
