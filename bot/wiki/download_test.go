package wiki

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"filewarden/bot/sandbox/picture"
)

// another is a server that must not be asked, unless the test gives it a handler.
func another(t *testing.T, h http.HandlerFunc) *httptest.Server {
	if h == nil {
		h = func(_ http.ResponseWriter, r *http.Request) { t.Errorf("%s was asked for %s", r.Host, r.URL) }
	}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server
}

// media lets the fake serve files beneath /images/.
func (f *fake) media(h http.HandlerFunc) {
	f.answer = func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasPrefix(r.URL.Path, "/images/") && !strings.Contains(r.URL.Path, "img_auth") {
			return false
		}
		w.Header().Set("Content-Type", "image/png")
		h(w, r)
		return true
	}
}

func TestAPictureIsReadWithoutTheLogin(t *testing.T) {
	f := newFake(t)
	f.media(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Cookie") != "" || r.Header.Get("Authorization") != "" || !strings.Contains(r.UserAgent(), "ops@example.org") {
			t.Errorf("the request had %v", r.Header)
		}
		fmt.Fprint(w, "a picture")
	})
	s, _ := f.open()
	for _, address := range []string{f.server.URL + "/images/a.png", "/images/a.png", strings.TrimPrefix(f.server.URL, "http:") + "/images/a.png"} {
		if got, err := s.Download(t.Context(), address, Limits{}); err != nil || string(got) != "a picture" {
			t.Errorf("%s: %q, %v", address, got, err)
		}
	}
	if s.Stats().Actions["download"] != 3 {
		t.Errorf("counted %v", s.Stats())
	}
}

func TestFilesOfAPrivateWikiAreReadWithTheLogin(t *testing.T) {
	f := newFake(t)
	f.media(func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.Header.Get("Cookie"), "session=here") {
			t.Errorf("the request had %v", r.Header)
		}
		fmt.Fprint(w, "a picture")
	})
	s, _ := f.open()
	if _, err := s.Download(t.Context(), f.server.URL+"/w/img_auth.php/a/a9/A.png", Limits{}); err != nil {
		t.Error(err)
	}
}

func TestAHostileAddressIsNotAsked(t *testing.T) {
	f := newFake(t)
	s, _ := f.open()
	elsewhere := another(t, nil)
	own, _ := url.Parse(f.server.URL)
	for name, address := range map[string]string{
		"another host":           elsewhere.URL + "/a.png",
		"no scheme":              strings.TrimPrefix(elsewhere.URL, "http:") + "/a.png",
		"a file of this machine": "file:///etc/passwd",
		"a name in the address":  "http://" + own.Host + "@" + strings.TrimPrefix(elsewhere.URL, "http://") + "/a.png",
		"a login in the address": "http://u:p@" + own.Host + "/images/a.png",
		"another port":           "http://" + own.Hostname() + ":1/a.png",
		"data":                   "data:image/png;base64,AAAA",
		"scripts":                "javascript:alert(1)",
		"nothing":                "",
		"garbage":                "http://[::1",
	} {
		_, err := s.Download(t.Context(), address, Limits{})
		var refused *MediaError
		if !errors.As(err, &refused) || !errors.Is(err, ErrForeignMedia) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAHostileAnswerIsRefused(t *testing.T) {
	elsewhere := another(t, nil)
	endless := func(w http.ResponseWriter, _ *http.Request) {
		for {
			if _, err := w.Write(bytes.Repeat([]byte("x"), 1<<16)); err != nil {
				return
			}
		}
	}
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   error
	}{
		"redirect to another host": {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere.URL, http.StatusFound) }, ErrForeignMedia},
		"redirect to a file": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
		}, ErrForeignMedia},
		"redirect in a circle": {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/images/b.png", http.StatusFound) }, ErrNoPicture},
		"redirect to nowhere":  {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusFound) }, ErrNoPicture},
		"endless":              {endless, ErrMediaTooLarge},
		"announced as too large": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "5000")
			_, _ = w.Write(make([]byte, 5000))
		}, ErrMediaTooLarge},
		"a bomb": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			_, _ = z.Write(make([]byte, 1<<20))
			_ = z.Close()
		}, ErrMediaTooLarge},
		"HTML": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprint(w, "<html>Hello")
		}, ErrNoPicture},
		"no type": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Content-Type"] = nil
			fmt.Fprint(w, "x")
		}, ErrNoPicture},
		"nothing": {func(http.ResponseWriter, *http.Request) {}, ErrNoPicture},
		"gone":    {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) }, ErrGone},
		"packed oddly": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "br")
			fmt.Fprint(w, "x")
		}, ErrNoPicture},
		"gone for ever": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) }, ErrGone},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.media(c.answer)
			s, _ := f.open()
			body, err := s.Download(t.Context(), f.server.URL+"/images/a.png", Limits{Bytes: 4096})
			if !errors.Is(err, c.want) || body != nil {
				t.Errorf("%d bytes, %v", len(body), err)
			}
		})
	}
}

