package rule_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"filewarden/tasks/provenance/rule"
	"filewarden/templates"

	"github.com/google/go-cmp/cmp"
)

// arguments are how many a rule's reason has.
var arguments = map[string]int{"TS001": 2, "CS001": 2, "TS005": 2, "TS004": 1, "TS006": 1}

var parameter = regexp.MustCompile(`\$[0-9]`)

func TestEveryRuleHasATitleAndAReasonInEveryLanguage(t *testing.T) {
	words, err := templates.Load(templates.Folder(""), templates.Folder("provenance"))
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range words.Languages() {
		l := words.In(code)
		for _, r := range rule.Catalogue() {
			for _, what := range []string{"title", "reason"} {
				key := "rule-" + strings.ToLower(r.ID) + "-" + what
				if !l.Has(key) {
					t.Errorf("%s: there is no message %s", code, key)
				}
			}
		}
	}
}

func TestAReasonTakesTheArgumentsThatItsRuleGives(t *testing.T) {
	words, err := templates.Load(templates.Folder(""), templates.Folder("provenance"))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rule.Catalogue() {
		used := parameter.FindAllString(words.In("en").PlainText("rule-"+strings.ToLower(r.ID)+"-reason"), -1)
		slices.Sort(used)
		want := []string{"$1", "$2"}[:arguments[r.ID]]
		if diff := cmp.Diff(want, append([]string{}, slices.Compact(used)...)); diff != "" {
			t.Errorf("%s (- given, + used):\n%s", r.ID, diff)
		}
	}
}
