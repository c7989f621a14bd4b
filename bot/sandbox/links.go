package sandbox

import (
	"html"
	"regexp"
	"strings"
)

// links is on what a page depends: the link tables' rows for it.
type links struct {
	pages      map[title]bool
	templates  map[title]bool
	files      map[string]bool // database keys
	categories map[string]string
	external   map[string]bool
}

func newLinks() links {
	return links{pages: map[title]bool{}, templates: map[title]bool{}, files: map[string]bool{},
		categories: map[string]string{}, external: map[string]bool{}}
}

// linkIndex answers "which pages link there": by kind and target.
type linkIndex map[string]map[int64]*page

func indexKey(kind string, t title) string { return kind + "\x00" + string(rune('a'+t.ns+2)) + t.key }

func (x linkIndex) add(key string, p *page) {
	if x[key] == nil {
		x[key] = map[int64]*page{}
	}
	x[key][p.id] = p
}

func (x linkIndex) remove(key string, p *page) {
	delete(x[key], p.id)
	if len(x[key]) == 0 {
		delete(x, key)
	}
}

// to are the pages whose links of a kind lead to t, by id.
func (x linkIndex) to(kind string, t title) []*page {
	var out []*page
	for _, p := range x[indexKey(kind, t)] {
		out = append(out, p)
	}
	return sortByID(out)
}

func (l links) keys() []string {
	var out []string
	for t := range l.pages {
		out = append(out, indexKey("page", t))
	}
	for t := range l.templates {
		out = append(out, indexKey("template", t))
	}
	for name := range l.files {
		out = append(out, indexKey("file", title{nsFile, name}))
	}
	for name := range l.categories {
		out = append(out, indexKey("category", title{nsCategory, name}))
	}
	return out
}

// relink reads the page's text again and renews the link tables, here and, for
// files of the shared repository, there.
func (w *Wiki) relink(p *page) {
	for _, key := range p.links.keys() {
		w.index.remove(key, p)
	}
	p.links = w.readLinks(p)
	for _, key := range p.links.keys() {
		w.index.add(key, p)
	}
	w.shareUses(p)
}

func (w *Wiki) unlink(p *page) {
	for _, key := range p.links.keys() {
		w.index.remove(key, p)
	}
	p.links = newLinks()
	w.shareUses(p)
}

// propagate relinks the pages that transclude p. MediaWiki leaves this to its
// job queue; the sandbox does the jobs at once.
func (w *Wiki) propagate(p *page) {
	for _, user := range w.index.to("template", p.title) {
		if user != p {
			user.touched = w.now()
			w.relink(user)
		}
	}
}

func (w *Wiki) readLinks(p *page) links {
	if p.latest().Model != "wikitext" {
		return newLinks()
	}
	run := w.newParsing(p.title, p)
	text := asShown(p.text())
	if to, ok := w.redirectTarget(text, "wikitext"); ok && to.interwiki == "" {
		run.deps.pages[to.title] = true
		text = redirectLine.ReplaceAllString(text, "") // the link of a redirect to a file is no use of it
	}
	run.scan(run.expand(preprocess(text), nil))
	return run.deps
}

var (
	innerLink = regexp.MustCompile(`\[\[([^\[\]\n|]*)(\|[^\[\]]*)?\]\]`)
	external  = regexp.MustCompile(`(?i)\b(?:https?|ftp)://[^\s\[\]<>"|{}\x7f]+`)
)

// scan notes every link in expanded text.
func (p *parsing) scan(text string) {
	for _, s := range p.strip {
		if s.tag == "gallery" {
			p.scanGallery(s.body)
		}
	}
	for _, m := range external.FindAllString(text, -1) {
		p.deps.external[strings.TrimRight(m, ".,;:!?")] = true
	}
	// Captions of files hold links themselves: innermost links first.
	for {
		found := false
		text = innerLink.ReplaceAllStringFunc(text, func(s string) string {
			found = true
			m := innerLink.FindStringSubmatch(s)
			p.note(m[1], strings.TrimPrefix(m[2], "|"))
			return "\x01"
		})
		if !found {
			return
		}
	}
}

