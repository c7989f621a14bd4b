package e2e_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filewarden/bot/sandbox/picture"
	"filewarden/tasks/copyvio/provider/providertest"
	"filewarden/tests/realwiki"
)

// hugePNG is a white picture of a side that would take side² bytes to decode, in
// a few kilobytes.
func hugePNG(side int) []byte {
	var pixels bytes.Buffer
	z, _ := zlib.NewWriterLevel(&pixels, zlib.BestSpeed) // a known level
	row := make([]byte, 1+(side+7)/8)
	for range side {
		_, _ = z.Write(row) // into memory
	}
	_ = z.Close()
	head := binary.BigEndian.AppendUint32(nil, uint32(side))
	head = append(binary.BigEndian.AppendUint32(head, uint32(side)), 1, 0, 0, 0, 0) // one bit of grey
	out := []byte("\x89PNG\r\n\x1a\n")
	for _, chunk := range []struct {
		name string
		data []byte
	}{{"IHDR", head}, {"IDAT", pixels.Bytes()}, {"IEND", nil}} {
		out = binary.BigEndian.AppendUint32(out, uint32(len(chunk.data)))
		body := append([]byte(chunk.name), chunk.data...)
		out = binary.BigEndian.AppendUint32(append(out, body...), crc32.ChecksumIEEE(body))
	}
	return out
}

// deepPNG is a picture with 16 bits for each colour.
func deepPNG() []byte {
	m := image.NewNRGBA64(image.Rect(0, 0, 320, 240))
	for y := range 240 {
		for x := range 320 {
			m.SetNRGBA64(x, y, color.NRGBA64{uint16(x * 200), uint16(y * 270), uint16(x * y), 0xffff - uint16(x*50)})
		}
	}
	return picture.PNG(m)
}

// movingGIF is a picture of three frames.
func movingGIF(t *testing.T) []byte {
	t.Helper()
	var all gif.GIF
	for seed := range 3 {
		one, err := gif.Decode(bytes.NewReader(picture.GIF(picture.Photo(uint64(70+seed), 320, 240))))
		if err != nil {
			t.Fatal(err)
		}
		all.Image, all.Delay = append(all.Image, one.(*image.Paletted)), append(all.Delay, 10)
	}
	var out bytes.Buffer
	if err := gif.EncodeAll(&out, &all); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// kind is one of the pictures that the tests of hashes have.
func kind(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("../../tasks/copyvio/imagehash/testdata/kinds", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// takesOddPictures uploads what a wiki gets to see. What came of each is asked
// of match afterwards.
func (s *watchStage) takesOddPictures(t *testing.T, as realwiki.User) {
	whole := picture.JPEG(picture.Photo(60, 640, 480), 90)
	large := picture.JPEG(picture.Photo(61, 2400, 1600), 85)
	script := []byte(strings.Replace(string(picture.SVG(picture.Photo(62, 64, 48))), "<image", `<script>alert(1)</script><image`, 1))
	pictures := []struct {
		name    string
		data    []byte
		refused string // by MediaWiki, with this code
		outcome string
		why     string
	}{
		{"Whole.jpg", whole, "", "nothing", ""},
		{"Large.jpg", large, "", "nothing", ""},
		{"Deep.png", deepPNG(), "", "nothing", ""},
		{"Moving.gif", movingGIF(t), "", "nothing", ""},
		{"Moving.webp", kind(t, "animated.webp"), "", "unsure", "unreadable"},
		{"Four inks.jpg", kind(t, "cmyk.jpg"), "", "nothing", ""},
		{"Scan.tif", picture.TIFF(picture.Photo(63, 320, 240)), "", "nothing", ""},
		{"Photo inside.tif", kind(t, "jpeg-inside.tiff"), "", "unsure", "unreadable"},
		{"Wide.png", hugePNG(12_000), "", "unsure", "too large"},
		{"Torn.jpg", whole[:len(whole)/2], "", "unsure", "unreadable"},
		{"Dot.png", picture.PNG(image.NewGray(image.Rect(0, 0, 1, 1))), "", "nothing", ""},
		{"Script.svg", script, "verification-error", "missing", ""},
		{"Other.jpg", picture.PNG(picture.Photo(64, 64, 48)), "verification-error", "missing", ""},
	}
	titles := []string{}
	for _, odd := range pictures {
		titles = append(titles, "File:"+odd.name)
		err := s.Client(as).Upload(odd.name, odd.data, "{{self|cc-by-sa-4.0}}", "odd")
		var no *realwiki.APIError
		if errors.As(err, &no) != (odd.refused != "") || no != nil && no.Code != odd.refused {
			t.Errorf("MediaWiki said of %s: %v, want %q", odd.name, err, odd.refused)
		}
	}
	s.watch()
	said := s.match(t, 1, titles...)
	for _, odd := range pictures {
		if got := said["File:"+odd.name]; got.Outcome != odd.outcome || !strings.Contains(got.Why, odd.why) {
			t.Errorf("%s: %+v, want %s, %q", odd.name, got, odd.outcome, odd.why)
		}
	}
	s.says(t, s.o.Page("Copyvio"), "None waits now.")
	if faults := s.services.Faults(); len(faults) > 0 {
		t.Errorf("a service refused what it was sent: %q", faults)
	}
	for _, whole := range [][]byte{large, hugePNG(12_000)} {
		if s.services.Billed(providertest.Google)[shaOf(whole)] != 0 {
			t.Errorf("a large picture of %d bytes was sent whole", len(whole))
		}
	}
}
