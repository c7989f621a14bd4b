package page

import (
	"net/netip"
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// Domain is the part of an address that somebody registered, as a reader knows
// it: "flickr.com" of https://live.flickr.com/x, "müller.de" of
// https://www.xn--mller-kva.de/. A name that could be taken for another stays
// in punycode. What has no domain gives its host, what is no address "".
func Domain(address string) string {
	host := hostOf(linkable(address))
	if _, err := netip.ParseAddr(host); err == nil || host == "" {
		return host
	}
	if registered, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		host = registered
	}
	return readable(host)
}

// hostOf an address, in lower case.
func hostOf(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
}

// linkable is an address with its host in punycode, the only form of which
// links are made.
func linkable(address string) string {
	address = strings.TrimSpace(address)
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || isASCII(u.Host) {
		return address
	}
	host, err := idna.Lookup.ToASCII(u.Hostname())
	if err != nil {
		return address
	}
	return strings.Replace(address, u.Hostname(), host, 1)
}

func isASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r > unicode.MaxASCII }) < 0
}

// readable is a host in its own script, if none of its labels looks like
// another one. The rules are the cautious ones among those of browsers
// (https://chromium.googlesource.com/chromium/src/+/main/docs/idn.md): one
// script a label, and those that share letters with Latin only under a
// top-level domain of their own script.
func readable(host string) string {
	shown, err := idna.Display.ToUnicode(host)
	if err != nil {
		return host
	}
	labels := strings.Split(shown, ".")
	ownTop := !isASCII(labels[len(labels)-1])
	for _, label := range labels {
		if !isASCII(label) && !unmistakable(label, ownTop) {
			return host
		}
	}
	return shown
}

// unmistakable says whether a label can be taken for no other.
func unmistakable(label string, ownTop bool) bool {
	scripts := map[string]bool{}
	for _, r := range label {
		switch {
		case r == '-' || '0' <= r && r <= '9':
		case unicode.Is(unicode.Latin, r):
			if r > 'ž' || r == 'ı' || r == 'ĸ' || r == 'ŀ' || r == 'ł' {
				return false
			}
			scripts["Latin"] = true
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo) || r == 'ー':
			scripts["East Asian"] = true
		case unicode.In(r, unicode.Cyrillic, unicode.Greek, unicode.Armenian):
			if !ownTop {
				return false
			}
			scripts[scriptOf(r)] = true
		case unicode.IsLetter(r):
			scripts[scriptOf(r)] = true
		case !unicode.Is(unicode.M, r) || scripts["Latin"] || len(scripts) == 0:
			return false
		}
	}
	return len(scripts) == 1
}

func scriptOf(r rune) string {
	for name, table := range unicode.Scripts {
		if unicode.Is(table, r) {
			return name
		}
	}
	return ""
}
