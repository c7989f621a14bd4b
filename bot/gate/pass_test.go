package gate

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"filewarden/bot/wiki"
)

// TestOrderOfTheList sets up every refusal from one rung of the list downwards,
// so that a rung that moved would give the reason of another.
func TestOrderOfTheList(t *testing.T) {
	rungs := []struct {
		want Reason
		set  func(*bench)
	}{
		{Stopped, func(b *bench) { b.wiki.put("User:NoticeBot/Stop", "Eve", "halt") }},
		{TaskStop, func(b *bench) { b.wiki.put("User:NoticeBot/Stop/usage", "Eve", "halt") }},
		{TrialOver, func(b *bench) { b.policy.Mode, b.policy.TrialEdits = Trial, 0 }},
		{Excluded, func(b *bench) { b.wiki.put("User talk:Alice", "Alice", "{{nobots}}") }},
	}
	for i, from := range rungs {
		b := newBench(t, nil)
		if err := b.book.take(b.now, bill{}); err != nil { // too soon for another write
			t.Fatal(err)
		}
		for _, r := range rungs[i:] {
			r.set(b)
		}
		_, err := b.Edit(context.Background(), notice("id"))
		if got := reasonOf(err); got != from.want {
			t.Errorf("got %q, want %q: %v", got, from.want, err)
		}
		if len(b.slept) > 0 || len(b.wiki.posts) > 0 {
			t.Errorf("%s: slept %v, posted %v", from.want, b.slept, b.wiki.posts)
		}
	}
}

func TestDryRunIsAskedLast(t *testing.T) {
	for _, c := range []struct {
		page string
		want Reason
	}{
		{"User:NoticeBot/Stop", Stopped},
		{"User:NoticeBot/Stop/usage", TaskStop},
		{"User talk:Alice", Excluded},
	} {
		b := newBench(t, nil)
		b.policy.Mode = DryRun
		b.wiki.put(c.page, "Eve", "{{nobots}}")
		_, err := b.Edit(context.Background(), notice("id"))
		if got := reasonOf(err); got != c.want || len(b.dry) != 0 {
			t.Errorf("%s: got %q (%v), planned %d", c.page, got, err, len(b.dry))
		}
	}
}

func TestDryRunWritesNothingAndShowsTheChange(t *testing.T) {
	b := newBench(t, nil)
	b.policy.Mode = DryRun
	b.wiki.put("User talk:Alice", "Bob", "Hi.")
	r, err := b.Edit(context.Background(), notice("id"))
	if err != nil || !r.Dry || len(b.wiki.posts) != 0 || len(b.dry) != 1 {
		t.Fatalf("%+v, %v, posts %v", r, err, b.wiki.posts)
	}
	want := "diff User talk:Alice User talk:Alice (planned)\n--- User talk:Alice\n+++ User talk:Alice (planned)\n" +
		"@@ -1,1 +1,5 @@\n Hi.\n+\n+== Your file ==\n+\n+Hello ~~~~\n"
	if b.dry[0].Diff != want {
		t.Errorf("diff:\n%s", b.dry[0].Diff)
	}
	for _, send := range []func() (Receipt, error){
		func() (Receipt, error) {
			return b.Echo(context.Background(), Echo{User: "Alice", Header: "H", Content: "C"})
		},
		func() (Receipt, error) {
			return b.Mail(context.Background(), Mail{User: "Alice", Subject: "S", Text: "T"})
		},
	} {
		if r, err := send(); err != nil || !r.Dry || len(b.wiki.posts) != 0 {
			t.Errorf("%+v, %v", r, err)
		}
	}
	if n, _ := b.TrialUsed(); n != 0 || len(b.dry) != 3 {
		t.Errorf("the dry run spent %d edits and planned %d", n, len(b.dry))
	}
}

func TestStopPages(t *testing.T) {
	for _, c := range []struct {
		name string
		set  func(*fakeWiki)
		want Reason
	}{
		{"missing", func(*fakeWiki) {}, ""},
		{"blank", func(f *fakeWiki) { f.put("User:NoticeBot/Stop", "Eve", " \n\t") }, ""},
		{"text", func(f *fakeWiki) { f.put("User:NoticeBot/Stop", "Eve", "x") }, Stopped},
		{"only a comment", func(f *fakeWiki) { f.put("User:NoticeBot/Stop", "Eve", "<!-- -->") }, Stopped},
		{"task", func(f *fakeWiki) { f.put("User:NoticeBot/Stop/usage", "Eve", "x") }, TaskStop},
		{"another task", func(f *fakeWiki) { f.put("User:NoticeBot/Stop/copyvio", "Eve", "x") }, ""},
		{"hidden text", func(f *fakeWiki) { f.put("User:NoticeBot/Stop", "Eve", "").hidden = true }, Unreadable},
		{"answer to be continued", func(f *fakeWiki) { f.partly = true }, Unreadable},
		{"no answer", func(f *fakeWiki) {
			f.readErr = func(p wiki.Params) error { return errors.New("wire cut") }
		}, Unreadable},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, nil)
			c.set(b.wiki)
			_, err := b.Edit(context.Background(), notice("id"))
			if got := reasonOf(err); got != c.want {
				t.Errorf("got %q, want %q: %v", got, c.want, err)
			}
			if (len(b.wiki.posts) == 0) != (c.want != "") {
				t.Errorf("%d posts", len(b.wiki.posts))
			}
			if got := reasonOf(b.Check(context.Background(), "usage")); got != c.want {
				t.Errorf("Check says %q", got)
			}
		})
	}
}

