package copyvio

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"filewarden/bot/gate"
	"filewarden/bot/sandbox"
	"filewarden/tasks/copyvio/casebook"
	"filewarden/tasks/copyvio/provider/providertest"
)

func TestWhatWasUploadedBeforeTheFirstPassIsLeftAlone(t *testing.T) {
	w := unstarted(t, config(""), sandbox.Options{})
	old := w.copied("Una", "Old.jpg", 1)
	w.pass()
	w.pass()
	if image := w.imageOf(old); image.SHA1 != "" {
		t.Errorf("an old upload was taken in: %+v", image)
	}
}

func TestAFirstPassThatFailsLosesNoUploadAfterIt(t *testing.T) {
	w := unstarted(t, config(""), sandbox.Options{})
	w.wiki.Fault(func(r *http.Request, _ http.Handler, rw http.ResponseWriter) bool {
		if r.ParseForm(); r.Form.Get("action") != "edit" || !strings.Contains(r.Form.Get("title"), "Copyvio") {
			return false
		}
		http.Error(rw, "down", http.StatusServiceUnavailable)
		return true
	})
	if err := w.tryPass(); err == nil {
		t.Fatal("the first pass does not fail")
	}
	w.wiki.Fault(nil)
	copied := w.copied("Una", "New.jpg", 1)
	w.pass()
	w.mustCase(copied, casebook.Open)
}

func TestNobodyHearsOfWhatWasUploadedDuringADryRun(t *testing.T) {
	w := newWorld(t, config(""))
	w.mode = gate.DryRun
	w.open()
	w.pass()
	during := w.copied("Una", "During.jpg", 1)
	w.pass()
	w.mustCase(during, casebook.Open) // in the memory of dry runs
	bill := w.billed(during)
	if bill == 0 {
		t.Error("a dry run asks no service")
	}
	w.mode = gate.Live
	w.open()
	w.pass()
	if image := w.imageOf(during); image.SHA1 != "" {
		t.Errorf("going live took in what was uploaded before: %+v", image)
	}
	wantText(t, "File:During.jpg", w.text("File:During.jpg"), "!{{Copyvio")
	again := w.newPass()
	if _, err := again.check(t.Context(), []string{"File:During.jpg"}, casebook.Ask{User: "Paul", Request: "1", Time: w.now()}); err != nil {
		t.Fatal(err)
	}
	w.mustCase(during, casebook.Open)
	if w.billed(during) != bill {
		t.Errorf("paid for twice: %d units, then %d", bill, w.billed(during))
	}
}

func TestADryRunWritesNothing(t *testing.T) {
	w := unstarted(t, strings.Replace(config(""), `"live"`, `"dry-run"`, 1), sandbox.Options{})
	w.mode = gate.DryRun
	w.open()
	w.pass()
	w.copied("Una", "A.jpg", 1)
	w.pass()
	for _, title := range w.wiki.Titles() {
		for _, r := range w.wiki.History(title) {
			if r.User == "FileBot" {
				t.Errorf("%s was written", title)
			}
		}
	}
}

func TestLogsThatAreReadTwiceSayItOnce(t *testing.T) {
	w := newWorld(t, config(`"wait": "48h"`))
	own := w.photo("Una", "A.jpg", 1)
	w.later(time.Minute)
	w.wiki.Move("Ada", "File:A.jpg", "File:B.jpg", "a better name")
	w.pass()
	before := w.imageOf(own)
	again := []entry{
		{log: uploadLog, action: "upload", id: before.Uploads[0].Log, title: "File:A.jpg", user: "Una", sha1: own, time: before.Uploads[0].Time, made: before.Uploads[0].Time},
		{log: moveLog, action: "move", title: "File:A.jpg", target: "File:B.jpg", time: before.Uploads[0].Time.Add(time.Minute)},
	}
	if err := w.newPass().apply(t.Context(), again); err != nil {
		t.Fatal(err)
	}
	if after := w.imageOf(own); len(after.Uploads) != 1 || after.Stage != casebook.Waiting || after.Title() != "File:B.jpg" {
		t.Errorf("%+v, then %+v", before, after)
	}
}

func TestAnOverwrittenImageIsLookedForAndItsPictureNotMistaken(t *testing.T) {
	w := newWorld(t, config(""))
	copied := w.copied("Una", "A.jpg", 1)
	w.upload("Paul", "A.jpg", photo(2))
	w.pass()
	c := w.mustCase(copied, casebook.Open)
	if c.Uploader != "Una" || len(c.Also) > 0 || !w.imageOf(copied).Uploads[0].Over {
		t.Errorf("%+v", c)
	}
	w.noCase(shaOf(photo(2)))
	w.wantPage("Copyvio/All", copied, "another picture stands at this name", "![[File:A.jpg|")
}

func TestWhoBringsAnEarlierVersionBackIsNoUploader(t *testing.T) {
	w := unstarted(t, config(""), sandbox.Options{})
	copied := w.copied("Una", "A.jpg", 1)
	w.later(24 * time.Hour)
	w.pass()
	w.upload("Paul", "A.jpg", photo(2))
	w.later(time.Minute)
	w.wiki.Revert("Rob", "File:A.jpg", 0, "back")
	w.pass()
	c := w.mustCase(copied, casebook.Open)
	if c.Uploader != "Una" || len(c.Also) > 0 {
		t.Errorf("uploaded by %s, also %v", c.Uploader, c.Also)
	}
	if c.Own("Rob") {
		t.Error("who reverted may not decide")
	}
}

