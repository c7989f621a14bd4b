package report

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"filewarden/bot/gate"

	"github.com/google/go-cmp/cmp"
)

const requests = "Requests"

func TestARequestCountsForWhoeverSavedIt(t *testing.T) {
	b := newBench(t)
	b.edit("Keeper", requests, "Ask here.")
	b.add("Alice", "Subscribe", "please [[User:Bob|Bob]] ([[User talk:Bob|talk]])")
	b.edit("Eve", requests, strings.Replace(b.text(requests), "please", "no, mute me", 1))
	b.serve()
	if len(b.asked) != 1 || b.asked[0].User != "Alice" || !strings.Contains(b.asked[0].Body, "please") {
		t.Fatalf("asked %+v", b.asked)
	}
	if b.asked[0].Heading != "Subscribe" || b.asked[0].Rev == 0 || b.asked[0].ID == "" {
		t.Errorf("%+v", b.asked[0])
	}
	if !strings.Contains(b.text(requests), "\n: done for Alice <!-- Filewarden: answered "+b.asked[0].ID+" ") {
		t.Errorf("page: %s", b.text(requests))
	}
}

func TestEveryRequestIsHandedOnOnceAndAnsweredInOneEdit(t *testing.T) {
	b := newBench(t)
	b.add("Alice", "One", "a")
	b.add("Bob", "Two", "b")
	b.edit("Carol", requests, b.text(requests)+"\n\n== Three ==\nc\n\n== Two ==\nd")
	b.serve()
	if b.users() != "Alice Bob Carol Carol" {
		t.Errorf("asked %s", b.users())
	}
	b.serve()
	b.restart()
	b.serve()
	if len(b.asked) != 4 {
		t.Errorf("handed on again: %s", b.users())
	}
	bots := 0
	for _, r := range b.site.History("User:Keeper/Requests") {
		if r.User == "Keeper" {
			bots++
		}
	}
	if bots != 1 {
		t.Errorf("%d edits by the bot:\n%s", bots, b.text(requests))
	}
	want := []string{"a\n: done for Alice", "b\n: done for Bob", "c\n: done for Carol", "d\n: done for Carol"}
	for i, s := range sections(b.text(requests)) {
		if !strings.HasPrefix(s.body, want[i]) {
			t.Errorf("section %d: %q", i, s.body)
		}
	}
}

func TestAPassWithoutNewsCostsOneRequest(t *testing.T) {
	b := newBench(t)
	b.add("Alice", "One", "a")
	b.serve()
	b.site.ForgetRequests()
	b.serve()
	if n := len(b.site.Requests()); n != 1 {
		t.Errorf("%d requests", n)
	}
}

func TestWhatIsNoRequest(t *testing.T) {
	for name, play := range map[string]func(*bench){
		"the bot's own section": func(b *bench) { b.add("Keeper", "How to ask", "like so") },
		"taken back by its user": func(b *bench) {
			b.add("Alice", "One", "a")
			b.edit("Alice", requests, "")
		},
		"taken away by another": func(b *bench) {
			b.add("Alice", "One", "a")
			b.edit("Bob", requests, "Intro")
		},
		"hidden user": func(b *bench) {
			b.add("Alice", "One", "a")
			rev := b.site.History("User:Keeper/Requests")
			b.edit("Bob", requests, "Intro\n"+b.text(requests))
			for _, r := range rev {
				b.site.HideRevision(r.ID)
			}
		},
		"answered section from the archive": func(b *bench) {
			b.add("Bob", "One", "a\n: done <!-- Filewarden: answered 12-0 2026-01-01T00:00:00Z -->")
		},
		"deeper heading":     func(b *bench) { b.edit("Alice", requests, "=== One ===\na") },
		"top heading":        func(b *bench) { b.edit("Alice", requests, "= One =\na") },
		"heading in comment": func(b *bench) { b.edit("Alice", requests, "<!--\n== One ==\na\n-->") },
		"heading in nowiki":  func(b *bench) { b.edit("Alice", requests, "<nowiki>\n== One ==\na\n</nowiki>") },
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			b.edit("Admin", requests, "Intro")
			play(b)
			b.serve()
			if len(b.asked) != 0 {
				t.Errorf("asked %+v", b.asked)
			}
		})
	}
}

