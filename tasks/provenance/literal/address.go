package literal

import (
	"strings"

	"filewarden/tasks/provenance/rule"
)

// owner of the host in an address.
type owner int

const (
	nobody  owner = iota // no host: relative, or put together elsewhere
	ours                 // upload.wikimedia.org, thumb.wikimedia.org
	project              // another host of Wikimedia's: a wiki
	foreign
)

// address is one address in a word.
type address struct {
	spelling
	start, end int // in the plain spelling
	host       owner
	from       int // start of the path in the plain spelling
}

// hosts that serve media.
var hosts = [...]string{"upload.wikimedia.org", "thumb.wikimedia.org"}

// projects are the domains of Wikimedia's wikis.
var projects = [...]string{
	"wikimedia.org", "wikipedia.org", "mediawiki.org", "wiktionary.org", "wikisource.org", "wikibooks.org", "wikiquote.org",
	"wikinews.org", "wikiversity.org", "wikivoyage.org", "wikidata.org", "wikifunctions.org", "wikimediafoundation.org",
}

// addresses parts a word at each host that serves media; a word without any is
// one address.
func addresses(s spelling) []address {
	var all []address
	for i := 0; i < len(s.text); {
		at, size := nextHost(s.text, i)
		if size == 0 {
			break
		}
		start := schemeBefore(s.text, i, at)
		if n := len(all); n > 0 {
			all[n-1].end = start
		}
		all = append(all, address{spelling: s, start: start, end: len(s.text), host: ours, from: at + size})
		i = at + size
	}
	if len(all) == 0 {
		return []address{elsewhere(s)}
	}
	return all
}

// nextHost finds the next host that serves media from an offset on.
func nextHost(text string, from int) (at, size int) {
	at = len(text)
	for _, h := range hosts {
		for i := from; ; {
			j := strings.Index(text[i:], h)
			if j < 0 {
				break
			}
			i += j
			if whole(text, i, i+len(h)) {
				if i < at {
					at, size = i, len(h)
				}
				break
			}
			i += len(h)
		}
	}
	return at, size
}

// whole says whether a host is not a part of a longer one.
func whole(text string, start, end int) bool {
	before := start == 0 || !hostByte(text[start-1])
	return before && (end == len(text) || !hostByte(text[end]))
}

func hostByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.'
}

// schemeBefore finds where the address of a host begins.
func schemeBefore(text string, floor, host int) int {
	before := text[floor:host]
	for _, scheme := range []string{"https://", "http://", "//"} {
		if strings.HasSuffix(before, scheme) {
			return host - len(scheme)
		}
	}
	return host
}

// elsewhere is an address on no media host.
func elsewhere(s spelling) address {
	a := address{spelling: s, end: len(s.text)}
	i := strings.Index(s.text, "//")
	if i < 0 {
		return a
	}
	a.start = schemeBefore(s.text, 0, i+2)
	rest := s.text[i+2:]
	n := strings.IndexAny(rest, "/?#")
	if n < 0 {
		n = len(rest)
	}
	a.host, a.from = ownerOf(rest[:n]), i+2+n
	return a
}

// ownerOf tells whose a host is. What has no dot was put together elsewhere.
func ownerOf(host string) owner {
	if !strings.Contains(host, ".") {
		return nobody
	}
	for _, p := range projects {
		if host == p || strings.HasSuffix(host, "."+p) {
			return project
		}
	}
	return foreign
}

// path of the address, without its query.
func (a address) path() string {
	p := a.text[a.from:a.end]
	if i := strings.IndexAny(p, "?#"); i >= 0 {
		p = p[:i]
	}
	return p
}

// hit is what a rule says of the address.
func (a address) hit(text, id string, args ...string) rule.Hit {
	h := rule.Hit{Rule: id, Start: a.at[a.start], End: a.at[a.end], Args: args}
	if a.host == foreign {
		h.Severity = rule.Info
	}
	return h
}

// with is the address in its own spelling, with another text between two
// places of the plain one.
func (a address) with(text string, start, end int, other string) string {
	return text[a.at[a.start]:a.at[start]] + other + text[a.at[end]:a.at[a.end]]
}
