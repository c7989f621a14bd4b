package notice

import (
	"net/url"
	"strings"

	"filewarden/bot/wiki"
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
		HelpAddress: absolute(b.c.Wiki.URL(b.c.Prefix + HelpPage)),
	}
	if file := d.file(); file != "" {
		ways.MuteFile = b.requestAddress(Request{Mute, OfFile, file})
	}
	if kinds := d.kinds(); len(kinds) == 1 {
		ways.MuteKind = b.requestAddress(Request{Mute, OfKind, kinds[0]})
	}
	return ways
}

// requestAddress is RequestAddress on the box's own wiki.
func (b *Box) requestAddress(r Request) string { return RequestAddress(b.c.Wiki.Site(), b.c.Prefix, r) }

// RequestAddress opens the edit window of a new section with the request as its heading
// (https://www.mediawiki.org/wiki/Manual:Parameters_to_index.php#Edit_and_submit).
func RequestAddress(site wiki.Site, prefix string, r Request) string {
	query := url.Values{
		"title": {prefix + RequestsPage}, "action": {"edit"}, "section": {"new"},
		"preload": {prefix + PreloadPage}, "preloadtitle": {r.String()},
	}
	return absolute(site.Server) + site.Script + "?" + query.Encode()
}

// absolute gives an address without a scheme ("//commons.wikimedia.org/…") one.
func absolute(address string) string {
	if strings.HasPrefix(address, "//") {
		return "https:" + address
	}
	return address
}
