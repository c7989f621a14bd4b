package storage

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// sealFile tells how the store was left. While it is open the file says so.
// After a clean Close it lists the engine's files, and the next Open sees, to
// the byte, whether anything was lost or altered in between. While the engine
// itself opens or closes there is no such file.
const sealFile = "SEAL"

// openMark is the seal of a store in use. An engine in use has a log at any
// moment, so one that was killed must have left one.
const openMark = "open\n"

// How the last process left a store.
type leaving int

const (
	unknown leaving = iota // it died while the engine opened or closed
	killed                 // it died in the midst of its work
	sealed                 // it closed the store
)

type sealedFile struct {
	Size int64  `json:"size"`
	Sum  uint32 `json:"crc32c"`
}

// seal records the engine's files, once the engine has closed them.
func seal(dir string) error {
	files := map[string]sealedFile{}
	entries, err := os.ReadDir(filepath.Join(dir, engineFolder))
	if err != nil {
		return err
	}
	for _, e := range entries {
		if files[e.Name()], err = measure(filepath.Join(dir, engineFolder, e.Name())); err != nil {
			return err
		}
	}
	raw, err := json.Marshal(files)
	if err != nil {
		return err
	}
	return writeFile(filepath.Join(dir, sealFile), append(raw, '\n'))
}

// checkSeal tells how the store was left, and compares the engine's files with
// the seal, if there is one.
func checkSeal(dir string) (leaving, error) {
	raw, err := os.ReadFile(filepath.Join(dir, sealFile))
	if errors.Is(err, fs.ErrNotExist) {
		return unknown, nil
	}
	if string(raw) == openMark {
		return killed, nil
	}
	var files map[string]sealedFile
	if err == nil {
		err = json.Unmarshal(raw, &files)
	}
	if err != nil {
		return sealed, fmt.Errorf("reading %s: %w", sealFile, err)
	}
	for name, want := range files {
		got, err := measure(filepath.Join(dir, engineFolder, name))
		if err != nil {
			return sealed, err
		}
		if got != want {
			return sealed, fmt.Errorf("%s was altered after the store was closed: %d bytes, sum %08x; it had %d bytes, sum %08x",
				name, got.Size, got.Sum, want.Size, want.Sum)
		}
	}
	return sealed, nil
}

// markOpen records that the engine is at work.
func markOpen(dir string) error {
	return writeFile(filepath.Join(dir, sealFile), []byte(openMark))
}

// breakSeal records that the engine opens or closes.
func breakSeal(dir string) error {
	if err := os.Remove(filepath.Join(dir, sealFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return syncFolder(dir)
}

func measure(path string) (sealedFile, error) {
	f, err := os.Open(path)
	if err != nil {
		return sealedFile{}, err
	}
	defer f.Close()
	sum := crc32.New(crc32.MakeTable(crc32.Castagnoli))
	size, err := io.Copy(sum, f)
	return sealedFile{size, sum.Sum32()}, err
}
