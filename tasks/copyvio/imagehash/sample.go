package imagehash

import (
	"image"
	"image/color"
)

// view says which pixels of a stored picture are sampled. A picture with a side
// above 512 is sampled at 512x512 places whatever its shape, each at the pixel
// left of and above it, as the reference does it.
type view struct {
	cols, rows []int // of the stored picture
	swap       bool  // rows of the view are columns of the picture
	size       image.Point
}

// upright is the view that shows a picture as its EXIF orientation means it, see
// Exif 2.3, 4.6.4, tag 274. Orientation 1 is the picture as it is stored.
func upright(size image.Point, orientation int) view {
	swap := orientation >= 5
	w, h := size.X, size.Y
	if swap {
		w, h = h, w
	}
	mirrored := orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8
	flipped := orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7
	v := view{places(w, w, h), places(h, w, h), swap, size}
	if swap {
		v.cols, v.rows = v.rows, v.cols
	}
	if mirrored {
		reverse(v.cols, size.X)
	}
	if flipped {
		reverse(v.rows, size.Y)
	}
	return v
}

// places are the sampled ones of n pixels.
func places(n, w, h int) []int {
	m := n
	if w > largest || h > largest {
		m = largest
	}
	at := make([]int, m)
	for i := range at {
		at[i] = i * n / m
	}
	return at
}

// reverse counts places from the other end.
func reverse(places []int, n int) {
	for i, at := range places {
		places[i] = n - 1 - at
	}
}

// see samples a picture.
func (v view) see(from sampler) *grid {
	g := newGrid(len(v.cols), len(v.rows))
	g.across, g.down = float64(v.size.X)/float64(g.w), float64(v.size.Y)/float64(g.h)
	for i, y := range v.rows {
		from.sample(g.row(i), y, v.cols)
	}
	if v.swap {
		return g.transposed()
	}
	return g
}

// sampler gives the luma of pixels of one row, flattened on white; coordinates
// start at 0.
type sampler interface {
	sample(out []float32, y int, cols []int)
}

// What the channels add to luma, in the reference.
const redWeight, greenWeight, blueWeight float32 = 0.299, 0.587, 0.114

// luma is that of the reference, from full-range sRGB values.
func luma(r, g, b uint8) float32 {
	return float32(redWeight*float32(r)) + float32(greenWeight*float32(g)) + float32(blueWeight*float32(b))
}

func samplerOf(img image.Image) sampler {
	switch img := img.(type) {
	case *image.YCbCr:
		if img.Rect.Min == (image.Point{}) { // else a colour may be shared across its edge
			return newYCbCr(img)
		}
	case *image.Gray:
		return gray{img}
	case *image.RGBA:
		return rgba{img}
	case *image.NRGBA:
		return nrgba{img}
	case *image.Paletted:
		return newPaletted(img)
	}
	return other{img}
}

type gray struct{ *image.Gray }

func (m gray) sample(out []float32, y int, cols []int) {
	row := m.Pix[y*m.Stride:]
	for i, x := range cols {
		out[i] = float32(row[x])
	}
}

type rgba struct{ *image.RGBA }

func (m rgba) sample(out []float32, y int, cols []int) {
	row := m.Pix[y*m.Stride:]
	for i, x := range cols {
		p := row[4*x : 4*x+4 : 4*x+4]
		white := 255 - p[3]
		out[i] = luma(p[0]+white, p[1]+white, p[2]+white)
	}
}

type nrgba struct{ *image.NRGBA }

func (m nrgba) sample(out []float32, y int, cols []int) {
	row := m.Pix[y*m.Stride:]
	for i, x := range cols {
		p := row[4*x : 4*x+4 : 4*x+4]
		out[i] = luma(onWhite(p[0], p[3]), onWhite(p[1], p[3]), onWhite(p[2], p[3]))
	}
}

// onWhite lays a value of some opacity on white.
func onWhite(v, opacity uint8) uint8 {
	a := int(opacity)
	return uint8((int(v)*a + 255*(255-a) + 127) / 255)
}

type paletted struct {
	*image.Paletted
	luma [256]float32
}

func newPaletted(img *image.Paletted) *paletted {
	m := &paletted{Paletted: img}
	for i, c := range img.Palette[:min(len(img.Palette), len(m.luma))] {
		m.luma[i] = lumaOf(c)
	}
	return m
}

func (m *paletted) sample(out []float32, y int, cols []int) {
	row := m.Pix[y*m.Stride:]
	for i, x := range cols {
		out[i] = m.luma[row[x]]
	}
}

// other is any other kind of picture: CMYK, 16 bits, YCbCr with alpha.
type other struct{ image.Image }

func (m other) sample(out []float32, y int, cols []int) {
	at := m.Bounds().Min
	for i, x := range cols {
		out[i] = lumaOf(m.At(at.X+x, at.Y+y))
	}
}

func lumaOf(c color.Color) float32 {
	p := color.NRGBAModel.Convert(c).(color.NRGBA)
	return luma(onWhite(p.R, p.A), onWhite(p.G, p.A), onWhite(p.B, p.A))
}
