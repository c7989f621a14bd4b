package report

import (
	"context"
	"errors"
	"strings"
	"testing"

	"filewarden/bot/wiki"
)

// drawn publishes a part that is made for the page as it stands.
func (b *bench) drawn(part Part) (bool, error) {
	part.Name, part.Summary = "Status", "report"
	return b.pages.Publish(context.Background(), part)
}

func TestAPartIsDrawnAnewForAPageThatSomebodyChangedMeanwhile(t *testing.T) {
	b := newBench(t)
	b.publish("Status", "one\ntwo")
	asked := 0
	changed, err := b.drawn(Part{Draw: func(_ context.Context, now wiki.Text) (Drawn, error) {
		if asked++; asked == 1 {
			b.edit("Eve", "Status", "all else")
		}
		return Drawn{Text: "seen by " + now.User}, nil
	}})
	if err != nil || !changed || asked != 2 || !strings.Contains(b.text("Status"), "\nseen by Eve\n") {
		t.Errorf("asked %d times: %q, %v", asked, b.text("Status"), err)
	}
}

func TestWhatPeopleTookAwayIsPutBackOnlyWhereThePartSaysSo(t *testing.T) {
	for _, back := range []bool{true, false} {
		b := newBench(t)
		b.publish("Status", "one")
		b.edit("Eve", "Status", "")
		changed, err := b.drawn(Part{Text: "one", Restore: func(_ context.Context, now wiki.Text) (bool, error) {
			return back, nil
		}})
		if held, _ := b.pages.Held(); err != nil || changed != back || len(held) == 1 == back {
			t.Errorf("put back %v, want %v; held %v, %v", changed, back, held, err)
		}
	}
}

func TestARefusalToPutAPartBackIsTheCallersOwnError(t *testing.T) {
	b := newBench(t)
	b.publish("Status", "one")
	b.edit("Eve", "Status", "")
	enough := errors.New("enough")
	if changed, err := b.drawn(Part{Text: "one", Restore: func(context.Context, wiki.Text) (bool, error) { return true, enough }}); changed || !errors.Is(err, enough) {
		t.Errorf("changed %v, %v", changed, err)
	}
}

func TestWhatPeopleWroteIntoAPartIsNoNews(t *testing.T) {
	b := newBench(t)
	with := Part{Draw: func(_ context.Context, now wiki.Text) (Drawn, error) {
		if strings.Contains(now.Content, "a word of Eve's") {
			return Drawn{Text: "one\na word of Eve's", News: "one"}, nil
		}
		return Drawn{Text: "one", News: "one"}, nil
	}}
	if _, err := b.drawn(with); err != nil {
		t.Fatal(err)
	}
	b.edit("Eve", "Status", strings.Replace(b.text("Status"), "one", "one\na word of Eve's", 1))
	if changed, err := b.drawn(with); changed || err != nil {
		t.Errorf("changed %v, %v", changed, err)
	}
	b.edit("Ada", "Status", "")
	if changed, err := b.drawn(with); changed || err != nil || b.text("Status") != "" {
		t.Errorf("put back: %q, %v", b.text("Status"), err)
	}
}

func TestAPageThatWasMovedAwayIsSaidToBe(t *testing.T) {
	b := newBench(t)
	b.publish("Status", "one")
	b.site.Move("Eve", "User:Keeper/Status", "Elsewhere", "")
	var moved *Moved
	if _, err := b.drawn(Part{Text: "two"}); !errors.As(err, &moved) || moved.To != "Elsewhere" {
		t.Errorf("%v", err)
	}
}

func TestAPartIsFoundOnItsPage(t *testing.T) {
	b := newBench(t)
	b.publish("Status", "one")
	if text, ok := (Part{Name: "Status"}).Find("people's\n" + b.text("Status") + "\nmore"); !ok || text != "one" {
		t.Errorf("%q, %v", text, ok)
	}
	if _, ok := (Part{Name: "Status"}).Find(strings.Replace(b.text("Status"), end, "", 1)); ok {
		t.Error("found without its end")
	}
}
