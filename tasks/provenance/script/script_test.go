package script

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

var expectation = regexp.MustCompile(`// (?:want ([A-Z0-9,| ]+)|clean)`)

// A case file is an archive of scripts. A line that ends in "// want PV001" is
// found by that rule, one that ends in "// want TS002|TS003" by either; every
// other line is clean.
func TestScriptsAreFoundLineByLine(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			t.Run(filepath.Base(file)+"/"+f.Name, func(t *testing.T) { checkLines(t, f.Data) })
		}
	}
}

func checkLines(t *testing.T, text []byte) {
	t.Helper()
	var want []string
	alternative := map[string]string{}
	for i, line := range strings.Split(string(text), "\n") {
		if m := expectation.FindStringSubmatch(line); m != nil && m[1] != "" {
			for _, id := range strings.Split(m[1], ",") {
				first, others, _ := strings.Cut(strings.TrimSpace(id), "|")
				want = append(want, fmt.Sprintf("%d %s", i+1, first))
				for _, other := range strings.Split(others, "|") {
					alternative[fmt.Sprintf("%d %s", i+1, other)] = fmt.Sprintf("%d %s", i+1, first)
				}
			}
		}
	}
	hits, err := Audit(text)
	if err != nil {
		t.Errorf("reading: %v", err)
	}
	var got []string
	for _, h := range hits {
		if h.Rule != "PV014" {
			found := fmt.Sprintf("%d %s", 1+strings.Count(string(text[:h.Start]), "\n"), h.Rule)
			if first, ok := alternative[found]; ok {
				found = first
			}
			got = append(got, found)
		}
		if h.Fix == "" && h.Rule != "PV014" {
			t.Errorf("%s on %q has no fix", h.Rule, text[h.Start:h.End])
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, slices.Compact(got)); diff != "" {
		t.Errorf("line and rule (-want +got):\n%s", diff)
	}
}

func TestWhatDoesNotParseIsToldByItsPlaceAlone(t *testing.T) {
	if _, err := Audit([]byte("var a = upload.wikimedia.org;\nvar 'b';")); err == nil || !strings.HasPrefix(err.Error(), "Line 2:5 ") {
		t.Errorf("it says %v", err)
	}
}

// Whatever a text holds, reading it ends, and what is found lies within it.
func FuzzAudit(f *testing.F) {
	f.Add("var a = img.src.split( '.' ).pop(), b = `${ img.src }?v=${ 1 }`")
	f.Add("const { url } = info[ 0 ]; for ( const [ k, v ] of Object.entries( url ) ) { x += v.src + '/' + k + 'px-'; }")
	f.Add("class A { #u = this.img.src; get v() { return /\\.svg$/.test( this.#u ) } } (")
	f.Add("\ufeff'\\u{10ffff}' ; function f( a: string ): void { f( a.src! as string ) }\r\n// \U0001f600")
	f.Fuzz(func(t *testing.T, text string) {
		hits, _ := Audit([]byte(text))
		for _, h := range hits {
			if h.Start < 0 || h.End > len(text) || h.Start >= h.End {
				t.Errorf("%s from %d to %d of %d bytes", h.Rule, h.Start, h.End, len(text))
			}
		}
	})
}
