package e2e_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"filewarden/tests/faults"
	"filewarden/tests/realwiki"
)

// crowd makes people who follow one file that then comes into use.
func crowd(t *testing.T, s *stage, n int) (names []string) {
	s.Upload(s.Admin, "Everybody's.png", realwiki.PNG(1))
	for i := range n {
		name := fmt.Sprintf("Person %d", i)
		s.subscribe(name, follows("File:Everybody's.png"))
		names = append(names, name)
	}
	s.pass()
	s.use(s.Admin, "Gallery", "Everybody's.png")
	return names
}

func (s *stage) toldOf(names []string) (n int) {
	s.t.Helper()
	for _, name := range names {
		n += s.told(name, "Gallery")
	}
	return n
}

// changes counts recent changes, and lists those by the bot.
func (s *stage) changes() (n int, bot []string) {
	s.t.Helper()
	var answer struct {
		Query struct {
			RecentChanges []struct{ User, Title string }
		}
	}
	if err := s.Client(s.Admin).Get(realwiki.Params{"action": "query", "list": "recentchanges", "rclimit": "500", "rcprop": "user|title"}, &answer); err != nil {
		s.t.Fatal(err)
	}
	for _, c := range answer.Query.RecentChanges {
		if c.User == account {
			bot = append(bot, c.Title)
		}
	}
	return len(answer.Query.RecentChanges), bot
}

func TestAStopSavedBetweenTwoWritesHoldsTheNextOneBack(t *testing.T) {
	for _, page := range []string{"Stop", "Stop/usage"} {
		t.Run(page, func(t *testing.T) {
			s := newStage(t)
			names := crowd(t, s, 5)
			proxy := faults.NewProxy(t, s.API)
			proxy.Set(stopAfter(s, page, 2))
			s.o.Set("API", proxy.API)
			r := s.o.Run("once", "usage")
			if r.Code != 3 || !strings.Contains(r.Err, "[["+s.o.Page(page)+"]]") {
				t.Errorf("the pass ended with %d and said\n%s", r.Code, r.Err)
			}
			if n := s.toldOf(names); n != 2 {
				t.Errorf("%d were told, want the 2 before the stop", n)
			}
			before, _ := s.changes()
			if r := s.o.Run("once", "usage"); r.Code != 3 {
				t.Errorf("another pass ended with %d", r.Code)
			}
			after, bot := s.changes()
			if page == "Stop" && after != before {
				t.Errorf("under Stop something was written: %v", bot)
			}
			if n := s.toldOf(names); n != 2 {
				t.Errorf("%d were told under the stop", n)
			}

			s.Edit(s.Admin, s.o.Page(page), "", "go on")
			s.pass()
			if n := s.toldOf(names); n != 5 {
				t.Errorf("%d were told after the stop was lifted, want all 5, once", n)
			}
		})
	}
}

// stopAfter saves the stop page while the n-th notice is being answered: it is
// there before the bot can ask for it again.
func stopAfter(s *stage, page string, n int) faults.Plan {
	written := 0
	return func(r faults.Request) faults.Fault {
		if r.Action != "edit" || !strings.HasPrefix(r.Values.Get("title"), "User talk:") {
			return nil
		}
		if written++; written != n {
			return nil
		}
		return func(e *faults.Exchange) {
			answer, err := e.Forward()
			if err == nil {
				s.Edit(s.Admin, s.o.Page(page), "Too much! ~~~~", "stop")
				e.Say(answer)
			}
		}
	}
}

