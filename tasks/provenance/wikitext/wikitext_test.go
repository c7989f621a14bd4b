package wikitext

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"filewarden/tasks/provenance/rule"

	diff "github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

// found is what is found in a page, as the cases write it.
func found(text string) string {
	hits := Audit([]byte(text))
	slices.SortStableFunc(hits, func(a, b rule.Hit) int { return cmp.Compare(a.Start, b.Start) })
	var b strings.Builder
	for _, h := range hits {
		if h.Rule != "PV014" {
			fmt.Fprintf(&b, "%d %s %s\n", strings.Count(text[:h.Start], "\n")+1, h.Rule, text[h.Start:h.End])
		}
	}
	return b.String()
}

func TestCases(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/cases.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(archive.Files); i += 2 {
		page, want := archive.Files[i], archive.Files[i+1]
		if strings.TrimSuffix(page.Name, ".wiki") != strings.TrimSuffix(want.Name, ".want") {
			t.Fatalf("%s is followed by %s", page.Name, want.Name)
		}
		t.Run(page.Name, func(t *testing.T) {
			if d := diff.Diff(string(want.Data), found(string(page.Data))); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestElementsThatAreNeverClosedCostOneSearchEach(t *testing.T) {
	text := strings.Repeat("<pre><nowiki><source>", 100_000)
	if comments, other := Regions([]byte(text)); len(comments)+len(other) > 0 {
		t.Errorf("%d comments, %d others", len(comments), len(other))
	}
}

func FuzzAudit(f *testing.F) {
	f.Add("<!-- a --><nowiki>[//upload.wikimedia.org/wikipedia/commons/thumb/e/e3/F.svg/22px-F.svg.png]</nowiki")
	f.Add("{{filepath:a|nowiki|300}}[[File:a|link=//upload.wikimedia.org/x]]")
	f.Fuzz(func(t *testing.T, text string) {
		for _, h := range Audit([]byte(text)) {
			if h.Start < 0 || h.End > len(text) || h.Start >= h.End {
				t.Fatalf("%+v in %d bytes", h, len(text))
			}
		}
	})
}
