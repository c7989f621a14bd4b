package sheet

import (
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

func TestCases(t *testing.T) { ruletest.Cases(t, "testdata/cases.txtar", true, hits) }

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
