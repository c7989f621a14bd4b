package board

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"filewarden/bot/sandbox"
)

const spamList = "MediaWiki:Spam-blacklist"

func (w *world) askedOfSpam() (n int) {
	for _, r := range w.wiki.Requests() {
		if r.Values.Get("action") == "spamblacklist" {
			n++
		}
	}
	return n
}

// match opens a case that links to an address.
func (w *world) match(n int, address string) {
	w.links[idOf(n)] = address
	w.open(idOf(n))
}

func TestALinkThatTheSpamBlacklistRefusesIsMadeInertBeforeThePageIsSaved(t *testing.T) {
	w := newWorldOf(t, 1, sandbox.Options{SpamBlacklist: true})
	w.wiki.Edit("Admin", spamList, `bad\.example`, "")
	w.match(1, "http://good.example/a.jpg")
	w.match(2, "http://www.bad.example/b.jpg")
	w.match(3, "http://www.bad.example/c.jpg")
	w.expect("")
	text := w.text(all)
	if !strings.Contains(text, "http://good.example/a.jpg") || strings.Contains(text, "http://www.bad") || !strings.Contains(text, "www.bad.example/c.jpg") {
		t.Errorf("the page: %s", text)
	}
	if w.askedOfSpam() != 1 {
		t.Errorf("asked %d times", w.askedOfSpam())
	}
}

func TestRefusedHostsAreRememberedForAMonth(t *testing.T) {
	w := newWorldOf(t, 1, sandbox.Options{SpamBlacklist: true})
	w.wiki.Edit("Admin", spamList, `bad\.example`, "")
	w.match(1, "http://bad.example/b.jpg")
	w.expect("")
	w.wiki.ForgetRequests()
	w.match(2, "http://BAD.example/c.jpg")
	w.expect("")
	if w.askedOfSpam() != 0 || !strings.Contains(w.text(all), "BAD.example/c.jpg") {
		t.Errorf("asked %d times; the page: %s", w.askedOfSpam(), w.text(all))
	}
	if refusedFor != 30*24*time.Hour {
		t.Error(refusedFor)
	}
}

func TestNothingIsAskedAboutLinksThatStandOnThePage(t *testing.T) {
	w := newWorldOf(t, 1, sandbox.Options{SpamBlacklist: true})
	w.match(1, "http://good.example/a.jpg")
	w.expect("")
	w.wiki.ForgetRequests()
	w.set("Rita", 0, "accepted")
	w.expect("accepted by Rita: counts")
	if w.askedOfSpam() != 0 {
		t.Errorf("asked %d times", w.askedOfSpam())
	}
}

func TestALinkOnTwoPagesIsAskedAboutOnce(t *testing.T) {
	w := newWorldOf(t, 1, sandbox.Options{SpamBlacklist: true})
	w.pages = []string{"Copyvio/All", "Copyvio/Checks"}
	w.match(1, "http://good.example/a.jpg")
	w.expect("")
	if w.askedOfSpam() != 1 || !strings.Contains(w.text("User:FileBot/Copyvio/Checks"), "http://good.example") {
		t.Errorf("asked %d times", w.askedOfSpam())
	}
}

func TestManyLinksAreAskedAboutFiftyAtATime(t *testing.T) {
	w := newWorldOf(t, 1, sandbox.Options{SpamBlacklist: true})
	w.wiki.Edit("Admin", spamList, `bad60\.example`, "")
	for i := range 99 {
		w.match(1+i, fmt.Sprintf("http://bad%d.example/a|b", i))
	}
	w.expect("")
	if n := w.askedOfSpam(); n != 2 {
		t.Errorf("asked %d times", n)
	}
	if text := w.text(all); strings.Contains(text, "http://bad60.") || !strings.Contains(text, "http://bad61.") {
		t.Errorf("the page: %s", text)
	}
}

func TestASaveThatTheSpamBlacklistRefusesIsSavedWithoutThoseLinks(t *testing.T) {
	w := newWorld(t, 1) // a wiki that does not say that it has a list
	w.match(1, "http://good.example/a.jpg")
	w.match(2, "http://www.bad.example/b.jpg")
	w.wiki.Hook(func(e *sandbox.EditAttempt) error {
		if strings.Contains(e.Text, "http://www.bad.example") {
			return sandbox.SpamBlacklist("Bad.example/b")
		}
		return nil
	})
	w.expect("")
	if text := w.text(all); !strings.Contains(text, "http://good.example/a.jpg") || !strings.Contains(text, "\nwww.bad.example/b.jpg") {
		t.Errorf("the page: %s", text)
	}
}

func TestASaveThatIsRefusedForAPartNobodyKnowsIsSavedWithoutAnyLink(t *testing.T) {
	w := newWorld(t, 1)
	w.match(1, "http://good.example/a.jpg")
	tries := 0
	w.wiki.Hook(func(e *sandbox.EditAttempt) error {
		if tries++; strings.Contains(e.Text, "http://") {
			return sandbox.SpamBlacklist("something else")
		}
		return nil
	})
	w.expect("")
	w.expect("")
	if tries != 2 {
		t.Errorf("%d tries to save it", tries)
	}
	if w.shows(all, 1) != "open" || strings.Contains(w.text(all), "http://") {
		t.Errorf("the page: %s", w.text(all))
	}
	if w.hostIsRefused("good.example") {
		t.Error("a host that nobody named is refused for a month")
	}
}

func TestAPageThatIsRefusedForOneLinkAfterAnotherIsSavedWithoutAny(t *testing.T) {
	w := newWorld(t, 1)
	for i := range 5 {
		w.match(1+i, fmt.Sprintf("http://bad%d.example/a.jpg", i))
	}
	w.wiki.Hook(func(e *sandbox.EditAttempt) error {
		for i := range 5 {
			if host := fmt.Sprintf("bad%d.example", i); strings.Contains(e.Text, "http://"+host) {
				return sandbox.SpamBlacklist(host)
			}
		}
		return nil
	})
	w.expect("")
	if w.shows(all, 5) != "open" || strings.Contains(w.text(all), "http://") {
		t.Errorf("the page: %s", w.text(all))
	}
}

func (w *world) hostIsRefused(host string) (ok bool) {
	w.view(func(tx tx) (err error) {
		_, ok, err = refusedTable.Get(tx, host)
		return err
	})
	return ok
}

func TestAPageThatIsRefusedWithoutAnyLinkIsSkippedAndOthersAreWritten(t *testing.T) {
	w := newWorld(t, 1)
	w.pages = []string{"Copyvio/All", "Copyvio/Checks"}
	w.match(1, "http://good.example/a.jpg")
	tries := 0
	w.wiki.Hook(func(e *sandbox.EditAttempt) error {
		if e.Title == all {
			tries++
			return sandbox.SpamBlacklist("good.example")
		}
		return nil
	})
	w.pass()
	var s *Skipped
	if !errors.As(w.err, &s) || s.Reason != Spam || s.Page != all || tries > spamRounds {
		t.Errorf("%d tries: %v", tries, w.err)
	}
	if w.shows("User:FileBot/Copyvio/Checks", 1) != "open" {
		t.Error("the other page was not written")
	}
}

func TestAnAddressWithoutAHostIsNeverALink(t *testing.T) {
	for _, address := range []string{"", "http://", "javascript:alert(1)", "http://[::1", "%zz", "//"} {
		if !(Hosts{}).Has(address) {
			t.Errorf("%q may be a link", address)
		}
	}
	if (Hosts{}).Has("https://example.org/a") {
		t.Error("none may")
	}
}
