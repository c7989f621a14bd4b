package report

import (
	"context"
	"strings"
	"testing"

	"filewarden/bot/gate"
)

const begin, end = "<!-- Filewarden: begin Status -->", "<!-- Filewarden: end Status -->"

func TestAPartIsCreatedAndUpdatedAmongOtherPeoplesText(t *testing.T) {
	b := newBench(t)
	if !b.publish("Status", "one") || b.text("Status") != begin+"\none\n"+end {
		t.Fatalf("created: %q", b.text("Status"))
	}
	b.edit("Eve", "Status", "Above\n"+b.text("Status")+"\nbelow  [[x]]\n\nend")
	if !b.publish("Status", "two") {
		t.Error("not updated")
	}
	if want := "Above\n" + begin + "\ntwo\n" + end + "\nbelow  [[x]]\n\nend"; b.text("Status") != want {
		t.Errorf("updated: %q", b.text("Status"))
	}
}

func TestAPageOfPeopleGetsThePartAtItsEnd(t *testing.T) {
	b := newBench(t)
	b.edit("Eve", "Status", "Hello.")
	b.publish("Status", "one")
	if want := "Hello.\n\n" + begin + "\none\n" + end; b.text("Status") != want {
		t.Errorf("%q", b.text("Status"))
	}
}

func TestTheSameTextCostsOneReadAndNoWrite(t *testing.T) {
	b := newBench(t)
	b.publish("Status", "one")
	b.site.ForgetRequests()
	if b.publish("Status", "one") {
		t.Error("written again")
	}
	if n := len(b.site.Requests()); n != 1 {
		t.Errorf("%d requests: %v", n, b.site.Requests())
	}
}

func TestWhatPeopleRevertedIsNotRepeatedUntilThereIsNews(t *testing.T) {
	for name, take := range map[string]func(string) string{
		"emptied":   func(string) string { return "gone" },
		"reworded":  func(s string) string { return strings.Replace(s, "one", "none", 1) },
		"one mark":  func(s string) string { return strings.Replace(s, end, "", 1) },
		"whole bot": func(string) string { return "" },
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			b.publish("Status", "one")
			b.edit("Eve", "Status", take(b.text("Status")))
			theirs := b.text("Status")
			if b.publish("Status", "one") || b.text("Status") != theirs {
				t.Errorf("repeated: %q", b.text("Status"))
			}
			held, err := b.pages.Held()
			if err != nil || len(held) != 1 || held[0].By != "Eve" || held[0].Title != "User:Keeper/Status" {
				t.Errorf("held %+v, %v", held, err)
			}
			if !b.publish("Status", "two") || !strings.Contains(b.text("Status"), begin+"\ntwo\n"+end) {
				t.Errorf("news did not go out: %q", b.text("Status"))
			}
			if held, _ := b.pages.Held(); len(held) != 0 {
				t.Errorf("still held: %+v", held)
			}
		})
	}
}

func TestAnEmptyStoreLearnsFromTheHistoryWhatWasReverted(t *testing.T) {
	b := newBench(t)
	b.publish("Status", "one")
	b.edit("Eve", "Status", "gone")
	other := newBench(t)
	b.conf.Store = other.conf.Store
	b.restart()
	if b.publish("Status", "one") || b.text("Status") != "gone" {
		t.Errorf("repeated: %q", b.text("Status"))
	}
}

func TestADeletedPageStaysDeletedUntilThereIsNews(t *testing.T) {
	b := newBench(t)
	b.publish("Status", "one")
	b.site.AddUser("Admin", "", "sysop")
	b.site.Delete("Admin", "User:Keeper/Status", "")
	if b.publish("Status", "one") || !b.publish("Status", "two") {
		t.Errorf("%q", b.text("Status"))
	}
}

