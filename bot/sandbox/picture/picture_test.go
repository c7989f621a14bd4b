package picture_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"math/bits"
	"slices"
	"testing"

	"golang.org/x/image/draw"

	"filewarden/bot/sandbox/picture"
)

// gradients is a hash by which near copies can be told: whether each of 16 by 16
// fields is brighter than the one to its right.
func gradients(m image.Image) (h [4]uint64) {
	small := image.NewGray(image.Rect(0, 0, 17, 16))
	draw.CatmullRom.Scale(small, small.Bounds(), m, m.Bounds(), draw.Src, nil)
	for i := range 256 {
		if small.GrayAt(i%16, i/16).Y > small.GrayAt(i%16+1, i/16).Y {
			h[i/64] |= 1 << (i % 64)
		}
	}
	return h
}

func distance(a, b image.Image) (n int) {
	x, y := gradients(a), gradients(b)
	for i := range x {
		n += bits.OnesCount64(x[i] ^ y[i])
	}
	return n
}

func TestTwoSeedsGivePhotosFarApart(t *testing.T) {
	var photos []image.Image
	for seed := range uint64(20) {
		photos = append(photos, picture.Photo(seed, 120, 90))
	}
	for i, a := range photos {
		for j, b := range photos[:i] {
			if d := distance(a, b); d < 60 {
				t.Errorf("photos %d and %d are only %d of 256 apart", i, j, d)
			}
		}
	}
}

func TestCopiesStayNearTheirPhoto(t *testing.T) {
	photo := picture.Photo(7, 480, 360)
	compressed, err := jpeg.Decode(bytes.NewReader(picture.JPEG(photo, 30)))
	if err != nil {
		t.Fatal(err)
	}
	for name, near := range map[string]image.Image{"scaled": picture.Scaled(photo, 150), "compressed": compressed, "photo of another size": picture.Photo(7, 240, 180)} {
		if d := distance(photo, near); d > 20 {
			t.Errorf("%s: %d of 256 away", name, d)
		}
	}
	for name, far := range map[string]image.Image{"mirrored": picture.Mirrored(photo), "turned": picture.Turned(photo)} {
		if d := distance(photo, far); d < 60 {
			t.Errorf("%s: only %d of 256 away", name, d)
		}
	}
}

func TestFourTurnsAndTwoMirrorsAreNone(t *testing.T) {
	photo := picture.Photo(3, 40, 30)
	turned := picture.Turned(picture.Turned(picture.Turned(picture.Turned(photo))))
	if !bytes.Equal(turned.Pix, photo.Pix) || !bytes.Equal(picture.Mirrored(picture.Mirrored(photo)).Pix, photo.Pix) {
		t.Error("the photo did not come back")
	}
	if b := picture.Turned(photo).Bounds(); b.Dx() != 30 || b.Dy() != 40 {
		t.Errorf("turned it is %v", b)
	}
	if b := picture.Cropped(photo, 0.5).Bounds(); b.Dx() != 20 || b.Dy() != 15 {
		t.Errorf("cropped it is %v", b)
	}
}

func TestAPhotoWithCameraIsStillAPhoto(t *testing.T) {
	photo := picture.JPEG(picture.Photo(1, 40, 30), 90)
	with := picture.WithCamera(photo, picture.Camera{Orientation: 6, Make: "Y", Artist: "An agency"})
	m, err := jpeg.Decode(bytes.NewReader(with))
	if err != nil || m.Bounds().Dx() != 40 {
		t.Fatalf("decoded: %v", err)
	}
	if !bytes.Contains(with, []byte("An agency\x00")) {
		t.Error("the artist is not there")
	}
}

func TestADrawingShowsItsPicture(t *testing.T) {
	photo := picture.Photo(5, 40, 30)
	w, h, m := picture.Drawing(picture.SVG(photo))
	if w != 40 || h != 30 || m == nil || distance(m, photo) != 0 {
		t.Errorf("the drawing has %d by %d pixels and shows %v", w, h, m)
	}
	if w, h, m := picture.Drawing([]byte(`<svg viewBox="0 0 9 9"><rect/></svg>`)); w != 512 || h != 512 || m != nil {
		t.Errorf("a drawing of something else: %d, %d, %v", w, h, m)
	}
}

func TestWhatACameraWroteIsRead(t *testing.T) {
	photo := picture.JPEG(picture.Photo(1, 40, 30), 90)
	got := picture.ReadCamera(picture.WithCamera(photo, picture.Camera{Orientation: 6, Make: "Y", Artist: "An agency"}))
	want := []picture.Tag{{Name: "Make", Value: "Y"}, {Name: "Orientation", Value: 6}, {Name: "Artist", Value: "An agency"}}
	if !slices.Equal(got, want) || picture.ReadCamera(photo) != nil {
		t.Errorf("read: %v", got)
	}
}

func FuzzReadCamera(f *testing.F) {
	f.Add(picture.WithCamera(picture.JPEG(picture.Photo(1, 8, 8), 50), picture.Camera{Orientation: 6, Artist: "An agency"}))
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x10Exif\x00\x00II*\x00\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, photo []byte) { picture.ReadCamera(photo) })
}

// The corners of a picture of four pixels, after EXIF 2.3's table of
// orientations: which stored corner (row and column) is at the top left, and
// which at the top right.
func TestAnOrientationSaysWhichCornerIsWhere(t *testing.T) {
	stored := image.NewGray(image.Rect(0, 0, 2, 2))
	stored.Pix = []byte{0, 1, 2, 3} // top left, top right, bottom left, bottom right
	for orientation, want := range map[int][2]byte{1: {0, 1}, 2: {1, 0}, 3: {3, 2}, 4: {2, 3}, 5: {0, 2}, 6: {2, 0}, 7: {3, 1}, 8: {1, 3}, 9: {0, 1}} {
		m := picture.Upright(stored, orientation)
		at := func(x, y int) byte { r, _, _, _ := m.At(x, y).RGBA(); return byte(r >> 8) }
		if got := [2]byte{at(0, 0), at(1, 0)}; got != want {
			t.Errorf("orientation %d shows %v at the top, want %v", orientation, got, want)
		}
	}
}
