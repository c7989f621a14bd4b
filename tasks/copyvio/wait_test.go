package copyvio

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"filewarden/bot/sandbox/picture"
	"filewarden/tasks/copyvio/casebook"
	"filewarden/tasks/copyvio/provider"
	"filewarden/tasks/copyvio/provider/providertest"
)

func TestServicesAreAskedAfterTheWaitAndNotBefore(t *testing.T) {
	w := newWorld(t, config(`"wait": "48h"`))
	copied := w.copied("Una", "A.jpg", 1)
	w.pass()
	w.later(45 * time.Hour)
	w.pass()
	if w.billed(copied) > 0 || w.imageOf(copied).Stage != casebook.Waiting {
		t.Fatalf("asked too early: %d, %+v", w.billed(copied), w.imageOf(copied))
	}
	w.later(time.Hour)
	w.pass()
	w.mustCase(copied, casebook.Open)
	if w.billed(copied) != 2 { // web detection and SafeSearch
		t.Errorf("%d units", w.billed(copied))
	}
	w.pass()
	if w.billed(copied) != 2 {
		t.Errorf("asked again: %d units", w.billed(copied))
	}
}

func TestAFileDeletedWithinTheWaitIsNotPaidForAndTeachesTheIndex(t *testing.T) {
	w := newWorld(t, config(`"wait": "48h"`))
	gone := w.copied("Una", "A.jpg", 1)
	w.pass()
	w.wiki.Delete("Ada", "File:A.jpg", "copyright violation of example.org")
	w.pass()
	smaller := picture.JPEG(picture.Scaled(picture.Photo(1, 320, 240), 250), 80)
	w.upload("Paul", "B.jpg", smaller)
	w.later(50 * time.Hour)
	w.pass()
	if w.billed(gone) > 0 || w.imageOf(gone).Stage != casebook.Gone {
		t.Errorf("%d units, %+v", w.billed(gone), w.imageOf(gone))
	}
	w.mustCase(shaOf(smaller), casebook.Open)
	if e := w.evidenceOf(shaOf(smaller), casebook.Alike); e.File != "File:A.jpg" || !e.Opens || !strings.Contains(e.Text, "example.org") {
		t.Errorf("%+v", e)
	}
}

func TestAFileRestoredWithinTheWaitIsLookedFor(t *testing.T) {
	w := newWorld(t, config(`"wait": "48h"`))
	copied := w.copied("Una", "A.jpg", 1)
	w.pass()
	w.wiki.Delete("Ada", "File:A.jpg", "oops")
	w.pass()
	w.wiki.Undelete("Ada", "File:A.jpg", "sorry")
	w.pass()
	w.later(48 * time.Hour)
	w.pass()
	w.mustCase(copied, casebook.Open)
}

func TestAFailingServiceLosesNoImage(t *testing.T) {
	w := newWorld(t, config(""))
	for n, scene := range []providertest.Scenario{providertest.Broken, providertest.WebPage, providertest.KeyRefused} {
		w.services.SetDefault(scene)
		image := w.photo("Una", string(scene)+".jpg", uint64(n)+10)
		w.pass()
		if i := w.imageOf(image); i.Stage != casebook.Waiting || i.Due.IsZero() {
			t.Fatalf("%s: %+v", scene, i)
		}
		w.services.SetDefault(providertest.FullAndPages)
		for range 30 {
			w.pass()
		}
		w.mustCase(image, casebook.Open)
	}
}

func TestAnAnswerThatWasLostIsNotPaidForAgain(t *testing.T) {
	w := newWorld(t, config(""))
	w.services.SetDefault(providertest.Lost)
	image := w.photo("Una", "A.jpg", 1)
	w.pass()
	w.services.SetDefault(providertest.FullAndPages)
	for range 10 {
		w.pass()
	}
	if i := w.imageOf(image); w.billed(image) != 2 || i.Stage != casebook.Done || !strings.Contains(i.Why, "lost") {
		t.Errorf("%d units, %+v", w.billed(image), i)
	}
}

func TestWithoutBudgetAnImageStaysDue(t *testing.T) {
	w := newWorld(t, config(`"providers": {"services": {"google": {"uploads": true, "checks": true, "perDay": 2, "perMonth": 100}}}`))
	first, second := w.copied("Una", "A.jpg", 1), w.copied("Una", "B.jpg", 2)
	w.pass()
	_, a := w.caseOf(first)
	if _, b := w.caseOf(second); a == b {
		t.Fatalf("with a budget for one image: %v and %v", a, b)
	}
	w.later(24 * time.Hour)
	w.pass()
	w.mustCase(first, casebook.Open)
	w.mustCase(second, casebook.Open)
}

func TestAWikiThatGivesNoPictureForAWhileIsAskedAgain(t *testing.T) {
	w := newWorld(t, config(""))
	copied := w.copied("Una", "A.jpg", 1)
	w.wiki.Fault(func(r *http.Request, _ http.Handler, rw http.ResponseWriter) bool {
		if !strings.HasPrefix(r.URL.Path, "/images/") {
			return false
		}
		http.Error(rw, "no picture", http.StatusInternalServerError)
		return true
	})
	for range 2 {
		w.pass()
	}
	if i := w.imageOf(copied); i.Tries == 0 || i.Due.IsZero() || i.Why == "" {
		t.Fatalf("%+v", i)
	}
	w.wiki.Fault(nil)
	for range 4 {
		w.pass()
	}
	w.mustCase(copied, casebook.Open)
	if i := w.imageOf(copied); i.Why != "" || i.Tries != 0 {
		t.Errorf("%+v", i)
	}
}

// Whatever a service's answer says of the time, an image that waits is due some day.
func TestAnImageThatWaitsIsAlwaysDueAgain(t *testing.T) {
	p := &pass{start: time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)}
	for _, state := range []provider.State{provider.Waiting, provider.NoBudget} {
		for _, until := range []time.Time{{}, p.start.Add(-time.Hour), p.start.Add(time.Hour)} {
			image := casebook.Image{Stage: casebook.Waiting}
			p.after(&inquiry{result: provider.Result{State: state, Until: until}}, &image)
			if image.Stage != casebook.Waiting || !image.Due.After(p.start) {
				t.Errorf("until %v: %+v", until, image)
			}
		}
	}
}
