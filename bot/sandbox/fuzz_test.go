package sandbox

import (
	"strings"
	"testing"
)

// FuzzWikitext holds that no text brings the wiki down, whatever its markup,
// and that nothing in it can run.
func FuzzWikitext(f *testing.F) {
	for _, seed := range []string{
		"{{{{{a}}}}}|[[File:x.png|thumb|{{b|[[c]]}}]]", "{|\n|-\n! a !! b\n{|\n|}\n|}", "\x7f99\x7f", "<gallery>\n|\n[[\n</gallery>", "== a ==\n=\n======\n; a : b\n*#:;",
		"{{subst:x|~~~~}}<includeonly>", "<nowiki>", "<!--", "#REDIRECT [[a]]", "'''''a''b'''", "[[|]] [[:]] [[#]] [[a|b|c]] [http://] [[/x]]", "{{PLURAL:}}{{GENDER:}}{{ns:}}{{fullurl:|}}",
		strings.Repeat("{{", 300), strings.Repeat("[[", 300) + strings.Repeat("]]", 300), "<a href='javascript:x'>", "\xff\xfe",
	} {
		f.Add(seed)
	}
	w := New(Options{})
	w.Edit("Admin", "Template:Loop", "{{Loop}} {{{1|{{Loop}}}}}", "")
	title, _ := w.parseTitle("Template:Loop", 0)
	f.Fuzz(func(t *testing.T, text string) {
		html := string(w.render(title, w.pageOf(title), text, "wikitext", "Admin"))
		if strings.Contains(html, "<script") || strings.Contains(html, `href="javascript`) {
			t.Errorf("%q became %s", text, html)
		}
		_ = w.presave(text, title, "Admin")
		_ = headings(text)
		_ = w.readLinks(&page{title: title, revs: []*Revision{{Text: text, Model: "wikitext"}}})
	})
}

// FuzzTitle holds that the name of a title reads as that title again.
func FuzzTitle(f *testing.F) {
	for _, seed := range []string{"File:a b.png", ":Talk:User:x", "#", "a#b", "commons:x", "%41", "&amp;", "../x", "\u202eab", " _ ", "Ünïcode", "🦊"} {
		f.Add(seed)
	}
	w := New(Options{})
	f.Fuzz(func(t *testing.T, text string) {
		l, err := w.parseLink(text, 0)
		if err != nil || l.interwiki != "" || l.key == "" {
			return
		}
		again, err := w.parseTitle(w.name(l.title), 0)
		if err != nil || again != l.title {
			t.Errorf("%q is %v, whose name reads as %v (%v)", text, l.title, again, err)
		}
	})
}
