package usage

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// manyFiles makes n files with three uses each on a wiki that exists only in
// the table, and returns their titles.
func manyFiles(w *world, n int) (titles []string) {
	w.commons.KnowWiki("xxwiki", "https://xx.example.org/wiki/")
	for i := range n {
		file := fmt.Sprintf("Sample %05d.png", i)
		titles = append(titles, "File:"+file)
		for j := range 3 {
			w.commons.AddGlobalUse(file, "xxwiki", int64(3*i+j+1), 0, "", fmt.Sprintf("Page %d", 3*i+j))
		}
	}
	return titles
}

// scanOnly makes the part of a pass that looks for uses, for given files. How
// they came to be followed, and what a report says of them, costs more than
// the scan and is not asked here.
func (w *world) scanOnly(titles []string) {
	w.t.Helper()
	w.later(4 * time.Hour)
	env, err := w.bot.Env(Name)
	if err != nil {
		w.t.Fatal(err)
	}
	p, err := newPass(env, w)
	if err != nil {
		w.t.Fatal(err)
	}
	p.followed = newAudience(nil)
	for _, title := range titles {
		p.followed.scan(title)
	}
	if err := errors.Join(p.scan(w.t.Context()), p.finish()); err != nil {
		w.t.Fatal(err)
	}
}

func TestAScanOfTenThousandFilesWithThreeUsesEach(t *testing.T) {
	for name, c := range map[string]struct {
		high        bool
		first, next int
	}{
		"with high limits": {true, 65, 65},
		"without":          {false, 200, 200},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, live, nil)
			if !c.high {
				w.commons.Demote("FileBot", "bot")
				w.open()
			}
			titles := manyFiles(w, 10_000)
			for i, most := range []int{c.first, c.next} {
				w.commons.ForgetRequests()
				w.scanOnly(titles)
				if n := w.asked("globalusage"); n > most || !c.high && n != most {
					t.Errorf("pass %d: %d requests for uses", i+1, n)
				}
			}
			if row := w.row("File:Sample 09999.png"); len(row.Uses) != 3 {
				t.Errorf("remembered %+v", row)
			}
		})
	}
}

func TestWhoAddedSixtyUsesOnOneWiki(t *testing.T) {
	w := newWorld(t, live, map[string]string{"Alice": "{}"})
	var names []string
	for i := range 60 {
		names = append(names, fmt.Sprintf("F%d.png", i))
		w.upload("Alice", names[i])
		w.en.Edit("Bob", fmt.Sprint("Page ", i), "text", "")
	}
	w.expect()
	for i, name := range names {
		w.en.Edit("Carol", fmt.Sprint("Page ", i), "[[File:"+name+"]]", "")
		for j := range i % 3 { // edits after the one that added it
			w.en.Edit("Dave", fmt.Sprint("Page ", i), fmt.Sprint("[[File:", name, "]] ", j), "")
		}
	}
	w.en.ForgetRequests()
	told := w.pass()
	if len(told) != 60 {
		t.Fatalf("%d events", len(told))
	}
	for _, e := range told {
		if e.Agent != "Carol" {
			t.Errorf("%s on %s by %q", e.File, e.Page, e.Agent)
		}
	}
	asked := 0
	for _, r := range w.en.Requests() {
		if strings.Contains(r.Values.Get("prop"), "revisions") {
			asked++
		}
	}
	if asked > 10 {
		t.Errorf("%d requests", asked)
	}
}

func TestAPassWithoutNewsAsksOnlyWhatFindsThatOut(t *testing.T) {
	w := newWorld(t, live, map[string]string{"Alice": `{"usage":{"follow":{"categories":["Category:Birds"],"galleries":["List"]}}}`})
	w.upload("Alice", "A.png")
	w.commons.Edit("Bob", "File:A.png", "[[Category:Birds]]", "")
	w.commons.Edit("Bob", "List", "[[:File:A.png]]", "")
	w.en.Edit("Bob", "Page", "[[File:A.png]]", "")
	w.pass()
	w.pass()
	w.commons.ForgetRequests()
	w.en.ForgetRequests()
	w.pass()
	var asked []string
	for _, r := range w.commons.Requests() {
		v := r.Values
		asked = append(asked, strings.Trim(v.Get("prop")+" "+v.Get("list")+" "+v.Get("letype"), " "))
	}
	want := []string{"revisions|info", "revisions|info", "logevents upload", "logevents move",
		"images|links", "categoryinfo", "logevents delete", "globalusage|fileusage"}
	if strings.Join(asked, "\n") != strings.Join(want, "\n") {
		t.Errorf("asked:\n%s", strings.Join(asked, "\n"))
	}
	if n := len(w.en.Requests()); n != 0 {
		t.Errorf("%d requests to the other wiki", n)
	}
}

// Read ever further back, a log would cost more with every pass.
func TestALogIsReadFromItsLatestKnownEntryOn(t *testing.T) {
	w := newWorld(t, live, map[string]string{"Alice": `{}`})
	w.pass()
	for range 2 {
		w.later(time.Hour)
		latest := w.now()
		w.upload("Bob", "Of "+latest.Format("15h")+".png")
		w.pass()
		w.commons.ForgetRequests()
		w.pass()
		want, got := latest.Add(-5*time.Minute).Format(time.RFC3339), ""
		for _, r := range w.commons.Requests() {
			if r.Values.Get("letype") == "upload" {
				got = r.Values.Get("lestart")
			}
		}
		if got != want {
			t.Errorf("after an upload at %v the log was read from %s, not from %s", latest, got, want)
		}
	}
}
