package notice

import (
	"net/url"
	"strings"

	"filewarden/templates"
)

// Pages beneath the prefix that a message points to.
const (
	RequestsPage = "Requests"
	// PreloadPage is put into the edit window of a new request, because
	// MediaWiki does not save a new section without text.
	PreloadPage = "Requests/preload"
	HelpPage    = "Help"
	StopPage    = "Stop"
)

// waysOut of a digest. Each link opens a new section on Requests whose heading
// is the request (see ParseRequest); saving it is all there is to do.
func (b *Box) waysOut(d *digest) templates.Ways {
	ways := templates.Ways{
		MuteAll:     b.requestAddress(Request{Verb: Mute, What: OfAll}),
		Preferences: "Special:MyPage" + PreferencesPage,
		Help:        b.c.Prefix + HelpPage,
		Stop:        b.c.Prefix + StopPage,
		HelpAddress: b.absolute(b.c.Wiki.URL(b.c.Prefix + HelpPage)),
	}
	if file := d.file(); file != "" {
		ways.MuteFile = b.requestAddress(Request{Mute, OfFile, file})
	}
	if kinds := d.kinds(); len(kinds) == 1 {
		ways.MuteKind = b.requestAddress(Request{Mute, OfKind, kinds[0]})
	}
	return ways
}

// requestAddress opens the edit window of a new section with that heading
// (https://www.mediawiki.org/wiki/Manual:Parameters_to_index.php#Edit_and_submit).
func (b *Box) requestAddress(r Request) string {
	query := url.Values{
		"title": {b.c.Prefix + RequestsPage}, "action": {"edit"}, "section": {"new"},
		"preload": {b.c.Prefix + PreloadPage}, "preloadtitle": {r.String()},
	}
	site := b.c.Wiki.Site()
	return b.absolute(site.Server) + site.Script + "?" + query.Encode()
}

// absolute gives an address without a scheme ("//commons.wikimedia.org/…") one.
func (b *Box) absolute(address string) string {
	if strings.HasPrefix(address, "//") {
		return "https:" + address
	}
	return address
}
