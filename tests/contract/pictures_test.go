package contract

import (
	"bytes"
	"crypto/sha1"
	"fmt"
	"image"
	_ "image/gif"  // formats of what FETCH gets
	_ "image/jpeg" // formats of what FETCH gets
	_ "image/png"  // formats of what FETCH gets
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"filewarden/bot/sandbox/picture"
)

// tokenKinds are the kinds of tokens that actions need which do with no csrf token.
var tokenKinds = map[string]string{"rollback": "rollback", "patrol": "patrol", "userrights": "userrights"}

// filter is an abuse filter: what it does about edits that add a word.
type filter struct{ word, description, action string }

var sumOf = regexp.MustCompile(`\{sha1 (\d+)\}`)

// sums replaces "{sha1 7}" by the SHA-1 of the picture that "seed=7" uploads.
func sums(value string) string {
	return sumOf.ReplaceAllStringFunc(value, func(s string) string {
		seed, _ := strconv.Atoi(sumOf.FindStringSubmatch(s)[1])
		return fmt.Sprintf("%x", sha1.Sum(picture.Tiny(seed)))
	})
}

// content is what an UPLOAD stores: the small picture of "seed", or the photo
// of "photo" as "form" (jpeg, png, gif, svg, tiff), "wide" and "high" pixels, with
// what a camera wrote into it. It takes these parameters away.
func content(v url.Values) []byte {
	take := func(key string) string { s := v.Get(key); v.Del(key); return s }
	number := func(key string) int { n, _ := strconv.Atoi(take(key)); return n }
	seed, photo, form, wide, high := number("seed"), take("photo"), take("form"), number("wide"), number("high")
	camera := picture.Camera{Orientation: number("orientation"), Make: take("make"), Artist: take("artist"), Copyright: take("copyright")}
	if photo == "" {
		return picture.Tiny(seed)
	}
	n, _ := strconv.ParseUint(photo, 10, 64)
	m := picture.Photo(n, wide, high)
	switch form {
	case "png":
		return picture.PNG(m)
	case "svg":
		return picture.SVG(m)
	case "gif":
		return picture.GIF(m)
	case "tiff":
		return picture.TIFF(m)
	}
	if camera == (picture.Camera{}) {
		return picture.JPEG(m, 85)
	}
	return picture.WithCamera(picture.JPEG(m, 85), camera)
}

func (s *side) upload(c *http.Client, v url.Values) map[string]any {
	s.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	data := content(v)
	v.Set("action", "upload")
	v.Set("format", "json")
	v.Set("formatversion", "2")
	v.Set("token", s.token(c, "csrf"))
	for k := range v {
		_ = form.WriteField(k, v.Get(k)) // a buffer takes everything
	}
	part, err := form.CreateFormFile("file", "upload.png")
	if err != nil {
		s.t.Fatal(err)
	}
	_, _ = part.Write(data)
	_ = form.Close()
	resp, err := c.Post(s.api, form.FormDataContentType(), &body)
	return s.decode(resp, err)
}

// fetch gets the picture at the address that the last answer has at "last", or
// at "path" on the server.
func (s *side) fetch(v url.Values) map[string]any {
	s.t.Helper()
	address := s.server + v.Get("path")
	if last := v.Get("last"); last != "" {
		address = fmt.Sprint(walk(s.answer, strings.Split(last, ".")))
	}
	resp, err := http.Get(address)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	out := map[string]any{"status": resp.StatusCode}
	if resp.StatusCode != http.StatusOK {
		return out
	}
	out["type"] = resp.Header.Get("Content-Type")
	if c, kind, err := image.DecodeConfig(bytes.NewReader(body)); err == nil {
		out["is"], out["width"], out["height"] = kind, c.Width, c.Height
	}
	return out
}
