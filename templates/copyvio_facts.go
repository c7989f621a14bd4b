package templates

import "strings"

// joined puts lines into a list that needs no line of its own, so that a
// parameter stays one line.
func joined(lines []wikitext) string {
	if len(lines) == 0 {
		return ""
	}
	var out strings.Builder
	out.WriteString("<ul>")
	for _, line := range lines {
		out.WriteString("<li>" + string(line) + "</li>")
	}
	return out.String() + "</ul>"
}

// copyvioHeaded is a list beneath its name; without lines there is nothing.
func (l *Language) copyvioHeaded(key string, lines []wikitext) wikitext {
	if len(lines) == 0 {
		return ""
	}
	return wikitext("'''" + l.Text(key) + "'''" + joined(lines))
}

// fitting are as many lines as fit into a number of bytes, one at least, and a
// line that counts the others.
func (l *Language) fitting(bytes, n int, line func(int) wikitext, more string) (lines []wikitext) {
	length := 0
	for i := range n {
		text := line(i)
		if length += len(text); i > 0 && length > bytes {
			return append(lines, wikitext(l.Text(more, n-i)))
		}
		lines = append(lines, text)
	}
	return lines
}

// copyvioEvidence are the lines about what is known without a search.
func (l *Language) copyvioEvidence(c CopyvioCase, r room) []wikitext {
	return l.fitting(r.list, len(c.Evidence), func(i int) wikitext { return l.copyvioSign(c.Evidence[i], r) }, "copyvio-more-evidence")
}

// copyvioMatches are the lines about matches.
func (l *Language) copyvioMatches(c CopyvioCase, r room) []wikitext {
	return l.fitting(r.list, len(c.Matches), func(i int) wikitext { return l.copyvioMatch(c.Matches[i], r) }, "copyvio-more-matches")
}

// copyvioSign words one piece of evidence.
func (l *Language) copyvioSign(e CopyvioEvidence, r room) wikitext {
	key := "copyvio-evidence-" + e.Kind
	switch {
	case e.Kind == "deleted" && e.Text == "":
		key += "-unsaid"
	case e.Kind == "alike" && e.Turned != "":
		key += "-" + e.Turned
	}
	var user any = Message("copyvio-somebody")
	if e.User != "" {
		user = User(e.User)
	}
	text := l.Text(key, Link(e.File, bareTitle(e.File)), user, Short(e.Text, r.text), l.when(e.Time))
	if e.Kind == "alike" && e.Text != "" {
		text = l.Text("copyvio-evidence-alike-deleted", Raw(text), Short(e.Text, r.text))
	}
	if e.Grave {
		text = "'''" + text + "'''"
	}
	return wikitext(text)
}

// copyvioMatch is one match: how sure, what, where, who found it, and what
// makes it weigh more or less.
func (l *Language) copyvioMatch(m CopyvioMatch, r room) wikitext {
	text := l.Text("copyvio-match", m.Percent, Message("copyvio-match-"+m.Kind), Raw(l.copyvioPlace(m, r)), Short(m.Provider, r.text))
	if m.Title != "" {
		text += l.Text("copyvio-match-title", Short(m.Title, r.text))
	}
	remark := func(key string, args ...any) { text += " · " + l.Text(key, args...) }
	switch {
	case m.Earlier:
		remark("copyvio-match-earlier", Raw(l.day(m.Crawled)))
	case !m.Crawled.IsZero():
		remark("copyvio-match-seen", Raw(l.day(m.Crawled)))
	}
	if m.Stock {
		remark("copyvio-match-stock")
	}
	if m.Excused != "" {
		remark("copyvio-match-" + m.Excused)
	}
	return wikitext(text)
}

// copyvioPlace is the domain, linked to the page and the picture where the wiki
// lets such links stand.
func (l *Language) copyvioPlace(m CopyvioMatch, r room) wikitext {
	address := m.Page
	if address == "" {
		address = m.Image
	}
	plain := func(key string) wikitext {
		return wikitext(l.Text(key, Short(m.Domain, longestTitle), Short(withoutScheme(address), r.text)))
	}
	switch {
	case m.Dead:
		return plain("copyvio-place-dead")
	case !shortLink(address):
		return plain("copyvio-place-long")
	}
	text := l.shown(URL(address, m.Domain))
	if m.Page != "" && m.Image != "" && m.Image != m.Page && shortLink(m.Image) {
		text += l.Text("parentheses", URL(m.Image, l.PlainText("copyvio-place-picture")))
	}
	return wikitext(text)
}

// longestLink is how many bytes an address may have in a link, encoded.
const longestLink = 600

func shortLink(address string) bool {
	encoded, ok := webAddress(address)
	return !ok || len(encoded) <= longestLink
}

func withoutScheme(address string) string {
	if _, rest, ok := strings.Cut(address, "://"); ok {
		return rest
	}
	return address
}
