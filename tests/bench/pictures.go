package bench

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"math/rand/v2"

	"golang.org/x/image/draw"
	"golang.org/x/image/math/f64"
)

// photo draws a picture that is about as rough as photographs are: shapes, and
// noise at all scales, strongest in the coarse ones. The same seed gives the same.
func photo(seed uint64, w, h int) *image.RGBA {
	r := rand.New(rand.NewPCG(seed, 960))
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for _, layer := range []struct {
		cells   int
		opacity uint8
	}{{3, 255}, {7, 150}, {19, 110}, {60, 70}, {240, 40}, {700, 14}} {
		noise := image.NewNRGBA(image.Rect(0, 0, layer.cells, max(2, layer.cells*h/w)))
		for i := range noise.Pix {
			noise.Pix[i] = uint8(r.UintN(256))
			if i%4 == 3 {
				noise.Pix[i] = layer.opacity
			}
		}
		draw.ApproxBiLinear.Scale(img, img.Rect, noise, noise.Rect, draw.Over, nil)
	}
	for range 4 + r.IntN(5) {
		x, y := r.IntN(w), r.IntN(h)
		shape := image.Rect(x, y, x+w/12+r.IntN(w/4), y+h/12+r.IntN(h/4))
		draw.Draw(img, shape, image.NewUniform(color.NRGBA{uint8(r.UintN(256)), uint8(r.UintN(256)), uint8(r.UintN(256)), 190}), image.Point{}, draw.Over)
	}
	return img
}

// asJPEG is the picture as a file.
func asJPEG(img image.Image, quality int) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
		panic(err) // a buffer takes everything, and the quality is ours
	}
	return b.Bytes()
}

// change is something that people do to pictures.
type change struct {
	name string
	made func(img *image.RGBA) []byte
}

func changes() []change {
	drawn := func(name string, made func(*image.RGBA) image.Image) change {
		return change{name, func(img *image.RGBA) []byte { return asJPEG(made(img), 85) }}
	}
	all := []change{
		drawn("as it is", func(img *image.RGBA) image.Image { return img }),
		drawn("330 px", func(img *image.RGBA) image.Image { return resized(img, 330, 330*img.Rect.Dy()/img.Rect.Dx()) }),
		drawn("120 px", func(img *image.RGBA) image.Image { return resized(img, 120, 120*img.Rect.Dy()/img.Rect.Dx()) }),
		drawn("squeezed to a square", func(img *image.RGBA) image.Image { return resized(img, 600, 600) }),
		{"half the size, JPEG 70", func(img *image.RGBA) []byte {
			return asJPEG(resized(img, img.Rect.Dx()/2, img.Rect.Dy()/2), 70)
		}},
		{"JPEG 50", func(img *image.RGBA) []byte { return asJPEG(img, 50) }},
		{"JPEG 20", func(img *image.RGBA) []byte { return asJPEG(img, 20) }},
		drawn("grey", func(img *image.RGBA) image.Image { return converted(image.NewGray(img.Rect), img) }),
		drawn("brighter", func(img *image.RGBA) image.Image { return toned(img, 1.0, 35) }),
		drawn("more contrast", func(img *image.RGBA) image.Image { return toned(img, 1.4, -50) }),
		drawn("blurred", func(img *image.RGBA) image.Image { return resized(resized(img, 160, 107), 960, 640) }),
		drawn("white box in the middle", func(img *image.RGBA) image.Image { return boxed(img, 0.3, 0.42, 0.7, 0.58, color.White) }),
		drawn("dark bar at the foot", func(img *image.RGBA) image.Image { return boxed(img, 0, 0.88, 1, 1, color.Gray{30}) }),
	}
	for _, share := range []string{"2%", "5%"} {
		all = append(all, drawn("border "+share, func(img *image.RGBA) image.Image { return bordered(img, percent(share)) }))
	}
	for _, share := range []string{"98%", "95%", "90%", "80%"} {
		all = append(all, drawn("cropped to "+share, func(img *image.RGBA) image.Image { return cropped(img, percent(share)) }))
	}
	return append(all,
		drawn("turned by 1°", func(img *image.RGBA) image.Image { return tilted(img, 1) }),
		drawn("turned by 2°", func(img *image.RGBA) image.Image { return tilted(img, 2) }),
		drawn("mirrored", mirrored),
		drawn("turned by 90°", turned90),
	)
}

func percent(share string) float64 {
	n := 0
	for _, digit := range share[:len(share)-1] {
		n = 10*n + int(digit-'0')
	}
	return float64(n) / 100
}

func converted(to draw.Image, from image.Image) image.Image {
	draw.Draw(to, to.Bounds(), from, from.Bounds().Min, draw.Src)
	return to
}

func resized(img *image.RGBA, w, h int) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.CatmullRom.Scale(out, out.Rect, img, img.Rect, draw.Src, nil)
	return out
}

// toned makes differences from grey larger, and everything lighter.
func toned(img *image.RGBA, contrast, light float64) image.Image {
	out := image.NewRGBA(img.Rect)
	for i, v := range img.Pix {
		out.Pix[i] = uint8(max(0, min(255, float64(v)*contrast+light)))
		if i%4 == 3 {
			out.Pix[i] = 255
		}
	}
	return out
}

func boxed(img *image.RGBA, left, top, right, bottom float64, c color.Color) image.Image {
	out := converted(image.NewRGBA(img.Rect), img).(*image.RGBA)
	w, h := float64(img.Rect.Dx()), float64(img.Rect.Dy())
	box := image.Rect(int(left*w), int(top*h), int(right*w), int(bottom*h))
	draw.Draw(out, box, image.NewUniform(c), image.Point{}, draw.Src)
	return out
}

func bordered(img *image.RGBA, share float64) image.Image {
	x, y := int(share*float64(img.Rect.Dx())), int(share*float64(img.Rect.Dy()))
	out := image.NewRGBA(image.Rect(0, 0, img.Rect.Dx()+2*x, img.Rect.Dy()+2*y))
	draw.Draw(out, out.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(out, img.Rect.Add(image.Pt(x, y)), img, image.Point{}, draw.Src)
	return out
}

func cropped(img *image.RGBA, share float64) image.Image {
	x, y := int((1-share)/2*float64(img.Rect.Dx())), int((1-share)/2*float64(img.Rect.Dy()))
	return img.SubImage(image.Rect(x, y, img.Rect.Dx()-x, img.Rect.Dy()-y))
}

// tilted turns about the middle, with white in the corners.
func tilted(img *image.RGBA, degrees float64) image.Image {
	out := image.NewRGBA(img.Rect)
	draw.Draw(out, out.Rect, image.White, image.Point{}, draw.Src)
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	x, y := float64(img.Rect.Dx())/2, float64(img.Rect.Dy())/2
	about := f64.Aff3{cos, -sin, x - cos*x + sin*y, sin, cos, y - sin*x - cos*y}
	draw.BiLinear.Transform(out, about, img, img.Rect, draw.Over, nil)
	return out
}

func mirrored(img *image.RGBA) image.Image {
	out := image.NewRGBA(img.Rect)
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			out.SetRGBA(x, y, img.RGBAAt(img.Rect.Dx()-1-x, y))
		}
	}
	return out
}

func turned90(img *image.RGBA) image.Image {
	out := image.NewRGBA(image.Rect(0, 0, img.Rect.Dy(), img.Rect.Dx()))
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			out.SetRGBA(x, y, img.RGBAAt(img.Rect.Dx()-1-y, x))
		}
	}
	return out
}
