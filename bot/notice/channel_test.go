package notice

import (
	"errors"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"filewarden/bot/gate"
	"filewarden/bot/wiki"

	"github.com/google/go-cmp/cmp"
)

func TestATalkMessageIsOneSignedSectionWithAUniqueLastLine(t *testing.T) {
	b := newBench(t)
	b.add(Event{ID: "1"})
	b.deliver(true)
	b.add(Event{ID: "2"})
	b.deliver(true)
	revs := b.wiki.revs["User talk:Alice"]
	if len(revs) != 2 {
		t.Fatalf("%d edits", len(revs))
	}
	if first, second := revs[0].heading, revs[1].heading; second != first+" (2)" {
		t.Errorf("headings %q and %q: a notification's link would lead to the first", first, second)
	}
	last := map[string]bool{}
	for _, r := range revs {
		lines := strings.Split(r.text, "\n")
		end := lines[len(lines)-1]
		if !strings.HasSuffix(end, " ~~~~") || strings.Count(r.text, "~~~~") != 1 {
			t.Errorf("not signed once, at its end:\n%s", r.text)
		}
		if regexp.MustCompile(`(?m)^=`).MatchString(r.text) {
			t.Errorf("a heading inside the section:\n%s", r.text)
		}
		if strings.Contains(r.text, "[[User:") || strings.Contains(r.text, "[[:User:A") {
			t.Errorf("a link that pings or equals a signature:\n%s", r.text)
		}
		if last[end] {
			t.Errorf("two messages end in the same line, so the diff would slide:\n%s", end)
		}
		last[end] = true
	}
}

func TestAPingIsInTheShapeThatEchoAccepts(t *testing.T) {
	b := newBench(t)
	b.wiki.prefs["Alice"] = `{"channel":"mention"}`
	b.add(Event{ID: "1"}, Event{ID: "2"})
	b.deliver(true)
	text := b.page("User:FileBot/Notices/2026-11")
	heading, body, _ := strings.Cut(text, "\n")
	if heading != "== New use of your file (2026-11-18 10:00 UTC) – Alice ==" {
		t.Errorf("heading %s", heading)
	}
	if !strings.HasPrefix(body, "[[:User:Alice|Alice]]:\n* ") || !strings.HasSuffix(body, " ~~~~") || strings.Contains(body, "\n\n") {
		t.Errorf("the link and the signature must be in one block:\n%s", body)
	}
	if b.talk("Alice") != "" {
		t.Error("told on the talk page too")
	}
}

func TestAnEchoNotificationKeepsItsLimitsAndLinksLocally(t *testing.T) {
	b := newBench(t)
	b.wiki.prefs["Alice"] = `{"channel":"echo"}`
	long := strings.Repeat("ツ", 100)
	for i := range 30 {
		b.add(Event{ID: string(rune('a'+i%26)) + strings.Repeat("x", i), Page: "de:" + long, File: "File:" + long + ".jpg", Kind: "file-deletion"})
	}
	b.deliver(true)
	if len(b.wiki.echoes) != 1 {
		t.Fatalf("%d notifications for one digest", len(b.wiki.echoes))
	}
	e := b.wiki.echoes[0]
	if len(e.Header) > 160 || !utf8.ValidString(e.Header) || !strings.Contains(e.Header, "29 more") {
		t.Errorf("header of %d bytes: %s", len(e.Header), e.Header)
	}
	if len(e.Content) > 5000 || e.Content == "" || !utf8.ValidString(e.Content) || !strings.Contains(e.Content, "mute+all") {
		t.Errorf("content of %d bytes: %s", len(e.Content), e.Content)
	}
	if e.Page != "File:"+long+".jpg" || e.Section != "alert" {
		t.Errorf("page %q, section %q", e.Page, e.Section)
	}
}

