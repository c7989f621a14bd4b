package templates

import (
	"fmt"
	"net/netip"
	"strings"
	"time"
)

// Arg is an argument of a message, made by one of this package's types and
// functions and by nothing else:
//
//	Plain    text by others; everything in it is shown as written
//	Num      a whole number, in the language's format; what PLURAL counts
//	Date     a time in UTC
//	Link     a link to a page of this wiki, Section to a part of one
//	User     a link to a user page, which no wiki takes for a signature
//	Agent    a user's name without a link, which notifies nobody
//	URL      a link to the web
//	Target   a title for the message's own [[$1|label]]
//	Address  a web address for the message's own [$1 label]
//	Message  another message
//	List     several arguments, joined as the language joins them
//	Gender   for GENDER alone
//	Code     program text by others, in an element of its own
//	Raw      wikitext that this package made
type Arg interface {
	render(l *Language, lex *lexicon, s style) string
}

// Plain is text by others: titles, names, summaries, errors. In wikitext every
// character that could mean something becomes an entity; control and
// direction-changing characters are removed; it is one line; it is cut at 500
// characters.
type Plain string

func (p Plain) render(_ *Language, _ *lexicon, s style) string {
	text := tidy(string(p))
	switch s {
	case asWikitext:
		return isolate(text, escape(text))
	case asSummary:
		return escapeSummary(text)
	}
	return text
}

// Short is Plain cut to a number of characters.
func Short(text string, runes int) Plain { return Plain(cutRunes(tidy(text), runes)) }

// Num is a whole number.
type Num int64

func (n Num) render(_ *Language, lex *lexicon, _ style) string { return lex.number(int64(n)) }

// Raw is wikitext that is safe already, which is to say: came out of this
// package. In plain text its markup is dropped.
type Raw string

func (r Raw) render(l *Language, lex *lexicon, s style) string {
	if !s.bare() {
		return string(r)
	}
	p := parser{source: string(r), closing: matchBrackets(string(r))}
	e := expansion{language: l, lex: lex, style: s}
	e.nodes(p.nodes(0, len(r)))
	return tidy(e.out.String())
}

// Date is a time, written as 2026-11-22 04:31 UTC in every language.
type Date time.Time

func (d Date) render(*Language, *lexicon, style) string {
	return time.Time(d).UTC().Format("2006-01-02 15:04") + " UTC"
}

// Gender is how a user wants to be spoken of, in MediaWiki's words.
type Gender string

// The genders of MediaWiki's preference; anything else is neutral.
const (
	Neutral Gender = "unknown"
	Male    Gender = "male"
	Female  Gender = "female"
)

func (g Gender) render(*Language, *lexicon, style) string { return "" }

// Link is a link to a page of this wiki with a label; an empty label is the
// title. A title that MediaWiki would refuse gives the label as text.
func Link(title, label string) Arg { return pageLink{title: title, label: label} }

// Section is a link to a section of a page, by its anchor as in an address
// (globalusage, filelinks).
func Section(title, anchor, label string) Arg {
	return pageLink{title: title, anchor: anchor, label: label}
}

type pageLink struct{ title, anchor, label string }

func (k pageLink) render(l *Language, lex *lexicon, s style) string {
	label := k.label
	if strings.TrimSpace(label) == "" {
		label = strings.ReplaceAll(k.title, "_", " ")
	}
	text := Plain(label).render(l, lex, s)
	target, ok := linkTarget(k.title, k.anchor)
	if s.bare() || !ok || text == "" {
		return text
	}
	return "[[" + target + "|" + text + "]]"
}

// Target is a title for a message that brings its own label: [[$1|label]].
type Target string

func (t Target) render(l *Language, lex *lexicon, s style) string {
	title, anchor, _ := strings.Cut(string(t), "#")
	if target, ok := linkTarget(title, anchor); ok && !s.bare() {
		return target
	}
	return Plain(t).render(l, lex, s)
}

// UserLink is a link to a user page; see User.
type UserLink struct {
	name   string
	gender Gender
	silent bool
}

// User is a link to a user's page, in the shape [[:User:X|X]]. With the
// leading colon it still notifies the user, but equals nobody's signature;
// text with a second signature in it notifies nobody at all
// (Echo, DiscussionParser::extractSignatures). An address stands for its
// contributions.
func User(name string) UserLink { return UserLink{name: name} }

// Agent is a user who is spoken of. In a signed message every link to a user
// page notifies that user, and nobody wants to hear of their own edit.
func Agent(name string) UserLink { return UserLink{name: name, silent: true} }

// As is the same user, with the gender for GENDER.
func (u UserLink) As(g Gender) UserLink {
	u.gender = g
	return u
}

func (u UserLink) render(l *Language, lex *lexicon, s style) string {
	if strings.TrimSpace(u.name) == "" { // hidden, or nobody
		return ""
	}
	page := "User:" + u.name
	if _, err := netip.ParseAddr(u.name); err == nil {
		page = "Special:Contributions/" + u.name
	}
	if u.silent || strings.ContainsAny(u.name, "/#@:") && !strings.HasPrefix(page, "Special:") {
		return Plain(u.name).render(l, lex, s) // or no user can be called so
	}
	return pageLink{title: page, label: u.name}.render(l, lex, s)
}

// URL is a link to the web. An empty label is the address. Anything but http
// and https gives the label as text.
func URL(address, label string) Arg { return external{address, label} }

type external struct{ address, label string }

func (x external) render(l *Language, lex *lexicon, s style) string {
	label := x.label
	if strings.TrimSpace(label) == "" {
		label = x.address
	}
	text := Plain(label).render(l, lex, s)
	address, ok := webAddress(x.address)
	switch {
	case !ok || text == "" || s == asPlain || s == asSummary:
		return text
	case s == asMail && label == x.address:
		return address
	case s == asMail:
		return text + " (" + address + ")"
	}
	return "[" + address + " " + text + "]"
}

// Address is a web address for a message that brings its own label:
// [$1 label]. One that may not be linked is left out.
type Address string

func (a Address) render(*Language, *lexicon, style) string {
	address, _ := webAddress(string(a))
	return address
}

// Message is another message as an argument, in the same language and style.
func Message(key string, args ...any) Arg { return nested{key, args} }

type nested struct {
	key  string
	args []any
}

func (n nested) render(l *Language, _ *lexicon, s style) string {
	return l.render(n.key, n.args, s)
}

// List joins arguments with the language's comma and its word for "and".
func List(items ...any) Arg { return list(items) }

type list []any

func (items list) render(l *Language, lex *lexicon, s style) string {
	var written []string
	for _, item := range items {
		written = append(written, toArg(item).render(l, lex, s))
	}
	if len(written) == 0 {
		return ""
	}
	last := len(written) - 1
	if last == 0 {
		return written[0]
	}
	comma, and := l.render("list-comma", nil, s), l.render("list-and", nil, s)
	return strings.Join(written[:last], comma) + and + written[last]
}

// toArg makes an untyped argument safe: what is not known is text by others.
func toArg(v any) Arg {
	switch v := v.(type) {
	case Arg:
		return v
	case wikitext:
		return Raw(v)
	case string:
		return Plain(v)
	case int:
		return Num(v)
	case int64:
		return Num(v)
	case time.Time:
		return Date(v)
	case nil:
		return Plain("")
	}
	return Plain(fmt.Sprint(v))
}
