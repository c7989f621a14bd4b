package recipe

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"filewarden/bot/gate"
	"filewarden/tasks/copyvio/casebook"

	"github.com/google/go-cmp/cmp"
)

// nominated is what the wiki shows after a deletion request that nothing went wrong with.
func nominated(t *testing.T) string {
	t.Helper()
	w := newWorld(t, "commonswiki", "A b.jpg")
	w.action = Nominate
	w.act()
	return w.shown()
}

// shown is the edits without the times of signatures, which a delay may change.
func (w *world) shown() string {
	return signed.ReplaceAllString(strings.Join(w.edits(), "\n"), "(time)")
}

// TestAProcessThatDiesAnywhereLeavesNoEditOutAndMakesNoneTwice kills the bot at
// each of its updates in turn, before and after the update is on the disk, and
// lets it go on after midnight.
func TestAProcessThatDiesAnywhereLeavesNoEditOutAndMakesNoneTwice(t *testing.T) {
	want := nominated(t)
	for _, late := range []bool{false, true} {
		for n := 1; ; n++ {
			w := newWorld(t, "commonswiki", "A b.jpg")
			w.action = Nominate
			w.later(Grace)
			w.store.left, w.store.late = n, late
			if err := w.try(); err == nil {
				if n < 10 {
					t.Errorf("only %d updates for four edits", n)
				}
				break
			} else if !errors.Is(err, errKilled) {
				t.Fatalf("update %d: %v", n, err)
			}
			w.later(time.Minute) // past midnight
			w.open()
			if err := w.try(); err != nil {
				t.Fatalf("update %d, late %v: going on: %v", n, late, err)
			}
			w.state(casebook.Acted)
			got := w.shown()
			if began := strings.Contains(got, "/2026/11/29"); !began { // it died before the plan was stored
				got = strings.ReplaceAll(got, "2026/11/30", "2026/11/29")
				got = strings.Replace(got, "|day=30|", "|day=29|", 1)
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("update %d, late %v: %s", n, late, d)
			}
		}
	}
}

func TestALostAnswerLeavesNoEditOutAndMakesNoneTwice(t *testing.T) {
	want := nominated(t)
	cut := func(*http.Request, http.Handler, http.ResponseWriter) bool { panic(http.ErrAbortHandler) }
	unheard := func(r *http.Request, next http.Handler, _ http.ResponseWriter) bool {
		next.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	}
	for name, fault := range map[string]func(*http.Request, http.Handler, http.ResponseWriter) bool{"before the wiki": cut, "after the wiki": unheard} {
		for n := range 4 {
			t.Run(fmt.Sprint(name, n), func(t *testing.T) {
				w := newWorld(t, "commonswiki", "A b.jpg")
				w.action = Nominate
				w.onPost(n, fault)
				w.act()
				w.state(casebook.Acted)
				if d := cmp.Diff(want, w.shown()); d != "" {
					t.Error(d)
				}
			})
		}
	}
}

// TestAWriteThatArrivesLateIsNotMadeTwice lets the wiki carry out an edit
// five seconds after its sender gave up.
func TestAWriteThatArrivesLateIsNotMadeTwice(t *testing.T) {
	w := newWorld(t, "commonswiki", "A b.jpg")
	w.action = Nominate
	w.wiki.Edit("Dan", "Commons:Deletion requests/2026/11/29", "others", "")
	var late func()
	var arrives time.Time
	posts := 0
	w.wiki.Fault(func(r *http.Request, next http.Handler, rw http.ResponseWriter) bool {
		if late != nil && !w.now().Before(arrives) {
			late()
			late = nil
		}
		if r.FormValue("action") != "edit" {
			return false
		}
		if posts++; posts != 3 { // the log page
			return false
		}
		form := r.PostForm.Encode()
		held := r.Clone(t.Context())
		held.PostForm, held.Form = nil, nil
		late = func() {
			held.Body = io.NopCloser(strings.NewReader(form))
			next.ServeHTTP(httptest.NewRecorder(), held)
		}
		arrives = w.now().Add(5 * time.Second)
		panic(http.ErrAbortHandler)
	})
	w.act()
	w.state(casebook.Acted)
	if n := w.counts()["Commons:Deletion requests/2026/11/29"]; n != 1 || late != nil {
		t.Errorf("%d edits of the log page, arrived: %v", n, late == nil)
	}
}

func TestADeletionWhoseAnswerIsLostIsDoneOnce(t *testing.T) {
	w := newWorld(t, "commonswiki", "A b.jpg")
	w.action = Delete
	w.wiki.Promote(botName, "sysop")
	w.wiki.Promote("Rita", "sysop")
	w.open()
	deletions := 0
	w.onPost(0, func(r *http.Request, next http.Handler, _ http.ResponseWriter) bool {
		deletions++
		next.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	})
	w.act()
	if a := w.state(casebook.Acted); deletions != 1 || w.counts()["User talk:Una"] != 1 {
		t.Errorf("%d deletions, %v, %+v", deletions, w.counts(), a)
	}
}

func TestAStopInTheMiddleIsSaidAndTheRestIsDoneLater(t *testing.T) {
	want := nominated(t)
	w := newWorld(t, "commonswiki", "A b.jpg")
	w.action = Nominate
	w.later(Grace)
	w.onPost(1, func(*http.Request, http.Handler, http.ResponseWriter) bool {
		w.wiki.Edit("Dan", "User:FileBot/Stop/copyvio", "wait", "")
		return false
	})
	var refused *gate.Refused
	if err := w.try(); !errors.As(err, &refused) || refused.Reason != gate.TaskStop {
		t.Fatalf("got %v", err)
	}
	w.state(casebook.Doing)
	if n := len(w.edits()); n != 2 {
		t.Errorf("%d edits were made, want the one and the one that was under way:\n%s", n, w.shown())
	}
	w.unfinished("File:A b.jpg: 2 of 4 edits are made, and the rest waits: task-stopped by User:FileBot/Stop/copyvio")
	w.wiki.Fault(nil)
	w.wiki.Edit("Dan", "User:FileBot/Stop/copyvio", "", "")
	w.open()
	if err := w.try(); err != nil {
		t.Fatal(err)
	}
	w.state(casebook.Acted)
	w.unfinished("")
	if d := cmp.Diff(want, w.shown()); d != "" {
		t.Error(d)
	}
}

func TestATrialThatIsTooSmallMakesNoneOfTheEdits(t *testing.T) {
	w := newWorld(t, "commonswiki", "A b.jpg")
	w.action = Nominate
	w.begins = `{"mode": "trial", "trialEdits": 3, "editsPerMinute": 600}`
	w.open()
	w.act()
	w.state(casebook.Planned)
	if n := len(w.edits()); n != 0 {
		t.Errorf("%d edits were made", n)
	}
	w.unfinished("0 of 4 edits are made, and the rest waits: trial-over by User:FileBot/config.json")
	w.begins = `{"mode": "trial", "trialEdits": 4, "editsPerMinute": 600}`
	w.open()
	w.act()
	w.state(casebook.Acted)
	w.spent(4)
}

func TestATrialGetsBackWhatWasNotNeeded(t *testing.T) {
	w := newWorld(t, "commonswiki", "A b.jpg")
	w.action = Nominate
	w.begins = `{"mode": "trial", "trialEdits": 4, "editsPerMinute": 600}`
	w.wiki.Edit("Una", "User talk:Una", "{{nobots}}", "")
	w.open()
	w.act()
	w.state(casebook.Acted)
	w.spent(3)
}
