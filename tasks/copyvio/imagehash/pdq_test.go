package imagehash

import (
	"encoding/csv"
	"image"
	"image/color"
	"image/draw"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// reference is what the C++ implementation printed for one file.
type reference struct {
	path    string
	code    Code
	quality int
}

// references reads a folder's reference.csv.
func references(t *testing.T, dir string) (all []reference) {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, "reference.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		code, err := ParseCode(row[0])
		if err != nil {
			t.Fatal(err)
		}
		quality, err := strconv.Atoi(row[1])
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, reference{filepath.Join(dir, row[2]), code, quality})
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

func open(t testing.TB, path string) *Picture {
	t.Helper()
	p, err := Open(read(t, path), Limits{})
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return p
}

// conforms checks a folder of pictures: all but progressive ones must be exact.
func conforms(t *testing.T, dir string, most func(path string) int) {
	for _, want := range references(t, dir) {
		got := open(t, want.path).AsStored().Print()
		if d := got.PDQ.Distance(want.code); d > most(want.path) || got.Quality != want.quality {
			t.Errorf("%s: %d bits from the reference, quality %d, want %d", want.path, d, got.Quality, want.quality)
		}
	}
}

func TestHashesAreThoseOfTheReference(t *testing.T) {
	conforms(t, "testdata/pdq", func(path string) int {
		if filepath.Base(path) == "made-progressive.jpg" {
			return 2 // decoded by image/jpeg, whose DCT rounds otherwise
		}
		return 0
	})
}

func TestHashesAreThoseOfTheReferenceForMorePictures(t *testing.T) {
	dir := "../../../../shared/fixtures/pdq"
	if _, err := os.Stat(dir); err != nil {
		t.Skip("more pictures of the reference are not part of the project: ", err)
	}
	conforms(t, dir, func(string) int { return 2 })
}

// The reference's own eight files of one picture, which it turned by other means.
func TestOrientationsAreNamedAsTheReferenceTurnsThem(t *testing.T) {
	dir := "../../../../shared/fixtures/pdq/dih"
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the reference's turned pictures are not part of the project: ", err)
	}
	original := open(t, filepath.Join(dir, "bridge-1-original.jpg")).Query()
	for path, o := range map[string]Orientation{
		"bridge-2-rotate-90.jpg": Turned90, "bridge-3-rotate-180.jpg": Turned180, "bridge-4-rotate-270.jpg": Turned270,
		"bridge-5-flipx.jpg": FlippedTopDown, "bridge-6-flipy.jpg": FlippedLeftRight,
		"bridge-7-flip-plus-1.jpg": Transposed, "bridge-8-flip-minus-1.jpg": Antitransposed,
	} {
		if verdict, in := Alike(original, open(t, filepath.Join(dir, path)).Print()); verdict != Sure || in != o {
			t.Errorf("%s: %v, %v; want sure, %v", path, verdict, in, o)
		}
	}
}

// turn makes the picture in another orientation, pixel by pixel.
func turn(img *image.RGBA, o Orientation) *image.RGBA {
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	if o.symmetry().swap {
		w, h = h, w
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			right, bottom := w-1-x, h-1-y
			from := [Orientations]image.Point{
				Same: {x, y}, Turned90: {bottom, x}, Turned180: {right, bottom}, Turned270: {y, right},
				FlippedTopDown: {x, bottom}, FlippedLeftRight: {right, y}, Transposed: {y, x}, Antitransposed: {bottom, right},
			}[o]
			out.SetRGBA(x, y, img.RGBAAt(from.X, from.Y))
		}
	}
	return out
}

// drawn is a picture with much in it, different for each seed.
func drawn(seed uint64, w, h int) *image.RGBA {
	m := newMade(seed)
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(img, img.Rect, image.NewUniform(color.RGBA{90, 120, 60, 255}), image.Point{}, draw.Src)
	for range 60 {
		x, y := m.IntN(w), m.IntN(h)
		shape := image.Rect(x, y, x+w/20+m.IntN(w/3), y+h/20+m.IntN(h/3))
		fill := image.NewUniform(color.RGBA{uint8(m.IntN(256)), uint8(m.IntN(256)), uint8(m.IntN(256)), 255})
		draw.Draw(img, shape, fill, image.Point{}, draw.Src)
	}
	return img
}

func TestTheEightFacesAreThoseOfTheTurnedPictures(t *testing.T) {
	for seed, size := range []image.Point{{512, 512}, {300, 500}, {350, 400}, {64, 64}, {100, 70}, {130, 256}, {720, 530}} {
		img := drawn(uint64(seed), size.X, size.Y)
		most := 2
		if size.Y == 256 || size.X > largest {
			most = 16 // see centres
		}
		q := Of(img).Query()
		for o := range Orientations {
			p := Of(turn(img, o)).Print()
			pdq, phash := q.Faces[o].PDQ.Distance(p.PDQ), q.Faces[o].PHash.Distance(p.PHash)
			if pdq > most || phash > 2 {
				t.Errorf("%v, %v: PDQ %d and pHash %d bits from the turned picture", size, o, pdq, phash)
			}
		}
	}
}

func TestTinyPicturesHaveNoHash(t *testing.T) {
	for _, size := range []image.Point{{4, 50}, {50, 4}, {1, 1}} {
		p := Of(image.NewRGBA(image.Rectangle{Max: size})).Print()
		if p.PDQ != (Code{}) || p.Quality != 0 {
			t.Errorf("%v: want an empty hash of quality 0, got %v", size, p)
		}
	}
}

func TestEachSideAbove512IsSampledDownAndNoOther(t *testing.T) {
	for _, c := range []struct {
		size image.Point
		want image.Point
	}{{image.Pt(512, 512), image.Pt(512, 512)}, {image.Pt(513, 20), image.Pt(512, 512)}, {image.Pt(20, 600), image.Pt(512, 512)}, {image.Pt(30, 40), image.Pt(30, 40)}} {
		v := upright(c.size, 1)
		if got := image.Pt(len(v.cols), len(v.rows)); got != c.want {
			t.Errorf("%v is sampled at %v, want %v", c.size, got, c.want)
		}
	}
}

func TestPicturesWithOffsetBoundsHashTheSame(t *testing.T) {
	img := drawn(9, 120, 90)
	inside := img.SubImage(image.Rect(10, 20, 110, 80))
	moved := image.NewRGBA(image.Rect(0, 0, 100, 60))
	draw.Draw(moved, moved.Rect, img, image.Pt(10, 20), draw.Src)
	if a, b := Of(inside).Print(), Of(moved).Print(); a != b {
		t.Errorf("a part of a picture hashes to %v, a copy of it to %v", a, b)
	}
}
