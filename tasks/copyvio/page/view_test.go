package page

import (
	"strings"
	"testing"
	"time"

	"filewarden/tasks/copyvio/casebook"
)

// wikitextOf is a page with the one case.
func wikitextOf(t *testing.T, c casebook.Case, a Around) string {
	t.Helper()
	return words(t).In("en").CopyvioPageText(pageOf(View(c, a)))
}

func TestAPictureIsShownOnlyWhereItMayBe(t *testing.T) {
	plain := casebook.Case{SHA1: id(1), Title: "File:A b.png"}
	for name, c := range map[string]struct {
		change func(*casebook.Case, *Around)
		says   string
	}{
		"shown":            {func(*casebook.Case, *Around) {}, "| picture = [[File:A b.png|250px]]\n"},
		"not for all":      {func(c *casebook.Case, _ *Around) { c.State, c.Base = casebook.Aside, casebook.Aside }, "may not be for everybody"},
		"decided since":    {func(c *casebook.Case, _ *Around) { c.State, c.Base = casebook.Rejected, casebook.Aside }, "may not be for everybody"},
		"withheld":         {func(c *casebook.Case, _ *Around) { c.State = casebook.Withheld }, "may not be for everybody"},
		"not free":         {func(c *casebook.Case, _ *Around) { c.NonFree = true }, "kept here as non-free"},
		"deleted":          {func(c *casebook.Case, _ *Around) { c.Gone, c.GoneAt = "why", noon }, "the file is gone"},
		"nowhere":          {func(_ *casebook.Case, a *Around) { a.Missing = true }, "the file is gone"},
		"not to be linked": {func(c *casebook.Case, _ *Around) { c.Title = "File:A]]b.png" }, "the file is gone"},
	} {
		k, a := plain, Around{}
		c.change(&k, &a)
		text := wikitextOf(t, k, a)
		if !strings.Contains(text, c.says) || strings.Contains(text, "px]]") != (name == "shown") {
			t.Errorf("%s: want %q in\n%s", name, c.says, text)
		}
	}
}

func TestAMatchIsSeenBeforeTheUploadFromTheDayBefore(t *testing.T) {
	day := time.Date(2026, 5, 10, 0, 0, 0, 0, time.UTC)
	for hours, want := range map[int]bool{-24: true, 0: false, 24: false} {
		c := casebook.Case{SHA1: id(1), Title: "File:A.png", Uploaded: day.Add(15 * time.Hour),
			Matches: []casebook.Match{{URL: "https://a.example/", Crawled: day.Add(time.Duration(hours) * time.Hour)}}}
		if got := View(c, Around{}).Matches[0].Earlier; got != want {
			t.Errorf("crawled %d hours after the start of that day: earlier is %v", hours, got)
		}
	}
	if View(casebook.Case{Matches: []casebook.Match{{}}, Uploaded: day}, Around{}).Matches[0].Earlier {
		t.Error("a match without a date was seen before the upload")
	}
}

func TestAHostThatTheWikiRefusesIsNotLinked(t *testing.T) {
	c := casebook.Case{SHA1: id(1), Title: "File:A.png", Matches: []casebook.Match{
		{URL: "https://cdn.example/x.jpg", Page: "https://Spam.example/a?b=c|d", Percent: 90, Kind: casebook.Full},
		{URL: "https://spam.example/x.jpg", Page: "https://good.example/", Percent: 80, Kind: casebook.Full},
		{URL: "https://good.example/y.jpg", Percent: 70, Kind: casebook.Full}}}
	text := wikitextOf(t, c, Around{Refuses: func(host string) bool { return host == "spam.example" }})
	if strings.Count(text, "[https:") != 1 || !strings.Contains(text, "[https://good.example/y.jpg good.example]") || !strings.Contains(text, "<code>Spam.example/a?b&#61;c&#124;d</code>") {
		t.Errorf("wrong links in\n%s", text)
	}
}

func TestWhatThePagesHaveNoWordsForIsNotShown(t *testing.T) {
	c := casebook.Case{SHA1: id(1), Title: "File:A.png", State: casebook.State(9), Evidence: []casebook.Evidence{{Kind: "hunch"}}, Matches: []casebook.Match{{URL: "https://a.example/", Kind: "odd", Excused: "odd"}},
		Last: &casebook.Decision{Verdict: "odd", Way: "odd"}, Action: casebook.Action{State: "odd"}, Safety: &casebook.Safety{Adult: 9}}
	if text := wikitextOf(t, c, Around{}); strings.Contains(text, "⧼") {
		t.Errorf("a message is missing:\n%s", text)
	}
}

func TestEveryVerdictSaysWhy(t *testing.T) {
	for _, verdict := range []casebook.Verdict{casebook.NotBot, casebook.NotNamed, casebook.NotBlocked, casebook.NotTrusted, casebook.NotOwn, casebook.NotYours, casebook.NotState, casebook.NotOpen} {
		c := casebook.Case{SHA1: id(1), Title: "File:A.png", Last: &casebook.Decision{To: casebook.Accepted, By: "Ann", Rev: 77, Way: casebook.ByPage, Verdict: verdict}}
		text := wikitextOf(t, c, Around{})
		want := "[[:User:Ann|Ann]] wrote “accepted” ([[:Special:Diff/77|revision 77]]). It does not count: " + words(t).In("en").Text("copyvio-verdict-"+string(verdict))
		if !strings.Contains(text, want) {
			t.Errorf("%s: want %q in\n%s", verdict, want, text)
		}
	}
}
