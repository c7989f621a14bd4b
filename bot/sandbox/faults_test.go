package sandbox

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func loggedIn(t *testing.T) (*Wiki, *client, *testClock) {
	w, c, clock := newTestWiki(t)
	c.login("Botty@app", "secret")
	return w, c, clock
}

func TestBearerTokenActsWithoutLogin(t *testing.T) {
	w, c, _ := newTestWiki(t)
	w.BearerToken("Botty", "t0ken", "basic", "editpage")
	c.http.Transport = bearer("t0ken")
	if got := dig(c.get("action", "query", "meta", "userinfo"), "query", "userinfo", "name"); got != "Botty" {
		t.Fatalf("acts as %v", got)
	}
	if got := code(c.edit("title", "New", "text", "x")); got != "cantcreate" {
		t.Errorf("created a page without the grant: %v", got)
	}
	c.http.Transport = bearer("wrong")
	if got := code(c.get("action", "query", "meta", "userinfo")); got != "mwoauth-invalid-authorization" {
		t.Errorf("a wrong token: %v", got)
	}
}

type bearer string

func (b bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+string(b))
	return http.DefaultTransport.RoundTrip(r)
}

func TestExpiredSessionFailsTheAssertionNotTheToken(t *testing.T) {
	w, c, _ := loggedIn(t)
	token := c.token()
	w.ExpireSessions()
	if got := code(c.post("action", "edit", "title", "A", "text", "x", "token", token, "assert", "user")); got != "assertuserfailed" {
		t.Errorf("with assert: %v", got)
	}
	if got := code(c.post("action", "edit", "title", "A", "text", "x", "token", token)); got != "badtoken" {
		t.Errorf("without assert: %v", got)
	}
}

func TestChangedTokensKeepTheSession(t *testing.T) {
	w, c, _ := loggedIn(t)
	token := c.token()
	w.ChangeTokens()
	if got := code(c.post("action", "edit", "title", "A", "text", "x", "token", token, "assert", "user")); got != "badtoken" {
		t.Errorf("the old token: %v", got)
	}
	if got := dig(c.edit("title", "A", "text", "x", "assert", "bot"), "edit", "result"); got != "Success" {
		t.Errorf("a new token: %v", got)
	}
}

func TestWikiRefusesWritesWithTheirCodes(t *testing.T) {
	for name, test := range map[string]struct {
		prepare func(*Wiki)
		edit    []string
		code    string
	}{
		"read only":        {func(w *Wiki) { w.ReadOnly("moving servers") }, nil, "readonly"},
		"lag":              {func(w *Wiki) { w.Lag(8) }, []string{"maxlag", "5"}, "maxlag"},
		"blocked":          {func(w *Wiki) { w.Block("Admin", "Botty", "broken", time.Time{}) }, nil, "blocked"},
		"blocked here":     {func(w *Wiki) { w.Block("Admin", "Botty", "broken", time.Time{}, "A") }, nil, "blocked"},
		"filter":           {func(w *Wiki) { w.Hook(func(*EditAttempt) error { return AbuseFilter("3", "bots") }) }, nil, "abusefilter-disallowed"},
		"blacklist":        {func(w *Wiki) { w.Hook(func(*EditAttempt) error { return SpamBlacklist("evil.example") }) }, nil, "spamblacklist"},
		"create-protected": {func(w *Wiki) { w.Protect("Admin", "A", "create", "sysop") }, nil, "protectedpage"},
	} {
		t.Run(name, func(t *testing.T) {
			w, c, _ := loggedIn(t)
			test.prepare(w)
			if got := code(c.edit(append([]string{"title", "A", "text", "x"}, test.edit...)...)); got != test.code {
				t.Errorf("code %v, want %s", got, test.code)
			}
			if _, ok := w.Text("A"); ok {
				t.Error("the edit was saved")
			}
		})
	}
}

func TestRateLimitPassesAfterAMinute(t *testing.T) {
	w, c, clock := loggedIn(t)
	w.BotPassword("Botty", "app", "secret", "basic", "editpage", "createeditmovepage")
	c.login("Botty@app", "secret")
	w.EditRate(2)
	var codes []any
	for i := range 3 {
		codes = append(codes, code(c.edit("title", "A", "text", fmt.Sprint(i))))
	}
	if fmt.Sprint(codes) != "[<nil> <nil> ratelimited]" {
		t.Errorf("codes %v", codes)
	}
	clock.pass(time.Minute)
	if got := code(c.edit("title", "A", "text", "later")); got != nil {
		t.Errorf("a minute later: %v", got)
	}
}

