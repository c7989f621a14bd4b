package picture

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"strconv"
	"strings"
)

// SVG is a drawing that shows the picture: an image element with its pixels as
// a data: URL, which MediaWiki lets pass and every renderer understands.
func SVG(m image.Image) []byte {
	b := m.Bounds()
	return fmt.Appendf(nil, `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="%[1]d" height="%[2]d" viewBox="0 0 %[1]d %[2]d"><image width="%[1]d" height="%[2]d" xlink:href="data:image/png;base64,%[3]s"/></svg>
`, b.Dx(), b.Dy(), base64.StdEncoding.EncodeToString(PNG(m)))
}

// Drawing reads an SVG's size and, where it is one that SVG made, its picture;
// nil for any other. An SVG without numbers for its size has 512 by 512 pixels,
// as for MediaWiki.
func Drawing(svg []byte) (width, height int, m image.Image) {
	width, height = 512, 512
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := d.Token()
		if err != nil {
			return width, height, m
		}
		element, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch element.Name.Local {
		case "svg":
			width, height = pixels(element, "width", width), pixels(element, "height", height)
		case "image":
			m, _ = embedded(attribute(element, "href"))
		}
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func pixels(e xml.StartElement, name string, otherwise int) int {
	n, err := strconv.ParseFloat(strings.TrimSuffix(attribute(e, name), "px"), 64)
	if err != nil || n < 1 || n > 1<<14 {
		return otherwise
	}
	return int(n)
}

func embedded(href string) (image.Image, error) {
	data, ok := strings.CutPrefix(href, "data:image/png;base64,")
	if !ok {
		return nil, errors.New("no PNG in a data: URL")
	}
	raw, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, strings.NewReader(data)))
	if err != nil {
		return nil, err
	}
	return png.Decode(bytes.NewReader(raw))
}
