package copyvio

import (
	"fmt"
	"testing"

	"filewarden/tasks/copyvio/casebook"
	"filewarden/tasks/copyvio/provider/providertest"
)

func TestAddressesCoverWhatTheirLineSays(t *testing.T) {
	for _, test := range []struct {
		line, address string
		want          bool
	}{
		{"example.org", "https://example.org/x", true}, {"example.org", "http://www.example.org", true}, {"example.org", "https://a.b.example.org/x", true},
		{"Example.ORG", "https://EXAMPLE.org:8080/x", true}, {"*.example.org", "https://a.example.org/", true}, {"https://www.example.org", "https://example.org/", true},
		{"example.org", "https://badexample.org/", false}, {"example.org", "https://example.org.evil.net/", false}, {"example.org", "https://evil.net/example.org", false},
		{"example.org/a/", "https://example.org/a/b.jpg", true}, {"example.org/a/", "https://example.org/b/a/", false}, {"example.org/a/", "https://example.org", false},
		{"web.example.org/2020/https://a.example/", "https://web.example.org/2020/https://a.example/b.jpg", true},
		{"web.example.org/2020/https://a.example/", "https://a.example/b.jpg", false},
		{`/^photos\.example\.net\/\d+/`, "https://photos.example.net/12", true}, {`/^photos\.example\.net\/\d+/`, "https://photos.example.net/x", false},
		{"example.org", "javascript:alert(1)//example.org", false}, {"example.org", "://", false}, {"example.org", "", false},
		{"example.org/p?id=1", "https://example.org/p?id=1", true}, {"example.org/p?id=1", "https://example.org/p?id=2", false},
	} {
		a, wrong := newAddresses([]string{test.line})
		if got := a.covers(test.address); got != test.want || len(wrong) > 0 {
			t.Errorf("%s covers %s: %v (%v)", test.line, test.address, got, wrong)
		}
	}
}

func TestALineThatIsNoAddressMatchesNothingAndIsTold(t *testing.T) {
	for _, line := range []string{"", " ", "/(/", "https://", "*", "a b", "*.*"} {
		if a, wrong := newAddresses([]string{line}); len(a) > 0 || len(wrong) != 1 {
			t.Errorf("%q: %d addresses, %v", line, len(a), wrong)
		}
	}
}

func TestWhatIsToBeWithheldIsOnNoPage(t *testing.T) {
	w := newWorld(t, config(`"withhold": ["example.net"]`))
	copied := w.copied("Una", "A.jpg", 1)
	w.pass()
	c := w.mustCase(copied, casebook.Withheld)
	if c.Reason == "" || !c.Unsafe() {
		t.Errorf("%+v", c)
	}
	for _, title := range w.wiki.Titles() {
		wantText(t, title, w.text(title), "!"+copied)
	}
	wantText(t, "User talk:Una", w.text("User talk:Una"), "!A.jpg")
}

func TestAnUnsafePictureStandsWithoutItOnTheUploadersPageOnly(t *testing.T) {
	w := newWorld(t, config(`"safeSearch": {"racy": 4}`))
	w.services.Set(shaOf(photo(1)), providertest.Unsafe)
	unsafe := w.photo("Una", "A.jpg", 1)
	w.pass()
	if c := w.mustCase(unsafe, casebook.Aside); c.Base != casebook.Aside {
		t.Errorf("%+v", c)
	}
	w.wantPage("Copyvio/All", "!"+unsafe)
	w.wantPage("Copyvio/Uploader/Una", unsafe, "![[File:A.jpg|")
	w.decide("Rita", "Copyvio/Uploader/Una", unsafe, casebook.Accepted)
	w.pass()
	w.decide("Rita", "Copyvio/Uploader/Una", unsafe, casebook.Open)
	w.pass()
	w.mustCase(unsafe, casebook.Aside)
}

func TestMirrorsAreDiscardedAndOpenNothing(t *testing.T) {
	w := newWorld(t, config(`"blocklist": ["wikimedia.org", "wikimirror.example", "pages.example.org"]`))
	w.services.SetDefault(providertest.MirrorOnly)
	mirrored := w.photo("Una", "A.jpg", 1)
	w.pass()
	w.noCase(mirrored)
	if s := w.sums(); s.Searched != 1 || s.Opened != 0 {
		t.Errorf("%+v", s)
	}
}

