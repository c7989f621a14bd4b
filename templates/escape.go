package templates

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/bidi"
	"golang.org/x/text/unicode/norm"
)

// longest is how many characters of foreign text are ever shown.
const longest = 500

// tidy makes foreign text one line of visible characters: spaces of all sorts
// become one space, control characters and those that change the direction of
// what follows are removed, invalid UTF-8 becomes U+FFFD. It is normalised as
// MediaWiki would do, because what is escaped must be what is saved.
func tidy(s string) string {
	if len(s) > 16*longest { // no need to look at megabytes to show a line
		s = s[:16*longest]
	}
	var out strings.Builder
	for _, r := range strings.ToValidUTF8(s, "\uFFFD") {
		switch {
		case unicode.IsSpace(r) || unicode.Is(unicode.Z, r):
			if out.Len() > 0 {
				out.WriteByte(' ')
			}
		case !unicode.IsControl(r) && !invisible(r):
			out.WriteRune(r)
		}
	}
	visible := norm.NFC.String(strings.Join(strings.Fields(out.String()), " "))
	return cutRunes(visible, longest)
}

// invisible are the characters of Unicode's bidirectional algorithm that a
// reader cannot see, byte order marks, annotation marks and noncharacters.
func invisible(r rune) bool {
	switch {
	case r == 0x061C, r == 0x200E, r == 0x200F,
		0x202A <= r && r <= 0x202E, 0x2066 <= r && r <= 0x2069,
		r == 0xFEFF, 0xFFF9 <= r && r <= 0xFFFB, r&0xFFFE == 0xFFFE:
		return true
	}
	return false
}

// always are the characters that wikitext, HTML or a template call may take
// for its own wherever they stand.
const always = "&<>[]{}|'\"~="

// atStart are those that mean something only at the start of a line, and - + !
// after the bar of a table.
const atStart = "*#;-+! _"

// magic are the words after which MediaWiki links a number by itself
// (https://www.mediawiki.org/wiki/Help:Magic_links).
var magic = strings.NewReplacer("ISBN", "&#73;SBN", "RFC", "&#82;FC", "PMID", "&#80;MID")

// escape turns tidy text into wikitext that shows it.
func escape(text string) string {
	var out strings.Builder
	var before rune
	for i, r := range text {
		after, _ := utf8.DecodeRuneInString(text[i+utf8.RuneLen(r):])
		if speaks(before, r, after, i == 0) {
			fmt.Fprintf(&out, "&#%d;", r)
		} else {
			out.WriteRune(r)
		}
		before = r
	}
	escaped := magic.Replace(out.String())
	if !strings.Contains(escaped, "&#58;") { // most texts, and the pattern is slow
		return escaped
	}
	return namespaced.ReplaceAllString(escaped, "$1:$2")
}

// namespaced takes back the escaped colon after the names of namespaces, so
// that a title stays readable in the source. Any other word before a colon
// might be the scheme of a web address (mailto:, or one that a wiki has added).
var namespaced = regexp.MustCompile(`\b(File|User|User talk|Category|Template|Module|Help|Project|MediaWiki)&#58;([^/])`)

// speaks tells whether a character means something to the wiki between these
// neighbours. A combining mark at the start would join the character that our
// own text ends with (a ">" with U+0338 becomes "≯").
func speaks(before, r, after rune, first bool) bool {
	switch {
	case strings.ContainsRune(always, r):
		return true
	case r == ':': // web addresses; no page of ours has the definition lists it would make
		return !unicode.IsDigit(before) && after != ' ' || first || after == '/'
	case first && (strings.ContainsRune(atStart, r) || unicode.Is(unicode.M, r)):
		return true
	case r == '_' || r == '＿': // behaviour switches: __TOC__, in Japanese ＿＿目次＿＿
		return before == r || after == r || after == utf8.RuneError
	case r == '!':
		return before == r || after == r
	}
	return false
}

