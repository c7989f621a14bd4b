package templates

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func news(l *Language, name string, more int) Notice {
	args := []any{name, Agent("Smallbones"), Link("Zonotrichia", ""), "English Wikipedia", 2}
	return Notice{Time: noon, Why: Subscribed, More: more,
		Groups: []NoticeGroup{{"file-usage", 1, []Raw{Raw(l.Text("usage-used-many-by", args...))}, []string{l.PlainText("usage-used-many-by", args...)}}},
		Ways: Ways{MuteFile: "https://x.org/f", MuteKind: "https://x.org/k", MuteAll: "https://x.org/a",
			Preferences: "User:Alice/Filewarden.json", Help: "User:B/Help", Stop: "User:B/Stop", HelpAddress: "https://x.org/h"}}
}

func TestANoticeTellsItsNewsAndEndsWithTheWaysOut(t *testing.T) {
	l := house(t).In("de")
	n := news(l, "Dachsammer.jpg", 1)
	want := `* Dachsammer.jpg wurde von Smallbones auf [[:Zonotrichia|Zonotrichia]] und 2 weiteren Seiten (English Wikipedia) eingebunden.
* … und eine weitere Meldung.
<small>Du hast dir diesen Hinweis gewünscht. Zu viel? [https://x.org/f nichts mehr zu dieser Datei] · [https://x.org/k nichts mehr zu „Dateiverwendung“] · [https://x.org/a gar keine Hinweise mehr] · [[:User:Alice/Filewarden.json|Einstellungen]] · [[:User:B/Help|Hilfe]] · [[:User:B/Stop|diesen Bot anhalten]]</small>`
	if diff := cmp.Diff(want, l.NoticeText(n)); diff != "" {
		t.Error(diff)
	}
	if got, want := l.NoticeTitle(n), "Deine Datei wird verwendet (2026-11-22 12:00 UTC)"; got != want {
		t.Errorf("the heading is %q, want %q", got, want)
	}
}

func TestADigestNamesItsKindsAndOffersNoWayOutOfOne(t *testing.T) {
	l := house(t).In("en")
	n := news(l, "A.jpg", 0)
	n.Groups = append(n.Groups, NoticeGroup{"file-deletion", 1, []Raw{"B.jpg has been deleted."}, []string{"B.jpg has been deleted."}})
	text := l.NoticeText(n)
	for _, want := range []string{"'''File usage'''\n* A.jpg", "'''File deletion'''\n* B.jpg"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	if strings.Contains(text, "https://x.org/k") {
		t.Errorf("one kind can be muted from a digest of two:\n%s", text)
	}
}

func TestAnEchoHeaderFitsAndKeepsTheNumberOfOthers(t *testing.T) {
	for _, code := range []string{"en", "de", "fr", "zh-hans"} {
		l := house(t).In(code)
		for _, name := range []string{"A.jpg", strings.Repeat("é", 200), strings.Repeat("🐈", 90)} {
			got := l.NoticeHeader(news(l, name, 7))
			if len(got) > 160 || !utf8.ValidString(got) || !strings.Contains(got, "7") {
				t.Errorf("%s: %d bytes: %q", code, len(got), got)
			}
		}
	}
}

func TestAnEchoBodyIsNeverEmptyNorTooLong(t *testing.T) {
	l := house(t).In("en")
	if l.NoticeBody(Notice{}) == "" {
		t.Error("an empty body, which Echo refuses")
	}
	n := news(l, "A.jpg", 0)
	n.Groups[0].Plain = strings.Split(strings.Repeat("a line of news 🐈|", 500), "|")
	if got := l.NoticeBody(n); len(got) > 5000 || !utf8.ValidString(got) {
		t.Errorf("%d bytes", len(got))
	}
}

func TestAMailHasAddressesInsteadOfLinks(t *testing.T) {
	l := house(t).In("en")
	subject, text := l.NoticeMail(news(l, "A.jpg", 0), "Wikimedia Commons")
	if want := "New use of your file (2026-11-22 12:00 UTC) – Wikimedia Commons"; subject != want {
		t.Errorf("the subject is %q, want %q", subject, want)
	}
	want := `* A.jpg was used by Smallbones on Zonotrichia and 2 other pages at English Wikipedia.

You asked for this notice.
Mute this file: https://x.org/f
Mute “file usage”: https://x.org/k
No more notices: https://x.org/a
Help and preferences: https://x.org/h
`
	if diff := cmp.Diff(want, text); diff != "" {
		t.Error(diff)
	}
}

func TestAWikisOwnTemplateGetsOneParameterForEachValue(t *testing.T) {
	l := house(t).In("en")
	got, ok := l.Subst("User:B/Notice", Parameter{"file", "a|b=c}}"}, Parameter{"page", Link("P", "x|y")}, Parameter{"n", 3})
	want := "{{subst:User:B/Notice|file=a&#124;b&#61;c&#125;&#125;|page=[[:P|x&#124;y]]|n=3}}"
	if !ok || got != want {
		t.Errorf("got %q, %v; want %q", got, ok, want)
	}
	if _, ok := l.Subst("a}}|b"); ok {
		t.Error("called a template that cannot exist")
	}
}