func TestATrialOfThreeEditsMakesThree(t *testing.T) {
	s := newStage(t)
	s.o.Config(`{"mode": "trial", "trialEdits": 3, "editsPerMinute": 600, "notices": {"window": "now", "perDay": 100}}`)
	names := crowd(t, s, 5)
	r := s.o.Run("once", "usage")
	if n := s.toldOf(names); n != 3 {
		t.Errorf("%d were told in a trial of 3", n)
	}
	if !strings.Contains(r.Err, "trial") {
		t.Errorf("the pass ended with %d and said nothing of the trial:\n%s%s", r.Code, r.Out, r.Err)
	}
	if status := s.Text(s.o.Page("Status")); !strings.Contains(status, "trial") {
		t.Errorf("Status does not tell of the trial:\n%s", status)
	}
	s.o.Run("once", "usage")
	if n := s.toldOf(names); n != 3 {
		t.Errorf("%d were told after the trial", n)
	}
	s.o.Config(live)
	s.pass()
	if n := s.toldOf(names); n != 5 {
		t.Errorf("%d were told after the community said live, want all 5, once", n)
	}
}

func TestADryRunWritesNothingAndShowsWhatItWould(t *testing.T) {
	s := newStage(t)
	s.o.Set("MODE", "dry-run")
	names := crowd(t, s, 2)
	before, _ := s.changes()
	said := s.pass()
	if after, bot := s.changes(); after != before || len(bot) != 0 {
		t.Errorf("a dry run wrote %v", bot)
	}
	for _, name := range names {
		if !strings.Contains(said, "would edit [[User talk:"+name+"]]") {
			t.Errorf("no word of what %s would be told:\n%s", name, said)
		}
	}
	if !strings.Contains(said, "+Everybody's.png was used") && !strings.Contains(said, "Gallery") {
		t.Errorf("no diff:\n%s", said)
	}

	s.o.Set("MODE", "live")
	s.pass()
	if n := s.toldOf(names); n != 0 {
		t.Errorf("%d were told of what happened before the bot went live", n)
	}
	s.use(s.Admin, "Gallery of today", "Everybody's.png")
	s.pass()
	if n := s.toldOf(names); n != 2 {
		t.Errorf("%d were told, want both", n)
	}
}

func TestABrokenConfigNeverTakesEffectAndStatusSaysWhy(t *testing.T) {
	s := newStage(t)
	names := crowd(t, s, 1)
	s.o.Config(`{"mode": "live", "editsPerMinute": "fast", "notices": {"window": "now", "perDay": 100, "chanel": "echo"}, "tasks": {"usage": {"enabled": "no"}}}`)
	s.pass()
	if n := s.toldOf(names); n != 1 {
		t.Errorf("with the last good config %d were told", n)
	}
	status := s.Text(s.o.Page("Status"))
	for _, want := range []string{"/editsPerMinute", "/tasks/usage/enabled", "/notices/chanel", "channel", s.Admin.Name} {
		if !strings.Contains(status, want) {
			t.Errorf("Status says nothing of %s:\n%s", want, status)
		}
	}
	r := s.o.Run("doctor")
	if r.Code != 1 || !strings.Contains(r.Out, "/editsPerMinute") {
		t.Errorf("doctor ended with %d and said\n%s", r.Code, r.Out)
	}
	s.o.Config(live)
	s.pass()
	if status := s.Text(s.o.Page("Status")); strings.Contains(status, "/editsPerMinute") {
		t.Errorf("the config is repaired and Status still says\n%s", status)
	}
}

func TestAConfigWithAListAsLongAsThePageTakesIsAClearProblem(t *testing.T) {
	s := newStage(t)
	names := crowd(t, s, 1)
	// MediaWiki indents JSON when it saves, so fewer entries fit than one would think.
	groups := make([]string, 120_000)
	for i := range groups {
		groups[i] = "g"
	}
	text, err := json.Marshal(map[string]any{"mode": "live", "notices": map[string]any{"window": "now", "groups": groups}})
	if err != nil {
		t.Fatal(err)
	}
	s.o.Config(string(text))
	s.pass()
	if n := s.toldOf(names); n != 1 {
		t.Errorf("with the last good config %d were told", n)
	}
	if status := s.Text(s.o.Page("Status")); !strings.Contains(status, "/notices/groups") || len(status) > 100_000 {
		t.Errorf("Status says\n%.2000s", status)
	}
}