func TestARevertedBlankingLeavesTheRequestItsUsers(t *testing.T) {
	for _, between := range []bool{false, true} {
		b := newBench(t)
		b.edit("Admin", requests, "Intro")
		b.add("Alice", "One", "a")
		whole := b.text(requests)
		b.edit("Eve", requests, "haha")
		if between {
			b.serve()
		}
		b.edit("Bob", requests, whole)
		b.serve()
		if b.users() != "Alice" {
			t.Errorf("served in between %v: asked %s", between, b.users())
		}
	}
}

func TestARequestTakenBackIsNotRevivedByAnother(t *testing.T) {
	for how, c := range map[string]struct{ with, asker string }{
		"by reverting its user, which asks for nothing":     {"Intro", ""},
		"by writing it again, which is a request of theirs": {"Hello", "Eve"},
	} {
		t.Run(how, func(t *testing.T) {
			b := newBench(t)
			b.edit("Admin", requests, "Intro")
			b.add("Alice", "One", "a")
			whole := b.text(requests)
			b.edit("Alice", requests, "Intro")
			b.edit("Eve", requests, strings.Replace(whole, "Intro", c.with, 1))
			b.serve()
			if b.users() != c.asker {
				t.Errorf("asked %s", b.users())
			}
		})
	}
}

func TestOnlyTheBotCanMarkARequestAsAnswered(t *testing.T) {
	b := newBench(t)
	b.edit("Admin", requests, "Intro")
	b.add("Alice", "One", "a")
	id := revisionOf(b) + "-0"
	b.edit("Eve", requests, b.text(requests)+"\n"+answeredPrefix+id+" 2026-11-01T00:00:00Z -->")
	b.serve()
	if b.users() != "Alice" || b.asked[0].ID != id {
		t.Errorf("asked %+v", b.asked)
	}
}

// revisionOf is the id of the page's last revision.
func revisionOf(b *bench) string {
	last := int64(0)
	for _, r := range b.site.History("User:Keeper/Requests") {
		last = max(last, r.ID)
	}
	return strconv.FormatInt(last, 10)
}

func TestARevisionThatTheWikiForgotIsAsGoodAsNone(t *testing.T) {
	b := newBench(t)
	if err := b.desk.save(&board{rev: 999999}, nil); err != nil {
		t.Fatal(err)
	}
	b.add("Alice", "One", "a")
	b.serve()
	if b.users() != "Alice" {
		t.Errorf("asked %s", b.users())
	}
}

func TestAHistoryThatBeginsInTheMiddleBringsNoNews(t *testing.T) {
	b := &board{rev: 5}
	b.follow(past{revs: []revision{{ID: 9, Parent: 8, User: "Eve", Text: "== One ==\na"},
		{ID: 10, Parent: 9, User: "Bob", Text: "== One ==\na\n== Two ==\nb"}}})
	if rows := b.open(); len(rows) != 1 || rows[0].User != "Bob" {
		t.Errorf("open %+v", rows)
	}
}

func TestAHandlerThatFailsIsAskedAgainAndHoldsUpNobody(t *testing.T) {
	b := newBench(t)
	b.add("Alice", "One", "a")
	b.add("Bob", "Two", "b")
	down := errors.New("down")
	tries := 0
	err := b.desk.Serve(context.Background(), func(ctx context.Context, r Request) (Answer, error) {
		if r.User == "Alice" {
			tries++
			return Answer{}, down
		}
		return b.answer(ctx, r)
	})
	if !errors.Is(err, down) || tries != 1 || b.users() != "Bob" {
		t.Errorf("%v, %d tries, asked %s", err, tries, b.users())
	}
	b.serve()
	if b.users() != "Bob Alice" || strings.Count(b.text(requests), answeredPrefix) != 2 {
		t.Errorf("asked %s\n%s", b.users(), b.text(requests))
	}
}

