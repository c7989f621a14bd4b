package wikiconfig

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func seed(f *testing.F) {
	for _, text := range []string{
		"", "{}", "[]", "null", `"x"`, "\xff", "\uFEFF{}", `{"enabled": false}`, `{"enabled": false,}`, `{'enabled': no}`,
		`{"mode": "live", "trialEdits": 1e999}`, `{"mode": 3, "mode": null}`, `{"tasks": {"usage": {"every": 240, "sets": [{"name": ""}, 7]}}}`,
		`{"usage": {"mute": {"files": ["File:A_b.jpg", 3, [["x"]], {"a": "b"}], "namespaces": "2"}}}`,
		`{"users": ["דוד", "\ud835\udcb3", "\u202e"], "pages": "Talk:A"}`, `{"users": ["Alice", "Bob"`, `{"": {"": []}}`,
		strings.Repeat("[", 60) + strings.Repeat("]", 60), strings.Repeat(`{"a":`, 60), `{"a" 1 "b": [}, ]: "`, `{"\ud800": "\ud800"}`,
		`{"trialEdits": 9007199254740993, "editsPerMinute": -0, "x": 1.5e-3}`, "== x ==\n{{y|z=[1]}}", `{"a": "b` + "\n" + `c"}`, `// x`, `/*`, `{"mute":{"":[1]}}`,
	} {
		f.Add(text)
	}
}

func FuzzParseConfig(f *testing.F) {
	seed(f)
	b := testBook(f)
	f.Fuzz(func(t *testing.T, text string) {
		c, problems := b.ParseConfig(text)
		checkShape(t, problems)
		if (c == nil) != Refused(problems) {
			t.Fatalf("config %v, problems %v", c, problems)
		}
		if c == nil {
			b.salvage(text)
			return
		}
		again, problems := b.ParseConfig(string(c.JSON()))
		if again == nil || string(again.JSON()) != string(c.JSON()) {
			t.Fatalf("what was accepted is refused when written out: %v\n%s", problems, c.JSON())
		}
		SectionOf[usageConfig](c, "usage")
	})
}

func FuzzParsePreferences(f *testing.F) {
	seed(f)
	b := testBook(f)
	f.Fuzz(func(t *testing.T, text string) {
		p, problems := b.ParsePreferences(text)
		checkShape(t, problems)
		enabled, _, _ := p.For("usage")
		if enabled && p.Muted {
			t.Fatal("a muted user is written to")
		}
		usage := PreferencesOf[usagePreferences](p, "usage")
		var said struct {
			Enabled *bool
			Usage   struct{ Enabled *bool }
		}
		if json.Unmarshal([]byte(text), &said) == nil && enabled {
			if said.Enabled != nil && !*said.Enabled || said.Usage.Enabled != nil && !*said.Usage.Enabled {
				t.Fatal("a no in plain JSON is not obeyed")
			}
		}
		for _, title := range usage.Mute.Files {
			if titleProblem(title) != "" {
				t.Fatalf("%q is muted", title)
			}
		}
	})
}

func FuzzParseOptOut(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, text string) {
		got, problems := ParseOptOut(text)
		checkShape(t, problems)
		var right OptOut
		if json.Unmarshal([]byte(text), &right) != nil || Refused(problems) {
			return
		}
		for _, user := range right.Users {
			if name := plainUser(user); name != "" && !contains(got.Users, name) {
				t.Fatalf("%q is not opted out", user)
			}
		}
		text2, _ := json.Marshal(got)
		again, _ := ParseOptOut(string(text2))
		if diff := cmp.Diff(got, again); diff != "" {
			t.Fatal(diff)
		}
	})
}

func contains(names []string, name string) bool {
	for _, n := range names {
		if n == name {
			return true
		}
	}
	return false
}

// FuzzReader holds the tolerant reader to encoding/json wherever that accepts a text.
func FuzzReader(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, text string) {
		d := readDocument(text, maxList)
		var want any
		if json.Unmarshal([]byte(text), &want) != nil || d.broken || len(d.problems) > 0 {
			return
		}
		if d.lost || len(d.more) > 0 {
			t.Fatal("something of sound JSON was lost")
		}
		var got any
		if err := json.Unmarshal(canonical(d.root.plain()), &got); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(want, got) {
			t.Fatalf("want %v\ngot  %v", want, got)
		}
	})
}
