package usage

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"
)

// failAt lets the wiki answer requests for uses, but those that continue an
// answer with an error.
func failAt(r *http.Request, _ http.Handler, rw http.ResponseWriter) bool {
	if r.FormValue("gucontinue") == "" {
		return false
	}
	rw.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(rw).Encode(map[string]any{"errors": []any{map[string]any{"code": "internal_api_error_DBQueryError", "text": "no"}}})
	return true
}

// cutAt lets the second part of an answer end in the middle.
func cutAt(r *http.Request, next http.Handler, rw http.ResponseWriter) bool {
	if r.FormValue("gucontinue") == "" {
		return false
	}
	rw.Header().Set("Content-Type", "application/json")
	_, _ = rw.Write([]byte(`{"batchcomplete":true,"query":{"pages":[{"pageid":1,"ns":6,"ti`))
	return true
}

func TestAnAnswerCutInTheMiddleChangesNothing(t *testing.T) {
	for name, fault := range map[string]func(*http.Request, http.Handler, http.ResponseWriter) bool{"error": failAt, "half an answer": cutAt} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, `{"mode":"live","tasks":{"usage":{"busyFile":2000}}}`, map[string]string{"Alice": "{}"})
			w.commons.KnowWiki("xxwiki", "https://xx.example.org/wiki/")
			for _, file := range []string{"A.png", "B.png", "C.png"} {
				w.upload("Alice", file)
			}
			use := func(file string, from, to int) {
				for i := from; i < to; i++ {
					w.commons.AddGlobalUse(file, "xxwiki", int64(i), 0, "", fmt.Sprint("Page ", i))
				}
			}
			use("A.png", 1, 200)
			use("B.png", 200, 400)
			use("C.png", 400, 450)
			w.expect()
			before := []fileRow{w.row("File:A.png"), w.row("File:B.png"), w.row("File:C.png")}

			use("A.png", 1000, 1300) // the answer needs a second part now, with B and C in it
			w.commons.RemoveGlobalUse("C.png", "xxwiki", 401)
			w.commons.AddGlobalUse("C.png", "xxwiki", 451, 0, "", "Page 451")
			w.commons.Fault(fault)
			w.later(4 * time.Hour)
			if err := w.tryPass(); err == nil {
				t.Fatal("no error")
			}
			if len(w.told) > 0 {
				t.Errorf("told:\n%s", lines(w.told))
			}
			after := []fileRow{w.row("File:A.png"), w.row("File:B.png"), w.row("File:C.png")}
			for i := range before {
				if fmt.Sprint(before[i]) != fmt.Sprint(after[i]) {
					t.Errorf("the memory of file %d changed", i)
				}
			}

			w.commons.Fault(nil)
			told := w.pass()
			about := map[string]int{}
			for _, e := range told {
				about[e.File]++
			}
			if about["File:A.png"] != 1 || about["File:B.png"] != 0 || about["File:C.png"] != 1 {
				t.Errorf("told %v", about)
			}
			if a, c := w.row("File:A.png"), w.row("File:C.png"); len(a.Uses) != 499 || len(c.Uses) != 50 || len(c.Past) != 1 {
				t.Errorf("remembered %d, %d and %d gone", len(a.Uses), len(c.Uses), len(c.Past))
			}
			w.expect()
		})
	}
}

const busyAt10 = `{"mode":"live","tasks":{"usage":{"busyFile":10}}}`

// crowd adds uses on a wiki that exists only in the table.
func (w *world) crowd(file string, from, to int) {
	w.commons.KnowWiki("xxwiki", "https://xx.example.org/wiki/")
	for i := from; i < to; i++ {
		w.commons.AddGlobalUse(file, "xxwiki", int64(i), 0, "", fmt.Sprint("Page ", i))
	}
}

func TestAFileThatIsBusyAtTheFirstScanOrWhenStockIsTakenIsNotTold(t *testing.T) {
	w := newWorld(t, busyAt10, map[string]string{"Alice": "{}"})
	w.upload("Alice", "Always.png")
	w.upload("Alice", "Later.png")
	w.crowd("Always.png", 1, 20)
	w.expect()
	w.crowd("Later.png", 1, 20)
	w.fresh = true
	w.expect()
	w.fresh = false
	w.later(busyRest)
	w.expect()
	for _, file := range []string{"File:Always.png", "File:Later.png"} {
		if row := w.row(file); row.Busy == 0 {
			t.Errorf("%s is not known to be busy: %+v", file, row)
		}
	}
}

func TestAFileThatCalmsDownIsFollowedAgainWithoutNewsOfItsBusyDays(t *testing.T) {
	w := newWorld(t, busyAt10, map[string]string{"Alice": "{}"})
	w.upload("Alice", "A.png")
	w.crowd("A.png", 1, 3)
	w.expect()
	w.crowd("A.png", 3, 30)
	if told := w.pass(); len(told) != 1 || told[0].Facts[factBusy] == "" {
		t.Errorf("told %+v", told)
	}
	w.expect()
	for i := 1; i < 25; i++ {
		w.commons.RemoveGlobalUse("A.png", "xxwiki", int64(i))
	}
	w.later(busyRest)
	w.expect()
	if row := w.row("File:A.png"); row.Busy != 0 || len(row.Uses) != 5 {
		t.Errorf("remembered %+v", row)
	}
	w.crowd("A.png", 30, 31)
	w.expect("Alice: A.png on Page 30")
	w.crowd("A.png", 31, 60)
	w.expect() // that it is busy was told once
}

func TestADeletedFileThatIsRestoredBringsNoFalseNews(t *testing.T) {
	w := newWorld(t, live, map[string]string{"Alice": "{}"})
	w.upload("Alice", "A.png")
	w.en.Edit("Bob", "Page", "[[File:A.png]]", "")
	w.expect()
	w.commons.Delete("Admin", "File:A.png", "no licence")
	w.expect("Alice: A.png deleted by Admin")
	w.en.Edit("Linker", "Page", "no red link", "") // bots take red links out
	w.expect()
	w.commons.Undelete("Admin", "File:A.png", "sorry")
	w.en.Edit("Bob", "Page", "[[File:A.png]]", "back")
	w.expect()
	w.en.Edit("Bob", "Page 2", "[[File:A.png]]", "")
	w.expect("Alice: A.png on Page 2 by Bob")
	w.commons.Delete("Admin", "File:A.png", "again")
	w.commons.Undelete("Admin", "File:A.png", "and back, between two passes")
	w.expect()
	w.commons.Delete("Admin", "File:A.png", "for good")
	w.expect("Alice: A.png deleted by Admin")
}

func TestADeletedFileThatIsUploadedAgainIsFollowedAgain(t *testing.T) {
	w := newWorld(t, live, map[string]string{"Alice": "{}"})
	w.upload("Alice", "A.png")
	w.en.Edit("Bob", "Page", "[[File:A.png]]", "")
	w.expect()
	w.commons.Delete("Admin", "File:A.png", "no licence")
	w.expect("Alice: A.png deleted by Admin")
	w.upload("Alice", "A.png")
	w.expect()
	w.en.Edit("Bob", "Page 2", "[[File:A.png]]", "")
	w.expect("Alice: A.png on Page 2 by Bob")
}
