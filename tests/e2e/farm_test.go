package e2e_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"filewarden/tests/e2e"
	"filewarden/tests/realwiki"
)

func operatorOf(t *testing.T, w *realwiki.Wiki, u realwiki.User) *e2e.Operator {
	t.Helper()
	return e2e.NewOperator(t, w, u)
}

func TestUsesOnAnotherWikiThatSharesTheFilesAreTold(t *testing.T) {
	farm := realwiki.StartFarm(t)
	w := farm.Commons
	s := &stage{Wiki: w, t: t, o: operatorOf(t, w, w.AddUser(account, "bot"))}
	voyage, err := url.Parse(farm.Voyage.URL)
	if err != nil {
		t.Fatal(err)
	}
	s.o.Set("HOSTS", voyage.Host+","+strings.TrimPrefix(farm.English.URL, "http://"))
	s.o.Config(`{"mode": "live", "editsPerMinute": 600, "sameUsers": "none", "notices": {"window": "now", "perDay": 100},
		"tasks": {"usage": {"clients": ["` + farm.Voyage.URL + `/wiki/", "` + farm.English.URL + `/wiki/"]}}}`)
	alice := s.subscribe("Alice", map[string]any{})
	s.Upload(alice, "Hafen & Elbe.png", realwiki.PNG(1))
	s.pass()

	there := farm.Voyage.AddUser("Alice") // the same name, another person
	farm.Voyage.EditWith(there, realwiki.Params{"title": "Hamburg/Häfen = *", "text": "[[File:Hafen & Elbe.png]]", "summary": "ein Bild"})
	time.Sleep(1100 * time.Millisecond) // wikis tell in whole seconds which use was the first
	s.use(s.Admin, "Here too", "Hafen & Elbe.png")
	s.pass()
	told := s.talk("Alice")
	if len(told) != 1 {
		t.Fatalf("Alice has %d sections: %s", len(told), told)
	}
	page := s.rendered("User talk:Alice", told[0])
	text := shown(page)
	for _, want := range []string{"Hamburg/Häfen = *", "by Alice on", "Here too", "ein Bild"} {
		if !strings.Contains(text, want) {
			t.Errorf("the notice does not say %q:\n%s", want, text)
		}
	}
	if !strings.Contains(page, `href="`+farm.Voyage.URL+"/wiki/Hamburg/") {
		t.Errorf("no link leads to the other wiki:\n%s", page)
	}
	golden(t, "notices/two-wikis.en.txt", steady(told[0])+"\n")
	s.pass()
	if n := len(s.talk("Alice")); n != 1 {
		t.Errorf("told again: %d sections", n)
	}
}
