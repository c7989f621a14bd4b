package sandbox

import (
	"bytes"
	"image"
	"math"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"filewarden/bot/sandbox/picture"
)

// thumb is a thumbnail that the API offers: where it is and how large.
type thumb struct {
	url           string // path on the server
	width, height int
	mime          string
	icon          bool // stands for a file that cannot be shown
}

// widest is the width up to which the sandbox draws; $wgMaxImageArea and
// $wgSVGMaxSize limit it on a real wiki.
const widest = 4096

// thumbOf is a version's thumbnail that fits into a width and, where it is not
// 0, a height. What is as large as the file is the file itself, except for a
// photo that must be turned; a drawing has every size (File::transform).
func (w *Wiki) thumbOf(f *file, v *fileVersion, width, height int) thumb {
	if !w.scalable(v.pictured) {
		if v.mime == "image/svg+xml" { // shown by the browser itself
			return thumb{url: fileURL(f, v), width: width, height: scaled(v.height, v.width, width), mime: v.mime}
		}
		return thumb{url: "/resources/assets/file-type-icons/fileicon.png", width: 120, height: 120, icon: true}
	}
	vector := v.media == "DRAWING"
	if height > 0 && scaled(v.height, v.width, width) > height {
		width = int(math.Round(float64(v.width) * float64(height) / float64(v.height)))
	}
	if !vector {
		width = min(width, v.width)
	}
	out := thumb{width: width, height: scaled(v.height, v.width, width), mime: v.mime}
	if vector {
		out.mime = "image/png"
	}
	if !vector && width == v.width && v.turn() == 1 {
		out.url = fileURL(f, v)
		return out
	}
	out.url = thumbURL(f, v, width)
	return out
}

func scaled(height, width, to int) int {
	return max(1, int(math.Round(float64(height)*float64(to)/float64(max(1, width)))))
}

// fileURL is the path of a version's bytes, in the two-level hashed folders of
// MediaWiki.
func fileURL(f *file, v *fileVersion) string {
	h := hexMD5(f.name)
	folders := h[:1] + "/" + h[:2] + "/"
	if v.archived != "" {
		return "/images/archive/" + folders + archiveInURL(f, v)
	}
	return "/images/" + folders + wikiEncode(f.name)
}

func archiveInURL(f *file, v *fileVersion) string {
	return strings.ReplaceAll(wikiEncode(v.archiveName(f.name)), "!", "%21")
}

func thumbURL(f *file, v *fileVersion, width int) string {
	name := strconv.Itoa(width) + "px-" + wikiEncode(f.name)
	if v.media == "DRAWING" {
		name += ".png"
	}
	return strings.Replace(fileURL(f, v), "/images/", "/images/thumb/", 1) + "/" + name
}

var thumbName = regexp.MustCompile(`^([1-9]\d{0,3})px-`)

// serveImage sends the bytes of a file or a thumbnail. SVG could run scripts,
// so it comes with a policy that lets it run none.
func (w *Wiki) serveImage(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	v, width := w.versionAt(r.URL.Path)
	w.mu.Unlock()
	if v == nil {
		http.NotFound(rw, r)
		return
	}
	data, mime := v.data, v.mime
	if width > 0 {
		data, mime = v.drawn(width)
	}
	if !strings.HasPrefix(mime, "image/") {
		mime = "application/octet-stream"
	}
	rw.Header().Set("Content-Type", mime)
	rw.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
	rw.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = rw.Write(data) // the browser went away
}

// versionAt finds what is at a path beneath /images/, and as how wide a
// thumbnail; 0 is the file itself. What is deleted or hidden is not there.
func (w *Wiki) versionAt(path string) (*fileVersion, int) {
	path, isThumb := strings.CutPrefix(strings.TrimPrefix(path, "/images/"), "thumb/")
	path, isOld := strings.CutPrefix(path, "archive/")
	parts := strings.Split(path, "/")
	if isThumb && len(parts) != 4 || !isThumb && len(parts) != 3 {
		return nil, 0
	}
	stamp, name := "", parts[2]
	if isOld {
		stamp, name, _ = strings.Cut(name, "!")
	}
	f := w.files[name]
	if f == nil {
		return nil, 0
	}
	v := f.current()
	if isOld {
		v = f.old(stamp)
	}
	if v == nil || v.hidden&HiddenText != 0 {
		return nil, 0
	}
	if !isThumb {
		return v, 0
	}
	m := thumbName.FindStringSubmatch(parts[3])
	if m == nil || !w.scalable(v.pictured) {
		return nil, 0
	}
	width, _ := strconv.Atoi(m[1])
	if width > widest || v.media != "DRAWING" && width > v.width {
		return nil, 0
	}
	return v, width
}

// drawn is the version as a picture of that width: a PNG of a drawing, a JPEG
// of a photo, turned as its camera says.
func (v *fileVersion) drawn(width int) ([]byte, string) {
	if v.media == "DRAWING" {
		_, _, m := picture.Drawing(v.data)
		if m == nil {
			m = image.NewRGBA(image.Rect(0, 0, v.width, v.height))
		}
		return picture.PNG(picture.Scaled(m, width)), "image/png"
	}
	m, _, err := image.Decode(bytes.NewReader(v.data))
	if err != nil {
		return v.data, v.mime // only its head could be read
	}
	m = picture.Scaled(picture.Upright(m, v.turn()), width)
	switch v.mime {
	case "image/jpeg":
		return picture.JPEG(m, 80), v.mime // $wgJpegQuality
	case "image/gif":
		return picture.GIF(m), v.mime
	}
	return picture.PNG(m), "image/png"
}
