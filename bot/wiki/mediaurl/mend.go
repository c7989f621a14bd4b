package mediaurl

import (
	"regexp"
	"strings"
)

// wrapped is how an address starts that was percent-encoded as a whole.
var wrapped = regexp.MustCompile(`(?i)^(https?(:|%(25)*3a)|)(/|%(25)*2f){2}`)

// hostOnly is an address of which all but scheme and host was percent-encoded.
var hostOnly = regexp.MustCompile(`(?i)^((?:https?:)?//[a-z0-9.:-]+)%(?:25)*2f`)

// Entities that HTML makes of characters in an address; no title may hold one.
var (
	ampersands = regexp.MustCompile(`&(?:amp;|#38;)+`)
	quotes     = strings.NewReplacer("&#039;", "'", "&#39;", "'", "&quot;", `"`)
)

// unwrap takes off what the address was wrapped in: space, JSON's escaped
// slashes, percent-encoding of the whole, HTML's entities.
func (u *URL) unwrap(raw string) string {
	raw = strings.TrimSpace(raw)
	if strings.Contains(raw, `\/`) {
		u.damaged(`slashes are written \/`)
		raw = strings.ReplaceAll(raw, `\/`, "/")
	}
	for range maxLayers {
		start := wrapped.FindString(raw)
		if !strings.Contains(start, "%") {
			break
		}
		u.damaged("the address is percent-encoded as a whole")
		raw, _ = unescape(raw)
	}
	if hostOnly.MatchString(raw) {
		u.damaged("the slash after the host is percent-encoded")
		raw = hostOnly.ReplaceAllString(raw, "$1/")
	}
	if plain := quotes.Replace(ampersands.ReplaceAllString(raw, "&")); plain != raw {
		u.damaged("the address is escaped for HTML")
		raw = plain
	}
	return strings.TrimSpace(raw)
}

// cut separates path, query and fragment, and brings back what careless
// joining put in the wrong place.
func (u *URL) cut(rest string) (path, query string) {
	rest, u.Fragment, _ = strings.Cut(rest, "#")
	path, query, _ = strings.Cut(rest, "?")
	path, stuck := u.unglue(path)
	if stuck != "" {
		query = strings.TrimSuffix(stuck+"&"+query, "&")
	}
	return u.straighten(path, query)
}

// glued finds a query that became part of the path: its question mark encoded, or left out.
var glued = regexp.MustCompile(`(?i)(%(?:25)*3f|%(?:25)*26|&|\?)(utm_(?:source|campaign|content|term)(?:=|%(?:25)*3d))`)

// unglue takes a query off a path.
func (u *URL) unglue(path string) (string, string) {
	at := glued.FindStringIndex(path)
	if at == nil {
		return path, ""
	}
	u.damaged("the query is part of the path")
	tail := path[at[0]:]
	for range maxLayers {
		if !strings.HasPrefix(tail, "%") {
			break
		}
		tail, _ = unescape(tail)
	}
	return path[:at[0]], tail[1:]
}

// midPath is a query after which the path goes on: the original's address with
// query was extended to that of a thumbnail (https://phabricator.wikimedia.org/T425580).
var midPath = regexp.MustCompile(`^([^/]*)/((?:[a-z0-9-]+-)?\d+px-[^/?]*)(?:\?(.*))?$`)

// straighten moves a query behind the path that goes on after it.
func (u *URL) straighten(path, query string) (string, string) {
	found := midPath.FindStringSubmatch(query)
	if found == nil {
		return path, query
	}
	u.damaged("the query stands in the middle of the path")
	path += "/" + found[2]
	if found[3] != "" {
		return path, found[3]
	}
	return path, found[1]
}
