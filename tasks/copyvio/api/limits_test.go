package api_test

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"filewarden/tasks/copyvio/api"
	"filewarden/tasks/copyvio/casebook"
)

func TestThereIsNothingElse(t *testing.T) {
	w := newWorld(t)
	for path, want := range map[string]int{
		"/copyvio/api.php": 200, "/copyvio/w/api.php": 200, "/copyvio/": 404, "/copyvio/api.php/x": 404, "/copyvio/index.php": 404,
		"/copyvio/w/rest.php": 404, "/copyvio/x/api.php": 404, "/copyvio/api.phpx": 404,
	} {
		resp, err := http.Get(w.front.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("%s: %d", path, resp.StatusCode)
		}
	}
	for method, want := range map[string]int{"HEAD": 200, "PUT": 405, "DELETE": 405, "PATCH": 405, "TRACE": 405, "OPTIONS": 204} {
		r, _ := http.NewRequest(method, w.front.URL+"/copyvio/api.php?action=query", nil)
		if _, resp := w.send(r); resp.StatusCode != want {
			t.Errorf("%s: %d", method, resp.StatusCode)
		}
	}
}

func TestRequestsAreBounded(t *testing.T) {
	w := newWorld(t)
	many := url.Values{}
	for n := range 101 {
		many.Set("p"+sha(n)[30:], "1")
	}
	for name, body := range map[string]string{"long": "action=query&x=" + strings.Repeat("a", 1<<16), "many": many.Encode()} {
		r, _ := http.NewRequest(http.MethodPost, w.front.URL+"/copyvio/api.php", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if _, resp := w.send(r); resp.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("%s: %d", name, resp.StatusCode)
		}
	}
	r, _ := http.NewRequest(http.MethodGet, w.front.URL+"/copyvio/api.php?action=query&x="+strings.Repeat("a", 1<<13), nil)
	if _, resp := w.send(r); resp.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("address: %d", resp.StatusCode)
	}
	if a, _ := w.ask("", "action", "query", "list", "unreviewedimagematches", "uimgroup", strings.Repeat("x|", 60)); a.code() != "toomanyvalues" {
		t.Errorf("%v", a)
	}
	if a := w.review(w.token("Rita"), sha(1), "open", "note", strings.Repeat("ä", 501)); a.code() != "toolong" {
		t.Errorf("%v", a)
	}
}

// until asks again and again, at most so many times, for a limit.
func (w *world) until(most int, ask func() (answered, *http.Response)) (int, *http.Response) {
	for n := range most {
		if a, resp := ask(); a.code() == "ratelimited" {
			return n, resp
		}
	}
	return most, nil
}

func TestWhoAsksTooMuchWaits(t *testing.T) {
	w := newWorld(t)
	ask := func() (answered, *http.Response) { return w.ask("", "action", "query") }
	n, resp := w.until(200, ask)
	if n != 120 || resp.Header.Get("Retry-After") != "1" || resp.StatusCode != 200 {
		t.Fatalf("after %d", n)
	}
	w.pass(time.Second)
	if n, _ := w.until(200, ask); n != 5 {
		t.Errorf("after a second %d more", n)
	}
}

func TestDecisionsHaveALimitOfTheirOwn(t *testing.T) {
	w := newWorld(t)
	w.keep(openCase(1))
	token := w.token("Rita")
	csrf := w.csrf(token)
	n, _ := w.until(60, func() (answered, *http.Response) {
		return w.ask(token, "action", "reviewimagematches", "sha1", sha(1), "state", "open", "token", csrf)
	})
	if n != 30 {
		t.Errorf("%d at once", n)
	}
}

func TestTheWikiIsNotAskedForWhoeverTriesTokens(t *testing.T) {
	w := newWorld(t)
	same := bearer(consumer, 1<<33, "x")
	for range 20 {
		w.ask(same, "action", "query")
	}
	if n := w.wiki.questions(); n != 1 {
		t.Errorf("asked %d times about one bad token", n)
	}
	n := 0
	w.until(40, func() (answered, *http.Response) {
		n++
		return w.ask(bearer(consumer, 1<<33, sha(n)), "action", "query")
	})
	if n := w.wiki.questions(); n != 10 {
		t.Errorf("asked %d times", n)
	}
}

