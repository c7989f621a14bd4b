// Package storagetest says what every store must do. An engine's own test
// hands Run a function that opens it, and passes or is not a store.
package storagetest

import (
	"bytes"
	"errors"
	"fmt"
	"testing"
	"time"

	"filewarden/storage"
)

// Run holds a store to the contract of [storage.Store]. open returns a new,
// empty store; Run closes it.
func Run(t *testing.T, open func(testing.TB) storage.Store) {
	claims := map[string]func(*testing.T, storage.Store){
		"what is set can be read, with any bytes":          anyBytes,
		"a key that was never set is not there":            absent,
		"an update sees its own changes":                   ownChanges,
		"an update that fails changes nothing":             failedUpdate,
		"an update that panics changes nothing":            panickedUpdate,
		"a view cannot write":                              readOnlyView,
		"a view sees one state":                            oneState,
		"a scan is in order, from a key, within a prefix":  scanOrder,
		"a scan stops when its reader does":                scanStops,
		"scans nest and rows can be deleted meanwhile":     scanAndDelete,
		"a scan crosses many pages without loss":           scanMany,
		"rows expire, and a later set decides anew":        expiry,
		"concurrent counters lose no count":                counters,
		"a conflict without end is given up":               endlessConflict,
		"the reader's bytes are its own":                   ownBytes,
		"what is too big is refused":                       tooBig,
		"bulk work is split into several transactions":     updateEach,
		"parts do not see each other":                      partsApart,
		"one transaction can change two parts":             withinParts,
		"tables keep rows by tuple":                        tables,
		"a row of a later version is refused":              laterVersion,
		"a closed store says so, and closes once more":     closed,
		"closing a part leaves the store open":             closedPart,
		"a backup restores every row":                      backup,
		"a transaction is dead after its function returns": deadTransaction,
	}
	for claim, check := range claims {
		t.Run(claim, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			t.Cleanup(func() {
				if err := s.Close(); err != nil {
					t.Errorf("Close: %v", err)
				}
			})
			check(t, s)
		})
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantErr(t *testing.T, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("error %v, want %v", got, want)
	}
}

func set(t *testing.T, s storage.Store, key, value string) {
	t.Helper()
	must(t, s.Update(func(tx storage.Tx) error { return tx.Set([]byte(key), []byte(value), 0) }))
}

// get reads one key; a key that is not there reads as "absent".
func get(t *testing.T, s storage.Store, key string) string {
	t.Helper()
	read := "absent"
	must(t, s.View(func(tx storage.Tx) error {
		value, ok, err := tx.Get([]byte(key))
		if ok {
			read = string(value)
		}
		return err
	}))
	return read
}

func wantRow(t *testing.T, s storage.Store, key, want string) {
	t.Helper()
	if got := get(t, s, key); got != want {
		t.Errorf("%q is %q, want %q", key, got, want)
	}
}

// keys lists what a scan yields, with each key followed by a space.
func keys(tx storage.Tx, prefix, from []byte) (string, error) {
	var list bytes.Buffer
	for pair, err := range tx.Scan(prefix, from) {
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&list, "%s ", pair.Key)
	}
	return list.String(), nil
}

func wantKeys(t *testing.T, s storage.Store, prefix, from []byte, want string) {
	t.Helper()
	must(t, s.View(func(tx storage.Tx) error {
		got, err := keys(tx, prefix, from)
		if got != want {
			t.Errorf("scan of prefix %q from %q yields %q, want %q", prefix, from, got, want)
		}
		return err
	}))
}

func anyBytes(t *testing.T, s storage.Store) {
	for _, key := range []string{"", "\x00", "a\x00b", "\xff\xff", "!badger!x", "Datei:Ä 😀.jpg"} {
		set(t, s, key, "of "+key)
	}
	set(t, s, "empty", "")
	wantRow(t, s, "!badger!x", "of !badger!x")
	wantRow(t, s, "", "of ")
	wantRow(t, s, "empty", "")
	wantRow(t, s, "a\x00b", "of a\x00b")
}

