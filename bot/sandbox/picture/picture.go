// Package picture makes the pictures that the sandbox, the demo and the tests
// upload: as many as wanted, each known by a number.
//
// A photo here is a landscape of random hills, lights and things in the colours
// of its seed, with the grain of a camera. It is no beauty, but it has what
// perceptual hashes look at, large shapes and gradients, so that two seeds are
// as far apart as two photos, and a copy of one stays close to it however it was
// scaled or compressed. The same seed gives the same pixels everywhere.
//
// What happens to copies on the web is here too: scaled, cropped, mirrored,
// turned, compressed again.
package picture

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math"
	"math/rand/v2"

	"golang.org/x/image/draw"
	"golang.org/x/image/tiff"
)

// Photo is the photo of a seed, in pixels. The composition does not depend on
// the size: a larger photo of the same seed shows the same.
func Photo(seed uint64, width, height int) *image.RGBA {
	s := compose(seed)
	grain := rand.New(rand.NewPCG(seed, 2))
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			c := s.at(float64(x)/float64(width), float64(y)/float64(height))
			noise := grain.Float64()*8 - 4
			m.SetRGBA(x, y, color.RGBA{level(c[0] + noise), level(c[1] + noise), level(c[2] + noise), 255})
		}
	}
	return m
}

// scene is a composition, in parts of the picture's width and height.
type scene struct {
	sky, haze [3]float64
	hills     []hill
	things    []thing
}

type hill struct {
	base, rise, waves, shift float64
	colour                   [3]float64
}

// thing is a soft ellipse.
type thing struct {
	x, y, w, h float64
	colour     [3]float64
}

func compose(seed uint64) scene {
	r := rand.New(rand.NewPCG(seed, 1))
	s := scene{sky: colour(r, 90, 240), haze: colour(r, 120, 255)}
	for i := range 3 + r.IntN(3) {
		s.hills = append(s.hills, hill{base: 0.3 + 0.15*float64(i) + 0.1*r.Float64(), rise: 0.03 + 0.17*r.Float64(),
			waves: 1 + 5*r.Float64(), shift: 7 * r.Float64(), colour: colour(r, 10, 200)})
	}
	for range 6 + r.IntN(8) {
		s.things = append(s.things, thing{x: r.Float64(), y: r.Float64(), w: 0.04 + 0.22*r.Float64(), h: 0.04 + 0.22*r.Float64(), colour: colour(r, 0, 255)})
	}
	return s
}

func colour(r *rand.Rand, least, most float64) (c [3]float64) {
	for i := range c {
		c[i] = least + (most-least)*r.Float64()
	}
	return c
}

// at is the colour of a point, from the sky at the back to the things in front.
func (s scene) at(x, y float64) [3]float64 {
	c := mix(s.sky, s.haze, y)
	for _, h := range s.hills {
		if edge := h.base - h.rise*math.Sin(h.waves*x*2*math.Pi/2+h.shift); y > edge {
			c = mix(h.colour, s.haze, 0.5-min(0.5, (y-edge)*2))
		}
	}
	for _, t := range s.things {
		dx, dy := (x-t.x)/t.w, (y-t.y)/t.h
		if d := dx*dx + dy*dy; d < 1 {
			c = mix(c, t.colour, min(1, 3*(1-d)))
		}
	}
	return c
}

func mix(a, b [3]float64, part float64) (c [3]float64) {
	for i := range c {
		c[i] = a[i] + (b[i]-a[i])*part
	}
	return c
}

func level(v float64) uint8 { return uint8(max(0, min(255, v))) }

// Scaled is the picture in that width, its shape kept.
func Scaled(m image.Image, width int) *image.RGBA {
	b := m.Bounds()
	height := max(1, int(math.Round(float64(b.Dy())*float64(width)/float64(b.Dx()))))
	out := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.CatmullRom.Scale(out, out.Bounds(), m, b, draw.Src, nil)
	return out
}

// Cropped is the middle of the picture; 0.9 cuts a twentieth off each side.
func Cropped(m image.Image, part float64) *image.RGBA {
	b := m.Bounds()
	w, h := max(1, int(float64(b.Dx())*part)), max(1, int(float64(b.Dy())*part))
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(out, out.Bounds(), m, b.Min.Add(image.Pt((b.Dx()-w)/2, (b.Dy()-h)/2)), draw.Src)
	return out
}

// Mirrored is the picture with left and right exchanged.
func Mirrored(m image.Image) *image.RGBA {
	b := m.Bounds()
	return placed(m, b.Dx(), b.Dy(), func(x, y int) (int, int) { return b.Dx() - 1 - x, y })
}

// Turned is the picture turned by a right angle, clockwise.
func Turned(m image.Image) *image.RGBA {
	b := m.Bounds()
	return placed(m, b.Dy(), b.Dx(), func(x, y int) (int, int) { return y, b.Dy() - 1 - x })
}

// Upright is the picture as an EXIF orientation, 1 to 8, says that it is seen.
func Upright(m image.Image, orientation int) image.Image {
	if orientation < 2 || orientation > 8 {
		return m
	}
	turns := [...]int{2: 0, 3: 2, 4: 2, 5: 1, 6: 1, 7: 3, 8: 3}[orientation]
	for range turns {
		m = Turned(m)
	}
	if orientation == 2 || orientation == 4 || orientation == 5 || orientation == 7 {
		m = Mirrored(m)
	}
	return m
}

// placed fills a new picture with the pixels that from names, counted from the
// old one's corner.
func placed(m image.Image, w, h int, from func(x, y int) (int, int)) *image.RGBA {
	in, out := plain(m), image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			out.SetRGBA(x, y, in.RGBAAt(from(x, y)))
		}
	}
	return out
}

// plain is the picture with its corner at 0, 0.
func plain(m image.Image) *image.RGBA {
	b := m.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(out, out.Bounds(), m, b.Min, draw.Src)
	return out
}

// JPEG writes a picture in a quality from 1 to 100.
func JPEG(m image.Image, quality int) []byte {
	var out bytes.Buffer
	if err := jpeg.Encode(&out, m, &jpeg.Options{Quality: quality}); err != nil {
		panic(err) // into memory, only the size of the picture could be wrong
	}
	return out.Bytes()
}

// PNG writes a picture without loss.
func PNG(m image.Image) []byte {
	var out bytes.Buffer
	if err := png.Encode(&out, m); err != nil {
		panic(err) // into memory, only the size of the picture could be wrong
	}
	return out.Bytes()
}

// Tiny is a PNG of 32 by 24 pixels for who only needs a file; another seed
// gives another one.
func Tiny(seed int) []byte {
	m := image.NewRGBA(image.Rect(0, 0, 32, 24))
	for x := range 32 {
		for y := range 24 {
			m.Set(x, y, color.RGBA{uint8(seed + x*7), uint8(seed>>8 + y*5), uint8(seed>>16 + x*y), 255})
		}
	}
	return PNG(m)
}

// GIF writes a picture in 256 colours.
func GIF(m image.Image) []byte {
	var out bytes.Buffer
	if err := gif.Encode(&out, m, nil); err != nil {
		panic(err) // into memory, only the size of the picture could be wrong
	}
	return out.Bytes()
}

// TIFF writes a picture as scanners do.
func TIFF(m image.Image) []byte {
	var out bytes.Buffer
	if err := tiff.Encode(&out, m, &tiff.Options{Compression: tiff.Deflate}); err != nil {
		panic(err) // into memory, only the size of the picture could be wrong
	}
	return out.Bytes()
}
