package wiki

import (
	"net/url"
	"strings"
)

// Place is one foreign (or the home) wiki as found in an answer of GlobalUsage.
type Place struct {
	Key  string // stable name of the wiki: its URL without the title; GlobalUsage's wiki field where no URL is known
	Host string // host[:port] for showing
}

// PlaceOf says which wiki a GlobalUsage row is on: wiki is its field, url its
// address, title the page's (with underscores). GlobalUsage's wiki field is
// only a host name, which several wikis can share; the address tells them apart.
func (f *Farm) PlaceOf(wiki, address, title string) Place {
	prefix := withoutTitle(address, title)
	if prefix == "" {
		return Place{Key: wiki, Host: wiki}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if p, ok := f.places[prefix]; ok {
		return p
	}
	p := f.newPlace(strings.Clone(prefix), wiki)
	if len(f.places) < 10_000 {
		f.places[strings.Clone(prefix)] = p
	}
	return p
}

// newPlace of a URL without its title.
func (f *Farm) newPlace(prefix, wiki string) Place {
	if strings.HasPrefix(prefix, "//") {
		prefix = f.home.scheme() + ":" + prefix
	}
	u, err := url.Parse(prefix)
	if err != nil || u.Hostname() == "" || u.User != nil || (u.Scheme != "http" && u.Scheme != "https") {
		return Place{Key: wiki, Host: wiki}
	}
	if f.home.is(u) {
		return Place{Key: f.homeKey(), Host: hostKey(u)}
	}
	u.Host = hostKey(u)
	return Place{Key: u.String(), Host: u.Host}
}

// is says whether a URL without its title is of this wiki: its article path, or
// a script form of it.
func (s *Session) is(u *url.URL) bool {
	own := hostKey(s.address())
	server, err := url.Parse(s.server())
	if err != nil || (hostKey(u) != own && hostKey(u) != hostKey(server)) {
		return false
	}
	rest := u.EscapedPath()
	if u.RawQuery != "" || u.ForceQuery {
		rest += "?" + u.RawQuery
	}
	path, _, _ := strings.Cut(s.site.ArticlePath, "$1")
	return rest == path || rest == s.site.Script+"?title=" || rest == s.site.Script+"/"
}

// address of the API.
func (s *Session) address() *url.URL {
	u, err := url.Parse(s.set.API)
	if err != nil {
		return &url.URL{Scheme: "https", Host: s.host}
	}
	return u
}

// withoutTitle cuts the title off the end of a page's URL; "" when there is no URL.
func withoutTitle(address, title string) string {
	if address == "" {
		return ""
	}
	if cut := titleStart(address, title); cut > 0 {
		return address[:cut]
	}
	// The title is written in a way not known here: cut where titles begin.
	for _, mark := range []string{"title=", "/index.php/", "/wiki/"} {
		if i := strings.Index(address, mark); i >= 0 {
			return address[:i+len(mark)]
		}
	}
	start := strings.Index(address, "//")
	if start < 0 {
		return ""
	}
	if i := strings.IndexByte(address[start+2:], '/'); i >= 0 {
		return address[:start+2+i+1]
	}
	return address
}

// titleStart is where the title begins in a URL that ends with it, percent
// escapes and underscores understood; -1 when it does not end with it. It makes
// nothing new: a scan calls it for every row.
func titleStart(address, title string) int {
	if title == "" {
		return -1
	}
	at := len(address)
	for i := len(title) - 1; i >= 0; i-- {
		c, width := lastByte(address[:at])
		if width == 0 || underscored(c) != underscored(title[i]) {
			return -1
		}
		at -= width
	}
	return at
}

// lastByte is the byte that the end of a URL stands for, and how much text it takes.
func lastByte(s string) (c byte, width int) {
	n := len(s)
	if n >= 3 && s[n-3] == '%' {
		high, low := unhex(s[n-2]), unhex(s[n-1])
		if high < 16 && low < 16 {
			return high<<4 | low, 3
		}
	}
	if n == 0 {
		return 0, 0
	}
	return s[n-1], 1
}

func unhex(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10
	}
	return 255
}

func underscored(c byte) byte {
	if c == ' ' {
		return '_'
	}
	return c
}
