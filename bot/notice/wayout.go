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

// wayOut is one link by which a reader gets fewer notices: where it leads and
// which messages are its label, on a page and in an e-mail.
type wayOut struct {
	address string
	label   string // as wikitext
	mail    string // as a line of plain text, address included
}

// waysOut of a digest, the mildest first. Each opens a new section on Requests
// whose heading is the request (see ParseRequest); saving it is all there is to do.
func (b *Box) waysOut(d *digest) []wayOut {
	var ways []wayOut
	add := func(command, label, mail string, args ...any) {
		address := b.requestAddress(command)
		ways = append(ways, wayOut{
			address: address, label: d.words.Text(label, args...),
			mail: d.words.MailText(mail, append([]any{templates.URL(address, "")}, args...)...),
		})
	}
	if file := d.file(); file != "" {
		add("mute file "+file, "notice-mute-file", "notice-mail-mute-file")
	}
	if kinds := d.kinds(); len(kinds) == 1 {
		add("mute kind "+kinds[0], "notice-mute-kind", "notice-mail-mute-kind", templates.Message("kind-"+kinds[0]))
	}
	add("mute all", "notice-mute-all", "notice-mail-mute-all")
	return ways
}

// requestAddress opens the edit window of a new section with that heading
// (https://www.mediawiki.org/wiki/Manual:Parameters_to_index.php#Edit_and_submit).
func (b *Box) requestAddress(command string) string {
	query := url.Values{
		"title": {b.c.Prefix + RequestsPage}, "action": {"edit"}, "section": {"new"},
		"preload": {b.c.Prefix + PreloadPage}, "preloadtitle": {command},
	}
	site := b.c.Wiki.Site()
	return absolute(site.Server) + site.Script + "?" + query.Encode()
}

// absolute gives a server without a scheme ("//commons.wikimedia.org") one.
func absolute(server string) string {
	if strings.HasPrefix(server, "//") {
		return "https:" + server
	}
	return server
}

// footer is the last line of a message on a page: why it came, the ways out
// and the pages that explain.
func (b *Box) footer(d *digest) string {
	var links []string
	for _, w := range b.waysOut(d) {
		links = append(links, "["+w.address+" "+w.label+"]")
	}
	page := func(title, label string) {
		links = append(links, "[["+title+"|"+d.words.Text(label)+"]]")
	}
	page("Special:MyPage"+PreferencesPage, "notice-preferences")
	page(b.c.Prefix+HelpPage, "notice-help")
	page(b.c.Prefix+StopPage, "notice-stop")
	return "<small>" + d.words.Text(d.reason()) + " " + d.words.Text("notice-less") + " " + strings.Join(links, " · ") + "</small>"
}

// reason is the message that says why somebody gets this digest.
func (d *digest) reason() string {
	switch {
	case d.demanded():
		return "notice-why-procedure"
	case d.to.subscribed():
		return "notice-why-subscribed"
	}
	return "notice-why-uploader"
}

// mailFooter is the same in plain text.
func (b *Box) mailFooter(d *digest) string {
	lines := []string{d.words.PlainText(d.reason())}
	for _, w := range b.waysOut(d) {
		lines = append(lines, w.mail)
	}
	help := templates.URL(absolute(b.c.Wiki.URL(b.c.Prefix+HelpPage)), "")
	return strings.Join(append(lines, d.words.MailText("notice-mail-help", help)), "\n")
}
