package provider

import (
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestAnAddressIsWrittenInOneWayOrDropped(t *testing.T) {
	for foreign, want := range map[string]string{
		"http://A.example:80/b.jpg#c":                          "http://a.example/b.jpg",
		"https://a.example:443":                                "https://a.example/",
		"https://a.example:8443/?q=1&r=2":                      "https://a.example:8443/?q=1&r=2",
		"https://user:word@a.example/":                         "https://a.example/",
		"https://a.example./x":                                 "https://a.example/x",
		"https://bücher.example/ä?ö=\u202e":                    "https://xn--bcher-kva.example/%C3%A4?%C3%B6=%E2%80%AE",
		"https://a.example/[[x]]{{y}}|'<b>?[z]|":               "https://a.example/%5B%5Bx%5D%5D%7B%7By%7D%7D%7C%27%3Cb%3E?%5Bz%5D%7C",
		"https://a.example/%5B%2F":                             "https://a.example/%5B%2F",
		"http://[2001:db8::1]:8080/":                           "",
		"javascript:alert(1)":                                  "",
		"https:a.example":                                      "",
		"data:image/png;base64,AAAA":                           "",
		"//a.example/":                                         "",
		"https:///x":                                           "",
		"https://a<b.example/":                                 "",
		"https://a.example/\n":                                 "https://a.example/",
		"https://a.example/\nb":                                "",
		"https://a.example/" + strings.Repeat("a", maxAddress): "",
		"https://a.example/" + strings.Repeat("ä", 900):        "",
		"": "",
	} {
		if got, ok := address(foreign); ok != (want != "") || ok && got != want {
			t.Errorf("%q becomes %q, %v", foreign, got, ok)
		}
	}
}

func TestForeignTextBecomesPlainAndShort(t *testing.T) {
	for foreign, want := range map[string]string{
		"<b>Harbour</b> &amp; more":             "Harbour & more",
		"a\u202eb\u200b\x00\ufeffc\u2028d\nd\t": "abc d d",
		"<script>alert(1)</script>x":            "alert(1)x",
		"&lt;b&gt; 1 < 2":                       "<b> 1 < 2",
		"می\u200cخواهم":                         "می\u200cخواهم",
		"\xff\xfe":                              "",
		strings.Repeat("ä", 300):                strings.Repeat("ä", 199) + "…",
	} {
		if got := plain(foreign, maxTitle); got != want {
			t.Errorf("%q becomes %q, want %q", foreign, got, want)
		}
	}
}

func TestWordsThatRepeatAKeyAreNotShownNotEvenInPart(t *testing.T) {
	c := newCaller("google", googleEndpoint, Options{}, "", "s3cret-and-long")
	for _, said := range []string{"no s3cret-and-long", strings.Repeat("x", maxSaid-5) + "s3cret-and-long", "s3cret<b></b>-and-long"} {
		if got := c.words(said); strings.Contains(got, "s3c") {
			t.Errorf("%q is shown", got)
		}
	}
	if got := c.words("quota <b>exceeded</b>"); got != "quota exceeded" {
		t.Errorf("harmless words become %q", got)
	}
}

func TestMatchesOfOneAddressBecomeTheBestOfThem(t *testing.T) {
	old, young := time.Date(2010, 1, 2, 0, 0, 0, 0, time.UTC), time.Date(2020, 1, 2, 0, 0, 0, 0, time.UTC)
	got := merge([]Match{
		{URL: "http://a.example/1", Percent: 60, Kind: Partial, Provider: "google", Page: "https://p.example/", PageTitle: "P"},
		{URL: "https://b.example/", Percent: 70, Kind: Partial, Provider: "google", Crawled: young},
		{URL: "https://a.example/1", Percent: 97, Kind: Full, Provider: "tineye", Crawled: young},
		{URL: "https://a.example/1", Percent: 50, Kind: Partial, Provider: "yandex", Crawled: old, Stock: true},
		{URL: "https://a.example/1", Percent: 50, Kind: Partial, Provider: "yandex"},
	})
	want := []Match{
		{URL: "https://a.example/1", Percent: 97, Kind: Full, Provider: "tineye", Also: []string{"google", "yandex"},
			Page: "https://p.example/", PageTitle: "P", Crawled: old, Stock: true},
		{URL: "https://b.example/", Percent: 70, Kind: Partial, Provider: "google", Crawled: young},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAnAnswerIsBoundedAndItsBestMatchesStay(t *testing.T) {
	now := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	var said []Match
	for i := range 500 {
		said = append(said, Match{URL: "https://a.example/" + strings.Repeat("x", i), Percent: i - 200, Kind: Full, Crawled: now.AddDate(1, 0, 0)})
	}
	got := tidy(said, "google", now)
	if len(got) != maxMatches || got[0].Percent != 100 || !got[0].Crawled.IsZero() {
		t.Errorf("%d matches, the best %+v", len(got), got[0])
	}
}

// sound fails where a match is not fit to be stored and shown.
func sound(t *testing.T, a Answer) {
	t.Helper()
	if len(a.Matches) > maxMatches {
		t.Errorf("%d matches", len(a.Matches))
	}
	seen := map[string]bool{}
	for _, m := range a.Matches {
		for _, written := range []string{m.URL, m.Page} {
			u, err := url.Parse(written)
			if written == m.Page && written == "" {
				continue
			}
			if again, ok := address(written); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || !ok || again != written {
				t.Errorf("the address %q (%v, %q)", written, err, again)
			}
			if strings.ContainsAny(written, " <>[]{}|\"'\\") || strings.IndexFunc(written, func(r rune) bool { return r >= 0x7F || r < ' ' }) >= 0 {
				t.Errorf("the address %q holds what does not belong there", written)
			}
		}
		if seen[matchKey(m.URL)] {
			t.Errorf("%q twice", m.URL)
		}
		seen[matchKey(m.URL)] = true
		if m.Percent < 0 || m.Percent > 100 || m.Kind == "" || m.Provider == "" {
			t.Errorf("the match %+v", m)
		}
		if n := utf8.RuneCountInString(m.PageTitle); n > maxTitle || strings.IndexFunc(m.PageTitle, func(r rune) bool {
			return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)
		}) >= 0 {
			t.Errorf("the title %q", m.PageTitle)
		}
	}
}
