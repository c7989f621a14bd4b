package wikitext

import (
	"strings"
	"testing"

	"filewarden/tasks/provenance/rule"
	"filewarden/tasks/provenance/rule/ruletest"
)

func TestCases(t *testing.T) {
	ruletest.Cases(t, "testdata/cases.txtar", false, func(_ *testing.T, text []byte) []rule.Hit { return Audit(text) })
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
