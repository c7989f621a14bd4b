package usage

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"filewarden/bot/notice"
	"filewarden/storage"
)

func TestAUseThatCameBackIsNotNew(t *testing.T) {
	w := newWorld(t, live, map[string]string{"Alice": "{}"})
	w.upload("Alice", "A.png")
	w.en.Edit("Bob", "Page", "[[File:A.png]]", "")
	w.expect()
	for range 2 {
		w.en.Edit("Vandal", "Page", "nothing", "")
		w.expect()
		w.en.Edit("Bob", "Page", "[[File:A.png]]", "rv")
		w.expect()
	}
	w.en.Delete("Admin", "Page", "mistake")
	w.expect()
	w.en.Undelete("Admin", "Page", "sorry")
	w.expect()
}

func TestAPageOfTheBotsOwnIsNoUse(t *testing.T) {
	w := newWorld(t, `{}`, map[string]string{"Anna": `{}`})
	w.upload("Anna", "A.png")
	w.pass()
	w.commons.Edit("FileBot", "User:FileBot/Copyvio/All", "[[File:A.png|120px]]", "")
	w.commons.Edit("Ben", "Gallery", "[[File:A.png|120px]]", "")
	w.expect("Anna: A.png on Gallery by Ben")
}

func TestAMovedPageIsNotNewAndItsTitleIsKeptUpToDate(t *testing.T) {
	w := newWorld(t, live, map[string]string{"Alice": "{}"})
	w.upload("Alice", "A.png")
	w.en.Edit("Bob", "Old title", "[[File:A.png]]", "")
	w.expect()
	w.en.Move("Bob", "Old title", "New title", "")
	w.expect()
	row := w.row("File:A.png")
	if len(row.Uses) != 1 || row.Uses[0].Title != "New title" {
		t.Errorf("remembered %+v", row.Uses)
	}
}

func TestAMovedFileKeepsItsUsesUnderBothNames(t *testing.T) {
	w := newWorld(t, live, map[string]string{"Alice": "{}"})
	w.upload("Alice", "Old.png")
	w.en.Edit("Bob", "One", "[[File:Old.png]]", "")
	w.en.Edit("Bob", "Two", "[[File:Old.png]]", "")
	w.expect()
	w.commons.Move("Admin", "File:Old.png", "File:New.png", "better name")
	w.expect()
	// When a page is parsed again the wiki registers the redirect and its target.
	w.commons.AddGlobalUse("New.png", "enwiki", w.en.PageID("One"), 0, "", "One")
	w.expect()
	w.en.Edit("Carol", "Three", "[[File:New.png]]", "")
	w.expect("Alice: New.png on Three by Carol")
	if row := w.row("File:New.png"); len(row.Uses) != 3 {
		t.Errorf("remembered %+v", row.Uses)
	}
}

func TestANewFileUnderAFormerNameIsAnotherFile(t *testing.T) {
	w := newWorld(t, live, map[string]string{"Alice": "{}"})
	w.upload("Alice", "Old.png")
	w.expect()
	w.commons.Move("Admin", "File:Old.png", "File:New.png", "")
	w.expect()
	w.commons.Delete("Admin", "File:Old.png", "make way")
	w.upload("Bob", "Old.png")
	w.expect()
	w.en.Edit("Carol", "Page", "[[File:Old.png]]", "")
	w.expect()
}

func TestAUseThatNoEditBroughtNamesNobody(t *testing.T) {
	w := newWorld(t, live, map[string]string{"Alice": "{}"})
	w.upload("Alice", "A.png")
	w.en.Upload("Local", "File:A.png", []byte("\x89PNG\r\n\x1a\nlocal"), "")
	w.en.Edit("Bob", "Page", "[[File:A.png]]", "")
	w.later(90 * 24 * time.Hour)
	w.expect()
	w.en.Delete("Admin", "File:A.png", "now on Commons") // the rows are copied in
	w.expect("Alice: A.png on Page")
}

func TestNamespacesThatTheRepositoryLacksAreSeen(t *testing.T) {
	w := newWorld(t, live, map[string]string{"Alice": "{}"})
	w.upload("Alice", "A.png")
	w.commons.KnowWiki("xxwiki", "https://xx.example.org/wiki/")
	w.expect()
	w.commons.AddGlobalUse("A.png", "xxwiki", 5, 118, "Draft", "Some thing")
	told := w.pass()
	if lines(told) != "Alice: A.png on Draft:Some thing" || told[0].URL != "https://xx.example.org/wiki/Draft:Some_thing" {
		t.Errorf("told %+v", told)
	}
	for _, r := range w.commons.Requests() {
		if v, sent := r.Values["gunamespace"]; strings.Contains(r.Values.Get("prop"), "globalusage") && (!sent || v[0] != "") {
			t.Errorf("gunamespace= was not sent empty: %v", r.Values)
		}
		if r.Values.Has("gusite") || r.Values.Has("redirects") {
			t.Errorf("a parameter that loses rows was sent: %v", r.Values)
		}
	}
}

