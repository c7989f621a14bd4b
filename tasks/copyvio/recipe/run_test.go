package recipe

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"filewarden/bot/gate"
	"filewarden/bot/sandbox"
	"filewarden/tasks/copyvio/casebook"
)

func TestNothingIsDoneAboutAFileThatIsNotTheOneAccepted(t *testing.T) {
	for _, test := range []struct {
		name, why string
		set       func(*world)
	}{
		{"deleted", "not there any more", func(w *world) { w.wiki.Delete("Admin", w.file, "") }},
		{"overwritten", "Another version", func(w *world) { w.wiki.Upload("Una", w.file, []byte("another picture"), "") }},
		{"tagged", "says already", func(w *world) { w.wiki.Edit("Dan", w.file, "{{Delete|reason=x}}", "") }},
		{"requested", "There is a request about it already: Commons:Deletion requests/File:A b.jpg", func(w *world) {
			w.wiki.Edit("Dan", "Commons:Deletion requests/File:A b.jpg", "=== [[:File:A b.jpg]] ===", "")
		}},
		{"not wanted by its page", "does not take the bot’s edit", func(w *world) { w.wiki.Edit("Dan", w.file, "{{bots|deny=FileBot}}", "") }},
		{"protected", "does not take the bot’s edit: protectedpage", func(w *world) { w.wiki.Protect("Admin", w.file, "edit", "sysop") }},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t, "commonswiki", "A b.jpg")
			w.action = Nominate
			test.set(w)
			w.act()
			if a := w.state(casebook.Unacted); !strings.Contains(a.Why, test.why) {
				t.Errorf("it says %q, want %q", a.Why, test.why)
			}
			if n := len(w.edits()); n != 0 {
				t.Errorf("%d edits:\n%s", n, w.shown())
			}
			before := len(w.wiki.Requests())
			w.act()
			if n := len(w.wiki.Requests()); n != before {
				t.Errorf("%d requests about a case that is over", n-before)
			}
		})
	}
}

func TestAFileThatWasMovedIsFollowed(t *testing.T) {
	w := newWorld(t, "testwiki", "A b.jpg")
	w.action, w.choice.Template = Tag, "Copied"
	w.wiki.Move("Dan", w.file, "File:C d.jpg", "")
	w.act()
	w.state(casebook.Acted)
	w.has("File:C d.jpg", "{{Copied|")
	if got := w.counts(); got[w.file] != 0 {
		t.Errorf("%v", got)
	}
}

func TestAFileThatIsOverwrittenInTheMiddleIsLeftToAPerson(t *testing.T) {
	w := newWorld(t, "commonswiki", "A b.jpg")
	w.action = Nominate
	w.onPost(1, func(*http.Request, http.Handler, http.ResponseWriter) bool {
		w.wiki.Edit("Dan", "User:FileBot/Stop", "wait", "")
		return false
	})
	w.later(Grace)
	_ = w.try()
	w.wiki.Fault(nil)
	w.wiki.Edit("Dan", "User:FileBot/Stop", "", "")
	w.wiki.Upload("Una", w.file, []byte("another picture"), "")
	w.act()
	w.state(casebook.Failed)
	if n := len(w.edits()); n != 2 {
		t.Errorf("%d edits", n)
	}
}

func TestAnUploaderWhoWantsNoMessagesGetsNoneAndTheRestIsDone(t *testing.T) {
	for name, test := range map[string]struct {
		set func(*world)
		why string
	}{
		"nobots":         {func(w *world) { w.wiki.Edit("Una", "User talk:Una", "{{nobots}}", "") }, "Una was not told: excluded"},
		"this kind":      {func(w *world) { w.wiki.Edit("Una", "User talk:Una", "{{bots|optout=copyvio}}", "") }, "Una was not told: excluded"},
		"by preferences": {func(w *world) { w.wiki.Edit("Una", "User:Una/Filewarden.json", `{"enabled": false}`, "") }, "Una was not told: preferences"},
		"blocked":        {func(w *world) { w.wiki.Block("Admin", "Una", "", time.Time{}) }, "blocked"},
		"hidden":         {func(w *world) { w.put(func(c *casebook.Case) { c.Uploader = "" }) }, "name is hidden"},
		"no account":     {func(w *world) { w.put(func(c *casebook.Case) { c.Uploader = "192.0.2.1" }) }, "192.0.2.1 was not told"},
		"protected":      {func(w *world) { w.wiki.Protect("Admin", "User talk:Una", "create", "sysop") }, "Una was not told: protectedpage"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, "commonswiki", "A b.jpg")
			w.action = Nominate
			test.set(w)
			w.act()
			if a := w.state(casebook.Acted); !strings.Contains(a.Why, test.why) || len(a.Revs) != 3 {
				t.Errorf("it says %q, want %q; %v", a.Why, test.why, a.Revs)
			}
			if got := w.counts(); len(got) != 3 || got["User talk:Una"] != 0 {
				t.Errorf("%v", got)
			}
		})
	}
}

