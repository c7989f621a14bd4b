package storage

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"

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
	d.release = lock.release
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
	if err := checkFiles(dir); err != nil {
		return nil, damaged(dir, "", err)
	}
	if err := makeReady(dir); err != nil {
		return nil, notWritable(dir, err)
	}
	db, err := badger.Open(engineOptions(filepath.Join(dir, engineFolder), o.Log))
	if err != nil {
		return nil, damaged(dir, "the engine refuses it", err)
	}
	if err := markOpen(dir); err != nil {
		return nil, notWritable(dir, errors.Join(err, db.Close()))
	}
	return &database{
		db:      db,
		room:    room,
		closing: func() error { return breakSeal(dir) },
		closed:  func() error { return seal(dir) },
	}, nil
}

// checkFiles finds damage without changing anything.
func checkFiles(dir string) error {
	left, err := checkSeal(dir)
	if err != nil || left == sealed {
		return err
	}
	return inspect(filepath.Join(dir, engineFolder), left)
}

// makeReady prepares a sound folder for the engine. It removes what holds
// nothing, as a crash can leave it in a state that the engine refuses: the
// value log and its statistics, which are never used (see [MaxValue]), and the
// registry of encryption keys. The engine makes them again.
func makeReady(dir string) error {
	var err error
	for _, pattern := range []string{"*.vlog", "DISCARD", "KEYREGISTRY"} {
		found, globErr := filepath.Glob(filepath.Join(dir, engineFolder, pattern))
		err = errors.Join(err, globErr)
		for _, path := range found {
			err = errors.Join(err, os.Remove(path))
		}
	}
	return errors.Join(err, breakSeal(dir))
}

// claim makes the folder if need be and locks it against other processes.
func claim(dir string) (*folderLock, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, notWritable(dir, err)
	}
	lock, err := lockFolder(dir)
	if errors.Is(err, ErrInUse) {
		return nil, &Error{Kind: ErrInUse, Doing: opening, Folder: dir,
			Next: "Stop that process, or give this one a data folder of its own"}
	}
	if err != nil {
		return nil, notWritable(dir, err)
	}
	return lock, nil
}

func notWritable(dir string, err error) error {
	return &Error{Kind: ErrNotWritable, Doing: opening, Folder: dir, Err: err,
		Next: "Give this user the right to read and write there, or choose another data folder"}
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

// empty tells whether dir holds nothing, or only files whose names begin with
// one of the prefixes.
func empty(dir string, but ...string) (bool, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("reading the folder: %w", err)
	}
	ignored := func(e os.DirEntry) bool {
		return slices.ContainsFunc(but, func(prefix string) bool { return strings.HasPrefix(e.Name(), prefix) })
	}
	return !slices.ContainsFunc(entries, func(e os.DirEntry) bool { return !ignored(e) }), nil
}
