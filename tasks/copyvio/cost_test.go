package copyvio

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"filewarden/tasks/copyvio/casebook"
)

// asked are the requests of one pass without the bot's own round, in short.
func (w *world) asked(pass func()) (all []string) {
	w.t.Helper()
	w.wiki.ForgetRequests()
	pass()
	for _, r := range w.wiki.Requests() {
		all = append(all, strings.TrimSpace(r.Action()+" "+r.Values.Get("letype")+r.Values.Get("leaction")))
	}
	return all
}

func (w *world) barePass() {
	w.t.Helper()
	w.later(3600e9)
	if err := w.bot.Pass(w.t.Context(), Name, nil); err != nil {
		w.t.Fatal(err)
	}
}

func TestAPassWithoutNewsAsksForThreeLogsAndThePages(t *testing.T) {
	w := newWorld(t, config(`"wait": "48h"`))
	w.fill(150, "Una")
	w.photo("Una", "Waiting.jpg", 1)
	w.pass()
	w.pass()
	got := w.asked(w.barePass)
	slices.Sort(got)
	want := []string{"query list=logevents delete", "query list=logevents move", "query list=logevents upload", "query prop=info|revisions",
		"query prop=revisions|info"} // the last is the bot's own, about its stop pages
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestNewUploadsShareTheirRequests(t *testing.T) {
	w := newWorld(t, config(`"wait": "48h", "newUploaders": 0`))
	few := w.uploadsCost(0, 5)
	many := w.uploadsCost(100, 40)
	if many > few {
		t.Errorf("5 uploads take %d requests, 40 take %d", few, many)
	}
}

func (w *world) uploadsCost(from, n int) int {
	for i := range n {
		w.photo("Una", fmt.Sprintf("%d.jpg", from+i), uint64(from+i))
	}
	cost := 0
	for _, r := range w.asked(w.barePass) {
		if strings.Contains(r, "imageinfo") || strings.Contains(r, "logevents") {
			cost++
		}
	}
	return cost
}

func TestAContentIsDownloadedOnceForItsHash(t *testing.T) {
	w := newWorld(t, config(`"wait": "48h"`))
	sha1 := w.photo("Una", "A.jpg", 1)
	w.pass()
	w.later(60e9)
	w.photo("Paul", "B.jpg", 1)
	before := w.newPass().Wiki.Stats().Actions["download"]
	w.pass()
	if after := w.newPass().Wiki.Stats().Actions["download"]; before != 1 || after != 1 {
		t.Errorf("%d downloads, then %d", before, after)
	}
	if i := w.imageOf(sha1); len(i.Uploads) != 2 || i.Stage != casebook.Waiting {
		t.Errorf("%+v", i)
	}
}
