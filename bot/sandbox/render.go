package sandbox

import (
	"html"
	"html/template"
	"regexp"
	"strings"
)

// render turns a page into HTML. It knows headings, lists, tables, links,
// files, galleries and simple tags; what it does not know stays text. The
// result has been through sanitize, so nothing in a page can run.
func (w *Wiki) render(t title, p *page, text, model, user string) template.HTML {
	switch model {
	case "json":
		return w.renderJSON(text)
	case "wikitext":
	default:
		return template.HTML("<pre>" + html.EscapeString(text) + "</pre>")
	}
	r := &renderer{parsing: w.newParsing(t, p), anchors: map[string]int{}}
	r.user = user
	out := r.blocks(r.expand(preprocess(asShown(text)), nil))
	return sanitize(r.restore(out), w.imageHosts())
}

// renderer writes HTML; its sections are numbered as in the page's source.
type renderer struct {
	*parsing
	anchors map[string]int
	section int
	level   int // of galleries and captions within others
}

var (
	headingMarkup = regexp.MustCompile(`^(={1,6})(.+?)(={1,6})\s*$`)
	blockTag      = regexp.MustCompile(`(?i)^\s*</?(div|table|tr|td|th|tbody|thead|blockquote|p|ul|ol|li|dl|dd|dt|h[1-6]|hr|center|section|figure|pre)\b`)
	switchLine    = regexp.MustCompile(`(?m)^\s*__(NOTOC|TOC|FORCETOC|NOEDITSECTION|NEWSECTIONLINK|NONEWSECTIONLINK|NOINDEX|INDEX|NOGALLERY|HIDDENCAT)__\s*$`)
)

// blocks parts the text into headings, lists, tables and paragraphs.
func (r *renderer) blocks(text string) string {
	text = switchLine.ReplaceAllString(text, "")
	lines := strings.Split(joinLinks(text), "\n")
	var b strings.Builder
	var para []string
	flush := func() {
		if len(para) > 0 {
			b.WriteString("<p>" + r.inline(strings.Join(para, "\n")) + "\n</p>\n")
			para = nil
		}
	}
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		switch {
		case strings.HasPrefix(strings.TrimLeft(line, " :"), "{|"):
			flush()
			var table string
			table, i = r.table(lines, i)
			b.WriteString(table)
		case headingMarkup.MatchString(line) && strings.Trim(line, "= ") != "":
			flush()
			b.WriteString(r.heading(line))
		case line != "" && strings.ContainsRune("*#:;", rune(line[0])):
			flush()
			end := i
			for end < len(lines) && lines[end] != "" && strings.ContainsRune("*#:;", rune(lines[end][0])) {
				end++
			}
			b.WriteString(r.list(lines[i:end]))
			i = end - 1
		case strings.HasPrefix(line, "----"):
			flush()
			b.WriteString("<hr>\n")
		case strings.TrimSpace(line) == "":
			flush()
		case blockTag.MatchString(line) || r.isBlockMarker(line):
			flush()
			b.WriteString(r.inline(line) + "\n")
		case line[0] == ' ':
			flush()
			end := i
			for end < len(lines) && strings.HasPrefix(lines[end], " ") {
				end++
			}
			b.WriteString("<pre>" + r.inline(strings.Join(lines[i:end], "\n")) + "</pre>\n")
			i = end - 1
		default:
			para = append(para, line)
		}
	}
	flush()
	return b.String()
}

