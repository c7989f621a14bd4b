package wikiconfig

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAPageThatSaysNothingMeansTheDefaults(t *testing.T) {
	for _, text := range []string{"", " \n\t", "{}", `{"usage": {}}`} {
		p, problems := testBook(t).ParsePreferences(text)
		if enabled, channel, window := p.For("usage"); !enabled || channel != "" || window != "" || p.Muted || len(problems) > 0 {
			t.Errorf("%q: enabled %v, channel %q, window %q, muted %v, %v", text, enabled, channel, window, p.Muted, problems)
		}
		want := usagePreferences{When: "every", Own: "any",
			Follow: usageFollow{Own: true, Files: Titles{}},
			Mute:   usageMute{Files: Titles{}, Wikis: []string{}, Namespaces: []int{}}}
		if diff := cmp.Diff(want, PreferencesOf[usagePreferences](p, "usage")); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}

func TestTheTasksSectionWinsOverTheHead(t *testing.T) {
	p, _ := testBook(t).ParsePreferences(`{"channel": "email", "window": "weekly", "usage": {"channel": "talk"}, "copyvio": {"enabled": false}}`)
	type answer struct {
		enabled         bool
		channel, window string
	}
	for task, want := range map[string]answer{
		"usage":      {true, "talk", "weekly"},
		"copyvio":    {false, "email", "weekly"},
		"provenance": {true, "email", "weekly"},
	} {
		var got answer
		if got.enabled, got.channel, got.window = p.For(task); got != want {
			t.Errorf("%s: got %v, want %v", task, got, want)
		}
	}
}

// Each page says no to something; how badly it is written does not matter.
func TestANoIsObeyedOnABrokenPage(t *testing.T) {
	type no func(*testing.T, *Preferences)
	off := func(task string) no {
		return func(t *testing.T, p *Preferences) {
			if enabled, _, _ := p.For(task); enabled {
				t.Errorf("%s is enabled", task)
			}
		}
	}
	on := func(task string) no {
		return func(t *testing.T, p *Preferences) {
			if enabled, _, _ := p.For(task); !enabled {
				t.Errorf("%s is not enabled", task)
			}
		}
	}
	silent := func(t *testing.T, p *Preferences) {
		if _, channel, _ := p.For("usage"); channel != "none" {
			t.Errorf("the channel is %q", channel)
		}
	}
	files := func(want ...string) no {
		return func(t *testing.T, p *Preferences) {
			if diff := cmp.Diff(Titles(want), PreferencesOf[usagePreferences](p, "usage").Mute.Files); diff != "" {
				t.Error(diff)
			}
		}
	}
	spaces := func(want ...int) no {
		return func(t *testing.T, p *Preferences) {
			if diff := cmp.Diff(want, PreferencesOf[usagePreferences](p, "usage").Mute.Namespaces); diff != "" {
				t.Error(diff)
			}
		}
	}
	cases := []struct {
		name, text string
		checks     []no
	}{
		{"a comma too many", `{"enabled": false,}`, []no{off("usage")}},
		{"a comma too few", `{"channel": "none" "window": "now"}`, []no{silent, on("usage")}},
		{"single quotes", `{'usage': {'enabled': false}}`, []no{off("usage"), on("copyvio")}},
		{"curly quotes", `{“channel”: “none”}`, []no{silent, on("usage")}},
		{"no quotes", `{enabled: no}`, []no{off("usage")}},
		{"a comment", "{ // not now\n\"enabled\": false /* later */ }", []no{off("usage")}},
		{"a literal in capitals", `{"usage": {"enabled": False}}`, []no{off("usage"), on("copyvio")}},
		{"the end is missing", `{"usage": {"enabled": false`, []no{off("usage")}},
		{"wikitext around it", "Hello!\n{\"enabled\": false}\n~~~~", []no{off("usage")}},
		{"a mute list in broken JSON", `{"usage": {"mute": {"files": ["File:A_b.jpg", "File:C.jpg",]}}}`, []no{files("File:A b.jpg", "File:C.jpg"), on("usage")}},
		{"a switch as a text", `{"enabled": "false"}`, []no{off("usage")}},
		{"a switch as a number", `{"enabled": 0}`, []no{off("usage")}},
		{"a switch of null", `{"usage": {"enabled": null}}`, []no{off("usage"), on("copyvio")}},
		{"a switch nobody can read", `{"usage": {"enabled": "flase"}}`, []no{off("usage"), on("copyvio")}},
		{"a misspelt switch", `{"enabeld": false}`, []no{off("usage")}},
		{"a switch in capitals", `{"Usage": {"Enabled": false}}`, []no{off("usage"), on("copyvio")}},
		{"a misspelt section", `{"usgae": {"enabled": false}}`, []no{off("usage"), on("copyvio")}},
		{"a section as its switch", `{"usage": false}`, []no{off("usage"), on("copyvio")}},
		{"a section as a list", `{"usage": ["off"]}`, []no{off("usage"), on("copyvio")}},
		{"a no twice, the yes last", `{"enabled": false, "enabled": true}`, []no{off("usage")}},
		{"a section twice", `{"usage": {"enabled": false}, "usage": {"when": "first"}}`, []no{off("usage")}},
		{"config.json's word for it", `{"notices": {"enabled": false}}`, []no{off("usage"), off("copyvio")}},
		{"another word", `{"optout": true}`, []no{off("usage"), off("copyvio")}},
		{"mute, at the head", `{"mute": true}`, []no{off("usage")}},
		{"a switch too deep in its section", `{"usage": {"sounds": {"enabled": false}}}`, []no{off("usage"), on("copyvio")}},
		{"none in capitals", `{"channel": "NONE"}`, []no{silent}},
		{"none as false", `{"channel": false}`, []no{silent}},
		{"none of a task beside a wrong type", `{"window": 7, "language": [], "usage": {"channel": "none"}}`, []no{silent}},
		{"a wrong type does not lose the no beside it", `{"enabled": false, "channel": 7, "usage": 3}`, []no{off("usage"), off("copyvio")}},
		{"bad entries in a mute list", `{"usage": {"mute": {"files": ["File:A.jpg", 3.5, null, "<b>", {"title": "File:C.jpg"}, ["File:D.jpg"]]}}}`,
			[]no{files("File:A.jpg", "File:C.jpg", "File:D.jpg"), on("usage")}},
		{"a mute list as a text", `{"usage": {"mute": {"files": "File:A.jpg\n[[:File:B.jpg]]"}}}`, []no{files("File:A.jpg", "File:B.jpg"), on("usage")}},
		{"a misspelt mute list", `{"usage": {"mute": {"file": ["File:A.jpg"], "files": ["File:B.jpg"]}}}`, []no{files("File:B.jpg", "File:A.jpg"), on("usage")}},
		{"numbers as texts", `{"usage": {"mute": {"namespaces": ["2", 3, "x"]}}}`, []no{spaces(2, 3)}},
		{"a mute list beside the sections", `{"mute": {"files": ["File:A.jpg"]}}`, []no{files("File:A.jpg"), on("usage")}},
		{"a mute that cannot be placed", `{"usage": {"mute": {"elephants": ["Jumbo"]}}}`, []no{off("usage"), on("copyvio")}},
		{"a mute of the wrong shape", `{"usage": {"mute": ["File:A.jpg"]}}`, []no{off("usage"), on("copyvio")}},
		{"a mute of nothing", `{"usage": {"mute": [], "own": "any"}, "copyvio": {"mute": null}}`, []no{on("usage"), on("copyvio")}},
		{"a mute list without end", `{"usage": {"mute": {"files": [` + strings.Repeat(`"File:A.jpg",`, 6000) + `"File:B.jpg"]}}}`, []no{off("usage"), on("copyvio")}},
		{"a yes elsewhere", `{"gallery": {"enabled": false}}`, []no{on("usage"), on("copyvio")}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p, _ := testBook(t).ParsePreferences(c.text)
			for _, check := range c.checks {
				check(t, p)
			}
		})
	}
}

