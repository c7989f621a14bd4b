// Package baseline decodes the most common kind of JPEG, quickly and exactly as
// libjpeg does: baseline or extended sequential DCT, Huffman coding, 8 bits, grey
// or YCbCr with colours at full or half resolution, all in one scan (ITU-T T.81).
// That is what wikis render as thumbnails.
//
// It exists for two reasons. Decoding takes most of the time of hashing, and this
// takes less than half as long as image/jpeg. And the inverse DCT is the one of
// libjpeg (jidctint.c), bit by bit, so hashes come out as those of programs that
// are built with it, whatever the release of Go.
//
// Anything else, also what is damaged, is [ErrOther]: image/jpeg then has the word.
package baseline

import (
	"encoding/binary"
	"errors"
	"fmt"
	"image"
)

// ErrOther is a JPEG that is of another kind, or damaged.
var ErrOther = errors.New("not a sound baseline JPEG")

func other(why string) error { return fmt.Errorf("%w: %s", ErrOther, why) }

// Markers, T.81 table B.1.
const (
	markerSOF0  = 0xc0 // baseline
	markerSOF1  = 0xc1 // extended sequential
	markerDHT   = 0xc4
	markerSOF15 = 0xcf
	markerJPG   = 0xc8
	markerDAC   = 0xcc
	markerRST0  = 0xd0
	markerRST7  = 0xd7
	markerEOI   = 0xd9
	markerSOS   = 0xda
	markerDQT   = 0xdb
	markerDRI   = 0xdd
	markerAdobe = 0xee
)

// component is one of Y, Cb and Cr.
type component struct {
	id           byte
	across, down int // blocks in a unit of the scan
	quantization byte
	dc, ac       *huffman
	places       *[64]place
	pix          []byte
	stride       int
	previous     int32 // DC
}

// place is where a coefficient of the scan goes, and by what it was divided.
type place struct {
	divisor int32
	at      uint8
	columns columns
}

type decoder struct {
	rest          []byte
	width, height int
	components    []component
	quantizations [4]*[64]place
	huffmen       [2][4]*huffman // DC and AC
	interval      int            // units between restarts; 0 is none
	adobeRGB      bool
}

// Decode gives an *image.Gray or *image.YCbCr, or [ErrOther]. It makes room for as
// many pixels as the file says it has, so the caller looks at jpeg.DecodeConfig
// first.
func Decode(data []byte) (image.Image, error) {
	if len(data) < 2 || data[0] != 0xff || data[1] != 0xd8 {
		return nil, other("it has no start")
	}
	d := &decoder{rest: data[2:]}
	for {
		marker, segment, err := d.segment()
		if err != nil {
			return nil, err
		}
		if err := d.read(marker, segment); err != nil {
			return nil, err
		}
		if marker == markerSOS {
			if err := d.scan(); err != nil {
				return nil, err
			}
			return d.picture(), nil
		}
	}
}

// segment takes the next one off the data.
func (d *decoder) segment() (marker byte, segment []byte, err error) {
	for len(d.rest) >= 4 && d.rest[0] == 0xff && d.rest[1] == 0xff {
		d.rest = d.rest[1:] // fill
	}
	if len(d.rest) < 4 || d.rest[0] != 0xff {
		return 0, nil, other("a segment is missing")
	}
	marker = d.rest[1]
	end := 2 + int(binary.BigEndian.Uint16(d.rest[2:]))
	if end < 4 || end > len(d.rest) || marker == markerEOI {
		return 0, nil, other("a segment ends early")
	}
	segment, d.rest = d.rest[4:end], d.rest[end:]
	return marker, segment, nil
}

func (d *decoder) read(marker byte, segment []byte) error {
	switch {
	case marker == markerSOF0 || marker == markerSOF1:
		return d.readFrame(segment)
	case marker == markerDHT:
		return d.readHuffmen(segment)
	case marker == markerDQT:
		return d.readQuantizations(segment)
	case marker == markerSOS:
		return d.readScan(segment)
	case marker == markerDRI:
		if len(segment) != 2 {
			return other("its restart interval")
		}
		d.interval = int(binary.BigEndian.Uint16(segment))
	case marker == markerAdobe:
		if len(segment) >= 12 && string(segment[:5]) == "Adobe" {
			d.adobeRGB = segment[11] == 0
		}
	case marker > markerSOF1 && marker <= markerSOF15 || marker >= markerRST0 && marker <= markerRST7:
		return other("it is not sequential")
	}
	return nil
}

