package provider

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/idna"
)

// Limits on what a service says.
const (
	maxAddress = 2000 // bytes; longer ones name no image that a person could look at
	maxTitle   = 200  // characters
	maxSaid    = 300  // characters of a service's own words in an error
)

// plain makes short text of foreign HTML: no tags, no control characters, no
// marks that turn the direction of writing, one space between words.
func plain(foreign string, longest int) string {
	if most := 16 * longest; len(foreign) > most {
		foreign = foreign[:most]
	}
	var b strings.Builder
	for t := html.NewTokenizer(strings.NewReader(foreign)); t.Next() != html.ErrorToken; {
		if token := t.Token(); token.Type == html.TextToken {
			b.WriteString(token.Data)
		}
	}
	text := strings.Join(strings.Fields(strings.Map(visible, strings.ToValidUTF8(b.String(), ""))), " ")
	return cut(text, longest)
}

// visible drops what steers a display instead of standing on it. The joiners
// stay: Persian and Indic words are written with them.
func visible(r rune) rune {
	const nonJoiner, joiner = '\u200C', '\u200D'
	switch {
	case unicode.IsSpace(r):
		return ' '
	case r == nonJoiner || r == joiner:
		return r
	case unicode.In(r, unicode.C, unicode.Zl, unicode.Zp) || r == utf8.RuneError:
		return -1
	}
	return r
}

// cut shortens a text to so many characters.
func cut(text string, longest int) string {
	if utf8.RuneCountInString(text) <= longest {
		return text
	}
	return strings.TrimSpace(string([]rune(text)[:longest-1])) + "…"
}

// address parses a foreign address of the web and writes it in one way: small
// letters in the host, no name of a user, no default port, no fragment, and
// nothing outside of what RFC 3986 lets stand. ok is false for anything else.
func address(foreign string) (written string, ok bool) {
	u, err := url.Parse(strings.TrimSpace(foreign))
	if err != nil || len(foreign) > maxAddress || u.Opaque != "" || u.Scheme != "http" && u.Scheme != "https" {
		return "", false
	}
	host, ok := hostOf(u)
	if !ok {
		return "", false
	}
	written = u.Scheme + "://" + host + encoded(u.EscapedPath())
	if u.Path == "" {
		written += "/"
	}
	if u.RawQuery != "" {
		written += "?" + encoded(u.RawQuery)
	}
	return written, len(written) <= maxAddress
}

var hostForm = regexp.MustCompile(`^[a-z0-9_-]+(\.[a-z0-9_-]+)*$`)

// hostOf is the host of an address in ASCII, with its port where that is not the
// usual one. Addresses of IPv6 are none that a person could judge by.
func hostOf(u *url.URL) (string, bool) {
	host := strings.ToLower(u.Hostname())
	if strings.IndexFunc(host, func(r rune) bool { return r >= utf8.RuneSelf }) >= 0 {
		ascii, err := idna.Lookup.ToASCII(host)
		if err != nil {
			return "", false
		}
		host = ascii
	}
	host = strings.TrimSuffix(host, ".")
	if !hostForm.MatchString(host) {
		return "", false
	}
	if p := u.Port(); p != "" && p != map[string]string{"http": "80", "https": "443"}[u.Scheme] {
		host += ":" + p
	}
	return host, true
}

// encoded writes bytes in per cent that have no business in an address, or that
// mean something in wikitext.
func encoded(part string) string {
	const digits = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(part) {
		c := part[i]
		if c <= ' ' || c >= 0x7F || strings.IndexByte("\"'<>[]\\^`{|}", c) >= 0 {
			b.Write([]byte{'%', digits[c>>4], digits[c&15]})
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}
