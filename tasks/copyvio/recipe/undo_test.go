package recipe

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"filewarden/bot/gate"
	"filewarden/tasks/copyvio/casebook"
)

func TestADecisionTakenBackWithinTenMinutesHasNeverBegun(t *testing.T) {
	w := newWorld(t, "commonswiki", "A b.jpg")
	w.later(Grace - time.Second)
	if err := w.try(); err != nil {
		t.Fatal(err)
	}
	w.state(casebook.Planned)
	w.takeBack()
	w.act()
	w.state(casebook.Undone)
	w.later(time.Hour)
	w.act()
	if n := len(w.edits()); n != 0 {
		t.Errorf("%d edits were made", n)
	}
}

func TestADecisionTakenBackInTheMiddleIsUndone(t *testing.T) {
	w := newWorld(t, "commonswiki", "A b.jpg")
	w.action = Nominate
	w.wiki.Edit("Dan", "Commons:Deletion requests/2026/11/29", "others", "")
	w.wiki.Edit("Dan", "Commons:Deletion requests/File:A b.jpg", "{{delf}}", "")
	w.onPost(2, func(*http.Request, http.Handler, http.ResponseWriter) bool { // while the log page is written
		w.takeBack()
		return false
	})
	w.act()
	a := w.state(casebook.Undone)
	for title, want := range map[string]string{w.file: "my own work", "Commons:Deletion requests/2026/11/29": "others",
		"Commons:Deletion requests/File:A b.jpg": "{{delf}}", "User talk:Una": ""} {
		if got := w.text(title); got != want {
			t.Errorf("%s reads %q, want %q", title, got, want)
		}
	}
	if len(a.Revs) != 3 || w.counts()[w.file] != 2 {
		t.Errorf("%+v, %v", a, w.counts())
	}
	w.act() // and it stays so
	if w.counts()[w.file] != 2 {
		t.Error("something was done about a case that nobody accepts")
	}
}

func TestATagAndItsNoticeAreTakenBackLater(t *testing.T) {
	w := newWorld(t, "enwiki", "A b.jpg")
	w.wiki.Edit("Dan", "User talk:Una", "Welcome", "")
	w.act()
	w.state(casebook.Acted)
	w.takeBack()
	w.act()
	if w.state(casebook.Undone); w.text(w.file) != "my own work" || w.text("User talk:Una") != "Welcome" {
		t.Errorf("the pages read %q and %q", w.text(w.file), w.text("User talk:Una"))
	}
}

func TestAPageThatTheBotMadeIsLeftToAPerson(t *testing.T) {
	w := newWorld(t, "enwiki", "A b.jpg")
	w.act()
	w.takeBack()
	w.act()
	if a := w.state(casebook.Failed); !strings.Contains(a.Why, "User talk:Una") || strings.Contains(a.Why, w.file) {
		t.Errorf("it says %q", a.Why)
	}
	if w.text(w.file) != "my own work" {
		t.Errorf("the page reads %q", w.text(w.file))
	}
}

func TestWhatWasChangedSinceIsLeftToAPerson(t *testing.T) {
	w := newWorld(t, "testwiki", "A b.jpg")
	w.action, w.choice.Template = Tag, "Copied"
	w.act()
	w.wiki.Append("Dan", w.file, "\nmore", "")
	w.takeBack()
	w.act()
	if a := w.state(casebook.Failed); !strings.Contains(a.Why, "File:A b.jpg") {
		t.Errorf("it says %q", a.Why)
	}
	w.has(w.file, "{{Copied|", "more")
	w.unfinished("somebody must look")
	before := len(w.wiki.Requests())
	w.act()
	if n := len(w.wiki.Requests()) - before; n != 0 || w.counts()[w.file] != 1 {
		t.Errorf("%d requests about what a person must look at, %v", n, w.counts())
	}
}

func TestAnEditWhoseAnswerWasLostIsUndoneToo(t *testing.T) {
	w := newWorld(t, "testwiki", "A b.jpg")
	w.action, w.choice.Template = Tag, "Copied"
	w.later(Grace)
	w.onPost(0, func(r *http.Request, next http.Handler, rw http.ResponseWriter) bool {
		next.ServeHTTP(rw, r)
		w.store.left = 0 // and the process dies
		return true
	})
	if err := w.try(); !errors.Is(err, errKilled) {
		t.Fatal(err)
	}
	w.wiki.Fault(nil)
	w.open()
	w.has(w.file, "{{Copied|")
	w.takeBack()
	w.act()
	if a := w.state(casebook.Undone); w.text(w.file) != "my own work" || len(a.Revs) != 1 {
		t.Errorf("the page reads %q, %+v", w.text(w.file), a)
	}
}