func TestAPageWhoseNoCannotBeReadMutesItsUser(t *testing.T) {
	for name, text := range map[string]string{
		"a list":             `[]`,
		"null":               `null`,
		"a text":             `"off"`,
		"a number":           `7`,
		"wikitext":           `{{nobots}}`,
		"prose":              `Please do not write to me.`,
		"cut off":            `{"channel": "talk", "usage": {`,
		"a text cut off":     "{\"channel\": \"talk\n}",
		"two objects":        `{"channel": "talk"}{"enabled": true}`,
		"an empty value":     `{"enabled": }`,
		"too deep":           strings.Repeat(`{"a":`, 60) + `{"enabled": false}` + strings.Repeat(`}`, 60),
		"too long":           `{"x": "` + strings.Repeat("x", maxPage) + `", "enabled": false}`,
		"too many values":    `{` + strings.Repeat(`"a": [[[[0]]]],`, maxValues/4) + `"enabled": false}`,
		"bytes that no text": "{\"usage\": {\"mute\": {\"files\": [\"\xff\xfe\"]}}} \x00",
	} {
		t.Run(name, func(t *testing.T) {
			p, problems := testBook(t).ParsePreferences(text)
			if enabled, _, _ := p.For("usage"); !p.Muted || enabled {
				t.Errorf("muted %v, enabled %v", p.Muted, enabled)
			}
			if !Refused(problems) {
				t.Error("no problem is told")
			}
		})
	}
}