func TestOnlyTheOperatorsProxiesSayWhoAsks(t *testing.T) {
	w := newWorld(t)
	for name, test := range map[string]struct {
		proxies  string
		from     string
		told     []string
		wantName string
	}{
		"no proxy":             {"", "192.0.2.1:9", []string{"198.51.100.7"}, "192.0.2.1"},
		"the proxy":            {"10.0.0.0/8", "10.1.2.3:9", []string{"198.51.100.7"}, "198.51.100.7"},
		"the nearest counts":   {"10.0.0.0/8", "10.1.2.3:9", []string{"203.0.113.1, 198.51.100.7"}, "198.51.100.7"},
		"two proxies":          {"10.0.0.0/8", "10.1.2.3:9", []string{"198.51.100.7", "10.9.9.9"}, "198.51.100.7"},
		"what is no address":   {"10.0.0.0/8", "10.1.2.3:9", []string{"x"}, "10.1.2.3"},
		"the proxy itself":     {"10.0.0.0/8", "10.1.2.3:9", nil, "10.1.2.3"},
		"somebody else's word": {"10.0.0.0/8", "192.0.2.1:9", []string{"198.51.100.7"}, "192.0.2.1"},
	} {
		config := w.config
		if test.proxies != "" {
			config.Proxies = []netip.Prefix{netip.MustParsePrefix(test.proxies)}
		}
		r := httptest.NewRequest(http.MethodGet, "/api.php?action=query&meta=userinfo&formatversion=2", nil)
		r.RemoteAddr, r.Header = test.from, http.Header{"X-Forwarded-For": test.told}
		answer := httptest.NewRecorder()
		api.New(config).ServeHTTP(answer, r)
		if !strings.Contains(answer.Body.String(), `"name":"`+test.wantName+`"`) {
			t.Errorf("%s: %s", name, answer.Body)
		}
	}
}

// cross sends what a browser sends for a page of another site.
func (w *world) cross(method, origin, param string, head ...string) (answered, *http.Response) {
	r, _ := http.NewRequest(method, w.front.URL+"/copyvio/api.php?action=query&meta=userinfo&formatversion=2&origin="+url.QueryEscape(param), nil)
	r.Header.Set("Origin", origin)
	for i := 0; i+1 < len(head); i += 2 {
		r.Header.Set(head[i], head[i+1])
	}
	return w.send(r)
}

func TestOtherSitesReadAsStrangersOnly(t *testing.T) {
	w := newWorld(t)
	a, resp := w.cross("GET", "https://evil.example", "*", "Authorization", "Bearer "+w.token("Rita"))
	if resp.Header.Get("Access-Control-Allow-Origin") != "*" || resp.Header.Get("Access-Control-Allow-Credentials") != "" || a.at("query", "userinfo", "anon") != true {
		t.Errorf("%v %v", a, resp.Header)
	}
	_, resp = w.cross("OPTIONS", "https://evil.example", "*", "Access-Control-Request-Headers", "authorization")
	if resp.Header.Get("Access-Control-Allow-Headers") != "" || resp.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("%v", resp.Header)
	}
	for _, param := range []string{"https://evil.example", "null", ""} {
		a, resp = w.cross("GET", "https://evil.example", param)
		if resp.StatusCode != 403 || a != nil || resp.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%q: %d %v %v", param, resp.StatusCode, a, resp.Header)
		}
	}
	if a, resp = w.cross("GET", "https://evil.example", w.wiki.server.URL); resp.StatusCode != 403 {
		t.Errorf("a site that gives itself out for the wiki: %v", a)
	}
}

func TestAGadgetOnTheWikiMayLogIn(t *testing.T) {
	w := newWorld(t)
	home := w.wiki.server.URL
	_, resp := w.cross("OPTIONS", home, home, "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "authorization,content-type")
	if resp.StatusCode != 204 || !strings.Contains(resp.Header.Get("Access-Control-Allow-Headers"), "authorization") || resp.Header.Get("Access-Control-Allow-Origin") != home {
		t.Errorf("%d %v", resp.StatusCode, resp.Header)
	}
	a, resp := w.cross("GET", home, home, "Authorization", "Bearer "+w.token("Rita"))
	if a.at("query", "userinfo", "name") != "Rita" || resp.Header.Get("Access-Control-Allow-Origin") != home {
		t.Errorf("%v %v", a, resp.Header)
	}
}

func TestANoteIsPlainText(t *testing.T) {
	w := newWorld(t)
	w.keep(openCase(1))
	w.review(w.token("Rita"), sha(1), "accepted", "note", " from\n\u202eevil\x00 {{tag}} \u200b")
	if book, _ := w.caseOf(sha(1)); book.Note != "from evil {{tag}}" || book.State != casebook.Accepted {
		t.Errorf("%q", book.Note)
	}
}
