package sandbox

import (
	"html"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// title is a page name as the page table holds it: underscores for spaces,
// first letter in upper case. The zero value is no title.
type title struct {
	ns  int
	key string
}

// Text is the name without its namespace, with spaces.
func (t title) text() string { return strings.ReplaceAll(t.key, "_", " ") }

func (t title) isTalk() bool { return t.ns > 0 && t.ns%2 == 1 }
func (t title) talk() title  { return title{t.ns | 1, t.key} }
func (t title) subject() title {
	if t.isTalk() {
		return title{t.ns - 1, t.key}
	}
	return t
}

// root is the part before the first slash.
func (t title) root() string {
	root, _, _ := strings.Cut(t.text(), "/")
	return root
}

func (t title) isSubpage() bool { return strings.Contains(t.key, "/") }

// titleError is why MediaWiki refuses a title, in its own words.
type titleError struct{ reason string }

func (e *titleError) Error() string { return e.reason }

// link is a title as it stands in wikitext: perhaps on another wiki, perhaps
// with a fragment.
type link struct {
	title
	interwiki string
	fragment  string
	colon     bool // written with a leading colon
}

var (
	titleBad     = regexp.MustCompile(`[^ %!"$&'()*,\-./0-9:;=?@A-Z\\^_` + "`" + `a-z~\x{80}-\x{10FFFF}+]|%[0-9A-Fa-f]{2}|&[A-Za-z0-9\x{80}-\x{10FFFF}]+;|&#[0-9]+;|&#x[0-9A-Fa-f]+;`)
	titleSpaces  = regexp.MustCompile(`[ _\x{A0}\x{1680}\x{180E}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}]+`)
	titleInvisib = regexp.MustCompile(`[\x{200E}\x{200F}\x{202A}-\x{202E}]+`)
)

// parseTitle reads a title as MediaWikiTitleCodec::splitTitleString does, with
// the namespace that applies where none is written.
func (w *Wiki) parseTitle(text string, defaultNS int) (title, error) {
	l, err := w.parseLink(text, defaultNS)
	return l.title, err
}

func (w *Wiki) parseLink(text string, defaultNS int) (link, error) {
	var l link
	if !utf8.ValidString(text) {
		return l, &titleError{"The requested page title contains an invalid UTF-8 sequence."}
	}
	s := titleInvisib.ReplaceAllString(html.UnescapeString(text), "")
	s = strings.Trim(titleSpaces.ReplaceAllString(s, " "), " ")
	if strings.HasPrefix(s, ":") {
		l.colon, defaultNS = true, 0
		s = strings.TrimSpace(s[1:])
	}
	l.ns = defaultNS
	s, err := w.splitPrefix(&l, s)
	if err != nil {
		return l, err
	}
	if s, l.fragment, _ = strings.Cut(s, "#"); l.fragment != "" {
		l.fragment = strings.TrimSpace(l.fragment)
	}
	s = strings.TrimSpace(s)
	if err := checkName(s, l); err != nil {
		return l, err
	}
	l.key = strings.ReplaceAll(s, " ", "_")
	if l.interwiki == "" {
		l.key = upperFirst(l.key)
	}
	return l, nil
}

// splitPrefix takes the namespace or the interwiki prefix off the front.
func (w *Wiki) splitPrefix(l *link, s string) (string, error) {
	prefix, rest, ok := strings.Cut(s, ":")
	if !ok {
		return s, nil
	}
	name := strings.TrimSpace(prefix)
	if ns, ok := w.namespaces.byName(name); ok {
		l.ns = ns
		rest = strings.TrimSpace(rest)
		if inner, _, ok := strings.Cut(rest, ":"); ok && ns == nsTalk {
			if _, ok := w.namespaces.byName(strings.TrimSpace(inner)); ok {
				return "", &titleError{"The requested page title refers to a talk page that cannot exist."}
			}
		}
		return rest, nil
	}
	if w.isInterwiki(name) {
		l.interwiki, l.ns = strings.ToLower(name), 0
		return strings.TrimSpace(rest), nil
	}
	return s, nil
}

func checkName(s string, l link) error {
	if bad := titleBad.FindString(s); bad != "" {
		return &titleError{`The requested page title contains invalid characters: "` + bad + `".`}
	}
	if s == "." || s == ".." || strings.HasPrefix(s, "./") || strings.HasPrefix(s, "../") ||
		strings.Contains(s, "/./") || strings.Contains(s, "/../") || strings.HasSuffix(s, "/.") || strings.HasSuffix(s, "/..") {
		return &titleError{"Title has relative path. Relative page titles (./, ../) are invalid, because they will often be unreachable when handled by user's browser."}
	}
	if strings.Contains(s, "~~~") {
		return &titleError{"The requested page title contains invalid magic tilde sequence (<nowiki>~~~</nowiki>)."}
	}
	if len(s) > 255 && l.ns != nsSpecial {
		return &titleError{"The requested page title is too long. It must be no longer than 255 bytes in UTF-8 encoding."}
	}
	if s == "" && (l.interwiki == "" && (l.fragment == "" || l.ns != 0)) {
		return &titleError{"The requested page title is empty or contains only a namespace prefix."}
	}
	if strings.HasPrefix(s, ":") {
		return &titleError{"The requested page title contains an invalid colon at the beginning."}
	}
	return nil
}

func upperFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 || r == utf8.RuneError {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

// name is the title with its namespace, with spaces.
func (w *Wiki) name(t title) string {
	if t.ns == 0 {
		return t.text()
	}
	return w.namespaces.name(t.ns) + ":" + t.text()
}

// dbName is the title with its namespace, with underscores.
func (w *Wiki) dbName(t title) string { return strings.ReplaceAll(w.name(t), " ", "_") }

// path is the local address of a page, in the form of wfUrlencode.
func (w *Wiki) path(t title) string { return "/wiki/" + wikiEncode(w.dbName(t)) }

// editPath is where a page, or one thing about it, is edited.
func (w *Wiki) editPath(t title, key string, value int) string {
	return "/index.php?title=" + wikiEncode(w.dbName(t)) + "&action=edit&" + key + "=" + strconv.Itoa(value)
}

var wikiSafe = strings.NewReplacer("%3B", ";", "%40", "@", "%24", "$", "%21", "!", "%2A", "*",
	"%28", "(", "%29", ")", "%2C", ",", "%2F", "/", "%7E", "~", "%3A", ":")

// wikiEncode percent-encodes a title and leaves readable what RFC 3986 lets
// stand in a path.
func wikiEncode(s string) string {
	return wikiSafe.Replace(strings.ReplaceAll(url.QueryEscape(strings.ReplaceAll(s, " ", "_")), "+", "%20"))
}