func TestAWrongYesIsIgnoredAndARightOneBesideItCounts(t *testing.T) {
	p, problems := testBook(t).ParsePreferences(`{"channel": "pigeon", "window": "daily", "usage": {"when": 3, "own": "original", "follow": {"files": ["File:A.jpg", 7]}}}`)
	usage := PreferencesOf[usagePreferences](p, "usage")
	if p.Channel != "" || p.Window != "daily" || usage.When != "every" || usage.Own != "original" {
		t.Errorf("channel %q, window %q, when %q, own %q", p.Channel, p.Window, usage.When, usage.Own)
	}
	if diff := cmp.Diff(Titles{"File:A.jpg"}, usage.Follow.Files); diff != "" {
		t.Error(diff)
	}
	if len(problems) != 3 {
		t.Errorf("%d problems: %v", len(problems), problems)
	}
}

func TestOfAPageThatIsNoJSONNoYesCounts(t *testing.T) {
	p, _ := testBook(t).ParsePreferences(`{"channel": "email", "usage": {"follow": {"files": ["File:A.jpg"]}, "own": "none"},}`)
	usage := PreferencesOf[usagePreferences](p, "usage")
	if p.Channel != "" || len(usage.Follow.Files) > 0 || usage.Own != "none" || p.Muted {
		t.Errorf("channel %q, follows %v, own %q, muted %v", p.Channel, usage.Follow.Files, usage.Own, p.Muted)
	}
}

func TestASectionAskedForAsAnotherTypeIsAMistakeOfTheProgram(t *testing.T) {
	p, _ := testBook(t).ParsePreferences("")
	if PreferencesOf[*usagePreferences](p, "usage").Own != "any" {
		t.Error("a pointer to the registered type does not work")
	}
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	PreferencesOf[usageMute](p, "usage")
}

func TestAMissingSectionIsTheZeroValue(t *testing.T) {
	if got := PreferencesOf[usagePreferences](nil, "usage"); !cmp.Equal(got, usagePreferences{}) {
		t.Error(got)
	}
	if got := SectionOf[usageConfig](nil, "usage"); !cmp.Equal(got, usageConfig{}) {
		t.Error(got)
	}
	if (*Config)(nil).Common("usage").Enabled || (&Config{}).Common("usage").Enabled {
		t.Error("a task without a section is enabled")
	}
}
