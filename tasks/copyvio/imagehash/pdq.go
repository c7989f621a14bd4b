package imagehash

import (
	"math"
	"sync"
)

const (
	largest     = 512 // a picture with a longer side is sampled to largest x largest
	side        = 64  // of the square that is transformed
	leastSide   = 5   // below it there is no hash
	frequencies = 16
)

type (
	square16 [frequencies][frequencies]float32
	square64 [side][side]float32
)

// Every product of floats stands in a conversion of its own: without it Go may
// fuse it with the sum (on arm64, and on amd64 above v1), and the bits would
// depend on the machine.

// pdqOf gives the coefficients and the quality of a picture. All sums are made in
// the order of the C++ reference, so that they round alike. The grid is used up.
func pdqOf(g *grid) (square16, int) {
	if g.w < leastSide || g.h < leastSide {
		return square16{}, 0
	}
	small := g.shrunk()
	return small.transformed(), small.quality()
}

// shrunk is the picture as a square of 64: a box filter twice in both directions
// (a Jarosz filter, nearly a triangle), then the sample at each centre.
func (g *grid) shrunk() *square64 {
	small := new(square64)
	if g.w == side && g.h == side {
		for i := range small {
			copy(small[i][:], g.row(i))
		}
		return small
	}
	across, down := window(g.w), window(g.h)
	a, narrow := newGrid(g.w, g.h), newGrid(side, g.h)
	boxAcross(g, a, across)
	boxDown(a, down, func(i int, row []float32) { copy(g.row(i), row) })
	boxAcross(g, a, across)
	for i := range g.h {
		row, to := a.row(i), narrow.row(i)
		for j := range to {
			to[j] = row[centre(j, g.w)]
		}
	}
	next := 0
	boxDown(narrow, down, func(i int, row []float32) {
		for ; next < side && centre(next, g.h) == i; next++ {
			copy(small[next][:], row)
		}
	})
	return small
}

// centre of one of 64 equal parts of a side of n.
func centre(i, n int) int { return (2*i + 1) * n / (2 * side) }

// window of the box filter for a side of n.
func window(n int) int { return (n + 2*side - 1) / (2 * side) }

// quality is how much the picture changes from place to place, in percent steps
// of the range of luma, 0 to 100.
func (a *square64) quality() int {
	sum := 0
	for i := range side {
		for j := range side {
			if i+1 < side {
				sum += step(a[i][j], a[i+1][j])
			}
			if j+1 < side {
				sum += step(a[i][j], a[i][j+1])
			}
		}
	}
	return min(sum/90, 100)
}

func step(u, v float32) int {
	d := int(float32((u-v)*100) / 255)
	return max(d, -d)
}

// cosines are rows 1 to 16 of the DCT-II of 64, without the constant one.
func cosines() *[frequencies][side]float32 { return onceCosines() }

var onceCosines = sync.OnceValue(func() *[frequencies][side]float32 {
	scale := float64(float32(math.Sqrt(2.0 / side)))
	rows := new([frequencies][side]float32)
	for i := range rows {
		for j := range rows[i] {
			rows[i][j] = float32(scale * math.Cos(math.Pi/2/side*float64((i+1)*(2*j+1))))
		}
	}
	return rows
})

// transformed is the DCT in both directions, frequencies 1 to 16.
func (a *square64) transformed() (out square16) {
	d := cosines()
	var t [frequencies][side]float32
	for i := range t {
		for k := range side {
			f := d[i][k]
			for j, v := range &a[k] {
				t[i][j] += float32(f * v)
			}
		}
	}
	for i := range out {
		for j := range out[i] {
			var sum float32
			for k, v := range &t[i] {
				sum += float32(v * d[j][k])
			}
			out[i][j] = sum
		}
	}
	return out
}

// turned is the transform of the picture in another orientation.
func (a *square16) turned(o Orientation) *square16 {
	s, out := o.symmetry(), new(square16)
	for i := range a {
		for j, v := range a[i] {
			toI, toJ, negative := s.moves(i+1, j+1, i, j)
			if negative {
				v = -v
			}
			out[toI][toJ] = v
		}
	}
	return out
}

// code has a bit for each coefficient: whether it is above their median. Bit 0,
// the last of the text, is that of the lowest frequencies.
func (a *square16) code() (c Code) {
	m := a.median()
	for i := range a {
		for j, v := range a[i] {
			if v > m {
				k := i*frequencies + j
				c[3-k/64] |= 1 << (k % 64)
			}
		}
	}
	return c
}

// median is found by Torben Mogensen's search: it halves the range of values
// until the middle is met. The reference takes its answer for an even number of
// values, the lower of the two in the middle.
func (a *square16) median() float32 {
	least, most := a[0][0], a[0][0]
	for i := range a {
		for _, v := range a[i] {
			least, most = min(least, v), max(most, v)
		}
	}
	const half = (frequencies*frequencies + 1) / 2
	for {
		guess := (least + most) / 2
		below, above, equal := 0, 0, 0
		under, over := least, most
		for i := range a {
			for _, v := range a[i] {
				switch {
				case v < guess:
					below, under = below+1, max(under, v)
				case v > guess:
					above, over = above+1, min(over, v)
				default:
					equal++
				}
			}
		}
		switch {
		case below > half:
			most = under
		case above > half:
			least = over
		case below >= half:
			return under
		case below+equal >= half:
			return guess
		default:
			return over
		}
	}
}
