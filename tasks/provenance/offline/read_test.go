package offline

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"filewarden/tasks/provenance/audit"

	"github.com/google/go-cmp/cmp"
)

func told(t *testing.T, r Reader, files ...File) (items []Item) {
	t.Helper()
	err := r.Each(t.Context(), files, func(i Item) error {
		items = append(items, i)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return items
}

func TestItemsAreToldInTheOrderOfTheirFiles(t *testing.T) {
	tree(t)
	var files []File
	for n := range 300 {
		name := fmt.Sprintf("%03d.js", n)
		// The first ones take the longest.
		write(t, name, strings.Repeat("var media = 'upload.wikimedia.org';\n", 300-n))
		files = append(files, File{Path: name})
	}
	for n, i := range told(t, Reader{}, files...) {
		if i.Path != files[n].Path {
			t.Fatalf("%s is told as number %d", i.Path, n)
		}
	}
}

func TestWhatCannotBeReadStopsNothing(t *testing.T) {
	tree(t, "a.js", "b.unknown", "d.js", "folder.js/x")
	large := strings.Repeat(" ", audit.MaxSize+100)
	write(t, "c.js", large)
	items := told(t, Reader{}, File{Path: "gone.js"}, File{Path: "a.js"}, File{Path: "folder.js"}, File{Path: "b.unknown"}, File{Path: "c.js"}, File{Path: "d.js"})
	var got []string
	for _, i := range items {
		got = append(got, fmt.Sprint(i.Path, " ", i.Analysis, " ", i.Failure != nil))
	}
	want := []string{"gone.js skipped true", "a.js full false", "folder.js skipped true", "b.unknown skipped false", "c.js skipped false", "d.js full false"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if !errors.Is(items[0].Failure, os.ErrNotExist) {
		t.Errorf("gone.js: %v", items[0].Failure)
	}
}

func TestStandardInputHasANameThatTellsItsLanguage(t *testing.T) {
	for name, want := range map[string]audit.Language{"x.css": audit.CSS, "Module:X": audit.Lua, "x": audit.JavaScript} {
		i := told(t, Reader{Stdin: strings.NewReader("a"), StdinName: name, Language: audit.JavaScript}, File{Path: Stdin})[0]
		if i.Path != name || i.Language != want {
			t.Errorf("%s is %s, %s", name, i.Path, i.Language)
		}
	}
}

func TestAnAuditEndsWhenItsReaderHasEnough(t *testing.T) {
	tree(t, "a.js")
	enough := errors.New("enough")
	files := make([]File, 1000)
	for n := range files {
		files[n].Path = "a.js"
	}
	if err := (Reader{}).Each(t.Context(), files, func(Item) error { return enough }); !errors.Is(err, enough) {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := (Reader{}).Each(ctx, files, func(Item) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// caret draws a line as it is shown, and what is marked in it.
func caret(text string, start, end int) string {
	e := excerpt([]byte(text), start, end)
	return e.Line + "\n" + strings.Repeat(" ", e.Column) + strings.Repeat("^", e.Width)
}

func TestCaretsStandBelowWhatWasFound(t *testing.T) {
	for _, c := range []struct{ text, found, want string }{
		{"a\nbad();\nc", "bad", "bad();\n^^^"},
		{"a\r\n\tx = bad;\r\n", "bad", "x = bad;\n    ^^^"},
		{"one\rtwo bad\rthree", "bad", "two bad\n    ^^^"},
		{"\uFEFFbad", "bad", "bad\n^^^"},
		{"'図' + bad", "bad", "'図' + bad\n       ^^^"},
		{"x = 'ä😀' + bad", "bad", "x = 'ä😀' + bad\n            ^^^"},
		{"f(bad,\n  more)", "bad,\n  more", "f(bad,\n  ^^^^"},
		{"a \x1b[2J bad", "bad", "a \uFFFD[2J bad\n       ^^^"},
		{"\xff\xfe bad", "bad", "\uFFFD\uFFFD bad\n   ^^^"},
		{"bad", "", "bad\n"},
	} {
		start := strings.Index(c.text, c.found)
		if diff := cmp.Diff(c.want, caret(c.text, start, start+len(c.found))); diff != "" {
			t.Errorf("%q:\n%s", c.text, diff)
		}
	}
}

func TestOfALongLineTheSurroundingsAreShown(t *testing.T) {
	for _, text := range []string{
		strings.Repeat("a", 1<<20) + "bad" + strings.Repeat("b", 1<<20),
		strings.Repeat("図", 1<<18) + "bad" + strings.Repeat("😀", 1<<18),
		strings.Repeat("a", 1000) + "bad" + strings.Repeat("x", 1000) + "\nnext",
	} {
		start := strings.Index(text, "bad")
		for _, end := range []int{start + 3, len(text)} {
			e := excerpt([]byte(text), start, end)
			line := []rune(e.Line)
			if len(line) > longestLine+2 || len(line) < longestLine/2 || !strings.Contains(e.Line, "bad") || strings.Contains(e.Line, "next") {
				t.Errorf("%d characters: %s", len(line), e.Line)
			}
			if e.Width < 3 || e.Column > 2*longestLine {
				t.Errorf("carets from %d, %d wide", e.Column, e.Width)
			}
		}
	}
}
