package wiki

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// advised are the codes that a write of a notice bot meets, and what must become of them.
var advised = map[Advice][]string{
	Retry: {"maxlag", "readonly", "ratelimited"},
	Stop: {"assertuserfailed", "assertbotfailed", "assertnameduserfailed", "blocked", "autoblocked",
		"mwoauth-invalid-authorization", "mwoauth-invalid-authorization-blocked-user", "globalblocking-ipblocked", "readapidenied"},
	Replan: {"editconflict", "articleexists", "missingtitle", "pagedeleted"},
	Skip: {"protectedpage", "protectedtitle", "cascadeprotected", "protectednamespace", "protectednamespace-interface",
		"customjsonprotected", "mycustomjsonprotected", "cantcreate", "permissiondenied", "titleblacklist-forbidden",
		"abusefilter-warning", "abusefilter-disallowed", "spamblacklist", "badtags", "badmd5", "invalidtitle",
		"nosuchsection", "missingcommenttext", "missingparam", "contenttoobig", "no-direct-editing",
		"cantchangecontentmodel", "badformat", "moduledisabled", "nosuchuser", "a-hook-of-some-extension"},
}

func TestEveryCodeHasItsAdviceInBothShapes(t *testing.T) {
	f := newFake(t)
	_, w := f.open()
	for advice, codes := range advised {
		for _, code := range codes {
			for _, shape := range []string{
				`{"error":{"code":%q,"info":"The text.","docref":"See"}}`,
				`{"errors":[{"code":%q,"text":"The text.","module":"edit"}],"docref":"See"}`,
			} {
				f.says(fmt.Sprintf(shape, code))
				_, err := w.Post(t.Context(), Params{"action": "edit", "title": "A", "text": "b"})
				var e *Error
				if !errors.As(err, &e) || !IsCode(err, code) || e.Advice != advice {
					t.Errorf("%s: %v (%v)", code, err, shape)
					continue
				}
				for _, part := range []string{code, "The text", `edit title="A" at ` + w.s.host, "; next: "} {
					if !strings.Contains(err.Error(), part) {
						t.Errorf("%q does not say %q", err, part)
					}
				}
			}
		}
	}
}

func TestDataOfAnErrorIsFoundInBothShapes(t *testing.T) {
	f := newFake(t)
	_, w := f.open()
	for _, answer := range []string{
		`{"error":{"code":"spamblacklist","info":"x","spamblacklist":{"matches":["evil.example"]}}}`,
		`{"errors":[{"code":"spamblacklist","text":"x","data":{"spamblacklist":{"matches":["evil.example"]}},"module":"edit"}]}`,
	} {
		f.says(answer)
		_, err := w.Post(t.Context(), Params{"action": "edit", "title": "A", "text": "b"})
		var e *Error
		if !errors.As(err, &e) || e.Data == nil {
			t.Fatalf("%v", err)
		}
		if got, err := e.Data.GetStringArray("spamblacklist", "matches"); err != nil || got[0] != "evil.example" {
			t.Errorf("%v, %v", got, err)
		}
	}
}

func TestAPartialBlockIsNoStop(t *testing.T) {
	f := newFake(t)
	_, w := f.open()
	for partial, want := range map[bool]Advice{true: Skip, false: Stop} {
		for _, shape := range []string{
			`{"error":{"code":"blocked","info":"x","blockinfo":{"blockid":1,"blockpartial":%v}}}`,
			`{"errors":[{"code":"blocked","text":"x","data":{"blockinfo":{"blockid":1,"blockpartial":%v}}}]}`,
		} {
			f.says(fmt.Sprintf(shape, partial))
			_, err := w.Post(t.Context(), Params{"action": "edit", "title": "A", "text": "b"})
			var e *Error
			if !errors.As(err, &e) || e.Advice != want {
				t.Errorf("partial %v: %v", partial, err)
			}
			if says := strings.Contains(err.Error(), "not from the wiki"); says != partial {
				t.Errorf("partial %v is worded as %q", partial, err)
			}
		}
	}
}

func TestOfSeveralErrorsTheMostLastingDecides(t *testing.T) {
	f := newFake(t)
	_, w := f.open()
	f.says(`{"errors":[{"code":"ratelimited","text":"slow"},{"code":"protectedpage","text":"prot"},{"code":"blocked","text":"bl"},{"code":"editconflict","text":"ec"}]}`)
	_, err := w.Post(t.Context(), Params{"action": "edit", "title": "A", "text": "b"})
	var e *Error
	if !errors.As(err, &e) || e.Code != "blocked" || len(e.More) != 3 || !IsCode(err, "protectedpage") || !IsCode(err, "editconflict") {
		t.Errorf("%v", err)
	}
	if len(f.slept) != 0 {
		t.Error("waited although the write cannot succeed")
	}
}

