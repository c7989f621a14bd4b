package usage

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"filewarden/bot/notice"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write golden files anew")

// everyLine is one event or several for each shape that a line can have.
func everyLine() (shapes []string, events map[string][]notice.Event) {
	events = map[string][]notice.Event{}
	add := func(name string, made ...notice.Event) { shapes, events[name] = append(shapes, name), made }
	for _, by := range []string{"", "Bob"} {
		for _, kind := range []string{"", viaTemplate, viaItem} {
			for _, others := range []string{"", "1", "41"} {
				e := there("Bird migration", by)
				if kind != "" {
					e.Facts[factVia], e.Facts[factKind] = map[string]string{viaTemplate: "Template:Flag", viaItem: "Q42"}[kind], kind
				}
				if kind == viaItem {
					e.Facts[factAddress] = "https://www.wikidata.org/wiki/Q42"
				}
				if others != "" {
					e.Facts[factOthers] = others
				}
				add(strings.Trim(fmt.Sprintf("used %s %s %s", kind, others, by), " "), e)
			}
		}
	}
	add("summary", there("A", "Bob", factComment, "a picture"))
	add("first", there("A", "Bob", factFirst, "1"))
	add("milestone", there("A", "Bob", factMilestone, "1000"))
	add("busy", there("A", "", factBusy, "501", factMute, "https://commons.example.org/mute"))
	for _, what := range []string{deleted, tagged, nominated} {
		for _, by := range []string{"", "Admin"} {
			e := notice.Event{Kind: KindDeletion, File: "File:Sparrow.jpg", Agent: by, Facts: map[string]string{factDeletion: what, factComment: "no licence"}}
			if what == nominated {
				e.Facts[factDiscussion] = "Commons:Deletion requests/File:Sparrow.jpg"
			}
			add(strings.Trim(what+" "+by, " "), e)
		}
	}
	return shapes, events
}

func TestEveryLineInFourLanguages(t *testing.T) {
	const golden = "testdata/lines.txtar"
	var made txtar.Archive
	shapes, events := everyLine()
	for _, language := range []string{"en", "de", "fr", "zh-hans"} {
		for _, shape := range shapes {
			say := usageLines
			if events[shape][0].Kind == KindDeletion {
				say = deletionLines
			}
			line := say(reader(t, language), events[shape])[0]
			made.Files = append(made.Files, txtar.File{Name: language + ": " + shape, Data: []byte(line.Wikitext + "\n" + line.Plain + "\n")})
		}
	}
	if *update {
		if err := os.WriteFile(golden, txtar.Format(&made), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(txtar.Format(&made))); diff != "" {
		t.Error(diff)
	}
}

func TestNamesOfAnyScriptStayWholeAndHarmless(t *testing.T) {
	for _, name := range []string{"{{Delete}}", "[[User:X]]", "~~~~", "''b''", "<nowiki>", "</span>", "a|b", "]]", "==h==", "__NOTOC__", "&lt;b&gt;",
		"\u202Egnp.exe", "עברית עם (סוגריים)", "😀🏳️‍🌈𠜎", "line\nbreak", "http://evil.example", "{{subst:x}}", "<!-- c -->", strings.Repeat("😀", 200)} {
		for _, language := range []string{"en", "zh-hans"} {
			e := there(name, name, factComment, name, factVia, name, factKind, viaTemplate)
			e.File = "File:" + name
			gone := notice.Event{Kind: KindDeletion, File: e.File, Agent: name, Facts: map[string]string{factDeletion: nominated, factComment: name, factDiscussion: "Talk:" + name}}
			for _, line := range append(usageLines(reader(t, language), []notice.Event{e}), deletionLines(reader(t, language), []notice.Event{gone})...) {
				for _, bad := range []string{"{{", "[[User", "~~~", "''", "<nowiki", "</span", "<!--", "__NOTOC", "\n", "\u202E", " http://evil"} {
					if strings.Contains(line.Wikitext, bad) {
						t.Errorf("%q is in %s", bad, line.Wikitext)
					}
				}
				if !utf8.ValidString(line.Wikitext) || !utf8.ValidString(line.Plain) || strings.ContainsAny(line.Plain, "\n\u202E") {
					t.Errorf("%q", line.Plain)
				}
			}
		}
	}
}