func absent(t *testing.T, s storage.Store) {
	wantRow(t, s, "nothing", "absent")
	must(t, s.Update(func(tx storage.Tx) error { return tx.Delete([]byte("nothing")) }))
	set(t, s, "once", "x")
	must(t, s.Update(func(tx storage.Tx) error { return tx.Delete([]byte("once")) }))
	wantRow(t, s, "once", "absent")
}

func ownChanges(t *testing.T, s storage.Store) {
	set(t, s, "a", "old")
	must(t, s.Update(func(tx storage.Tx) error {
		if err := errors.Join(tx.Set([]byte("b"), []byte("new"), 0), tx.Delete([]byte("a"))); err != nil {
			return err
		}
		value, ok, err := tx.Get([]byte("b"))
		if string(value) != "new" || !ok {
			t.Errorf("b is %q, %v inside the update", value, ok)
		}
		list, scanErr := keys(tx, nil, nil)
		if list != "b " {
			t.Errorf("a scan inside the update yields %q", list)
		}
		return errors.Join(err, scanErr)
	}))
}

func failedUpdate(t *testing.T, s storage.Store) {
	set(t, s, "a", "old")
	reason := errors.New("a reason")
	err := s.Update(func(tx storage.Tx) error {
		return errors.Join(tx.Set([]byte("a"), []byte("new"), 0), reason)
	})
	wantErr(t, err, reason)
	wantRow(t, s, "a", "old")
}

func panickedUpdate(t *testing.T, s storage.Store) {
	func() {
		defer func() { _ = recover() }()
		_ = s.Update(func(tx storage.Tx) error {
			_ = tx.Set([]byte("a"), []byte("new"), 0)
			for range tx.Scan(nil, nil) {
				panic("inside a scan")
			}
			return nil
		})
		t.Error("the panic was swallowed")
	}()
	wantRow(t, s, "a", "absent")
}

func readOnlyView(t *testing.T, s storage.Store) {
	must(t, s.View(func(tx storage.Tx) error {
		wantErr(t, tx.Set([]byte("a"), nil, 0), storage.ErrReadOnly)
		wantErr(t, tx.Delete([]byte("a")), storage.ErrReadOnly)
		return nil
	}))
}

func oneState(t *testing.T, s storage.Store) {
	set(t, s, "a", "before")
	must(t, s.View(func(tx storage.Tx) error {
		set(t, s, "a", "after")
		value, _, err := tx.Get([]byte("a"))
		if string(value) != "before" {
			t.Errorf("the view sees %q, which came later", value)
		}
		return err
	}))
	wantRow(t, s, "a", "after")
}

func scanOrder(t *testing.T, s storage.Store) {
	for _, key := range []string{"b2", "a", "b1", "c", "b", "b3"} {
		set(t, s, key, key)
	}
	wantKeys(t, s, nil, nil, "a b b1 b2 b3 c ")
	wantKeys(t, s, []byte("b"), nil, "b b1 b2 b3 ")
	wantKeys(t, s, []byte("b"), []byte("b2"), "b2 b3 ")
	wantKeys(t, s, []byte("b"), []byte("b11"), "b2 b3 ")
	wantKeys(t, s, []byte("b"), []byte("a"), "b b1 b2 b3 ")
	wantKeys(t, s, []byte("b"), []byte("c"), "")
	wantKeys(t, s, []byte("x"), nil, "")
}

func scanStops(t *testing.T, s storage.Store) {
	for i := range 20 {
		set(t, s, fmt.Sprintf("%02d", i), "")
	}
	must(t, s.Update(func(tx storage.Tx) error {
		seen := 0
		for range tx.Scan(nil, nil) {
			if seen++; seen == 3 {
				break
			}
		}
		if seen != 3 {
			t.Errorf("%d rows seen, want 3", seen)
		}
		return tx.Set([]byte("after"), nil, 0)
	}))
	wantRow(t, s, "after", "")
}

