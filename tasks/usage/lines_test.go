package usage

import (
	"strings"
	"testing"

	"filewarden/bot/notice"
	"filewarden/bot/wiki"
	"filewarden/templates"

	"github.com/google/go-cmp/cmp"
)

var elsewhere = wiki.Place{Key: "https://en.example.org/wiki/", Host: "en.example.org"}

func reader(t *testing.T, language string) notice.Reader {
	t.Helper()
	words, err := templates.Load(templates.Folder(""), templates.Folder(Name))
	if err != nil {
		t.Fatal(err)
	}
	return notice.Reader{Words: words.In(language), Ctx: t.Context()}
}

// there is an event of a use on another wiki.
func there(page, agent string, facts ...string) notice.Event {
	e := notice.Event{Kind: KindUsage, User: "Alice", File: "File:Sparrow.jpg", Page: page, Wiki: elsewhere,
		URL: pageURL(elsewhere, page), Agent: agent, Facts: map[string]string{}}
	for i := 0; i < len(facts); i += 2 {
		e.Facts[facts[i]] = facts[i+1]
	}
	return e
}

func TestLinesSayWhatHappened(t *testing.T) {
	for name, c := range map[string]struct {
		language string
		events   []notice.Event
		want     string
	}{
		"one use, with a summary": {"en", []notice.Event{there("Bird migration", "Smallbones", factComment, "a picture")},
			"Sparrow.jpg was used by Smallbones on Bird migration at en.example.org. Edit summary: “a picture”"},
		"several pages": {"en", []notice.Event{there("A", "Bob"), there("B", "Carol"), there("C", "")},
			"Sparrow.jpg was used on A and 2 other pages at en.example.org."},
		"several pages, one user, in German": {"de", []notice.Event{there("A", "Bob"), there("B", "Bob")}, ""},
		"an event for many": {"en", []notice.Event{there("A", "", factOthers, "41")},
			"Sparrow.jpg was used on A and 41 other pages at en.example.org."},
		"a template with its pages is one line": {"en", []notice.Event{there("Template:Flag", "Bob"),
			there("A", "Bob", factVia, "Template:Flag", factKind, viaTemplate), there("B", "Bob", factVia, "Template:Flag", factKind, viaTemplate)},
			"Sparrow.jpg now appears on A and one other page at en.example.org: Bob added it to the template Template:Flag."},
		"an item": {"en", []notice.Event{there("A", "Bob", factVia, "Q5", factKind, viaItem, factAddress, "https://www.wikidata.org/wiki/Q5")},
			"Sparrow.jpg now appears on A at en.example.org: Bob added it to the Wikidata item Q5."},
		"first use":   {"en", []notice.Event{there("A", "", factFirst, "1")}, "Sparrow.jpg was used on A at en.example.org. This is its first use!"},
		"a milestone": {"en", []notice.Event{there("A", "", factMilestone, "50")}, "Sparrow.jpg was used on A at en.example.org. That makes 50 uses – congratulations!"},
		"a busy file": {"en", []notice.Event{there("A", "", factBusy, "501", factMute, "https://example.org/x")},
			"Sparrow.jpg is used on 501 pages or more by now. With a file so popular I no longer name single pages; you may want to mute it."},
	} {
		t.Run(name, func(t *testing.T) {
			got := usageLines(reader(t, c.language), c.events)
			if len(got) != 1 {
				t.Fatalf("%d lines: %+v", len(got), got)
			}
			if diff := cmp.Diff(c.want, got[0].Plain); c.want != "" && diff != "" {
				t.Error(diff)
			}
			if strings.Contains(got[0].Plain+got[0].Wikitext, "⧼") {
				t.Errorf("a word is missing: %s", got[0].Wikitext)
			}
		})
	}
}

func TestTheUsingPageIsTheFirstLinkAndTheListOfUsesTheSecond(t *testing.T) {
	line := usageLines(reader(t, "en"), []notice.Event{there("A b", "Bob")})[0]
	page := strings.Index(line.Wikitext, "[https://en.example.org/wiki/A_b A b]")
	uses := strings.Index(line.Wikitext, "[[:File:Sparrow.jpg#filelinks|all uses]]")
	if first := strings.Index(line.Wikitext, "["); page < 0 || first != page || uses < page {
		t.Errorf("%s", line.Wikitext)
	}
	home := notice.Event{Kind: KindUsage, File: "File:Sparrow.jpg", Page: "Gallery", Facts: map[string]string{}}
	if line := usageLines(reader(t, "en"), []notice.Event{home})[0]; !strings.Contains(line.Wikitext, "[[:Gallery|Gallery]]") || line.Page != "Gallery" {
		t.Errorf("%+v", line)
	}
}

func TestForeignTextCannotBecomeWikitext(t *testing.T) {
	const evil = "{{Delete}} [[User:X]] ~~~~ '''b''' <script> | ]]"
	e := there(evil, evil, factComment, evil, factVia, evil, factKind, viaTemplate)
	e.File = "File:" + evil
	line := usageLines(reader(t, "en"), []notice.Event{e})[0]
	for _, bad := range []string{"{{", "[[User", "~~~", "'''", "<script"} {
		if strings.Contains(line.Wikitext, bad) {
			t.Errorf("%q is in %s", bad, line.Wikitext)
		}
	}
}

func TestLinesAboutDeletion(t *testing.T) {
	for what, want := range map[string]string{
		deleted:   "Sparrow.jpg has been deleted by Admin. Reason given: “no licence”",
		nominated: "Sparrow.jpg has been nominated for deletion by Admin. You can take part in the discussion: Discussion. Reason given: “no licence”",
		tagged:    "Sparrow.jpg has been marked for deletion by Admin. Reason given: “no licence”",
	} {
		e := notice.Event{Kind: KindDeletion, File: "File:Sparrow.jpg", Agent: "Admin", Facts: map[string]string{factDeletion: what, factComment: "no licence"}}
		if what == nominated {
			e.Facts[factDiscussion] = "Discussion"
		}
		if got := deletionLines(reader(t, "en"), []notice.Event{e})[0].Plain; got != want {
			t.Errorf("%s: %s", what, got)
		}
	}
}
