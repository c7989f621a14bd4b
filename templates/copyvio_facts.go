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
	return wikitext("<b>" + l.Text(key) + "</b>" + joined(lines))
}

// copyvioEvidence are the lines about what is known without a search.
func (l *Language) copyvioEvidence(c CopyvioCase) (lines []wikitext) {
	for _, e := range c.Evidence[:min(len(c.Evidence), mostEvidence)] {
		lines = append(lines, l.copyvioSign(e))
	}
	if more := len(c.Evidence) - mostEvidence; more > 0 {
		lines = append(lines, wikitext(l.Text("copyvio-more-evidence", more)))
	}
	return lines
}

// copyvioSign words one piece of evidence.
func (l *Language) copyvioSign(e CopyvioEvidence) wikitext {
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
	text := l.Text(key, Link(e.File, bareTitle(e.File)), user, Short(e.Text, longestReason), l.when(e.Time))
	if e.Grave {
		text = "'''" + text + "'''"
	}
	return wikitext(text)
}

// copyvioMatches are the lines about matches, as many as the budget allows, and
// one at least.
func (l *Language) copyvioMatches(c CopyvioCase, budget int) (lines []wikitext) {
	length := 0
	for n, m := range c.Matches {
		line := l.copyvioMatch(m)
		if length += len(line); n > 0 && length > budget {
			return append(lines, wikitext(l.Text("copyvio-more-matches", len(c.Matches)-n)))
		}
		lines = append(lines, line)
	}
	return lines
}

// copyvioMatch is one match: how sure, what, where, who found it, and what
// makes it weigh more or less.
func (l *Language) copyvioMatch(m CopyvioMatch) wikitext {
	text := l.Text("copyvio-match", m.Percent, Message("copyvio-match-"+m.Kind), Raw(l.copyvioPlace(m)), Plain(m.Provider))
	if m.Title != "" {
		text += l.Text("copyvio-match-title", Short(m.Title, longestTitle))
	}
	remark := func(key string, args ...any) { text += l.Text("word-separator") + l.Text(key, args...) }
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
func (l *Language) copyvioPlace(m CopyvioMatch) wikitext {
	address := m.Page
	if address == "" {
		address = m.Image
	}
	plain := func(key string) wikitext {
		return wikitext(l.Text(key, Plain(m.Domain), Short(withoutScheme(address), longestReason)))
	}
	switch {
	case m.Dead:
		return plain("copyvio-place-dead")
	case len(address) > longestLink:
		return plain("copyvio-place-long")
	}
	text := l.shown(URL(address, m.Domain))
	if m.Page != "" && m.Image != "" && m.Image != m.Page && len(m.Image) <= longestLink {
		text += l.Text("parentheses", URL(m.Image, l.PlainText("copyvio-place-picture")))
	}
	return wikitext(text)
}

// longestLink is how many bytes of an address are linked.
const longestLink = 600

func withoutScheme(address string) string {
	if _, rest, ok := strings.Cut(address, "://"); ok {
		return rest
	}
	return address
}
