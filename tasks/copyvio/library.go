package copyvio

import (
	"encoding/hex"
	"fmt"
	"iter"
	"slices"
	"sync"

	"filewarden/bot"
	"filewarden/storage"
	"filewarden/tasks/copyvio/imagehash"
	"filewarden/tasks/copyvio/provider"
)

// printTable keeps the hashes by SHA-1, in the part of the memory that dry runs
// and live runs share.
var printTable = storage.NewTable[imagehash.Print]("print", 1)

// library is what a process has once: the index of hashes, and the desk that
// asks providers and counts what they cost.
type library struct {
	mu     sync.Mutex
	store  storage.Store // what both live in; nil: not open
	index  *imagehash.Index
	opener *imagehash.Opener
	desk   *provider.Desk
}

// decodedAtOnce bounds the memory that decoding takes.
const decodedAtOnce = 2

// open loads the hashes and sets up the providers, the first time.
func (l *library) open(env *bot.Env) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.store != nil {
		return nil
	}
	operator, _ := env.Operator.(*Operator)
	if operator == nil {
		operator = &Operator{}
	}
	keys, err := operator.keys()
	if err != nil {
		return err
	}
	l.desk, err = provider.NewDesk(provider.Options{Keys: keys, Fetch: env.Fetch, Store: env.Shared, Now: env.Now, Log: env.Log})
	if err != nil {
		return fmt.Errorf("setting up the providers: %w", err)
	}
	l.opener = imagehash.NewOpener(imagehash.Limits{}, decodedAtOnce)
	if l.index, err = loadIndex(env.Shared); err == nil {
		l.store = env.Shared
	}
	return err
}

// loadIndex reads all stored hashes.
func loadIndex(store storage.Store) (index *imagehash.Index, err error) {
	failed := store.View(func(tx storage.Tx) error {
		index = imagehash.Load(prints(tx, &err))
		return err
	})
	if failed != nil {
		return nil, fmt.Errorf("loading the hashes: %w", failed)
	}
	return index, nil
}

// prints goes through all stored hashes; what goes wrong is left in failed.
func prints(tx storage.Tx, failed *error) iter.Seq2[imagehash.ID, imagehash.Print] {
	return func(yield func(imagehash.ID, imagehash.Print) bool) {
		for row, err := range printTable.Scan(tx) {
			if *failed = err; err != nil {
				return
			}
			if id, ok := idOf(row.Key[0]); ok && !yield(id, row.Value) {
				return
			}
		}
	}
}

// remember stores a hash and adds it to the index.
func (l *library) remember(sha1 string, print imagehash.Print) error {
	id, ok := idOf(sha1)
	if !ok {
		return fmt.Errorf("%q is no SHA-1", sha1)
	}
	err := l.store.Update(func(tx storage.Tx) error { return printTable.Put(tx, print, sha1) })
	if err != nil {
		return fmt.Errorf("storing the hash of %s: %w", sha1, err)
	}
	l.index.Add(id, print)
	return nil
}

// services are the names of the services that are asked about uploads or checks.
func (l *library) services(c provider.Config) (names []string) {
	for _, purpose := range []provider.Purpose{provider.Uploads, provider.Checks} {
		for _, name := range l.desk.Names(c, purpose) {
			if name = provider.Readable(name); !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// idOf is a SHA-1 as the index knows it.
func idOf(sha1 string) (id imagehash.ID, ok bool) {
	raw, err := hex.DecodeString(sha1)
	if err != nil || len(raw) != len(id) {
		return id, false
	}
	return imagehash.ID(raw), true
}
