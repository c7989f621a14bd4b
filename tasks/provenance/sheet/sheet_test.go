package sheet

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

// found is what is found in a sheet, as the cases write it.
func found(t *testing.T, text string) string {
	hits, err := Audit([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, h := range hits {
		if h.Rule == "PV014" {
			continue
		}
		fmt.Fprintf(&b, "%d %s %s\n  %s\n", strings.Count(text[:h.Start], "\n")+1, h.Rule, text[h.Start:h.End], h.Fix)
	}
	return b.String()
}

func TestCases(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/cases.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(archive.Files); i += 2 {
		sheet, want := archive.Files[i], archive.Files[i+1]
		if strings.TrimSuffix(sheet.Name, ".css") != strings.TrimSuffix(want.Name, ".want") {
			t.Fatalf("%s is followed by %s", sheet.Name, want.Name)
		}
		t.Run(sheet.Name, func(t *testing.T) {
			if diff := cmp.Diff(string(want.Data), found(t, string(sheet.Data))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestEveryAddressOnAMediaHostIsCounted(t *testing.T) {
	hits, _ := Audit([]byte(".a { background: url(//upload.wikimedia.org/wikipedia/commons/e/e3/F.svg) }"))
	if len(hits) != 1 || hits[0].Rule != "PV014" {
		t.Errorf("%+v", hits)
	}
}

func FuzzAudit(f *testing.F) {
	f.Add(`.a { background: url(//upload.wikimedia.org/wikipedia/commons/thumb/e/e3/F.svg/50px-F.svg.png) !important }`)
	f.Add(`[src$=".a"], [src^='//upload.wikimedia.org'] { // x` + "\n" + `content: url("`)
	f.Add("a[[src$=]]{}}}{;;:url(\x00")
	f.Fuzz(func(t *testing.T, text string) {
		hits, _ := Audit([]byte(text))
		for _, h := range hits {
			if h.Start < 0 || h.End > len(text) || h.Start >= h.End {
				t.Fatalf("%+v in %d bytes", h, len(text))
			}
		}
	})
}
