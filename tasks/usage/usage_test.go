package usage

import (
	"fmt"
	"testing"
)

const live = `{"mode":"live"}`

func TestTheFirstScanTellsNobodyAndTheNextTellsWhatIsNew(t *testing.T) {
	w := newWorld(t, live, map[string]string{"Alice": "{}"})
	w.upload("Alice", "Sparrow.png")
	w.en.Edit("Bob", "Birds", "[[File:Sparrow.png]]", "old")
	w.commons.Edit("Bob", "Gallery", "[[File:Sparrow.png]]", "old")
	w.expect()
	w.en.Edit("Smallbones", "Bird migration", "[[File:sparrow.png|thumb]]", "a picture")
	w.commons.Edit("Carol", "Sparrows", "<gallery>\nSparrow.png\n</gallery>", "")
	w.expect("Alice: Sparrow.png on Sparrows by Carol", "Alice: Sparrow.png on Bird migration by Smallbones")
	w.expect()
}

func TestTheFirstUseOfAFileUploadedAfterSigningUpIsNews(t *testing.T) {
	w := newWorld(t, live, map[string]string{"Alice": "{}"})
	w.expect()
	w.upload("Alice", "New.png")
	w.en.Edit("Bob", "Page", "[[File:New.png]]", "")
	told := w.pass()
	if lines(told) != "Alice: New.png on Page by Bob" || told[0].Facts[factFirst] == "" {
		t.Errorf("told %+v", told)
	}
}

func TestABurstBeyondAMilestoneIsToldByItsNumber(t *testing.T) {
	w := newWorld(t, live, map[string]string{"Alice": "{}"})
	w.expect()
	w.upload("Alice", "New.png")
	for i := range 12 {
		w.en.Edit("Bob", fmt.Sprint("Page ", i), "[[File:New.png]]", "")
	}
	var first, milestone string
	for _, e := range w.pass() {
		first += e.Facts[factFirst]
		milestone += e.Facts[factMilestone]
	}
	if first != "" || milestone != "12" {
		t.Errorf("12 uses at once: first use %q, milestone %q; want only the milestone, with 12", first, milestone)
	}
}

func TestOwnEditsAreNotToldWhereTheNameIsOnePerson(t *testing.T) {
	w := newWorld(t, `{"mode":"live","sameUsers":"all"}`, map[string]string{"Alice": "{}"})
	w.upload("Alice", "A.png")
	w.expect()
	w.en.Edit("Alice", "Mine", "[[File:A.png]]", "")
	w.commons.Edit("Alice", "Mine", "[[File:A.png]]", "")
	w.expect()
}
