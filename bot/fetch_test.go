package bot

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
)

// hosts answers for the whole internet: by host, then by path.
type hosts map[string]http.HandlerFunc

func (h hosts) RoundTrip(r *http.Request) (*http.Response, error) {
	handler, ok := h[r.URL.Host]
	if !ok {
		return nil, errors.New("no such host")
	}
	return direct{handler}.RoundTrip(r)
}

func get(t *testing.T, fetch fetchFunc, url string) ([]byte, error) {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := fetch(t.Context(), r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	return io.ReadAll(answer.Body)
}

func TestFetchKeepsToTheHostsThatTheTaskDeclared(t *testing.T) {
	synctest.Test(t, keepsToDeclaredHosts) // its pace takes no time there
}

func keepsToDeclaredHosts(t *testing.T) {
	reached := false
	world := hosts{
		"good.example": func(w http.ResponseWriter, r *http.Request) {
			switch r.URL.Path {
			case "/away":
				http.Redirect(w, r, "https://evil.example/", http.StatusFound)
			case "/round":
				http.Redirect(w, r, "/round", http.StatusFound)
			case "/on":
				http.Redirect(w, r, "/here", http.StatusFound)
			default:
				io.WriteString(w, "hello")
			}
		},
		"evil.example": func(http.ResponseWriter, *http.Request) { reached = true },
	}
	fetch := fetcher(Settings{Foreign: world}, []string{"good.example"})
	if got, err := get(t, fetch, "https://good.example/on"); string(got) != "hello" || err != nil {
		t.Errorf("a declared host: %q, %v", got, err)
	}
	for _, url := range []string{"https://evil.example/", "https://good.example/away", "https://good.example:8443/", "https://good.example.evil.example/"} {
		if _, err := get(t, fetch, url); !errors.Is(err, ErrForeignHost) {
			t.Errorf("%s: %v", url, err)
		}
	}
	if _, err := get(t, fetch, "https://good.example/round"); err == nil {
		t.Error("a ring of redirects has no end")
	}
	if reached {
		t.Error("the host that was not declared was reached")
	}
}

func TestFetchErrorsDoNotGiveAwayTheKeyInTheAddress(t *testing.T) {
	fetch := fetcher(Settings{Foreign: hosts{}}, []string{"good.example"})
	_, err := get(t, fetch, "https://good.example/?key=SECRET")
	if err == nil || strings.Contains(err.Error(), "SECRET") || !strings.Contains(err.Error(), "good.example") {
		t.Error(err)
	}
}

// endless is a body as long as asked for.
func endless(n int64) io.ReadCloser { return io.NopCloser(io.LimitReader(zeros{}, n)) }

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

func TestFetchEndsAnAnswerThatIsTooLongWithAnError(t *testing.T) {
	for n, good := range map[int64]bool{fetchBytes: true, fetchBytes + 1: false, 1 << 40: false} {
		got, err := io.Copy(io.Discard, &capped{ReadCloser: endless(n), left: fetchBytes})
		if (err == nil) != good || got > fetchBytes {
			t.Errorf("of %d bytes %d were read, %v", n, got, err)
		}
	}
}
