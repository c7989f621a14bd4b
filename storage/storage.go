// Package storage is the bot's memory: ordered keys in one store, changed by
// transactions, with expiry, backup and clear refusals.
//
// # Model
//
// A [Store] maps byte keys to byte values, in key order. [Store.View] reads
// one consistent state; [Store.Update] reads and writes one, and when it
// returns nil the change survives the death of the process and of the machine.
// That is what lets a notice be recorded before it is sent.
//
// One store serves the whole bot. Each task sees only its own [Part] of it, and
// keeps typed rows in a [Table]: JSON with a version number, keyed by an
// ordered tuple of strings. Two parts never see each other's keys; where one
// change has to cover two of them, [Within] crosses over inside a transaction.
//
// # Engine
//
// The engine is Badger, in a folder ([Open]) or in memory ([Memory]). Nothing
// of Badger shows through the interface, so another engine can join beside it:
// it has to pass the suite in storagetest.
//
// # Limits
//
// A key has at most [MaxKey] bytes, a value at most [MaxValue], and one Update
// about a megabyte or ten thousand rows in all; beyond that it fails with
// [ErrTooBig] and changes nothing. [UpdateEach] spreads bulk work over as many
// transactions as it needs.
package storage

import (
	"io"
	"iter"
	"time"
)

const (
	// MaxKey is the longest key in bytes, the names of its part and table included.
	MaxKey = 32 << 10
	// MaxValue is the longest value in bytes. Below a megabyte Badger keeps
	// values beside their keys; its value log, which needs a garbage collector
	// of its own and cannot be used in memory, stays empty.
	MaxValue = 1<<20 - 1
)

// Store is the bot's memory. It is safe for use by many goroutines.
//
// After Close every method but Close returns [ErrClosed].
type Store interface {
	// View runs fn on one consistent state of the store. Set and Delete return
	// [ErrReadOnly] in it. View returns fn's error.
	View(fn func(Tx) error) error

	// Update runs fn and then makes all its changes at once; when it returns
	// nil they are on the disk. When fn returns an error nothing is changed and
	// Update returns that error.
	//
	// Two updates conflict when one wrote a key that the other read (by Get, or
	// passing over it in a Scan). The later one's fn runs again on the new
	// state, so fn must have no effect outside its transaction; after a bounded
	// number of runs Update gives up with [ErrConflict]. It returns [ErrTooBig]
	// for more than one transaction can hold and [ErrDiskFull] where the disk
	// has no room for a safe write; both change nothing.
	Update(fn func(Tx) error) error

	// Backup writes a consistent copy of the whole store while others go on
	// using it. [Restore] reads it; its format is described at [BackupFormat].
	Backup(w io.Writer) error

	// Close waits for running transactions and gives the folder free. Closing
	// twice is no error. On a [Part] it does nothing.
	Close() error
}

// Tx is one transaction. It belongs to the goroutine that runs it and is dead
// when the function that received it returns.
type Tx interface {
	// Get returns a copy of the key's value; ok is false when there is none,
	// or when it has expired.
	Get(key []byte) (value []byte, ok bool, err error)

	// Set stores a copy of value. With ttl 0 it stays for ever; otherwise it
	// expires after ttl, which is rounded up to whole seconds. Each Set decides
	// anew: one without ttl ends an earlier expiry.
	Set(key, value []byte, ttl time.Duration) error

	// Delete removes the key; a key that is not there is no error.
	Delete(key []byte) error

	// Scan yields every key with prefix, at or after from (nil: from the
	// start), in ascending order of bytes. Key and Value are the caller's own.
	// Rows that the loop's body itself sets may be seen or not; rows that it
	// deletes behind or at the cursor are safe. An error is the last thing
	// that it yields.
	Scan(prefix, from []byte) iter.Seq2[Pair, error]
}

// Pair is a key and its value.
type Pair struct{ Key, Value []byte }
