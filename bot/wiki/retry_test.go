package wiki

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// faultCase is one way in which a request can fail.
type faultCase struct {
	name   string
	serve  func(w http.ResponseWriter)
	reads  string // what becomes of a read that always fails so: waits | once | at once
	writes string // and of a write: waits | once | at once | unknown
}

func says(text string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) { fmt.Fprint(w, text) }
}

func code(code string) func(http.ResponseWriter) {
	return says(`{"error":{"code":"` + code + `","info":"no"}}`)
}

func status(code int, header ...string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(code)
		fmt.Fprint(w, "<p>sorry</p>")
	}
}

// hangUp cuts the connection without an answer.
func hangUp(w http.ResponseWriter) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		conn.Close()
	}
}

// halfway promises more than it sends.
func halfway(w http.ResponseWriter) {
	w.Header().Set("Content-Length", "500")
	fmt.Fprint(w, `{"edit":{"result":"Succ`)
}

var faults = []faultCase{
	{"maxlag", code("maxlag"), "waits", "waits"},
	{"readonly", code("readonly"), "waits", "waits"},
	{"ratelimited", code("ratelimited"), "waits", "waits"},
	{"429", status(429, "Retry-After", "7"), "waits", "waits"},
	{"429 as JSON", func(w http.ResponseWriter) { w.WriteHeader(429); code("too-many")(w) }, "waits", "waits"},
	{"502", status(502), "waits", "unknown"},
	{"503 with Retry-After", status(503, "Retry-After", "20"), "waits", "unknown"},
	{"504", status(504), "waits", "unknown"},
	{"500 as JSON", func(w http.ResponseWriter) { w.WriteHeader(500); code("internal_api_error_DBQueryError")(w) }, "once", "unknown"},
	{"internal_api_error", code("internal_api_error_Exception"), "once", "unknown"},
	{"connection cut", hangUp, "waits", "unknown"},
	{"half an answer", halfway, "waits", "unknown"},
	{"JSON that ends early", says(`{"edit":{"result":"Success"`), "waits", "unknown"},
	{"HTML with status 200", says("<html>Welcome</html>"), "once", "unknown"},
	{"nothing at all", says(""), "once", "unknown"},
	{"a list", says("[]"), "once", "unknown"},
	{"badtoken", code("badtoken"), "once", "once"},
	{"assertuserfailed", code("assertuserfailed"), "once", "once"},
	{"403", status(403), "at once", "at once"},
	{"404", status(404), "at once", "at once"},
	{"protectedpage", code("protectedpage"), "at once", "at once"},
	{"a code nobody knows", code("frobnicated"), "at once", "at once"},
}

func TestRetryTable(t *testing.T) {
	for _, c := range faults {
		for _, write := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/write=%v", c.name, write), func(t *testing.T) { checkFault(t, c, write) })
		}
	}
}

func checkFault(t *testing.T, c faultCase, write bool) {
	f := newFake(t)
	s, w := f.open()
	s.set.Deadline = 10 * time.Minute
	f.answer = func(rw http.ResponseWriter, r *http.Request) bool {
		if own(r.Form) {
			return false
		}
		c.serve(rw)
		return true
	}
	err, want := error(nil), c.reads
	if write {
		want = c.writes
		_, err = w.Post(t.Context(), Params{"action": "edit", "title": "A", "text": "b"})
	} else {
		_, err = s.Get(t.Context(), Params{"action": "query"})
	}
	if err == nil {
		t.Fatal("no error")
	}
	var unknown *UnknownOutcome
	if got := errors.As(err, &unknown); got != (want == "unknown") {
		t.Errorf("unknown outcome: %v, want %v (%v)", got, want == "unknown", err)
	}
	n, waited := len(f.asked()), total(f.slept)
	switch want {
	case "unknown", "at once":
		if n != 1 {
			t.Errorf("sent %d times, want once", n)
		}
	case "once":
		if n != 2 {
			t.Errorf("sent %d times, want twice", n)
		}
	case "waits":
		// A hot loop would show as many requests for little waiting.
		if n < 4 || n > 130 || waited > 10*time.Minute || waited < 5*time.Minute || len(f.slept) < n-2 { // net/http itself repeats a GET on a connection that was cut while idle
			t.Errorf("sent %d times in %v of waiting", n, waited)
		}
	}
}

func total(waits []time.Duration) (sum time.Duration) {
	for _, d := range waits {
		sum += d
	}
	return sum
}

