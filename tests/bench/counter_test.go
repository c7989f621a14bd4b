package bench

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
)

func TestCounterSeesWhatPassesAndPassesItOnWhole(t *testing.T) {
	wiki := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.FormValue("titles"))
	}))
	defer wiki.Close()
	c := newCounter(t, wiki.URL)
	first := c.reset()
	for _, ask := range []func() (*http.Response, error){
		func() (*http.Response, error) {
			return http.Get(c.URL + "/w/api.php?action=query&prop=fileusage&titles=File:A.png")
		},
		func() (*http.Response, error) {
			return http.PostForm(c.URL+"/w/api.php?action=query", url.Values{"prop": {"fileusage"}, "titles": {"File:B.png"}})
		},
	} {
		answer, err := ask()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		if err != nil || len(body) != len("File:A.png") {
			t.Errorf("the wiki was asked for %q, error %v", body, err)
		}
		_ = answer.Body.Close()
	}
	select {
	case <-first:
	default:
		t.Error("the first request was not told")
	}
	if got := c.requests(); got.with("prop=fileusage") != 2 || got.bytes() != 20 {
		t.Errorf("counted %+v, want two for fileusage with 20 bytes", got)
	}
}

func TestRequestsBeyondTheUsualAreCountedByKind(t *testing.T) {
	usual := traffic{{Kind: "prop=info"}, {Kind: "list=logevents"}}
	now := traffic{{Kind: "prop=info"}, {Kind: "prop=info"}, {Kind: "prop=info"}, {Kind: "prop=templates"}}
	got := now.beyond(usual)
	if len(got) != 2 || got["prop=info"] != 2 || got["prop=templates"] != 1 {
		t.Errorf("beyond the usual: %v, want 2 prop=info and 1 prop=templates", got)
	}
}