func TestASourceThatIsNamedOrFreeOpensNothingAndIsMarked(t *testing.T) {
	w := newWorld(t, config(`"licensed": ["example.com"], "blocklist": ["example.org"], "opens": ["name"]`))
	sha1 := shaOf(photo(1))
	w.services.Set(sha1, providertest.FullAndPages)
	w.wiki.UploadWithText("Una", "File:Fine.jpg", photo(1), "x", "{{Information|source=https://photos.example.net/"+sha1[:8]+"}} {{cc-by-4.0}}")
	w.services.Set(shaOf(photo(2)), providertest.FullAndPages)
	w.wiki.UploadWithText("Una", "File:Unnamed.jpg", photo(2), "x", "{{Information|source=https://photos.example.net/}} {{cc-by-4.0}}")
	w.pass()
	w.noCase(sha1)
	c := w.mustCase(shaOf(photo(2)), casebook.Open) // a whole site names no picture
	excused := map[string]string{}
	for _, m := range c.Matches {
		excused[m.Provider+" "+m.Kind+" "+m.Excused] = m.URL
	}
	if excused["google partial licensed"] == "" || excused["google full "] == "" {
		t.Errorf("%v", excused)
	}
}

// A page that mirrors the wiki thirty times over does not hide the one that matters.
func TestManyMirrorsDoNotCrowdOutAMatch(t *testing.T) {
	f, _ := newFilters(Config{Blocklist: []string{"wikimedia.org"}, Withhold: []string{"secret.example"}, SafeSearch: SafeSearch{5, 5, 5, 5}})
	var all []casebook.Match
	for n := range 40 {
		all = append(all, casebook.Match{URL: fmt.Sprintf("https://upload.wikimedia.org/%d.jpg", n)})
	}
	all = append(all, casebook.Match{URL: "https://photos.example/1.jpg"}, casebook.Match{URL: "https://secret.example/1.jpg"})
	if kept := f.keep(all, nil); len(kept) != 2 || kept[0].URL != "https://photos.example/1.jpg" {
		t.Errorf("%v", kept)
	}
	if state, _ := f.state(all, nil); state != casebook.Withheld {
		t.Errorf("the state is %s", state)
	}
	for n := range 100 {
		all = append(all, casebook.Match{URL: fmt.Sprintf("https://photos.example/%d.jpg", n)})
	}
	if kept := f.keep(all, nil); len(kept) != maxMatches {
		t.Errorf("%d matches are kept", len(kept))
	}
}

func TestAListThatChangesCountsForCasesThatWait(t *testing.T) {
	w := newWorld(t, config(""))
	withheld, blocked, decided := w.copied("Una", "A.jpg", 1), w.copied("Una", "B.jpg", 2), w.copied("Una", "C.jpg", 3)
	w.pass()
	w.decide("Rita", "Copyvio/All", decided, casebook.Rejected)
	for _, step := range []struct {
		sha1, lists string
		then        casebook.State
	}{{withheld, `"withhold": ["/` + withheld[:8] + `/"]`, casebook.Withheld},
		{blocked, `"blocklist": ["example.net", "example.org", "example.com"]`, casebook.Unshown}} {
		w.mustCase(step.sha1, casebook.Open)
		w.wiki.Edit("Ada", "User:FileBot/config.json", config(step.lists), "")
		w.pass()
		w.mustCase(step.sha1, step.then)
	}
	w.mustCase(decided, casebook.Rejected)
}

func TestWithholdGoesBeforeSafeSearch(t *testing.T) {
	f, _ := newFilters(Config{Withhold: []string{"secret.example"}, SafeSearch: SafeSearch{Adult: 3, Medical: 5, Violence: 5, Racy: 5}})
	match := []casebook.Match{{URL: "https://a.example/1.jpg", Page: "https://secret.example/"}}
	for _, test := range []struct {
		matches []casebook.Match
		safety  *casebook.Safety
		want    casebook.State
	}{
		{match, &casebook.Safety{Adult: 5}, casebook.Withheld}, {nil, &casebook.Safety{Adult: 4}, casebook.Aside},
		{nil, &casebook.Safety{Adult: 3, Racy: 5}, casebook.Open}, {nil, nil, casebook.Open},
	} {
		if got, why := f.state(test.matches, test.safety); got != test.want || (why == "") != (got == casebook.Open) {
			t.Errorf("%v, %+v: %s (%s), want %s", test.matches, test.safety, got, why, test.want)
		}
	}
}