// joinLinks keeps a link that goes over several lines, as captions do, in one
// line.
func joinLinks(text string) string {
	var b strings.Builder
	depth := 0
	for i := 0; i < len(text); i++ {
		switch {
		case strings.HasPrefix(text[i:], "[[") && strings.Contains(text[i:min(len(text), i+2000)], "]]"):
			depth++
			b.WriteString("[[")
			i++
			continue
		case strings.HasPrefix(text[i:], "]]") && depth > 0:
			depth--
			b.WriteString("]]")
			i++
			continue
		case text[i] == '\n' && strings.HasPrefix(text[i:], "\n\n"):
			depth = 0
		case text[i] == '\n' && depth > 0:
			b.WriteByte(' ')
			continue
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

var wholeMarker = regexp.MustCompile(`^\s*\x7f(\d+)\x7f\s*$`)

func (r *renderer) isBlockMarker(line string) bool {
	m := wholeMarker.FindStringSubmatch(line)
	if m == nil || atoi64(m[1]) >= int64(len(r.strip)) {
		return false
	}
	tag := r.strip[atoi64(m[1])].tag
	return tag != "nowiki" && tag != "math"
}

// heading writes a section heading with the anchor and the edit link that
// MediaWiki gives it.
func (r *renderer) heading(line string) string {
	m := headingMarkup.FindStringSubmatch(line)
	level := min(len(m[1]), len(m[3]))
	inner := strings.TrimSpace(m[1][level:] + m[2] + m[3][level:])
	r.section++
	id := uniqueAnchor(anchor(r.unstrip(inner)), r.anchors)
	tag := "h" + string(rune('0'+level))
	edit := ""
	if r.page != nil && r.level == 0 {
		edit = ` <span class="mw-editsection">[<a href="` + html.EscapeString(r.w.editPath(r.title, "section", r.section)) + `">edit</a>]</span>`
	}
	return "<" + tag + ` id="` + html.EscapeString(id) + `">` + r.inline(inner) + edit + "</" + tag + ">\n"
}

var listKinds = map[byte][2]string{'*': {"ul", "li"}, '#': {"ol", "li"}, ':': {"dl", "dd"}, ';': {"dl", "dt"}}

// list writes nested lists from their prefixes.
func (r *renderer) list(lines []string) string {
	var b strings.Builder
	open := ""
	for _, line := range lines {
		prefix := line[:len(line)-len(strings.TrimLeft(line, "*#:;"))]
		common := 0
		for common < len(open) && common < len(prefix) && sameList(open[common], prefix[common]) {
			common++
		}
		for i := len(open); i > common; i-- {
			k := listKinds[open[i-1]]
			b.WriteString("</" + k[1] + "></" + k[0] + ">")
		}
		if common == len(prefix) && common > 0 {
			b.WriteString("</" + listKinds[open[common-1]][1] + "><" + listKinds[prefix[common-1]][1] + ">")
		}
		for i := common; i < len(prefix); i++ {
			k := listKinds[prefix[i]]
			b.WriteString("<" + k[0] + "><" + k[1] + ">")
		}
		b.WriteString(r.item(strings.TrimSpace(line[len(prefix):]), prefix) + "\n")
		open = prefix
	}
	for i := len(open); i > 0; i-- {
		k := listKinds[open[i-1]]
		b.WriteString("</" + k[1] + "></" + k[0] + ">")
	}
	return b.String() + "\n"
}

func sameList(a, b byte) bool { return listKinds[a][0] == listKinds[b][0] }

// item writes one entry; "; term : meaning" holds two.
func (r *renderer) item(text, prefix string) string {
	if strings.HasSuffix(prefix, ";") {
		if term, meaning, ok := strings.Cut(text, " : "); ok {
			return r.inline(term) + "</dt><dd>" + r.inline(meaning) + "</dd><dt>"
		}
	}
	return r.inline(text)
}

// restore puts back the extension tags that were taken out before.
func (r *renderer) restore(text string) string {
	for i := len(r.strip) - 1; i >= 0; i-- {
		marker := stripMarker(i)
		if strings.Contains(text, marker) {
			text = strings.ReplaceAll(text, marker, r.tag(r.strip[i]))
		}
	}
	return text
}

func (r *renderer) tag(s stripped) string {
	body := html.EscapeString(html.UnescapeString(s.body))
	switch s.tag {
	case "nowiki":
		return body
	case "gallery":
		return r.gallery(s)
	case "templatestyles":
		return ""
	case "pre", "syntaxhighlight", "source":
		return "<pre>" + strings.TrimPrefix(body, "\n") + "</pre>"
	}
	return "<code>" + html.EscapeString(s.source) + "</code>"
}
