package lua

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

// found is what is found in a module, as the cases write it.
func found(t *testing.T, text string) string {
	hits, err := Audit([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
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
		module, want := archive.Files[i], archive.Files[i+1]
		if strings.TrimSuffix(module.Name, ".lua") != strings.TrimSuffix(want.Name, ".want") {
			t.Fatalf("%s is followed by %s", module.Name, want.Name)
		}
		t.Run(module.Name, func(t *testing.T) {
			if d := diff.Diff(string(want.Data), found(t, string(module.Data))); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestAFixTakesThePathOfTheAddress(t *testing.T) {
	for code, fix := range map[string]string{
		"x = imageurl:match('%.(%w+)$')":      "mw.uri.new(imageurl).path:match('%.(%w+)$')",
		"x = mw.text.split(imageurl, '/')":    "mw.text.split(mw.uri.new(imageurl).path, '/')",
		"x = imageurl:gsub('%d+px', '300px')": "",
	} {
		hits, _ := Audit([]byte(code))
		if len(hits) != 1 || hits[0].Rule != "LU001" || hits[0].Fix != fix {
			t.Errorf("%s: %+v", code, hits)
		}
	}
}

func TestTheCataloguesExamplesAreTold(t *testing.T) {
	r, _ := rule.Of("LU001")
	if got := found(t, r.Bad); !strings.HasPrefix(got, "1 LU001") {
		t.Errorf("%s: %s", r.Bad, got)
	}
	if got := found(t, r.Good); got != "" {
		t.Errorf("%s: %s", r.Good, got)
	}
}

func TestABrokenModuleIsReadByItsStrings(t *testing.T) {
	hits, err := Audit([]byte("local = \n x = '//upload.wikimedia.org/wikipedia/commons/thumb/e/e3/F.svg/14px-F.svg.png' -- '20x-"))
	if err == nil || !strings.Contains(err.Error(), "line 1") || len(hits) != 2 || hits[0].Rule != "TS001" {
		t.Errorf("%v: %+v", err, hits)
	}
}

func TestDeepNestingEnds(t *testing.T) {
	for _, text := range []string{
		"x = " + strings.Repeat("(", 20_000) + "1" + strings.Repeat(")", 20_000),
		"x = " + strings.Repeat("{", 20_000) + strings.Repeat("}", 20_000),
		"x = '//upload.wikimedia.org/'" + strings.Repeat(" .. a", 100_000),
		strings.Repeat("if a then ", 20_000) + strings.Repeat("end ", 20_000),
		"x = a" + strings.Repeat(".b", 100_000) + strings.Repeat(":c()", 20_000),
		strings.Repeat("x = url:match('a$') ", 5_000),
	} {
		if hits, _ := Audit([]byte(text)); len(hits) > 5_001 {
			t.Errorf("%d hits", len(hits))
		}
	}
}

func FuzzAudit(f *testing.F) {
	f.Add("local url = frame:callParserFunction('filepath', x) return url:match('%.(%w+)$'), url .. '?a' --[[ x ]]")
	f.Add("x = [==[ //upload.wikimedia.org/ ]==] .. ('/%dpx-'):format(w) .. mw.text.split(imageurl, '/')[1]")
	f.Add("function a.b:c(url) return url:gsub('%d+px', '300px') end")
	f.Fuzz(func(t *testing.T, text string) {
		hits, _ := Audit([]byte(text))
		for _, h := range hits {
			if h.Start < 0 || h.End > len(text) || h.Start >= h.End {
				t.Fatalf("%+v in %d bytes", h, len(text))
			}
		}
	})
}
