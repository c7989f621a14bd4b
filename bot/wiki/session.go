package wiki

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	mwclient "cgt.name/pkg/go-mwclient"
	"cgt.name/pkg/go-mwclient/params"
	"github.com/antonholmquist/jason"
	"github.com/rs/zerolog"
)

// Session reads from one wiki. It cannot write. It may be used by several goroutines.
type Session struct {
	set    Settings
	api    *url.URL // of api.php
	host   string   // host[:port] of the API
	log    zerolog.Logger
	base   http.RoundTripper
	slots  chan struct{} // requests at once
	stats  *counter
	jitter func() float64 // 0 up to 1

	repository once[[]string] // hosts of the wiki's own files, as it tells

	site    Site
	titles  titleRules
	account Account

	mu      sync.Mutex
	mw      *mwclient.Client  // the pattern that each request copies; holds the cookies
	tokens  map[string]string // by type; dropped on login and badtoken
	logins  int               // successful logins so far
	resume  time.Time         // nobody sends before this: the wiki said 429
	warned  map[string]bool   // warnings already logged
	loginMu sync.Mutex        // one login at a time
}

// call is one request as the rest of the package asks for it.
type call struct {
	p     Params
	write bool
	plain bool // part of logging in: no assertions, no login on failure
}

// Get sends one read request (query, parse, expandtemplates, compare, paraminfo…;
// any other action is refused) and returns the whole answer.
func (s *Session) Get(ctx context.Context, p Params) (*jason.Object, error) {
	if !readActions[p["action"]] {
		return nil, fmt.Errorf("action %q is not one that only reads: writes go through the gate", p["action"])
	}
	a, err := s.do(ctx, call{p: p})
	if err != nil {
		return nil, err
	}
	return a.root, nil
}

// do sends a request until it has its answer, its lasting error or no more time.
func (s *Session) do(ctx context.Context, c call) (*answer, error) {
	patience := s.patience(c.write)
	for {
		login := s.loginCount()
		a, err := s.attempt(ctx, c)
		if err == nil {
			return a, nil
		}
		f := faultOf(err)
		if ctx.Err() != nil || c.plain && (f == loggedOut || f == staleToken) {
			return nil, s.outcome(c, f, err)
		}
		if again, err := patience.again(ctx, f, err, login); !again {
			return nil, s.outcome(c, f, err)
		}
	}
}

// outcome is the error as the caller gets it: of a write that was sent and not
// answered nobody knows what became.
func (s *Session) outcome(c call, f fault, err error) error {
	if !c.write || !f.ambiguous() || errors.Is(err, errNotSent) {
		return err
	}
	return &UnknownOutcome{Err: err}
}

// errNotSent marks what ended before anything was sent.
var errNotSent = errors.New("not sent")

// attempt is one request and its answer.
func (s *Session) attempt(ctx context.Context, c call) (*answer, error) {
	p, err := s.complete(ctx, c)
	if err != nil {
		return nil, err
	}
	leave, err := s.enter(ctx)
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %w", s.doing(c.p), errNotSent, err)
	}
	defer leave()
	ctx, cancel := context.WithTimeout(ctx, s.set.Timeout)
	defer cancel()
	w := s.newWire(ctx, c, p)
	body, err := s.roundTrip(w, p)
	s.stats.sent(p["action"], w.length)
	if err != nil {
		return nil, s.wireError(c.p, w)
	}
	return s.decode(c.p, w, body)
}

// newWire prepares the round tripper of one request.
func (s *Session) newWire(ctx context.Context, c call, p params.Values) *wire {
	w := &wire{ctx: ctx, base: s.base, token: s.set.Token, now: s.now, post: c.write || c.plain && p["action"] == "login"}
	if !w.post && encodedLength(p) > longQuery {
		w.post, w.promise = true, true
	}
	for k, v := range p {
		if v == "" {
			w.empties = append(w.empties, k)
		}
	}
	return w
}

// roundTrip hands a copy of the client our wire and lets it encode and send.
// The copy shares the cookie jar, which is safe for concurrent use.
func (s *Session) roundTrip(w *wire, p params.Values) ([]byte, error) {
	s.mu.Lock()
	mw := *s.mw
	s.mu.Unlock()
	mw.SetHTTPClient(&http.Client{Transport: w, CheckRedirect: w.redirect})
	if w.post {
		return mw.PostRaw(p)
	}
	return mw.GetRaw(p)
}

