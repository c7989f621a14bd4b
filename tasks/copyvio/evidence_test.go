package copyvio

import (
	"testing"
	"time"

	"filewarden/bot/sandbox/picture"
	"filewarden/storage"
	"filewarden/tasks/copyvio/casebook"
)

func TestContentThatWasDeletedForCopyrightOpensACase(t *testing.T) {
	w := newWorld(t, config(""))
	w.wiki.At(w.now().Add(-1000*time.Hour), func() {
		w.wiki.Upload("Ulf", "Old.jpg", photo(1), "x")
		w.wiki.Delete("Ada", "File:Old.jpg", "[[COM:L|copyright violation]]")
		w.wiki.Upload("Ulf", "Ugly.jpg", photo(2), "x")
		w.wiki.Delete("Ada", "File:Ugly.jpg", "out of scope")
	})
	again, ugly := w.photo("Una", "New.jpg", 1), w.photo("Una", "Pretty.jpg", 2)
	w.pass()
	w.mustCase(again, casebook.Open)
	if e := w.evidenceOf(again, casebook.Deleted); e.File != "File:Old.jpg" || e.User != "Ada" || !e.Opens {
		t.Errorf("%+v", e)
	}
	w.noCase(ugly)
	w.wantPage("Copyvio/All", again, "File:Old.jpg", "!"+ugly)
}

func TestAPictureLikeOneThatWasAcceptedOpensACaseHoweverItIsTurned(t *testing.T) {
	w := newWorld(t, config(""))
	copied := w.copied("Una", "A.jpg", 1)
	w.pass()
	w.decide("Rita", "Copyvio/All", copied, casebook.Accepted)
	w.pass()
	mirrored := picture.JPEG(picture.Mirrored(picture.Photo(1, 320, 240)), 85)
	w.upload("Una", "B.jpg", mirrored)
	other := w.photo("Una", "C.jpg", 3)
	w.pass()
	w.mustCase(shaOf(mirrored), casebook.Open)
	if e := w.evidenceOf(shaOf(mirrored), casebook.Alike); e.File != "File:A.jpg" || e.Turned == "" {
		t.Errorf("%+v", e)
	}
	w.noCase(other)
}

func TestOnesOwnSimilarPicturesAreNoEvidence(t *testing.T) {
	w := newWorld(t, config(""))
	w.photo("Una", "A.jpg", 1)
	w.pass()
	smaller := picture.JPEG(picture.Scaled(picture.Photo(1, 320, 240), 250), 80)
	w.services.Set(shaOf(smaller), "full+pages")
	w.upload("Una", "B.jpg", smaller)
	w.pass()
	if c := w.mustCase(shaOf(smaller), casebook.Open); len(c.Evidence) > 0 {
		t.Errorf("%+v", c.Evidence)
	}
}

func TestSignalsOpenACaseWhereTheConfigSaysSo(t *testing.T) {
	w := newWorld(t, config(`"opens": ["name"]`))
	messenger := w.photo("Una", "WhatsApp Image 2026-11-01 at 12.00.jpg", 1)
	camera := picture.WithCamera(photo(2), picture.Camera{Artist: "Getty Images"})
	w.upload("Una", "Photo.jpg", camera)
	w.pass()
	w.mustCase(messenger, casebook.Open)
	w.evidenceOf(messenger, casebook.Name)
	w.noCase(shaOf(camera))
}

func TestADuplicateIsShownWithWhoUploadedIt(t *testing.T) {
	w := newWorld(t, config(""))
	w.wiki.At(w.now().Add(-1000*time.Hour), func() { w.wiki.Upload("Ulf", "Old.jpg", photo(1), "x") })
	copied := w.copied("Una", "New.jpg", 1)
	w.pass()
	if e := w.evidenceOf(copied, casebook.Duplicate); e.File != "File:Old.jpg" || e.User != "Ulf" || e.Opens {
		t.Errorf("%+v", e)
	}
}

func TestAcceptedContentThatComesBackIsACaseOfWhoBroughtIt(t *testing.T) {
	w := newWorld(t, config(""))
	copied := w.copied("Una", "A.jpg", 1)
	w.pass()
	w.decide("Rita", "Copyvio/All", copied, casebook.Accepted)
	w.pass()
	w.wiki.Delete("Ada", "File:A.jpg", "copyright violation")
	w.later(60 * time.Hour)
	w.pass()
	talk := w.text("User talk:Una")
	w.copied("Paul", "B.jpg", 1)
	w.pass()
	c := w.mustCase(copied, casebook.Open)
	if !c.Own("Una") || !c.Own("Paul") || c.Uploader != "Paul" || c.Title != "File:B.jpg" || !c.Archived.IsZero() || !c.GoneAt.IsZero() {
		t.Errorf("%+v", c)
	}
	if e := w.evidenceOf(copied, casebook.SeenAccepted); e.File != "File:A.jpg" || !e.Opens {
		t.Errorf("%+v", e)
	}
	w.pass()
	if w.text("User talk:Una") != talk {
		t.Errorf("Una is told of what Paul did:\n%s", w.text("User talk:Una"))
	}
	wantText(t, "User talk:Paul", w.text("User talk:Paul"), "B.jpg", "!took back")
	if s := w.sums(); s.Reopened != 0 || s.Accepted != 1 || s.Opened != 2 {
		t.Errorf("%+v", s)
	}
	if w.billed(copied) != 2 {
		t.Errorf("the content was paid for again: %d units", w.billed(copied))
	}
	w.decide("Rita", "Copyvio/All", copied, casebook.Accepted)
	w.pass()
	w.mustCase(copied, casebook.Accepted)
}

