package storage

import (
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"sync"
	"syscall"
	"time"

	"github.com/dgraph-io/badger/v4"
)

// conflictRuns bounds how often one Update runs its function. Conflicts need
// two goroutines on the same key, so a second run nearly always succeeds.
const conflictRuns = 20

// memTable is how much the engine gathers in memory before it writes a table;
// one transaction can hold 15 % of it.
const memTable = 8 << 20

// engineOptions makes Badger small. Its defaults suit a server that owns its
// machine: 64 MiB memory tables and a gigabyte of value log. The values here
// keep an idle store within a few MiB of heap; below them Badger refuses to
// open, or stalls under bulk loads.
func engineOptions(folder string, log *slog.Logger) badger.Options {
	o := badger.DefaultOptions(folder).
		WithLogger(engineLog{log}).
		WithMetricsEnabled(false).
		WithMemTableSize(memTable).
		WithNumMemtables(2).
		WithNumLevelZeroTables(2).
		WithNumLevelZeroTablesStall(4).
		WithNumCompactors(2).
		WithNumGoroutines(1).
		WithBlockCacheSize(8 << 20).
		WithIndexCacheSize(8 << 20).
		WithValueLogFileSize(1 << 20)
	if folder == "" {
		return o.WithInMemory(true)
	}
	return o.WithSyncWrites(true).WithCompactL0OnClose(true)
}

// Memory is a store that lives and dies with the process, for tests and the
// demo. It is the same engine with the same limits.
func Memory() Store {
	db, err := badger.Open(engineOptions("", discardLog()))
	if err != nil {
		// With fixed options and no folder there is nothing that a caller could
		// have done wrong or could put right.
		panic(fmt.Sprintf("opening a store in memory: %v", err))
	}
	return &database{db: db, room: func() error { return nil }}
}

// database is a Badger database as a Store.
type database struct {
	db   *badger.DB
	room func() error // ErrDiskFull when the disk has no room for a safe write

	closing, closed func() error // before and after the engine closes
	release         func() error // gives the folder free

	mu      sync.Mutex
	ended   bool
	running sync.WaitGroup // transactions and other uses of db
}

// enter counts a use of the engine until leave; it fails once Close has begun,
// in a transaction inside another too.
func (d *database) enter() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ended {
		return ErrClosed
	}
	d.running.Add(1)
	return nil
}

func (d *database) leave() { d.running.Done() }

func (d *database) View(fn func(Tx) error) error {
	return d.run(false, fn)
}

func (d *database) Update(fn func(Tx) error) error {
	if err := d.room(); err != nil {
		return err
	}
	var err error
	for range conflictRuns {
		if err = d.run(true, fn); !errors.Is(err, badger.ErrConflict) {
			return err
		}
	}
	return fmt.Errorf("updating the store: %w (%d times)", ErrConflict, conflictRuns)
}

// run runs fn in one transaction of the engine and, when it may write, commits.
func (d *database) run(write bool, fn func(Tx) error) error {
	if err := d.enter(); err != nil {
		return err
	}
	defer d.leave()
	tx := &badgerTx{txn: d.db.NewTransaction(write), write: write}
	defer tx.end()
	if err := fn(levelTx{engine: tx}); err != nil || !write {
		return err
	}
	return engineError(tx.txn.Commit())
}

func (d *database) Close() error {
	d.mu.Lock()
	again := d.ended
	d.ended = true
	d.mu.Unlock()
	d.running.Wait()
	if again {
		return nil
	}
	err := inTurn(d.closing, d.db.Close, d.closed)
	if err = errors.Join(err, inTurn(d.release)); err != nil {
		return fmt.Errorf("closing the store: %w", err)
	}
	return nil
}

// inTurn runs the steps that there are until one fails.
func inTurn(steps ...func() error) error {
	for _, step := range steps {
		if step == nil {
			continue
		}
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// badgerTx is one transaction of Badger.
type badgerTx struct {
	txn   *badger.Txn
	write bool
	ended bool
}

func (t *badgerTx) end() {
	t.ended = true
	t.txn.Discard()
}

func (t *badgerTx) get(key []byte) ([]byte, bool, error) {
	item, err := t.txn.Get(key)
	if errors.Is(err, badger.ErrKeyNotFound) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, engineError(err)
	}
	value, err := item.ValueCopy(nil)
	return value, err == nil, engineError(err)
}

func (t *badgerTx) set(key, value []byte, ttl time.Duration) error {
	if err := checkSize(key, value); err != nil {
		return err
	}
	entry := badger.NewEntry(key, append([]byte{}, value...))
	if ttl > 0 {
		entry.ExpiresAt = expiry(time.Now(), ttl)
	}
	return engineError(t.txn.SetEntry(entry))
}

// expiry is the Unix second at which a row set now is gone. The engine drops a
// row once that second has begun; rounding up keeps it for at least ttl.
func expiry(now time.Time, ttl time.Duration) uint64 {
	end := now.Add(ttl)
	if end.Nanosecond() > 0 {
		end = end.Add(time.Second)
	}
	return uint64(end.Unix())
}

func (t *badgerTx) remove(key []byte) error {
	if err := checkSize(key, nil); err != nil {
		return err
	}
	return engineError(t.txn.Delete(key))
}

func checkSize(key, value []byte) error {
	if len(key) > MaxKey {
		return fmt.Errorf("%w: the key has %d bytes, the limit is %d", ErrTooBig, len(key), MaxKey)
	}
	if len(value) > MaxValue {
		return fmt.Errorf("%w: the value has %d bytes, the limit is %d", ErrTooBig, len(value), MaxValue)
	}
	return nil
}

// scan reads page by page and closes the engine's iterator before it yields:
// Badger allows one open iterator in a writing transaction, and callers nest
// scans and write between rows.
func (t *badgerTx) scan(prefix, from []byte) iter.Seq2[Pair, error] {
	return func(yield func(Pair, error) bool) {
		for size := firstPage; ; size = min(2*size, lastPage) {
			page, err := t.page(prefix, from, size)
			for _, pair := range page {
				if !yield(pair, nil) {
					return
				}
			}
			if err != nil {
				yield(Pair{}, err)
				return
			}
			if len(page) < size {
				return
			}
			from = append(append([]byte{}, page[size-1].Key...), 0)
		}
	}
}

// A scan often wants one row, and sometimes all: pages grow.
const firstPage, lastPage = 8, 512

// page reads up to n pairs with prefix, at or after from.
func (t *badgerTx) page(prefix, from []byte, n int) ([]Pair, error) {
	if t.ended {
		return nil, ErrClosed
	}
	it := t.txn.NewIterator(badger.IteratorOptions{Prefix: prefix})
	defer it.Close()
	var page []Pair
	for it.Seek(from); it.Valid() && len(page) < n; it.Next() {
		value, err := it.Item().ValueCopy(nil)
		if err != nil {
			return page, engineError(err)
		}
		page = append(page, Pair{it.Item().KeyCopy(nil), value})
	}
	return page, nil
}

// engineError turns Badger's errors into the package's own.
func engineError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, badger.ErrTxnTooBig):
		return fmt.Errorf("%w: split the work, UpdateEach does it", ErrTooBig)
	case errors.Is(err, badger.ErrReadOnlyTxn):
		return ErrReadOnly
	case errors.Is(err, badger.ErrDiscardedTxn), errors.Is(err, badger.ErrDBClosed), errors.Is(err, badger.ErrBlockedWrites):
		return ErrClosed
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return fmt.Errorf("%w: %w", ErrDiskFull, err)
	}
	return err
}