// wireError types what went wrong before there was a whole answer. go-mwclient's
// own text is not used: it may quote the parameters.
func (s *Session) wireError(p Params, w *wire) error {
	err := w.err
	if err == nil {
		err = w.ctx.Err()
	}
	if err == nil {
		err = errors.New("the request could not be built")
	}
	return &Unreachable{Doing: s.doing(p), Unsent: unsent(err), Err: err}
}

// decode reads an answer once and types its errors.
func (s *Session) decode(p Params, w *wire, body []byte) (*answer, error) {
	trimmed := bytes.TrimLeft(body, " \t\r\n\ufeff")
	if w.status >= 300 && w.status < 400 || !bytes.HasPrefix(trimmed, []byte("{")) {
		return nil, s.httpError(p, w, body)
	}
	root, err := jason.NewObjectFromBytes(trimmed)
	if err != nil {
		if halfAnswer(err) {
			return nil, &Unreachable{Doing: s.doing(p), Err: fmt.Errorf("the answer ended early: %w", err)}
		}
		return nil, s.httpError(p, w, body)
	}
	a := newAnswer(root)
	if err := s.apiError(p, w, a); err != nil {
		return nil, err
	}
	if w.status >= 400 {
		return nil, s.httpError(p, w, body)
	}
	s.logWarnings(p, a)
	return a, nil
}

// complete makes the parameters of one attempt: the caller's own map is never touched.
func (s *Session) complete(ctx context.Context, c call) (params.Values, error) {
	p := params.Values{}
	for k, v := range c.p {
		switch v {
		case "":
		case Empty:
			p[k] = ""
		default:
			p[k] = v
		}
	}
	p["format"], p["formatversion"] = "json", "2"
	if c.plain {
		return p, nil
	}
	s.assert(p, c.write)
	if !c.write {
		return p, nil
	}
	p["maxlag"] = fmt.Sprint(s.set.MaxLag)
	if kind := tokenKind(p["action"]); kind != "" {
		token, err := s.token(ctx, kind)
		if err != nil {
			return nil, err
		}
		p["token"] = token
	}
	return p, nil
}

// enter waits for a free slot, and for the end of a pause that the wiki asked for.
func (s *Session) enter(ctx context.Context) (leave func(), err error) {
	select {
	case s.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	s.mu.Lock()
	pause := s.resume.Sub(s.now())
	s.mu.Unlock()
	if pause > 0 {
		err = s.set.Sleep(ctx, pause)
	}
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		<-s.slots
		return nil, err
	}
	return func() { <-s.slots }, nil
}

// hold makes every request of the session wait: the wiki said 429.
func (s *Session) hold(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if until := s.now().Add(d); until.After(s.resume) {
		s.resume = until
	}
}

// doing words a request for errors: what, and of which wiki. Never its secrets.
func (s *Session) doing(p Params) string {
	what := p["action"]
	for _, k := range []string{"title", "user", "target", "page", "list", "generator", "prop", "meta"} {
		if v := p[k]; v != "" {
			what += fmt.Sprintf(" %s=%q", k, clip(v, 80))
			break
		}
	}
	return what + " at " + s.host
}

func (s *Session) now() time.Time { return s.set.Now() }

// Host of the API as host[:port].
func (s *Session) Host() string { return s.host }

// Close lets go of idle connections.
func (s *Session) Close() {
	if t, ok := s.base.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}

// encodedLength is the size of the query that the parameters make.
func encodedLength(p params.Values) int {
	n := 0
	for k, v := range p {
		n += len(k) + 2 + len(v)
		for i := range len(v) {
			if mustEscape(v[i]) {
				n += 2
			}
		}
	}
	return n
}

func mustEscape(b byte) bool {
	return !(b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || strings.IndexByte("-_.~ ", b) >= 0)
}

// clip shortens foreign text for a message, at a character's edge.
func clip(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}

// with is a copy of the parameters with more of them set.
func (p Params) with(more Params) Params {
	out := maps.Clone(p)
	if out == nil {
		out = Params{}
	}
	maps.Copy(out, more)
	return out
}

// apiURL checks an api.php address.
func apiURL(address string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, fmt.Errorf("API address %q is not one of api.php, such as https://commons.wikimedia.org/w/api.php", clip(address, 200))
	}
	u.RawQuery, u.Fragment, u.User = "", "", nil
	return u, nil
}
