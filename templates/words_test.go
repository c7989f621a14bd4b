package templates

import (
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var parameter = regexp.MustCompile(`\$[1-9]`)

func parameters(s string) []string {
	found := parameter.FindAllString(s, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

func TestEveryLanguageSaysEverythingWithTheSameParameters(t *testing.T) {
	w := house(t)
	if diff := cmp.Diff([]string{"de", "en", "fr", "zh-hans"}, w.Languages()); diff != "" {
		t.Error(diff)
	}
	english := w.lexicons["en"].messages
	for code, lex := range w.lexicons {
		if diff := cmp.Diff(slices.Sorted(maps.Keys(english)), slices.Sorted(maps.Keys(lex.messages))); diff != "" {
			t.Errorf("%s: keys (- English, + %s):\n%s", code, code, diff)
		}
		for key, m := range lex.messages {
			if e := english[key]; e != nil {
				if diff := cmp.Diff(parameters(e.source), parameters(m.source)); diff != "" {
					t.Errorf("%s: %s: parameters (- English, + %s):\n%s", code, key, code, diff)
				}
			}
		}
	}
}

func TestEveryKeyAndItsParametersAreExplainedToTranslators(t *testing.T) {
	w := house(t)
	for key, m := range w.lexicons["en"].messages {
		note := w.notes[key]
		if strings.TrimSpace(note) == "" {
			t.Errorf("qqq.json says nothing about %s", key)
		}
		for _, p := range parameters(m.source) {
			if !strings.Contains(note, p) {
				t.Errorf("qqq.json does not say what %s of %s is", p, key)
			}
		}
	}
	for key := range w.notes {
		if w.lexicons["en"].messages[key] == nil {
			t.Errorf("qqq.json explains %s, which does not exist", key)
		}
	}
}

func TestFilesHoldsTheWordsOfEveryFolder(t *testing.T) {
	for _, name := range []string{"i18n/en.json", "i18n/qqq.json", "i18n/usage/zh-hans.json"} {
		if _, err := fs.Stat(Files(), name); err != nil {
			t.Error(err)
		}
	}
}

func TestOnlyMeantPluralsAndLinksAreInMessages(t *testing.T) {
	loose := regexp.MustCompile(`\{\{|\}\}|\[\[|\]\]`)
	for code, lex := range house(t).lexicons {
		for key, m := range lex.messages {
			if strings.HasPrefix(m.source, ";") {
				t.Errorf("%s: %s: a colon in an argument would split a definition list", code, key)
			}
			for _, n := range m.nodes {
				if n.kind == literal && loose.MatchString(n.text) {
					t.Errorf("%s: %s: unpaired or unknown markup in %q", code, key, n.text)
				}
			}
		}
	}
}

func TestOneLanguageReadAloneSaysWhatItSaysAmongAll(t *testing.T) {
	all := house(t)
	for _, code := range []string{"de", "en", "zh-tw", "xx"} {
		alone, err := LoadIn(code, Folder(""), Folder("usage"), Folder("copyvio"), Folder("provenance"))
		if err != nil {
			t.Fatal(err)
		}
		for key := range all.lexicons["en"].messages {
			if want, got := all.In(code).Text(key), alone.Text(key); got != want {
				t.Errorf("%s: %s: %q, want %q", code, key, got, want)
			}
		}
	}
}
