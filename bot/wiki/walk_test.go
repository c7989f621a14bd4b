package wiki

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// pagesOf answers a query over titles with one page for each.
func (f *fake) pagesOf(w http.ResponseWriter, r *http.Request) bool {
	if own(r.Form) {
		return false
	}
	var pages []string
	for _, title := range splitValues(r.Form.Get("titles")) {
		n, _ := strconv.Atoi(strings.TrimPrefix(title, "P"))
		pages = append(pages, fmt.Sprintf(`{"pageid":%d,"ns":0,"title":%q}`, n+1, title))
	}
	f.write(w, `{"batchcomplete":true,"query":{"pages":[`+strings.Join(pages, ",")+`]}}`)
	return true
}

func collect(t *testing.T, s *Session, p Params) (titles []string) {
	t.Helper()
	for page, err := range s.Walk(t.Context(), p) {
		if err != nil {
			t.Fatal(err)
		}
		titles = append(titles, page.Title)
	}
	return titles
}

func names(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprint("P", i)
	}
	return list
}

func TestListsAreCutToTheAccountsLimit(t *testing.T) {
	f := newFake(t)
	s, _ := f.open()
	f.answer = f.pagesOf
	if got := collect(t, s, Params{"prop": "info", "titles": strings.Join(names(1100), "|")}); len(got) != 1100 {
		t.Errorf("%d pages", len(got))
	}
	if n := len(f.asked()); n != 3 {
		t.Errorf("%d requests with high limits, want 3", n)
	}
	delete(s.account.Rights, "apihighlimits")
	if got := collect(t, s, Params{"prop": "info", "titles": "\x1f" + strings.Join(names(101), "\x1f")}); len(got) != 101 {
		t.Errorf("%d pages", len(got))
	}
	if n := len(f.asked()) - 3; n != 3 {
		t.Errorf("%d requests without, want 3", n)
	}
}

func TestTheCallerChoosesTheBatch(t *testing.T) {
	f := newFake(t)
	s, _ := f.open()
	f.answer = f.pagesOf
	for per, want := range map[int]int{166: 2, 0: 1, 9999: 1, 1: 200} {
		before := len(f.asked())
		for _, err := range s.WalkTitles(t.Context(), append(names(200), "P7", ""), per, Params{"prop": "info"}) {
			if err != nil {
				t.Fatal(err)
			}
		}
		if n := len(f.asked()) - before; n != want {
			t.Errorf("perBatch %d: %d requests, want %d", per, n, want)
		}
	}
}

func TestNoTitlesIsNoRequest(t *testing.T) {
	f := newFake(t)
	s, _ := f.open()
	for range s.WalkTitles(t.Context(), nil, 0, Params{"prop": "info"}) {
		t.Error("a page out of nothing")
	}
	if got, err := s.Read(t.Context()); err != nil || len(got) != 0 {
		t.Error(got, err)
	}
	if len(f.asked()) != 0 {
		t.Errorf("asked %v", f.asked())
	}
}