// isolate wraps text that runs from right to left, so that the sentence around
// it keeps its order.
func isolate(text, escaped string) string {
	for _, r := range text {
		p, _ := bidi.LookupRune(r)
		if c := p.Class(); c == bidi.R || c == bidi.AL || c == bidi.AN {
			return "<bdi>" + escaped + "</bdi>"
		}
	}
	return escaped
}

// escapeSummary keeps links, section marks, entities and signatures from
// forming in an edit summary, and web addresses, which count for spam
// blacklists even there. MediaWiki decodes the entities of a summary before it
// looks for links (CommentParser), so here an invisible joiner parts what must
// not meet.
func escapeSummary(text string) string {
	return summary.Replace(cutRunes(text, longestInSummary))
}

// longestInSummary leaves room for the rest of a summary, which has 500.
const longestInSummary = 150

var summary = strings.NewReplacer("[", "[\u2060", "]", "]\u2060", "/*", "/\u2060*", "*/", "*\u2060/",
	"://", ":\u2060//", "&", "&\u2060", "~~~", "~~\u2060~")

// illegal are the titles that MediaWiki refuses ($wgLegalTitleChars,
// MediaWikiTitleCodec): they cannot be linked and would fall out of the link.
var illegal = regexp.MustCompile(`[#<>\[\]{}|\x{FFFD}]|%[0-9A-Fa-f]{2}|&(#|[0-9A-Za-z\x{80}-\x{10ffff}]+;)|~~~|^[ :]*$|^\.{1,2}$|^\.{1,2}/|/\.{1,2}/|/\.{1,2}$`)

// linkTarget is a title as the first half of [[…|…]], or false if no page can
// have it. The leading colon makes files, categories and interwiki prefixes
// into links, and saves titles that begin like a web address or a subpage.
func linkTarget(title, anchor string) (string, bool) {
	title = strings.TrimLeft(tidy(strings.ReplaceAll(title, "_", " ")), ": ")
	if len(title) > 300 || illegal.MatchString(title) {
		return "", false
	}
	target := ":" + targetChars.Replace(title)
	if anchor != "" {
		target += "#" + anchorChars(anchor)
	}
	return target, true
}

// targetChars encodes what is legal in a title but means something to wikitext
// before links are found. MediaWiki decodes entities in targets.
var targetChars = strings.NewReplacer("'", "&#39;", "~", "&#126;", "\"", "&#34;")

// anchorChars percent-encodes an anchor but for the characters of plain names.
func anchorChars(anchor string) string {
	var out strings.Builder
	for _, r := range strings.ReplaceAll(tidy(anchor), " ", "_") {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-_.,()!", r) {
			out.WriteRune(r)
		} else {
			out.WriteString(percent(string(r)))
		}
	}
	return doubled.ReplaceAllString(out.String(), "_")
}

var doubled = regexp.MustCompile(`__+`)

// webAddress is an address fit for [address label], or false for anything but
// http and https with an ordinary host and no password. Bytes that could end
// the link are percent-encoded, as are ";" (it would complete an entity) and
// "_" after "_" (a behaviour switch).
func webAddress(address string) (string, bool) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.User != nil || !host.MatchString(u.Host) {
		return "", false
	}
	rest := strings.TrimSpace(address)[len(u.Scheme)+len("://"):]
	rest = rest[min(len(u.Host), len(rest)):]
	var out strings.Builder
	out.WriteString(u.Scheme + "://" + u.Host)
	var before byte
	for i := range len(rest) {
		c := rest[i]
		if strings.IndexByte(addressBytes, c) < 0 || (c == '_' && before == '_') {
			out.WriteString(percent(string(rest[i : i+1])))
		} else {
			out.WriteByte(c)
		}
		before = c
	}
	return out.String(), true
}

var host = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]+)?$`)

const addressBytes = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._/?#%&=+,:@!()*$"

func percent(s string) string {
	var out strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&out, "%%%02X", s[i])
	}
	return out.String()
}
