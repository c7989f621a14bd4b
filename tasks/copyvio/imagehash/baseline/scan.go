package baseline

import (
	"bytes"
	"encoding/binary"
)

const (
	// spare zeros behind the data are more than a unit of 6 blocks can take, so
	// that running out is noticed once a unit and not at every bit.
	spare = 6*64*4 + 8

	blockSide = 8
)

// bits are read from a piece of the scan. The next one is the highest of held.
type bits struct {
	data []byte // with spare zeros
	end  int    // of the true ones
	at   int
	held uint64
	n    uint
}

// fill holds at least 32 bits: no code with what follows it has more than 31.
func (b *bits) fill() {
	if b.n <= 32 {
		b.held |= uint64(binary.BigEndian.Uint32(b.data[b.at:])) << (32 - b.n)
		b.at += 4
		b.n += 32
	}
}

func (b *bits) skip(n uint) {
	b.held <<= n
	b.n -= n
}

// ran out says whether more bits were taken than there are.
func (b *bits) ranOut() bool { return 8*b.at-int(b.n) > 8*b.end }

// piece takes entropy-coded data up to the next marker, without the zeros that
// are stuffed in after 0xff (T.81 B.1.1.5).
func (d *decoder) piece(b *bits) {
	out := b.data[:0]
	for {
		i := bytes.IndexByte(d.rest, 0xff)
		if i < 0 || i+1 == len(d.rest) {
			out, d.rest = append(out, d.rest...), nil
			break
		}
		out = append(out, d.rest[:i]...)
		if d.rest[i+1] != 0 {
			d.rest = d.rest[i:]
			break
		}
		out = append(out, 0xff)
		d.rest = d.rest[i+2:]
	}
	*b = bits{data: append(out, make([]byte, spare)...), end: len(out)}
}

// scan decodes all units, which stand row by row.
func (d *decoder) scan() error {
	across, down := d.units()
	b := &bits{data: make([]byte, 0, len(d.rest)+spare)}
	d.piece(b)
	for unit := range across * down {
		if d.interval > 0 && unit > 0 && unit%d.interval == 0 {
			if !d.restart(b, unit/d.interval-1) {
				return other("a restart is missing")
			}
		}
		if !d.unit(b, unit%across, unit/across) {
			return other("a code is wrong")
		}
		if b.ranOut() {
			return other("its data end early")
		}
	}
	return nil
}

// restart begins anew behind a restart marker, of which the count is known.
func (d *decoder) restart(b *bits, count int) bool {
	if len(d.rest) < 2 || d.rest[1] != markerRST0+byte(count%8) {
		return false
	}
	d.rest = d.rest[2:]
	d.piece(b)
	for i := range d.components {
		d.components[i].previous = 0
	}
	return true
}

func (d *decoder) unit(b *bits, column, row int) bool {
	var coefficients block
	for i := range d.components {
		c := &d.components[i]
		for y := range c.down {
			for x := range c.across {
				filled, ok := c.decode(b, &coefficients)
				if !ok {
					return false
				}
				at := (row*c.down+y)*blockSide*c.stride + (column*c.across+x)*blockSide
				coefficients.draw(filled, c.pix[at:], c.stride)
			}
		}
	}
	return true
}

// decode reads one block, T.81 F.2.2, into coefficients that are zero before.
func (c *component) decode(b *bits, to *block) (columns, bool) {
	b.fill()
	size, ok := c.dc.symbol(b)
	if !ok || size > 15 {
		return 0, false
	}
	c.previous += b.value(uint(size))
	to[0] = c.previous * c.places[0].divisor
	filled := columns(0)
	// What bits holds is kept at hand here: this loop is where the time goes.
	held, n := b.held, b.n
	for k := uint(1); k < 64; k++ {
		if n <= 32 {
			held |= uint64(binary.BigEndian.Uint32(b.data[b.at:])) << (32 - n)
			b.at, n = b.at+4, n+32
		}
		w := c.ac.whole[held>>(64-ahead)]
		if w.length == 0 {
			b.held, b.n = held, n
			if w, ok = c.ac.part(b); !ok {
				return 0, false
			}
			if held, n = b.held, b.n; w.zeros == endOfBlock {
				break
			}
		}
		held <<= w.length & 63
		n -= uint(w.length)
		if k += uint(w.zeros); k > 63 {
			return 0, false
		}
		p := c.places[k]
		to[p.at&63] = int32(w.value) * p.divisor
		filled |= p.columns
	}
	b.held, b.n = held, n
	return filled, true
}

// value reads a signed number of so many bits, T.81 F.2.2.1.
func (b *bits) value(size uint) int32 {
	v := int32(b.held >> (64 - size))
	b.skip(size)
	if size > 0 && v < 1<<(size-1) {
		v += -1<<size + 1
	}
	return v
}
