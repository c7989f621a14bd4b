package templates

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Notice is one message to one person: what happened, and the ways out.
type Notice struct {
	Time   time.Time     // of the message; part of its heading
	Groups []NoticeGroup // one for each kind, the most important first
	More   int           // news that did not fit
	Why    Why           // why this person gets it
	Ways   Ways
}

// NoticeGroup is the news of one kind, each line both as wikitext of this
// package and as plain text. Lines and Plain have the same order and number.
type NoticeGroup struct {
	Kind  string // "file-usage"; its words are kind-file-usage and kind-file-usage-title
	Files int    // how many files the lines are about
	Lines []Raw
	Plain []string
}

// Why is the end of the key of a sentence: notice-why-….
type Why string

// The reasons for which people get a notice.
const (
	Subscribed Why = "subscribed"
	Uploader   Why = "uploader"
	Procedure  Why = "procedure"
)

// Ways are the ways out below a message. Empty ones are left out: MuteFile
// unless all news are about one file, MuteKind unless they are of one kind.
type Ways struct {
	MuteFile, MuteKind, MuteAll string // addresses that open a prefilled request
	Preferences, Help, Stop     string // titles
	HelpAddress                 string // the same page for an e-mail
}

// Any tells whether there is a request that would mean fewer notices.
func (w Ways) Any() bool { return w.MuteFile != "" || w.MuteKind != "" || w.MuteAll != "" }

// NoticeTitle is the heading of the message. It holds no foreign text, so the
// link from a notification finds its section on every wiki.
func (l *Language) NoticeTitle(n Notice) string {
	if len(n.Groups) == 1 {
		g := n.Groups[0]
		return l.Text("kind-"+g.Kind+"-title", g.Files, n.Time)
	}
	return l.Text("notice-title", n.Time)
}

// NoticeText is the message for a talk page without heading and signature. Its
// last line is open: put the signature at its end, since a signature on a line
// of its own can be taken for part of the message before
// (Echo, DiscussionParser).
func (l *Language) NoticeText(n Notice) string {
	v := view{Notice: n, Digest: len(n.Groups) > 1, Reason: wikitext(l.Text("notice-why-" + string(n.Why)))}
	for _, g := range n.Groups {
		v.Groups = append(v.Groups, viewGroup{Name: capital(l.kind(g.Kind)), Lines: g.Lines})
	}
	if len(n.Groups) == 1 {
		v.OnlyKind = l.kind(n.Groups[0].Kind)
	} else {
		v.Ways.MuteKind = ""
	}
	return strings.TrimRight(l.frame("notices/talk.wikitext", v), "\n")
}

// view is a notice as its frame wants it.
type view struct {
	Notice
	Digest   bool
	Reason   wikitext
	Groups   []viewGroup
	OnlyKind wikitext
}

type viewGroup struct {
	Name  wikitext
	Lines []Raw
}

// capital is the text with a capital at its start.
func capital(text wikitext) wikitext {
	r, size := utf8.DecodeRuneInString(string(text))
	return wikitext(unicode.ToUpper(r)) + text[size:]
}

// KindTitle is the name of a kind of notice with a capital, for a heading above
// its news.
func (l *Language) KindTitle(kind string) string { return string(capital(l.kind(kind))) }

func (l *Language) kind(kind string) wikitext { return wikitext(l.Text("kind-" + kind)) }

// NoticeHeader is the message as the header of an Echo notification: plain, at
// most 160 bytes, the first news cut rather than the number of others.
func (l *Language) NoticeHeader(n Notice) string {
	const limit = 160
	lines := n.plain()
	if len(lines) == 0 {
		return ""
	}
	others := len(lines) - 1 + n.More
	if others == 0 {
		return cutBytes(lines[0], limit)
	}
	frame := l.PlainText("notice-header-more", "", others)
	return l.PlainText("notice-header-more", cutBytes(lines[0], limit-len(frame)), others)
}

// NoticeBody is the message as the text of an Echo notification: plain, lines
// kept, at most 5000 bytes, never empty.
func (l *Language) NoticeBody(n Notice) string {
	return cutBytes(strings.Join(l.newsLines(n), "\n"), 5000)
}

func (l *Language) newsLines(n Notice) []string {
	lines := n.plain()
	if n.More > 0 || len(lines) == 0 {
		lines = append(lines, l.PlainText("notice-more", n.More))
	}
	return lines
}

func (n Notice) plain() []string {
	var lines []string
	for _, g := range n.Groups {
		lines = append(lines, g.Plain...)
	}
	return lines
}

// NoticeMail is the message as subject and text of an e-mail; wiki is the name
// of the wiki it comes from.
func (l *Language) NoticeMail(n Notice, wiki string) (subject, text string) {
	subject = l.PlainText("notice-mail-subject", Raw(l.NoticeTitle(n)), wiki)
	var out strings.Builder
	for _, line := range l.newsLines(n) {
		out.WriteString("* " + line + "\n")
	}
	out.WriteString("\n" + l.PlainText("notice-why-"+string(n.Why)) + "\n")
	for _, way := range l.mailWays(n) {
		out.WriteString(way + "\n")
	}
	return subject, out.String()
}

func (l *Language) mailWays(n Notice) []string {
	var lines []string
	add := func(key, address string, args ...any) {
		if address, ok := webAddress(address); ok {
			lines = append(lines, l.MailText(key, append([]any{Address(address)}, args...)...))
		}
	}
	add("notice-mail-mute-file", n.Ways.MuteFile)
	if len(n.Groups) == 1 {
		add("notice-mail-mute-kind", n.Ways.MuteKind, Message("kind-"+n.Groups[0].Kind))
	}
	add("notice-mail-mute-all", n.Ways.MuteAll)
	add("notice-mail-help", n.Ways.HelpAddress)
	return lines
}