func TestAFaultThatPassesIsNeverSeen(t *testing.T) {
	for _, c := range faults {
		if c.reads == "at once" {
			continue
		}
		f := newFake(t)
		s, _ := f.open()
		n := 0
		f.answer = func(w http.ResponseWriter, r *http.Request) bool {
			if own(r.Form) {
				return false
			}
			if n++; n == 1 {
				c.serve(w)
				return true
			}
			return false
		}
		if _, err := s.Get(t.Context(), Params{"action": "query"}); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestRetryAfterIsObeyed(t *testing.T) {
	for header, want := range map[string]time.Duration{
		"90":                            90 * time.Second,
		"Sun, 01 Mar 2026 12:01:30 GMT": 90 * time.Second,
		"0":                             10 * time.Second,
		"soon":                          10 * time.Second,
		"-5":                            10 * time.Second,
	} {
		f := newFake(t)
		s, _ := f.open()
		n := 0
		f.answer = func(w http.ResponseWriter, r *http.Request) bool {
			if n++; n == 1 {
				status(429, "Retry-After", header)(w)
				return true
			}
			return false
		}
		if _, err := s.Get(t.Context(), Params{"action": "query"}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]time.Duration{want}, f.slept); diff != "" {
			t.Errorf("Retry-After %q: %s", header, diff)
		}
	}
}

func TestAWaitBeyondTheDeadlineIsNotBegun(t *testing.T) {
	f := newFake(t)
	s, _ := f.open()
	f.answer = func(w http.ResponseWriter, r *http.Request) bool {
		status(429, "Retry-After", "86400")(w)
		return true
	}
	_, err := s.Get(t.Context(), Params{"action": "query"})
	var page *HTTPError
	if !errors.As(err, &page) || page.RetryAfter != 24*time.Hour || len(f.slept) != 0 {
		t.Errorf("%v after waiting %v", err, f.slept)
	}
}

func TestWaitsAreSpread(t *testing.T) {
	f := newFake(t)
	s, _ := f.open()
	p := s.patience(false)
	for _, x := range []float64{0, 0.5, 0.999} {
		s.jitter = func() float64 { return x }
		got := p.wait(lagged.rule(), 1, 0)
		if want := time.Duration(float64(5*time.Second) * (1 + x/4)); got != want {
			t.Errorf("jitter %v: %v, want %v", x, got, want)
		}
		if got := p.wait(lagged.rule(), 1, 20*time.Second); got < 20*time.Second {
			t.Errorf("shorter than the wiki asked for: %v", got)
		}
	}
}

func TestAClockThatStandsStillEndsTheWaiting(t *testing.T) {
	f := newFake(t)
	s, _ := f.open()
	sleeps := 0
	s.set.Now = func() time.Time { return time.Unix(0, 0) }
	s.set.Sleep = func(context.Context, time.Duration) error { sleeps++; return nil }
	f.says(`{"error":{"code":"maxlag","info":"lag"}}`)
	if _, err := s.Get(t.Context(), Params{"action": "query"}); !IsCode(err, "maxlag") || sleeps > 130 {
		t.Errorf("%v after %d sleeps", err, sleeps)
	}
}

func TestASlowAnswerIsATimeout(t *testing.T) {
	f := newFake(t)
	s, w := f.open()
	s.set.Timeout = 250 * time.Millisecond
	release := make(chan struct{})
	t.Cleanup(func() { close(release) })
	// An answer given up on may still be in its handler when the next one comes.
	var n atomic.Int32
	f.answer = func(rw http.ResponseWriter, r *http.Request) bool {
		if own(r.Form) {
			return false
		}
		if n.Add(1) > 1 {
			return false
		}
		select {
		case <-release:
		case <-r.Context().Done():
		}
		return true
	}
	if _, err := s.Get(t.Context(), Params{"action": "query"}); err != nil {
		t.Errorf("a read: %v", err)
	}
	n.Store(0)
	_, err := w.Post(t.Context(), Params{"action": "edit", "title": "A", "text": "b"})
	var unknown *UnknownOutcome
	if !errors.As(err, &unknown) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a write: %v", err)
	}
}

func TestAWriteThatNeverLeftIsNoUnknownOutcome(t *testing.T) {
	f := newFake(t)
	_, w := f.open()
	if _, err := w.Post(t.Context(), Params{"action": "edit", "title": "A", "text": "b"}); err != nil {
		t.Fatal(err)
	}
	f.server.Close()
	_, err := w.Post(t.Context(), Params{"action": "edit", "title": "A", "text": "b"})
	var unknown *UnknownOutcome
	var away *Unreachable
	if errors.As(err, &unknown) || !errors.As(err, &away) || !away.Unsent || total(f.slept) < 5*time.Minute {
		t.Errorf("%v after waiting %v", err, f.slept)
	}
}

