package wiki

import (
	"errors"
	"os"
	"strings"
	"testing"
)

func TestTheUserAgentNamesBotContactAndLibrary(t *testing.T) {
	f := newFake(t)
	f.open()
	s, _ := f.open()
	_, _ = s.Get(t.Context(), Params{"action": "query"})
	const want = "Filewarden/1.0 (ops@example.org) bot go-mwclient/1.3.0"
	if got := f.headers[0].Get("User-Agent"); got != want {
		t.Errorf("User-Agent %q, want %q", got, want)
	}
	if got := f.headers[0].Get("Accept-Encoding"); got != "gzip" {
		t.Errorf("Accept-Encoding %q", got)
	}
	mod, err := os.ReadFile("../../go.mod")
	if err != nil || !strings.Contains(string(mod), "cgt.name/pkg/go-mwclient v"+strings.TrimPrefix(userAgentLibrary, "go-mwclient/")) {
		t.Errorf("the User-Agent names another version than go.mod: %v", err)
	}
}

func TestABearerTokenIsSentAndNoPassword(t *testing.T) {
	f := newFake(t)
	set := f.settings()
	set.User, set.Password, set.Token = "", "", "bearer-1"
	s, w, err := Open(t.Context(), set)
	if err != nil {
		t.Fatal(err)
	}
	if s.Account().Name != "Bot" || f.logins != 0 {
		t.Errorf("account %+v after %d logins", s.Account(), f.logins)
	}
	f.says(`{"error":{"code":"assertuserfailed","info":"no"}}`)
	_, err = w.Post(t.Context(), Params{"action": "edit", "title": "A", "text": "b"})
	var api *Error
	if !errors.As(err, &api) || api.Advice != Stop {
		t.Errorf("%v", err)
	}
	for _, h := range f.headers {
		if h.Get("Authorization") != "Bearer bearer-1" {
			t.Errorf("Authorization %q", h.Get("Authorization"))
		}
	}
}
