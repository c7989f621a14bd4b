package e2e_test

import (
	"strings"
	"testing"

	"filewarden/tests/realwiki"
)

// code are the notifications about code that somebody got from the bot.
func (s *stage) code(u realwiki.User) (n int) {
	s.t.Helper()
	for _, one := range s.Notifications(u) {
		if one.Agent == account && one.Type == "api-notice" {
			n++
		}
	}
	return n
}

func TestWhoFollowsAGadgetHearsOfItsFindingsOnce(t *testing.T) {
	s := newCodeStage(t)
	s.admin(definitionPage, "* hover-box[ResourceLoader]|hover-box.js\n")
	s.admin(hoverPage, offStep)
	follow := map[string]any{"gadgets": []string{"hover-box"}}
	s.subscribe("Alice", map[string]any{"provenance": follow})
	echo := s.subscribe("Emil", map[string]any{"channel": "echo", "provenance": follow})
	s.subscribe("Nora", map[string]any{})

	want := func(t *testing.T, talk, echoed int) {
		t.Helper()
		if n := len(s.talk("Alice")); n != talk {
			t.Errorf("Alice has %d sections, want %d:\n%s", n, talk, s.Text("User talk:Alice"))
		}
		if n := s.code(echo); n != echoed {
			t.Errorf("Emil has %d notifications, want %d", n, echoed)
		}
		if n := len(s.talk("Nora")); n != 0 {
			t.Errorf("Nora, who follows nothing, was told %d times", n)
		}
	}
	t.Run("a dry run writes nothing and shows what it would", func(t *testing.T) {
		s.o.Set("MODE", "dry-run")
		before, _ := s.changes()
		said := s.audit()
		if after, bot := s.changes(); after != before {
			t.Errorf("it wrote %v", bot)
		}
		for _, page := range []string{s.o.Page("Provenance"), s.reportOn(hoverPage)} {
			if !strings.Contains(said, "would edit [["+page+"]]") {
				t.Errorf("no word of %s:\n%s", page, said)
			}
		}
		s.o.Set("MODE", "live")
	})
	t.Run("the first live pass after it takes stock in silence", func(t *testing.T) {
		s.audit()
		want(t, 0, 0)
	})
	t.Run("a new finding is told once, on each channel", func(t *testing.T) {
		s.admin(hoverPage, offStep+fromTail)
		s.audit()
		want(t, 1, 1)
		s.audit()
		want(t, 1, 1)
		if told := s.Text("User talk:Alice"); !strings.Contains(told, "[[:"+hoverPage) || !strings.Contains(told, s.reportOn(hoverPage)) || !strings.Contains(told, "PV001") || strings.Contains(told, "TS001") {
			t.Errorf("Alice is told\n%s", told)
		}
	})
	t.Run("under Stop/provenance nothing is written; lifted, it is told once", func(t *testing.T) {
		s.admin(hoverPage, offStep+fromTail+"$( 'img[src$=\".png\"]' );\n")
		s.admin(s.o.Page("Stop/provenance"), "Enough.")
		before := len(s.edits())
		r := s.o.Run("once", "provenance")
		if r.Code != 3 || !strings.Contains(r.Err, s.o.Page("Stop/provenance")) {
			t.Errorf("it ended with %d and said\n%s%s", r.Code, r.Out, r.Err)
		}
		for _, title := range s.edits()[:max(0, len(s.edits())-before)] {
			if title != s.o.Page("Status") {
				t.Errorf("it wrote %s", title)
			}
		}
		want(t, 1, 1)
		s.admin(s.o.Page("Stop/provenance"), "")
		s.audit()
		want(t, 2, 2)
		s.says(t, s.reportOn(hoverPage), "PV004")
	})
	t.Run("who begins to follow is told how it stands, once", func(t *testing.T) {
		s.subscribe("Berta", map[string]any{"provenance": map[string]any{"gadgets": []string{hoverPage}}})
		s.audit()
		s.audit()
		if told := s.talk("Berta"); len(told) != 1 || !strings.Contains(told[0], "3 findings") {
			t.Errorf("Berta is told %q", told)
		}
		want(t, 2, 2)
	})
}
