package wikiconfig

import (
	"context"
	"errors"
	"maps"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestAPollIsOneRequest(t *testing.T) {
	p := newPanelTest(t)
	p.poll()
	if p.wiki.requests != 1 || p.wiki.largest != 2 {
		t.Errorf("%d requests, the largest of %d titles", p.wiki.requests, p.wiki.largest)
	}
	if s := p.panel.State(); s.Config == nil || s.ConfigRev != 0 || !s.OptOutKnown || s.PolledAt.IsZero() {
		t.Errorf("without pages: %+v", s)
	}
}

func TestABadRevisionNeverTakesEffect(t *testing.T) {
	p := newPanelTest(t)
	p.wiki.save(configTitle, 10, `{"trialEdits": 7}`)
	p.poll()
	for rev, text := range map[int64]string{
		11: `{"trialEdits": 8, "mode": "alive"}`,
		12: `{"trialEdits": 8`,
		13: `[]`,
		14: `null`,
	} {
		p.wiki.save(configTitle, rev, text)
		if p.poll() {
			t.Errorf("%s: changed", text)
		}
		s := p.panel.State()
		if s.Config.TrialEdits != 7 || s.ConfigRev != 10 || s.BadRev != rev || s.BadUser != "Alice" || !Refused(s.Problems) {
			t.Errorf("%s: %+v", text, s)
		}
	}
	p.restart(testBook(t))
	if s := p.panel.State(); s.Config == nil || s.Config.TrialEdits != 7 || s.ConfigRev != 10 {
		t.Errorf("after a restart: %+v", s)
	}
	p.poll()
	if s := p.panel.State(); s.Config.TrialEdits != 7 || s.BadRev == 0 {
		t.Errorf("polled after a restart: %+v", s)
	}
	p.wiki.save(configTitle, 20, `{"trialEdits": 9}`)
	if s := p.panel.State(); !p.poll() || s.BadRev == 0 {
		t.Error("the repaired page is not taken")
	}
	if s := p.panel.State(); s.Config.TrialEdits != 9 || s.BadRev != 0 || s.BadUser != "" || len(s.Problems) != 0 {
		t.Errorf("repaired: %+v", s)
	}
}

func TestAPageOfAnotherModelIsNotTrusted(t *testing.T) {
	p := newPanelTest(t)
	p.wiki.save(configTitle, 10, `{"trialEdits": 7}`)
	p.wiki.save(optOutTitle, 11, `{"users": ["Alice"]}`)
	p.wiki.save("User:Carol/Filewarden.json", 12, `{"channel": "email"}`)
	p.poll()
	for _, title := range []string{configTitle, optOutTitle, "User:Carol/Filewarden.json"} {
		p.wiki.edit(title, func(page *Page) { page.Model, page.RevID, page.Text = "wikitext", 20, `{}` })
	}
	p.poll()
	s := p.panel.State()
	if s.Config.TrialEdits != 7 || s.BadRev != 20 || !strings.Contains(s.Problems[0].Message, "content model") {
		t.Errorf("config: %+v", s)
	}
	if diff := cmp.Diff([]string{"Alice"}, s.OptOut.Users); diff != "" || !Refused(s.OptOutBad) {
		t.Error(diff, s.OptOutBad)
	}
	prefs, err := p.panel.Preferences(context.Background(), "Carol")
	if err != nil || !prefs["Carol"].Muted || len(prefs["Carol"].Problems) == 0 {
		t.Errorf("preferences: %+v, %v", prefs["Carol"], err)
	}
}

func TestWithoutAnyGoodRevisionEveryTaskIsPaused(t *testing.T) {
	p := newPanelTest(t)
	p.wiki.save(configTitle, 10, `{"tasks": {"usage": {"enabled": false}},}`)
	p.poll()
	s := p.panel.State()
	if s.Config == nil || s.Config.Common("usage").Enabled || s.Config.Common("provenance").Enabled || s.BadRev != 10 {
		t.Fatalf("%+v", s)
	}
	if last := s.Problems[len(s.Problems)-1]; !last.Warning || !strings.Contains(last.Message, "paused") {
		t.Errorf("nobody is told: %v", s.Problems)
	}
	p.wiki.save(configTitle, 11, `{}`)
	if !p.poll() || !p.panel.State().Config.Common("usage").Enabled {
		t.Error("the repaired page is not taken")
	}
}

func TestAMissingPageMeansTheDefaultsAndADeletedOneToo(t *testing.T) {
	p := newPanelTest(t)
	p.wiki.save(configTitle, 10, `{"trialEdits": 7}`)
	p.poll()
	delete(p.wiki.pages, configTitle)
	if !p.poll() {
		t.Error("the deletion changes nothing")
	}
	p.restart(testBook(t))
	if s := p.panel.State(); s.Config.TrialEdits != 20 || s.ConfigRev != 0 {
		t.Errorf("%+v", s)
	}
}

func TestChangedMeansAnotherConfigNotAnotherRevision(t *testing.T) {
	p := newPanelTest(t)
	if !p.poll() {
		t.Error("the first config is none")
	}
	for i, c := range []struct {
		text    string
		changed bool
	}{
		{`{"mode": "trial"}`, false}, {`{"mode":"live"}`, true}, {"{\n\t\"mode\": \"live\"\n}", false},
		{`{"mode":"live","unknown":1}`, false}, {`{"mode":"live","tasks":{"usage":{"every":"1h"}}}`, true},
	} {
		p.wiki.save(configTitle, int64(i+1), c.text)
		if got := p.poll(); got != c.changed {
			t.Errorf("%s: changed %v", c.text, got)
		}
		if p.poll() {
			t.Errorf("%s: changed by itself", c.text)
		}
		if s := p.panel.State(); s.ConfigRev != int64(i+1) {
			t.Errorf("%s: revision %d in use", c.text, s.ConfigRev)
		}
	}
}

func TestAFirstPollThatFailsLeavesNoConfigAndAClosedGate(t *testing.T) {
	p := newPanelTest(t)
	p.wiki.err = errors.New("no route to host")
	if _, err := p.panel.Poll(context.Background()); !errors.Is(err, p.wiki.err) {
		t.Error(err)
	}
	s := p.panel.State()
	if s.Config != nil || s.OptOutKnown || !errors.Is(s.PollFailed, p.wiki.err) || !s.PolledAt.IsZero() {
		t.Errorf("%+v", s)
	}
	p.wiki.err = nil
	p.poll()
	if s := p.panel.State(); s.Config == nil || s.PollFailed != nil {
		t.Errorf("%+v", s)
	}
	p.wiki.err = errors.New("readonly")
	p.panel.Poll(context.Background())
	if s := p.panel.State(); s.Config == nil || !s.OptOutKnown || s.PollFailed == nil || s.PolledAt.IsZero() {
		t.Errorf("a later failure: %+v", s)
	}
}

func TestAnAnswerThatLeavesAPageOutIsNoMissingPage(t *testing.T) {
	p := newPanelTest(t)
	p.wiki.silent = optOutTitle
	if _, err := p.panel.Poll(context.Background()); err == nil || p.panel.State().OptOutKnown {
		t.Error("silence passed for a missing page")
	}
}

func TestOfABrokenOptOutListTheLastGoodOneAndEveryNewNoCount(t *testing.T) {
	p := newPanelTest(t)
	p.wiki.save(optOutTitle, 10, `{"users": ["Alice"], "pages": ["User talk:Bob"]}`)
	p.poll()
	p.wiki.save(optOutTitle, 11, `{"users": ["Carol", `)
	p.poll()
	want := OptOut{Users: []string{"Alice", "Carol"}, Pages: []string{"User talk:Bob"}}
	s := p.panel.State()
	if diff := cmp.Diff(want, s.OptOut); diff != "" || !s.OptOutKnown || !Refused(s.OptOutBad) {
		t.Error(diff, s.OptOutKnown, s.OptOutBad)
	}
	p.wiki.save(optOutTitle, 12, `{"users": ["Dave"], "pages": []}`)
	p.poll()
	want = OptOut{Users: []string{"Dave"}, Pages: []string{}}
	if diff := cmp.Diff(want, p.panel.State().OptOut); diff != "" {
		t.Error(diff)
	}
	p.restart(testBook(t))
	if s := p.panel.State(); !cmp.Equal(want, s.OptOut) || !s.OptOutKnown {
		t.Errorf("after a restart: %+v", s)
	}
}

func TestABrokenOptOutListWithoutAGoodOneKeepsTheGateClosed(t *testing.T) {
	p := newPanelTest(t)
	p.wiki.save(optOutTitle, 10, `{"users": ["Alice"`)
	p.poll()
	if s := p.panel.State(); s.OptOutKnown || !cmp.Equal(s.OptOut.Users, []string{"Alice"}) {
		t.Errorf("%+v", s)
	}
}

func TestAfterAnUpgradeWhatIsStillRightOfTheKeptCopyCounts(t *testing.T) {
	p := newPanelTest(t)
	p.wiki.save(configTitle, 10, `{"trialEdits": 7, "tasks": {"usage": {"enabled": false, "busyFile": 900}}}`)
	p.poll()
	type newer struct {
		BusyFile int `json:"busyFile" jsonschema:"minimum=1,maximum=100"`
	}
	b, err := NewBook(Section{Name: "usage", Config: &newer{BusyFile: 50}})
	if err != nil {
		t.Fatal(err)
	}
	p.restart(b)
	s := p.panel.State()
	if s.Config.TrialEdits != 7 || s.Config.Common("usage").Enabled || SectionOf[newer](s.Config, "usage").BusyFile != 50 {
		t.Errorf("%s", s.Config.JSON())
	}
	if len(s.Problems) != 1 || s.Problems[0].Pointer != "/tasks/usage/busyFile" {
		t.Error(s.Problems)
	}
	if p.poll(); p.panel.State().BadRev != 10 {
		t.Errorf("the page on the wiki is not told of: %+v", p.panel.State())
	}
}

func TestADamagedKeptCopyIsNoCopy(t *testing.T) {
	p := newPanelTest(t)
	for _, damaged := range []string{"", "{", "null", `{"revid": 1}`, `"x"`, "\x00"} {
		p.keeper.kept = map[string][]byte{configPage: []byte(damaged), optOutPage: []byte(damaged)}
		p.restart(testBook(t))
		if s := p.panel.State(); s.Config != nil || s.OptOutKnown {
			t.Errorf("%q: %+v", damaged, s)
		}
	}
}

func TestAKeeperThatFailsIsToldAndTriedAgain(t *testing.T) {
	p := newPanelTest(t)
	p.wiki.save(configTitle, 10, `{"trialEdits": 7}`)
	p.keeper.err = errors.New("disk full")
	if _, err := p.panel.Poll(context.Background()); !errors.Is(err, p.keeper.err) {
		t.Error(err)
	}
	if s := p.panel.State(); s.Config.TrialEdits != 7 || s.PollFailed != nil {
		t.Errorf("%+v", s)
	}
	p.keeper.err = nil
	p.poll()
	p.restart(testBook(t))
	if s := p.panel.State(); s.Config == nil || s.Config.TrialEdits != 7 {
		t.Errorf("not kept: %+v", s)
	}
	p.keeper.err = errors.New("closed")
	if _, err := NewPanel(testBook(t), p.wiki, p.keeper, "User:Warden/", time.Now); !errors.Is(err, p.keeper.err) {
		t.Error(err)
	}
}

func TestWhatACallerChangesReachesNobodyElse(t *testing.T) {
	p := newPanelTest(t)
	p.wiki.save(configTitle, 10, `{"notices": {"groups": ["sysop"]}, "x": 1}`)
	p.wiki.save(optOutTitle, 11, `{"users": ["Alice"]}`)
	p.poll()
	s := p.panel.State()
	s.Config.Mode, s.Config.Notices.Groups[0], s.OptOut.Users[0], s.Problems[0].Message = "live", "user", "Bob", ""
	sets := SectionOf[usageConfig](s.Config, "usage")
	sets.Recipients = "all"
	clear(s.Config.JSON())
	again := p.panel.State()
	if again.Config.Mode != "trial" || again.Config.Notices.Groups[0] != "sysop" || again.OptOut.Users[0] != "Alice" || again.Problems[0].Message == "" {
		t.Errorf("%+v", again)
	}
	if SectionOf[usageConfig](again.Config, "usage").Recipients != "allButReverters" {
		t.Error("a section is shared")
	}
}

func TestPreferencesAreReadByTitleFiftyAtATime(t *testing.T) {
	p := newPanelTest(t)
	p.wiki.save(configTitle, 1, `{"language": "de", "notices": {"channel": "mention", "window": "daily"}}`)
	p.poll()
	p.wiki.requests, p.wiki.largest = 0, 0
	users := []string{`O'Neil "Bob"`, "דוד", "𝒳 user", "Alice", "Alice"}
	p.wiki.save(`User:O'Neil "Bob"/Filewarden.json`, 2, `{"enabled": false}`)
	p.wiki.save("User:דוד/Filewarden.json", 3, `{"channel": "email"}`)
	p.wiki.save("User:𝒳 user/Filewarden.json", 4, `{"language": "fr"}`)
	for i := range 100 {
		users = append(users, "User "+strings.Repeat("x", i))
	}
	prefs, err := p.panel.Preferences(context.Background(), users...)
	if err != nil {
		t.Fatal(err)
	}
	if p.wiki.requests != 3 || p.wiki.largest != 50 || len(prefs) != 104 {
		t.Errorf("%d requests, the largest of %d titles, %d users", p.wiki.requests, p.wiki.largest, len(prefs))
	}
	type head struct {
		enabled, exists           bool
		channel, window, language string
	}
	got := map[string]head{}
	for _, user := range users[:4] {
		f := prefs[user]
		enabled, channel, window := f.For("usage")
		got[user] = head{enabled, f.Exists, channel, window, f.Language}
	}
	want := map[string]head{
		`O'Neil "Bob"`: {false, true, "mention", "daily", "de"},
		"דוד":          {true, true, "email", "daily", "de"},
		"𝒳 user":       {true, true, "mention", "daily", "fr"},
		"Alice":        {true, false, "mention", "daily", "de"},
	}
	if !maps.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestPreferencesThatCannotBeReadAreAnError(t *testing.T) {
	p := newPanelTest(t)
	p.wiki.err = errors.New("timeout")
	if prefs, err := p.panel.Preferences(context.Background(), "Alice"); err == nil || prefs != nil {
		t.Error(prefs, err)
	}
	p.wiki.err, p.wiki.silent = nil, "User:Alice/Filewarden.json"
	if prefs, err := p.panel.Preferences(context.Background(), "Alice"); err == nil || prefs != nil {
		t.Error(prefs, err)
	}
}

func TestThePanelMayBeUsedFromManyGoroutines(t *testing.T) {
	p := newPanelTest(t)
	var wait sync.WaitGroup
	for i := range 4 {
		wait.Go(func() {
			for n := range 10 {
				p.wiki.save(configTitle, int64(n+1), `{"trialEdits": `+strings.Repeat("1", i%3+1)+`}`)
				p.panel.Poll(context.Background())
				p.panel.State()
				p.panel.Preferences(context.Background(), "Alice", "Bob")
			}
		})
	}
	wait.Wait()
}
