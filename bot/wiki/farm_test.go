package wiki

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// foreign is another wiki on a host of its own.
type foreign struct {
	language string // of its content; "" is home's
	server   *httptest.Server
	paths    []string
}

// newForeign serves a wiki with its API at api and its pages at article.
func newForeign(t *testing.T, api, script, article, name string) *foreign {
	f := &foreign{}
	f.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.paths = append(f.paths, r.URL.Path)
		if r.URL.Path == api {
			text := strings.ReplaceAll(siteinfo(f.server.URL), "Test Commons", name)
			text = strings.ReplaceAll(text, `"articlepath":"/wiki/$1"`, `"articlepath":"`+article+`"`)
			text = strings.ReplaceAll(text, `/w/index.php`, script)
			if f.language != "" {
				text = strings.ReplaceAll(text, `"lang":"en"`, `"lang":"`+f.language+`"`)
			}
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(text))
			return
		}
		w.Header().Set("Content-Type", "text/html")
		if strings.HasPrefix(r.URL.Path, "/strange/") {
			_, _ = w.Write([]byte(`<html><head><link rel="stylesheet" href="x"><link rel="EditURI" type="application/rsd+xml" href="/deep/api.php?action=rsd"/></head><body>`))
			return
		}
		w.WriteHeader(404)
	}))
	t.Cleanup(f.server.Close)
	return f
}

func (f *foreign) host() string { return strings.TrimPrefix(f.server.URL, "http://") }

func newTestFarm(t *testing.T, f *fake, hosts ...string) *Farm {
	t.Helper()
	s, _ := f.open()
	set := f.settings()
	set.Transport = nil
	farm := NewFarm(s, hosts, set)
	t.Cleanup(farm.Close)
	return farm
}

func TestPlaceIsTheURLWithoutTheTitle(t *testing.T) {
	f := newFake(t)
	farm := newTestFarm(t, f)
	home := f.server.URL
	host := strings.TrimPrefix(home, "http://")
	for _, c := range []struct{ wiki, url, title, key, host string }{
		{"de.wikivoyage.org", "https://de.wikivoyage.org/index.php/Ort_1", "Ort_1", "https://de.wikivoyage.org/index.php/", "de.wikivoyage.org"},
		{"x", "https://x.org/wiki/Benutzer:Admin/Galerie", "Benutzer:Admin/Galerie", "https://x.org/wiki/", "x.org"},
		{"x", "https://x.org/w/index.php?title=A%26B_%C3%84", "A&B_Ä", "https://x.org/w/index.php?title=", "x.org"},
		{"x", "//x.org/wiki/A", "A", "http://x.org/wiki/", "x.org"},
		{"x", "https://X.org:443/wiki/A", "A", "https://x.org/wiki/", "x.org"},
		{"127.0.0.1", "http://127.0.0.1:8081/en/index.php/A", "A", "http://127.0.0.1:8081/en/index.php/", "127.0.0.1:8081"},
		{"127.0.0.1", "http://127.0.0.1:8081/de/index.php/A", "A", "http://127.0.0.1:8081/de/index.php/", "127.0.0.1:8081"},
		{"enwiki", "", "A", "enwiki", "enwiki"},
		{"x", "https://x.org/wiki/wiki/A", "wiki/A", "https://x.org/wiki/", "x.org"},
		{"x", "https://x.org/wiki/Something", "Else", "https://x.org/wiki/", "x.org"},
		{"x", "javascript:alert(1)//A", "A", "x", "x"},
		{"x", "https://x.org@evil.org/wiki/A", "A", "x", "x"},
		{"h", home + "/wiki/A", "A", home + "/wiki/", host},
		{"h", home + "/w/index.php?title=A", "A", home + "/wiki/", host},
	} {
		for range 2 { // the second comes from the table
			got := farm.PlaceOf(c.wiki, c.url, c.title)
			if got != (Place{Key: c.key, Host: c.host}) {
				t.Errorf("%s %s: %+v", c.url, c.title, got)
			}
		}
	}
}

