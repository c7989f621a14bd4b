package storage

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/dgraph-io/badger/v4"
)

const restoring = "restoring the store"

// Restore makes a store in dir, which must be absent or empty, from a backup.
//
// The whole backup is read and checked first: a temporary copy of it is kept
// beside dir. Then the store is built under another name and renamed, so dir
// holds the complete store or nothing. It fails with an [*Error] of kind
// [ErrExists], [ErrBackup], [ErrFormat], [ErrNotWritable] or [ErrDiskFull].
func Restore(dir string, r io.Reader) error {
	dir = filepath.Clean(dir)
	if err := checkTarget(dir); err != nil {
		return err
	}
	problem := func(err error) error {
		return &Error{Kind: ErrNotWritable, Doing: restoring, Folder: dir, Err: err,
			Next: "Give this user the right to write there, or choose another folder"}
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return problem(err)
	}
	work, err := os.MkdirTemp(filepath.Dir(dir), filepath.Base(dir)+".restoring-*")
	if err != nil {
		return problem(err)
	}
	defer os.RemoveAll(work)
	checked, err := spool(filepath.Join(work, "backup"), r)
	if err != nil {
		return backupProblem(dir, err)
	}
	defer checked.Close()
	return rebuild(dir, filepath.Join(work, "store"), checked)
}

func checkTarget(dir string) error {
	isEmpty, err := empty(dir)
	if err != nil {
		return &Error{Kind: ErrNotWritable, Doing: restoring, Folder: dir, Err: err, Next: "Name a folder for the store"}
	}
	if !isEmpty {
		return &Error{Kind: ErrExists, Doing: restoring, Folder: dir,
			Next: "Nothing was changed. Move what is there aside, or restore into another folder"}
	}
	return nil
}

// spool copies the backup to a file and checks it from end to end.
func spool(path string, r io.Reader) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	size, err := io.Copy(f, r)
	if err == nil {
		err = checkBackup(f, size)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// checkBackup checks the header, which tells a foreign file from a damaged one,
// then the checksum over everything, then each row.
func checkBackup(f io.ReaderAt, size int64) error {
	body := io.NewSectionReader(f, 0, max(size-sha256.Size, 0))
	if err := readHeader(bufio.NewReader(body)); err != nil {
		return err
	}
	if _, err := body.Seek(0, io.SeekStart); err != nil {
		return err
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, body); err != nil {
		return err
	}
	want := make([]byte, sha256.Size)
	if _, err := f.ReadAt(want, body.Size()); err != nil && err != io.EOF {
		return err
	}
	if !bytes.Equal(sum.Sum(nil), want) {
		return fmt.Errorf("%w: its checksum is wrong", errCutShort)
	}
	_, err := body.Seek(0, io.SeekStart)
	if err == nil {
		err = readBackup(body, func(backupRow) error { return nil })
	}
	return err
}

// rebuild loads a checked backup into a new store and puts it in its place.
func rebuild(dir, work string, backup *os.File) error {
	s, err := Open(work, Options{})
	if err != nil {
		return err
	}
	end, err := backup.Seek(-sha256.Size, io.SeekEnd)
	if err == nil {
		err = load(s.(*database).db, io.NewSectionReader(backup, 0, end))
	}
	if err = errors.Join(err, s.Close()); err == nil {
		err = putInPlace(work, dir)
	}
	if err != nil {
		return fmt.Errorf("%s in %s: %w", restoring, dir, engineError(err))
	}
	return nil
}

func load(db *badger.DB, backup io.Reader) error {
	batch := db.NewWriteBatch()
	defer batch.Cancel()
	now := uint64(time.Now().Unix())
	err := readBackup(backup, func(row backupRow) error {
		if row.expires != 0 && row.expires <= now {
			return nil
		}
		entry := badger.NewEntry(row.key, row.value)
		entry.ExpiresAt = row.expires
		return batch.SetEntry(entry)
	})
	if err != nil {
		return err
	}
	return batch.Flush()
}

// putInPlace renames the new store; an empty dir may stand in its place.
func putInPlace(work, dir string) error {
	if err := os.Remove(dir); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := os.Rename(work, dir); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(dir))
}

func backupProblem(dir string, err error) error {
	e := &Error{Kind: ErrBackup, Doing: restoring, Folder: dir, Err: err,
		Next: "Nothing was written. Take another backup file"}
	var format *backupFormatError
	if errors.As(err, &format) {
		e.Kind, e.Stored = ErrFormat, format.stored
		e.Next = "Nothing was written. Use the version of this program that took the backup, or a later one"
	}
	if err := engineError(err); errors.Is(err, ErrDiskFull) {
		e.Kind, e.Next = ErrDiskFull, "Nothing was written. Make room beside that folder"
	}
	return e
}
