package wiki

import (
	"net/url"
	"strings"
)

// TitleOf is the title in the address of a page of this wiki, in any of the
// forms that MediaWiki gives it (https://www.mediawiki.org/wiki/Manual:Short_URL):
// by article path, after the script, as the parameter title. The scheme does
// not matter. ok is false for addresses elsewhere and for those of no page.
func (s *Session) TitleOf(u *url.URL) (title string, ok bool) {
	server, err := url.Parse(s.server())
	if err != nil || u.User != nil || (hostKey(u) != hostKey(s.address()) && hostKey(u) != hostKey(server)) {
		return "", false
	}
	if u.Path == s.site.Script {
		title = u.Query().Get("title")
		return title, title != ""
	}
	if title, ok = strings.CutPrefix(u.Path, s.site.Script+"/"); ok {
		return title, title != ""
	}
	path, after, _ := strings.Cut(s.site.ArticlePath, "$1")
	title, ok = strings.CutPrefix(u.Path, path)
	if !ok || path == "" || !strings.HasSuffix(title, after) {
		return "", false
	}
	title = strings.TrimSuffix(title, after)
	return title, title != ""
}
