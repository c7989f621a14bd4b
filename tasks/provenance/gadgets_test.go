package provenance

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestTheListOfGadgetsIsReadAsTheExtensionReadsIt(t *testing.T) {
	text := `
Introduction
== first ==
* popups[ResourceLoader|default|dependencies=mediawiki.util, mediawiki.api|peers=popups-style]|popups.js|popups.css
** My clock [ResourceLoader | rights = edit , move | skins=vector,minerva | hidden] | clock.js | clock_data.json |
<!-- * gone[ResourceLoader]|gone.js
-->
=== second ===
*plain|plain.js
* styles [type=styles|unknown option=1|package] |styles.css
*popups-style[type=styles|hidden]|popups style.css
* no pages
* 1badName|x.js
* bad-|x.js
* empty[]||
not a gadget|x.js
== bad * section ==
* plain [default] | second.js
* x|<nowiki>y</nowiki>.js
`
	want := []gadget{
		{Name: "popups", Section: "first", Default: true, Dependencies: []string{"mediawiki.util", "mediawiki.api"}, Peers: []string{"popups-style"},
			Pages: []string{"Gadget-popups.js", "Gadget-popups.css"}},
		{Name: "My_clock", Section: "first", Hidden: true, Rights: []string{"edit", "move"}, Skins: []string{"vector", "minerva"},
			Pages: []string{"Gadget-clock.js", "Gadget-clock data.json"}},
		{Name: "styles", Section: "second", Type: "styles", Package: true, Pages: []string{"Gadget-styles.css"}},
		{Name: "popups-style", Section: "second", Type: "styles", Hidden: true, Pages: []string{"Gadget-popups style.css"}},
		{Name: "empty", Section: "second"},
		{Name: "plain", Section: "second", Default: true, Pages: []string{"Gadget-second.js"}},
		{Name: "x", Section: "second", Pages: []string{"Gadget-<nowiki>y</nowiki>.js"}},
	}
	if diff := cmp.Diff(want, parseDefinition(text)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(parseDefinition(text), parseDefinition(crlf(text))); diff != "" {
		t.Errorf("with other line ends: %s", diff)
	}
}

func crlf(text string) (out string) {
	for _, r := range text {
		if r == '\n' {
			out += "\r"
		}
		out += string(r)
	}
	return out
}

func TestTheUsersOfAGadgetAreFoundWhateverTheNamespaceOfTheRow(t *testing.T) {
	for title, want := range map[string]string{
		"MediaWiki:gadget-My clock": "My_clock", "Gadget:gadget-popups": "popups", "Special:Badtitle/NS77:gadget-a:b": "a:b", "gadget-x": "x",
	} {
		if got, ok := gadgetOfPreference(title); !ok || got != want {
			t.Errorf("%s is %q, want %q", title, got, want)
		}
	}
	if _, ok := gadgetOfPreference("MediaWiki:Other"); ok {
		t.Error("a row without the name of an option counts")
	}
}

func TestTheOverviewTellsHowManyUseAGadget(t *testing.T) {
	w := withGadget(t, live)
	w.wiki.Edit("Carol", "MediaWiki:Gadget-clock.js", offStep, "")
	for _, user := range []string{"Alice", "Bob", "Dora"} {
		w.wiki.SetOption(user, "gadget-clock", "1")
	}
	w.wiki.SetOption("Erin", "gadget-clock", "0")
	w.pass()
	w.has("Provenance", "! scope=\"row\" style=\"text-align:start; font-weight:normal\" | clock\n| style=\"text-align:end\" data-sort-value=\"3\" | 3\n")
	w.has("Provenance/MediaWiki:Gadget-clock.js/report", "3 users have switched it on")
}

func TestThatNobodySwitchedAGadgetOnIsRemembered(t *testing.T) {
	w := withGadget(t, live)
	w.wiki.Edit("Carol", "MediaWiki:Gadget-clock.js", offStep, "")
	w.pass()
	w.has("Provenance/MediaWiki:Gadget-clock.js/report", "Nobody has switched it on")
	w.clock.Add(-int64(23 * time.Hour)) // the next pass does not count again
	w.pass()
	w.has("Provenance/MediaWiki:Gadget-clock.js/report", "Nobody has switched it on")
}

func TestAGadgetWhosePageDoesNotExistHasNoReport(t *testing.T) {
	w := newWorld(t, live)
	w.wiki.Edit("Admin", "MediaWiki:Gadgets-definition", definition, "")
	w.follow("Alice", "popups")
	if got := toldLines(w.pass()); got != "" {
		t.Errorf("told %s", got)
	}
	w.wiki.Edit("Carol", gadgetPage, offStep, "")
	if got := toldLines(w.pass()); got != "Alice: "+gadgetPage+" stands 1/0/0" {
		t.Errorf("once it exists, told %q", got)
	}
}

func TestNumbersOfUsersAreRounded(t *testing.T) {
	for n, want := range map[int]int{0: 0, 7: 7, 99: 99, 104: 100, 105: 110, 12345: 12000, 99600: 100000} {
		if got := rounded(n); got != want {
			t.Errorf("%d is %d, want %d", n, got, want)
		}
	}
}
