package templates

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
)

// Language is one language with its fallbacks.
type Language struct {
	chain []*lexicon
}

// lexicon is the words of one language with its rules. A message taken from a
// fallback is counted and formatted by the rules of the language it is in.
type lexicon struct {
	code     string
	tag      language.Tag
	messages map[string]*tree
	printer  *message.Printer
	forms    []plural.Form
}

func newLexicon(code string) *lexicon {
	tag := language.Make(code)
	return &lexicon{
		code:     code,
		tag:      tag,
		messages: map[string]*tree{},
		printer:  message.NewPrinter(tag),
		forms:    pluralForms(tag),
	}
}

// Code is the language in which text will mostly be: the first of the chain
// that has words. It is fit for a lang attribute.
func (l *Language) Code() string { return l.chain[0].code }

// Has tells whether the key exists, if only in English.
func (l *Language) Has(key string) bool {
	_, tree := l.find(key)
	return tree != nil
}

func (l *Language) find(key string) (*lexicon, *tree) {
	for _, lex := range l.chain {
		if t := lex.messages[key]; t != nil {
			return lex, t
		}
	}
	return nil, nil
}

// Text is the message as wikitext for a page. Arguments are an Arg, a string
// (treated as Plain), an integer (Num) or a time.Time (Date); anything else is
// printed and treated as Plain. An unknown key gives ⧼key⧽, as in MediaWiki.
func (l *Language) Text(key string, args ...any) string {
	return l.render(key, args, asWikitext)
}

// PlainText is the message without any markup and on one line, for Echo
// headers and log lines. Links are reduced to their labels.
func (l *Language) PlainText(key string, args ...any) string {
	return l.render(key, args, asPlain)
}

// MailText is PlainText in which an external link keeps its address, in
// brackets after the label.
func (l *Language) MailText(key string, args ...any) string {
	return l.render(key, args, asMail)
}

// Summary is the message as an edit summary. A summary knows internal links
// and entities and nothing else
// (https://www.mediawiki.org/wiki/Help:Edit_summary), so foreign text keeps
// its characters; what could become a link is parted by an invisible joiner. It
// is cut to the 500 characters that MediaWiki keeps, foreign text to 150.
func (l *Language) Summary(key string, args ...any) string {
	return cutRunes(l.render(key, args, asSummary), 500)
}

// Header is PlainText in at most max bytes of UTF-8, cut on a rune boundary
// with an ellipsis. Echo takes 160.
func (l *Language) Header(max int, key string, args ...any) string {
	return cutBytes(l.PlainText(key, args...), max)
}

func (l *Language) render(key string, args []any, s style) string {
	lex, t := l.find(key)
	if t == nil {
		return Plain("⧼"+key+"⧽").render(l, l.chain[0], s)
	}
	typed := make([]Arg, len(args))
	for i, a := range args {
		typed[i] = toArg(a)
	}
	e := expansion{language: l, lex: lex, args: typed, style: s}
	e.nodes(t.nodes)
	return e.out.String()
}

func (lex *lexicon) number(n int64) string {
	return lex.printer.Sprint(number.Decimal(n))
}

func cutRunes(s string, max int) string {
	if utf8.RuneCountInString(s) <= max {
		return s
	}
	return strings.TrimRight(string([]rune(s)[:max-1]), " ") + "…"
}

func cutBytes(s string, max int) string {
	const ellipsis = "…"
	if len(s) <= max {
		return s
	}
	end := max - len(ellipsis)
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	if end <= 0 {
		return ""
	}
	return strings.TrimRight(s[:end], " ") + ellipsis
}
