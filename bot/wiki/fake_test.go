package wiki

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fake is an Action API that a test scripts: answer is asked first and may
// leave the usual (login, tokens, siteinfo) to the fake itself.
type fake struct {
	t      *testing.T
	server *httptest.Server
	answer func(w http.ResponseWriter, r *http.Request) bool

	mu       sync.Mutex
	requests []url.Values
	headers  []http.Header
	tokens   int // csrf tokens given
	logins   int
	now      time.Time
	slept    []time.Duration
}

const password = "0123456789abcdefghijklmnopqrstuv"

func newFake(t *testing.T) *fake {
	f := &fake{t: t, now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	f.server = httptest.NewServer(http.HandlerFunc(f.serve))
	t.Cleanup(f.server.Close)
	return f
}

func (f *fake) serve(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseMultipartForm(1 << 20)
	_ = r.ParseForm()
	f.mu.Lock()
	f.requests = append(f.requests, r.Form)
	f.headers = append(f.headers, r.Header.Clone())
	f.mu.Unlock()
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if f.answer != nil && f.answer(w, r) {
		return
	}
	switch {
	case r.Form.Get("action") == "login":
		f.login(w, r)
	case r.Form.Get("meta") == "tokens":
		f.token(w, r)
	case strings.Contains(r.Form.Get("meta"), "siteinfo"):
		f.write(w, siteinfo(f.server.URL))
	default:
		f.write(w, `{"batchcomplete":true}`)
	}
}

func (f *fake) write(w http.ResponseWriter, text string) { fmt.Fprint(w, text) }

func (f *fake) login(w http.ResponseWriter, r *http.Request) {
	if r.Form.Get("lgpassword") != password {
		f.write(w, `{"login":{"result":"Failed","reason":"Incorrect username or password entered."}}`)
		return
	}
	f.mu.Lock()
	f.logins++
	f.mu.Unlock()
	http.SetCookie(w, &http.Cookie{Name: "session", Value: "here"})
	f.write(w, `{"login":{"result":"Success","lguserid":7,"lgusername":"Bot"}}`)
}

func (f *fake) token(w http.ResponseWriter, r *http.Request) {
	kind := r.Form.Get("type")
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tokens++
	f.write(w, fmt.Sprintf(`{"batchcomplete":true,"query":{"tokens":{"%stoken":"t%d+\\"}}}`, kind, f.tokens))
}

// settings with a clock that only sleeping moves.
func (f *fake) settings() Settings {
	return Settings{
		API: f.server.URL + "/w/api.php", User: "Bot@app", Password: password,
		Contact: "ops@example.org", Version: "1.0", Transport: f.server.Client().Transport,
		Now: func() time.Time { f.mu.Lock(); defer f.mu.Unlock(); return f.now },
		Sleep: func(ctx context.Context, d time.Duration) error {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.slept = append(f.slept, d)
			f.now = f.now.Add(d)
			return ctx.Err()
		},
	}
}

func (f *fake) open() (*Session, *Writer) {
	f.t.Helper()
	s, w, err := Open(f.t.Context(), f.settings())
	if err != nil {
		f.t.Fatal(err)
	}
	s.jitter = func() float64 { return 0 }
	f.mu.Lock()
	defer f.mu.Unlock()
	f.requests, f.headers, f.slept = nil, nil, nil
	return s, w
}

// says scripts the fake: each request that is none of the session's own gets the next answer, the last one for ever.
func (f *fake) says(answers ...string) {
	n := 0
	f.answer = func(w http.ResponseWriter, r *http.Request) bool {
		if own(r.Form) {
			return false
		}
		f.write(w, answers[min(n, len(answers)-1)])
		n++
		return true
	}
}

// own says whether a request is one that the session makes for itself.
func own(form url.Values) bool {
	return form.Get("action") == "login" || strings.Contains(form.Get("meta"), "tokens") ||
		strings.Contains(form.Get("siprop"), "general")
}

// asked are the requests that the test caused, without the session's own.
func (f *fake) asked() []url.Values {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []url.Values
	for _, r := range f.requests {
		if !own(r) {
			out = append(out, r)
		}
	}
	return out
}

func siteinfo(server string) string {
	raw, err := os.ReadFile("testdata/siteinfo.json")
	if err != nil {
		panic(err)
	}
	return strings.ReplaceAll(string(raw), "$SERVER", server)
}

func fixture(t *testing.T, name string) string {
	t.Helper()
	raw, err := os.ReadFile("testdata/globalusage/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var f struct {
		Body json.RawMessage `json:"body"`
	}
	if err := json.Unmarshal(raw, &f); err != nil {
		t.Fatal(err)
	}
	return string(f.Body)
}
