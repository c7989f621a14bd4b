package storage

import (
	"bufio"
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"

	"github.com/dgraph-io/badger/v4"
)

// BackupFormat is the number of the backup's layout:
//
//	line 1   filewarden-backup
//	line 2   {"format":1,"taken":"2026-01-02T03:04:05Z"}
//	then     gzip of the rows, in key order:
//	           uvarint length of key, key,
//	           uvarint length of value, value,
//	           uvarint Unix second of expiry (0: none)
//	         ended by an empty key and a uvarint with the number of rows
//	last     the SHA-256 of everything before it, 32 bytes
//
// It names nothing of the engine, so any engine can write and read it.
const BackupFormat = 1

const backupMagic = "filewarden-backup\n"

type backupHeader struct {
	Format int       `json:"format"`
	Taken  time.Time `json:"taken"`
}

func (d *database) Backup(w io.Writer) error {
	if err := d.enter(); err != nil {
		return err
	}
	defer d.leave()
	sum := sha256.New()
	buffered := bufio.NewWriter(w)
	err := d.writeBackup(io.MultiWriter(buffered, sum))
	if err == nil {
		err = writeSum(buffered, sum)
	}
	if err != nil {
		return fmt.Errorf("writing the backup: %w", engineError(err))
	}
	return nil
}

func writeSum(w *bufio.Writer, sum hash.Hash) error {
	if _, err := w.Write(sum.Sum(nil)); err != nil {
		return err
	}
	return w.Flush()
}

func (d *database) writeBackup(w io.Writer) error {
	header, err := json.Marshal(backupHeader{BackupFormat, time.Now().UTC().Truncate(time.Second)})
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(w, "%s%s\n", backupMagic, header); err != nil {
		return err
	}
	zip := gzip.NewWriter(w)
	if err := d.db.View(func(txn *badger.Txn) error { return writeRows(zip, txn) }); err != nil {
		return err
	}
	return zip.Close()
}

// writeRows writes every row that the transaction sees. One transaction is one
// state of the store, however long the writing takes.
func writeRows(w io.Writer, txn *badger.Txn) error {
	it := txn.NewIterator(badger.IteratorOptions{})
	defer it.Close()
	rows := uint64(0)
	var frame []byte
	for it.Rewind(); it.Valid(); it.Next() {
		item := it.Item()
		err := item.Value(func(value []byte) error {
			frame = appendBytes(frame[:0], item.Key())
			frame = appendBytes(frame, value)
			frame = binary.AppendUvarint(frame, item.ExpiresAt())
			return nil
		})
		if err == nil {
			_, err = w.Write(frame)
		}
		if err != nil {
			return err
		}
		rows++
	}
	_, err := w.Write(binary.AppendUvarint(appendBytes(nil, nil), rows))
	return err
}

func appendBytes(dst, b []byte) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(b))), b...)
}

// backupRow is one row as it stands in a backup.
type backupRow struct {
	key, value []byte
	expires    uint64
}

var errCutShort = errors.New("it is cut short or altered")

// readBackup checks the header of a backup and calls fn for each of its rows.
func readBackup(r io.Reader, fn func(backupRow) error) error {
	in := bufio.NewReader(r)
	if err := readHeader(in); err != nil {
		return err
	}
	zip, err := gzip.NewReader(in)
	if err != nil {
		return fmt.Errorf("%w: %w", errCutShort, err)
	}
	zip.Multistream(false)
	rows := bufio.NewReader(zip)
	for n := uint64(0); ; n++ {
		row, err := readRow(rows)
		if err != nil {
			return fmt.Errorf("%w: row %d: %w", errCutShort, n, err)
		}
		if len(row.key) == 0 {
			return checkEnd(rows, n)
		}
		if err := fn(row); err != nil {
			return err
		}
	}
}

func readHeader(in *bufio.Reader) error {
	magic := make([]byte, len(backupMagic))
	if _, err := io.ReadFull(in, magic); err != nil || string(magic) != backupMagic {
		return errors.New("it is no backup of this program")
	}
	line, err := in.ReadBytes('\n')
	var header backupHeader
	if err == nil {
		err = json.Unmarshal(line, &header)
	}
	if err != nil {
		return fmt.Errorf("%w: header: %w", errCutShort, err)
	}
	if header.Format != BackupFormat {
		return &backupFormatError{header.Format}
	}
	return nil
}

type backupFormatError struct{ stored int }

func (e *backupFormatError) Error() string {
	return fmt.Sprintf("it has backup format %d, this program reads %d", e.stored, BackupFormat)
}

// readRow reads one row, or the empty key that ends them.
func readRow(in *bufio.Reader) (row backupRow, err error) {
	if row.key, err = readBytes(in, 2*MaxKey); err != nil || len(row.key) == 0 {
		return row, err
	}
	if row.value, err = readBytes(in, MaxValue); err != nil {
		return row, err
	}
	row.expires, err = binary.ReadUvarint(in)
	return row, err
}

func readBytes(in *bufio.Reader, limit uint64) ([]byte, error) {
	n, err := binary.ReadUvarint(in)
	if err != nil {
		return nil, err
	}
	if n > limit {
		return nil, fmt.Errorf("a length of %d bytes", n)
	}
	b := make([]byte, n)
	_, err = io.ReadFull(in, b)
	return b, err
}

func checkEnd(in *bufio.Reader, rows uint64) error {
	want, err := binary.ReadUvarint(in)
	if err != nil || want != rows {
		return fmt.Errorf("%w: %d rows of %d", errCutShort, rows, want)
	}
	if _, err := in.ReadByte(); err != io.EOF {
		return fmt.Errorf("%w: more after the last row", errCutShort)
	}
	return nil
}
