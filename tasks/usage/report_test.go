package usage

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"filewarden/bot"
)

const birds = `{"mode":"live","tasks":{"usage":{"sets":[{"name":"Birds","categories":["Birds"]}]}}}`

func TestTheReportOnASetIsWrittenOnlyWhenItSaysSomethingElse(t *testing.T) {
	w := newWorld(t, birds, nil)
	for _, name := range []string{"A.png", "B.png"} {
		w.upload("Bob", name)
		w.commons.Edit("Bob", "File:"+name, "[[Category:Birds]]", "")
	}
	w.en.Edit("Bob", "Page 1", "[[File:A.png]]", "")
	const page = "User:FileBot/Usage/Birds"
	edits := func() int { return len(w.commons.History(page)) }
	w.pass()
	if edits() != 1 {
		t.Fatalf("%d edits after the first pass", edits())
	}
	w.pass()
	if edits() != 1 {
		t.Errorf("%d edits though nothing changed", edits())
	}
	w.en.Edit("Bob", "Page 2", "[[File:A.png]]", "")
	w.pass()
	text, _ := w.commons.Text(page)
	for _, want := range []string{"One of 2 files", "2 uses", "on one wiki", "English Wikipedia", "A.png", "2026-11"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in:\n%s", want, text)
		}
	}
	if edits() != 2 {
		t.Errorf("%d edits after news", edits())
	}
}

// export runs the command on the memory of a world.
func (w *world) export(r Report) string {
	w.t.Helper()
	var out bytes.Buffer
	c := &bot.Console{Ctx: w.t.Context(), Out: &out, Env: func(task string, work func(*bot.Env) error) error {
		env, err := w.bot.Env(task)
		if err != nil {
			return err
		}
		return work(env)
	}}
	if err := r.Run(c); err != nil {
		w.t.Fatal(err)
	}
	return out.String()
}

func TestExportsHoldUsesAndTheRevisionsThatMadeThem(t *testing.T) {
	w := newWorld(t, birds, map[string]string{"Alice": "{}"})
	w.upload("Alice", "A.png")
	w.commons.Edit("Bob", "File:A.png", "[[Category:Birds]]", "")
	w.en.Edit("Bob", "Old", "[[File:A.png]]", "")
	w.pass()
	added := w.en.Edit("Bob", "New", "[[File:A.png]]", "=HYPERLINK(1)")
	w.later(time.Hour)
	w.pass()
	removed := w.en.Edit("Carol", "New", "none", "out")
	w.pass()
	for _, r := range []Report{{Set: "Birds"}, {File: "a.png"}, {Uploader: "alice"}} {
		r.Format = "json"
		var files []exported
		if err := json.Unmarshal([]byte(w.export(r)), &files); err != nil || len(files) != 1 {
			t.Fatalf("%+v: %d files, %v", r, len(files), err)
		}
		f := files[0]
		if len(f.Uses) != 1 || !f.Uses[0].Before || len(f.History) != 2 ||
			f.History[0].Rev != added || f.History[0].User != "Bob" || f.History[1].Rev != removed || f.History[1].Change != "removed" {
			t.Errorf("%+v", f)
		}
	}
	rows, err := csv.NewReader(strings.NewReader(w.export(Report{Set: "Birds", Format: "csv"}))).ReadAll()
	if err != nil || len(rows) != 4 || rows[2][10] != "'=HYPERLINK(1)" {
		t.Errorf("%v %q", err, rows)
	}
	if text := w.export(Report{Set: "Birds", Format: "text"}); !strings.Contains(text, "1 files, 1 uses") {
		t.Errorf("%s", text)
	}
}

func TestTheCommandWantsOneChoiceOfFiles(t *testing.T) {
	for _, r := range []Report{{}, {Set: "A", File: "B"}} {
		if r.Validate() == nil {
			t.Errorf("%+v is taken", r)
		}
	}
	if err := (Report{Set: "A"}).Validate(); err != nil {
		t.Error(err)
	}
}
