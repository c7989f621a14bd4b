package usage

import (
	"fmt"
	"slices"
	"testing"

	"filewarden/bot/wiki"
	"filewarden/storage"
)

func TestDigestChangesWithWhateverTheMemoryWouldChangeFor(t *testing.T) {
	elsewhere := wiki.Place{Key: "https://xx.example.org/wiki/"}
	uses := []use{{Page: 1, Title: "One"}, {Wiki: elsewhere, Page: 1, Title: "One"}}
	told := []string{"Alice", "Bob"}
	usual := digest(uses, told)
	if usual.Local != 1 || usual.Global != 1 {
		t.Errorf("counted %+v, want one use here and one elsewhere", usual)
	}
	if again := digest([]use{uses[1], uses[0]}, told); again != usual {
		t.Error("the order of the answer matters")
	}
	for name, other := range map[string]digestRow{
		"a use more":         digest(append(slices.Clone(uses), use{Page: 2, Title: "Two"}), told),
		"a use less":         digest(uses[:1], told),
		"a page moved":       digest([]use{{Page: 1, Title: "Uno"}, uses[1]}, told),
		"another namespace":  digest([]use{{Page: 1, NS: 2, Title: "One"}, uses[1]}, told),
		"another wiki":       digest([]use{uses[0], {Wiki: wiki.Place{Key: "yy"}, Page: 1, Title: "One"}}, told),
		"a follower more":    digest(uses, append(slices.Clone(told), "Carol")),
		"a follower less":    digest(uses, told[:1]),
		"another page's row": digest([]use{{Page: 7, Title: "One"}, uses[1]}, told),
	} {
		if other.Sum == usual.Sum {
			t.Errorf("%s leaves the digest as it was", name)
		}
	}
}

func TestDigestsAreFoundAmongThoseOfOtherFiles(t *testing.T) {
	store := storage.Memory()
	defer store.Close()
	var asked []string
	err := store.Update(func(tx storage.Tx) error {
		for i := range 100 {
			if i%7 != 0 { // some have none
				if err := digestTable.Put(tx, digestRow{Sum: fmt.Sprint(i)}, fmt.Sprintf("File:%03d.png", i)); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for i := 10; i < 90; i += 3 {
		asked = append(asked, fmt.Sprintf("File:%03d.png", i))
	}
	err = store.View(func(tx storage.Tx) error {
		found, err := digestsOf(tx, asked)
		if err != nil {
			return err
		}
		for i := 10; i < 90; i += 3 {
			row, ok := found[fmt.Sprintf("File:%03d.png", i)]
			if ok != (i%7 != 0) || ok && row.Sum != fmt.Sprint(i) {
				t.Errorf("file %d: %+v, %v", i, row, ok)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestARowThatIsChangedOtherwiseLosesItsDigest(t *testing.T) {
	store := storage.Memory()
	defer store.Close()
	const file = "File:A.png"
	plain := &change{subject: &subject{title: file}, digest: digestRow{Sum: "x"}}
	plain.next.Since = 1
	has := func() (ok bool) {
		err := store.View(func(tx storage.Tx) (err error) {
			_, ok, err = digestTable.Get(tx, file)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return ok
	}
	aliased := *plain
	aliased.next.Aliases = []string{"File:Old.png"}
	for name, c := range map[string]struct {
		put  func(storage.Tx) error
		want bool
	}{
		"deleted":                     {func(tx storage.Tx) error { return putFile(tx, fileRow{Since: 1, Deleted: 2}, file) }, false},
		"scanned with a former title": {func(tx storage.Tx) error { return putScanned(tx, &aliased) }, false},
		"scanned":                     {func(tx storage.Tx) error { return putScanned(tx, plain) }, true},
	} {
		if err := store.Update(func(tx storage.Tx) error { return putScanned(tx, plain) }); err != nil {
			t.Fatal(err)
		}
		if err := store.Update(c.put); err != nil {
			t.Fatal(err)
		}
		if has() != c.want {
			t.Errorf("%s: has a digest: %v, want %v", name, has(), c.want)
		}
	}
}