func TestATrialGetsBackWhatTheUndoingDidNotNeed(t *testing.T) {
	w := newWorld(t, "enwiki", "A b.jpg")
	w.wiki.Edit("Dan", "User talk:Una", "Welcome", "")
	w.begins = `{"mode": "trial", "trialEdits": 9, "editsPerMinute": 600}`
	w.open()
	w.act()
	w.wiki.Edit("Dan", w.file, "my own work, really", "")
	w.takeBack()
	w.act()
	w.state(casebook.Undone)
	w.spent(3)
}

func TestATagThatPeopleTookAwayNeedsNoUndoing(t *testing.T) {
	w := newWorld(t, "testwiki", "A b.jpg")
	w.action, w.choice.Template = Tag, "Copied"
	w.act()
	w.wiki.Edit("Dan", w.file, "my own work, really", "")
	w.takeBack()
	w.act()
	if w.state(casebook.Undone); w.text(w.file) != "my own work, really" {
		t.Errorf("the page reads %q", w.text(w.file))
	}
}

func TestATagThatPeopleTookAwayIsNotPutBackAndTheRestIsLeft(t *testing.T) {
	w := newWorld(t, "commonswiki", "A b.jpg")
	w.action = Nominate
	w.onPost(1, func(r *http.Request, next http.Handler, rw http.ResponseWriter) bool {
		w.wiki.Edit("Dan", "User:FileBot/Stop", "wait", "")
		return false
	})
	w.later(Grace)
	if err := w.try(); err == nil {
		t.Fatal("not stopped")
	}
	w.wiki.Fault(nil)
	w.wiki.Edit("Dan", "User:FileBot/Stop", "", "")
	w.wiki.Edit("Dan", w.file, "my own work", "this is fine")
	w.act()
	w.state(casebook.Failed)
	if got := w.counts(); got[w.file] != 1 || got["User talk:Una"] != 0 {
		t.Errorf("%v", got)
	}
}

func TestAnUndoingThatDiesAnywhereIsFinishedOnce(t *testing.T) {
	for n := 1; ; n++ {
		w := newWorld(t, "enwiki", "A b.jpg")
		w.wiki.Edit("Dan", "User talk:Una", "Welcome", "")
		w.act()
		w.takeBack()
		w.later(time.Minute)
		w.store.left, w.store.late = n, n%2 == 0
		err := w.try()
		if err == nil {
			return
		}
		if !errors.Is(err, errKilled) {
			t.Fatal(err)
		}
		w.open()
		w.act()
		w.state(casebook.Undone)
		if got := w.counts(); got[w.file] != 2 || got["User talk:Una"] != 2 || w.text(w.file) != "my own work" || w.text("User talk:Una") != "Welcome" {
			t.Errorf("update %d: %v", n, got)
		}
	}
}

func TestAnUndoingIsAdmittedAsOne(t *testing.T) {
	w := newWorld(t, "enwiki", "A b.jpg")
	w.wiki.Edit("Dan", "User talk:Una", "Welcome", "")
	w.begins = `{"mode": "trial", "trialEdits": 3, "editsPerMinute": 600}`
	w.open()
	w.act()
	w.takeBack()
	w.act()
	w.state(casebook.Undoing)
	w.spent(2)
	w.unfinished("trial-over")
	w.begins = `{"mode": "trial", "trialEdits": 4, "editsPerMinute": 600}`
	w.open()
	w.act()
	w.state(casebook.Undone)
	w.spent(4)
}

func TestAFileThatIsDeletedIsRestoredByAPerson(t *testing.T) {
	w := newWorld(t, "enwiki", "A b.jpg")
	w.action = Delete
	w.wiki.Promote(botName, "sysop")
	w.wiki.Promote("Rita", "sysop")
	w.open()
	w.act()
	w.state(casebook.Acted)
	w.takeBack()
	w.act()
	w.state(casebook.Failed)
}

func TestADecisionMadeAgainIsAnActionOfItsOwn(t *testing.T) {
	w := newWorld(t, "testwiki", "A b.jpg")
	w.action, w.choice.Template = Tag, "Copied"
	w.act()
	first := w.state(casebook.Acted)
	w.takeBack()
	w.act()
	w.later(time.Minute)
	w.accept()
	w.act()
	if second := w.state(casebook.Acted); second.ID == first.ID || w.counts()[w.file] != 3 {
		t.Errorf("%+v, %v", second, w.counts())
	}
	w.has(w.file, "{{Copied|")
}

func TestAStopHoldsTheUndoingToo(t *testing.T) {
	w := newWorld(t, "testwiki", "A b.jpg")
	w.action, w.choice.Template = Tag, "Copied"
	w.act()
	w.takeBack()
	w.wiki.Edit("Dan", "User:FileBot/Stop", "wait", "")
	var refused *gate.Refused
	if err := w.try(); !errors.As(err, &refused) || refused.Reason != gate.Stopped {
		t.Errorf("got %v", err)
	}
	w.state(casebook.Undoing)
	w.wiki.Edit("Dan", "User:FileBot/Stop", "", "")
	w.act()
	w.state(casebook.Undone)
}
