package mediaurl

import (
	"strings"
	"unicode/utf8"
)

const upperhex = "0123456789ABCDEF"

// escape percent-encodes all but RFC 3986's unreserved characters and those in
// also: as PHP's rawurlencode, which MediaWiki uses for the paths of files.
func escape(s, also string) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if isWordByte(c) || c == '.' || c == '~' || strings.IndexByte(also, c) >= 0 {
			b.WriteByte(c)
			continue
		}
		b.WriteString(string([]byte{'%', upperhex[c>>4], upperhex[c&15]}))
	}
	return b.String()
}

// isWordByte says whether c is an ASCII letter or digit, - or _.
func isWordByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_'
}

// unescape decodes once. A percent sign without two digits stays, and is told.
func unescape(s string) (decoded string, stray bool) {
	if !strings.Contains(s, "%") {
		return s, false
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			b.WriteByte(s[i])
			continue
		}
		if i+2 >= len(s) || unhex(s[i+1]) < 0 || unhex(s[i+2]) < 0 {
			stray = true
			b.WriteByte('%')
			continue
		}
		b.WriteByte(byte(unhex(s[i+1])<<4 | unhex(s[i+2])))
		i += 2
	}
	return b.String(), stray
}

// unescapeAgain decodes what was decoded already; ok is false where that
// changes nothing or makes no text.
func unescapeAgain(s string) (decoded string, ok bool) {
	decoded, _ = unescape(s)
	return decoded, decoded != s && utf8.ValidString(decoded)
}

// unhex is the value of a hexadecimal digit, -1 of anything else.
func unhex(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