func TestRejectedContentThatComesBackStaysSilent(t *testing.T) {
	w := newWorld(t, config(""))
	copied := w.copied("Una", "A.jpg", 1)
	w.pass()
	w.decide("Rita", "Copyvio/All", copied, casebook.Rejected)
	w.pass()
	w.copied("Paul", "B.jpg", 1)
	w.pass()
	w.mustCase(copied, casebook.Rejected)
	if i := w.imageOf(copied); i.Stage != casebook.Passed {
		t.Errorf("%+v", i)
	}
	wantText(t, "User talk:Paul", w.text("User talk:Paul"), "!B.jpg")
}

func TestWhatWentBeforeAnybodyLookedComesBackAsACase(t *testing.T) {
	w := newWorld(t, config(`"archiveAfter": "3h"`))
	copied := w.copied("Una", "A.jpg", 1)
	w.pass()
	w.wiki.Delete("Ada", "File:A.jpg", "author wishes")
	for range 6 {
		w.pass()
	}
	if c := w.mustCase(copied, casebook.Unshown); c.Archived.IsZero() {
		t.Fatalf("%+v", c)
	}
	w.copied("Paul", "B.jpg", 1)
	w.pass()
	if c := w.mustCase(copied, casebook.Open); c.Uploader != "Paul" || !c.Archived.IsZero() {
		t.Errorf("%+v", c)
	}
	w.wantPage("Copyvio/All", copied)
}

func TestAcceptedContentThatComesBackUnderItsOldNameIsWhoseItIsNow(t *testing.T) {
	w := newWorld(t, config(""))
	copied := w.copied("Una", "A.jpg", 1)
	w.pass()
	w.decide("Rita", "Copyvio/All", copied, casebook.Accepted)
	w.pass()
	w.wiki.Delete("Ada", "File:A.jpg", "copyright violation")
	w.later(time.Minute)
	w.copied("Paul", "A.jpg", 1)
	w.pass()
	if c := w.mustCase(copied, casebook.Open); c.Uploader != "Paul" || c.Title != "File:A.jpg" || !c.GoneAt.IsZero() || c.Note != "" {
		t.Errorf("%+v", c)
	}
}

// Services take their time, and reviewers do not wait for them.
func TestWhatIsDecidedDuringASearchStands(t *testing.T) {
	w := newWorld(t, config(""))
	copied := w.copied("Una", "A.jpg", 1)
	w.pass()
	p := w.newPass()
	q, wanted, err := p.inquire(w.imageOf(copied), file{sha1: copied, title: "File:A.jpg"})
	if err != nil || !wanted {
		t.Fatal(wanted, err)
	}
	d := casebook.Decision{To: casebook.Rejected, By: "Rita", Time: w.now(), Way: casebook.ByAPI}
	err = p.Store.Update(func(tx storage.Tx) error {
		_, _, err := casebook.Decide(tx, copied, d, casebook.Reviewer{Name: "Rita", Named: true, Reviewer: true})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.openCases(t.Context(), []*inquiry{q}); err != nil {
		t.Fatal(err)
	}
	if c := w.mustCase(copied, casebook.Rejected); c.By != "Rita" || len(c.Matches) == 0 {
		t.Errorf("%+v", c)
	}
}

func TestWhatTrustedUsersUploadIsHashedAndNotPaidFor(t *testing.T) {
	w := newWorld(t, config(`"trusted": ["una"]`))
	trusted := w.copied("Una", "A.jpg", 1)
	w.pass()
	if i := w.imageOf(trusted); i.Stage != casebook.Passed || w.billed(trusted) > 0 {
		t.Errorf("%+v", i)
	}
	smaller := picture.JPEG(picture.Scaled(picture.Photo(1, 320, 240), 250), 80)
	w.services.Set(shaOf(smaller), "full+pages")
	w.upload("Paul", "B.jpg", smaller)
	w.pass()
	if e := w.evidenceOf(shaOf(smaller), casebook.Alike); e.File != "File:A.jpg" || e.Opens {
		t.Errorf("%+v", e)
	}
}
