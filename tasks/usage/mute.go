package usage

import (
	"net/url"
	"slices"
	"strings"
)

// muted is what a person does not want to hear of, ready to be asked.
type muted struct {
	files map[string]bool
	prefs MuteConfig
	pages map[string]bool // exact titles, folded
}

// mutedBy reads a person's mutes; categories and galleries are listed already.
func (p *pass) mutedBy(w *person) muted {
	m := muted{files: map[string]bool{}, prefs: w.prefs.Mute, pages: map[string]bool{}}
	for _, file := range p.filesOf(m.prefs.Files, m.prefs.Categories, m.prefs.Galleries) {
		m.files[file] = true
	}
	for _, page := range m.prefs.Pages {
		m.pages[foldTitle(page)] = true
	}
	return m
}

// use says whether a use is one that the person does not want to hear of.
func (m muted) use(u use, homeHost string) bool {
	host := u.Wiki.Host
	if u.Wiki.Key == "" {
		host = homeHost
	}
	return slices.Contains(m.prefs.Namespaces, u.NS) || m.page(u.Title) ||
		slices.ContainsFunc(m.prefs.Wikis, func(entry string) bool { return hostMatches(entry, host) })
}

// page says whether a page, or the page that it is a subpage of, is muted.
func (m muted) page(title string) bool {
	title = foldTitle(title)
	if m.pages[title] {
		return true
	}
	for i := range len(title) {
		if title[i] == '/' && m.pages[title[:i+1]] {
			return true
		}
	}
	return false
}

// hostMatches understands "de.wikipedia.org", "https://de.wikipedia.org/wiki/"
// and "*.wikipedia.org".
func hostMatches(entry, host string) bool {
	entry = strings.ToLower(strings.TrimSpace(entry))
	if u, err := url.Parse(entry); err == nil && u.Host != "" {
		entry = u.Host
	}
	host = strings.ToLower(host)
	if suffix, ok := strings.CutPrefix(entry, "*."); ok {
		return host == suffix || strings.HasSuffix(host, "."+suffix)
	}
	return entry == host
}

func foldTitle(title string) string {
	return strings.ToLower(strings.Join(strings.Fields(strings.ReplaceAll(title, "_", " ")), " "))
}
