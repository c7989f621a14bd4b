package imagehash

import "image"

// ycbcr converts the pixels of a JPEG as libjpeg does, with which the reference
// is built: colours that are stored at half of the resolution are interpolated
// ("fancy upsampling": jdsample.c of libjpeg-turbo), converted to RGB by fixed
// point and cut off at 0 and 255 (jdcolor.c), and only then made luma. Taking the
// stored luma as it is would be quicker and up to 10 bits off the reference.
type ycbcr struct {
	*image.YCbCr
	across, down int // how many pixels share a colour
	cols, rows   int // of colours
}

func newYCbCr(img *image.YCbCr) ycbcr {
	m := ycbcr{YCbCr: img, across: 1, down: 1}
	switch img.SubsampleRatio {
	case image.YCbCrSubsampleRatio422:
		m.across = 2
	case image.YCbCrSubsampleRatio420:
		m.across, m.down = 2, 2
	case image.YCbCrSubsampleRatio440:
		m.down = 2
	case image.YCbCrSubsampleRatio411:
		m.across = 4
	case image.YCbCrSubsampleRatio410:
		m.across, m.down = 4, 2
	}
	m.cols = (img.Rect.Dx() + m.across - 1) / m.across
	m.rows = (img.Rect.Dy() + m.down - 1) / m.down
	return m
}

func (m ycbcr) sample(out []float32, y int, cols []int) {
	row := m.Y[y*m.YStride:]
	near, far := m.colourRows(y)
	for i, x := range cols {
		cb, cr := m.colour(near, far, x)
		out[i] = lumaOfYCbCr(int32(row[x]), cb, cr)
	}
}

// colourRows are where the colours of a row of pixels start: the row that they
// lie in and the next one on their side, which may be the same.
func (m ycbcr) colourRows(y int) (near, far int) {
	at := y / m.down
	next := at
	if m.down == 2 && m.across <= 2 {
		next = min(max(at-1+y%2*2, 0), m.rows-1)
	}
	return at * m.CStride, next * m.CStride
}

// colour of pixel x, where the rows of colours start at near and far.
func (m ycbcr) colour(near, far, x int) (cb, cr int32) {
	at := x / m.across
	if m.across == 1 && m.down == 1 || m.across > 2 || m.cols <= 2 {
		return int32(m.Cb[near+at]), int32(m.Cr[near+at])
	}
	next, round := at, int32(8)
	if m.across == 2 {
		odd := x % 2
		next = min(max(at-1+odd*2, 0), m.cols-1)
		round -= int32(odd)
	}
	return m.mixed(m.Cb, near, far, at, next, round), m.mixed(m.Cr, near, far, at, next, round)
}

// mixed weighs the near colours 3 to 1 in either direction.
func (m ycbcr) mixed(c []uint8, near, far, at, next int, round int32) int32 {
	this := 3*int32(c[near+at]) + int32(c[far+at])
	that := 3*int32(c[near+next]) + int32(c[far+next])
	return (3*this + that + round) >> 4
}

// lumaOfYCbCr goes by way of RGB, as ITU-R BT.601 has it in full range.
func lumaOfYCbCr(y, cb, cr int32) float32 {
	const half = 1 << 15
	cb, cr = cb-128, cr-128
	r := y + (91881*cr+half)>>16
	g := y + (-22554*cb-46802*cr+half)>>16
	b := y + (116130*cb+half)>>16
	return luma(clamp(r), clamp(g), clamp(b))
}

func clamp(v int32) uint8 { return uint8(max(0, min(v, 255))) }
