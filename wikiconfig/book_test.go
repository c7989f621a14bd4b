package wikiconfig

import (
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The sections of these tests are shaped like real tasks: one with everything,
// one that sets the common keys, one that brings nothing.
type usageConfig struct {
	Recipients string      `json:"recipients" jsonschema:"title=Recipients,enum=original,enum=all,enum=allButReverters"`
	BusyFile   int         `json:"busyFile" jsonschema:"minimum=1,maximum=100000"`
	Sets       []usageSet  `json:"sets" jsonschema:"maxItems=20"`
	Lists      Titles      `json:"lists"`
	Wait       Duration    `json:"wait"`
	Scan       usageLimits `json:"scan"`
}

type usageSet struct {
	Name     string `json:"name" jsonschema:"minLength=1,maxLength=60"`
	Category string `json:"category,omitempty"`
}

type usageLimits struct {
	Share float64 `json:"share" jsonschema:"minimum=0,maximum=1"`
}

type usagePreferences struct {
	When   string      `json:"when" jsonschema:"enum=every,enum=first,enum=milestones"`
	Own    string      `json:"own" jsonschema:"enum=any,enum=original,enum=none"`
	Follow usageFollow `json:"follow"`
	Mute   usageMute   `json:"mute"`
}

type usageFollow struct {
	Own   bool   `json:"own"`
	Files Titles `json:"files"`
}

type usageMute struct {
	Files      Titles   `json:"files"`
	Wikis      []string `json:"wikis"`
	Namespaces []int    `json:"namespaces"`
}

type copyvioConfig struct {
	Common
	Withhold []string `json:"withhold"`
}

func testSections() []Section {
	return []Section{
		{Name: "usage",
			Config:      &usageConfig{Recipients: "allButReverters", BusyFile: 500, Wait: Duration(48 * time.Hour), Scan: usageLimits{Share: 0.5}},
			Preferences: &usagePreferences{When: "every", Own: "any", Follow: usageFollow{Own: true}}},
		{Name: "copyvio", Config: &copyvioConfig{Common: Common{Enabled: false, Every: Duration(time.Hour)}}},
		{Name: "provenance"},
	}
}

func testBook(t testing.TB) *Book {
	t.Helper()
	b, err := NewBook(testSections()...)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s has changed; if that is meant, run go test -update\n%s", file, diff)
	}
}

func TestTheSchemaIsComposedOfWhatWasRegistered(t *testing.T) {
	schema, err := testBook(t).Schema()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/schema.json", schema)
}

func TestTheDefaultsAreWrittenOutWhole(t *testing.T) {
	defaults, err := testBook(t).Defaults()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/config.json", defaults)
	if c, problems := testBook(t).ParseConfig(string(defaults)); c == nil || len(problems) > 0 {
		t.Errorf("the defaults themselves are refused: %v", problems)
	}
}

func TestTheSchemaKeepsToTheSubsetThatOtherToolsRead(t *testing.T) {
	allowed := map[string]bool{}
	for key := range strings.FieldsSeq("$schema $defs title description type properties items enum minimum maximum minLength maxLength maxItems pattern default") {
		allowed[key] = true
	}
	schema, _ := testBook(t).Schema()
	var whole map[string]any
	if err := json.Unmarshal(schema, &whole); err != nil {
		t.Fatal(err)
	}
	var inspect func(node map[string]any)
	inspect = func(node map[string]any) {
		for key, v := range node {
			if !allowed[key] {
				t.Errorf("keyword %s is outside of the subset", key)
			}
			switch key {
			case "properties", "$defs":
				for _, sub := range v.(map[string]any) {
					inspect(sub.(map[string]any))
				}
			case "items":
				inspect(v.(map[string]any))
			}
		}
	}
	inspect(whole)
}

func TestABookRefusesWrongSections(t *testing.T) {
	for name, sections := range map[string][]Section{
		"a name twice":            {{Name: "usage"}, {Name: "usage"}},
		"a name with capitals":    {{Name: "Usage"}},
		"no name":                 {{}},
		"a struct by value":       {{Name: "x", Config: usageConfig{}}},
		"no struct":               {{Name: "x", Preferences: new(int)}},
		"a nil pointer":           {{Name: "x", Config: (*usageConfig)(nil)}},
		"a key of every page":     {{Name: "channel"}},
		"a default out of bounds": {{Name: "x", Config: &usageConfig{Recipients: "nobody"}}},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := NewBook(sections...); err == nil {
				t.Error("the book was composed")
			}
		})
	}
}
