package usage

import (
	"html"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// mention finds the name of a file, or of a template, in wikitext. A file is
// named with a namespace ([[Datei:A.jpg]]) or without (a gallery line, a
// parameter of an infobox), with spaces or underscores, percent-encoded or with
// entities, its first letter small or capital; all of these are understood. The
// namespace is not looked at, so a wiki's own words for it need not be known.
// A link to the file page ([[:File:A.jpg]]) is no use.
type mention struct {
	names []string // without namespace
}

// mentionOf a file's titles.
func mentionOf(titles ...string) mention {
	var m mention
	for _, t := range titles {
		if name := plainText(bareName(t)); name != "" {
			m.names = append(m.names, name)
		}
	}
	return m
}

// in says whether a text, made plain by plainText, uses one of the names.
func (m mention) in(plain string) bool {
	for _, name := range m.names {
		if mentions(plain, name) {
			return true
		}
	}
	return false
}

// mentions looks for a name that stands by itself. The first letter is looked
// at apart from the rest, because most wikis make it a capital by themselves.
func mentions(plain, name string) bool {
	first, size := utf8.DecodeRuneInString(name)
	rest := name[size:]
	for from := 0; from <= len(plain); {
		i := strings.Index(plain[from:], rest)
		if i < 0 {
			return false
		}
		at := from + i
		before, width := utf8.DecodeLastRuneInString(plain[:at])
		if width > 0 && unicode.ToUpper(before) == unicode.ToUpper(first) &&
			begins(plain[:at-width]) && ends(plain[at+len(rest):]) {
			return true
		}
		_, step := utf8.DecodeRuneInString(plain[at:])
		from = at + max(step, 1)
	}
	return false
}

// begins says whether a name can begin after this text: at the start, or after
// something that no file name holds or that separates values.
func begins(text string) bool {
	text = strings.TrimRight(text, " ")
	if text == "" {
		return true
	}
	last := text[len(text)-1]
	if last == ':' {
		return !linked(text[:len(text)-1])
	}
	return strings.IndexByte("\n|=[{\">}<]'/*#(", last) >= 0
}

// linked says whether the namespace before a name belongs to [[:File:…]].
func linked(text string) bool {
	open := strings.LastIndexAny(text, "[\n|")
	return open >= 0 && text[open] == '[' && strings.HasPrefix(strings.TrimLeft(text[open+1:], " "), ":")
}

// ends says whether a name can end before this text.
func ends(text string) bool {
	next, width := utf8.DecodeRuneInString(text)
	if width == 0 || !unicode.IsLetter(next) && !unicode.IsDigit(next) && next != '.' {
		return true
	}
	if next != '.' {
		return false
	}
	after, width := utf8.DecodeRuneInString(text[1:])
	return width == 0 || !unicode.IsLetter(after) && !unicode.IsDigit(after)
}

var (
	percented = regexp.MustCompile(`(%[0-9A-Fa-f]{2})+`)
	spaces    = regexp.MustCompile(`[ _\t\x{A0}\x{1680}\x{2000}-\x{200A}\x{202F}\x{205F}\x{3000}]+`)
	marks     = regexp.MustCompile(`[\x{200E}\x{200F}\x{202A}-\x{202E}]+`)
)

// plainText brings wikitext to the form in which names are compared.
func plainText(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	if strings.Contains(text, "%") {
		text = percented.ReplaceAllStringFunc(text, func(code string) string {
			plain, err := url.PathUnescape(code)
			if err != nil || !utf8.ValidString(plain) {
				return code
			}
			return plain
		})
	}
	if strings.Contains(text, "&") {
		text = html.UnescapeString(text)
	}
	text = marks.ReplaceAllString(text, "")
	return strings.TrimLeft(spaces.ReplaceAllString(norm.NFC.String(text), " "), " ")
}