// readFrame reads the size and the components, T.81 B.2.2.
func (d *decoder) readFrame(s []byte) error {
	if d.components != nil || len(s) < 6 || s[0] != 8 || len(s) != 6+3*int(s[5]) {
		return other("its frame")
	}
	d.height, d.width = int(binary.BigEndian.Uint16(s[1:])), int(binary.BigEndian.Uint16(s[3:]))
	if d.height == 0 || d.width == 0 || s[5] != 1 && s[5] != 3 {
		return other("its frame")
	}
	for s = s[6:]; len(s) > 0; s = s[3:] {
		d.components = append(d.components, component{
			id: s[0], across: int(s[1] >> 4), down: int(s[1] & 15), quantization: s[2],
		})
	}
	return d.layOut()
}

// layOut makes room for whole units.
func (d *decoder) layOut() error {
	y := &d.components[0]
	if len(d.components) == 1 {
		y.across, y.down = 1, 1
	} else {
		cb, cr := d.components[1], d.components[2]
		rgb := y.id == 'R' && cb.id == 'G' && cr.id == 'B'
		if rgb || d.adobeRGB || cb.across != 1 || cb.down != 1 || cr.across != 1 || cr.down != 1 ||
			y.across < 1 || y.across > 2 || y.down < 1 || y.down > 2 {
			return other("its components")
		}
	}
	across, down := d.units()
	for i := range d.components {
		c := &d.components[i]
		c.stride = across * c.across * 8
		c.pix = make([]byte, c.stride*down*c.down*8)
	}
	return nil
}

// units is how many units of the scan there are.
func (d *decoder) units() (across, down int) {
	y := d.components[0]
	return (d.width + 8*y.across - 1) / (8 * y.across), (d.height + 8*y.down - 1) / (8 * y.down)
}

// readQuantizations reads tables of divisors, T.81 B.2.4.1.
func (d *decoder) readQuantizations(s []byte) error {
	for len(s) > 0 {
		wide, at := int(s[0]>>4), s[0]&15
		if wide > 1 || at > 3 || len(s) < 1+64*(1+wide) {
			return other("its quantization")
		}
		q := new([64]place)
		for i, at := range zigzag() {
			divisor := int32(s[1+i*(1+wide)])
			if wide == 1 {
				divisor = divisor<<8 | int32(s[2+2*i])
			}
			q[i] = place{divisor, at, columnsOf(at)}
		}
		d.quantizations[at], s = q, s[1+64*(1+wide):]
	}
	return nil
}

// zigzag is where the coefficients of a scan stand, T.81 figure A.6.
func zigzag() [64]uint8 {
	return [64]uint8{
		0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5,
		12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
		35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
		58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
	}
}

// readHuffmen reads tables of codes, T.81 B.2.4.2.
func (d *decoder) readHuffmen(s []byte) error {
	for len(s) > 0 {
		class, at := s[0]>>4, s[0]&15
		if class > 1 || at > 3 || len(s) < 17 {
			return other("its Huffman tables")
		}
		h, used := newHuffman(s[1:])
		if h == nil {
			return other("its Huffman tables")
		}
		d.huffmen[class][at], s = h, s[1+used:]
	}
	return nil
}

// readScan reads what comes in the scan, T.81 B.2.3: it must be everything.
func (d *decoder) readScan(s []byte) error {
	n := len(d.components)
	if n == 0 || len(s) != 1+2*n+3 || int(s[0]) != n || d.adobeRGB && n == 3 {
		return other("its scan")
	}
	for i := range d.components {
		c := &d.components[i]
		dc, ac := s[2+2*i]>>4, s[2+2*i]&15
		if s[1+2*i] != c.id || dc > 3 || ac > 3 || c.quantization > 3 {
			return other("its scan")
		}
		c.dc, c.ac, c.places = d.huffmen[0][dc], d.huffmen[1][ac], d.quantizations[c.quantization]
		if c.dc == nil || c.ac == nil || c.places == nil {
			return other("its scan lacks a table")
		}
	}
	return nil
}

func (d *decoder) picture() image.Image {
	rect := image.Rect(0, 0, d.width, d.height)
	y := d.components[0]
	if len(d.components) == 1 {
		return &image.Gray{Pix: y.pix, Stride: y.stride, Rect: rect}
	}
	ratio := [2][2]image.YCbCrSubsampleRatio{
		{image.YCbCrSubsampleRatio444, image.YCbCrSubsampleRatio440},
		{image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio420},
	}[y.across-1][y.down-1]
	cb, cr := d.components[1], d.components[2]
	return &image.YCbCr{Y: y.pix, Cb: cb.pix, Cr: cr.pix, YStride: y.stride, CStride: cb.stride,
		SubsampleRatio: ratio, Rect: rect}
}
