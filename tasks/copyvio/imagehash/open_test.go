package imagehash

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
)

func encoded(t testing.TB, encode func(w io.Writer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t testing.TB, img image.Image) []byte {
	return encoded(t, func(w io.Writer) error { return png.Encode(w, img) })
}

// copied is the picture in another kind of memory.
func copied(to draw.Image, from image.Image) draw.Image {
	draw.Draw(to, to.Bounds(), from, image.Point{}, draw.Src)
	return to
}

func TestEveryFormatIsReadAndLooksTheSame(t *testing.T) {
	img := drawn(1, 90, 70)
	rect, want := img.Rect, Of(img).Query()
	frames := &gif.GIF{Image: []*image.Paletted{image.NewPaletted(rect, webColours()), image.NewPaletted(rect, webColours())}, Delay: []int{5, 5}}
	copied(frames.Image[0], img)
	files := map[string][]byte{
		"png": asPNG(t, img), "png palette": asPNG(t, frames.Image[0]),
		"png 16 bits":      asPNG(t, copied(image.NewRGBA64(rect), img)),
		"png 16 bits grey": asPNG(t, copied(image.NewGray16(rect), img)), "png grey": asPNG(t, copied(image.NewGray(rect), img)),
		"jpeg":         encoded(t, func(w io.Writer) error { return jpeg.Encode(w, img, &jpeg.Options{Quality: 95}) }),
		"gif animated": encoded(t, func(w io.Writer) error { return gif.EncodeAll(w, frames) }),
		"tiff":         encoded(t, func(w io.Writer) error { return tiff.Encode(w, img, nil) }),
		"tiff deflate": encoded(t, func(w io.Writer) error {
			return tiff.Encode(w, img, &tiff.Options{Compression: tiff.Deflate, Predictor: true})
		}),
		"tiff 16 bits": encoded(t, func(w io.Writer) error { return tiff.Encode(w, copied(image.NewRGBA64(rect), img), nil) }),
		"bmp":          encoded(t, func(w io.Writer) error { return bmp.Encode(w, img) }),
	}
	for name, data := range files {
		p, err := Open(data, Limits{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		format, _, _ := strings.Cut(name, " ")
		if verdict, in := Alike(want, p.Print()); verdict != Sure || in != Same || p.Format != format || p.Width != 90 || p.Height != 70 {
			t.Errorf("%s: %v, %v, %s of %d x %d", name, verdict, in, p.Format, p.Width, p.Height)
		}
	}
}

func webColours() (p color.Palette) {
	for i := range 216 {
		p = append(p, color.RGBA{uint8(i / 36 * 51), uint8(i / 6 % 6 * 51), uint8(i % 6 * 51), 255})
	}
	return p
}

// The files in testdata/kinds show the picture that testdata/pdq has in colours,
// or a half of it.
func TestKindsThatOnlyOtherProgramsWriteAreRead(t *testing.T) {
	want := open(t, "testdata/pdq/made-colours.png").Query()
	for _, name := range []string{"lossy.webp", "lossless.webp", "cmyk.jpg", "fax.tiff"} {
		if verdict, in := Alike(want, open(t, "testdata/kinds/"+name).Print()); verdict == Different || in != Same {
			t.Errorf("%s: %v, %v", name, verdict, in)
		}
	}
	half := open(t, "testdata/kinds/transparent.webp").Query()
	if verdict, _ := Alike(half, open(t, "testdata/kinds/lossy-transparent.webp").Print()); verdict != Sure {
		t.Errorf("two pictures with a transparent half: %v", verdict)
	}
	for _, name := range []string{"animated.webp", "jpeg-inside.tiff"} {
		_, err := Open(read(t, "testdata/kinds/"+name), Limits{})
		var unreadable *UnreadableError
		if !errors.As(err, &unreadable) || unreadable.Format != strings.TrimPrefix(filepath.Ext(name), ".") {
			t.Errorf("%s: error is %v, want an unreadable picture of its format", name, err)
		}
	}
}

func TestTransparentPartsAreWhite(t *testing.T) {
	img := drawn(2, 80, 60)
	white, clear, half := image.NewRGBA(img.Rect), image.NewNRGBA(img.Rect), image.NewNRGBA(img.Rect)
	for y := range 60 {
		for x := range 80 {
			c := img.RGBAAt(x, y)
			hole := (x-40)*(x-40)+(y-30)*(y-30) < 300
			clear.Set(x, y, c)
			if hole {
				clear.Set(x, y, color.NRGBA{c.R, c.G, c.B, 0})
				c = color.RGBA{255, 255, 255, 255}
			}
			white.Set(x, y, c)
			half.Set(x, y, c)
		}
	}
	want := Of(white).Print()
	for name, img := range map[string]image.Image{
		"NRGBA": clear, "RGBA": copied(image.NewRGBA(img.Rect), clear), "NRGBA64": copied(image.NewNRGBA64(img.Rect), clear),
	} {
		if got := Of(img).Print(); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	if v := onWhite(100, 128); v != 177 {
		t.Errorf("100, half transparent, is %d on white, want 177", v)
	}
}

func TestANameProvesNothing(t *testing.T) {
	// Open takes no name; a PNG's bytes are a PNG.
	if p := open(t, "testdata/pdq/made-grey.png"); p.Format != "png" {
		t.Errorf("format is %q", p.Format)
	}
}

// bombs are small files that say they are huge.
func bombs(t testing.TB, w, h uint32) map[string][]byte {
	small := image.NewGray(image.Rect(0, 0, 8, 8))
	be, le := binary.BigEndian, binary.LittleEndian
	patch := func(data []byte, at int, order binary.ByteOrder, size int) []byte {
		for i, v := range []uint32{w, h} {
			if size == 4 {
				order.PutUint32(data[at+4*i:], v)
			} else {
				order.PutUint16(data[at+2*i:], uint16(min(v, 65535)))
			}
		}
		return data
	}
	p := patch(asPNG(t, small), 16, be, 4)
	be.PutUint32(p[29:], crc32.ChecksumIEEE(p[12:29]))
	g := patch(encoded(t, func(w io.Writer) error { return gif.Encode(w, small, nil) }), 6, le, 2)
	b := patch(encoded(t, func(w io.Writer) error { return bmp.Encode(w, small) }), 18, le, 4)
	tif := encoded(t, func(w io.Writer) error { return tiff.Encode(w, small, nil) })
	directory := tif[le.Uint32(tif[4:]):]
	le.PutUint16(directory[4:], 4) // LONG
	le.PutUint32(directory[10:], w)
	le.PutUint16(directory[16:], 4)
	le.PutUint32(directory[22:], h)
	j := encoded(t, func(w io.Writer) error { return jpeg.Encode(w, small, nil) })
	frame := bytes.Index(j, []byte{0xff, 0xc0})
	be.PutUint16(j[frame+5:], uint16(min(h, 65535)))
	be.PutUint16(j[frame+7:], uint16(min(w, 65535)))
	web := []byte("RIFF\x1e\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x10\x00\x00\x00")
	for _, side := range []uint32{w - 1, h - 1} {
		web = append(web, byte(side), byte(side>>8), byte(side>>16))
	}
	return map[string][]byte{"png": p, "gif": g, "bmp": b, "tiff": tif, "jpeg": j, "webp": append(web, "VP8 \x00\x00\x00\x00"...)}
}

func TestBombsAreRefusedBeforeTheyAreDecoded(t *testing.T) {
	for _, c := range []struct {
		w, h   uint32
		limits Limits
		what   string
	}{
		{30_000, 1000, Limits{}, "pixels on a side"}, {10, 20_001, Limits{}, "pixels on a side"},
		{9000, 9000, Limits{}, "pixels"}, {100, 101, Limits{Pixels: 10_000}, "pixels"}, {101, 10, Limits{Side: 100}, "pixels on a side"},
	} {
		for format, data := range bombs(t, c.w, c.h) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := Open(data, c.limits)
			runtime.ReadMemStats(&after)
			var large *TooLargeError
			if !errors.As(err, &large) || large.Format != format || large.What != c.what || large.Is <= large.AtMost {
				t.Errorf("%s of %d x %d: error is %v, want too large", format, c.w, c.h, err)
			}
			if took := after.TotalAlloc - before.TotalAlloc; took > 1<<20 {
				t.Errorf("%s of %d x %d: refusing it took %d bytes", format, c.w, c.h, took)
			}
		}
	}
}

func TestSizesAtTheLimitAreDecoded(t *testing.T) {
	data := asPNG(t, drawn(3, 100, 50))
	if _, err := Open(data, Limits{Bytes: len(data), Pixels: 5000, Side: 100}); err != nil {
		t.Errorf("at all limits: %v", err)
	}
	var large *TooLargeError
	if _, err := Open(data, Limits{Bytes: len(data) - 1}); !errors.As(err, &large) || large.What != "bytes" {
		t.Errorf("a byte too long: error is %v", err)
	}
	if _, err := Open(data, Limits{Pixels: 4999}); !errors.As(err, &large) || large.What != "pixels" {
		t.Errorf("a pixel too many: error is %v", err)
	}
}

func TestDamagedFilesAreUnreadableAndNothingElse(t *testing.T) {
	for name, data := range samples(t) {
		for _, cut := range []int{0, 1, 3, 12, len(data) / 3} {
			_, err := Open(data[:cut], Limits{})
			var unreadable *UnreadableError
			if !errors.As(err, &unreadable) || cut > 12 && unreadable.Format == "" {
				t.Errorf("%s: the first %d bytes: error is %v, want unreadable", name, cut, err)
			}
		}
	}
}

// samples are all pictures in testdata.
func samples(t testing.TB) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	for _, dir := range []string{"testdata/pdq", "testdata/kinds", "baseline/testdata"} {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if _, ok := sniff(read(t, filepath.Join(dir, e.Name()))); ok {
				all[e.Name()] = read(t, filepath.Join(dir, e.Name()))
			}
		}
	}
	return all
}

func TestADecoderThatPanicsCostsOnePicture(t *testing.T) {
	f := format{name: "odd", decode: func([]byte) (image.Image, error) { panic("index out of range") }}
	_, err := f.decoded(nil)
	var unreadable *UnreadableError
	if !errors.As(err, &unreadable) || unreadable.Format != "odd" || !strings.Contains(err.Error(), "index out of range") {
		t.Errorf("error is %v, want the format and what happened", err)
	}
}

func TestAnOpenerWaitsForItsTurn(t *testing.T) {
	o, data := NewOpener(Limits{}, 1), asPNG(t, drawn(4, 20, 20))
	if _, err := o.Open(t.Context(), data); err != nil {
		t.Fatal(err)
	}
	o.slots <- struct{}{} // somebody decodes
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := o.Open(ctx, data); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v, want that of the context", err)
	}
	<-o.slots
	if _, err := o.Open(t.Context(), data); err != nil {
		t.Errorf("after the other was done: %v", err)
	}
}

func FuzzOpen(f *testing.F) {
	for _, data := range samples(f) {
		f.Add(data)
		f.Add(data[:len(data)*2/3])
	}
	for _, data := range bombs(f, 60_000, 60_000) {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Open(data, Limits{Pixels: 1 << 18})
		var large *TooLargeError
		var unreadable *UnreadableError
		switch {
		case err != nil && !errors.As(err, &large) && !errors.As(err, &unreadable):
			t.Errorf("an error of no known type: %v", err)
		case err == nil && (p.Width*p.Height > 1<<18 || p.EXIF < 1 || p.EXIF > 8):
			t.Errorf("%d x %d, EXIF %d", p.Width, p.Height, p.EXIF)
		case err == nil && len(p.Query().Faces) != int(Orientations):
			t.Error("not eight faces")
		}
	})
}