func TestOptInDoesNotHoldWhatTheProcedureDemands(t *testing.T) {
	w := newWorld(t, "commonswiki", "A b.jpg")
	w.begins = `{"mode": "live", "editsPerMinute": 600, "notices": {"optIn": true, "perDay": 1}}`
	w.open()
	w.act()
	w.has("User talk:Una", "copyvionote")
}

func TestATalkPageThatWasMovedIsFollowed(t *testing.T) {
	w := newWorld(t, "commonswiki", "A b.jpg")
	w.wiki.Edit("Una", "User talk:Una", "#REDIRECT [[User talk:Una/Talk]]", "")
	w.wiki.Edit("Una", "User talk:Una/Talk", "Hello", "")
	w.act()
	w.state(casebook.Acted)
	w.has("User talk:Una/Talk", "Hello\n\n{{subst:copyvionote|1=File:A b.jpg}}")
}

func TestAnEditConflictIsPlannedAnew(t *testing.T) {
	w := newWorld(t, "testwiki", "A b.jpg")
	w.action, w.choice.Template = Tag, "Copied"
	w.onPost(0, func(*http.Request, http.Handler, http.ResponseWriter) bool {
		w.wiki.Edit("Dan", w.file, "my own work, described better", "")
		return false
	})
	w.act()
	w.state(casebook.Acted)
	w.has(w.file, "{{Copied|", "described better")
	if n := w.counts()[w.file]; n != 1 {
		t.Errorf("%d edits", n)
	}
}

func TestABlacklistedAddressIsWrittenWithoutALink(t *testing.T) {
	w := newWorld(t, "commonswiki", "A b.jpg")
	w.wiki.Hook(func(e *sandbox.EditAttempt) error {
		if strings.Contains(e.Text, "https://stock.example.com") {
			return sandbox.SpamBlacklist("stock.example.com")
		}
		return nil
	})
	w.act()
	w.state(casebook.Acted)
	w.has(w.file, "{{copyvio|1=", "|source=https&#58;//stock.example.com/a.jpg?id&#61;7")
}

func TestADryRunShowsEveryEditAndMakesNone(t *testing.T) {
	w := newWorld(t, "commonswiki", "A b.jpg")
	w.action, w.mode = Nominate, gate.DryRun
	w.open()
	w.put(func(*casebook.Case) {})
	w.act()
	w.state(casebook.Acted)
	if len(w.dry) != 4 || len(w.edits()) != 0 {
		t.Fatalf("%d shown, %d made", len(w.dry), len(w.edits()))
	}
	for i, p := range w.dry {
		if message := p.Edit.User == "Una" && p.Edit.Kind == "copyvio"; message != (i == 3) {
			t.Errorf("edit %d is for %q, of kind %q", i, p.Edit.User, p.Edit.Kind)
		}
	}
	w.takeBack()
	w.act()
	w.state(casebook.Undone)
}

func TestAFileIsDeletedOnlyWhereTheReviewerAndTheBotMay(t *testing.T) {
	for name, test := range map[string]struct {
		bot, reviewer, blocked bool
		gone                   bool
		why                    string
	}{
		"both":              {true, true, false, true, ""},
		"the bot alone":     {true, false, false, false, "Rita may not delete"},
		"a blocked admin":   {true, true, true, false, "Rita may not delete"},
		"the reviewer only": {false, true, false, false, "the bot’s account may not"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, "commonswiki", "A b.jpg")
			w.action = Delete
			if test.bot {
				w.wiki.Promote(botName, "sysop")
			}
			if test.reviewer {
				w.wiki.Promote("Rita", "sysop")
			}
			if test.blocked {
				w.wiki.Block("Admin", "Rita", "", time.Time{})
			}
			w.open()
			w.act()
			a := w.state(casebook.Acted)
			if _, there := w.wiki.Text(w.file); there == test.gone || !strings.Contains(a.Why, test.why) {
				t.Errorf("there: %v; %q", there, a.Why)
			}
			if !test.gone {
				w.has(w.file, "{{copyvio|1=")
			}
		})
	}
}

func TestADeletionThatSomebodyUndidIsNotRepeated(t *testing.T) {
	w := newWorld(t, "commonswiki", "A b.jpg")
	w.action = Delete
	w.wiki.Promote(botName, "sysop")
	w.wiki.Promote("Rita", "sysop")
	w.open()
	w.later(Grace)
	w.onPost(0, func(r *http.Request, next http.Handler, rw http.ResponseWriter) bool {
		next.ServeHTTP(rw, r)
		w.store.left = 0 // and the process dies
		return true
	})
	if err := w.try(); !errors.Is(err, errKilled) {
		t.Fatal(err)
	}
	if _, there := w.wiki.Text(w.file); there {
		t.Fatal("the file was not deleted")
	}
	w.wiki.Fault(nil)
	w.wiki.Undelete("Admin", w.file, "it is fine")
	w.open()
	w.act()
	w.state(casebook.Acted)
	if _, there := w.wiki.Text(w.file); !there {
		t.Error("the file was deleted again")
	}
}