func TestARefusalNamesThePageTheWriterAndTheText(t *testing.T) {
	b := newBench(t, nil)
	b.wiki.put("User:NoticeBot/Stop", "Eve", "too many notices")
	_, err := b.Edit(context.Background(), notice("id"))
	want := "stopped by User:NoticeBot/Stop: Eve wrote “too many notices”; blank the page to go on"
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}

func TestAPolicyThatFailsClosesTheGate(t *testing.T) {
	b := newBench(t, nil)
	b.fail = errors.New("no config")
	_, err := b.Edit(context.Background(), notice("id"))
	if reasonOf(err) != Unreadable || !errors.Is(err, b.fail) || len(b.wiki.posts) != 0 {
		t.Errorf("got %v", err)
	}
	b.fail, b.policy.Mode = nil, "livee"
	if _, err := b.Edit(context.Background(), notice("id")); reasonOf(err) != Unreadable {
		t.Errorf("an unknown mode gave %v", err)
	}
}

func TestOptOutNamesThatCannotBeReadCloseTheGate(t *testing.T) {
	b := newBench(t, nil)
	b.wiki.readErr = func(p wiki.Params) error {
		if p["meta"] == "allmessages" {
			return errors.New("wire cut")
		}
		return nil
	}
	if _, err := b.Edit(context.Background(), notice("id")); reasonOf(err) != Unreadable {
		t.Errorf("got %v", err)
	}
	own := Edit{Title: "User:NoticeBot/Status", Text: "fine", CreateOnly: true}
	if _, err := b.Edit(context.Background(), own); err != nil {
		t.Errorf("own page: %v", err)
	}
}

func TestAWriteCostsOneReadAndOnePost(t *testing.T) {
	b := newBench(t, nil)
	for i := range 2 {
		if _, err := b.Edit(context.Background(), notice("id")); err != nil {
			t.Fatal(err)
		}
		if want := 2 + i; len(b.wiki.requests) != want { // one more for the wiki's names, once
			t.Errorf("write %d: %d reads in all, want %d", i, len(b.wiki.requests), want)
		}
		b.now = b.now.Add(time.Minute)
	}
	if got := titlesOf(b.wiki.requests[2]); len(got) != 3 {
		t.Errorf("read %v", got)
	}
}

func TestRateSpacesWritesOverRestarts(t *testing.T) {
	b := newBench(t, nil)
	own := Edit{Title: "User:NoticeBot/Status", Text: "fine", CreateOnly: true}
	if _, err := b.Edit(context.Background(), own); err != nil {
		t.Fatal(err)
	}
	again := newBench(t, b.c.Store)
	again.now = b.now.Add(3 * time.Second)
	if _, err := again.Echo(context.Background(), Echo{User: "Alice", Header: "h", Content: "c"}); err != nil {
		t.Fatal(err)
	}
	if len(again.slept) != 1 || again.slept[0] != 7*time.Second {
		t.Errorf("slept %v, want 7s: six writes a minute", again.slept)
	}
}

func TestAClockSetBackDoesNotHoldTheBotUp(t *testing.T) {
	b := newBench(t, nil)
	if err := b.book.take(b.now.Add(time.Hour), bill{}); err != nil {
		t.Fatal(err)
	}
	b.c.Sleep = func(_ context.Context, d time.Duration) error {
		b.slept = append(b.slept, d)
		return context.Canceled
	}
	_, err := b.Edit(context.Background(), notice("id"))
	if !errors.Is(err, context.Canceled) || b.slept[0] != 10*time.Second {
		t.Errorf("slept %v, %v", b.slept, err)
	}
}

func TestAStopThatComesWhileTheRateHoldsIsObeyed(t *testing.T) {
	b := newBench(t, nil)
	if err := b.book.take(b.now, bill{}); err != nil {
		t.Fatal(err)
	}
	b.c.Sleep = func(_ context.Context, d time.Duration) error {
		b.now = b.now.Add(d)
		b.wiki.put("User:NoticeBot/Stop", "Eve", "halt")
		return nil
	}
	if _, err := b.Edit(context.Background(), notice("id")); reasonOf(err) != Stopped {
		t.Errorf("got %v", err)
	}
}

func TestWritesAtOnceAreSpacedAsIfTheyCameOneAfterAnother(t *testing.T) {
	b := newBench(t, nil)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := b.Edit(context.Background(), notice("id")); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if len(b.slept) != 7 {
		t.Errorf("8 writes at once made %d waits, want 7", len(b.slept))
	}
}
