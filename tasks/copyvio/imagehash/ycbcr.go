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

	mixed   []uint32  // colours of one row
	between bool      // pixels lie between two colours of a row
	rounds  [2]uint32 // what is added for even and odd pixels before rounding down
	// What a colour adds to luma, by its value + beyond: the conversion leaves the
	// range of 0 to 255 by up to 227 on either side, where it is cut off.
	red, green, blue [valuesOfColour]float32
}

const (
	beyond         = 384
	valuesOfColour = 1024
)

func newYCbCr(img *image.YCbCr) *ycbcr {
	m := &ycbcr{YCbCr: img, across: 1, down: 1}
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
	m.mixed = make([]uint32, m.cols+2)
	m.between = m.across == 2 && m.cols > 2
	m.rounds = [2]uint32{8 * both, 7 * both}
	if m.down == 1 {
		m.rounds = [2]uint32{4 * both, 8 * both}
	}
	for v := range m.red {
		cut := float32(max(0, min(v-beyond, 255)))
		m.red[v], m.green[v], m.blue[v] = redWeight*cut, greenWeight*cut, blueWeight*cut
	}
	return m
}

func (m *ycbcr) sample(out []float32, y int, cols []int) {
	row, colours := m.Y[y*m.YStride:], m.colours(y)
	if !m.between {
		for i, x := range cols {
			c := colours[x/m.across+1]
			out[i] = m.luma(int32(row[x]), int32(c>>4&0xff), int32(c>>20))
		}
		return
	}
	for i, x := range cols {
		near, odd := x>>1+1, x&1
		c := 3*colours[near] + colours[near+2*odd-1] + m.rounds[odd]
		out[i] = m.luma(int32(row[x]), int32(c>>4&0xff), int32(c>>20))
	}
}

// Two colours are worked on at once, Cb in the lower half of a word and Cr in the
// upper; none grows beyond 12 bits. Both is one of each.
const both = 1<<16 | 1

// colours are those of the pixels of row y, with the outermost repeated on both
// sides: times 4 where the colours between are still to be mixed, else times 16.
func (m *ycbcr) colours(y int) []uint32 {
	near, far := m.colourRows(y)
	cb, cr, cb2, cr2 := m.Cb[near:near+m.cols], m.Cr[near:near+m.cols], m.Cb[far:far+m.cols], m.Cr[far:far+m.cols]
	in := m.mixed[1 : 1+len(cb)]
	for i := range in {
		here, next := uint32(cb[i])|uint32(cr[i])<<16, uint32(cb2[i])|uint32(cr2[i])<<16
		in[i] = 3*here + next
	}
	if !m.between {
		round := uint32(1+y%2) * both
		for i := range in {
			in[i] = (in[i] + round) << 2
		}
	}
	m.mixed[0], m.mixed[len(in)+1] = in[0], in[len(in)-1]
	return m.mixed
}

// colourRows are where the colours of a row of pixels start: the row that they
// lie in and the next one on their side, which may be the same.
func (m *ycbcr) colourRows(y int) (near, far int) {
	at := y / m.down
	next := at
	if m.down == 2 && (m.across == 1 || m.between) {
		next = min(max(at-1+y%2*2, 0), m.rows-1)
	}
	return at * m.CStride, next * m.CStride
}

// luma goes by way of RGB, as ITU-R BT.601 has it in full range.
func (m *ycbcr) luma(y, cb, cr int32) float32 {
	const half = 1 << 15
	y, cb, cr = y+beyond, cb-128, cr-128
	r := uint32(y + (91881*cr+half)>>16)
	g := uint32(y + (-22554*cb-46802*cr+half)>>16)
	b := uint32(y + (116130*cb+half)>>16)
	return m.red[r%valuesOfColour] + m.green[g%valuesOfColour] + m.blue[b%valuesOfColour]
}