func (p *parsing) note(target, label string) {
	if strings.HasPrefix(strings.TrimSpace(target), "/") && hasSubpages(p.title.ns) {
		target = p.w.name(p.title) + strings.TrimRight(strings.TrimSpace(target), "/")
	}
	l, err := p.w.parseLink(percentDecode(target), 0)
	if err != nil || l.interwiki != "" || l.key == "" {
		return
	}
	switch {
	case l.ns == nsFile && !l.colon:
		p.noteFile(l.key)
	case l.ns == nsMedia:
		p.noteFile(l.key)
	case l.ns == nsCategory && !l.colon:
		p.deps.categories[l.key] = label
	case l.ns >= 0:
		p.deps.pages[l.title] = true
	}
}

// noteFile registers a use; through a redirect both names are used, as
// Parser::fetchFileAndTitle has it.
func (p *parsing) noteFile(key string) {
	p.deps.files[key] = true
	if f, _ := p.w.findFile(key); f == nil {
		p.deps.categories[strings.ReplaceAll(brokenFiles(p.w.opts.Language), " ", "_")] = ""
	}
	if r := p.w.pageOf(title{nsFile, key}); r != nil {
		if to, ok := p.w.redirectTarget(r.text(), r.latest().Model); ok && to.ns == nsFile {
			p.deps.files[to.key] = true
		}
	}
}

// brokenFiles is the tracking category of pages that use files which are not
// there.
func brokenFiles(language string) string {
	if name, ok := map[string]string{"de": "Seiten mit defekten Dateilinks", "fr": "Page avec des liens de fichiers brisés"}[language]; ok {
		return name
	}
	return "Pages with broken file links"
}

func (p *parsing) scanGallery(body string) {
	for line := range strings.Lines(body) {
		name, caption, _ := strings.Cut(strings.TrimSpace(line), "|")
		if name == "" {
			continue
		}
		if l, err := p.w.parseLink(percentDecode(name), nsFile); err == nil && l.ns == nsFile && l.interwiki == "" {
			p.noteFile(l.key)
		}
		inner := p.w.newParsing(p.title, p.page)
		inner.deps, inner.depth = p.deps, p.depth+1
		if inner.depth < 10 {
			inner.scan(inner.expand(preprocess(caption), nil))
		}
	}
}

var percent = regexp.MustCompile(`%[0-9A-Fa-f]{2}`)

// percentDecode undoes %xx in link targets, as the parser does.
func percentDecode(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	return percent.ReplaceAllStringFunc(s, func(x string) string {
		b := []byte{unhex(x[1])<<4 | unhex(x[2])}
		if b[0] < 0x20 || b[0] == 0x7f {
			return x
		}
		return string(b)
	})
}

func unhex(c byte) byte {
	switch {
	case c >= 'a':
		return c - 'a' + 10
	case c >= 'A':
		return c - 'A' + 10
	}
	return c - '0'
}

// anchor is the fragment identifier of a heading, in the html5 mode.
func anchor(headline string) string {
	s := stripMarkup(headline)
	s = strings.TrimSpace(html.UnescapeString(s))
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '_' || r == '\t' || r == '\n' }), "_")
}

var (
	markupLink = regexp.MustCompile(`\[\[:?(?:[^\[\]|]*\|)?([^\[\]]*)\]\]`)
	markupURL  = regexp.MustCompile(`\[[a-z]+://[^\s\]]+ ?([^\]]*)\]`)
	markupTag  = regexp.MustCompile(`<[^<>]*>`)
)

// stripMarkup leaves of a line of wikitext what a reader sees.
func stripMarkup(s string) string {
	s = markupLink.ReplaceAllString(s, "$1")
	s = markupURL.ReplaceAllString(s, "$1")
	s = strings.ReplaceAll(strings.ReplaceAll(s, "'''", ""), "''", "")
	return markupTag.ReplaceAllString(s, "")
}