func TestAnEMailHasItsOwnDailyLimit(t *testing.T) {
	b := newBench(t)
	b.wiki.prefs["Alice"] = `{"channel":"email"}`
	b.wiki.users["Alice"] = `{"name":"Alice","groups":["user"],"emailable":true}`
	b.add(Event{ID: "1"})
	b.deliver(true)
	b.add(Event{ID: "2"})
	b.deliver(true)
	if len(b.wiki.mails) != 1 || !strings.Contains(b.wiki.mails[0].Text, "(1)") || strings.Contains(b.wiki.mails[0].Text, "[[") {
		t.Errorf("mails: %v", b.wiki.mails)
	}
	if !strings.Contains(b.talk("Alice"), "(2)") {
		t.Error("the second of the day should go to the talk page")
	}
}

// Which channel takes a notice when others cannot.
func TestFallback(t *testing.T) {
	no := func(code string) error { return &wiki.Error{Code: code, Advice: wiki.Skip} }
	for _, c := range []struct {
		name, want string
		prepare    func(*fakeWiki)
		told       string // talk, mention, echo or ""
	}{
		{"talk protected", "talk", func(f *fakeWiki) { f.failing = failTalk(f, no("protectedpage")) }, "mention"},
		{"talk of another model", "talk", func(f *fakeWiki) {
			f.models["User talk:Alice"] = "flow-board"
			f.add("User talk:Alice", fakeRev{user: "Alice"})
			f.refuse["Alice"] = &gate.Refused{Reason: gate.Unfit, Page: "User talk:Alice"}
		}, "mention"},
		{"protected, no Echo", "talk", func(f *fakeWiki) { f.noEcho = true; f.failing = failTalk(f, no("protectedpage")) }, "echo"},
		{"echo switched off", "echo", func(f *fakeWiki) { f.rights.Options = nil }, "talk"},
		{"echo without right or grant", "echo", func(f *fakeWiki) { f.rights.Rights = nil }, "talk"},
		{"echo refused at run time", "echo", func(f *fakeWiki) { f.failing = failAction("echo", no("permissiondenied")) }, "talk"},
		{"echo module disabled at run time", "echo", func(f *fakeWiki) { f.failing = failAction("echo", no("moduledisabled")) }, "talk"},
		{"ping without Echo", "mention", func(f *fakeWiki) { f.noEcho = true }, "talk"},
		{"no e-mail address", "email", func(*fakeWiki) {}, "talk"},
		{"e-mail refused", "email", func(f *fakeWiki) {
			f.users["Alice"] = `{"name":"Alice","emailable":true}`
			f.failing = failAction("mail", no("nowikiemail"))
		}, "talk"},
		{"abuse filter is no reason for another page", "talk", func(f *fakeWiki) { f.failing = failAction("edit", no("abusefilter-disallowed")) }, ""},
		{"a no is a no everywhere", "echo", func(f *fakeWiki) { f.refuse["Alice"] = &gate.Refused{Reason: gate.Excluded, Page: "User talk:Alice"} }, ""},
		{"none wanted", "none", func(*fakeWiki) {}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t)
			b.wiki.prefs["Alice"] = `{"channel":"` + c.want + `"}`
			c.prepare(b.wiki)
			b.add(Event{ID: "1"})
			b.deliver(true)
			told := map[string]bool{"talk": b.talk("Alice") != "", "mention": b.page("User:FileBot/Notices/2026-11") != "", "echo": len(b.wiki.echoes) > 0}
			for channel, was := range told {
				if was != (channel == c.told) {
					t.Errorf("told by %s: %v, want only %q", channel, was, c.told)
				}
			}
			b.wantPending(0)
		})
	}
}

func failAction(action string, err error) func(string, string) error {
	return func(a, _ string) error {
		if a == action {
			return err
		}
		return nil
	}
}

// failTalk fails edits of the talk page only: the first edit of a scene.
func failTalk(f *fakeWiki, err error) func(string, string) error {
	tried := false
	return func(a, _ string) error {
		if a != "edit" || tried {
			return nil
		}
		tried = true
		return err
	}
}