func TestCaptchaIsAFailureWithoutAnError(t *testing.T) {
	w, c, _ := loggedIn(t)
	w.Hook(func(*EditAttempt) error { return Captcha() })
	got := c.edit("title", "A", "text", "x")
	if dig(got, "edit", "result") != "Failure" || dig(got, "edit", "captcha") == nil || c.last.Header.Get("MediaWiki-API-Error") != "" {
		t.Errorf("answer %v", got)
	}
}

func TestWarnedEditPassesTheSecondTime(t *testing.T) {
	w, c, _ := loggedIn(t)
	w.Hook(func(*EditAttempt) error { return AbuseWarning("4", "long") })
	first, second := code(c.edit("title", "A", "text", "x")), code(c.edit("title", "A", "text", "x"))
	if first != "abusefilter-warning" || second != nil {
		t.Errorf("first %v, then %v", first, second)
	}
}

func TestAnswerCanBeLostAfterTheEdit(t *testing.T) {
	w, c, _ := loggedIn(t)
	token := c.token()
	w.Fault(func(r *http.Request, next http.Handler, rw http.ResponseWriter) bool {
		next.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	})
	if _, err := c.http.PostForm(c.api, values([]string{"action", "edit", "title", "A", "text", "x", "token", token})); err == nil {
		t.Error("the answer came")
	}
	w.Fault(nil)
	if text, _ := w.Text("A"); text != "x" {
		t.Errorf("the page has %q", text)
	}
}

func TestFiftyMentionsReachAllAndOneMoreNobody(t *testing.T) {
	for _, n := range []int{50, 51} {
		w, _, _ := newTestWiki(t)
		var b strings.Builder
		for i := range n {
			w.AddUser(fmt.Sprint("User ", i), "")
			fmt.Fprintf(&b, "[[:User:User %d]] ", i)
		}
		w.NewSection("Botty", "Project:Ping", "Uses", b.String()+"~~~~")
		if got := len(w.Notifications("User 7")); got != map[int]int{50: 1, 51: 0}[n] {
			t.Errorf("of %d mentioned users one has %d notifications", n, got)
		}
	}
}

func TestEditsThatMentionNobody(t *testing.T) {
	for name, edit := range map[string]func(*Wiki){
		"unsigned": func(w *Wiki) { w.Edit("Botty", "Page", "[[User:Alice]]", "") },
		"signed by others": func(w *Wiki) {
			w.Edit("Botty", "Page", "[[User:Alice]] ~~~~\n\n"+"[[User:Bob|Bob]] ([[User talk:Bob|talk]])", "")
		},
		"subpage of the user": func(w *Wiki) { w.Edit("Botty", "Page", "[[User:Alice/x]] ~~~~", "") },
		"link to the talk":    func(w *Wiki) { w.Edit("Botty", "Page", "[[User talk:Alice]] ~~~~", "") },
		"nowiki":              func(w *Wiki) { w.Edit("Botty", "Page", "<nowiki>[[User:Alice]]</nowiki> ~~~~", "") },
		"declined": func(w *Wiki) {
			w.SetOption("Alice", "echo-subscriptions-web-mention", "0")
			w.Edit("Botty", "Page", "[[User:Alice]] ~~~~", "")
		},
		"rewritten in place": func(w *Wiki) {
			w.Edit("Bob", "Page", "intro\n[[User:Carol]] ~~~~", "")
			w.Edit("Bob", "Page", "intro\n[[User:Carol]] [[User:Alice]] ~~~~", "")
		},
	} {
		w, _, _ := newTestWiki(t)
		for _, u := range []string{"Alice", "Bob", "Carol"} {
			w.AddUser(u, "")
		}
		edit(w)
		if got := w.Notifications("Alice"); len(got) != 0 {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestTalkPageOwnerHearsOfEverythingButSilentMinorEdits(t *testing.T) {
	w, c, _ := loggedIn(t)
	w.AddUser("Alice", "")
	c.edit("title", "User talk:Alice", "section", "new", "sectiontitle", "Hi", "text", "x ~~~~", "summary", "1", "minor", "1", "bot", "1")
	c.edit("title", "User talk:Alice", "appendtext", "\n\nmore", "summary", "2", "minor", "1", "bot", "1")
	got := w.Notifications("Alice")
	if len(got) != 1 || got[0].Heading != "Hi" || got[0].Body != "x" || got[0].Type != "edit-user-talk" {
		t.Errorf("notifications %+v", got)
	}
}