func TestReadsAndWritesStayOnTheWikisHost(t *testing.T) {
	f := newFake(t)
	other := newFake(t)
	s, w := f.open()
	f.answer = func(rw http.ResponseWriter, r *http.Request) bool {
		if own(r.Form) {
			return false
		}
		http.Redirect(rw, r, other.server.URL+"/w/api.php?"+r.URL.RawQuery, http.StatusFound)
		return true
	}
	_, err := s.Get(t.Context(), Params{"action": "query"})
	if !errors.Is(err, errElsewhere) {
		t.Errorf("a read: %v", err)
	}
	_, err = w.Post(t.Context(), Params{"action": "edit", "title": "A", "text": "b"})
	var page *HTTPError
	if !errors.As(err, &page) || !strings.Contains(err.Error(), "redirects to") {
		t.Errorf("a write: %v", err)
	}
	if n := len(other.requests); n != 0 {
		t.Errorf("%d requests reached the other host", n)
	}
}

func TestALoginLostIsRenewedOnceForAll(t *testing.T) {
	f := newFake(t)
	s, _ := f.open()
	f.answer = func(w http.ResponseWriter, r *http.Request) bool {
		if own(r.Form) || f.logins > 1 {
			return false
		}
		code("assertnameduserfailed")(w)
		return true
	}
	before := s.loginCount()
	for range 3 {
		if err := s.loginAgain(t.Context(), before); err != nil {
			t.Fatal(err)
		}
	}
	if f.logins != 2 {
		t.Errorf("%d logins, want 2", f.logins)
	}
}

func TestAServerThatIsNotTheWikiIsNotWaitedFor(t *testing.T) {
	f := newFake(t)
	secure := httptest.NewTLSServer(http.HandlerFunc(f.serve))
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	t.Cleanup(secure.Close)
	set := f.settings()
	for name, api := range map[string]string{"unknown certificate": secure.URL, "no TLS": strings.Replace(f.server.URL, "http:", "https:", 1)} {
		set.API = api + "/w/api.php"
		_, _, err := Open(t.Context(), set)
		var away *Unreachable
		if !errors.As(err, &away) || !away.Unsent || len(f.slept) != 0 {
			t.Errorf("%s: %v after waiting %v", name, err, f.slept)
		}
	}
}

func TestOpeningAWrongAddressDoesNotTakeLong(t *testing.T) {
	f := newFake(t)
	set := f.settings()
	f.server.Close()
	if _, _, err := Open(t.Context(), set); err == nil || total(f.slept) > firstContact {
		t.Errorf("%v after waiting %v", err, total(f.slept))
	}
}

func TestADefiniteAnswerIsNoUnknownOutcomeAtShutdown(t *testing.T) {
	f := newFake(t)
	_, w := f.open()
	if _, err := w.Post(t.Context(), Params{"action": "edit", "title": "A", "text": "b"}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	w.s.set.Sleep = func(context.Context, time.Duration) error { cancel(); return ctx.Err() }
	f.says(`{"error":{"code":"maxlag","info":"lag"}}`)
	_, err := w.Post(ctx, Params{"action": "edit", "title": "A", "text": "b"})
	var unknown *UnknownOutcome
	if errors.As(err, &unknown) || !errors.Is(err, context.Canceled) || !IsCode(err, "maxlag") {
		t.Errorf("%v", err)
	}
	if _, err = w.Post(ctx, Params{"action": "edit", "title": "A", "text": "b"}); errors.As(err, &unknown) || !errors.Is(err, context.Canceled) {
		t.Errorf("before it was sent: %v", err)
	}
}

func TestAWriteCutOffByShutdownIsAnUnknownOutcome(t *testing.T) {
	f := newFake(t)
	_, w := f.open()
	ctx, cancel := context.WithCancel(t.Context())
	f.answer = func(rw http.ResponseWriter, r *http.Request) bool {
		if own(r.Form) {
			return false
		}
		cancel()
		<-r.Context().Done()
		return true
	}
	_, err := w.Post(ctx, Params{"action": "edit", "title": "A", "text": "b"})
	var unknown *UnknownOutcome
	if !errors.As(err, &unknown) || !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