func TestDamagedMarksCostNoText(t *testing.T) {
	for name, page := range map[string]string{
		"no end":       "A\n" + begin + "\nold\nB",
		"no begin":     "A\nold\n" + end + "\nB",
		"wrong order":  "A\n" + end + "\nold\n" + begin + "\nB",
		"two pairs":    begin + "\nold\n" + end + "\nA\n" + begin + "\nB\n" + end,
		"within words": "A" + begin + "B",
	} {
		t.Run(name, func(t *testing.T) {
			m := marksOf("Status")
			got := m.put(page, "new")
			if strings.Count(got, begin) != 1 || strings.Count(got, end) != 1 {
				t.Errorf("marks of %q", got)
			}
			if part, _ := m.find(got); part != "new" {
				t.Errorf("part %q", part)
			}
			kept := strings.Fields(strings.Replace(got, m.block("new"), " ", 1))
			was := strings.Fields(strings.NewReplacer(begin, " ", end, " ").Replace(page))
			if strings.Join(kept, " ") != strings.Join(was, " ") {
				t.Errorf("kept %q of %q", kept, was)
			}
		})
	}
}

func TestForeignTextCannotCloseThePart(t *testing.T) {
	b := newBench(t)
	b.publish("Status", "a "+end+" b")
	if b.publish("Status", "a "+end+" b") || strings.Count(b.text("Status"), end) != 1 {
		t.Errorf("%q", b.text("Status"))
	}
}

func TestTextThatTheWikiExpandsIsWrittenOnce(t *testing.T) {
	b := newBench(t)
	b.publish("Status", "at {{subst:CURRENTYEAR}}")
	if b.publish("Status", "at {{subst:CURRENTYEAR}}") {
		t.Error("written again")
	}
	if held, _ := b.pages.Held(); len(held) != 0 {
		t.Errorf("taken for a revert: %+v", held)
	}
}

func TestJSONIsWrittenAsTheWikiKeepsIt(t *testing.T) {
	b := newBench(t)
	part := Part{Name: "schema.json", Whole: true, Text: `{"a":"<&>/","b":[1.0,{}]}`}
	for i, want := range []bool{true, false} {
		if changed, err := b.pages.Publish(context.Background(), part); err != nil || changed != want {
			t.Errorf("time %d: changed %v, %v", i+1, changed, err)
		}
	}
	part.Text = "{"
	if _, err := b.pages.Publish(context.Background(), part); err == nil {
		t.Error("broken JSON was published")
	}
}

func TestAWholePageOfWikitextHasNoMarks(t *testing.T) {
	b := newBench(t)
	part := Part{Title: "User:Keeper", Whole: true, Text: "I am a bot.\n"}
	for i, want := range []bool{true, false} {
		if changed, err := b.pages.Publish(context.Background(), part); err != nil || changed != want {
			t.Errorf("time %d: changed %v, %v", i+1, changed, err)
		}
	}
	if text, _ := b.site.Text("User:Keeper"); text != "I am a bot." {
		t.Errorf("%q", text)
	}
}

func TestADryRunWritesNothingAndPlansOnce(t *testing.T) {
	b := newBench(t)
	b.mode = gate.DryRun
	for range 2 {
		if b.publish("Status", "one") || b.text("Status") != "" {
			t.Errorf("written: %q", b.text("Status"))
		}
	}
	if held, _ := b.pages.Held(); len(held) != 0 {
		t.Errorf("taken for a revert: %+v", held)
	}
}

func TestAPageThatWasMovedAwayIsAClearError(t *testing.T) {
	b := newBench(t)
	b.publish("Status", "one")
	b.site.Move("Eve", "User:Keeper/Status", "User:Keeper/Old status", "")
	_, err := b.pages.Publish(context.Background(), Part{Name: "Status", Text: "two"})
	if err == nil || !strings.Contains(err.Error(), "User:Keeper/Old status") {
		t.Errorf("got %v", err)
	}
}

func TestTitles(t *testing.T) {
	p := New(Config{Prefix: "User:Keeper/"})
	for name, want := range map[string]string{
		"Usage/Birds":          "User:Keeper/Usage/Birds",
		"Provenance/A.js":      "User:Keeper/Provenance/A.js/report",
		"Provenance/A.CSS":     "User:Keeper/Provenance/A.CSS/report",
		"Provenance/A.json":    "User:Keeper/Provenance/A.json/report",
		"Provenance/A.js/deep": "User:Keeper/Provenance/A.js/deep",
	} {
		if got := p.Title(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	a, c := p.Title(strings.Repeat("鳥", 200)+"1.js"), p.Title(strings.Repeat("鳥", 200)+"2.js")
	if len(a) > 255 || a == c || !strings.HasSuffix(a, "/report") || strings.ContainsRune(a, '\uFFFD') {
		t.Errorf("%q (%d bytes), %q", a, len(a), c)
	}
}
