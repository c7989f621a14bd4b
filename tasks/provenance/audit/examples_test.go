package audit

import (
	"slices"
	"testing"

	"filewarden/tasks/provenance/rule"
)

func TestEveryRuleFindsItsBadExampleAndLeavesItsGoodOneAlone(t *testing.T) {
	for _, r := range rule.Catalogue() {
		if bad := rulesIn(r, r.Bad); !slices.Contains(bad, r.ID) {
			t.Errorf("%s: %v is found in %s", r.ID, bad, r.Bad)
		}
		for _, id := range rulesIn(r, r.Good) {
			if found, _ := rule.Of(id); id == r.ID || found.Severity > rule.Info {
				t.Errorf("%s: %s is found in %s", r.ID, id, r.Good)
			}
		}
	}
}

// rulesIn are the rules that find something in an example.
func rulesIn(of rule.Rule, example string) []string {
	src := Source{Path: of.ID, Language: JavaScript}
	switch {
	case of.ID == "LU002":
		src.Language = Wikitext
	case of.ID[:2] == "LU":
		src.Language = Lua
	case of.ID[:2] == "CS":
		src.Language, example = CSS, "a { "+example+" }"
	}
	src.Text = []byte(example)
	var ids []string
	for _, f := range File(src).Findings {
		ids = append(ids, f.Rule)
	}
	return ids
}
