package usage

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// withoutGlobalUsage is a world whose wikis lack the extension. Where client is
// true the config names the other wiki.
func withoutGlobalUsage(t *testing.T, client bool) *world {
	t.Helper()
	w := newWorld(t, live, map[string]string{"Alice": "{}"})
	w.farm.WithoutGlobalUsage()
	if client {
		w.configure(fmt.Sprintf(`{"mode":"live","tasks":{"usage":{"clients":[%q]}}}`, w.en.Server()+"/wiki/"))
	}
	w.open()
	return w
}

// configure saves the wiki's config.
func (w *world) configure(config string) {
	w.commons.Edit("FileBot", "User:FileBot/config.json", config, "")
}

func TestWithoutGlobalUsageOnlyUsesOnThisWikiAreKnown(t *testing.T) {
	w := withoutGlobalUsage(t, false)
	w.upload("Alice", "A.png")
	w.expect()
	w.commons.Edit("Bob", "Here", "[[File:A.png]]", "")
	w.en.Edit("Bob", "There", "[[File:A.png]]", "")
	w.expect("Alice: A.png on Here by Bob")
	w.expect()
	if n := w.asked("globalusage"); n != 0 {
		t.Errorf("%d requests for a module that is not there", n)
	}
}

func TestClientWikisAreAskedWhereGlobalUsageIsMissing(t *testing.T) {
	w := withoutGlobalUsage(t, true)
	w.upload("Alice", "A.png")
	w.expect()
	w.commons.Edit("Bob", "Here", "[[File:A.png]]", "")
	w.en.Edit("Carol", "Over there", "[[File:A.png]]", "")
	w.later(4 * time.Hour)
	if err := w.tryPass(); err != nil {
		t.Fatal(err)
	}
	if got := lines(w.told); got != "Alice: A.png on Here by Bob\nAlice: A.png on Over there by Carol" {
		t.Fatalf("told:\n%s", got)
	}
	if got := w.told[1].URL; got != w.en.Server()+"/wiki/Over_there" {
		t.Errorf("the page is at %q", got)
	}
	w.told = nil
	w.en.Edit("Carol", "Over there", "nothing", "")
	w.expect()
	if row := w.row("File:A.png"); len(row.Uses) != 1 || len(row.Past) != 1 {
		t.Errorf("remembered %+v", row)
	}
}

func TestAClientIsFoundHoweverItsAddressIsWritten(t *testing.T) {
	for _, path := range []string{"/wiki/", "/index.php?title="} {
		t.Run(path, func(t *testing.T) {
			w := withoutGlobalUsage(t, false)
			w.configure(fmt.Sprintf(`{"mode":"live","tasks":{"usage":{"clients":[%q]}}}`, w.en.Server()+path))
			w.upload("Alice", "A.png")
			w.expect()
			w.en.Edit("Carol", "Over there", "[[File:A.png]]", "")
			told := w.pass()
			if lines(told) != "Alice: A.png on Over there by Carol" {
				t.Fatalf("told:\n%s", lines(told))
			}
			answer, err := http.Get(told[0].URL)
			if err != nil {
				t.Fatal(err)
			}
			answer.Body.Close()
			if answer.StatusCode != http.StatusOK {
				t.Errorf("%s: %s", told[0].URL, answer.Status)
			}
		})
	}
}

func TestALocalFileOfTheSameNameOnAClientIsAnotherFile(t *testing.T) {
	w := withoutGlobalUsage(t, true)
	w.upload("Alice", "A.png")
	w.en.Upload("Local", "File:A.png", []byte("\x89PNG\r\n\x1a\nlocal"), "")
	w.expect()
	w.en.Edit("Carol", "Page", "[[File:A.png]]", "")
	w.expect()
}

