package storagetest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"filewarden/storage"
)

func tooBig(t *testing.T, s storage.Store) {
	set(t, s, "biggest value", string(make([]byte, storage.MaxValue)))
	if got := len(get(t, s, "biggest value")); got != storage.MaxValue {
		t.Errorf("%d bytes read, want %d", got, storage.MaxValue)
	}
	for _, pair := range []storage.Pair{
		{Key: []byte("k"), Value: make([]byte, storage.MaxValue+1)},
		{Key: make([]byte, storage.MaxKey+1)},
	} {
		err := s.Update(func(tx storage.Tx) error { return tx.Set(pair.Key, pair.Value, 0) })
		wantErr(t, err, storage.ErrTooBig)
	}
	err := s.Update(func(tx storage.Tx) error {
		for i := range 100_000 {
			if err := tx.Set(fmt.Append(nil, i), nil, 0); err != nil {
				return err
			}
		}
		return nil
	})
	wantErr(t, err, storage.ErrTooBig)
	wantRow(t, s, "0", "absent")
}

func updateEach(t *testing.T, s storage.Store) {
	items := make([]int, 30_000)
	for i := range items {
		items[i] = i
	}
	table := storage.NewTable[int]("bulk", 1)
	must(t, storage.UpdateEach(s, items, func(tx storage.Tx, i int) error {
		return errors.Join(table.Put(tx, i, "by number", fmt.Sprint(i)), table.Put(tx, i, "again", fmt.Sprint(i)))
	}))
	must(t, s.View(func(tx storage.Tx) error {
		n, err := table.Count(tx, "by number")
		if n != len(items) {
			t.Errorf("%d rows, want %d", n, len(items))
		}
		return err
	}))
	fat := make([]byte, storage.MaxValue/2+1)
	must(t, storage.UpdateEach(s, items[:9], func(tx storage.Tx, i int) error {
		return tx.Set(fmt.Appendf(nil, "fat %d", i), fat, 0)
	}))
	err := storage.UpdateEach(s, items[:2], func(tx storage.Tx, i int) error {
		return tx.Set([]byte("k"), make([]byte, storage.MaxValue+1), 0)
	})
	wantErr(t, err, storage.ErrTooBig)
}

func deadTransaction(t *testing.T, s storage.Store) {
	set(t, s, "a", "x")
	var kept storage.Tx
	must(t, s.View(func(tx storage.Tx) error { kept = tx; return nil }))
	_, _, err := kept.Get([]byte("a"))
	wantErr(t, err, storage.ErrClosed)
	for _, err := range kept.Scan(nil, nil) {
		wantErr(t, err, storage.ErrClosed)
	}
}

func closed(t *testing.T, s storage.Store) {
	must(t, s.Close())
	nothing := func(storage.Tx) error { return nil }
	wantErr(t, s.View(nothing), storage.ErrClosed)
	wantErr(t, s.Update(nothing), storage.ErrClosed)
	wantErr(t, s.Backup(io.Discard), storage.ErrClosed)
}

func backup(t *testing.T, s storage.Store) {
	set(t, storage.Part(s, "usage"), "in a part", "one")
	set(t, s, "plain", "two")
	set(t, s, "deleted", "three")
	must(t, s.Update(func(tx storage.Tx) error {
		return errors.Join(tx.Delete([]byte("deleted")), tx.Set([]byte("brief"), []byte("four"), 24*time.Hour))
	}))
	var copied bytes.Buffer
	must(t, storage.Part(s, "any").Backup(&copied))
	dir := t.TempDir() + "/restored"
	must(t, storage.Restore(dir, &copied))
	restored, err := storage.Open(dir, storage.Options{})
	must(t, err)
	defer restored.Close()
	wantRow(t, storage.Part(restored, "usage"), "in a part", "one")
	wantKeys(t, restored, nil, nil, "brief plain ")
}