func TestTheHomeWikiIsRecognised(t *testing.T) {
	f := newFake(t)
	farm := newTestFarm(t, f)
	for _, p := range []Place{{}, farm.PlaceOf("h", f.server.URL+"/wiki/A_b", "A_b"), farm.PlaceOf("h", f.server.URL+"/w/index.php?title=A_b", "A_b")} {
		if s, err := farm.At(t.Context(), p); err != nil || s != farm.Home() {
			t.Errorf("%+v: %v", p, err)
		}
	}
	if farm.IsHome(farm.PlaceOf("h", f.server.URL+"/other/A_b", "A_b")) {
		t.Error("another wiki on the home wiki's host is taken for it")
	}
}

func TestOnlyAllowedHostsAreRead(t *testing.T) {
	f := newFake(t)
	other := newForeign(t, "/w/api.php", "/w/index.php", "/wiki/$1", "Other")
	farm := newTestFarm(t, f, "127.0.0.1", "*.example.org", "", "not a host", "a/b")
	for _, u := range []string{other.server.URL + "/wiki/A", "https://example.org/wiki/A", "https://evilexample.org/wiki/A", "https://a.example.org:8443/wiki/A"} {
		_, err := farm.At(t.Context(), farm.PlaceOf("x", u, "A"))
		if !errors.Is(err, ErrNotAllowed) || !strings.Contains(err.Error(), "HOSTS") {
			t.Errorf("%s: %v", u, err)
		}
	}
	if _, err := farm.At(t.Context(), Place{Key: "enwiki", Host: "enwiki"}); !errors.Is(err, ErrNotAllowed) {
		t.Errorf("a database name: %v", err)
	}
	if len(other.paths) != 0 {
		t.Errorf("asked for %q", other.paths)
	}
	if !farm.allows("a.example.org") {
		t.Error("*.example.org does not allow a.example.org")
	}
}

func TestTheAPIOfAnotherWikiIsFound(t *testing.T) {
	for name, c := range map[string]struct{ api, script, article, page string }{
		"usual path":      {"/w/api.php", "/w/index.php", "/wiki/$1", "/wiki/A"},
		"root":            {"/api.php", "/index.php", "/$1", "/A"},
		"beside the page": {"/two/api.php", "/two/index.php", "/two/index.php/$1", "/two/index.php/A"},
		"EditURI":         {"/deep/api.php", "/deep/index.php", "/strange/$1", "/strange/A"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			other := newForeign(t, c.api, c.script, c.article, "Other")
			farm := newTestFarm(t, f, other.host())
			p := farm.PlaceOf("x", other.server.URL+c.page, "A")
			s, err := farm.At(t.Context(), p)
			if err != nil {
				t.Fatal(err)
			}
			if s.Site().Name != "Other" || s.Account().Name != "" || s.Limit() != 50 {
				t.Errorf("%+v", s.Site())
			}
			n := len(other.paths)
			if again, err := farm.At(t.Context(), p); err != nil || again != s || len(other.paths) != n {
				t.Error("opened twice")
			}
			if got := farm.Name(t.Context(), p, "en"); got != "Other" {
				t.Errorf("called %q", got)
			}
		})
	}
}

func TestAnEditURIOnAnotherHostIsNotFollowed(t *testing.T) {
	f := newFake(t)
	elsewhere := newForeign(t, "/w/api.php", "/w/index.php", "/wiki/$1", "Elsewhere")
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte(`<link rel="EditURI" href="` + elsewhere.server.URL + `/w/api.php?action=rsd">`))
	}))
	t.Cleanup(page.Close)
	farm := newTestFarm(t, f, strings.TrimPrefix(page.URL, "http://"), elsewhere.host())
	if s, err := farm.At(t.Context(), farm.PlaceOf("x", page.URL+"/wiki/A", "A")); err == nil {
		t.Errorf("opened %q", s.Host())
	}
	if len(elsewhere.paths) != 0 {
		t.Errorf("asked for %q", elsewhere.paths)
	}
}

func TestAConfiguredAPIIsAskedFirst(t *testing.T) {
	f := newFake(t)
	other := newForeign(t, "/odd/place/api.php", "/odd/place/index.php", "/wiki/$1", "Other")
	farm := newTestFarm(t, f, other.server.URL+"/odd/place/api.php")
	if _, err := farm.At(t.Context(), farm.PlaceOf("x", other.server.URL+"/wiki/A", "A")); err != nil {
		t.Fatal(err)
	}
	if len(other.paths) != 1 {
		t.Errorf("asked for %q", other.paths)
	}
}

