package baseline

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The files in testdata were made by libjpeg-turbo's cjpeg, and those beside them
// are what its djpeg made of them: .pgm is the luma.
func files(t testing.TB) []string {
	t.Helper()
	all, err := filepath.Glob("testdata/*.jpg")
	if err != nil || len(all) < 10 {
		t.Fatal("where are the pictures?", err)
	}
	return all
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// luma of a decoded picture, row by row without what pads them.
func luma(t *testing.T, img image.Image) (pix []byte) {
	t.Helper()
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	for y := range h {
		switch img := img.(type) {
		case *image.Gray:
			pix = append(pix, img.Pix[y*img.Stride:][:w]...)
		case *image.YCbCr:
			pix = append(pix, img.Y[y*img.YStride:][:w]...)
		default:
			t.Fatalf("decoded as %T", img)
		}
	}
	return pix
}

func TestLumaIsThatOfLibjpegBitByBit(t *testing.T) {
	for _, path := range files(t) {
		if strings.Contains(path, "progressive") {
			continue
		}
		img, err := Decode(read(t, path))
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		want := read(t, strings.TrimSuffix(path, ".jpg")+".pgm")
		head := fmt.Sprintf("P5\n%d %d\n255\n", img.Bounds().Dx(), img.Bounds().Dy())
		if got := append([]byte(head), luma(t, img)...); !bytes.Equal(got, want) {
			t.Errorf("%s: not what djpeg makes of it", path)
		}
	}
}

func TestColoursAreThoseOfImageJPEGButForRounding(t *testing.T) {
	for _, path := range files(t) {
		data := read(t, path)
		got, err := Decode(data)
		ours, ok := got.(*image.YCbCr)
		if err != nil || !ok {
			continue
		}
		other, err := jpeg.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		theirs := other.(*image.YCbCr)
		if ours.SubsampleRatio != theirs.SubsampleRatio || ours.Rect != theirs.Rect {
			t.Errorf("%s: %v %v, want %v %v", path, ours.SubsampleRatio, ours.Rect, theirs.SubsampleRatio, theirs.Rect)
		}
		for y := range ours.Rect.Dy() {
			for x := range ours.Rect.Dx() {
				a, b := ours.YCbCrAt(x, y), theirs.YCbCrAt(x, y)
				if max(a.Cb, b.Cb)-min(a.Cb, b.Cb) > 1 || max(a.Cr, b.Cr)-min(a.Cr, b.Cr) > 1 {
					t.Fatalf("%s: at %d,%d the colour is %v, want %v", path, x, y, a, b)
				}
			}
		}
	}
}

func TestOtherKindsAreLeftToOthers(t *testing.T) {
	gray := read(t, "testdata/grey.jpg")
	changed := func(data []byte, from, to string) []byte {
		if !bytes.Contains(data, []byte(from)) {
			t.Fatalf("there is no %x to change", from)
		}
		return bytes.Replace(data, []byte(from), []byte(to), 1)
	}
	colours := read(t, "testdata/full.jpg")
	adobe := "\xff\xd8\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x00"
	for name, data := range map[string][]byte{
		"progressive":         read(t, "testdata/progressive.jpg"),
		"nothing":             nil,
		"no JPEG":             []byte("\x89PNG\r\n\x1a\n"),
		"no scan":             gray[:bytes.Index(gray, []byte("\xff\xda"))],
		"12 bits":             changed(gray, "\xff\xc0\x00\x0b\x08", "\xff\xc0\x00\x0b\x0c"),
		"arithmetic":          changed(gray, "\xff\xc0", "\xff\xc9"),
		"height comes later":  changed(gray, "\xff\xc0\x00\x0b\x08\x00\x25", "\xff\xc0\x00\x0b\x08\x00\x00"),
		"RGB by Adobe":        append([]byte(adobe), colours[2:]...),
		"RGB by names":        changed(changed(changed(colours, "\x03\x01\x11\x00", "\x03R\x11\x00"), "\x02\x11\x01", "G\x11\x01"), "\x03\x11\x01", "B\x11\x01"),
		"no Huffman table":    changed(gray, "\xff\xc4", "\xff\xe4"),
		"no quantization":     changed(gray, "\xff\xdb", "\xff\xe4"),
		"half of the scan":    gray[:len(gray)-200],
		"wrong restart":       changed(read(t, "testdata/restarts.jpg"), "\xff\xd1", "\xff\xd3"),
		"colours of one size": changed(read(t, "testdata/half-both.jpg"), "\x02\x11\x01", "\x02\x21\x01"),
	} {
		if _, err := Decode(data); !errors.Is(err, ErrOther) {
			t.Errorf("%s: error is %v, want ErrOther", name, err)
		}
	}
}

func TestAMissingEndIsNoMatter(t *testing.T) {
	data := read(t, "testdata/grey.jpg")
	if _, err := Decode(bytes.TrimSuffix(data, []byte("\xff\xd9"))); err != nil {
		t.Errorf("all pixels were there: %v", err)
	}
}

func TestAnyCutIsNoticed(t *testing.T) {
	for _, path := range files(t) {
		data := read(t, path)
		whole, err := Decode(data)
		if err != nil {
			continue
		}
		for n := range len(data) - 3 {
			if img, err := Decode(data[:n]); err == nil && !bytes.Equal(luma(t, img), luma(t, whole)) {
				t.Errorf("%s: the first %d of %d bytes pass for the picture", path, n, len(data))
				break
			}
		}
	}
}

// What is decoded has the size that image/jpeg reads, by which callers limit it.
func FuzzDecode(f *testing.F) {
	for _, path := range files(f) {
		data := read(f, path)
		f.Add(data)
		f.Add(data[:len(data)/2])
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := jpeg.DecodeConfig(bytes.NewReader(data))
		if err != nil || c.Width*c.Height > 1<<20 {
			return // such a picture is refused before it comes here
		}
		img, decodes := Decode(data)
		if decodes != nil {
			if !errors.Is(decodes, ErrOther) {
				t.Errorf("error is %v, want ErrOther", decodes)
			}
			return
		}
		if img.Bounds() != image.Rect(0, 0, c.Width, c.Height) {
			t.Errorf("decoded to %v, where image/jpeg says %v", img.Bounds(), c)
		}
	})
}