func TestADownloadWaitsAsTheHostAsks(t *testing.T) {
	f := newFake(t)
	statuses := []int{http.StatusTooManyRequests, http.StatusServiceUnavailable, http.StatusOK}
	f.media(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "40")
		w.WriteHeader(statuses[0])
		statuses = statuses[1:]
		fmt.Fprint(w, "a picture")
	})
	s, _ := f.open()
	if got, err := s.Download(t.Context(), "/images/a.png", Limits{}); err != nil || string(got) != "a picture" {
		t.Fatalf("%q, %v", got, err)
	}
	var waited time.Duration
	for _, d := range f.slept {
		waited += d
	}
	if waited < 80*time.Second {
		t.Errorf("waited %v", f.slept)
	}
}

func TestHalfAPictureIsAskedForAgain(t *testing.T) {
	f := newFake(t)
	n := 0
	f.media(func(w http.ResponseWriter, _ *http.Request) {
		if n++; n == 1 {
			w.Header().Set("Content-Length", "9")
			fmt.Fprint(w, "a pic")
			return
		}
		fmt.Fprint(w, "a picture")
	})
	s, _ := f.open()
	if got, err := s.Download(t.Context(), "/images/a.png", Limits{}); err != nil || string(got) != "a picture" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestADownloadEndsWithItsContext(t *testing.T) {
	f := newFake(t)
	f.media(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
	s, _ := f.open()
	ctx, cancel := context.WithCancel(t.Context())
	s.set.Sleep = func(context.Context, time.Duration) error { cancel(); return ctx.Err() }
	if _, err := s.Download(ctx, "/images/a.png", Limits{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// The wiki tells of a host for its files, and of a repository that others share.
func TestTheWikiTellsWhereItsFilesAre(t *testing.T) {
	files := another(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Cookie") != "" || r.Header.Get("Authorization") != "" {
			t.Error("the login was sent elsewhere")
		}
		w.Header().Set("Content-Type", "image/jpeg")
		_, _ = w.Write(picture.Tiny(1))
	})
	shared := another(t, nil)
	f := newFake(t)
	f.says(fmt.Sprintf(`{"batchcomplete":true,"query":{"repos":[{"name":"local","local":true,"url":"%[1]s/files","thumbUrl":"%[1]s/thumbs"},
		{"name":"shared","local":false,"url":"%[2]s/files"}]}}`, files.URL, shared.URL))
	s, _ := f.open()
	for range 2 {
		if _, err := s.Download(t.Context(), files.URL+"/files/img_auth.php/a.jpg", Limits{}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Download(t.Context(), shared.URL+"/files/a.jpg", Limits{}); !errors.Is(err, ErrForeignMedia) {
		t.Errorf("from the shared repository: %v", err)
	}
	if n := len(f.asked()); n != 1 {
		t.Errorf("the wiki was asked %d times", n)
	}
}

func TestAWikiBehindTLSHasNoFilesWithoutIt(t *testing.T) {
	api, _ := url.Parse("https://wiki.example/w/api.php")
	s := &Session{set: defaults(Settings{API: api.String(), Contact: "ops@example.org"}), api: api, host: api.Host}
	if _, err := s.Download(t.Context(), "http://wiki.example/images/a.png", Limits{}); !errors.Is(err, ErrForeignMedia) {
		t.Error(err)
	}
}

func TestWikimediasFilesAreOnTwoHosts(t *testing.T) {
	for address, yes := range map[string]bool{
		"https://commons.wikimedia.org/w/api.php": true, "https://de.wikipedia.org/w/api.php": true, "https://www.mediawiki.org/w/api.php": true,
		"http://commons.wikimedia.org/w/api.php": false, "https://wikimedia.org.example.com/w/api.php": false, "https://evilwikimedia.org/w/api.php": false,
	} {
		api, _ := url.Parse(address)
		s := &Session{set: defaults(Settings{API: address}), api: api}
		_, err := s.checkMedia("https://upload.wikimedia.org/wikipedia/commons/a/a9/Example.jpg", func(string) ([]string, error) { return s.mediaHosts(), nil })
		if (err == nil) != yes {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestAThumbnailOfTheSandboxIsAPicture(t *testing.T) {
	w, s, _ := openWiki(t)
	w.Upload("Alice", "A b.jpg", picture.JPEG(picture.Photo(1, 1200, 900), 90), "x")
	o, err := s.Get(t.Context(), Params{"action": "query", "titles": "File:A b.jpg", "prop": "imageinfo", "iiprop": "url", "iiurlwidth": "960"})
	if err != nil {
		t.Fatal(err)
	}
	pages, _ := o.GetObjectArray("query", "pages")
	info, _ := pages[0].GetObjectArray("imageinfo")
	address, _ := info[0].GetString("thumburl")
	body, err := s.Download(t.Context(), address, Limits{})
	if err != nil || !bytes.HasPrefix(body, []byte("\xff\xd8")) {
		t.Fatalf("%d bytes of %s, %v", len(body), address, err)
	}
	w.Delete("Admin", "File:A b.jpg", "gone")
	if _, err := s.Download(t.Context(), address, Limits{}); !errors.Is(err, ErrGone) {
		t.Errorf("after the deletion: %v", err)
	}
}