func TestAnotherWikiOnTheHostIsNotTakenForTheOneAsked(t *testing.T) {
	f := newFake(t)
	other := newForeign(t, "/w/api.php", "/w/index.php", "/wiki/$1", "Other")
	farm := newTestFarm(t, f, other.host())
	p := farm.PlaceOf("x", other.server.URL+"/second/index.php/A", "A")
	if s, err := farm.At(t.Context(), p); err == nil {
		t.Errorf("opened %+v", s.Site())
	}
	n := len(other.paths)
	for range 10 {
		_, _ = farm.At(t.Context(), p)
	}
	if len(other.paths) != n {
		t.Error("a wiki that cannot be opened is asked for each row")
	}
	f.now = f.now.Add(restAfterFailure)
	if _, _ = farm.At(t.Context(), p); len(other.paths) == n {
		t.Error("a wiki that could not be opened is never tried again")
	}
}

func TestWikisWithOneNameAreToldApartByHost(t *testing.T) {
	f := newFake(t)
	one := newForeign(t, "/w/api.php", "/w/index.php", "/wiki/$1", "Wikipedia")
	two := newForeign(t, "/w/api.php", "/w/index.php", "/wiki/$1", "Wikipedia")
	farm := newTestFarm(t, f, one.host(), two.host())
	p1, p2 := farm.PlaceOf("x", one.server.URL+"/wiki/A", "A"), farm.PlaceOf("x", two.server.URL+"/wiki/A", "A")
	_, _ = farm.At(t.Context(), p1)
	_, _ = farm.At(t.Context(), p2)
	for p, want := range map[Place]string{p1: "Wikipedia (" + one.host() + ")", p2: "Wikipedia (" + two.host() + ")",
		{}: "Test Commons", {Key: "https://no.example/wiki/", Host: "no.example"}: "no.example"} {
		if got := farm.Name(t.Context(), p, "en"); got != want {
			t.Errorf("%+v is called %q, want %q", p, got, want)
		}
	}
}

func TestAWikiOfAnotherLanguageIsNamedWithIt(t *testing.T) {
	f := newFake(t)
	german := newForeign(t, "/w/api.php", "/w/index.php", "/wiki/$1", "Wikivoyage")
	german.language = "de"
	farm := newTestFarm(t, f, german.host())
	p := farm.PlaceOf("x", german.server.URL+"/wiki/A", "A")
	for reader, want := range map[string]string{"en": "Wikivoyage (German)", "de": "Wikivoyage (Deutsch)",
		"fr": "Wikivoyage (allemand)", "zh-hans": "Wikivoyage (德语)", "tlh": "Wikivoyage (German)"} {
		if got := farm.Name(t.Context(), p, reader); got != want {
			t.Errorf("for readers of %s it is called %q, want %q", reader, got, want)
		}
	}
}

// wikimedia makes the fake a wiki of a farm with sitematrix and localised names.
func wikimedia(f *fake) {
	host := strings.TrimPrefix(f.server.URL, "http://")
	f.answer = func(w http.ResponseWriter, r *http.Request) bool {
		switch {
		case r.Form.Get("action") == "sitematrix":
			f.write(w, `{"sitematrix":{"count":4,"0":{"code":"de","name":"Deutsch","site":[{"url":"https://de.wikivoyage.org","dbname":"dewikivoyage","code":"wikivoyage","sitename":"Wikivoyage"}]},
				"specials":[{"url":"http://`+host+`","dbname":"commonswiki","code":"commons"},{"url":"https://arbcom.example.org","dbname":"arbcomwiki","code":"x","private":true}]}}`)
		case r.Form.Get("meta") == "allmessages" && r.Form.Get("amlang") == "de":
			f.write(w, `{"batchcomplete":true,"query":{"allmessages":[{"name":"project-localized-name-dewikivoyage","normalizedname":"project-localized-name-dewikivoyage","content":"Deutschsprachige Wikivoyage"},{"name":"project-localized-name-xwiki","missing":true}]}}`)
		case strings.Contains(r.Form.Get("meta"), "siteinfo"):
			f.write(w, strings.Replace(siteinfo(f.server.URL), `"extensions":[`, `"extensions":[{"name":"SiteMatrix"},{"name":"WikimediaMessages"},`, 1))
		default:
			return false
		}
		return true
	}
}

