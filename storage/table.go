package storage

import (
	"encoding/json"
	"fmt"
	"iter"
	"time"
)

// Table is a set of rows of type T, stored as JSON beside the version of its
// shape: {"v":1,"d":{…}}. A key is a tuple of strings, any bytes allowed, and
// rows lie in the order of their tuples. Long rows are packed (pack.go). A prefix is a tuple of whole elements:
// "File:A" is no prefix of "File:AB".
//
// A table belongs to the part whose transaction it is given. T should be a
// struct apart from those that the code works with, so that stored rows change
// shape only on purpose. JSON takes a missing field as its zero value and
// ignores unknown ones; a change that this does not cover needs a new version.
// A row of a later version is refused with [ErrFormat] rather than half read;
// one of an earlier version is decoded as it is.
type Table[T any] struct {
	name    string
	version int
}

// NewTable describes the rows kept under name; version counts the shapes that
// T has had, from 1.
func NewTable[T any](name string, version int) Table[T] {
	return Table[T]{name, version}
}

// Row is a row of a table and its key.
type Row[T any] struct {
	Key   []string
	Value T
}

type stored[T any] struct {
	Version int `json:"v"`
	Data    T   `json:"d"`
}

// Get returns the row with that key; ok is false when there is none.
func (t Table[T]) Get(tx Tx, key ...string) (row T, ok bool, err error) {
	raw, ok, err := tx.Get(t.key(key))
	if err != nil || !ok {
		return row, false, t.wrap("reading", key, err)
	}
	row, err = t.decode(raw)
	return row, err == nil, t.wrap("reading", key, err)
}

// Put stores row under key for ever.
func (t Table[T]) Put(tx Tx, row T, key ...string) error { return t.PutFor(tx, 0, row, key...) }

// PutFor stores row under key; it expires after ttl (see [Tx].Set).
func (t Table[T]) PutFor(tx Tx, ttl time.Duration, row T, key ...string) error {
	raw, err := json.Marshal(stored[T]{t.version, row})
	if err == nil {
		err = tx.Set(t.key(key), pack(raw), ttl)
	}
	return t.wrap("storing", key, err)
}

// Delete removes the row with that key, if there is one.
func (t Table[T]) Delete(tx Tx, key ...string) error {
	return t.wrap("deleting", key, tx.Delete(t.key(key)))
}

// Scan yields the rows whose key begins with prefix, in key order. An error is
// the last thing that it yields.
func (t Table[T]) Scan(tx Tx, prefix ...string) iter.Seq2[Row[T], error] {
	return t.ScanFrom(tx, nil, prefix...)
}

// ScanFrom yields the rows whose key begins with prefix and is from or after
// it. Like prefix, from is counted from the table's first element.
func (t Table[T]) ScanFrom(tx Tx, from []string, prefix ...string) iter.Seq2[Row[T], error] {
	return func(yield func(Row[T], error) bool) {
		for pair, err := range tx.Scan(t.key(prefix), t.key(from)) {
			row, err := t.row(pair, err)
			if !yield(row, t.wrap("scanning", prefix, err)) || err != nil {
				return
			}
		}
	}
}

// Count counts the rows whose key begins with prefix; it passes over them all.
func (t Table[T]) Count(tx Tx, prefix ...string) (int, error) {
	n := 0
	for _, err := range tx.Scan(t.key(prefix), nil) {
		if err != nil {
			return n, t.wrap("counting", prefix, err)
		}
		n++
	}
	return n, nil
}

func (t Table[T]) key(elements []string) []byte {
	return appendTuple(appendTuple(nil, t.name), elements...)
}

func (t Table[T]) row(pair Pair, err error) (Row[T], error) {
	if err != nil {
		return Row[T]{}, err
	}
	elements, err := parseTuple(pair.Key)
	if err != nil {
		return Row[T]{}, err
	}
	row := Row[T]{Key: elements[1:]}
	row.Value, err = t.decode(pair.Value)
	return row, err
}

// decode looks at the version first: data of a later one may have any shape,
// and that it does not fit then explains nothing. The version stands before the
// data, so it is known even where the data cannot be decoded.
func (t Table[T]) decode(raw []byte) (T, error) {
	var s stored[T]
	raw, err := unpack(raw)
	if err != nil {
		return s.Data, err
	}
	err = json.Unmarshal(raw, &s)
	if s.Version > t.version {
		return s.Data, fmt.Errorf("%w: the row has version %d and this program knows %d; upgrade the program",
			ErrFormat, s.Version, t.version)
	}
	return s.Data, err
}

func (t Table[T]) wrap(doing string, key []string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s %s %q: %w", doing, t.name, key, err)
}
