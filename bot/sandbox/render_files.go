package sandbox

import (
	"fmt"
	"html"
	"regexp"
	"strconv"
	"strings"
)

var pixels = regexp.MustCompile(`^(\d*)(?:x(\d+))?px$`)

// fileLink writes [[File:…]] with the options that MediaWiki knows.
func (r *renderer) fileLink(t title, options string) string {
	width, thumb, frameless, caption := 0, false, false, ""
	for _, o := range splitOptions(options) {
		switch o := strings.TrimSpace(o); {
		case o == "thumb" || o == "thumbnail" || o == "mini" || o == "miniatur" || o == "vignette":
			thumb = true
		case o == "frameless" || o == "frame":
			frameless = true
		case pixels.MatchString(o):
			width, _ = strconv.Atoi(pixels.FindStringSubmatch(o)[1])
		case o == "left" || o == "right" || o == "center" || o == "none" || o == "border" || o == "upright" || strings.HasPrefix(o, "link=") || strings.HasPrefix(o, "alt=") || strings.HasPrefix(o, "class="):
		default:
			caption = o
		}
	}
	if width == 0 && (thumb || frameless) {
		width = 250
	}
	img := r.image(t, width)
	if !thumb {
		return img
	}
	return `<figure class="thumb">` + img + "<figcaption>" + r.inline(caption) + "</figcaption></figure>"
}

// splitOptions parts at pipes outside links.
func splitOptions(s string) []string {
	var out []string
	depth, start := 0, 0
	for i := 0; i < len(s); i++ {
		switch {
		case strings.HasPrefix(s[i:], "[["):
			depth++
		case strings.HasPrefix(s[i:], "]]"):
			depth--
		case s[i] == '|' && depth <= 0:
			out = append(out, s[start:i])
			start = i + 1
		}
	}
	return append(out, s[start:])
}

// image is a linked picture, or a red link where there is no such file. The
// browser scales it: the sandbox makes no thumbnails.
func (r *renderer) image(t title, width int) string {
	f, shared := r.w.findFile(t.key)
	name := html.EscapeString(r.w.name(t))
	if f == nil {
		return `<a class="new" href="/wiki/Special:ListFiles">` + name + "</a>"
	}
	v := f.current()
	size := ""
	if width <= 0 || width > v.width && v.mime != "image/svg+xml" {
		width = v.width
	}
	if v.width > 0 {
		size = fmt.Sprintf(` width="%d" height="%d"`, width, v.height*width/v.width)
	}
	src := fileURL(f, v)
	if shared {
		src = r.w.farm.Repo.opts.Server + src
	}
	return `<a class="image" href="` + html.EscapeString(r.w.path(t)) + `" title="` + name + `"><img alt="` + name + `" src="` + html.EscapeString(src) + `"` + size + "></a>"
}

func (r *renderer) gallery(s stripped) string {
	if r.level > 3 {
		return ""
	}
	inner := *r
	inner.parsing = r.w.newParsing(r.title, r.page)
	inner.level = r.level + 1
	var b strings.Builder
	b.WriteString(`<ul class="gallery">`)
	for line := range strings.Lines(s.body) {
		name, caption, _ := strings.Cut(strings.TrimSpace(line), "|")
		l, err := r.w.parseLink(percentDecode(name), nsFile)
		if name == "" || err != nil || l.ns != nsFile {
			continue
		}
		caption = inner.inline(inner.expand(preprocess(caption), nil))
		b.WriteString(`<li class="gallerybox">` + inner.image(l.title, 120) + `<div class="gallerytext">` + caption + "</div></li>")
	}
	b.WriteString("</ul>")
	return inner.restore(b.String())
}
