package board

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"filewarden/bot/gate"
	"filewarden/bot/sandbox"
	"filewarden/bot/wiki"
)

func TestAPageThatCannotBeWrittenSaysWhyAndKeepsNoneBack(t *testing.T) {
	refuse := func(err error) func(*world) {
		return func(w *world) {
			w.wiki.Hook(func(e *sandbox.EditAttempt) error {
				if e.Title == all {
					return err
				}
				return nil
			})
		}
	}
	for reason, hinder := range map[Reason]func(*world){
		Protected: func(w *world) { w.wiki.Protect("Admin", all, "edit", "sysop") },
		Filtered:  refuse(sandbox.AbuseFilter("7", "no lists")),
		MovedAway: func(w *world) { w.wiki.Move("Vic", all, "User:FileBot/Elsewhere", "") },
	} {
		t.Run(string(reason), func(t *testing.T) {
			w := newWorld(t, 1)
			w.pages = []string{"Copyvio/All", "Copyvio/Checks"}
			hinder(w)
			w.open(idOf(1))
			w.pass()
			var s *Skipped
			if !errors.As(w.err, &s) || s.Reason != reason || s.Page != all || !strings.Contains(w.err.Error(), all) {
				t.Errorf("%v", w.err)
			}
			if w.shows("User:FileBot/Copyvio/Checks", 1) != "open" {
				t.Error("the other page was not written")
			}
			w.wiki.Hook(nil)
		})
	}
}

func TestRefusalsOfOnePageAreToldFromThoseOfAll(t *testing.T) {
	for code, reason := range map[string]Reason{"abusefilter-warning": Filtered, "abusefilter-throttled": Filtered, "hookaborted": Filtered,
		"titleblacklist-forbidden-edit": Protected, "cascadeprotected": Protected, "protectedpage": Protected, "contenttoobig": TooBig,
		"ratelimited": Limited, "readonly": Limited, "editconflict": "", "badtoken": ""} {
		err := skipped(all, fmt.Errorf("publishing: %w", &wiki.Error{Code: code, Advice: wiki.Skip}))
		var s *Skipped
		if errors.As(err, &s) != (reason != "") || s != nil && (s.Reason != reason || !strings.Contains(s.Error(), code)) {
			t.Errorf("%s: %v", code, err)
		}
		if closed(err) {
			t.Errorf("%s ends the publishing", code)
		}
	}
	lost := &wiki.Error{Code: "blocked", Advice: wiki.Stop}
	if err := skipped(all, lost); err != error(lost) || !closed(err) {
		t.Errorf("%v", err)
	}
}

func TestABlockFromOnePageSkipsItAndABlockFromAllEndsThePublishing(t *testing.T) {
	for _, partial := range []bool{true, false} {
		w := newWorld(t, 1)
		w.pages = []string{"Copyvio/All", "Copyvio/Checks"}
		w.open(idOf(1))
		if partial {
			w.wiki.Block("Admin", "FileBot", "a test", time.Time{}, all)
		} else {
			w.wiki.Block("Admin", "FileBot", "a test", time.Time{})
		}
		w.pass()
		var s *Skipped
		if skips := errors.As(w.err, &s); skips != partial || w.err == nil {
			t.Errorf("partial %v: %v", partial, w.err)
		}
		if _, written := w.wiki.Text("User:FileBot/Copyvio/Checks"); written != partial {
			t.Errorf("partial %v: the other page is written: %v", partial, written)
		}
	}
}

func TestAStoppedTaskWritesNothing(t *testing.T) {
	w := newWorld(t, 1)
	w.wiki.Edit("Paul", "User:FileBot/Stop/copyvio", "stop", "")
	w.set("Rita", 0, "accepted")
	w.pass()
	var no *gate.Refused
	if !errors.As(w.err, &no) || no.Reason != gate.TaskStop {
		t.Errorf("%v", w.err)
	}
	w.want(0, "accepted by Rita")
}

func TestAPageThatCannotBeReadKeepsNoneBack(t *testing.T) {
	w := newWorld(t, 1)
	w.set("Rita", 0, "accepted")
	news, err := New(w.conf).Read(t.Context(), "Copyvio/All", "Copyvio/<bad>")
	if err == nil || !strings.Contains(err.Error(), "Copyvio/<bad>") || len(news.Changes) != 1 {
		t.Errorf("%d changes, %v", len(news.Changes), err)
	}
}