func scanAndDelete(t *testing.T, s storage.Store) {
	for i := range 30 {
		set(t, s, fmt.Sprintf("%02d", i), "")
	}
	must(t, s.Update(func(tx storage.Tx) error {
		for pair, err := range tx.Scan(nil, nil) {
			if err != nil {
				return err
			}
			if _, err := keys(tx, pair.Key, nil); err != nil {
				return err
			}
			if err := tx.Delete(pair.Key); err != nil {
				return err
			}
		}
		return nil
	}))
	wantKeys(t, s, nil, nil, "")
}

func scanMany(t *testing.T, s storage.Store) {
	const rows = 3000
	must(t, s.Update(func(tx storage.Tx) error {
		for i := range rows {
			if err := tx.Set(fmt.Appendf(nil, "%05d", i), nil, 0); err != nil {
				return err
			}
		}
		return nil
	}))
	must(t, s.View(func(tx storage.Tx) error {
		n := 0
		for pair, err := range tx.Scan(nil, nil) {
			if err != nil || string(pair.Key) != fmt.Sprintf("%05d", n) {
				t.Fatalf("row %d is %q, %v", n, pair.Key, err)
			}
			n++
		}
		if n != rows {
			t.Errorf("%d rows, want %d", n, rows)
		}
		return nil
	}))
}

// expiry waits for the clock, as engines keep time by themselves.
func expiry(t *testing.T, s storage.Store) {
	table := storage.NewTable[string]("brief", 1)
	must(t, s.Update(func(tx storage.Tx) error {
		return errors.Join(
			table.PutFor(tx, time.Millisecond, "soon gone", "soon"),
			table.PutFor(tx, time.Hour, "stays", "hour"),
			table.PutFor(tx, time.Millisecond, "stays", "kept"),
			table.Put(tx, "stays", "kept"))
	}))
	deadline := time.Now().Add(10 * time.Second)
	for rowThere(t, s, table, "soon") {
		if time.Now().After(deadline) {
			t.Fatal("a row of a millisecond is there after ten seconds")
		}
		time.Sleep(50 * time.Millisecond)
	}
	if !rowThere(t, s, table, "hour") || !rowThere(t, s, table, "kept") {
		t.Error("a row that had not expired is gone")
	}
}

func rowThere(t *testing.T, s storage.Store, table storage.Table[string], key string) (there bool) {
	t.Helper()
	must(t, s.View(func(tx storage.Tx) (err error) {
		_, there, err = table.Get(tx, key)
		return err
	}))
	return there
}

func counters(t *testing.T, s storage.Store) {
	const workers, rounds = 4, 25
	add := func(tx storage.Tx) error {
		value, _, err := tx.Get([]byte("n"))
		if err != nil {
			return err
		}
		return tx.Set([]byte("n"), append(value, 'x'), 0)
	}
	done := make(chan error)
	for range workers {
		go func() {
			var err error
			for n := 0; n < rounds && err == nil; {
				if err = s.Update(add); errors.Is(err, storage.ErrConflict) {
					err = nil
					continue
				}
				n++
			}
			done <- err
		}()
	}
	for range workers {
		must(t, <-done)
	}
	if got := len(get(t, s, "n")); got != workers*rounds {
		t.Errorf("counted %d, want %d", got, workers*rounds)
	}
}

func endlessConflict(t *testing.T, s storage.Store) {
	runs := 0
	err := s.Update(func(tx storage.Tx) error {
		runs++
		if _, _, err := tx.Get([]byte("n")); err != nil {
			return err
		}
		set(t, s, "n", fmt.Sprint(runs))
		return tx.Set([]byte("n"), []byte("mine"), 0)
	})
	wantErr(t, err, storage.ErrConflict)
	if runs < 2 || runs > 1000 {
		t.Errorf("the function ran %d times", runs)
	}
}

func ownBytes(t *testing.T, s storage.Store) {
	key, value := []byte("key"), []byte("value")
	must(t, s.Update(func(tx storage.Tx) error {
		err := tx.Set(key, value, 0)
		key[0], value[0] = 'X', 'X'
		return err
	}))
	wantRow(t, s, "key", "value")
	must(t, s.View(func(tx storage.Tx) error {
		read, _, err := tx.Get([]byte("key"))
		read[0] = 'X'
		return err
	}))
	wantRow(t, s, "key", "value")
}
