package e2e_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"unicode"

	"filewarden/bot/sandbox/picture"
	"filewarden/tasks/copyvio/page"
	"filewarden/tests/realwiki"
)

// evilFile is all that MediaWiki lets into the name of a file, and evilUser
// into that of a user.
const (
	evilFile = `'''Evil''' & "quotes" == h == __NOTOC__ ~~ (!) ISBN 9780306406157 𝒳 لیلا.jpg`
	evilUser = `Evil ''user'' & "q" __NOTOC__ ~~ ISBN 9780306406157`
)

func TestCopyvioOnAWikiThatResists(t *testing.T) {
	s := newWatchStage(t)
	paul := s.member("Paul", "")
	s.watch() // takes stock
	t.Run("odd pictures neither stop it nor wait for ever", func(t *testing.T) { s.takesOddPictures(t, paul) })
	t.Run("an address that the spam blacklist refuses stands there as text", func(t *testing.T) { s.isBlacklisted(t, paul) })
	t.Run("a page that a filter refuses is said, and the others go on", func(t *testing.T) { s.isFiltered(t) })
	t.Run("foreign text is text everywhere", s.isHostile)
}

func (s *watchStage) isBlacklisted(t *testing.T, paul realwiki.User) {
	rita := s.member("Rita", "patroller")
	s.Edit(s.Admin, "MediaWiki:Spam-blacklist", `photos\.example\.net`, "")
	copied := s.copied(paul, "Copied.jpg", 80)
	s.watch()
	for _, name := range []string{"All", "Uploader/Paul"} {
		s.wants(t, name, copied, "open", "example.net (not linked, because this wiki refuses links there: <code>photos.example.net/", "[https://blog.example.org/")
	}
	s.decide(rita, "All", copied, accepted)
	s.watch()
	if text := s.Text("File:Copied.jpg"); s.tagged("Copied.jpg") != 1 || !strings.Contains(text, "photos.example.net") {
		t.Errorf("File:Copied.jpg says\n%s", text)
	}
	s.Edit(s.Admin, "MediaWiki:Spam-blacklist", "# empty", "")
}

func (s *watchStage) isFiltered(t *testing.T) {
	una, vera := s.member("Una", ""), s.member("Vera", "")
	s.Filter("Uploads by Una that", "No word of Una", "disallow")
	unas, veras := s.copied(una, "Of Una.jpg", 81), s.copied(vera, "Of Vera.jpg", 82)
	r := s.o.Run("once", "copyvio")
	if said := r.Out + r.Err; r.Code != 0 || !strings.Contains(said, "WRN a page of cases is left as it is") || !strings.Contains(said, s.cases("Uploader/Una")) || !strings.Contains(said, "No word of Una") {
		t.Errorf("it ended with %d and said\n%s", r.Code, said)
	}
	s.wants(t, "All", unas, "open")
	s.wants(t, "Uploader/Vera", veras, "open")
	if s.Text(s.cases("Uploader/Una")) != "" || !strings.Contains(s.Text(s.cases("Log")), "Copied.jpg") {
		t.Errorf("Copyvio/Uploader/Una:\n%s\nCopyvio/Log:\n%s", s.Text(s.cases("Uploader/Una")), s.Text(s.cases("Log")))
	}
	s.says(t, s.o.Page("Status"), "Copyvio/Uploader/Una is not up to date", "No word of Una")
	s.Filter("no such words", "Nothing", "disallow")
	s.watch()
	s.wants(t, "Uploader/Una", unas, "open")
	s.wantTold("Vera", "File:Of Vera.jpg", 1)
}

// evilService speaks the contract, and finds hostile text about every image.
func evilService(w http.ResponseWriter, r *http.Request) {
	var asked struct{ Images []struct{ SHA1 string } }
	_ = json.NewDecoder(r.Body).Decode(&asked) // an empty answer shows in the test
	type match map[string]any
	var answers []match
	for _, image := range asked.Images {
		answers = append(answers, match{"sha1": image.SHA1, "matches": []match{
			{"url": "https://evil.example/a.jpg?" + evil, "page": "https://evil.example/ [[Evil link]] {{Evil}}", "title": evil, "percent": 99, "kind": "full", "stock": true},
			{"url": "javascript:evil()", "title": "x", "percent": 98, "kind": "full"},
			{"url": "https://evil.example/b\u202e|}}{{Evil}}]]<script>", "title": "}}\n== Evil ==\n{{Evil}}", "percent": 40, "kind": "partial"}}})
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"answers": answers}) // so does half of one
}

