package wiki

import (
	"net/url"
	"testing"
)

func TestTheTitleInAnAddressIsFoundInEveryForm(t *testing.T) {
	s := &Session{titles: testRules(t), set: Settings{API: "https://api.x.example/w/api.php"},
		site: Site{Server: "//x.example", ArticlePath: "/wiki/$1", Script: "/w/index.php"}}
	for address, want := range map[string]string{
		"https://x.example/wiki/MediaWiki:Gadget-x.js":                "MediaWiki:Gadget-x.js",
		"http://X.example:80/wiki/MediaWiki:Gadget-x.js#L-3":          "MediaWiki:Gadget-x.js",
		"https://x.example/wiki/%C3%84_b":                             "Ä_b",
		"https://x.example/w/index.php?title=User:A/b.js&action=edit": "User:A/b.js",
		"https://x.example/w/index.php/User:A/b.js":                   "User:A/b.js",
		"https://api.x.example/wiki/A":                                "A",
		"https://x.example/w/index.php?curid=3":                       "",
		"https://x.example/wiki/":                                     "",
		"https://x.example/other/A":                                   "",
		"https://y.example/wiki/A":                                    "",
		"https://x.example.evil.example/wiki/A":                       "",
		"https://x.example@evil.example/wiki/A":                       "",
		"https://user:password@x.example/wiki/A":                      "",
		"https://x.example:8443/wiki/A":                               "",
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := s.TitleOf(u); got != want || ok != (want != "") {
			t.Errorf("%s: %q, %v; want %q", address, got, ok, want)
		}
	}
	s.site.ArticlePath = "/w/index.php?title=$1"
	if u, _ := url.Parse(s.URL("A b")); u != nil {
		if got, ok := s.TitleOf(u); !ok || got != "A_b" {
			t.Errorf("%s: %q", u, got)
		}
	}
}
