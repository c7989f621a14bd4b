package storage

import (
	"bytes"
	"io"
	"iter"
	"time"
)

// In the engine every key begins with a mark: a row of this level, or a part
// beneath it. So a row can never be mistaken for a part's, whatever its key.
const (
	rowMark  = 'r'
	partMark = 'p'
)

// Part is the same store seen beneath a name. Its keys are apart from the
// store's own and from those of every other part. Backup covers the whole
// store; Close does nothing, as the store belongs to whoever opened it.
func Part(s Store, name string) Store {
	p := &part{whole: s}
	if outer, ok := s.(*part); ok {
		p.whole, p.prefix = outer.whole, outer.prefix
	}
	p.prefix = partPrefix(p.prefix, name)
	return p
}

func partPrefix(outer []byte, name string) []byte {
	return appendTuple(append(bytes.Clone(outer), partMark), name)
}

type part struct {
	whole  Store
	prefix []byte
}

func (p *part) View(fn func(Tx) error) error {
	return p.whole.View(func(tx Tx) error { return fn(beneath(tx, p.prefix)) })
}

func (p *part) Update(fn func(Tx) error) error {
	return p.whole.Update(func(tx Tx) error { return fn(beneath(tx, p.prefix)) })
}

func (p *part) Backup(w io.Writer) error { return p.whole.Backup(w) }

func (p *part) Close() error { return nil }

// Within crosses from any part's transaction, or the whole store's, to the
// part of that name directly beneath the store, inside the same transaction.
// What is written there becomes durable together with the rest.
func Within(tx Tx, part string) Tx {
	return beneath(tx, partPrefix(nil, part))
}

// An engineTx is an engine's transaction on unmarked keys. The rows of the
// whole store and of each part lie in it side by side.
type engineTx interface {
	get(key []byte) ([]byte, bool, error)
	set(key, value []byte, ttl time.Duration) error
	remove(key []byte) error
	scan(prefix, from []byte) iter.Seq2[Pair, error]
}

// levelTx shows the rows of one level: of the whole store, where prefix is
// empty, or of one part.
type levelTx struct {
	engine engineTx
	prefix []byte
}

func beneath(tx Tx, prefix []byte) Tx {
	if level, ok := tx.(levelTx); ok {
		return levelTx{level.engine, prefix}
	}
	return levelTx{foreignTx{tx}, prefix}
}

func (t levelTx) key(key []byte) []byte {
	k := make([]byte, 0, len(t.prefix)+1+len(key))
	return append(append(append(k, t.prefix...), rowMark), key...)
}

func (t levelTx) Get(key []byte) ([]byte, bool, error) { return t.engine.get(t.key(key)) }

func (t levelTx) Set(key, value []byte, ttl time.Duration) error {
	return t.engine.set(t.key(key), value, ttl)
}

func (t levelTx) Delete(key []byte) error { return t.engine.remove(t.key(key)) }

func (t levelTx) Scan(prefix, from []byte) iter.Seq2[Pair, error] {
	inner := t.key(prefix)
	if bytes.Compare(from, prefix) < 0 {
		from = prefix
	}
	return func(yield func(Pair, error) bool) {
		for pair, err := range t.engine.scan(inner, t.key(from)) {
			if err == nil {
				pair.Key = pair.Key[len(t.prefix)+1:]
			}
			if !yield(pair, err) {
				return
			}
		}
	}
}

// foreignTx lets a Tx from outside this package (a fake in a test, another
// engine) have parts: their marked keys become ordinary keys of it.
type foreignTx struct{ Tx }

func (t foreignTx) get(key []byte) ([]byte, bool, error) { return t.Get(key) }

func (t foreignTx) set(key, value []byte, ttl time.Duration) error { return t.Set(key, value, ttl) }

func (t foreignTx) remove(key []byte) error { return t.Delete(key) }

func (t foreignTx) scan(prefix, from []byte) iter.Seq2[Pair, error] { return t.Scan(prefix, from) }
