package wiki

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The tests of this file hold what go-mwclient v1.3.0 gets wrong: none of it may reach a caller.

func TestABlankPageIsNotReadFromAnAPIError(t *testing.T) {
	f := newFake(t)
	s, _ := f.open()
	f.says(`{"error":{"code":"permissiondenied","info":"You may not read this."}}`)
	got, err := s.Read(t.Context(), "A")
	if !IsCode(err, "permissiondenied") || len(got) != 0 {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestAPageWithoutTextIsNoBlankPage(t *testing.T) {
	f := newFake(t)
	s, _ := f.open()
	for name, revision := range map[string]string{
		"hidden":      `{"revid":3,"slots":{"main":{"texthidden":true}}}`,
		"no slot":     `{"revid":3}`,
		"no revision": ``,
	} {
		f.says(`{"batchcomplete":true,"query":{"pages":[{"pageid":1,"ns":0,"title":"A","revisions":[` + revision + `]}]}}`)
		if got, err := s.Read(t.Context(), "A"); err == nil {
			t.Errorf("%s: read as %+v", name, got)
		}
	}
}

func TestPagesAreFoundByID(t *testing.T) {
	f := newFake(t)
	s, _ := f.open()
	f.says(`{"batchcomplete":true,"query":{"pages":[{"pageid":12,"ns":0,"title":"Twelve"},{"pageid":13,"missing":true}]}}`)
	var got []string
	for p, err := range s.Walk(t.Context(), Params{"pageids": "12|13", "prop": "info"}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprint(p.ID, p.Title, p.Missing))
	}
	if diff := cmp.Diff([]string{"12Twelvefalse", "13true"}, got); diff != "" && len(got) != 2 {
		t.Error(diff)
	}
}

func TestInvalidTitleIsNoPanic(t *testing.T) {
	f := newFake(t)
	s, _ := f.open()
	f.says(`{"batchcomplete":true,"query":{"pages":[{"title":"a|b","invalidreason":"bad","invalid":true}]}}`)
	got, err := s.Read(t.Context(), "a|b")
	if err != nil || !got["a|b"].Invalid {
		t.Errorf("%+v, %v", got, err)
	}
	if sent := f.asked()[0].Get("titles"); sent != "\x1fa|b" {
		t.Errorf("sent as %q: two titles instead of one", sent)
	}
}

func TestAWarningIsNoError(t *testing.T) {
	f := newFake(t)
	s, w := f.open()
	const warning = `"warnings":{"main":{"warnings":"Unrecognized parameter: x."}}`
	f.says(`{"edit":{"result":"Success","newrevid":4},` + warning + `}`)
	if got, err := w.Post(t.Context(), Params{"action": "edit", "title": "A", "text": "b"}); err != nil || got == nil {
		t.Errorf("an edit with a warning: %v", err)
	}
	f.says(`{"batchcomplete":true,"query":{"search":[{"title":"A"}]},`+warning+`,"continue":{"sroffset":1,"continue":"-||"}}`,
		`{"batchcomplete":true,"query":{"search":[{"title":"B"}]},`+warning+`}`)
	n := 0
	for _, err := range s.Rows(t.Context(), "search", Params{"srsearch": "x"}) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != 2 {
		t.Errorf("%d rows, want 2", n)
	}
}

func TestLoginWithWarning(t *testing.T) {
	f := newFake(t)
	f.answer = func(w http.ResponseWriter, r *http.Request) bool {
		if r.Form.Get("action") != "login" {
			return false
		}
		f.write(w, `{"warnings":{"login":{"warnings":"Main-account login is deprecated."}},"login":{"result":"Success","lgusername":"Bot"}}`)
		return true
	}
	if _, _, err := Open(t.Context(), f.settings()); err != nil {
		t.Error(err)
	}
}

func TestNumericContinueValues(t *testing.T) {
	f := newFake(t)
	s, _ := f.open()
	f.says(`{"batchcomplete":true,"continue":{"sroffset":10,"continue":"-||"},"query":{"search":[{"title":"A"}]}}`,
		`{"batchcomplete":true,"query":{"search":[]}}`)
	for _, err := range s.Rows(t.Context(), "search", Params{"srsearch": "x"}) {
		if err != nil {
			t.Fatal(err)
		}
	}
	if asked := f.asked(); len(asked) != 2 || asked[1].Get("sroffset") != "10" {
		t.Errorf("asked %v", asked)
	}
}

func TestStaleContinueKeysAreDropped(t *testing.T) {
	f := newFake(t)
	s, _ := f.open()
	f.says(`{"continue":{"clcontinue":"1|x","continue":"||"},"query":{"pages":[{"pageid":1,"ns":0,"title":"A"}]}}`,
		`{"batchcomplete":true,"continue":{"gapcontinue":"B","continue":"gapcontinue||"},"query":{"pages":[{"pageid":1,"ns":0,"title":"A"}]}}`,
		`{"batchcomplete":true,"query":{"pages":[{"pageid":2,"ns":0,"title":"B"}]}}`)
	var titles []string
	for p, err := range s.Walk(t.Context(), Params{"generator": "allpages", "prop": "categories"}) {
		if err != nil {
			t.Fatal(err)
		}
		titles = append(titles, p.Title)
	}
	asked := f.asked()
	if len(asked) != 3 || asked[2].Has("clcontinue") || asked[2].Get("gapcontinue") != "B" || asked[1].Get("clcontinue") != "1|x" {
		t.Errorf("asked %v", asked)
	}
	if diff := cmp.Diff([]string{"A", "B"}, titles); diff != "" {
		t.Error(diff)
	}
}

func TestFlagsSurviveMultipart(t *testing.T) {
	f := newFake(t)
	_, w := f.open()
	f.says(`{"edit":{"result":"Success"}}`)
	p := Params{"action": "edit", "title": "A", "text": strings.Repeat("x", 9000), "bot": "1", "nocreate": "1", "summary": Empty}
	if _, err := w.Post(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	got := f.asked()[0]
	if got.Get("bot") != "1" || got.Get("nocreate") != "1" || !got.Has("summary") || got.Get("summary") != "" || len(got.Get("text")) != 9000 {
		t.Errorf("flags lost: bot=%q nocreate=%q summary present=%v", got.Get("bot"), got.Get("nocreate"), got.Has("summary"))
	}
	if kind := f.headers[len(f.headers)-1].Get("Content-Type"); !strings.HasPrefix(kind, "multipart/") {
		t.Errorf("sent as %s: this tests nothing", kind)
	}
}

func TestAnEmptyValueIsSentWhereAskedFor(t *testing.T) {
	f := newFake(t)
	s, _ := f.open()
	if _, err := s.Get(t.Context(), Params{"action": "query", "gunamespace": Empty, "gusite": ""}); err != nil {
		t.Fatal(err)
	}
	got := f.asked()[0]
	if v, ok := got["gunamespace"]; !ok || v[0] != "" || got.Has("gusite") {
		t.Errorf("%v", got)
	}
}

func TestLongTitlesGoByPost(t *testing.T) {
	f := newFake(t)
	s, _ := f.open()
	if _, err := s.Get(t.Context(), Params{"action": "query", "titles": strings.Repeat("文", 700)}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Get(t.Context(), Params{"action": "query", "titles": "A"}); err != nil {
		t.Fatal(err)
	}
	n := len(f.headers)
	if f.headers[n-2].Get("Promise-Non-Write-API-Action") != "true" || f.headers[n-2].Get("Content-Type") == "" {
		t.Errorf("a query of 6 kB was not posted: %v", f.headers[n-2])
	}
	if f.headers[n-1].Get("Content-Type") != "" {
		t.Error("a short query was posted")
	}
}

func TestHTMLAnswerIsAnHTTPError(t *testing.T) {
	f := newFake(t)
	s, _ := f.open()
	f.answer = func(w http.ResponseWriter, r *http.Request) bool {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusForbidden)
		f.write(w, "<html><head><style>x{}</style></head><body><h1>Denied</h1> by <b>policy</b></body></html>")
		return true
	}
	_, err := s.Get(t.Context(), Params{"action": "query"})
	var page *HTTPError
	if !errors.As(err, &page) || page.Status != 403 || page.Body != "Denied by policy" {
		t.Errorf("%v", err)
	}
}

func TestLagHeaderWithoutRetryAfter(t *testing.T) {
	f := newFake(t)
	s, _ := f.open()
	n := 0
	f.answer = func(w http.ResponseWriter, r *http.Request) bool {
		w.Header().Set("X-Database-Lag", "7")
		if n++; n < 3 {
			f.write(w, `{"error":{"code":"maxlag","info":"Waiting for a database server","lag":7}}`)
			return true
		}
		f.write(w, `{"batchcomplete":true}`)
		return true
	}
	if _, err := s.Get(t.Context(), Params{"action": "query", "maxlag": "5"}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]time.Duration{5 * time.Second, 10 * time.Second}, f.slept); diff != "" {
		t.Error(diff)
	}
}

func TestBadTokenIsFetchedAnew(t *testing.T) {
	f := newFake(t)
	_, w := f.open()
	f.says(`{"error":{"code":"badtoken","info":"Invalid CSRF token."}}`, `{"edit":{"result":"Success"}}`)
	for range 2 {
		if _, err := w.Post(t.Context(), Params{"action": "edit", "title": "A", "text": "b"}); err != nil {
			t.Fatal(err)
		}
	}
	var tokens []string
	for _, r := range f.asked() {
		tokens = append(tokens, r.Get("token"))
	}
	if diff := cmp.Diff([]string{`t2+\`, `t3+\`, `t3+\`}, tokens); diff != "" {
		t.Error(diff)
	}
}

func TestCallersParamsStayUntouched(t *testing.T) {
	f := newFake(t)
	s, w := f.open()
	p := Params{"action": "edit", "title": "A", "text": "b"}
	q := Params{"prop": "info", "titles": "A|B"}
	p0, q0 := maps.Clone(p), maps.Clone(q)
	_, _ = w.Post(t.Context(), p)
	for range s.Walk(t.Context(), q) {
	}
	if diff := cmp.Diff(p0, p) + cmp.Diff(q0, q); diff != "" {
		t.Error(diff)
	}
}

func TestNothingIsAssertedWhileLoggingIn(t *testing.T) {
	f := newFake(t)
	_, w := f.open()
	f.says(`{"error":{"code":"assertnameduserfailed","info":"no"}}`, `{"edit":{"result":"Success"}}`)
	if _, err := w.Post(t.Context(), Params{"action": "edit", "title": "A", "text": "b"}); err != nil {
		t.Fatal(err)
	}
	for _, r := range f.requests {
		if own(r) && (r.Has("assert") || r.Has("assertuser")) {
			t.Errorf("asserted in %v", r)
		}
	}
	if f.logins != 2 {
		t.Errorf("%d logins, want 2", f.logins)
	}
}

func TestConcurrentUseIsRaceFree(t *testing.T) {
	f := newFake(t)
	set := f.settings()
	set.Parallel = 3
	s, w, err := Open(t.Context(), set)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			_, _ = w.Post(t.Context(), Params{"action": "edit", "title": "A", "text": "b"})
			_, _ = s.Get(t.Context(), Params{"action": "query", "titles": "A"})
			for range s.Walk(t.Context(), Params{"titles": "A|B", "prop": "info"}) {
			}
			_ = s.Stats()
		})
	}
	wg.Wait()
}

func TestRequestsAtOnceStayWithinTheLimit(t *testing.T) {
	for parallel, want := range map[int]int{0: 1, 2: 2, 50: 3} {
		f := newFake(t)
		set := f.settings()
		set.Parallel = parallel
		s, _, err := Open(t.Context(), set)
		if err != nil {
			t.Fatal(err)
		}
		if cap(s.slots) != want {
			t.Errorf("Parallel %d: %d at once, want %d", parallel, cap(s.slots), want)
		}
	}
}

func TestNobodyLogsOutByAccident(t *testing.T) {
	f := newFake(t)
	s, w := f.open()
	for _, action := range []string{"logout", "login", "query", ""} {
		if _, err := w.Post(t.Context(), Params{"action": action}); err == nil {
			t.Errorf("the writer sent %q", action)
		}
	}
	for _, action := range []string{"edit", "logout", "options", ""} {
		if _, err := s.Get(t.Context(), Params{"action": action}); err == nil {
			t.Errorf("the reader sent %q", action)
		}
	}
	if n := len(f.asked()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

func TestTheContextsEndIsSeenThroughTheWire(t *testing.T) {
	f := newFake(t)
	s, _ := f.open()
	ctx, cancel := context.WithCancel(t.Context())
	f.answer = func(w http.ResponseWriter, r *http.Request) bool {
		cancel()
		<-r.Context().Done()
		return true
	}
	if _, err := s.Get(ctx, Params{"action": "query"}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestSecretsStayOutOfErrors(t *testing.T) {
	f := newFake(t)
	set := f.settings()
	set.Password = "a secret nobody may see"
	_, _, err := Open(t.Context(), set)
	if err == nil || strings.Contains(err.Error(), set.Password) || strings.Contains(err.Error(), `t1+`) {
		t.Errorf("%v", err)
	}
	f.server.Close()
	_, _, err = Open(t.Context(), set)
	if err == nil || strings.Contains(err.Error(), set.Password) {
		t.Errorf("%v", err)
	}
}

func TestACappedWalkGivesUpOnAPageWithVeryManyRows(t *testing.T) {
	f := newFake(t)
	f.answer = func(w http.ResponseWriter, r *http.Request) bool {
		if r.Form.Get("prop") != "globalusage" {
			return false
		}
		f.write(w, `{"continue":{"gucontinue":"B`+r.Form.Get("gucontinue")+`|x|1","continue":"||"},"query":{"pages":[
			{"pageid":1,"ns":6,"title":"File:A","globalusage":[]},{"pageid":2,"ns":6,"title":"File:B","globalusage":[{"pageid":"1"},{"pageid":"2"}]}]}}`)
		return true
	}
	s, _ := f.open()
	asked := len(f.requests)
	for page, err := range s.WalkCapped(t.Context(), []string{"File:A", "File:B"}, 3, Params{"prop": "globalusage"}) {
		var long *Overlong
		if !errors.As(err, &long) || long.Title != "File:B" || long.Rows != 4 {
			t.Errorf("page %v, error %v", page, err)
		}
	}
	if n := len(f.requests) - asked; n != 2 {
		t.Errorf("%d requests for 4 rows in parts of 2", n)
	}
}
