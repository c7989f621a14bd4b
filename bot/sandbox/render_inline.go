package sandbox

import (
	"html"
	"regexp"
	"strings"
)

var (
	plainTag   = regexp.MustCompile(`(?i)^</?(b|i|u|s|del|ins|em|strong|small|big|sub|sup|code|tt|kbd|samp|var|abbr|cite|q|br|wbr|hr|span|div|p|blockquote|center|bdi|bdo|table|caption|thead|tbody|tr|td|th|ul|ol|li|dl|dt|dd|h[1-6]|mark|time)(\s[^<>]*)?/?>`)
	entity     = regexp.MustCompile(`^&(#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});`)
	bareURL    = regexp.MustCompile(`^(?i)(?:https?|ftp)://[^\s\[\]<>"\x7f]+|^mailto:[^\s\[\]<>"\x7f]+`)
	namedURL   = regexp.MustCompile(`(?i)^\[((?:https?://|ftp://|//|mailto:)[^\s\[\]<>"\x7f]+)(?:\s+([^\]\n]*))?\]`)
	linkTrail  = regexp.MustCompile(`^[a-z]+`)
	anyMarker  = regexp.MustCompile(`^\x7f\d+\x7f`)
	quoteMarks = regexp.MustCompile(`''+`)
)

// inline writes links, emphasis and simple tags within a block.
func (r *renderer) inline(text string) string {
	var b strings.Builder
	lastClose := strings.LastIndex(text, "]]")
	for i := 0; i < len(text); {
		rest := text[i:]
		if i > lastClose && strings.HasPrefix(rest, "[[") { // never closed
			b.WriteString("[")
			i++
			continue
		}
		if out, n := r.piece(rest); n > 0 {
			b.WriteString(out)
			i += n
			continue
		}
		b.WriteString(escapeByte(text[i]))
		i++
	}
	return quotes(b.String())
}

func escapeByte(c byte) string {
	switch c {
	case '<':
		return "&lt;"
	case '>':
		return "&gt;"
	case '&':
		return "&amp;"
	case '"':
		return "&quot;"
	}
	return string([]byte{c})
}

// piece writes the markup at the beginning of rest, and how long it is.
func (r *renderer) piece(rest string) (string, int) {
	switch rest[0] {
	case '[':
		if strings.HasPrefix(rest, "[[") {
			if end := linkEnd(rest); end > 0 {
				return r.link(rest, end)
			}
		}
		if m := namedURL.FindStringSubmatch(rest); m != nil {
			return r.externalLink(m[1], m[2]), len(m[0])
		}
	case '<':
		if m := plainTag.FindString(rest); m != "" {
			return m, len(m)
		}
	case '&':
		if m := entity.FindString(rest); m != "" {
			return m, len(m)
		}
	case '\x7f':
		if m := anyMarker.FindString(rest); m != "" {
			return m, len(m)
		}
	case 'h', 'H', 'f', 'm':
		if m := strings.TrimRight(bareURL.FindString(rest), ".,;:!?)'"); strings.Contains(m, ":") && len(m) > 8 {
			return `<a class="external" rel="nofollow" href="` + html.EscapeString(m) + `">` + html.EscapeString(m) + "</a>", len(m)
		}
	}
	return "", 0
}

// linkEnd is where the link at the beginning of s ends, links inside it
// included; 0 where it does not.
func linkEnd(s string) int {
	depth := 0
	for i := 0; i < len(s)-1; i++ {
		switch s[i : i+2] {
		case "[[":
			depth++
			i++
		case "]]":
			depth--
			i++
			if depth == 0 {
				return i + 1
			}
		}
	}
	return 0
}

func (r *renderer) externalLink(url, label string) string {
	if label == "" {
		label = "[1]"
	}
	return `<a class="external" rel="nofollow" href="` + html.EscapeString(r.unstrip(url)) + `">` + r.inline(label) + "</a>"
}

// link writes [[…]]: a page, a file, a category or another wiki.
func (r *renderer) link(rest string, end int) (string, int) {
	target, label, labelled := strings.Cut(rest[2:end-2], "|")
	if strings.ContainsAny(target, "[]{}<>\n\x7f") {
		return "", 0
	}
	if strings.HasPrefix(target, "/") && hasSubpages(r.title.ns) {
		if !labelled {
			label, labelled = target, true
		}
		target = r.w.name(r.title) + strings.TrimRight(target, "/")
	}
	if strings.HasPrefix(strings.TrimSpace(target), "#") {
		return r.selfLink(target, label, labelled), end
	}
	l, err := r.w.parseLink(percentDecode(target), 0)
	if err != nil {
		return "", 0
	}
	switch {
	case l.ns == nsFile && !l.colon && l.interwiki == "":
		return r.fileLink(l.title, label), end
	case l.ns == nsCategory && !l.colon && l.interwiki == "":
		return "", end
	}
	if !labelled {
		label = strings.TrimPrefix(strings.TrimSpace(target), ":")
	} else if label == "" {
		label = l.text() // the pipe trick was not done on saving
	}
	trail := linkTrail.FindString(rest[end:])
	return r.anchorTo(l, r.inline(label)+trail), end + len(trail)
}

func (r *renderer) selfLink(target, label string, labelled bool) string {
	if !labelled {
		label = target
	}
	return `<a href="#` + html.EscapeString(anchor(strings.TrimPrefix(strings.TrimSpace(target), "#"))) + `">` + r.inline(label) + "</a>"
}

func (r *renderer) anchorTo(l link, label string) string {
	fragment := ""
	if l.fragment != "" {
		fragment = "#" + anchor(l.fragment)
	}
	if l.interwiki != "" {
		url := strings.ReplaceAll(r.w.interwikiURL(l.interwiki), "$1", wikiEncode(l.key)) + fragment
		return `<a class="extiw" href="` + html.EscapeString(url) + `">` + label + "</a>"
	}
	if l.title == r.title && fragment == "" {
		return `<a class="mw-selflink">` + label + "</a>"
	}
	exists := r.w.pageOf(l.title) != nil || l.ns == nsSpecial || r.w.isKnown(l.title)
	if exists {
		return `<a href="` + html.EscapeString(r.w.path(l.title)+fragment) + `" title="` + html.EscapeString(r.w.name(l.title)) + `">` + label + "</a>"
	}
	return `<a class="new" href="` + html.EscapeString(r.w.editPath(l.title, "redlink", 1)) + `" title="` + html.EscapeString(r.w.name(l.title)) + ` (page does not exist)">` + label + "</a>"
}

// quotes turns runs of apostrophes into emphasis, line by line.
func quotes(s string) string {
	if !strings.Contains(s, "''") {
		return s
	}
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = quoteLine(line)
	}
	return strings.Join(lines, "\n")
}

func quoteLine(line string) string {
	bold, italic := false, false
	toggle := func(on *bool, tag string) string {
		*on = !*on
		if *on {
			return "<" + tag + ">"
		}
		return "</" + tag + ">"
	}
	line = quoteMarks.ReplaceAllStringFunc(line, func(run string) string {
		switch n := len(run); {
		case n == 2:
			return toggle(&italic, "i")
		case n == 3:
			return toggle(&bold, "b")
		case n == 4:
			return "'" + toggle(&bold, "b")
		default:
			return strings.Repeat("'", n-5) + toggle(&italic, "i") + toggle(&bold, "b")
		}
	})
	if bold {
		line += "</b>"
	}
	if italic {
		line += "</i>"
	}
	return line
}
