// Package faults is everything that can go wrong between a bot and its wiki.
//
// A [Proxy] stands on the way and passes requests on, except those for which a
// test has put up a [Fault]: an answer that the wiki did not give, a
// connection reset before or after the wiki has acted, half an answer, none.
// The faults are on the wire, as real sockets see them, so nothing of the bot
// is replaced.
//
// The package's own tests hold what the bot promises then: each notice arrives
// once or is refused with its reason, the number of requests stays bounded, and
// what happened is said. They run against the sandbox every time, and against
// a real MediaWiki where there is one.
package faults

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
)

// Request is one request to the API as it passes.
type Request struct {
	Action string // edit, query, login…
	Values url.Values
}

// Is says whether the request has the action and, where pairs are given, those values.
func (r Request) Is(action string, pairs ...string) bool {
	for i := 0; i < len(pairs); i += 2 {
		if r.Values.Get(pairs[i]) != pairs[i+1] {
			return false
		}
	}
	return r.Action == action
}

// Plan says what happens to a request; nil lets it pass. It is asked for one
// request after the other.
type Plan func(Request) Fault

// Proxy is a way to a wiki.
type Proxy struct {
	API string // address of api.php by this way

	target *url.URL
	client http.Client
	mu     sync.Mutex
	plan   Plan
	seen   []Request
}

// NewProxy opens a way to the api.php at an address of this machine.
func NewProxy(t testing.TB, api string) *Proxy {
	t.Helper()
	target, err := url.Parse(api)
	if err != nil {
		t.Fatalf("the wiki's address: %v", err)
	}
	p := &Proxy{target: target, client: http.Client{
		Transport:     &http.Transport{DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	t.Cleanup(server.CloseClientConnections)
	p.API = server.URL + target.Path
	return p
}

// Set puts a plan up for the requests from now on; nil lets all pass.
func (p *Proxy) Set(plan Plan) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.plan = plan
}

// Seen returns the requests that came since the last call.
func (p *Proxy) Seen() []Request {
	p.mu.Lock()
	defer p.mu.Unlock()
	seen := p.seen
	p.seen = nil
	return seen
}

// ServeHTTP passes one request on, or spoils it.
func (p *Proxy) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the bot was killed in the middle of it
	}
	fault := p.ask(r, body)
	e := &Exchange{rw: rw, r: r, body: body, proxy: p}
	if fault == nil {
		fault = Pass
	}
	fault(e)
}

// ask notes the request and asks the plan.
func (p *Proxy) ask(r *http.Request, body []byte) Fault {
	values := parameters(r, body)
	request := Request{Action: values.Get("action"), Values: values}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen = append(p.seen, request)
	if p.plan == nil {
		return nil
	}
	return p.plan(request)
}

// parameters of a request, from its address and from its body.
func parameters(r *http.Request, body []byte) url.Values {
	copied := r.Clone(r.Context())
	copied.Body = io.NopCloser(bytes.NewReader(body))
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind == "multipart/form-data" {
		_ = copied.ParseMultipartForm(1 << 24) // what cannot be read has no parameters
	} else {
		_ = copied.ParseForm()
	}
	return copied.Form
}

// Exchange is one request on its way, for a [Fault] to deal with.
type Exchange struct {
	rw    http.ResponseWriter
	r     *http.Request
	body  []byte
	proxy *Proxy
}

// Answer is what a wiki says.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Forward lets the wiki act and returns its answer. The wiki finishes what it
// began even if the bot is gone.
func (e *Exchange) Forward() (Answer, error) {
	target := *e.proxy.target
	target.Path, target.RawQuery = e.r.URL.Path, e.r.URL.RawQuery
	r, err := http.NewRequest(e.r.Method, target.String(), bytes.NewReader(e.body))
	if err != nil {
		return Answer{}, err
	}
	r.Header = e.r.Header.Clone()
	r.Header.Del("Accept-Encoding") // so that an answer can be cut in the middle of its text
	answer, err := e.proxy.client.Do(r)
	if err != nil {
		return Answer{}, fmt.Errorf("passing a request on: %w", err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	return Answer{answer.StatusCode, answer.Header, body}, err
}

// Say sends an answer to the bot.
func (e *Exchange) Say(a Answer) {
	for name, values := range a.Header {
		e.rw.Header()[name] = values
	}
	e.rw.WriteHeader(a.Status)
	_, _ = e.rw.Write(a.Body) // the bot may be gone
}

// Gone is closed when the bot has given the request up.
func (e *Exchange) Gone() <-chan struct{} { return e.r.Context().Done() }

// Reset ends the connection the hard way, after the bytes were sent.
func (e *Exchange) Reset(sent []byte) {
	conn, _, err := http.NewResponseController(e.rw).Hijack()
	if err != nil {
		return // gone already
	}
	_, _ = conn.Write(sent)
	if tcp, ok := conn.(*net.TCPConn); ok && len(sent) == 0 {
		_ = tcp.SetLinger(0) // closing then sends RST
	}
	_ = conn.Close()
}
