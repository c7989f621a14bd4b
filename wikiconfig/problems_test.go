package wikiconfig

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

// Each archive in testdata/problems holds pairs of files: a page, then the
// lines that are told of it. The archive's name says what sort of page it is.
func TestProblemsAreToldInWordsThatAPersonCanActOn(t *testing.T) {
	archives, err := filepath.Glob("testdata/problems/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no archives", err)
	}
	b := testBook(t)
	for _, path := range archives {
		page := strings.TrimSuffix(filepath.Base(path), ".txtar")
		a, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i+1 < len(a.Files); i += 2 {
			given, want := a.Files[i], &a.Files[i+1]
			t.Run(page+"/"+given.Name, func(t *testing.T) {
				lines := Describe(page, b.Check(page, strings.TrimSuffix(string(given.Data), "\n")))
				got := strings.Join(lines, "\n") + "\n"
				if *update {
					want.Data = []byte(got)
				}
				if diff := cmp.Diff(string(want.Data), got); diff != "" {
					t.Error(diff)
				}
			})
		}
		if *update {
			if err := os.WriteFile(path, txtar.Format(a), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}