func TestAWikiWithoutAddressIsNamedByWhatIsKnown(t *testing.T) {
	w := newWorld(t, live, map[string]string{"Alice": "{}"})
	w.upload("Alice", "A.png")
	w.expect()
	w.commons.AddGlobalUse("A.png", "secretwiki", 5, 0, "", "Page")
	told := w.pass()
	if len(told) != 1 || told[0].URL != "" || told[0].Wiki.Host != "secretwiki" {
		t.Errorf("told %+v", told)
	}
}

func TestATemplateIsNamedAndItsEditorIsTheAgent(t *testing.T) {
	w := newWorld(t, live, map[string]string{"Alice": "{}"})
	w.upload("Alice", "Flag.png")
	w.en.Edit("Bob", "Template:Flag", "no picture", "")
	for i := range 3 {
		w.en.Edit("Bob", fmt.Sprintf("Country %d", i), "{{Flag}}", "")
	}
	w.expect()
	w.en.Edit("Carol", "Template:Flag", "[[File:Flag.png]]", "")
	told := lines(w.pass())
	for i := range 3 {
		if want := fmt.Sprintf("Alice: Flag.png on Country %d by Carol via Template:Flag", i); !strings.Contains(told, want) {
			t.Errorf("%q is not in:\n%s", want, told)
		}
	}
}

func TestABusyFileIsCountedAndKeepsNobodyElseWaiting(t *testing.T) {
	w := newWorld(t, `{"mode":"live","tasks":{"usage":{"busyFile":20}}}`, map[string]string{"Alice": "{}"})
	w.upload("Alice", "Busy.png")
	w.upload("Alice", "Rare.png")
	w.commons.KnowWiki("xxwiki", "https://xx.example.org/wiki/")
	use := func(from, to int) {
		for i := from; i < to; i++ {
			w.commons.AddGlobalUse("Busy.png", "xxwiki", int64(i+1), 0, "", fmt.Sprintf("Page %d", i))
		}
	}
	use(0, 15)
	w.expect()
	use(15, 1300)
	w.en.Edit("Bob", "Page", "[[File:Rare.png]]", "")
	w.commons.ForgetRequests()
	told := w.pass()
	if len(told) != 2 || told[0].Facts[factBusy] == "" || !strings.Contains(told[0].Facts[factMute], "mute+file") {
		t.Errorf("told %+v", told)
	}
	if n := w.asked("globalusage"); n > 2 {
		t.Errorf("%d requests for uses", n)
	}
	use(1300, 1310)
	w.en.Edit("Bob", "Page 2", "[[File:Rare.png]]", "")
	w.commons.ForgetRequests()
	w.expect("Alice: Rare.png on Page 2 by Bob")
	if n := w.asked("globalusage"); n != 1 {
		t.Errorf("%d requests while the busy file rests", n)
	}
}

// failing is a box that cannot store.
type failing struct{ *world }

func (failing) Add(storage.Tx, ...notice.Event) error { return errors.New("disk full") }

func TestAPassThatFailsLosesNothingAndTellsNothingTwice(t *testing.T) {
	w := newWorld(t, live, map[string]string{"Alice": "{}"})
	w.upload("Alice", "A.png")
	w.expect()
	w.en.Edit("Bob", "Page", "[[File:A.png]]", "")
	env, err := w.bot.Env(Name)
	if err != nil {
		t.Fatal(err)
	}
	p, err := newPass(env, failing{w})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.run(t.Context()); err == nil {
		t.Fatal("a failing box is no error")
	}
	w.expect("Alice: A.png on Page by Bob")
	w.expect()
}

func TestAfterADryRunStockIsTakenAndNobodyIsTold(t *testing.T) {
	w := newWorld(t, live, map[string]string{"Alice": "{}"})
	w.upload("Alice", "A.png")
	w.expect()
	w.en.Edit("Bob", "Page", "[[File:A.png]]", "")
	w.fresh = true
	w.expect()
	w.fresh = false
	w.en.Edit("Bob", "Page 2", "[[File:A.png]]", "")
	w.expect("Alice: A.png on Page 2 by Bob")
}

// Memory and events are stored together: what could not be told is news again.
func TestUsesWhoseEventsWereNotStoredAreNotRemembered(t *testing.T) {
	w := newWorld(t, live, map[string]string{"Alice": "{}"})
	w.upload("Alice", "A.png")
	w.expect()
	w.en.Edit("Bob", "Page", "[[File:A.png]]", "")
	w.refuse = errors.New("the store is full")
	w.later(time.Hour)
	if err := w.tryPass(); !errors.Is(err, w.refuse) {
		t.Fatalf("the pass ended with %v", err)
	}
	if uses := w.row("File:A.png").Uses; len(uses) != 0 {
		t.Errorf("remembered, and never told: %v", uses)
	}
	w.refuse = nil
	w.expect("Alice: A.png on Page by Bob")
}
