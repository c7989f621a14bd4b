package sandbox

import (
	"bytes"
	"image"
	"image/color"
	_ "image/gif"  // formats of uploaded files
	_ "image/jpeg" // formats of uploaded files
	_ "image/png"  // formats of uploaded files
	"net/http"
	"strings"

	_ "golang.org/x/image/tiff" // formats of uploaded files
	_ "golang.org/x/image/webp" // formats of uploaded files

	"filewarden/bot/sandbox/picture"
)

// pictured is what MediaWiki reads from a file's bytes.
type pictured struct {
	mime   string
	media  string // BITMAP, DRAWING, UNKNOWN
	width  int    // as shown: a photo that must be turned has its sides exchanged
	height int
	bits   int
	colour string // of a PNG
	camera []picture.Tag
}

// look reads a file's bytes; its name tells a drawing, which has no mark.
func look(key string, data []byte) pictured {
	p := pictured{mime: http.DetectContentType(data), media: "UNKNOWN"}
	if strings.HasSuffix(strings.ToLower(key), ".svg") {
		p.mime, p.media = "image/svg+xml", "DRAWING"
		p.width, p.height, _ = picture.Drawing(data)
		return p
	}
	c, kind, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return p
	}
	p.mime, p.media, p.width, p.height, p.bits = "image/"+kind, "BITMAP", c.Width, c.Height, 8
	switch kind {
	case "png":
		p.colour = pngColour(c.ColorModel)
	case "jpeg":
		p.camera = picture.ReadCamera(data)
	}
	if p.turn() >= 5 {
		p.width, p.height = p.height, p.width
	}
	return p
}

// pngColour are MediaWiki's words for the colour types of PNG (PNGMetadataExtractor).
func pngColour(m color.Model) string {
	switch m {
	case color.GrayModel, color.Gray16Model:
		return "greyscale"
	case color.NRGBAModel, color.NRGBA64Model:
		return "truecolour-alpha"
	case color.RGBAModel, color.RGBA64Model:
		return "truecolour"
	}
	return "index-coloured"
}

// turn is the EXIF orientation, 1 where there is none.
func (p pictured) turn() int {
	for _, tag := range p.camera {
		if n, ok := tag.Value.(int); ok && tag.Name == "Orientation" {
			return n
		}
	}
	return 1
}

// scalable says whether MediaWiki with PHP's GD makes thumbnails of the file.
func (w *Wiki) scalable(p pictured) bool {
	switch p.mime {
	case "image/jpeg", "image/png", "image/gif":
		return p.width > 0
	case "image/svg+xml":
		return w.opts.SVGThumbs
	}
	return false
}

// metadata are the rows of iiprop=metadata; nil for a file of which MediaWiki
// keeps none, or more than the sandbox knows.
func (p pictured) metadata() []any {
	pair := func(name string, value any) any { return M{"name": name, "value": value} }
	switch p.mime {
	case "image/jpeg":
		return append(p.commonMetadata(), pair("MEDIAWIKI_EXIF_VERSION", 1))
	case "image/png":
		return []any{pair("frameCount", 0), pair("loopCount", 1), pair("duration", 0), pair("bitDepth", p.bits), pair("colorType", p.colour),
			pair("metadata", []any{pair("_MW_PNG_VERSION", 1)})}
	case "image/svg+xml":
		return []any{pair("version", 2), pair("width", p.width), pair("height", p.height), pair("originalWidth", idText(int64(p.width))),
			pair("originalHeight", idText(int64(p.height))), pair("translations", []any{})}
	}
	return nil
}

// commonMetadata are the rows of iiprop=commonmetadata: what the camera wrote.
func (p pictured) commonMetadata() []any {
	rows := []any{}
	for _, tag := range p.camera {
		rows = append(rows, M{"name": tag.Name, "value": tag.Value})
	}
	return rows
}
