package wiki

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// pathSession is a session with one server, without an account.
func pathSession(t *testing.T, h http.HandlerFunc) *Session {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	api, err := url.Parse(server.URL + "/w/api.php")
	if err != nil {
		t.Fatal(err)
	}
	return &Session{set: defaults(Settings{API: api.String(), Contact: "ops@example.org", Token: "secret"}), api: api, host: api.Host,
		base: http.DefaultTransport, stats: &counter{}, slots: make(chan struct{}, 1)}
}

func TestAPathIsReadWithoutCredentialsAndRedirectsAreTold(t *testing.T) {
	s := pathSession(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" || r.Header.Get("Cookie") != "" {
			t.Error("credentials were sent")
		}
		http.Redirect(w, r, "https://upload.example.org/a.png?utm_source=x", http.StatusFound)
	})
	got, err := s.Fetch(t.Context(), "/w/index.php?title=Special:Redirect/file/A.png")
	if err != nil || got.Status != http.StatusFound || got.Location != "https://upload.example.org/a.png?utm_source=x" {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestNoOtherHostIsRead(t *testing.T) {
	s := pathSession(t, func(http.ResponseWriter, *http.Request) { t.Error("asked") })
	for _, path := range []string{"https://evil.example/", "//evil.example/x", "w/x", ""} {
		if _, err := s.Fetch(t.Context(), path); err == nil {
			t.Errorf("%q was read", path)
		}
	}
}

func TestALongReplyIsAnError(t *testing.T) {
	s := pathSession(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(strings.Repeat("x", maxReply+1)))
	})
	if _, err := s.Fetch(t.Context(), "/long"); err == nil {
		t.Error("read without end")
	}
}