// What becomes of a notice by the error that its edit met.
func TestEveryErrorOfAnEditHasItsFate(t *testing.T) {
	api := func(code string, advice wiki.Advice) error { return &wiki.Error{Code: code, Advice: advice} }
	for _, c := range []struct {
		name    string
		err     error
		ends    bool   // Deliver ends with it
		pending int    // events that wait afterwards, of two people's
		outcome string // counted for the first
	}{
		{"maxlag outlasted", api("maxlag", wiki.Retry), true, 2, "talk deferred"},
		{"readonly outlasted", api("readonly", wiki.Retry), true, 2, "talk deferred"},
		{"rate limit outlasted", api("ratelimited", wiki.Retry), true, 2, "talk deferred"},
		{"blocked", api("blocked", wiki.Stop), true, 2, "talk deferred"},
		{"logged out", api("assertuserfailed", wiki.Stop), true, 2, "talk deferred"},
		{"stopped", &gate.Refused{Reason: gate.Stopped, Page: "Stop"}, true, 2, "talk deferred"},
		{"trial over", &gate.Refused{Reason: gate.TrialOver}, true, 2, "talk deferred"},
		{"stop page unreadable", &gate.Refused{Reason: gate.Unreadable, Page: "Stop"}, true, 2, "talk deferred"},
		{"no connection", &wiki.Unreachable{Unsent: true, Err: errors.New("refused")}, true, 2, "talk deferred"},
		{"task stopped", &gate.Refused{Reason: gate.TaskStop, Page: "Stop/usage"}, true, 2, "talk deferred"},
		{"in use", &gate.Refused{Reason: gate.Deferred, Page: "User talk:Alice"}, false, 1, "talk deferred"},
		{"talk page unreadable", &gate.Refused{Reason: gate.Unreadable, Page: "User talk:Alice"}, false, 1, "talk deferred"},
		{"opted out meanwhile", &gate.Refused{Reason: gate.Excluded, Page: "User talk:Alice"}, false, 0, "none dropped:excluded"},
		{"edit filter", api("abusefilter-warning", wiki.Skip), false, 0, "none dropped:abusefilter-warning"},
		{"captcha", api("captcha", wiki.Skip), false, 0, "none dropped:captcha"},
		{"protected", api("protectedpage", wiki.Skip), false, 0, "mention sent"},
		{"partial block", api("blocked", wiki.Skip), false, 0, "mention sent"},
		{"too big", api("contenttoobig", wiki.Skip), false, 0, "mention sent"},
		{"HTTP 413", &wiki.HTTPError{Status: 413}, false, 1, "talk deferred"},
		{"HTTP 429", &wiki.HTTPError{Status: 429}, true, 2, "talk deferred"},
		{"HTTP 502", &wiki.HTTPError{Status: 502}, false, 0, "talk sent"},
		{"answer lost", &wiki.UnknownOutcome{Err: errors.New("EOF")}, false, 0, "talk sent"},
		{"editconflict", api("editconflict", wiki.Replan), false, 0, "talk sent"},
		{"articleexists", api("articleexists", wiki.Replan), false, 0, "talk sent"},
		{"pagedeleted", api("pagedeleted", wiki.Replan), false, 0, "talk sent"},
		{"spam blacklist", api("spamblacklist", wiki.Skip), false, 0, "talk sent"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t)
			first := true
			b.wiki.failing = func(action, user string) error {
				if action == "edit" && user == "Alice" && first {
					first = false
					return c.err
				}
				return nil
			}
			b.add(Event{ID: "1"}, Event{ID: "2", User: "Bob"})
			err := b.Deliver(t.Context(), true)
			if (err != nil) != c.ends || (c.ends && !errors.Is(err, c.err)) {
				t.Errorf("Deliver said %v, ends: %v", err, c.ends)
			}
			b.wantPending(c.pending)
			b.wantOutcome("file-usage "+c.outcome, map[bool]int{true: 2, false: 1}[c.outcome == "talk sent"])
			if !c.ends {
				b.wantTimes("2", 1)
			}
			// What was held back is told when the trouble is over.
			b.wiki.now = b.wiki.now.Add(time.Hour)
			b.deliver(true)
			b.wantPending(0)
			if strings.HasPrefix(c.outcome, "talk") {
				b.wantTimes("1", 1)
				b.wantTimes("2", 1)
			}
		})
	}
}

