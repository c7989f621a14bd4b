package bench

import (
	"bytes"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// request is one that passed the counter.
type request struct {
	Kind  string // see kindOf
	Bytes int    // of the answer's body, as it crossed the wire
	At    time.Time
}

// counter stands between a client and the wiki and notes what passes.
type counter struct {
	URL string // in place of the wiki's own

	mu     sync.Mutex
	passed []request
	first  chan struct{} // closed by the first request after a reset
}

// newCounter starts a counter before the wiki at target.
func newCounter(t testing.TB, target string) *counter {
	t.Helper()
	to, err := url.Parse(target)
	if err != nil {
		t.Fatalf("the wiki's address: %v", err)
	}
	c := &counter{first: make(chan struct{})}
	proxy := &httputil.ReverseProxy{
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(to) },
		Transport: &http.Transport{DisableCompression: true},
		ErrorLog:  log.New(io.Discard, "", 0), // clients are ended in the middle of requests
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		at := time.Now()
		c.arrived()
		kind := kindOf(parameters(r))
		sized := &sizedWriter{ResponseWriter: w}
		proxy.ServeHTTP(sized, r)
		c.note(request{Kind: kind, Bytes: sized.bytes, At: at})
	}))
	t.Cleanup(server.Close)
	c.URL = server.URL
	return c
}

func (c *counter) arrived() {
	c.mu.Lock()
	defer c.mu.Unlock()
	select {
	case <-c.first:
	default:
		close(c.first)
	}
}

func (c *counter) note(r request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.passed = append(c.passed, r)
}

// reset forgets what passed; the channel it returns is closed by the next request.
func (c *counter) reset() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.passed, c.first = nil, make(chan struct{})
	return c.first
}

// requests are those since the last reset.
func (c *counter) requests() traffic {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append(traffic(nil), c.passed...)
}

// traffic is what passed in some time.
type traffic []request

func (all traffic) bytes() (sum int) {
	for _, r := range all {
		sum += r.Bytes
	}
	return sum
}

// with counts the requests whose kind has the word.
func (all traffic) with(word string) (n int) {
	for _, r := range all {
		if strings.Contains(r.Kind, word) {
			n++
		}
	}
	return n
}

// kinds counts requests by kind.
func (all traffic) kinds() map[string]int {
	n := map[string]int{}
	for _, r := range all {
		n[r.Kind]++
	}
	return n
}

// beyond counts the requests of each kind that are more than in other.
func (all traffic) beyond(other traffic) map[string]int {
	more, usual := all.kinds(), other.kinds()
	for kind := range more {
		if more[kind] -= usual[kind]; more[kind] <= 0 {
			delete(more, kind)
		}
	}
	return more
}

// parameters reads those of the address and of the form, and leaves the body
// for whoever is next.
func parameters(r *http.Request) url.Values {
	all := r.URL.Query()
	body, err := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	if err != nil || len(body) == 0 {
		return all
	}
	again := r.Clone(r.Context())
	again.Body = io.NopCloser(bytes.NewReader(body))
	if err := again.ParseMultipartForm(1 << 20); err != nil && again.PostForm == nil {
		return all
	}
	for name, values := range again.PostForm {
		all[name] = values
	}
	return all
}

// kindOf names a request by what it asks for: "prop=fileusage", "action=login",
// "list=logevents letype=upload".
func kindOf(p url.Values) string {
	action := p.Get("action")
	if action != "query" {
		return "action=" + action
	}
	var parts []string
	for _, name := range []string{"generator", "list", "prop", "meta", "letype", "type"} {
		if value := p.Get(name); value != "" {
			parts = append(parts, name+"="+value)
		}
	}
	return strings.Join(parts, " ")
}

// sizedWriter counts the bytes of a body.
type sizedWriter struct {
	http.ResponseWriter
	bytes int
}

// Write passes b on.
func (w *sizedWriter) Write(b []byte) (int, error) {
	n, err := w.ResponseWriter.Write(b)
	w.bytes += n
	return n, err
}

// Unwrap lets the proxy flush.
func (w *sizedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
