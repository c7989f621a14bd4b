package notice

import (
	"strings"
	"testing"
)

const ownPage = "User:FileBot/Notice/file-usage"

func TestAWikisOwnTemplateFramesTheNews(t *testing.T) {
	b := newBench(t)
	b.wiki.add(ownPage, fakeRev{user: "Admin", text: "…"})
	b.wiki.pst = func(call string) string {
		if want := "{{subst:User:FileBot/Notice/file-usage|user=Alice|n=2|body=" + bodyMark + "}}"; call != want {
			t.Errorf("called %s, want %s", call, want)
		}
		return "Dear Alice!\n" + bodyMark + "\n[[Help]] {{tl|x}}\n"
	}
	b.add(Event{ID: "1"}, Event{ID: "2"})
	b.deliver(true)
	text := b.talk("Alice")
	if !strings.Contains(text, "\nDear Alice!\n* [[:File:A.jpg]] on (1)\n* ") || !strings.Contains(text, "{{tl|x}}\n<small>") {
		t.Errorf("not framed:\n%s", text)
	}
	b.wantTimes("1", 1)
}

func TestAnUnfitTemplateIsNotUsed(t *testing.T) {
	for name, result := range map[string]string{
		"empty":            "",
		"without the body": "Hello",
		"body twice":       bodyMark + bodyMark,
		"not substituted":  "{{subst:User:FileBot/Notice/file-usage|body=" + bodyMark + "}}",
		"unbalanced":       "{{box|" + bodyMark,
		"closed first":     "}}" + bodyMark + "{{",
		"open comment":     "<!-- " + bodyMark,
		"a heading":        "== Hi ==\n" + bodyMark,
		"signs":            bodyMark + " ~~~~",
		"too long":         bodyMark + strings.Repeat("x", frameLength),
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			b.wiki.add(ownPage, fakeRev{user: "Admin", text: "…"})
			b.wiki.pst = func(string) string { return result }
			b.add(Event{ID: "1"})
			b.deliver(true)
			text := b.talk("Alice")
			if !strings.Contains(text, "==\n* [[:File:A.jpg]] on (1)\n<small>") {
				t.Errorf("not in our own words:\n%s", text)
			}
		})
	}
}

func TestInADigestEachKindHasItsOwnFrame(t *testing.T) {
	b := newBench(t)
	b.wiki.add(ownPage, fakeRev{user: "Admin", text: "…"})
	b.wiki.pst = func(string) string { return "Dear you,\n" + bodyMark }
	b.add(Event{ID: "use"}, Event{ID: "gone", Kind: "file-deletion"})
	b.deliver(true)
	if text := b.talk("Alice"); !strings.Contains(text, "'''File deletion'''\n* [[:File:A.jpg]] on (gone)\nDear you,\n* ") {
		t.Errorf("the other kind keeps our words:\n%s", text)
	}
}