func TestGeneratorBatchesAreHandedOnOneByOne(t *testing.T) {
	f := newFake(t)
	s, _ := f.open()
	f.says(fixture(t, "generator-allimages.json"),
		`{"continue":{"gucontinue":"x|y|1","continue":"||"},"query":{"pages":[{"pageid":4,"ns":6,"title":"File:C","globalusage":[]},{"pageid":3,"ns":6,"title":"File:Sample 00001.png","globalusage":[]}]}}`,
		`{"batchcomplete":true,"query":{"pages":[{"pageid":4,"ns":6,"title":"File:C","globalusage":[{"title":"A"}]}]}}`)
	var got []string
	for p, err := range s.Walk(t.Context(), Params{"generator": "allimages", "prop": "globalusage"}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprint(p.Title, " ", p.Len("globalusage"), " after ", len(f.asked())))
	}
	want := []string{"File:Sample 00002.png 1 after 1", "File:Sample 00001.png 8 after 1", "File:C 1 after 3"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestARevisionsPageComesWithEachBatch(t *testing.T) {
	f := newFake(t)
	s, _ := f.open()
	delete(s.account.Rights, "apihighlimits")
	f.says(`{"batchcomplete":true,"query":{"pages":[{"pageid":1,"ns":0,"title":"A","revisions":[{"revid":1}]}]}}`)
	ids := make([]string, 60)
	for i := range ids {
		ids[i] = strconv.Itoa(i + 1)
	}
	if got := collect(t, s, Params{"revids": strings.Join(ids, "|"), "prop": "revisions"}); len(got) != 2 {
		t.Errorf("%q", got)
	}
}

func TestEveryTitleAskedForIsFoundAgain(t *testing.T) {
	f := newFake(t)
	s, _ := f.open()
	f.says(`{"batchcomplete":true,"query":{
		"normalized":[{"fromencoded":false,"from":"a_b","to":"A b"},{"fromencoded":true,"from":"e%CC%81","to":"É"}],
		"redirects":[{"from":"A b","to":"C"},{"from":"C","to":"A b"}],
		"interwiki":[{"title":"en:X","iw":"en"}],
		"pages":[{"pageid":1,"ns":0,"title":"C"},{"pageid":2,"ns":0,"title":"É"},{"globalusage":[]}]}}`)
	got := map[string][]string{}
	for p, err := range s.WalkTitles(t.Context(), []string{"a_b", "e\u0301", "en:X"}, 0, Params{"redirects": "1"}) {
		if err != nil {
			t.Fatal(err)
		}
		got[p.Title] = p.Aliases
		if p.Invalid != (p.Title == "en:X") {
			t.Errorf("%s invalid: %v", p.Title, p.Invalid)
		}
	}
	want := map[string][]string{"C": {"A b", "a_b"}, "É": {"e\u0301"}, "en:X": nil}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAWalkEndsWithItsFirstError(t *testing.T) {
	f := newFake(t)
	s, _ := f.open()
	f.says(`{"continue":{"clcontinue":"1|x","continue":"||"},"query":{"pages":[{"pageid":1,"ns":0,"title":"A","categories":[]}]}}`, fixture(t, "too-many-titles.json"))
	var errs []error
	for p, err := range s.Walk(t.Context(), Params{"titles": "A", "prop": "categories"}) {
		if p != nil {
			t.Errorf("half a page was handed on: %v", p)
		}
		errs = append(errs, err)
	}
	if len(errs) != 1 || !IsCode(errs[0], "toomanyvalues") {
		t.Errorf("%v", errs)
	}
}

func TestACallerMayStopAWalk(t *testing.T) {
	f := newFake(t)
	s, _ := f.open()
	f.answer = f.pagesOf
	for range s.WalkTitles(t.Context(), names(100), 10, nil) {
		break
	}
	for range s.Rows(t.Context(), "x", nil) {
		break
	}
	if n := len(f.asked()); n != 2 {
		t.Errorf("%d requests", n)
	}
}

func TestAContinuationThatRunsAwayEnds(t *testing.T) {
	f := newFake(t)
	s, _ := f.open()
	f.says(`{"continue":{"clcontinue":"1|x","continue":"||"},"query":{"pages":[]}}`)
	for _, err := range s.Walk(t.Context(), Params{"titles": "A", "prop": "categories"}) {
		if err == nil || !strings.Contains(err.Error(), "same place") {
			t.Errorf("%v", err)
		}
	}
	if n := len(f.asked()); n > 3 {
		t.Errorf("%d requests in a ring", n)
	}
	w := &walker{s: s, ctx: t.Context(), requests: maxRequests}
	if _, err := w.ask(Params{"action": "query", "list": "x"}, nil); err == nil || !strings.Contains(err.Error(), "10000 requests") {
		t.Errorf("%v", err)
	}
}

func TestRowsReadNumbersWrittenAsText(t *testing.T) {
	f := newFake(t)
	s, _ := f.open()
	f.says(fixture(t, "batch-complete.json"))
	for p, err := range s.Walk(t.Context(), Params{"titles": "File:Sample 00003.png", "prop": "globalusage"}) {
		if err != nil {
			t.Fatal(err)
		}
		for row := range p.Rows("globalusage") {
			if p.Title == "File:Sample 00003.png" && (row.Int("pageid") != 10 || row.Int("ns") != 2 || row.Text("title") != "Benutzer:Admin/Galerie") {
				t.Errorf("%v", row)
			}
		}
		for row := range p.Rows("fileusage") {
			if row.Int("pageid") != 7 || row.Has("redirect") || !row.Has("title") || row.Text("pageid") != "" {
				t.Errorf("%v", row)
			}
		}
	}
}

func TestStatsCountWhatWasSent(t *testing.T) {
	f := newFake(t)
	s, w := f.open()
	before := s.Stats()
	f.says(`{"error":{"code":"maxlag","info":"lag"}}`, `{"edit":{"result":"Success"}}`)
	if _, err := w.Post(t.Context(), Params{"action": "edit", "title": "A", "text": "b"}); err != nil {
		t.Fatal(err)
	}
	after := s.Stats()
	if after.Actions["edit"] != 2 || after.Retries != 1 || after.Requests-before.Requests != 3 || after.Bytes <= before.Bytes {
		t.Errorf("%+v", after)
	}
}
