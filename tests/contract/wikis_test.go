package contract

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"filewarden/bot/sandbox"
	"filewarden/tests/realwiki"
)

// secret is long enough for MediaWiki to take it for a bot password.
var secret = strings.Repeat("0123456789abcdef", 2)

// side is one of the two implementations, ready with the same accounts: Admin,
// Alice and Bob, and Botty, a bot that logs in with a bot password.
type side struct {
	t       *testing.T
	server  string
	api     string
	logins  map[string][2]string
	clients map[string]*http.Client
	last    url.Values
	answer  map[string]any
	names   *names
	jobs    func()       // runs what the wiki has put off
	filter  func(filter) // sets the abuse filter
}

func newSide(t *testing.T, server, api string, logins map[string][2]string) *side {
	return &side{t: t, server: server, api: api, logins: logins, clients: map[string]*http.Client{}, names: newNames(server)}
}

func sandboxSide(t *testing.T, c *claim) *side {
	w := sandbox.New(sandbox.Options{Name: "testwiki", SiteName: "Test of testwiki", EchoAPI: true,
		Gadgets: c.code, Scribunto: c.code, Styles: c.code,
		SpamBlacklist: c.uploads, AbuseFilter: c.uploads, SVGThumbs: c.uploads, RevisionDelete: c.uploads, FileTypes: []string{"tif"}})
	logins := map[string][2]string{}
	for _, name := range []string{"Admin", "Alice", "Bob"} {
		groups := []string{}
		if name == "Admin" {
			groups = []string{"sysop", "bureaucrat", "interface-admin"}
		}
		w.AddUser(name, "password of "+name, groups...)
		logins[name] = [2]string{name, "password of " + name}
	}
	w.AddUser("Botty", "", "bot")
	w.BotPassword("Botty", "app", secret, realwiki.Grants()...)
	logins["Botty"] = [2]string{"Botty@app", secret}
	s := httptest.NewServer(w)
	t.Cleanup(s.Close)
	w.SetServer(s.URL)
	out := newSide(t, s.URL, s.URL+"/w/api.php", logins)
	out.jobs = func() {}
	out.filter = func(f filter) { w.Filter(sandbox.Filter{Word: f.word, Description: f.description, Action: f.action}) }
	return out
}

func realSide(t *testing.T, c *claim) *side {
	var opts []realwiki.Option
	if c.code {
		opts = append(opts, realwiki.CodePages())
	}
	if c.uploads {
		opts = append(opts, realwiki.Uploads())
	}
	w := realwiki.Start(t, opts...)
	logins := map[string][2]string{"Admin": {w.Admin.Name, w.Admin.Password}}
	for _, name := range []string{"Alice", "Bob"} {
		u := w.AddUser(name)
		logins[name] = [2]string{u.Name, u.Password}
	}
	u := w.AddUser("Botty", "bot")
	logins["Botty"] = [2]string{u.BotLogin, u.BotPassword}
	out := newSide(t, w.URL, w.API, logins)
	out.jobs = w.RunJobs
	out.filter = func(f filter) { w.Filter(f.word, f.description, f.action) }
	return out
}

func (s *side) client(who string) *http.Client {
	s.t.Helper()
	if c := s.clients[who]; c != nil {
		return c
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	c := &http.Client{Jar: jar}
	s.clients[who] = c
	if l, ok := s.logins[who]; ok {
		token := walk(s.ask(c, http.MethodGet, url.Values{"action": {"query"}, "meta": {"tokens"}, "type": {"login"}}), []string{"query", "tokens", "logintoken"})
		out := s.ask(c, http.MethodPost, url.Values{"action": {"login"}, "lgname": {l[0]}, "lgpassword": {l[1]}, "lgtoken": {fmt.Sprint(token)}})
		if walk(out, []string{"login", "result"}) != "Success" {
			s.t.Fatalf("logging in as %s: %v", who, out)
		}
	}
	return c
}

func (s *side) ask(c *http.Client, method string, v url.Values) map[string]any {
	s.t.Helper()
	v.Set("format", "json")
	v.Set("formatversion", "2")
	var resp *http.Response
	var err error
	if method == http.MethodGet {
		resp, err = c.Get(s.api + "?" + v.Encode())
	} else {
		resp, err = c.PostForm(s.api, v)
	}
	return s.decode(resp, err)
}

func (s *side) decode(resp *http.Response, err error) map[string]any {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	var out map[string]any
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil {
		s.t.Fatalf("the answer is not JSON: %v", err)
	}
	return out
}

func (s *side) token(c *http.Client, kind string) string {
	s.t.Helper()
	out := s.ask(c, http.MethodGet, url.Values{"action": {"query"}, "meta": {"tokens"}, "type": {kind}})
	return fmt.Sprint(walk(out, []string{"query", "tokens", kind + "token"}))
}

// do takes one step and returns the answer as the claims write it.
func (s *side) do(step *step) string {
	s.t.Helper()
	c := s.client(step.who)
	v := url.Values{}
	for _, p := range step.params {
		v.Set(p[0], sums(strings.NewReplacer("{x51}", strings.Repeat("x|", 50)+"x", "{long}", strings.Repeat("x", 161)).Replace(s.names.fill(p[1]))))
	}
	switch step.how {
	case "CONTINUE":
		v = s.continued()
		s.answer = s.ask(c, http.MethodGet, v)
	case "WRITE":
		v.Set("token", s.token(c, cmp.Or(tokenKinds[v.Get("action")], "csrf")))
		s.answer = s.ask(c, http.MethodPost, v)
	case "UPLOAD":
		s.answer = s.upload(c, v)
	case "FETCH":
		return pretty(s.fetch(v))
	case "JOBS":
		s.jobs()
		return pretty("done")
	case "FILTER":
		s.filter(filter{v.Get("word"), v.Get("description"), v.Get("action")})
		return pretty("set")
	case "POST", "GET":
		s.answer = s.ask(c, step.how, v)
	default:
		s.t.Fatalf("%q asks in no known way", step.line)
	}
	s.last = v
	return pretty(pick(s.names.normal("", s.answer), step.only))
}

// continued is the last request with what its answer said to continue with.
func (s *side) continued() url.Values {
	v := url.Values{}
	for k, old := range s.last {
		v[k] = old
	}
	next, _ := s.answer["continue"].(map[string]any)
	for k, value := range next {
		if n, ok := value.(float64); ok {
			value = strconv.FormatFloat(n, 'f', -1, 64)
		}
		v.Set(k, fmt.Sprint(value))
	}
	return v
}
