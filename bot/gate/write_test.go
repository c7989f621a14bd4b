package gate

import (
	"context"
	"strings"
	"testing"

	"filewarden/bot/wiki"

	"github.com/google/go-cmp/cmp"
)

func TestParametersOfAnEdit(t *testing.T) {
	for _, c := range []struct {
		name string
		edit Edit
		page bool // the page exists
		want wiki.Params
	}{
		{"message on a new page", notice("id"), false, wiki.Params{"section": "new", "sectiontitle": "Your file",
			"text": "Hello ~~~~", "createonly": "1", "notminor": "1", "md5": "aa925ecd1f012a40a86c714a4e93af70",
			"summary": "/* Your file */ new use ([[User:NoticeBot/Stop/usage|stop]]) id"}},
		{"message on a page", notice("id"), true, wiki.Params{"section": "new", "sectiontitle": "Your file",
			"text": "Hello ~~~~", "nocreate": "1", "baserevid": "1", "notminor": "1",
			"md5":     "aa925ecd1f012a40a86c714a4e93af70",
			"summary": "/* Your file */ new use ([[User:NoticeBot/Stop/usage|stop]]) id"}},
		{"minor replacement", Edit{Title: "User talk:Alice", Text: "a\r\nb", BaseRev: 1, Minor: true}, true,
			wiki.Params{"text": "a\nb", "nocreate": "1", "baserevid": "1", "minor": "1",
				"md5": "8cdeb44417f3c26826595d5820cf5700", "summary": "([[User:NoticeBot/Stop|stop]])"}},
		{"appended", Edit{Title: "User talk:Alice", Text: "\nx", Append: true, Summary: "s"}, true,
			wiki.Params{"appendtext": "\nx", "nocreate": "1", "baserevid": "1",
				"md5": "25be0ec232cc626df86d42367a1b035b", "summary": "s ([[User:NoticeBot/Stop|stop]])"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, nil)
			if c.page {
				b.wiki.put("User talk:Alice", "Bob", "Hi")
			}
			if _, err := b.Edit(context.Background(), c.edit); err != nil {
				t.Fatal(err)
			}
			for k, v := range map[string]string{"action": "edit", "title": "User talk:Alice", "bot": "1",
				"starttimestamp": "2026-11-22T05:00:00Z"} {
				c.want[k] = v
			}
			if d := cmp.Diff(c.want, b.wiki.posts[0]); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestAnEditThatReplacesUnreadTextIsRefused(t *testing.T) {
	b := newBench(t, nil)
	if _, err := b.Edit(context.Background(), Edit{Title: "A", Text: "x"}); err == nil || len(b.wiki.requests) > 0 {
		t.Errorf("%v, %d requests", err, len(b.wiki.requests))
	}
}

func TestTheSummaryKeepsLinkAndIDWhateverElseIsCut(t *testing.T) {
	b := newBench(t, nil)
	long := strings.Repeat("日本𝄞", 400)
	for _, e := range []Edit{
		{Task: "usage", ID: "fw-1", Summary: long},
		{Task: "usage", ID: "fw-1", Summary: long, Section: "new", Heading: "short"},
		{Task: "usage", ID: "fw-1", Summary: "text", Section: "new", Heading: long},
		{Task: "usage", ID: "fw-1", Summary: "two\nlines", Section: "new", Heading: "a */ b"},
	} {
		s := b.summary(e, "halt")
		if n := len([]rune(s)); n > MaxSummary || !strings.HasSuffix(s, " ([[User:NoticeBot/Stop/usage|halt]]) fw-1") {
			t.Errorf("%d characters: …%s", n, s[max(0, len(s)-80):])
		}
		if strings.ContainsAny(s, "\n\uFFFD") || strings.Count(s, "*/") > 1 {
			t.Errorf("%q", s)
		}
	}
}

func TestSentFindsTheIDAsAWordOfTheBotsOwnSummary(t *testing.T) {
	const title = "User talk:Alice"
	for _, c := range []struct {
		name string
		set  func(*fakeWiki)
		want bool
	}{
		{"nothing", func(*fakeWiki) {}, false},
		{"on the page", func(f *fakeWiki) {
			f.pages[title] = &fakePage{revisions: []object{f.revision("NoticeBot", "x fw-1", "")}}
		}, true},
		{"moved away", func(f *fakeWiki) { f.contribs = []object{f.revision("NoticeBot", "x fw-1", "")} }, true},
		{"part of a longer id", func(f *fakeWiki) { f.contribs = []object{f.revision("NoticeBot", "x fw-12", "")} }, false},
		{"quoted by another", func(f *fakeWiki) {
			f.pages[title] = &fakePage{revisions: []object{f.revision("Eve", "undid fw-1", "")}}
		}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, nil)
			c.set(b.wiki)
			rev, err := b.Sent(context.Background(), title, "fw-1")
			if err != nil || (rev != 0) != c.want || len(b.wiki.requests) != 1 {
				t.Errorf("revision %d, %v, %d requests", rev, err, len(b.wiki.requests))
			}
		})
	}
}

func TestRewriteBuildsAnewAfterAConflict(t *testing.T) {
	b := newBench(t, nil)
	b.wiki.put("User:NoticeBot/Status", "NoticeBot", "one")
	conflicts := 2
	b.wiki.postErr = func(wiki.Params) error {
		if conflicts--; conflicts >= 0 {
			b.wiki.put("User:NoticeBot/Status", "Eve", "changed")
			return &wiki.Error{Code: "editconflict", Advice: wiki.Replan}
		}
		return nil
	}
	var seen []string
	build := func(t wiki.Text) (Edit, bool, error) {
		seen = append(seen, t.Content)
		return Edit{Text: t.Content + "!"}, true, nil
	}
	if _, err := b.Rewrite(context.Background(), "User:NoticeBot/Status", "", build); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"one", "changed", "changed"}, seen); d != "" {
		t.Error(d)
	}
	conflicts = 9
	if _, err := b.Rewrite(context.Background(), "User:NoticeBot/Status", "", build); err == nil || !strings.Contains(err.Error(), "editconflict") {
		t.Errorf("got %v", err)
	}
	if len(seen) != 6 {
		t.Errorf("%d tries in all, want 6", len(seen))
	}
}

func TestRewriteWithNothingToDoDoesNotWrite(t *testing.T) {
	b := newBench(t, nil)
	r, err := b.Rewrite(context.Background(), "User:NoticeBot/Status", "",
		func(wiki.Text) (Edit, bool, error) { return Edit{}, false, nil })
	if err != nil || !r.NoChange || len(b.wiki.posts)+len(b.wiki.requests) != 0 {
		t.Errorf("%+v, %v", r, err)
	}
}
