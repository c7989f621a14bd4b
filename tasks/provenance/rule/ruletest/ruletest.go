// Package ruletest holds a reader of code to its cases: a txtar file in which
// each text is followed by what is to be found in it.
//
//	-- icons.css --
//	a { … }
//	-- icons.want --
//	1 CS001 //upload.wikimedia.org/…/50px-A.svg.png
//	  //upload.wikimedia.org/…/60px-A.svg.png
//
// A line is the place, the rule and the code; the line below it, where the
// reader says one, is the fix.
package ruletest

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"

	"filewarden/tasks/provenance/rule"

	diff "github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

// Cases runs the cases of a file. Addresses that are merely spelled out (PV014)
// are left out, as almost every case has some. fixes says whether the cases
// tell fixes too.
func Cases(t *testing.T, file string, fixes bool, find func(t *testing.T, text []byte) []rule.Hit) {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(archive.Files); i += 2 {
		text, want := archive.Files[i], archive.Files[i+1]
		if stem(text.Name) != stem(want.Name) || path.Ext(want.Name) != ".want" {
			t.Fatalf("%s is followed by %s", text.Name, want.Name)
		}
		t.Run(text.Name, func(t *testing.T) {
			if d := diff.Diff(string(want.Data), told(string(text.Data), find(t, text.Data), fixes)); d != "" {
				t.Error(d)
			}
		})
	}
}

func stem(name string) string { return strings.TrimSuffix(name, path.Ext(name)) }

// told is what was found, as cases write it.
func told(text string, hits []rule.Hit, fixes bool) string {
	slices.SortStableFunc(hits, func(a, b rule.Hit) int { return cmp.Compare(a.Start, b.Start) })
	var b strings.Builder
	for _, h := range hits {
		if h.Rule == "PV014" {
			continue
		}
		fmt.Fprintf(&b, "%d %s %s\n", strings.Count(text[:h.Start], "\n")+1, h.Rule, text[h.Start:h.End])
		if fixes {
			fmt.Fprintf(&b, "  %s\n", h.Fix)
		}
	}
	return b.String()
}
