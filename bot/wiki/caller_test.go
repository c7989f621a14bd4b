package wiki

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

const accessToken = "eyJ0.eyJhdWQ.c2ln"

// rita is list=users of a reviewer with a partial block.
const rita = `{"batchcomplete":true,"query":{"users":[{"userid":12,"name":"Rita","editcount":900,"registration":null,
	"groups":["patroller","*","user"],"rights":["read","delete"],"blockid":5,"blockedby":"Ada","blockpartial":true}]}}`

// vouches makes the fake know one access token; others are nobody's.
func (f *fake) vouches(userinfo, users string) {
	f.answer = func(w http.ResponseWriter, r *http.Request) bool {
		switch {
		case r.Form.Get("meta") == "userinfo" && r.Header.Get("Authorization") == "Bearer "+accessToken:
			f.write(w, userinfo)
		case r.Form.Get("list") == "users":
			f.write(w, users)
		case strings.HasSuffix(r.URL.Path, "/rest.php/oauth2/resource/profile"):
			f.write(w, `{"sub":"mw:local:12","username":"Rita","blocked":false}`)
		default:
			return false
		}
		return true
	}
}

func TestACallerIsWhomTheWikiVouchesFor(t *testing.T) {
	f := newFake(t)
	s, _ := f.open()
	f.vouches(`{"query":{"userinfo":{"id":12,"name":"Rita"}}}`, rita)
	got, err := s.Caller(t.Context(), accessToken)
	if err != nil {
		t.Fatal(err)
	}
	if got.Name != "Rita" || got.ID != 12 || got.Edits != 900 || !got.Rights["delete"] || !slices.Contains(got.Groups, "patroller") {
		t.Errorf("%+v", got)
	}
	if got.Blocked {
		t.Error("a partial block counts as a block from the whole wiki")
	}
}

func TestATokenGoesToTheWikiAloneAndTheBotsLoginDoesNotComeAlong(t *testing.T) {
	f := newFake(t)
	s, _ := f.open()
	f.vouches(`{"query":{"userinfo":{"id":12,"name":"Rita"}}}`, rita)
	if _, err := s.Caller(t.Context(), accessToken); err != nil {
		t.Fatal(err)
	}
	for i, r := range f.requests {
		head, asCaller := f.headers[i], r.Get("meta") == "userinfo"
		if asCaller && (head.Get("Cookie") != "" || r.Get("assertuser") != "") {
			t.Errorf("the question about a token came with the bot's login: %v %v", head, r)
		}
		if !asCaller && (head.Get("Authorization") != "" || head.Get("Cookie") == "") {
			t.Errorf("the bot's own question came without its login, or with the token: %v", head)
		}
	}
}

func TestAConsumerForIdentificationAloneIsEnough(t *testing.T) {
	f := newFake(t)
	s, _ := f.open()
	f.vouches(`{"error":{"code":"readapidenied","info":"You need read permission to use this module."}}`, rita)
	if got, err := s.Caller(t.Context(), accessToken); err != nil || got.Name != "Rita" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestATokenThatIsNobodysIsRefused(t *testing.T) {
	for name, answer := range map[string]string{
		"expired":                `{"error":{"code":"mwoauth-invalid-authorization","info":"The authorization headers in your request are not valid: expired"}}`,
		"locked account":         `{"error":{"code":"mwoauth-invalid-authorization-blocked-user","info":"…"}}`,
		"no such extension":      `{"query":{"userinfo":{"id":0,"name":"192.0.2.1","anon":true}}}`,
		"without a user":         `{"query":{"userinfo":{"id":0,"name":"","anon":true}}}`,
		"no account on the wiki": `{"query":{"userinfo":{"id":12,"name":"Other"}}}`,
	} {
		f := newFake(t)
		s, _ := f.open()
		f.vouches(answer, `{"query":{"users":[{"name":"Other","missing":true}]}}`)
		var refused *TokenRefused
		if got, err := s.Caller(t.Context(), accessToken); !errors.As(err, &refused) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestWhatIsNoTokenIsNotSent(t *testing.T) {
	f := newFake(t)
	s, _ := f.open()
	for _, token := range []string{"", "a b", "a\r\nCookie: x", "ä", strings.Repeat("a", longestToken+1), "a,b"} {
		var refused *TokenRefused
		if _, err := s.Caller(t.Context(), token); !errors.As(err, &refused) {
			t.Errorf("%.20q: %v", token, err)
		}
	}
	if len(f.requests) > 0 {
		t.Errorf("sent %v", f.requests)
	}
}

func TestAnErrorNeverHoldsTheToken(t *testing.T) {
	for name, reply := range map[string]func(http.ResponseWriter){
		"page": func(w http.ResponseWriter) { w.WriteHeader(502); fmt.Fprintf(w, "<p>no %s here", accessToken) },
		"refusal": func(w http.ResponseWriter) {
			fmt.Fprintf(w, `{"error":{"code":"mwoauth-x","info":"bad %s"}}`, accessToken)
		},
		"error": func(w http.ResponseWriter) {
			fmt.Fprintf(w, `{"error":{"code":"internal","info":"bad %s"}}`, accessToken)
		},
		"redirect": func(w http.ResponseWriter) {
			w.Header().Set("Location", "https://example.com/?"+accessToken)
			w.WriteHeader(302)
		},
	} {
		f := newFake(t)
		s, _ := f.open()
		f.answer = func(w http.ResponseWriter, _ *http.Request) bool { reply(w); return true }
		if _, err := s.Caller(t.Context(), accessToken); err == nil || strings.Contains(err.Error(), accessToken) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAWikiThatIsDownRefusesNobody(t *testing.T) {
	f := newFake(t)
	s, _ := f.open()
	f.answer = func(w http.ResponseWriter, _ *http.Request) bool { w.WriteHeader(503); return true }
	var refused *TokenRefused
	if _, err := s.Caller(t.Context(), accessToken); err == nil || errors.As(err, &refused) {
		t.Errorf("%v", err)
	}
	if len(f.requests) != 1 {
		t.Errorf("asked %d times: a caller waits for this", len(f.requests))
	}
}