func TestNobodyIsCalledButTheUploader(t *testing.T) {
	w := newWorld(t, "commonswiki", "A b.jpg")
	w.action = Nominate
	w.act()
	if n := w.wiki.Notifications("Rita"); len(n) != 0 {
		t.Errorf("%+v", n)
	}
	for _, edit := range w.edits() {
		if strings.Contains(edit, "[[User:Rita") {
			t.Errorf("a link to the reviewer calls them:\n%s", edit)
		}
	}
}

func TestFileNamesStayNames(t *testing.T) {
	for _, name := range []string{"A=b.jpg", "A '''b'''.jpg", "A & b (1)!.jpg", "A~~.jpg", "A \"q\" ;x.jpg", "日本 A.jpg", "ПримерА.jpg", "A =1=2.jpg"} {
		for action, wiki := range map[string]string{Tag: "enwiki", Nominate: "commonswiki"} {
			w := newWorld(t, wiki, name)
			w.action = action
			w.act()
			w.state(casebook.Acted)
			for _, edit := range w.edits() {
				if open, end := strings.Count(edit, "{{"), strings.Count(edit, "}}"); open != end {
					t.Errorf("%s: unbalanced:\n%s", name, edit)
				}
				if strings.Contains(strings.SplitN(edit, "\n", 3)[2], "'''") {
					t.Errorf("%s: bold:\n%s", name, edit)
				}
			}
		}
	}
}

func TestHostileMatchesAndNotesStayText(t *testing.T) {
	for _, address := range []string{"https://e.example/a|b}}{{evil}}", "https://e.example/[[x]] y", "javascript:alert(1)", "https://e.example/~~~~", "https://e.example/a&#125;&#125;", "https://u:p@e.example/", "//e.example"} {
		w := newWorld(t, "commonswiki", "A b.jpg")
		w.action = Tag
		w.put(func(c *casebook.Case) { c.Matches[0].URL, c.Note = address, evil+"\n== x ==\n<!--" })
		w.act()
		w.state(casebook.Acted)
		first, _, _ := strings.Cut(w.text(w.file), "\nmy own work")
		if strings.Count(first, "{{") != 1 || strings.Count(first, "}}") != 1 || strings.ContainsAny(first, "\n<~") || strings.Contains(first, "[[") || strings.Contains(first, "javascript:a") {
			t.Errorf("%s:\n%s", address, first)
		}
		if n := strings.Count(first, "|"); n != 2 {
			t.Errorf("%s: %d parameters:\n%s", address, n, first)
		}
	}
}

func TestAFileThatIsOverwrittenAtTheLastMomentIsNotDeleted(t *testing.T) {
	w := newWorld(t, "commonswiki", "A b.jpg")
	w.action = Delete
	w.wiki.Promote(botName, "sysop")
	w.wiki.Promote("Rita", "sysop")
	w.open()
	w.wiki.Fault(func(r *http.Request, _ http.Handler, _ http.ResponseWriter) bool {
		if r.FormValue("list") == "logevents" { // the last thing that is asked before the gate
			w.wiki.Upload("Una", w.file, []byte("another picture"), "")
		}
		return false
	})
	w.act()
	w.state(casebook.Doing)
	w.wiki.Fault(nil)
	w.act()
	w.state(casebook.Unacted)
	if _, there := w.wiki.Text(w.file); !there {
		t.Error("another picture was deleted")
	}
}

func TestAFileThatIsDeletedAtTheLastMomentGetsNoNewPage(t *testing.T) {
	w := newWorld(t, "commonswiki", "A b.jpg")
	w.onPost(0, func(*http.Request, http.Handler, http.ResponseWriter) bool {
		w.wiki.Delete("Admin", w.file, "")
		return false
	})
	w.act()
	w.state(casebook.Unacted)
	if n := len(w.edits()); n != 0 {
		t.Errorf("%d edits:\n%s", n, w.shown())
	}
}

func TestAnExcusedMatchIsNoSource(t *testing.T) {
	w := newWorld(t, "commonswiki", "A b.jpg")
	w.put(func(c *casebook.Case) {
		c.Matches = []casebook.Match{{URL: "https://free.example/a.jpg", Excused: "licensed"},
			{URL: "https://shop.example/a.jpg", Page: "https://shop.example/page"}}
	})
	w.act()
	w.has(w.file, "|source=https://shop.example/page}}")
}

func TestWithoutAnActionADecisionIsOnlyRecorded(t *testing.T) {
	w := newWorld(t, "testwiki", "A b.jpg")
	before := len(w.wiki.Requests())
	w.act()
	if w.state(""); len(w.wiki.Requests()) != before {
		t.Error("the wiki was asked something")
	}
}
