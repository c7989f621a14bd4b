package audit

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"

	"filewarden/tasks/provenance/rule"
)

// grouped is the rule that is reported once for a text, with a count.
const grouped = "PV014"

// settled names the rules that give way where another says the same of the
// same place: the stronger reading of one mistake is reported, not both.
var settled = map[string][]string{
	"PV001": {"PV002", "PV003", "PV005"},
	"PV002": {"PV003", "PV009"},
	"PV008": {"TH001", "PV014"},
	"PV011": {"PV003", "PV007"},
	"PV012": {"TS001", "TS002", "TS006"},
	"PV013": {"PV012", "TS001", "TS002", "TS006"},
	"TS003": {"TS002"},
	"TS006": {"TS001"},
	"CS001": {"TS001"},
	"LU001": {"PV001", "PV002", "PV003", "TS002"},
	"TH001": {"PV014", "TH002"},
	"TH002": {"PV014"},
	"PV004": {"PV014"},
}

// parts are rules that give way only where their place is a part of the other's:
// the name that is read within a surgery.
var parts = map[string][]string{
	"PV011": {"PV001", "PV002"},
	"PV012": {"PV002"},
	"PV013": {"PV002"},
}

// maxNested is the most hits that one is compared with: who says so much of one
// place says it of the parts of a large one.
const maxNested = 500

// settle drops hits outside the text, of no rule, or said twice, and sorts the
// rest by place.
func settle(hits []rule.Hit, text []byte) []rule.Hit {
	hits = slices.DeleteFunc(slices.Clone(hits), func(h rule.Hit) bool {
		_, known := rule.Of(h.Rule)
		return !known || h.Start < 0 || h.End > len(text) || h.Start >= h.End
	})
	slices.SortStableFunc(hits, func(a, b rule.Hit) int {
		return cmp.Or(a.Start-b.Start, a.End-b.End, cmp.Compare(a.Rule, b.Rule))
	})
	gone := make([]bool, len(hits))
	for i := range hits {
		for j := i + 1; j < min(len(hits), i+maxNested) && hits[j].Start < hits[i].End; j++ {
			a, b := yields(text, hits[i], hits[j])
			gone[i] = gone[i] || a && !gone[j]
			gone[j] = gone[j] || b && !gone[i]
		}
	}
	var kept []rule.Hit
	for i, h := range hits {
		if !gone[i] {
			kept = append(kept, h)
		}
	}
	return kept
}

// yields says which of two overlapping hits gives way. Two of one rule are one
// finding where they begin on one line.
func yields(text []byte, a, b rule.Hit) (first, second bool) {
	if a.Rule == b.Rule {
		better := severityOf(b) > severityOf(a) || severityOf(b) == severityOf(a) && a.Fix == "" && b.Fix != ""
		apart := bytes.ContainsAny(text[a.Start:b.Start], "\r\n")
		return better && !apart, !better && !apart
	}
	first = slices.Contains(settled[b.Rule], a.Rule) || slices.Contains(parts[b.Rule], a.Rule) && inside(a, b)
	second = slices.Contains(settled[a.Rule], b.Rule) || slices.Contains(parts[a.Rule], b.Rule) && inside(b, a)
	return first, second
}

// inside says whether a hit is on a part of another's place.
func inside(a, b rule.Hit) bool { return a.Start >= b.Start && a.End <= b.End }

// group collects findings in order, those of the grouped rule as one: the
// first, with their number.
type group struct {
	all   []Ignored
	first map[string]int // of each reason, where the grouped rule's finding is in all
}

func newGroup() *group { return &group{first: map[string]int{}} }

func (g *group) add(f Ignored) {
	if f.Rule != grouped {
		g.all = append(g.all, f)
		return
	}
	i, ok := g.first[f.Reason]
	if !ok {
		g.first[f.Reason] = len(g.all)
		f.Args = []string{"1"}
		g.all = append(g.all, f)
		return
	}
	n, _ := strconv.Atoi(g.all[i].Args[0])
	g.all[i].Args[0] = strconv.Itoa(n + 1)
}
