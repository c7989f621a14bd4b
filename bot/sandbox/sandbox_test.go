package sandbox

import (
	"encoding/json"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"
)

// client is what a bot would be: it keeps cookies and decodes JSON.
type client struct {
	t    *testing.T
	http *http.Client
	api  string
	last *http.Response
}

func serve(t *testing.T, w *Wiki) *client {
	t.Helper()
	s := httptest.NewServer(w)
	t.Cleanup(s.Close)
	w.SetServer(s.URL)
	return newClient(t, s.URL+"/api.php")
}

func newClient(t *testing.T, api string) *client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &client{t: t, http: &http.Client{Jar: jar}, api: api}
}

func values(pairs []string) url.Values {
	v := url.Values{"format": {"json"}, "formatversion": {"2"}}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

func (c *client) get(pairs ...string) M {
	c.t.Helper()
	return c.read(c.http.Get(c.api + "?" + values(pairs).Encode()))
}

func (c *client) post(pairs ...string) M {
	c.t.Helper()
	return c.read(c.http.PostForm(c.api, values(pairs)))
}

func (c *client) read(resp *http.Response, err error) M {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	c.last = resp
	var out M
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil {
		c.t.Fatalf("not JSON: %v", err)
	}
	return out
}

func (c *client) login(name, password string) M {
	c.t.Helper()
	token := dig(c.get("action", "query", "meta", "tokens", "type", "login"), "query", "tokens", "logintoken").(string)
	return c.post("action", "login", "lgname", name, "lgpassword", password, "lgtoken", token)
}

func (c *client) token() string {
	c.t.Helper()
	return dig(c.get("action", "query", "meta", "tokens"), "query", "tokens", "csrftoken").(string)
}

func (c *client) edit(pairs ...string) M {
	c.t.Helper()
	return c.post(append([]string{"action", "edit", "token", c.token()}, pairs...)...)
}

// dig walks into objects by name and into arrays by number.
func dig(v any, path ...any) any {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			m, _ := v.(M)
			v = m[step]
		case int:
			list, _ := v.([]any)
			if step >= len(list) {
				return nil
			}
			v = list[step]
		}
	}
	return v
}

func code(v M) any { return dig(v, "error", "code") }

// testClock starts at a fixed time and goes on only when told.
type testClock struct{ t time.Time }

func newClock() *testClock { return &testClock{time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)} }

func (c *testClock) now() time.Time       { return c.t }
func (c *testClock) pass(d time.Duration) { c.t = c.t.Add(d) }
func newTestWiki(t *testing.T) (*Wiki, *client, *testClock) {
	clock := newClock()
	w := New(Options{Name: "commonswiki", SiteName: "Wikimedia Commons", Clock: clock.now, EchoAPI: true})
	w.BotPassword("Botty", "app", "secret")
	w.Promote("Botty", "bot")
	return w, serve(t, w), clock
}

func TestBotPasswordLogsInAndEdits(t *testing.T) {
	_, c, _ := newTestWiki(t)
	if got := dig(c.login("Botty@app", "secret"), "login", "result"); got != "Success" {
		t.Fatalf("login: %v", got)
	}
	if got := c.edit("title", "User talk:Alice", "section", "new", "sectiontitle", "Hello", "text", "Hi ~~~~", "summary", "s"); dig(got, "edit", "new") != true {
		t.Fatalf("edit: %v", got)
	}
	got := dig(c.get("action", "query", "prop", "revisions", "titles", "user_talk:Alice", "rvprop", "content|user", "rvslots", "main"), "query", "pages", 0, "revisions", 0)
	want := "== Hello ==\n\nHi [[User:Botty|Botty]] ([[User talk:Botty|talk]]) 12:00, 22 November 2026 (UTC)"
	if dig(got, "slots", "main", "content") != want || dig(got, "user") != "Botty" {
		t.Errorf("got %v", got)
	}
}
