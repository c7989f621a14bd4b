package bot

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"filewarden/bot/gate"
)

func TestARoundAnswersRequestsInPlace(t *testing.T) {
	r := newRig(t, teller("news"))
	r.wiki.NewSection("Alice", requests, "subscribe", "~~~~")
	r.wiki.NewSection("Alice", requests, "ping", "")
	r.wiki.NewSection("Alice", requests, "what is this", "")
	r.wiki.NewSection("Alice", requests, "mute all", "")
	r.round()
	for _, answer := range []string{"From now on you hear from me", "ping back to Alice", "I did not understand this", "You will get no more notices"} {
		r.mustHave(requests, answer)
	}
	before := r.edits(requests)
	r.clock.add(time.Hour)
	r.round()
	if n := r.edits(requests); n != before {
		t.Errorf("answered requests were edited again: %d edits, then %d", before, n)
	}
}

func TestAPanicInAHandlerKeepsNoOtherRequestFromItsAnswer(t *testing.T) {
	r := newRig(t, teller("news"))
	r.wiki.NewSection("Alice", requests, "explode", "")
	r.wiki.NewSection("Alice", requests, "ping", "")
	if err := r.Round(t.Context()); err == nil || !strings.Contains(err.Error(), "panic: at request") {
		t.Errorf("the round says %v", err)
	}
	r.mustHave(requests, "ping back to Alice")
	r.mustHave(statusPage, "panic: at request")
}

func TestNothingIsEditedUnderAStopAndWhatWasHeldBackIsTold(t *testing.T) {
	r := newRig(t, teller("news"))
	r.wiki.Edit("Alice", "User:Alice/Filewarden.json", `{"enabled": true, "window": "now"}`, "")
	r.round()
	status := r.text(statusPage)
	r.wiki.Edit("Alice", stopPage, "please stop", "")
	r.wiki.NewSection("Alice", requests, "ping", "")
	r.clock.add(25 * time.Hour)
	r.round()
	err := r.Pass(t.Context(), "news", nil)
	var refused *gate.Refused
	if !errors.As(err, &refused) || refused.Page != stopPage {
		t.Errorf("a pass under a stop says %v", err)
	}
	if r.text(statusPage) != status || strings.Contains(r.text(requests), "ping back") {
		t.Error("the bot edited under a stop")
	}
	r.wiki.Edit("Alice", stopPage, "", "go on")
	r.round()
	r.mustHave(statusPage, "the bot was stopped")
	r.mustHave(requests, "ping back to Alice")
}

func TestAStopOfOneTaskLeavesTheOthersAlone(t *testing.T) {
	r := newRig(t, teller("news"), idle("other"))
	r.round()
	r.wiki.Edit("Alice", stopPage+"/news", "not this one", "")
	var refused *gate.Refused
	if err := r.Pass(t.Context(), "news", nil); !errors.As(err, &refused) || refused.Page != stopPage+"/news" {
		t.Errorf("the stopped task says %v", err)
	}
	if err := r.Pass(t.Context(), "other", nil); err != nil {
		t.Errorf("the other task says %v", err)
	}
	r.round()
	r.mustHave(statusPage, "stopped by [[:"+stopPage+"/news|its stop page]]")
	r.wiki.Edit("Alice", stopPage+"/news", " \n", "")
	if err := r.Pass(t.Context(), "news", nil); err != nil {
		t.Fatal(err)
	}
	r.round()
	r.mustHave(statusPage, "the bot was stopped")
}

func TestStatusIsPublishedWhenThereIsSomethingToTell(t *testing.T) {
	fail := false
	r := newRig(t, teller("news"), task("shaky", func(context.Context, *Env) error {
		if fail {
			return errors.New("the shelf fell down")
		}
		return nil
	}))
	r.wiki.Edit("Alice", "User:Alice/Filewarden.json", `{"enabled": true, "window": "now"}`, "")
	pass := func(task string) { r.Pass(t.Context(), task, nil) }
	published := func(what string, want int, act func()) {
		t.Helper()
		before := r.edits(statusPage)
		act()
		r.round()
		if n := r.edits(statusPage) - before; n != want {
			t.Errorf("%s: published %d times, not %d", what, n, want)
		}
	}
	published("the first round", 1, func() {})
	published("nothing new", 0, func() { r.clock.add(time.Minute) })
	published("a task's first pass", 1, func() { pass("shaky"); r.clock.add(time.Minute) })
	published("a pass that went well", 0, func() { pass("shaky"); r.clock.add(time.Minute) })
	published("the first pass of another task", 1, func() { pass("news"); r.clock.add(time.Minute) })
	published("new counts, soon after", 0, func() { pass("news"); r.clock.add(time.Minute) })
	published("new counts, an hour later", 1, func() { r.clock.add(time.Hour) })
	r.wiki.Edit("Alice", requests, "== ping ==\n~~~~", "")
	published("edits of the bot's own pages", 0, func() { r.clock.add(2 * time.Hour) })
	fail = true
	published("an error, at once", 1, func() { pass("shaky") })
	published("the same error again", 0, func() { r.clock.add(2 * time.Minute); pass("shaky") })
	published("a bad config, at once", 1, func() { r.config(`{"mode": "lvie"}`) })
	r.mustHave(statusPage, "lvie")
	published("a sign of life after a day", 1, func() { r.clock.add(24 * time.Hour) })
}

func TestABrokenConfigStaysOutAndTheLastGoodOneStays(t *testing.T) {
	r := newRig(t, idle("news"))
	r.config(`{"mode": "live", "tasks": {"news": {"enabled": false}}}`)
	r.round()
	r.config(`{"mode": "live", "tasks": {"news": {"enabled": "perhaps"}}}`)
	r.round()
	if _, enabled, err := r.Due("news"); enabled || err != nil {
		t.Errorf("enabled by a broken page: %v %v", enabled, err)
	}
	r.mustHave(statusPage, "config.json")
}

func TestStatusSaysWhatATaskLeftUnfinishedUntilItIsDone(t *testing.T) {
	text := "File:A.jpg: two of four edits are made; {{evil}}"
	r := newRig(t, task("news", func(_ context.Context, env *Env) error { return env.Unfinished("a", text) }))
	pass := func() {
		t.Helper()
		if err := r.Pass(t.Context(), "news", nil); err != nil {
			t.Fatal(err)
		}
		r.clock.add(time.Minute)
		r.round()
	}
	r.round()
	pass()
	r.mustHave(statusPage, "two of four edits are made; &#123;&#123;evil&#125;&#125; (since 2026-03-04 05:00 UTC)")
	before := r.edits(statusPage)
	pass() // nothing new to say, and no later since
	if n := r.edits(statusPage); n != before {
		t.Errorf("Status was published again:\n%s", r.text(statusPage))
	}
	text = ""
	pass()
	if strings.Contains(r.text(statusPage), "two of four") {
		t.Errorf("Status still says it:\n%s", r.text(statusPage))
	}
}
