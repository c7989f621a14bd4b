package offline

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"filewarden/tasks/provenance/audit"
	"filewarden/tasks/provenance/rule"

	"github.com/google/go-cmp/cmp"
)

// gadgets audits the look-alikes, from the lowest severity.
func gadgets(t *testing.T, c Choice) *Report {
	t.Helper()
	t.Chdir("testdata/gadgets")
	r := &Report{Words: english(t)}
	err := Reader{}.Each(t.Context(), Search{}.Files([]string{"."}), func(i Item) error {
		r.Add(i, c)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestWhatIsWrongWithGadgetsIsFoundAndNothingElse(t *testing.T) {
	want, err := os.ReadFile("testdata/gadgets.want")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, i := range gadgets(t, Choice{Least: rule.Warning}).Items {
		if i.Analysis != audit.Full {
			continue // see below
		}
		for _, f := range i.Findings {
			got = append(got, fmt.Sprintf("%s:%d %s", i.Path, f.Line, f.Rule))
		}
	}
	if diff := cmp.Diff(strings.Split(strings.TrimSpace(string(want)), "\n"), got); diff != "" {
		t.Errorf("(- want, + got):\n%s", diff)
	}
}

func TestPlacesAreRightBehindMarksOfByteOrderAndWideCharacters(t *testing.T) {
	r := gadgets(t, Choice{Rules: []string{"TH001"}})
	n := slices.IndexFunc(r.Items, func(i Item) bool { return i.Path == "user/links.user.js" })
	f, e := r.Items[n].Findings[0], r.Items[n].Excerpts[0]
	// 😀 is two code units of UTF-16, two columns of a terminal and four bytes.
	if f.Column != 27 || e.Line[:e.Column+2] != `var text = "😀", ours = ` || strings.ContainsAny(e.Line, "\r\uFEFF") {
		t.Errorf("column %d: %q, %q", f.Column, e.Line, e.Line[:e.Column+2])
	}
}

func TestABrokenGadgetIsReadInPartAndAMarkNeedsAReason(t *testing.T) {
	r := gadgets(t, Choice{})
	counts := r.Counts()
	if counts.Partial != 1 || counts.Ignored != 1 || r.Items[0].Analysis != audit.Partial {
		t.Errorf("%+v", counts)
	}
	for _, i := range r.Items {
		for _, m := range i.Marks {
			if i.Path != "Gadget-ToolbarIcons.js" || m.Line != 8 || m.Why != "no-reason" {
				t.Errorf("%s: %+v", i.Path, m)
			}
		}
	}
}
