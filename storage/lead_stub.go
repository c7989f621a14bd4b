package storage

// Delete this whole file when the real package lands: it only lets the contracts above compile.

import (
	"io"
	"iter"
	"time"
)

type Store interface {
	View(fn func(Tx) error) error
	Update(fn func(Tx) error) error
	Backup(w io.Writer) error
	Close() error
}
type Tx interface {
	Get(key []byte) (value []byte, ok bool, err error)
	Set(key, value []byte, ttl time.Duration) error
	Delete(key []byte) error
	Scan(prefix, from []byte) iter.Seq2[Pair, error]
}
type Pair struct{ Key, Value []byte }
