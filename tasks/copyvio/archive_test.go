package copyvio

import (
	"testing"
	"time"

	"filewarden/storage"
	"filewarden/tasks/copyvio/casebook"
)

func TestDecidedCasesLeaveThePagesForTheArchive(t *testing.T) {
	w := newWorld(t, config(`"action": "none", "archiveAfter": "5h"`))
	a, b, open := w.copied("Una", "A.jpg", 1), w.copied("Una", "B.jpg", 2), w.copied("Una", "C.jpg", 3)
	w.pass()
	w.decide("Rita", "Copyvio/All", a, casebook.Accepted)
	w.decide("Rita", "Copyvio/All", b, casebook.Rejected)
	w.pass()
	w.wantPage("Copyvio/All", a, b, open)
	for range 6 {
		w.pass()
	}
	w.wantPage("Copyvio/All", "!"+a, "!"+b, open)
	w.wantPage("Copyvio/Archive/2026-11-22", a, b, "!"+open)
	if section := w.newPass().sectionOf(w.mustCase(a, casebook.Accepted)); section != "User:FileBot/Copyvio/Archive/2026-11-22#"+a {
		t.Errorf("the case stands at %s", section)
	}
	w.wantPage("Copyvio/Log", "A.jpg", "B.jpg")
}

func TestACaseWithSomethingLeftToDoStays(t *testing.T) {
	w := newWorld(t, config(`"archiveAfter": "1h", "action": "tag", "template": ""`))
	a := w.copied("Una", "A.jpg", 1)
	w.pass()
	w.decide("Rita", "Copyvio/All", a, casebook.Accepted)
	for range 5 {
		w.pass()
	}
	if c := w.mustCase(a, casebook.Accepted); !c.Archived.IsZero() {
		t.Error("archived before the tag is set")
	}
	wantText(t, "File:A.jpg", w.text("File:A.jpg"), "!{{Copyvio")
	w.reconfigure(`"archiveAfter": "1h"`)
	w.pass()
	wantText(t, "File:A.jpg", w.text("File:A.jpg"), "{{Copyvio|1=")
	for range 3 {
		w.pass()
	}
	if c := w.mustCase(a, casebook.Accepted); c.Archived.IsZero() {
		t.Errorf("not archived: %+v", c)
	}
}

func TestWhatWasArchivedBeforeMidnightIsPublishedAfterIt(t *testing.T) {
	w := newWorld(t, config(`"action": "none", "archiveAfter": "1h"`))
	a := w.copied("Una", "A.jpg", 1)
	w.pass()
	w.decide("Rita", "Copyvio/All", a, casebook.Rejected)
	w.pass()
	w.clock.Store(time.Date(2026, 11, 22, 23, 50, 0, 0, time.UTC).UnixNano())
	if err := w.newPass().archive(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.pass()
	w.wantPage("Copyvio/Archive/2026-11-22", a)
}

func TestACaseIsOnceInTheArchiveHoweverOftenItGoesThere(t *testing.T) {
	w := newWorld(t, config(`"action": "none", "archiveAfter": "1h"`))
	a := w.copied("Una", "A.jpg", 1)
	w.pass()
	w.decide("Rita", "Copyvio/All", a, casebook.Accepted)
	for range 3 {
		w.pass()
	}
	w.copied("Paul", "B.jpg", 1)
	w.pass()
	w.wantPage("Copyvio/All", a)
	w.decide("Rita", "Copyvio/All", a, casebook.Accepted)
	w.pass()
	w.wantPage("Copyvio/Archive/2026-11-22", a)
	for range 3 {
		w.pass()
	}
	p := w.newPass()
	rows, err := archivedOn(p, "2026-11-22")
	if err != nil || len(rows) != 1 {
		t.Errorf("%d rows, %v", len(rows), err)
	}
}

func archivedOn(p *pass, day string) (sums []string, err error) {
	err = p.Store.View(func(tx storage.Tx) error {
		rows, err := archived(tx, day)
		for _, r := range rows {
			sums = append(sums, r.ID)
		}
		return err
	})
	return sums, err
}