// TestAnAnswerIsNotLostWhenTheProcessDiesBeforeWritingIt stops the bot right
// after the handler returned.
func TestAnAnswerIsNotLostWhenTheProcessDiesBeforeWritingIt(t *testing.T) {
	b := newBench(t)
	b.add("Alice", "One", "a")
	err := b.desk.Serve(context.Background(), func(ctx context.Context, r Request) (Answer, error) {
		b.edit("Eve", "Stop", "halt")
		return b.answer(ctx, r)
	})
	var refused *gate.Refused
	if !errors.As(err, &refused) || strings.Contains(b.text(requests), answeredPrefix) {
		t.Fatalf("%v\n%s", err, b.text(requests))
	}
	b.edit("Eve", "Stop", "")
	b.restart()
	b.serve()
	if len(b.asked) != 1 || strings.Count(b.text(requests), "done for Alice") != 1 {
		t.Errorf("asked %s\n%s", b.users(), b.text(requests))
	}
}

// TestAnAnswerIsNotRepeatedWhenTheProcessDiesAfterWritingIt forgets that the edit was made.
func TestAnAnswerIsNotRepeatedWhenTheProcessDiesAfterWritingIt(t *testing.T) {
	b := newBench(t)
	b.add("Alice", "One", "a")
	board, err := b.desk.catchUp(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if err := b.desk.hand(context.Background(), board, map[string]bool{}, b.answer); err != nil {
		t.Fatal(err)
	}
	if _, err := b.desk.put(context.Background(), board); err != nil {
		t.Fatal(err)
	}
	b.restart()
	b.serve()
	if len(b.asked) != 1 || strings.Count(b.text(requests), "done for Alice") != 1 {
		t.Errorf("asked %s\n%s", b.users(), b.text(requests))
	}
}

func TestARequestThatComesDuringTheAnsweringIsServedToo(t *testing.T) {
	b := newBench(t)
	b.add("Alice", "One", "a")
	err := b.desk.Serve(context.Background(), func(ctx context.Context, r Request) (Answer, error) {
		if r.User == "Alice" {
			b.add("Bob", "Two", "b")
		}
		return b.answer(ctx, r)
	})
	if err != nil || b.users() != "Alice Bob" || strings.Count(b.text(requests), answeredPrefix) != 2 {
		t.Errorf("%v, asked %s\n%s", err, b.users(), b.text(requests))
	}
}

func TestOldAnswersMoveToTheArchiveOnce(t *testing.T) {
	b := newBench(t)
	b.edit("Keeper", requests, "Ask here.")
	b.add("Alice", "One", "a")
	b.add("Bob", "Two", "b")
	b.serve()
	filed := sections(b.text(requests))
	want := b.text(requests)[filed[0].from:]
	b.now = b.now.Add(8 * 24 * time.Hour)
	b.add("Carol", "Three", "c")
	b.serve()
	if got := b.text("Requests/Archive/2026-11"); got != want {
		t.Errorf("archive: %s\nwant: %s", got, want)
	}
	if left := sections(b.text(requests)); len(left) != 1 || left[0].heading != "Three" || !strings.HasPrefix(b.text(requests), "Ask here.") {
		t.Errorf("left: %s", b.text(requests))
	}
	b.serve()
	if b.users() != "Alice Bob Carol" || b.text("Requests/Archive/2026-11") != want {
		t.Errorf("asked %s", b.users())
	}
}

func TestADeathBetweenFilingAndTakingAwayNeitherLosesNorDuplicates(t *testing.T) {
	b := newBench(t)
	b.edit("Keeper", requests, "Ask here.")
	b.add("Alice", "One", "a")
	b.serve()
	page := b.text(requests)
	b.now = b.now.Add(8 * 24 * time.Hour)
	b.edit("Keeper", "Requests/Archive/2026-11", sections(page)[0].raw(page)) // filed, then killed
	b.serve()
	if n := strings.Count(b.text("Requests/Archive/2026-11"), "== One =="); n != 1 || strings.Contains(b.text(requests), "One") {
		t.Errorf("%d times in the archive; left: %s", n, b.text(requests))
	}
}

func TestADeletedAndRemadePageIsReadAnew(t *testing.T) {
	b := newBench(t)
	b.site.AddUser("Admin", "", "sysop")
	b.add("Alice", "One", "a")
	b.serve()
	b.site.Delete("Admin", "User:Keeper/Requests", "")
	b.serve()
	b.add("Bob", "Two", "b")
	b.serve()
	if b.users() != "Alice Bob" {
		t.Errorf("asked %s", b.users())
	}
}

func TestAProtectedPageIsAClearErrorAndTheAnswerWaits(t *testing.T) {
	b := newBench(t)
	b.site.AddUser("Admin", "", "sysop")
	b.add("Alice", "One", "a")
	b.site.Protect("Admin", "User:Keeper/Requests", "edit", "sysop")
	err := b.desk.Serve(context.Background(), b.answer)
	if err == nil || !strings.Contains(err.Error(), "protectedpage") {
		t.Errorf("got %v", err)
	}
	b.site.Protect("Admin", "User:Keeper/Requests", "edit", "")
	b.serve()
	if len(b.asked) != 1 || strings.Count(b.text(requests), answeredPrefix) != 1 {
		t.Errorf("asked %s\n%s", b.users(), b.text(requests))
	}
}

func TestAPageFullOfJunkStillServesTheNextRequest(t *testing.T) {
	b := newBench(t)
	b.edit("Eve", requests, strings.Repeat("== x ==\n<!-- {{ [[\n== y == -->\n", 1<<18/32))
	b.serve()
	if len(b.asked) > maxPerRev {
		t.Errorf("%d requests of one edit", len(b.asked))
	}
	b.add("Alice", "One", "a")
	b.serve()
	if b.asked[len(b.asked)-1].User != "Alice" {
		t.Errorf("Alice was not heard: %d asked", len(b.asked))
	}
}

func TestADryRunShowsAnswersOnce(t *testing.T) {
	b := newBench(t)
	b.mode = gate.DryRun
	b.add("Alice", "One", "a")
	before := b.text(requests)
	b.serve()
	b.serve()
	if len(b.asked) != 1 || b.text(requests) != before {
		t.Errorf("asked %s\n%s", b.users(), b.text(requests))
	}
}

func TestSectionsOfAPage(t *testing.T) {
	page := "lead\n== A == \nx\n=== deep ===\ny\r\n== [[B]] ''c'' == <!-- why -->\r\nz\n= top =\nno\n== D =="
	var got []string
	for _, s := range sections(page) {
		got = append(got, s.heading+"|"+s.body)
	}
	want := []string{"A|x\n=== deep ===\ny", "[[B]] ''c''|z", "D|"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestAMegabyteOfJunkIsReadInOnePass(t *testing.T) {
	for _, junk := range []string{"== x ==\n", "<!-- == x ==\n", "=", "<nowiki>\n== x ==\n", "== x == <!--\n-->"} {
		if n := len(sections(strings.Repeat(junk, 1<<20/len(junk)))); n > maxSections {
			t.Errorf("%q: %d sections", junk, n)
		}
	}
}

func FuzzSections(f *testing.F) {
	for _, s := range []string{"== a ==\nb", "==\n== ==\n===", "<!-- == a ==", "== a\x00 ==\r\n\xff", "= a =\n== b == c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, page string) {
		at := 0
		for _, s := range sections(page) {
			if s.from < at || s.to < s.from || s.to > len(page) || !strings.HasPrefix(page[s.from:], "==") {
				t.Fatalf("section %+v of %q", s, page)
			}
			at = s.to
		}
	})
}