func TestWikimediaNamesComeFromItsMessages(t *testing.T) {
	f := newFake(t)
	wikimedia(f)
	farm := newTestFarm(t, f)
	p := farm.PlaceOf("de.wikivoyage.org", "https://de.wikivoyage.org/wiki/A", "A")
	for range 3 {
		if got := farm.Name(t.Context(), p, "de"); got != "Deutschsprachige Wikivoyage" {
			t.Errorf("called %q", got)
		}
	}
	if n := len(f.asked()); n != 2 {
		t.Errorf("%d requests for one name asked three times, want 2", n)
	}
	if got := farm.Name(t.Context(), p, "xx"); got != "de.wikivoyage.org" {
		t.Errorf("without a name: %q", got)
	}
	if got := farm.Name(t.Context(), Place{Key: "dewikivoyage", Host: "dewikivoyage"}, "de"); got != "Deutschsprachige Wikivoyage" {
		t.Errorf("by database name: %q", got)
	}
}

func TestSamePersonByMode(t *testing.T) {
	f := newFake(t)
	wikimedia(f)
	farm := newTestFarm(t, f)
	sister := farm.PlaceOf("x", "https://de.wikivoyage.org/wiki/A", "A")
	private := farm.PlaceOf("x", "https://arbcom.example.org/wiki/A", "A")
	stranger := farm.PlaceOf("x", "https://wiki.example.net/wiki/A", "A")
	for _, c := range []struct {
		p    Place
		mode string
		want bool
	}{
		{Place{}, "none", true}, {sister, "none", false}, {stranger, "all", true},
		{sister, "sitematrix", true}, {stranger, "sitematrix", false}, {private, "sitematrix", false},
		{Place{}, "sitematrix", true}, {sister, "", true},
	} {
		if got := farm.SamePerson(t.Context(), c.p, c.mode); got != c.want {
			t.Errorf("%+v, %s: %v", c.p, c.mode, got)
		}
	}
	plain := newTestFarm(t, newFake(t))
	if plain.SamePerson(t.Context(), sister, "sitematrix") {
		t.Error("the same person without a sitematrix")
	}
}

func TestHostsOfHOSTS(t *testing.T) {
	for entry, want := range map[string]allowedHost{
		"Commons.Wikimedia.org":     {host: "commons.wikimedia.org"},
		"h:8080":                    {host: "h:8080"},
		"*.w.org":                   {host: "w.org", suffix: true},
		"https://h.org/w/api.php":   {host: "h.org", api: "https://h.org/w/api.php"},
		"http://[::1]:8080/api.php": {host: "[::1]:8080", api: "http://[::1]:8080/api.php"},
	} {
		if got, err := parseHost(entry); err != nil || got != want {
			t.Errorf("%s: %+v, %v", entry, got, err)
		}
	}
	for _, entry := range []string{"a/b", "*", "*.*.org", "u@h", "ftp://h/api.php", "a b", "h?x"} {
		if got, err := parseHost(entry); err == nil {
			t.Errorf("%q is read as %+v", entry, got)
		}
	}
}

func FuzzPlaceOf(f *testing.F) {
	for _, s := range [][3]string{{"w", "https://x.org/wiki/A", "A"}, {"w", "//x/A%2", "%"}, {"", "", ""}, {"w", "https://x.org/index.php?title=%C3%84", "Ä"}} {
		f.Add(s[0], s[1], s[2])
	}
	home, err := newSession(Settings{API: "https://home.example/w/api.php", Contact: "c@example.org"})
	if err != nil {
		f.Fatal(err)
	}
	home.site = Site{Server: "https://home.example", ArticlePath: "/wiki/$1", Script: "/w/index.php"}
	f.Fuzz(func(t *testing.T, wiki, address, title string) {
		farm := NewFarm(home, nil, Settings{Contact: "c@example.org"})
		p := farm.PlaceOf(wiki, address, title)
		if p != farm.PlaceOf(wiki, address, title) {
			t.Error("not the same place twice")
		}
		u, err := url.Parse(p.Key)
		if err == nil && u.Host != "" && p.Key != wiki && u.User != nil {
			t.Errorf("a key with a user: %+v", p)
		}
	})
}
