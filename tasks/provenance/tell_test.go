package provenance

import (
	"strings"
	"testing"
	"time"

	"filewarden/bot/notice"
	"filewarden/templates"
)

func TestFollowersHearOnceHowAPageStandsThenWhatIsNew(t *testing.T) {
	w := withGadget(t, live)
	w.follow("Alice", "popups")
	w.follow("Bob", "MediaWiki:Gadget-popups.js", "popups", "No such gadget")
	w.follow("Carol", "clock")
	if got := toldLines(w.pass()); got != "Alice: "+gadgetPage+" stands 1/0/0\nBob: "+gadgetPage+" stands 1/0/0" {
		t.Errorf("at first told\n%s", got)
	}
	if got := toldLines(w.pass()); got != "" {
		t.Errorf("without news told\n%s", got)
	}
	w.wiki.Edit("Alice", gadgetPage, offStep+tail, "")
	if got := toldLines(w.pass()); got != "Alice: "+gadgetPage+" new 1/0/0\nBob: "+gadgetPage+" new 1/0/0" {
		t.Errorf("of a new finding told\n%s", got)
	}
	w.wiki.Edit("Alice", gadgetPage, onStep, "")
	if got := toldLines(w.pass()); got != "" {
		t.Errorf("of fixes told\n%s", got)
	}
	w.wiki.Edit("Alice", gadgetPage, offStep, "")
	if got := toldLines(w.pass()); !strings.Contains(got, "Bob: "+gadgetPage+" new 1/0/0") {
		t.Errorf("of a relapse told\n%s", got)
	}
}

func TestNobodyHearsWhatHappenedBeforeTheBotWentLive(t *testing.T) {
	w := withGadget(t, live)
	w.follow("Alice", "popups")
	w.fresh = true
	if got := toldLines(w.pass()); got != "" {
		t.Errorf("while taking stock told %s", got)
	}
	w.fresh = false
	if got := toldLines(w.pass()); got != "" {
		t.Errorf("afterwards told %s", got)
	}
	w.wiki.Edit("Carol", gadgetPage, offStep+tail, "")
	if got := toldLines(w.pass()); got != "Alice: "+gadgetPage+" new 1/0/0" {
		t.Errorf("of news told %s", got)
	}
}

func TestWhatIsIgnoredIsNotTold(t *testing.T) {
	w := withGadget(t, `{"mode": "live", "editsPerMinute": 600, "tasks": {"provenance": {"ignore": [{"rule": "TS001", "reason": "known"}]}}}`)
	w.follow("Alice", "popups")
	if got := toldLines(w.pass()); got != "" {
		t.Errorf("told %s", got)
	}
}

func TestEachPageIsOneLine(t *testing.T) {
	words, err := templates.Load(templates.Folder(""), templates.Folder(Name))
	if err != nil {
		t.Fatal(err)
	}
	event := func(page, errors, warnings, rules string) notice.Event {
		return notice.Event{Page: page, Facts: map[string]string{factState: isNew, factErrors: errors, factWarnings: warnings, factInfos: "0",
			factRules: rules, factReport: "User:B/Provenance/" + page + "/report"}}
	}
	got := lines(notice.Reader{Words: words.In("en")}, []notice.Event{event("MediaWiki:A.js", "1", "0", "TS001"),
		event("MediaWiki:B.js", "1", "0", "PV001"), event("MediaWiki:A.js", "1", "2", "PV006 TS001")})
	want := []string{
		"[[:MediaWiki:A.js|MediaWiki:A.js]] has 4 new findings: 2 errors and 2 warnings (PV006 and TS001). [[:User:B/Provenance/MediaWiki:A.js/report|Report with reasons and fixes]]",
		"[[:MediaWiki:B.js|MediaWiki:B.js]] has a new finding: one error (PV001). [[:User:B/Provenance/MediaWiki:B.js/report|Report with reasons and fixes]]",
	}
	for i, line := range got {
		if i >= len(want) || line.Wikitext != want[i] {
			t.Errorf("line %d: %s", i, line.Wikitext)
		}
	}
}

func TestANoticeReachesTheTalkPage(t *testing.T) {
	w := withGadget(t, `{"mode": "live", "editsPerMinute": 600, "notices": {"window": "now", "channel": "talk"}}`)
	settled := func() {
		t.Helper()
		w.later(time.Hour)
		if _, err := w.bot.Panel().Poll(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := w.bot.Pass(t.Context(), Name, nil); err != nil {
			t.Fatal(err)
		}
	}
	settled() // takes stock
	w.follow("Alice", "popups")
	settled()
	text, _ := w.wiki.Text("User talk:Alice")
	for _, part := range []string{"== Findings in code that you follow", "[[:" + gadgetPage + "|", "mute kind provenance", "Provenance/" + gadgetPage + "/report|Report"} {
		if !strings.Contains(strings.ReplaceAll(text, "+", " "), part) {
			t.Errorf("the message does not hold %q:\n%s", part, text)
		}
	}
	settled()
	if again, _ := w.wiki.Text("User talk:Alice"); again != text {
		t.Errorf("told again:\n%s", again)
	}
}
