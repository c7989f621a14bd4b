package storage

import (
	"errors"
	"fmt"
	"strings"
)

// What can be wrong, for errors.Is. Where a folder is concerned the error is
// an [*Error], which says more.
var (
	// ErrInUse: another process holds the folder.
	ErrInUse = errors.New("another process is using the store")
	// ErrDamaged: files are missing, cut short or altered. Nothing was changed.
	ErrDamaged = errors.New("the store is damaged")
	// ErrFormat: an older or newer program wrote the store or the backup.
	ErrFormat = errors.New("the store has another format")
	// ErrNotStore: the folder holds other files, but no store.
	ErrNotStore = errors.New("the folder holds something else")
	// ErrExists: Restore was pointed at a folder that is not empty.
	ErrExists = errors.New("the folder is not empty")
	// ErrNotWritable: the folder cannot be created or written.
	ErrNotWritable = errors.New("the folder cannot be written")
	// ErrDiskFull: the disk has no room for a safe write. Nothing was changed.
	ErrDiskFull = errors.New("the disk is full")
	// ErrBackup: a backup is cut short, altered, or none at all.
	ErrBackup = errors.New("the backup cannot be used")

	// ErrTooBig: a key, a value, or the sum of one transaction is over its limit.
	ErrTooBig = errors.New("too big for one transaction")
	// ErrConflict: other updates changed what this one had read, too often in a row.
	ErrConflict = errors.New("other updates kept changing what this one had read")
	// ErrReadOnly: a Set or Delete inside View.
	ErrReadOnly = errors.New("this transaction only reads")
	// ErrClosed: the store is closed, or the transaction over.
	ErrClosed = errors.New("the store or the transaction is closed")
)

// Error is what keeps a store from being opened, restored or written: what
// happened, where, and what to do next. Kind is one of the sentinels above.
type Error struct {
	Kind   error
	Doing  string // what was being done, such as "opening the store"
	Folder string
	Detail string // what exactly was found; may be empty
	Next   string // what the operator can do
	Stored int    // for ErrFormat: the format number found
	Err    error  // the cause beneath; may be nil
}

func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s in %s: %v", e.Doing, e.Folder, e.Kind)
	if e.Detail != "" {
		fmt.Fprintf(&b, " (%s)", e.Detail)
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	if e.Next != "" {
		fmt.Fprintf(&b, ". %s", e.Next)
	}
	return b.String()
}

// Unwrap gives errors.Is and errors.As the kind and the cause.
func (e *Error) Unwrap() []error {
	if e.Err == nil {
		return []error{e.Kind}
	}
	return []error{e.Kind, e.Err}
}
