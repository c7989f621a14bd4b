package storagetest

import (
	"errors"
	"fmt"
	"testing"

	"filewarden/storage"
)

func partsApart(t *testing.T, s storage.Store) {
	a, b, inner := storage.Part(s, "a"), storage.Part(s, "b"), storage.Part(storage.Part(s, "a"), "b")
	set(t, s, "k", "whole")
	set(t, a, "k", "in a")
	set(t, b, "k", "in b")
	set(t, inner, "k", "in a/b")
	set(t, storage.Part(s, "a\x00\x01"), "k", "in a name of zeros")
	for store, want := range map[storage.Store]string{s: "whole", a: "in a", b: "in b", inner: "in a/b"} {
		wantRow(t, store, "k", want)
		wantKeys(t, store, nil, nil, "k ")
	}
	wantRow(t, storage.Part(s, "a"), "k", "in a")
}

func withinParts(t *testing.T, s storage.Store) {
	set(t, storage.Part(s, "notices"), "queue", "empty")
	err := storage.Part(s, "usage").Update(func(tx storage.Tx) error {
		err := tx.Set([]byte("seen"), []byte("x"), 0)
		return errors.Join(err, storage.Within(tx, "notices").Set([]byte("queue"), []byte("one"), 0))
	})
	must(t, err)
	wantRow(t, storage.Part(s, "notices"), "queue", "one")
	wantRow(t, storage.Part(s, "usage"), "seen", "x")
	must(t, s.View(func(tx storage.Tx) error {
		value, _, err := storage.Within(storage.Within(tx, "usage"), "notices").Get([]byte("queue"))
		if string(value) != "one" {
			t.Errorf("within and within again: %q", value)
		}
		return err
	}))
}

func closedPart(t *testing.T, s storage.Store) {
	must(t, storage.Part(s, "a").Close())
	set(t, storage.Part(s, "a"), "k", "still open")
}

// A use is a row as a task might keep it.
type use struct {
	Page string `json:"page"`
	Seen int    `json:"seen"`
}

func tables(t *testing.T, s storage.Store) {
	uses, other := storage.NewTable[use]("uses", 1), storage.NewTable[use]("uses2", 1)
	keys := [][]string{{"a", "1"}, {"a"}, {"a\x00", "1"}, {"a\x00b", ""}, {"a\x01", "1"}, {"ab", "1"}, {"", "x"}}
	must(t, s.Update(func(tx storage.Tx) error {
		err := other.Put(tx, use{}, "a", "elsewhere")
		for i, key := range keys {
			err = errors.Join(err, uses.Put(tx, use{Page: key[0], Seen: i}, key...))
		}
		return err
	}))
	must(t, s.View(func(tx storage.Tx) error {
		wantTuples(t, tx, uses, nil, nil,
			`["" "x"] ["a"] ["a" "1"] ["a\x00" "1"] ["a\x00b" ""] ["a\x01" "1"] ["ab" "1"] `)
		wantTuples(t, tx, uses, nil, []string{"a"}, `["a"] ["a" "1"] `)
		wantTuples(t, tx, uses, []string{"a", "1"}, []string{"a"}, `["a" "1"] `)
		wantTuples(t, tx, uses, []string{"a\x01"}, nil, `["a\x01" "1"] ["ab" "1"] `)
		n, countErr := uses.Count(tx, "a")
		row, ok, err := uses.Get(tx, "a\x00b", "")
		if n != 2 || !ok || row != (use{"a\x00b", 3}) {
			t.Errorf("count %d, row %v, %v", n, row, ok)
		}
		return errors.Join(err, countErr)
	}))
	must(t, s.Update(func(tx storage.Tx) error { return uses.Delete(tx, "a") }))
	must(t, s.View(func(tx storage.Tx) error {
		_, ok, err := uses.Get(tx, "a")
		if ok {
			t.Error("the deleted row is there")
		}
		return err
	}))
}

func wantTuples(t *testing.T, tx storage.Tx, table storage.Table[use], from, prefix []string, want string) {
	t.Helper()
	got := ""
	for row, err := range table.ScanFrom(tx, from, prefix...) {
		must(t, err)
		got += fmt.Sprintf("%q ", row.Key)
	}
	if got != want {
		t.Errorf("scan of %q from %q\n got %s\nwant %s", prefix, from, got, want)
	}
}

func laterVersion(t *testing.T, s storage.Store) {
	later, earlier := storage.NewTable[[]string]("uses", 2), storage.NewTable[use]("uses", 1)
	must(t, s.Update(func(tx storage.Tx) error { return later.Put(tx, []string{"another shape"}, "a") }))
	must(t, s.View(func(tx storage.Tx) error {
		_, _, err := earlier.Get(tx, "a")
		wantErr(t, err, storage.ErrFormat)
		for _, err := range earlier.Scan(tx) {
			wantErr(t, err, storage.ErrFormat)
		}
		return nil
	}))
}
