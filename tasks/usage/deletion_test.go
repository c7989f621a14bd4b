package usage

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestFollowersAreToldOfADeletedFile(t *testing.T) {
	w := newWorld(t, live, map[string]string{"Alice": "{}"})
	w.upload("Alice", "A.png")
	w.upload("Bob", "B.png")
	w.expect()
	w.commons.Delete("Admin", "File:A.png", "no licence")
	w.commons.Delete("Admin", "File:B.png", "no licence")
	told := w.pass()
	if lines(told) != "Alice: A.png deleted by Admin" || told[0].Facts[factComment] != "no licence" {
		t.Errorf("told %+v", told)
	}
	w.expect()
	w.commons.Undelete("Admin", "File:A.png", "sorry")
	w.expect()
	w.en.Edit("Bob", "Page", "[[File:A.png]]", "")
	w.expect("Alice: A.png on Page by Bob")
}

const watched = `{"mode":"live","tasks":{"usage":{"deletion":{"templates":["Delete"],"categories":["Category:Unfree"],
	"discussion":"Project:Deletion requests/$1","talkPages":true}}}}`

func TestFollowersAreToldOfANominationOnce(t *testing.T) {
	w := newWorld(t, watched, map[string]string{"Alice": "{}"})
	for _, file := range []string{"Before.png", "Tagged.png", "Discussed.png", "Listed.png"} {
		w.upload("Alice", file)
	}
	w.commons.Edit("Bob", "Template:Delete", "please", "")
	w.commons.Edit("Bob", "File:Before.png", "{{delete}}", "")
	w.expect()
	w.commons.Edit("Bob", "File:Tagged.png", "{{Delete|reason}}", "")
	w.commons.Edit("Bob", "File:Discussed.png", "{{delete}}", "")
	w.commons.Edit("Bob", "Project:Deletion requests/File:Discussed.png", "why", "")
	w.commons.Edit("Bob", "File:Listed.png", "[[Category:Unfree]]", "")
	told := w.pass()
	want := "Alice: Discussed.png nominated by Bob\nAlice: Listed.png tagged\nAlice: Tagged.png tagged by Bob"
	if lines(told) != want {
		t.Errorf("told:\n%s", lines(told))
	}
	if len(told) > 0 && told[0].Facts[factDiscussion] != "Commons:Deletion requests/File:Discussed.png" {
		t.Errorf("facts %v", told[0].Facts)
	}
	w.expect()
}

func TestTalkPagesAreToldOnceAndTenAtMost(t *testing.T) {
	w := newWorld(t, watched, map[string]string{"Alice": "{}"})
	w.upload("Alice", "A.png")
	w.upload("Alice", "B.png")
	for i := range 12 {
		w.commons.Edit("Bob", "Page "+string(rune('A'+i)), "[[File:A.png]] [[File:B.png]]", "")
	}
	w.commons.Edit("Bob", "Talk:Page A", "{{bots|optout=file-deletion}}", "")
	w.pass()
	w.commons.Delete("Admin", "File:A.png", "")
	w.later(time.Minute)
	w.commons.Delete("Admin", "File:B.png", "")
	lost := w.loseAnswers()
	if err := w.tryPass(); err == nil || lost.Load() == 0 {
		t.Fatalf("no answer was lost: %v", err)
	}
	w.pass()
	w.pass()
	pages := 0
	for i := range 12 {
		title := "Talk:Page " + string(rune('A'+i))
		text, ok := w.commons.Text(title)
		if n := strings.Count(text, "has been deleted"); ok && i > 0 && n != 2 {
			t.Errorf("%s tells of %d deletions:\n%s", title, n, text)
		}
		if strings.Contains(text, "has been deleted") {
			pages++
		}
	}
	if pages != 9 { // ten, one of which says no
		t.Errorf("%d talk pages were told", pages)
	}
}

// loseAnswers makes the answer of the first edit get lost, after the edit was made.
func (w *world) loseAnswers() *atomic.Int64 {
	lost := &atomic.Int64{}
	w.commons.Fault(func(r *http.Request, next http.Handler, rw http.ResponseWriter) bool {
		if _ = r.ParseMultipartForm(1 << 20); lost.Load() > 0 || r.FormValue("action") != "edit" {
			return false
		}
		lost.Add(1)
		next.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	})
	return lost
}
