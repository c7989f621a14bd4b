package copyvio

import (
	"errors"
	"strings"
	"testing"

	"filewarden/bot"
	"filewarden/tasks/copyvio/board"
	"filewarden/tasks/copyvio/casebook"
)

// withhold runs filewarden withhold.
func (w *world) withhold(undo bool, files ...string) (string, error) {
	w.t.Helper()
	c, out := w.console("")
	err := Withhold{Files: files, Undo: undo, task: w.task.Task.(*Task)}.Run(c)
	return out.String(), err
}

func TestTheOperatorTakesAFileOffAllPages(t *testing.T) {
	w := newWorld(t, config(""))
	copied := w.copied("Una", "A.jpg", 1)
	w.pass()
	w.wantPage("Copyvio/All", copied)
	out, err := w.withhold(false, "File:A.jpg")
	wantText(t, "output", out, "is withheld now")
	if err != nil {
		t.Error(err)
	}
	w.pass()
	for _, title := range w.wiki.Titles() {
		if strings.HasPrefix(title, "User:FileBot/") {
			wantText(t, title, w.text(title), "!"+copied)
		}
	}
	w.wantPage("Copyvio/Log", "!A.jpg")
	if s := w.sums(); s.Reopened != 0 || len(s.Reviewers) != 0 {
		t.Errorf("the operator is in the statistics: %+v", s)
	}
	if out, _ := w.withhold(false, "File:A.jpg"); out != "File:A.jpg: was withheld already\n" {
		t.Error(out)
	}
	if out, _ := w.withhold(true, "File:A.jpg"); out != "File:A.jpg: is open now; the pages follow with the next pass\n" {
		t.Error(out)
	}
	w.pass()
	w.wantPage("Copyvio/All", copied)
}

func TestAFileIsWithheldBeforeAnythingIsFound(t *testing.T) {
	w := newWorld(t, config(`"wait": "48h"`))
	copied := w.copied("Una", "A.jpg", 1)
	w.pass()
	if _, err := w.withhold(false, "File:A.jpg"); err != nil {
		t.Fatal(err)
	}
	w.later(50 * 3600e9)
	w.pass()
	if c := w.mustCase(copied, casebook.Withheld); len(c.Matches) == 0 {
		t.Errorf("what was found is not kept: %+v", c)
	}
	w.wantPage("Copyvio/All", "!"+copied)
	w.wantPage("Copyvio/New uploaders/2026-11-22", "!A.jpg")
}

func TestShowingAFileAgainOfWhichNothingWasFoundOpensNothing(t *testing.T) {
	w := newWorld(t, config(""))
	fine := w.photo("Una", "A.jpg", 1)
	w.pass()
	for _, undo := range []bool{false, true} {
		if _, err := w.withhold(undo, "File:A.jpg"); err != nil {
			t.Fatal(err)
		}
	}
	w.pass()
	w.wantPage("Copyvio/All", "!"+fine)
	w.services.Set(fine, "full+pages")
	w.photo("Paul", "B.jpg", 1) // nobody pays again for what is known to be nowhere
	w.pass()
	w.wantPage("Copyvio/All", "!"+fine)
}

func TestWithholdSaysWhatIsNoFile(t *testing.T) {
	w := newWorld(t, config(""))
	out, err := w.withhold(false, "Main Page", "File:Nowhere.jpg")
	if !errors.Is(err, bot.ErrFindings) {
		t.Errorf("ends with %v", err)
	}
	wantText(t, "output", out, "no title of a file", "no such file")
}

// The operator does not wait for a pass, and a pass does not show what it has
// in mind from before.
func TestWhatIsWithheldDuringAPassIsNotDrawn(t *testing.T) {
	w := newWorld(t, config(""))
	copied := w.copied("Una", "A.jpg", 1)
	w.pass()
	p := w.newPass()
	cases, err := p.live()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.withhold(false, "File:A.jpg"); err != nil {
		t.Fatal(err)
	}
	drawn, err := p.draw(sheets(p.lists(cases))[0], "", board.Hosts{}, w.now())
	if err != nil || strings.Contains(drawn.Text, copied) || len(drawn.Links) > 0 {
		t.Errorf("%v, %v\n%s", err, drawn.Links, drawn.Text)
	}
}
