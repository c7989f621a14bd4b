package copyvio

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/color/palette"
	"image/draw"
	"image/gif"
	"image/png"
	"net/http"
	"strings"
	"testing"

	"filewarden/bot/sandbox"
	"filewarden/bot/sandbox/picture"
	"filewarden/tasks/copyvio/casebook"
	"filewarden/tasks/copyvio/provider/providertest"
)

// huge is a PNG of a few bytes that says that it has so many pixels on a side.
func huge(side uint32) []byte {
	small := picture.PNG(image.NewGray(image.Rect(0, 0, 1, 1)))
	binary.BigEndian.PutUint32(small[16:], side)
	binary.BigEndian.PutUint32(small[20:], side)
	binary.BigEndian.PutUint32(small[29:], crc32.ChecksumIEEE(small[12:29]))
	return small
}

// deep is a photo with 16 bits a colour.
func deep(seed uint64) []byte {
	from := picture.Photo(seed, 320, 240)
	to := image.NewNRGBA64(from.Bounds())
	draw.Draw(to, to.Bounds(), from, image.Point{}, draw.Src)
	var out bytes.Buffer
	if err := png.Encode(&out, to); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// animated is a GIF of two photos.
func animated(seed uint64) []byte {
	g := &gif.GIF{}
	for n := range uint64(2) {
		from := picture.Photo(seed+n, 200, 150)
		frame := image.NewPaletted(from.Bounds(), palette.Plan9)
		draw.Draw(frame, frame.Bounds(), from, image.Point{}, draw.Src)
		g.Image, g.Delay = append(g.Image, frame), append(g.Delay, 10)
	}
	var out bytes.Buffer
	if err := gif.EncodeAll(&out, g); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// Whatever the picture, its upload comes to a stated end, and the others go on.
func TestEveryPictureComesToAStatedEnd(t *testing.T) {
	w := newWorldOf(t, config(`"opens": ["deleted", "name"]`), sandbox.Options{FileTypes: []string{"tif", "bin", "bmp"}})
	cut, asked := photo(21), 0
	for name, test := range map[string]struct {
		data  []byte
		stage casebook.Stage
		why   string
		asked bool
	}{
		"Huge.png":      {huge(8_000), casebook.Done, "too large", false},
		"Truncated.jpg": {cut[:len(cut)/3], casebook.Done, "unreadable jpeg", false},
		"Deep.png":      {deep(23), casebook.Done, "", true},
		"Animated.gif":  {animated(24), casebook.Done, "", true},
		"Flat.png":      {flat(), casebook.Done, "", true},
		"Pixel.png":     {picture.Tiny(1), casebook.Done, "", true},
		"Drawing.svg":   {[]byte(`<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200"><script>alert(1)</script><rect width="9" height="9"/></svg>`), casebook.Done, "unreadable picture", false},
		"Photo.tif":     {picture.TIFF(picture.Photo(26, 320, 240)), casebook.Done, "", true},
		"Empty.jpg":     {nil, casebook.Passed, "media type", false},
		"Text.jpg":      {[]byte("<html>no picture</html>"), casebook.Passed, "media type", false},
		"Wrong.png":     {photo(27), casebook.Done, "", true},
	} {
		w.upload("Una", name, test.data)
		w.pass()
		i := w.imageOf(shaOf(test.data))
		if i.Stage != test.stage || !strings.Contains(i.Why, test.why) || test.why == "" && i.Why != "" || !i.Due.IsZero() {
			t.Errorf("%s: %s, %q, due %v", name, i.Stage, i.Why, i.Due)
		}
		if n := w.services.Requests(providertest.Google); n > asked != test.asked {
			t.Errorf("%s: a service was asked: %v", name, n > asked)
		}
		asked = w.services.Requests(providertest.Google)
	}
	good := w.copied("Una", "Good.jpg", 30)
	w.pass()
	w.mustCase(good, casebook.Open)
}

func flat() []byte {
	m := image.NewGray(image.Rect(0, 0, 300, 200))
	draw.Draw(m, m.Bounds(), image.NewUniform(color.Gray{128}), image.Point{}, draw.Src)
	return picture.PNG(m)
}

// A picture that nobody can read is known by its content all the same.
func TestAnUnreadablePictureStillHasEvidence(t *testing.T) {
	w := newWorld(t, config(""))
	w.wiki.At(w.now().Add(-1000*3600e9), func() {
		w.wiki.Upload("Ulf", "Old.png", huge(8_000), "x")
		w.wiki.Delete("Ada", "File:Old.png", "copyright violation")
	})
	w.upload("Una", "New.png", huge(8_000))
	w.pass()
	c := w.mustCase(shaOf(huge(8_000)), casebook.Open)
	w.evidenceOf(c.SHA1, casebook.Deleted)
}

// A wiki that cannot draw a file offers an icon in its place; two such files are
// not alike because of it.
func TestTheIconOfAFileTypeIsNotItsPicture(t *testing.T) {
	w := newWorldOf(t, config(""), sandbox.Options{FileTypes: []string{"tif"}})
	copied := picture.TIFF(picture.Photo(1, 320, 240))
	w.services.Set(shaOf(copied), providertest.FullAndPages)
	w.upload("Una", "A.tif", copied)
	w.pass()
	w.mustCase(shaOf(copied), casebook.Open)
	w.decide("Rita", "Copyvio/All", shaOf(copied), casebook.Accepted)
	other := picture.TIFF(picture.Photo(2, 320, 240))
	w.upload("Paul", "B.tif", other)
	w.pass()
	w.noCase(shaOf(other))
}

// Services get what readers see: an original may be larger than they take.
func TestALargePictureIsReadAsItsThumbnail(t *testing.T) {
	w := newWorld(t, config(""))
	large := picture.JPEG(picture.Photo(1, 1600, 1200), 90)
	w.upload("Una", "A.jpg", large)
	read := []string{}
	w.wiki.Fault(func(r *http.Request, _ http.Handler, _ http.ResponseWriter) bool {
		if strings.HasPrefix(r.URL.Path, "/images/") {
			read = append(read, r.URL.Path)
		}
		return false
	})
	w.pass()
	if len(read) != 2 || !strings.HasSuffix(read[0], "/960px-A.jpg") || read[1] != read[0] {
		t.Errorf("read %q", read)
	}
	if w.billed(shaOf(large)) != 0 || w.services.Requests(providertest.Google) != 1 {
		t.Error("the original was sent")
	}
}
