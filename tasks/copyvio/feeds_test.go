package copyvio

import (
	"fmt"
	"strings"
	"testing"

	"filewarden/bot/sandbox"
	"filewarden/storage"
	"filewarden/tasks/copyvio/casebook"
)

func TestAFeedHasTheCasesThatItIsAbout(t *testing.T) {
	w := newWorld(t, config(`"feeds": [{"name": "Newcomers", "maxEdits": 10}, {"name": "Veterans", "minEdits": 11}, {"name": "Patrolled", "patrolled": "yes"},
		{"name": "Unpatrolled", "patrolled": "no"}, {"name": "Patrollers", "groups": ["patroller"]}, {"name": "Others", "notGroups": ["patroller"]},
		{"name": "Paul's", "uploaders": ["paul"]}]`))
	w.wiki.SetEdits("Paul", 500)
	una, paul, rob := w.copied("Una", "A.jpg", 1), w.copied("Paul", "B.jpg", 2), w.copied("Rob", "C.jpg", 3)
	w.wiki.Patrol("Rita", "File:A.jpg")
	w.pass()
	for feed, want := range map[string]string{"Newcomers": una + rob, "Veterans": paul, "Patrolled": una, "Unpatrolled": paul + rob, "Patrollers": rob, "Others": una + paul, "Paul's": paul} {
		for _, sha1 := range []string{una, paul, rob} {
			part := sha1
			if !strings.Contains(want, sha1) {
				part = "!" + sha1
			}
			w.wantPage("Copyvio/"+feed, part)
		}
	}
	if c := w.mustCase(una, casebook.Open); c.Patrol != "Rita" {
		t.Errorf("patrolled by %q", c.Patrol)
	}
}

func TestAFeedNamedLikeAnotherPageIsPassedOver(t *testing.T) {
	feeds, wrong := feedsOf(Config{Feeds: []Feed{{Name: "All"}, {Name: "New_uploaders"}, {Name: "Uploader"}, {Name: "Mine"}, {Name: " Mine_"}, {Name: "_"}}})
	if len(feeds) != 1 || feeds[0].Name != "Mine" || len(wrong) != 5 {
		t.Errorf("%v, %v", feeds, wrong)
	}
	w := newWorld(t, config(`"feeds": [{"name": "All", "maxEdits": 1}]`))
	copied := w.copied("Una", "A.jpg", 1)
	w.pass()
	w.pass()
	n := len(w.wiki.History("User:FileBot/Copyvio/All"))
	w.pass()
	if again := len(w.wiki.History("User:FileBot/Copyvio/All")); again != n {
		t.Errorf("the page is written with every pass: %d, %d", n, again)
	}
	w.wantPage("Copyvio/All", copied)
}

