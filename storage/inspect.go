package storage

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/pb"
	"github.com/dgraph-io/badger/v4/table"
	"google.golang.org/protobuf/proto"
)

// inspection looks at an engine folder that was not closed cleanly, before the
// engine does, and changes nothing. It is needed because Badger repairs too
// eagerly: it deletes every table that its MANIFEST does not name, ignores
// tables with a wrong checksum, and cuts its log at the first bad entry. Each
// is right after a crash and loses rows after damage; the difference can be
// seen only before the files are gone.
type inspection struct {
	folder string
	tables map[uint64]badger.TableManifest // what the MANIFEST names now
	past   map[uint64]bool                 // what it named at any time
	logs   []string                        // write-ahead logs
	stray  []uint64                        // tables that it never named
}

// inspect returns what is damaged, as an error.
func inspect(folder string, left leaving) (err error) {
	defer func() {
		// The engine's readers index into what they read without looking.
		if r := recover(); r != nil {
			err = fmt.Errorf("a file cannot be read: %s", firstLine(r))
		}
	}()
	i := &inspection{folder: folder}
	if err := i.list(); err != nil {
		return err
	}
	for id := range i.tables {
		if err := i.checkTable(id); err != nil {
			return err
		}
	}
	if left == killed && len(i.logs) == 0 {
		return errors.New("its log is missing")
	}
	kept, err := i.checkLogs()
	if err != nil {
		return err
	}
	return i.checkStray(kept)
}

// firstLine is the beginning of what a reader panicked with.
func firstLine(panicked any) string {
	line, _, _ := strings.Cut(strings.TrimSpace(fmt.Sprint(panicked)), "\n")
	return line
}

// list reads the MANIFEST and the names in the folder.
func (i *inspection) list() error {
	entries, err := os.ReadDir(i.folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	err = i.readManifest()
	missing := errors.Is(err, fs.ErrNotExist)
	if err != nil && !missing {
		return fmt.Errorf("%s: %w", badger.ManifestFilename, err)
	}
	for _, e := range entries {
		i.file(e.Name())
	}
	if missing && (len(i.logs) > 0 || len(i.stray) > 0) {
		return fmt.Errorf("%s is missing", badger.ManifestFilename)
	}
	return nil
}

// file takes note of one file of the folder.
func (i *inspection) file(name string) {
	switch {
	case strings.HasSuffix(name, ".mem"):
		i.logs = append(i.logs, name)
	case strings.HasSuffix(name, ".sst"):
		if id, ok := table.ParseFileID(name); ok && !i.past[id] {
			i.stray = append(i.stray, id)
		}
	}
}

// readManifest learns which tables the store consists of, and which it did.
func (i *inspection) readManifest() error {
	f, err := os.Open(filepath.Join(i.folder, badger.ManifestFilename))
	if err != nil {
		return err
	}
	defer f.Close()
	manifest, end, err := badger.ReplayManifestFile(f, 0, badger.DefaultOptions(i.folder).WithLogger(nil))
	if err != nil {
		return err
	}
	i.tables, i.past = manifest.Tables, map[uint64]bool{}
	raw := make([]byte, end)
	if _, err := f.ReadAt(raw, 0); err != nil {
		return err
	}
	// After 8 bytes of magic: length, checksum and a change set, over and over.
	for raw = raw[8:]; len(raw) > 8; {
		var set pb.ManifestChangeSet
		n := 8 + binary.BigEndian.Uint32(raw)
		if err := proto.Unmarshal(raw[8:n], &set); err != nil {
			return err
		}
		for _, change := range set.Changes {
			i.past[change.Id] = true
		}
		raw = raw[n:]
	}
	return nil
}

// checkTable reads a table of the store from end to end.
func (i *inspection) checkTable(id uint64) error {
	t, err := openTable(i.folder, id, i.tables[id].Compression)
	if err != nil {
		return err
	}
	defer t.Close(-1)
	return t.VerifyChecksum()
}

// checkLogs reads the write-ahead logs and returns the newest version that
// they hold of each key.
func (i *inspection) checkLogs() (versions, error) {
	kept := versions{}
	for _, name := range i.logs {
		if err := readLog(filepath.Join(i.folder, name), kept); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return kept, nil
}