func (s *watchStage) isHostile(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(evilService))
	t.Cleanup(server.Close)
	s.admin("Template:Evil", `<b class="evillive">Evil</b>[[Category:Evil]]`)
	s.admin("Category:Evil", "x")
	s.Upload(s.Admin, "Evil.png", realwiki.PNG(1))
	s.watch()
	user := s.member(evilUser, "")
	before := s.upload(user, "Before.jpg", photo(90))
	s.watch()
	s.Delete(s.Admin, "File:Before.jpg", "copyvio "+evil[:200])
	s.o.Set("CONTRACT", "evil="+server.URL)
	s.o.Config(watchConfig(`, "providers": {"services": {"google": {"uploads": false}, "evil": {"uploads": true, "checks": true, "perDay": 100, "perMonth": 100}}},
		"feeds": [{"name": "Evil ''feed'' & \"q\" == h == __NOTOC__"}]`))
	// MediaWiki itself refuses files with these words near their beginning.
	inside := strings.NewReplacer("<script>", "", "</script>", "", "<img", "<b").Replace(evil)
	camera := picture.Camera{Artist: "(c) Getty Images " + inside, Copyright: "Getty Images " + inside}
	hostile := picture.WithCamera(photo(91), camera)
	s.UploadAs(user, evilFile, hostile, "{{Information\n|source="+evil+"\n|author=x}}", evil)
	s.UploadAs(user, "Once more.jpg", photo(90), "", "")
	s.watch()
	text, ok := page.Put(s.Text(s.cases("All")), shaOf(hostile), accepted)
	if !ok {
		t.Fatalf("no case of %s:\n%s", evilFile, s.Text(s.cases("All")))
	}
	at := strings.Index(text, "| id = "+shaOf(hostile))
	text = text[:at] + strings.Replace(text[at:], "| note = ", "| note = <nowiki>"+strings.ReplaceAll(strings.ReplaceAll(evil, "</nowiki>", ""), "<!--", "")+"</nowiki>", 1)
	s.Edit(s.Admin, s.cases("All"), text, evil)
	s.watch()
	s.wants(t, "All", shaOf(hostile), "accepted")
	s.wants(t, "All", before, "open")
	if got := shown(s.parsed(s.cases("All")).Text); !strings.Contains(got, "</pre></syntaxhighlight></nowiki>{{Evil}}") || !strings.Contains(got, "<script>evil()</script>") {
		t.Errorf("hostile text cannot be read:\n%s", got)
	}
	pages := append(s.pagesBeneath(s.o.Page("Copyvio")), s.o.Page("Status"), "User talk:"+evilUser, "File:"+evilFile)
	for _, title := range pages {
		t.Run(title, func(t *testing.T) { s.isInertCase(t, title) })
	}
}

// isInertCase checks what the wiki understood of a page that tells of cases.
func (s *watchStage) isInertCase(t *testing.T, title string) {
	source, got := s.Text(title), s.parsed(title)
	for _, category := range got.Categories {
		t.Errorf("it is in %s", category.Category)
	}
	for _, template := range got.Templates {
		if !slices.Contains([]string{s.cases("Case"), "Template:Copyvio", "Template:Information", "Template:Self"}, template.Title) {
			t.Errorf("it uses %s", template.Title)
		}
	}
	if listed := strings.HasPrefix(title, "File:") || strings.Contains(title, "/New uploaders/"); slices.Contains(got.Images, "Evil.png") && !listed {
		t.Errorf("it shows a picture that only a text names")
	}
	for name := range got.Properties {
		if name != "notoc" && name != "noeditsection" {
			t.Errorf("a foreign word set the property %s", name)
		}
	}
	for _, link := range got.ExternalLinks {
		if !strings.HasPrefix(link, s.URL) && !strings.HasPrefix(link, "https://evil.example/") && !strings.Contains(link, ".example.") {
			t.Errorf("it links to %s", link)
		}
	}
	for _, link := range got.Links {
		if strings.HasPrefix(link.Title, "Evil link") || strings.HasPrefix(link.Title, "Special:BookSources") {
			t.Errorf("it links to %s", link.Title)
		}
	}
	for _, section := range got.Sections {
		if section.Line == "Evil" || section.Line == "h" {
			t.Errorf("a section is called %s", section.Line)
		}
	}
	for _, live := range []string{"<script", "onerror=\"", "mw-magiclink", "class=\"reference\"", "<b>bold", "class=\"error\"", `<b class="evillive">`, "<b>Evil", "<i>user", `href="javascript`} {
		if strings.Contains(got.Text, live) {
			t.Errorf("%s is live:\n%s", live, around(got.Text, live))
		}
	}
	for _, r := range source {
		if r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) && !strings.HasPrefix(title, "File:") {
			t.Errorf("the source holds %U", r)
		}
	}
}

// around is what stands about the first place of a text.
func around(text, what string) string {
	at := strings.Index(text, what)
	return text[max(0, at-200):min(len(text), at+200)]
}
