package templates

import (
	"html"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzExpand holds that no message and no argument makes the expander panic or
// write bytes that are no text, and that an argument comes out the same
// wherever it stands: it is never parsed again.
func FuzzExpand(f *testing.F) {
	f.Add("a $1 {{PLURAL:$2|one|$2}} {{GENDER:$1|a|b|c}}", "{{PLURAL:$2|x|y}}|$2", int64(3))
	f.Add("{{PLURAL:$1|{{PLURAL:$2|0=|[[a|$1]]}}|", "]]", int64(0))
	f.Add("[[$1|$1]] [https://x $1] <b>$1</b>''$1''$3", "''", int64(-1))
	f.Add("{{{{{{[[{{]]}}[[[[", "\u0338\u202e", int64(1)<<62)
	f.Add("$1$1", "a\x00\xff__TOC__", int64(1))
	f.Fuzz(func(t *testing.T, message, arg string, n int64) {
		w := &Words{lexicons: map[string]*lexicon{"en": newLexicon("en")}}
		inner := func(source string) *Language {
			if tree, err := parseMessage(source); err == nil {
				w.lexicons["en"].messages["m"] = tree
			}
			return w.In("en")
		}
		alone := inner("<$1>").Text("m", arg)
		if got := inner("<{{PLURAL:$2|$1|$1}}>").Text("m", arg, n); got != alone {
			t.Errorf("the argument is %q alone and %q in a plural", alone, got)
		}
		l := inner(message)
		for _, out := range []string{l.Text("m", arg, n), l.PlainText("m", arg, n), l.MailText("m", arg, n), l.Summary("m", arg, n)} {
			if utf8.ValidString(message) && !utf8.ValidString(out) {
				t.Errorf("%q is no text", out)
			}
		}
		l.Text("m", Raw(arg), Link(arg, arg), User(arg))
		l.PlainText("m", Raw(arg), URL(arg, arg), Target(arg), Address(arg))
	})
}

// FuzzPlain holds that nothing of foreign text speaks to the wiki, and that a
// reader sees every visible character of it.
func FuzzPlain(f *testing.F) {
	for _, seed := range []string{evil, "__TOC__", "-{x}-", "File:http://x", "~~~~~", "* a\n* b", "\x7fUNIQ", "&lt;", "RFC 1", "e\u0338\u200e\u0338"} {
		f.Add(seed)
	}
	l := &Language{chain: []*lexicon{newLexicon("en")}}
	f.Fuzz(func(t *testing.T, text string) {
		got := l.shown(text)
		bare := strings.TrimSuffix(strings.TrimPrefix(got, "<bdi>"), "</bdi>")
		if strings.ContainsAny(bare, "<>[]{}|'\"~=\n\r\x00\x7f") || strings.Contains(bare, "__") || strings.Contains(bare, "://") {
			t.Errorf("%q becomes %q", text, got)
		}
		if shown := html.UnescapeString(bare); shown != tidy(text) {
			t.Errorf("%q is shown as %q", text, shown)
		}
		if strings.ContainsAny(got, "\u202e\u2066\u200f") {
			t.Errorf("%q keeps a direction character", got)
		}
	})
}

// FuzzLink holds that a title or an address cannot end the link it is put in.
func FuzzLink(f *testing.F) {
	f.Add("File:A]].jpg", "b|c]]")
	f.Add("https://x.org/]|{{!}} a\nb", "''")
	f.Add("A%5D%5D", "&#93;")
	f.Add("http://x.org/__TOC__?~~~~", "")
	l := &Language{chain: []*lexicon{newLexicon("en")}}
	f.Fuzz(func(t *testing.T, target, label string) {
		link := strings.ReplaceAll(strings.ReplaceAll(l.shown(Link(target, label)), "<bdi>", ""), "</bdi>", "")
		if inside, ok := strings.CutPrefix(link, "[["); ok {
			inside = strings.TrimSuffix(inside, "]]")
			if strings.ContainsAny(inside, "[]{}<>\n'~") || strings.Count(inside, "|") != 1 {
				t.Errorf("Link(%q, %q) is %q", target, label, link)
			}
		} else if strings.ContainsAny(link, "[]{}|<>") {
			t.Errorf("Link(%q, %q) is no link and still %q", target, label, link)
		}
		if address, ok := webAddress(target); ok && strings.ContainsAny(address, "[]{}|<>'\"~ \n;") {
			t.Errorf("the address of %q is %q", target, address)
		}
	})
}
