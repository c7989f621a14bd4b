package baseline

// block is 8x8 coefficients, or what becomes of them.
type block [64]int32

// The inverse DCT is that of Loeffler, Ligtenberg and Moschytz (ICASSP 1989) in
// integers, with the precision and rounding of libjpeg's jidctint.c: constants
// have 13 bits, and 2 bits are kept between the passes. Roots of the paper by
// their value:
const (
	precision = 13
	kept      = 2

	c0298 = 2446
	c0390 = 3196
	c0541 = 4433
	c0765 = 6270
	c0899 = 7373
	c1175 = 9633
	c1501 = 12299
	c1847 = 15137
	c1961 = 16069
	c2053 = 16819
	c2562 = 20995
	c3072 = 25172
)

// columns says where coefficients of a block are: it has a bit for each column
// with any below the first row, and the bit beside for any beside the first column.
type columns uint16

const beside columns = 1 << blockSide

func columnsOf(at uint8) (c columns) {
	if at >= blockSide {
		c |= 1 << (at % blockSide)
	}
	if at%blockSide > 0 {
		c |= beside
	}
	return c
}

// draw writes the 8x8 samples of a block, and leaves the coefficients zero.
func (b *block) draw(filled columns, to []byte, stride int) {
	if filled == 0 {
		even(to, stride, b[0]<<kept)
		b[0] = 0
		return
	}
	for c := range uint(blockSide) {
		if filled>>c&1 != 0 {
			b.column(c)
			continue
		}
		if v := b[c] << kept; v != 0 {
			for at := c; at < 64; at += blockSide {
				b[at] = v
			}
		}
	}
	if filled&beside == 0 {
		for row := range blockSide {
			level((*[blockSide]byte)(to[row*stride:]), b[row*blockSide])
		}
	} else {
		for row := range blockSide {
			draw((*[blockSide]byte)(to[row*stride:]), (*[blockSide]int32)(b[row*blockSide:]))
		}
	}
	*b = block{}
}

// even writes a block that has nothing but its mean.
func even(to []byte, stride int, v int32) {
	for row := range blockSide {
		level((*[blockSide]byte)(to[row*stride:]), v)
	}
}

// level writes a row of one value.
func level(to *[blockSide]byte, v int32) {
	s := sample((v + 1<<(kept+2)) >> (kept + 3))
	*to = [blockSide]byte{s, s, s, s, s, s, s, s}
}

// sample is a value about 0 as a byte.
func sample(v int32) byte {
	v += 128
	if uint32(v) <= 255 {
		return byte(v)
	}
	return byte(^(v >> 31))
}

// column transforms one column in place.
func (b *block) column(c uint) {
	const shift = precision - kept
	c %= blockSide
	e0, e1, e2, e3 := evens(b[c], b[c+16], b[c+32], b[c+48], 1<<(shift-1))
	o0, o1, o2, o3 := odds(b[c+8], b[c+24], b[c+40], b[c+56])
	b[c], b[c+56] = (e0+o3)>>shift, (e0-o3)>>shift
	b[c+8], b[c+48] = (e1+o2)>>shift, (e1-o2)>>shift
	b[c+16], b[c+40] = (e2+o1)>>shift, (e2-o1)>>shift
	b[c+24], b[c+32] = (e3+o0)>>shift, (e3-o0)>>shift
}

// draw transforms one row.
func draw(to *[blockSide]byte, x *[blockSide]int32) {
	const shift = precision + kept + 3
	e0, e1, e2, e3 := evens(x[0], x[2], x[4], x[6], 1<<(shift-1))
	o0, o1, o2, o3 := odds(x[1], x[3], x[5], x[7])
	to[0], to[7] = sample((e0+o3)>>shift), sample((e0-o3)>>shift)
	to[1], to[6] = sample((e1+o2)>>shift), sample((e1-o2)>>shift)
	to[2], to[5] = sample((e2+o1)>>shift), sample((e2-o1)>>shift)
	to[3], to[4] = sample((e3+o0)>>shift), sample((e3-o0)>>shift)
}

// evens are the four values that come of the even frequencies, and what rounds.
func evens(x0, x2, x4, x6, round int32) (e0, e1, e2, e3 int32) {
	z := (x2 + x6) * c0541
	a2, a3 := z-x6*c1847, z+x2*c0765
	a0, a1 := (x0+x4)<<precision+round, (x0-x4)<<precision+round
	return a0 + a3, a1 + a2, a1 - a2, a0 - a3
}

// odds are what the odd frequencies add to one half and take from the other.
func odds(x1, x3, x5, x7 int32) (o0, o1, o2, o3 int32) {
	z := (x7 + x3 + x5 + x1) * c1175
	z1, z2 := (x7+x1)*c0899, (x5+x3)*c2562
	z3, z4 := z-(x7+x3)*c1961, z-(x5+x1)*c0390
	return x7*c0298 - z1 + z3, x5*c2053 - z2 + z4, x3*c3072 - z2 + z3, x1*c1501 - z1 + z4
}
