package storage

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"os"

	"github.com/dgraph-io/badger/v4/y"
	"github.com/dgraph-io/ristretto/v2/z"
)

// versions holds the newest version known of each key.
type versions map[string]uint64

func (v versions) add(key string, version uint64) { v[key] = max(v[key], version) }

// A write-ahead log is a header and then entries: meta, user meta, lengths of
// key and value and expiry as uvarints, key, value, CRC-32C over all that.
// The last entry of a transaction carries finished. The engine makes a log of
// logSize, fills it from the front, and cuts it to its content when it reopens
// it.
const (
	logHeader = 20
	logSize   = 2 * memTable
	finished  = 1 << 7
)

type logEntry struct {
	meta byte
	key  []byte // with the version in its last eight bytes
	size int
}

// parseEntry reads the entry at the start of b; ok is false when there is none
// or its checksum is wrong.
func parseEntry(b []byte) (e logEntry, ok bool) {
	if len(b) < 2 || allZero(b[:min(len(b), 8)]) {
		return e, false
	}
	e.meta = b[0]
	at := 2
	var fields [3]uint64 // length of key, length of value, expiry
	for f := range fields {
		v, n := binary.Uvarint(b[at:])
		if n <= 0 {
			return e, false
		}
		fields[f], at = v, at+n
	}
	key, value := fields[0], fields[1]
	if key < 8 || key > uint64(len(b)) || value > uint64(len(b)) || uint64(at)+key+value+crc32.Size > uint64(len(b)) {
		return e, false
	}
	end := at + int(key+value)
	e.key, e.size = b[at:at+int(key)], end+crc32.Size
	return e, crc32.Checksum(b[:end], y.CastagnoliCrcTable) == binary.BigEndian.Uint32(b[end:])
}

// readLog adds what the log's finished transactions hold to kept. The remains
// of one unfinished transaction at the end are what a crash leaves; a log that
// was cut short, or goes on behind a gap, is damaged.
func readLog(path string, kept versions) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.Size() < logHeader {
		return fmt.Errorf("%d bytes are left of it", info.Size())
	}
	f, err := z.OpenMmapFile(path, os.O_RDONLY, 0)
	if err != nil {
		return err
	}
	defer f.Close(-1)
	if !allZero(f.Data[:8]) {
		return errors.New("its header names an encryption key, and there is none")
	}
	end := finishedEntries(f.Data, kept)
	if len(f.Data) != end && len(f.Data) != logSize {
		return fmt.Errorf("it was cut off at %d bytes", len(f.Data))
	}
	if n := finishedAfter(f.Data[end:]); n > 1 {
		return fmt.Errorf("it is unreadable at byte %d, and %d transactions lie behind that", end, n)
	}
	return nil
}

// finishedEntries reads whole transactions and returns where they end.
func finishedEntries(log []byte, kept versions) (end int) {
	end = logHeader
	var pending [][]byte
	for at := end; ; {
		e, ok := parseEntry(log[at:])
		if !ok {
			return end
		}
		at += e.size
		if e.meta&finished == 0 {
			pending = append(pending, e.key)
			continue
		}
		for _, key := range pending {
			kept.add(string(y.ParseKey(key)), y.ParseTs(key))
		}
		pending, end = pending[:0], at
	}
}

// finishedAfter counts the ends of transactions in what follows a log's
// readable part. One may be there after the machine lost power while writing
// its transaction; more cannot.
func finishedAfter(rest []byte) (n int) {
	rest = bytes.TrimRight(rest, "\x00")
	for at := 0; at < len(rest); {
		e, ok := parseEntry(rest[at:])
		if !ok {
			at++
			continue
		}
		if e.meta&finished != 0 {
			n++
		}
		at += e.size
	}
	return n
}

func allZero(b []byte) bool { return len(bytes.Trim(b, "\x00")) == 0 }
