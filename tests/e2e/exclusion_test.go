package e2e_test

import (
	"strings"
	"testing"

	"filewarden/tests/realwiki"
)

func TestWhoWantsNoMessageGetsNone(t *testing.T) {
	s := newStage(t)
	s.Upload(s.Admin, "A.png", realwiki.PNG(1))
	said := map[string]string{
		"Nobots":        "{{nobots}}",
		"Denies":        "{{bots|deny=" + account + "}}",
		"Optout":        "{{bots|optout=file-usage}}",
		"Category":      "[[Category:Opted-out of message delivery]]",
		"Other optout":  "{{bots|optout=nosource}}",
		"Nobots hidden": "<!-- {{nobots}} -->",
	}
	for name, text := range said {
		s.subscribe(name, follows("File:A.png"))
		s.Edit(s.Admin, "User talk:"+name, text, "")
	}
	for _, name := range []string{"Blocked", "Moved", "Protected", "Listed", "Half blocked"} {
		s.subscribe(name, follows("File:A.png"))
	}
	s.Block("Blocked", nil)
	s.Edit(s.Admin, "Some page", "x", "")
	s.Block("Half blocked", realwiki.Params{"partial": "1", "pagerestrictions": "Some page", "allowusertalk": "1"})
	s.Edit(s.Admin, "User talk:Moved", "#REDIRECT [[User talk:Moved/Here]]", "")
	s.Edit(s.Admin, "User talk:Moved/Here", "Welcome.", "")
	s.Protect("User talk:Protected")
	s.Edit(s.Admin, s.o.Page("optout.json"), `{"users": ["Listed"], "pages": []}`, "")
	s.pass()
	s.use(s.Admin, "Gallery", "A.png")
	s.pass()

	for _, name := range []string{"Nobots", "Denies", "Optout", "Category", "Blocked", "Listed"} {
		s.wantTold(name, "Gallery", 0)
	}
	for _, name := range []string{"Other optout", "Nobots hidden", "Half blocked", "Moved/Here"} {
		s.wantTold(name, "Gallery", 1)
	}
	s.wantTold("Protected", "Gallery", 0)
	pings := strings.Join(s.notices(), "\n")
	if strings.Count(pings, "[[:User:Protected|Protected]]") != 1 || len(s.notices()) != 1 {
		t.Errorf("whose talk page is protected is told by a ping, and nobody else:\n%s", pings)
	}
}

func TestARequestMutesOneFile(t *testing.T) {
	s := newStage(t)
	s.o.Must("setup", "--yes")
	alice := s.subscribe("Alice", map[string]any{})
	s.Upload(alice, "A & b.png", realwiki.PNG(1))
	s.Upload(alice, "C.png", realwiki.PNG(2))
	s.pass()
	s.use(s.Admin, "One", "A & b.png")
	s.pass()
	s.wantTold("Alice", "One", 1)

	// The link below the notice opens a section with this heading; she saves it.
	s.EditWith(alice, realwiki.Params{"title": s.o.Page("Requests"), "section": "new",
		"sectiontitle": "mute file File:A & b.png", "text": "~~~~"})
	s.use(s.Admin, "Two", "A & b.png", "C.png")
	s.pass()
	if told := s.talk("Alice"); len(told) != 2 || strings.Contains(told[1], "A & b.png was") || !strings.Contains(told[1], "C.png") {
		t.Errorf("after the request Alice's talk page says\n%s", told)
	}
}
