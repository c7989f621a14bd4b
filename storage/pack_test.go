package storage

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestLongRowsComeBackAsTheyWere(t *testing.T) {
	store := Memory()
	defer store.Close()
	table := NewTable[[]string]("long", 1)
	for _, n := range []int{0, 1, packFrom - 20, packFrom, 300_000} {
		row := []string{strings.Repeat("a", n), "é\x01"}
		err := store.Update(func(tx Tx) error { return table.Put(tx, row, fmt.Sprint(n)) })
		if err != nil {
			t.Fatalf("%d bytes: %v", n, err)
		}
		err = store.View(func(tx Tx) error {
			got, ok, err := table.Get(tx, fmt.Sprint(n))
			if !ok || len(got) != 2 || got[0] != row[0] || got[1] != row[1] {
				t.Errorf("a row of %d bytes came back otherwise", n)
			}
			return err
		})
		if err != nil {
			t.Fatalf("%d bytes: %v", n, err)
		}
	}
}

func TestOnlyLongRowsArePackedAndOnlyWhereItHelps(t *testing.T) {
	short := []byte(`{"v":1,"d":"aaaaaaaaaaaaaaaaaaaa"}`)
	if !bytes.Equal(pack(short), short) {
		t.Error("a short row was packed")
	}
	long := bytes.Repeat(short, 100)
	if got := pack(long); len(got)*5 > len(long) {
		t.Errorf("%d bytes were packed into %d", len(long), len(got))
	}
	// No element of this sequence comes twice near another.
	noise := make([]byte, 2*packFrom)
	for i, x := 0, uint32(1); i < len(noise); i++ {
		x = x*1664525 + 1013904223
		noise[i] = byte(x >> 24)
	}
	if got := pack(noise); !bytes.Equal(got, noise) {
		t.Error("what does not shrink was packed")
	}
}

func TestADamagedRowIsSaidToBe(t *testing.T) {
	value := pack(bytes.Repeat([]byte(`{"v":1,"d":"a"}`), 500))
	for name, broken := range map[string][]byte{
		"cut":                        value[:len(value)/2],
		"without content":            value[:1],
		"of a length that cannot be": {packed, 0xff, 0xff, 0xff, 0xff, 0x0f, 0},
	} {
		if _, err := unpack(broken); !errors.Is(err, ErrDamaged) {
			t.Errorf("a row %s: %v, want ErrDamaged", name, err)
		}
	}
}
