package e2e_test

import (
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"filewarden/tests/realwiki"
)

// Names that MediaWiki takes and that look like markup, magic words, magic
// links or the end of a list item, or whose letters run the other way or need
// four bytes.
var (
	hostileFiles = []string{
		"It's '''bold''' and ''slanted''.png", `A & "b" ~~ 100% sure.png`, "= Heading =.png", "*Star; semicolon.png",
		"ISBN 978-0-306-40615-7.png", "קובץ עברי (1).png", "Fox 🦊 𝒳.png", "-Nowiki- & amp.png", "TOC NOTOC.png",
		"~~ tilde ~~.png", "; Mr. & Mrs. − dash.png",
	}
	hostilePages = []string{
		"= Title =", "*Star", "Talk about: this", "'''Bold''' & \"co\"", "; Term : meaning", "RFC 2324", "مرحبا بالعالم",
		"Zürich 😀 𠜎", "Template:Looks like''one''", "A -- ~~ b", "Category:Not in it",
	}
	hostileAgents  = []string{"O'Brien \"Q\"", "''Slant''", "משתמש", "Fox 🦊", "*Star & co"}
	hostileReaders = []string{"D'Arcy \"the reader\"", "קורא", "Reader 🦊"}
)

const hostileSummary = "'''bold''' {{nobots}} [[File:Fox 🦊 𝒳.png]] ~~~~ <b>x</b> <!-- open [http://x.example y] {{subst:PAGENAME}} __TOC__"

func TestForeignNamesAreShownAsTheyAreAndNeverBecomeMarkup(t *testing.T) {
	s := newStage(t)
	var titles []string
	for i, name := range hostileFiles {
		s.Upload(s.Admin, name, realwiki.PNG(i))
		titles = append(titles, "File:"+name)
	}
	readers := map[string]realwiki.User{}
	for i, name := range hostileReaders {
		preferences := follows(titles...)
		preferences["channel"] = []string{"talk", "mention", "mention"}[i]
		readers[name] = s.subscribe(name, preferences)
	}
	var agents []realwiki.User
	for _, name := range hostileAgents {
		agents = append(agents, s.o.Register(name))
	}
	s.pass()
	for i, page := range hostilePages {
		file := hostileFiles[i%len(hostileFiles)]
		s.EditWith(agents[i%len(agents)], realwiki.Params{"title": page, "text": "[[File:" + file + "]]", "summary": hostileSummary})
	}
	s.pass()

	told := s.talk(hostileReaders[0])
	if len(told) != 1 {
		t.Fatalf("%d sections: %s", len(told), told)
	}
	t.Run("each name is shown and each page is linked", func(t *testing.T) { s.shows(t, told[0]) })
	t.Run("nothing becomes live", func(t *testing.T) { s.inert(t, told[0]) })
	t.Run("people with such names are told and pinged", func(t *testing.T) {
		for _, name := range hostileReaders[1:] {
			s.notification(t, readers[name], "mention")
		}
		s.notification(t, readers[hostileReaders[0]], "edit-user-talk")
		if n := len(s.notices()); n != 2 {
			t.Errorf("%d pings, want 2", n)
		}
	})
	t.Run("the links below mute exactly that file", func(t *testing.T) { s.mutes(t, readers) })
}

var (
	tags  = regexp.MustCompile(`<[^>]*>`)
	links = regexp.MustCompile(`<a [^>]*href="([^"]*)"`)
	marks = strings.NewReplacer("\u2066", "", "\u2067", "", "\u2068", "", "\u2069", "", "\u200e", "", "\u200f", "", "\u202a", "", "\u202c", "",
		"\u00a0", " ") // which MediaWiki puts before a colon
)

// shown is the text that a reader sees.
func shown(page string) string {
	return marks.Replace(html.UnescapeString(tags.ReplaceAllString(page, "")))
}

// shows checks names and where links lead.
func (s *stage) shows(t *testing.T, section string) {
	page := s.rendered("User talk:"+hostileReaders[0], section)
	text := shown(page)
	var leads []string
	for _, m := range links.FindAllStringSubmatch(page, -1) {
		if u, err := url.Parse(html.UnescapeString(m[1])); err == nil {
			leads = append(leads, strings.ReplaceAll(strings.TrimPrefix(u.Path, "/wiki/"), "_", " "), strings.ReplaceAll(u.Query().Get("title"), "_", " "))
		}
	}
	var all = " " + strings.Join(leads, " \n ") + " "
	for _, name := range hostilePages {
		if !strings.Contains(all, " "+name+" ") {
			t.Errorf("no link leads to %q; there are\n%s", name, all)
		}
	}
	for _, name := range slices.Concat(hostileFiles, hostilePages, hostileAgents) {
		if !strings.Contains(text, name) {
			t.Errorf("%q is not shown as it is:\n%s", name, text)
		}
	}
}

// inert checks that the section is a list, a line of ways out and nothing else.
func (s *stage) inert(t *testing.T, section string) {
	page := s.rendered("User talk:"+hostileReaders[0], section)
	for _, live := range []string{"<b>", "<i>", "<img", "<h3", "<h1", `id="toc"`, "<dl>", "<ol>", "mw-magiclink", "x.example\""} {
		if strings.Contains(page, live) {
			t.Errorf("%s is live:\n%s\n%s", live, section, page)
		}
	}
	if n := strings.Count(page, "<li>"); n != len(hostileFiles) {
		t.Errorf("%d items, want one for each of %d files:\n%s", n, len(hostileFiles), page)
	}
	if n := strings.Count(section, "(UTC)"); n != 1 {
		t.Errorf("%d signatures:\n%s", n, section)
	}
	if strings.Contains(s.rendered("User talk:x", section), "User talk:x") {
		t.Error("a magic word was expanded")
	}
	var answer struct {
		Parse struct {
			Categories []struct{ Category string }
			Templates  []struct{ Title string }
			Images     []string
		}
	}
	err := s.Client(s.Admin).Post(realwiki.Params{"action": "parse", "title": "X", "text": section, "contentmodel": "wikitext",
		"prop": "categories|templates|images"}, &answer)
	if err != nil || len(answer.Parse.Categories)+len(answer.Parse.Templates)+len(answer.Parse.Images) != 0 {
		t.Errorf("the section puts the page into %+v (%v)", answer.Parse, err)
	}
}

// mutes follows the ways out of a notice that is about one file.
func (s *stage) mutes(t *testing.T, readers map[string]realwiki.User) {
	s.o.Must("setup", "--yes")
	reader := readers[hostileReaders[0]]
	for _, file := range hostileFiles {
		s.use(s.Admin, "Second use "+file, file)
		s.pass()
		told := s.talk(reader.Name)
		last := told[len(told)-1]
		heading := ""
		for _, m := range links.FindAllStringSubmatch(s.rendered("User talk:X", last), -1) {
			u, err := url.Parse(html.UnescapeString(m[1]))
			if err == nil && strings.HasPrefix(u.Query().Get("preloadtitle"), "mute file") {
				heading = u.Query().Get("preloadtitle")
			}
		}
		if !strings.Contains(heading, file) {
			t.Errorf("%q: no way out, only %q in\n%s", file, heading, last)
			continue
		}
		s.EditWith(reader, realwiki.Params{"title": s.o.Page("Requests"), "section": "new", "sectiontitle": heading, "text": "~~~~"})
		s.use(s.Admin, "Third use "+file, file)
	}
	before := len(s.talk(reader.Name))
	s.pass()
	if told := s.talk(reader.Name); len(told) != before {
		t.Errorf("what was muted is told again:\n%s", told[before:])
	}
}
