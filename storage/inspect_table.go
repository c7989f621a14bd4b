package storage

import (
	"fmt"
	"math"
	"os"
	"time"

	"github.com/dgraph-io/badger/v4/options"
	"github.com/dgraph-io/badger/v4/table"
	"github.com/dgraph-io/badger/v4/y"
	"github.com/dgraph-io/ristretto/v2/z"
)

// openTable opens a table for reading; Close(-1) leaves its file alone. What
// the engine's reader does not expect makes it panic; that is an error here.
func openTable(folder string, id uint64, compression options.CompressionType) (t *table.Table, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("table %d cannot be read: %s", id, firstLine(r))
		}
	}()
	path := table.NewFilename(id, folder)
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Size() == 0 {
		return nil, fmt.Errorf("%s is empty", info.Name())
	}
	f, err := z.OpenMmapFile(path, os.O_RDONLY, 0)
	if err != nil {
		return nil, err
	}
	return table.OpenTable(f, table.Options{ReadOnly: true, BlockSize: 4 << 10, Compression: compression})
}

// checkStray looks at tables that the MANIFEST never named. A crash while one
// was being made leaves such a table, whole or in part, and all its rows still
// lie where they came from. If one holds a row that nothing else holds, the
// MANIFEST has lost its end, and opening the store would delete that row.
func (i *inspection) checkStray(kept versions) error {
	for _, id := range i.stray {
		rows, ok := strayRows(i.folder, id)
		if !ok {
			continue
		}
		if err := i.dropKept(rows, kept); err != nil {
			return err
		}
		if len(rows) > 0 {
			return fmt.Errorf("MANIFEST has lost its end: it does not name table %d, which holds %d rows found nowhere else", id, len(rows))
		}
	}
	return nil
}

// strayRows returns the rows of a stray table; ok is false for one that was
// never finished and cannot be read.
func strayRows(folder string, id uint64) (rows versions, ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	t, err := openTable(folder, id, options.Snappy)
	if err != nil {
		return nil, false
	}
	defer t.Close(-1)
	if t.VerifyChecksum() != nil {
		return nil, false
	}
	rows, now := versions{}, uint64(time.Now().Unix())
	it := t.NewIterator(0)
	defer it.Close()
	for it.Rewind(); it.Valid(); it.Next() {
		if v := it.Value(); v.ExpiresAt == 0 || v.ExpiresAt > now {
			rows.add(string(y.ParseKey(it.Key())), y.ParseTs(it.Key()))
		}
	}
	return rows, true
}

// dropKept removes the rows that the logs or the store's tables hold, in the
// same version or a later one.
func (i *inspection) dropKept(rows, kept versions) error {
	for key, version := range rows {
		if kept[key] >= version {
			delete(rows, key)
		}
	}
	for id, named := range i.tables {
		if len(rows) == 0 {
			return nil
		}
		if err := dropHeld(rows, i.folder, id, named.Compression); err != nil {
			return err
		}
	}
	return nil
}

// dropHeld removes the rows that one table holds.
func dropHeld(rows versions, folder string, id uint64, compression options.CompressionType) error {
	t, err := openTable(folder, id, compression)
	if err != nil {
		return err
	}
	defer t.Close(-1)
	it := t.NewIterator(0)
	defer it.Close()
	for key, version := range rows {
		if t.DoesNotHave(y.Hash([]byte(key))) {
			continue
		}
		it.Seek(y.KeyWithTs([]byte(key), math.MaxUint64))
		if it.Valid() && string(y.ParseKey(it.Key())) == key && y.ParseTs(it.Key()) >= version {
			delete(rows, key)
		}
	}
	return nil
}