func TestAResultOfFailureIsAnError(t *testing.T) {
	f := newFake(t)
	_, w := f.open()
	for answer, want := range map[string]string{
		`{"edit":{"captcha":{"type":"simple","mime":"text/plain","id":"1","question":"1+1"},"result":"Failure"}}`: "captcha",
		`{"edit":{"code":"my-hook","info":"No.","result":"Failure"}}`:                                             "my-hook",
		`{"edit":{"spamblacklist":"evil.example","result":"Failure"}}`:                                            "spamblacklist",
		`{"edit":{"result":"Failure"}}`:                                                                           "failure",
	} {
		f.says(answer)
		_, err := w.Post(t.Context(), Params{"action": "edit", "title": "A", "text": "b"})
		var e *Error
		if !errors.As(err, &e) || e.Code != want || e.Advice != Skip || e.Data == nil {
			t.Errorf("%s: %v", want, err)
		}
	}
	if n := len(f.asked()); n != 4 {
		t.Errorf("%d requests for 4 writes", n)
	}
}

func TestALoginThatFailsSaysWhatToDo(t *testing.T) {
	for name, c := range map[string]struct{ answer, want string }{
		"wrong password": {`{"login":{"result":"Failed","reason":"Incorrect username or password entered."}}`, "Special:BotPasswords"},
		"plaintext":      {`{"login":{"result":"Failed","reason":{"code":"wrongpassword","text":"Incorrect <b>password</b>."}}}`, "Incorrect password"},
		"aborted":        {`{"login":{"result":"Aborted","reason":"Authentication requires user interaction."}}`, "user interaction"},
		"no cookies":     {`{"login":{"result":"WrongToken"}}`, "cookies"},
		"blocked":        {`{"error":{"code":"blocked","info":"You are blocked."}}`, "You are blocked"},
	} {
		f := newFake(t)
		f.answer = func(w http.ResponseWriter, r *http.Request) bool {
			if r.Form.Get("action") != "login" {
				return false
			}
			f.write(w, c.answer)
			return true
		}
		_, _, err := Open(t.Context(), f.settings())
		var e *Error
		if !errors.As(err, &e) || e.Advice != Stop || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestALoginThatTheWikiForgetsIsNamed(t *testing.T) {
	f := newFake(t)
	f.answer = func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.Contains(r.Form.Get("meta"), "siteinfo") {
			return false
		}
		f.write(w, strings.Replace(siteinfo("http://x"), `"userinfo":{"id":7,"name":"Bot"`, `"userinfo":{"anon":true,"id":0,"name":"127.0.0.1"`, 1))
		return true
	}
	if _, _, err := Open(t.Context(), f.settings()); !IsCode(err, "notloggedin") || !strings.Contains(err.Error(), "cookies") {
		t.Errorf("%v", err)
	}
}

func TestOpenRefusesBadSettings(t *testing.T) {
	good := Settings{API: "https://x.example/w/api.php", User: "B", Password: "p", Contact: "a@b.example"}
	for want, change := range map[string]func(*Settings){
		"CONTACT":       func(s *Settings) { s.Contact = " " },
		"User-Agent":    func(s *Settings) { s.Contact = "a\r\nX: y" },
		"USER and":      func(s *Settings) { s.Password = "" },
		"not one of":    func(s *Settings) { s.API = "ftp://x.example" },
		"x.example/":    func(s *Settings) { s.API = "x.example/w/api.php" },
		"no login":      func(s *Settings) { s.User = "" },
		`API address "`: func(s *Settings) { s.API = "" },
	} {
		set := good
		change(&set)
		if _, _, err := Open(t.Context(), set); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}

func TestAnAddressThatIsNoAPIIsNamed(t *testing.T) {
	f := newFake(t)
	f.answer = func(w http.ResponseWriter, r *http.Request) bool {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(404)
		f.write(w, "<title>Main</title><p>Not here</p>")
		return true
	}
	_, err := OpenReader(t.Context(), f.settings())
	if err == nil || !strings.Contains(err.Error(), "check that the API address is that of api.php") {
		t.Errorf("%v", err)
	}
}

func TestMissingRightsTellAccountFromGrants(t *testing.T) {
	f := newFake(t)
	s, _ := f.open()
	f.says(`{"batchcomplete":true,"query":{"users":[{"userid":7,"name":"Bot","groups":["*","user"]}],"usergroups":[{"name":"*","rights":["edit"]},{"name":"user","rights":["echo-create","editmyuserjson"]},{"name":"sysop","rights":["delete"]}]}}`)
	lacks, err := s.Missing(t.Context(), "edit", "editmyuserjson", "delete", "echo-create")
	if err != nil || len(lacks) != 3 {
		t.Fatalf("%+v, %v", lacks, err)
	}
	for i, want := range []string{"login's grants leave it out: add the grant editmyoptions", "give it to the account", "$wgGrantPermissions"} {
		if got := lacks[i].Remedy(); !strings.Contains(got, want) || !strings.Contains(got, lacks[i].Right) {
			t.Errorf("%s: %q", lacks[i].Right, got)
		}
	}
	n := len(f.asked())
	if lacks, err := s.Missing(t.Context(), "edit"); err != nil || lacks != nil || len(f.asked()) != n {
		t.Errorf("nothing is missing: %v, %v", lacks, err)
	}
}
