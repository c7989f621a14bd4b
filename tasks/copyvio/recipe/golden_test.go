package recipe

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filewarden/tasks/copyvio/casebook"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestTheEditsOfEachProcedure compares all that a procedure writes with what
// was looked at when it was made.
func TestTheEditsOfEachProcedure(t *testing.T) {
	for _, test := range []struct {
		name, wiki, action string
		set                func(*world)
	}{
		{"commons-tag", "commonswiki", Tag, nil},
		{"commons-delayed", "commonswiki", Delayed, nil},
		{"commons-nominate", "commonswiki", Nominate, nil},
		{"commons-nominate-again", "commonswiki", Nominate, func(w *world) {
			w.wiki.Edit("Dan", "Commons:Deletion requests/File:A b.jpg", "{{delh}}\n=== [[:File:A b.jpg]] ===\nold\n{{delf}}", "")
			w.wiki.Edit("Dan", "Commons:Deletion requests/2026/11/29", "{{Commons:Deletion requests/File:Z.jpg}}", "")
			w.wiki.Edit("Una", "User talk:Una", "== Welcome ==\nHello.", "")
		}},
		{"commons-evidence", "commonswiki", Tag, func(w *world) {
			w.put(func(c *casebook.Case) {
				c.Matches, c.Note = nil, "see "+evil
				c.Evidence = []casebook.Evidence{{Kind: casebook.Deleted, File: "File:Old " + evil + ".jpg", Text: "[[COM:CSD#F1]] " + evil, Opens: true}}
			})
		}},
		{"commons-delete", "commonswiki", Delete, func(w *world) {
			w.wiki.Promote(botName, "sysop")
			w.wiki.Promote("Rita", "sysop")
			w.open()
		}},
		{"enwiki-tag", "enwiki", Tag, nil},
		{"enwiki-tag-without-address", "enwiki", Tag, func(w *world) { w.put(func(c *casebook.Case) { c.Matches = nil }) }},
		{"enwiki-nominate", "enwiki", Nominate, nil},
		{"enwiki-nominate-later", "enwiki", Nominate, func(w *world) {
			w.wiki.Edit("Dan", "Wikipedia:Files for discussion/2026 November 29", "== another ==", "")
		}},
		{"generic-tag", "testwiki", Tag, func(w *world) { w.choice.Template = "Copied" }},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t, test.wiki, "A b.jpg")
			w.action = test.action
			if test.set != nil {
				test.set(w)
			}
			w.act()
			w.state(casebook.Acted)
			compare(t, test.name, strings.Join(w.edits(), "\n"))
		})
	}
}

func compare(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Error(d)
	}
}