func TestANameThatWasTakenAgainStandsForTwoImages(t *testing.T) {
	w := newWorld(t, config(`"wait": "10h"`))
	first := w.copied("Una", "X.jpg", 1)
	w.later(time.Minute)
	w.wiki.Move("Ada", "File:X.jpg", "File:Y.jpg", "a better name")
	w.later(time.Minute)
	w.wiki.Delete("Ada", "File:X.jpg", "a redirect")
	w.later(time.Minute)
	second := w.copied("Paul", "X.jpg", 2)
	w.pass()
	if a, b := w.imageOf(first).Title(), w.imageOf(second).Title(); a != "File:Y.jpg" || b != "File:X.jpg" {
		t.Fatalf("they stand at %s and %s", a, b)
	}
	w.later(11 * time.Hour)
	w.pass()
	if a, b := w.mustCase(first, casebook.Open), w.mustCase(second, casebook.Open); a.Title != "File:Y.jpg" || b.Title != "File:X.jpg" {
		t.Errorf("cases of %s and %s", a.Title, b.Title)
	}
}

func TestACaseGoesWithItsFile(t *testing.T) {
	w := newWorld(t, config(""))
	copied := w.copied("Una", "X.jpg", 1)
	w.pass()
	w.wiki.Move("Ada", "File:X.jpg", "File:Y.jpg", "a better name")
	w.pass()
	if c := w.mustCase(copied, casebook.Open); c.Title != "File:Y.jpg" {
		t.Errorf("the case is about %s", c.Title)
	}
	w.wiki.Delete("Ada", "File:Y.jpg", "copyright violation")
	w.pass()
	c := w.mustCase(copied, casebook.Unshown)
	if c.Gone != "copyright violation" || c.GoneAt.IsZero() {
		t.Errorf("%+v", c)
	}
	w.wantPage("Copyvio/All", "!"+copied)
	w.wiki.Undelete("Ada", "File:Y.jpg", "permission came")
	w.pass()
	w.mustCase(copied, casebook.Open)
	w.wantPage("Copyvio/All", copied)
}

func TestAFileThatWasDeletedAndMadeAnewIsGone(t *testing.T) {
	w := newWorld(t, config(""))
	copied := w.copied("Una", "X.jpg", 1)
	w.pass()
	w.wiki.Delete("Ada", "File:X.jpg", "copyright violation")
	w.later(time.Minute)
	other := w.photo("Paul", "X.jpg", 2)
	w.pass()
	w.mustCase(copied, casebook.Unshown)
	w.noCase(other)
	if image := w.imageOf(copied); image.Title() != "" {
		t.Errorf("it is thought to stand at %s", image.Title())
	}
}

func TestACaseOfTwoFilesGoesOnWithTheOther(t *testing.T) {
	w := newWorld(t, config(""))
	copied := w.copied("Una", "X.jpg", 1)
	w.later(time.Minute)
	w.copied("Paul", "Y.jpg", 1)
	w.pass()
	c := w.mustCase(copied, casebook.Open)
	if c.Title != "File:Y.jpg" || len(c.Also) != 1 || c.Also[0] != "Paul" {
		t.Fatalf("%+v", c)
	}
	w.wiki.Delete("Ada", "File:Y.jpg", "a duplicate")
	w.pass()
	if c := w.mustCase(copied, casebook.Open); c.Title != "File:X.jpg" || !c.GoneAt.IsZero() {
		t.Errorf("the case is about %s", c.Title)
	}
}

func TestTheDeletionOfAnOldVersionLeavesTheFileAlone(t *testing.T) {
	w := newWorld(t, config(""))
	w.photo("Una", "X.jpg", 2)
	w.later(time.Minute)
	copied := w.copied("Una", "X.jpg", 1)
	w.pass()
	e := entry{log: deleteLog, action: "delete", title: "File:X.jpg", time: w.now(), comment: "an old version"}
	if err := w.newPass().apply(t.Context(), []entry{e}); err != nil {
		t.Fatal(err)
	}
	w.mustCase(copied, casebook.Open)
}

func TestALogThatNamesNoContentIsFilledInByTime(t *testing.T) {
	at := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	f := file{title: "File:X.jpg", versions: []file{
		{sha1: "c", user: "Una", time: at.Add(2 * time.Hour)}, {sha1: "b", user: "Paul", time: at.Add(time.Hour)}, {sha1: "a", user: "Una", time: at}}}
	for _, test := range []struct {
		e    entry
		sha1 string
	}{
		{entry{user: "Una", made: at.Add(2 * time.Second)}, "a"}, {entry{user: "Paul", made: at.Add(time.Hour)}, "b"},
		{entry{user: "Una", made: at.Add(2 * time.Hour)}, "c"}, {entry{user: "Rob", made: at}, ""}, {entry{user: "Una", made: at.Add(time.Hour)}, ""},
	} {
		if f.completes(&test.e); test.e.sha1 != test.sha1 || test.e.first != nil {
			t.Errorf("%s at %v: %q, %v", test.e.user, test.e.made, test.e.sha1, test.e.first)
		}
	}
}

func TestFilesOfAWikiInAnotherLanguageAreFollowed(t *testing.T) {
	w := newWorldOf(t, config(`"nonFree": ["Category:Unfrei"]`), sandbox.Options{Language: "de"})
	copied := w.copied("Una", "X.jpg", 1)
	w.services.Set(shaOf(photo(2)), providertest.FullAndPages)
	w.wiki.UploadWithText("Paul", "File:Y.jpg", photo(2), "x", "[[Kategorie:Unfrei]]")
	w.pass()
	if c := w.mustCase(copied, casebook.Open); c.Title != "File:X.jpg" {
		t.Errorf("the case is about %s", c.Title)
	}
	if c := w.mustCase(shaOf(photo(2)), casebook.Open); !c.NonFree {
		t.Errorf("%+v", c)
	}
	w.wiki.Delete("Ada", "File:X.jpg", "weg")
	w.pass()
	w.mustCase(copied, casebook.Unshown)
}