func TestAStoppedTaskDoesNotKeepTheOthersBack(t *testing.T) {
	b := newBench(t)
	stopped := true
	b.wiki.failing = func(action, task string) error {
		if action == "check" && task == "usage" && stopped {
			return &gate.Refused{Reason: gate.TaskStop, Page: "User:FileBot/Stop/usage"}
		}
		return nil
	}
	b.add(Event{ID: "use"}, Event{ID: "copy", Kind: "copyvio"})
	var refused *gate.Refused
	if err := b.Deliver(t.Context(), true); !errors.As(err, &refused) || refused.Reason != gate.TaskStop {
		t.Errorf("Deliver said %v", err)
	}
	b.wantTimes("copy", 1)
	b.wantTimes("use", 0)
	if next, _ := b.Next(); !next.IsZero() && next.Before(b.wiki.now.Add(pause)) {
		t.Errorf("next at %v: a caller would spin", next)
	}
	stopped = false
	b.deliver(true)
	b.wantTimes("use", 1)
}

func TestABlacklistedLinkIsSentAsText(t *testing.T) {
	b := newBench(t)
	n := 0
	b.wiki.failing = func(action, _ string) error {
		if n++; action == "edit" && n == 2 {
			return &wiki.Error{Code: "spamblacklist", Advice: wiki.Skip}
		}
		return nil
	}
	b.add(Event{ID: "1"})
	b.deliver(true)
	text := b.talk("Alice")
	if strings.Contains(text, "[http") || !strings.Contains(text, "<nowiki>https://test.example") {
		t.Errorf("links are left:\n%s", text)
	}
	if got, want := withoutLinks("[https://x.example/?q a] b http://y.example"), "a (<nowiki>https://x.example/?q</nowiki>) b <nowiki>http://y.example</nowiki>"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestADryRunSettlesInItsOwnMemory(t *testing.T) {
	b := newBench(t)
	b.wiki.dry = true
	b.add(Event{ID: "1"})
	b.deliver(true)
	b.deliver(true)
	b.wantPending(0)
	b.wantTimes("1", 0)
	b.wantOutcome("file-usage talk dry", 1)
}

// The links below a message are requests that the handler understands.
func TestTheWaysOutAreUnderstoodByTheRequestsPage(t *testing.T) {
	b := newBench(t)
	file := `File:A & "B" + [C] 100% ~ ü?.jpg`
	file = strings.NewReplacer("[", "(", "]", ")").Replace(file)
	b.add(Event{ID: "1", File: file})
	b.deliver(true)
	var got []Request
	for _, address := range regexp.MustCompile(`\[(https?://\S+) `).FindAllStringSubmatch(b.talk("Alice"), -1) {
		u, err := url.Parse(address[1])
		if err != nil {
			t.Fatal(err)
		}
		q := u.Query()
		if u.Host != "test.example" || u.Path != "/w/index.php" || q.Get("title") != "User:FileBot/Requests" || q.Get("section") != "new" || q.Get("preload") == "" {
			t.Errorf("address %s", u)
		}
		r, ok := ParseRequest(q.Get("preloadtitle"), "")
		if !ok {
			t.Errorf("not understood: %q", q.Get("preloadtitle"))
		}
		got = append(got, r)
	}
	want := []Request{{Mute, OfFile, file}, {Mute, OfKind, "file-usage"}, {Mute, OfAll, ""}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAWaysOutOfSeveralFilesAndKinds(t *testing.T) {
	b := newBench(t)
	b.add(Event{ID: "1"}, Event{ID: "2", File: "File:B.jpg", Kind: "file-deletion"})
	b.deliver(true)
	text := b.talk("Alice")
	if strings.Contains(text, "mute+file") || strings.Contains(text, "mute+kind") || !strings.Contains(text, "mute+all") {
		t.Errorf("only the last fits a digest:\n%s", text)
	}
}

func TestAllChannelsHaveAFallbackTable(t *testing.T) {
	if diff := cmp.Diff(slices.Sorted(maps.Keys(fallbacks)), slices.Sorted(slices.Values(channelOrder))); diff != "" {
		t.Error(diff)
	}
	for want, order := range fallbacks {
		if order[0] != want || slices.Contains(order[1:], channelEmail) {
			t.Errorf("%s: %v", want, order)
		}
	}
}
