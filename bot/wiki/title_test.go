package wiki

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
)

// testRules are the titles' rules of testdata/siteinfo.json: a German wiki whose
// File: is Datei:, User: is Benutzer:, and Modul: is case-sensitive.
func testRules(t testing.TB) titleRules {
	raw, err := os.ReadFile("testdata/siteinfo.json")
	if err != nil {
		t.Fatal(err)
	}
	var a struct{ Query siteAnswer }
	if err := json.Unmarshal(raw, &a); err != nil {
		t.Fatal(err)
	}
	return newTitleRules(a.Query)
}

func TestTitlesAreNormalisedAsTheWikiDoes(t *testing.T) {
	s := &Session{titles: testRules(t)}
	for text, want := range map[string]Title{
		"foo_bar":                             {0, "Foo bar", "Foo bar"},
		"  foo __ bar  ":                      {0, "Foo bar", "Foo bar"},
		"file:a_b.jpg":                        {6, "A b.jpg", "Datei:A b.jpg"},
		"IMAGE : a b.jpg":                     {6, "A b.jpg", "Datei:A b.jpg"},
		"Bild:ä.jpg":                          {6, "Ä.jpg", "Datei:Ä.jpg"},
		"File:A%20b%26c.jpg":                  {6, "A b&c.jpg", "Datei:A b&c.jpg"},
		"File:100%.jpg":                       {6, "100%.jpg", "Datei:100%.jpg"},
		":File:A.jpg":                         {6, "A.jpg", "Datei:A.jpg"},
		"user_talk:x/y":                       {3, "X/y", "Benutzer Diskussion:X/y"},
		"Benutzerin:Ada":                      {2, "Ada", "Benutzer:Ada"},
		"module:foo":                          {828, "foo", "Modul:foo"},
		"Foo: bar":                            {0, "Foo: bar", "Foo: bar"},
		"foo#section":                         {0, "Foo", "Foo"},
		"\u200eFile:A.jpg\u200f":              {6, "A.jpg", "Datei:A.jpg"},
		"A\u00a0b\u3000c":                     {0, "A b c", "A b c"},
		"AT&amp;T":                            {0, "AT&T", "AT&T"},
		"AT&T":                                {0, "AT&T", "AT&T"},
		"e\u0301t\u00e9":                      {0, "\u00c9t\u00e9", "\u00c9t\u00e9"},
		"ß":                                   {0, "ß", "ß"},
		"ქართული":                             {0, "ქართული", "ქართული"},
		"commons:file:x.jpg":                  {6, "X.jpg", "Datei:X.jpg"},
		"😀.jpg":                               {0, "😀.jpg", "😀.jpg"},
		"a...b":                               {0, "A...b", "A...b"},
		"Special:" + strings.Repeat("x", 300): {-1, "X" + strings.Repeat("x", 299), "Special:X" + strings.Repeat("x", 299)},
		strings.Repeat("ä", 127):              {0, "Ä" + strings.Repeat("ä", 126), "Ä" + strings.Repeat("ä", 126)},
	} {
		got, err := s.Title(text)
		if err != nil || got != want {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
}

func TestTextsThatAreNoTitles(t *testing.T) {
	s := &Session{titles: testRules(t)}
	for _, text := range []string{
		"", " ", "_", ":", "File:", "#x", "a|b", "a[b", "a]]b", "{{a}}", "<b>", "a\nb", "a\x00b", "a\x7fb", "\xff\xfe",
		"a\ufffdb", ".", "..", "./a", "../a", "a/./b", "a/..", "a~~~b", "en:Foo", ":en:Foo", "VOY: x", "a%5Bb", "%2541",
		"&amp;amp;", "Talk:File:x.jpg", "Talk:en:x", "File::x", "%FF", strings.Repeat("x", 256), strings.Repeat("ä", 128),
	} {
		if got, err := s.Title(text); !errors.Is(err, ErrTitle) {
			t.Errorf("%q is taken for %+v (%v)", text, got, err)
		}
	}
}

func FuzzTitle(f *testing.F) {
	for _, seed := range []string{"file:a_b.jpg", "%41", "&#x5b;", "Talk:File:x", "commons:commons:x", ":::", "e\u0301", "ǆ", "a&lt;b", "İ:x", "\u200e:x"} {
		f.Add(seed)
	}
	rules := testRules(f)
	f.Fuzz(func(t *testing.T, text string) {
		got, err := rules.parse(text)
		if err != nil {
			return
		}
		again, err := rules.parse(got.Full)
		if strings.Contains(got.Full, "%") || strings.HasPrefix(got.Full, ":") {
			return // a percent sign may have been spelt so that it means another thing now
		}
		if err != nil || again != got {
			t.Errorf("%q is %+v, and that is %+v (%v)", text, got, again, err)
		}
		if len(got.Name) > 512+8 || strings.ContainsAny(got.Full, "[]{}|<>#\n\x00") || strings.Contains(got.Full, "_") {
			t.Errorf("%q gives %q", text, got.Full)
		}
	})
}

func TestAddressesOfPages(t *testing.T) {
	s := &Session{set: Settings{API: "https://x.example/w/api.php"},
		site: Site{Server: "https://x.example", ArticlePath: "/wiki/$1", Script: "/w/index.php"}}
	for title, want := range map[string]string{
		"A b":              "https://x.example/wiki/A_b",
		"Datei:Ä?&\"'.jpg": "https://x.example/wiki/Datei:%C3%84%3F%26%22%27.jpg",
		"A#S 1":            "https://x.example/wiki/A#S_1",
		"100%":             "https://x.example/wiki/100%25",
		"$1":               "https://x.example/wiki/$1",
	} {
		if got := s.URL(title); got != want {
			t.Errorf("%s: %s, want %s", title, got, want)
		}
	}
	s.site.Server, s.site.ArticlePath = "//x.example", "/w/index.php?title=$1"
	if got := s.URL("A b"); got != "https://x.example/w/index.php?title=A_b" {
		t.Error(got)
	}
}