func TestAClientThatIsDownLosesNothing(t *testing.T) {
	w := withoutGlobalUsage(t, true)
	w.upload("Alice", "A.png")
	w.en.Edit("Carol", "Old", "[[File:A.png]]", "")
	w.commons.Edit("Bob", "Here", "[[File:A.png]]", "")
	w.expect()
	w.en.Fault(refuse)
	w.commons.Edit("Bob", "Here too", "[[File:A.png]]", "")
	w.commons.Edit("Bob", "Here", "none", "")
	w.expect("Alice: A.png on Here too by Bob") // what this wiki says is believed all the same
	if row := w.row("File:A.png"); len(row.Uses) != 2 || len(row.Past) != 1 {
		t.Errorf("remembered %+v", row)
	}
	w.open() // also when the bot is started while the client is down
	w.expect()
	w.en.Fault(nil)
	w.en.Edit("Carol", "New", "[[File:A.png]]", "")
	w.expect("Alice: A.png on New by Carol")
	if row := w.row("File:A.png"); len(row.Uses) != 3 || len(row.Past) != 1 {
		t.Errorf("remembered %+v", row)
	}
}

func TestAClientThatWasDownAtTheFirstScanHasNoNewsWhenItIsBack(t *testing.T) {
	w := withoutGlobalUsage(t, true)
	w.upload("Alice", "A.png")
	w.en.Edit("Carol", "Old", "[[File:A.png]]", "")
	w.en.Fault(refuse)
	w.expect()
	w.en.Fault(nil)
	w.expect()
	w.en.Edit("Carol", "New", "[[File:A.png]]", "")
	w.expect("Alice: A.png on New by Carol")
}

func TestAnAddressThatIsNotWhereTitlesBeginIsRefused(t *testing.T) {
	for _, address := range []string{"de.example.org", "https://de.example.org", "https://de.example.org/wiki", "https://de.example.org/w/api.php", "https://de.example.org/wiki/#x/"} {
		w := newWorld(t, live, nil)
		w.configure(fmt.Sprintf(`{"mode":"live","tasks":{"usage":{"clients":[%q]}}}`, address))
		if _, err := w.bot.Panel().Poll(t.Context()); err != nil {
			t.Fatal(err)
		}
		if problems := w.bot.Panel().State().Problems; len(problems) != 1 || !strings.Contains(fmt.Sprint(problems), "/tasks/usage/clients/0") {
			t.Errorf("%s: %+v", address, problems)
		}
	}
}

func TestAClientAtAnotherPathThanTheConfigSaysGivesNoBrokenLinks(t *testing.T) {
	w := withoutGlobalUsage(t, false)
	w.configure(fmt.Sprintf(`{"mode":"live","tasks":{"usage":{"clients":[%q]}}}`, w.en.Server()+"/"))
	w.upload("Alice", "A.png")
	w.expect()
	w.en.Edit("Carol", "Over there", "[[File:A.png]]", "")
	w.expect()
}

func TestAClientThatIsDownIsWaitedForOnceInAPass(t *testing.T) {
	w := withoutGlobalUsage(t, true)
	w.commons.Demote("FileBot", "bot") // 50 titles in a request
	w.open()
	for i := range 120 {
		w.upload("Alice", fmt.Sprintf("File %d.png", i))
	}
	w.en.Edit("Carol", "Old", "[[File:File 1.png]] [[File:File 119.png]]", "")
	w.expect()
	batches := map[string]bool{}
	w.en.Fault(func(r *http.Request, _ http.Handler, rw http.ResponseWriter) bool {
		batches[r.FormValue("titles")] = true
		rw.WriteHeader(http.StatusServiceUnavailable)
		return true
	})
	w.expect()
	if len(batches) != 1 {
		t.Errorf("asked for %d batches", len(batches))
	}
	w.en.Fault(nil)
	for _, file := range []string{"File:File 1.png", "File:File 119.png"} {
		if row := w.row(file); len(row.Uses) != 1 || len(row.Past) != 0 {
			t.Errorf("%s: remembered %+v", file, row)
		}
	}
}

// refuse answers nothing that could be an API's answer.
func refuse(_ *http.Request, _ http.Handler, rw http.ResponseWriter) bool {
	rw.WriteHeader(http.StatusNotFound)
	return true
}
