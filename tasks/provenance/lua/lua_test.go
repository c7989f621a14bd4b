package lua

import (
	"strings"
	"testing"

	"filewarden/tasks/provenance/rule"
	"filewarden/tasks/provenance/rule/ruletest"
)

// hits of a text that parses.
func hits(t *testing.T, text []byte) []rule.Hit {
	t.Helper()
	found, err := Audit(text)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestCases(t *testing.T) { ruletest.Cases(t, "testdata/cases.txtar", false, hits) }

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
	if got := hits(t, []byte(r.Bad)); len(got) != 1 || got[0].Rule != "LU001" {
		t.Errorf("%s: %v", r.Bad, got)
	}
	if got := hits(t, []byte(r.Good)); len(got) > 0 {
		t.Errorf("%s: %v", r.Good, got)
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