// fill opens cases without looking for them.
func (w *world) fill(n int, uploader string) {
	w.t.Helper()
	p := w.newPass()
	err := storage.UpdateEach(p.Store, make([]int, n), func(tx storage.Tx, _ int) error {
		n--
		return casebook.PutCase(tx, casebook.Case{SHA1: fmt.Sprintf("%040x", n+1), Title: fmt.Sprintf("File:%d.jpg", n), Uploader: uploader, Opened: w.now()})
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func TestAHundredCasesStandOnAPage(t *testing.T) {
	w := newWorld(t, config(""))
	w.fill(201, "Una")
	w.pass()
	for name, want := range map[string]int{"All": 100, "All/2": 100, "All/3": 1, "Uploader/Una/3": 1} {
		if n := strings.Count(w.text("User:FileBot/Copyvio/"+name), "| status = open"); n != want {
			t.Errorf("%s has %d cases, want %d", name, n, want)
		}
	}
	w.wantPage("Copyvio/All/2", "[[:User:FileBot/Copyvio/All|", "[[:User:FileBot/Copyvio/All/3|", "201 cases wait")
	w.decide("Rita", "Copyvio/All/3", fmt.Sprintf("%040x", 201), casebook.Rejected)
	w.pass()
	w.mustCase(fmt.Sprintf("%040x", 201), casebook.Rejected)
	w.later(49 * 3600e9)
	w.pass()
	w.wantPage("Copyvio/All/3", "There is nothing to review", "!| status =")
	w.wantPage("Copyvio/All/2", "!Copyvio/All/3|")
}

func TestAPageWithoutCasesIsEmptiedOnceAndForgotten(t *testing.T) {
	w := newWorld(t, config(`"archiveAfter": "3h"`))
	copied := w.copied("Una", "A.jpg", 1)
	w.pass()
	w.decide("Rita", "Copyvio/Uploader/Una", copied, casebook.Rejected)
	for range 6 {
		w.pass()
	}
	w.wantPage("Copyvio/Uploader/Una", "!"+copied, "nothing to review")
	rows, err := w.newPass().sheetRows()
	if err != nil || len(rows) != 2 || rows[allName].Print == "" || rows[checksName].Print == "" {
		t.Errorf("pages that are read with every pass: %v, %v", rows, err)
	}
	n := len(w.wiki.History("User:FileBot/Copyvio/Uploader/Una"))
	w.pass()
	if again := len(w.wiki.History("User:FileBot/Copyvio/Uploader/Una")); again != n {
		t.Errorf("written again: %d, %d", n, again)
	}
	w.copied("Una", "B.jpg", 2)
	w.pass()
	w.wantPage("Copyvio/Uploader/Una", shaOf(photo(2)))
}

func TestUploadersWithStrangeNamesStopNothing(t *testing.T) {
	w := newWorld(t, config(""))
	long := "L" + strings.Repeat("o", 240)
	names := []string{"A.b", "Ünä & Co", "~2026-1", "192.0.2.7", "O'Neil = \"x\"", long}
	for n, name := range names {
		w.copied(name, fmt.Sprintf("%d.jpg", n), uint64(n))
	}
	w.pass()
	w.pass()
	for n, name := range names {
		w.wantPage("Copyvio/All", shaOf(photo(uint64(n))))
		c := w.mustCase(shaOf(photo(uint64(n))), casebook.Open)
		section := w.newPass().sectionOf(c)
		title, anchor, _ := strings.Cut(section, "#")
		wantText(t, name, w.text(title), `id="`+anchor+`"`)
	}
}

func TestAnUploaderWhoseNameIsHiddenHasNoPageAndIsNotTold(t *testing.T) {
	w := unstarted(t, config(""), sandbox.Options{})
	copied := w.copied("Una", "A.jpg", 1)
	w.later(3600e9)
	w.pass() // the real log entry is older than that
	e := entry{log: uploadLog, action: "upload", title: "File:A.jpg", sha1: copied, id: 999, time: w.now(), made: w.now()}
	if err := w.newPass().apply(t.Context(), []entry{e}); err != nil {
		t.Fatal(err)
	}
	w.pass()
	if c := w.mustCase(copied, casebook.Open); c.Uploader != "" || w.newPass().sectionOf(c) != "User:FileBot/Copyvio/All#"+copied {
		t.Errorf("%+v", c)
	}
	w.wantPage("Copyvio/All", copied, "somebody whose name is hidden")
	wantText(t, "User talk:Una", w.text("User talk:Una"), "!A.jpg")
}

func TestAProtectedPageStopsNothingElse(t *testing.T) {
	w := newWorld(t, config(""))
	for _, name := range []string{"Copyvio/All", "Copyvio/Statistics"} {
		w.wiki.Protect("Ada", "User:FileBot/"+name, "edit", "sysop")
	}
	copied := w.copied("Una", "A.jpg", 1)
	w.pass()
	w.wantPage("Copyvio/Uploader/Una", copied)
	w.wantPage("Copyvio/All", "!"+copied)
	wantText(t, "talk", w.text("User talk:Una"), "A.jpg")
}

func TestUploadsOfNewUsersAreListedDayByDayWithWhatBecameOfThem(t *testing.T) {
	w := newWorld(t, config(`"wait": "48h", "trusted": ["Rob"]`))
	w.wiki.SetEdits("Paul", 500)
	copied := w.copied("Una", "A.jpg", 1)
	w.copied("Paul", "B.jpg", 2)
	w.photo("Rob", "C.jpg", 3)
	w.pass()
	w.wantPage("Copyvio/New uploaders/2026-11-22", "A.jpg", "!B.jpg", "!C.jpg", "!"+copied)
	w.later(50 * 3600e9)
	w.pass()
	w.wantPage("Copyvio/New uploaders/2026-11-22", "Copyvio/Uploader/Una#"+copied)
	w.wiki.Delete("Ada", "File:A.jpg", "copyright violation")
	w.pass()
	w.wantPage("Copyvio/New uploaders/2026-11-22", "the file is gone", "!|[[File:A.jpg")
}
