package report

import (
	"fmt"
	"testing"
	"time"
)

func TestARefreshedPageIsWrittenOnlyForNewsAndNotForTheTimeOnIt(t *testing.T) {
	b := newBench(t)
	say := func(what string) bool {
		b.now = b.now.Add(time.Hour)
		changed, err := b.pages.Refresh(t.Context(), Part{Name: "Usage/Birds"}, func(made time.Time) string {
			return fmt.Sprintf("%s, made %s", what, made.Format(time.RFC3339))
		})
		if err != nil {
			t.Fatal(err)
		}
		return changed
	}
	if !say("one bird") || say("one bird") || !say("two birds") {
		t.Error("what is new is not written once, and what is not new never")
	}
}
