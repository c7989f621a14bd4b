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

// squares are a picture's square of 64, and those of the picture flipped: top-down
// by the first index, left-right by the second.
type squares [2][2]square64

// squaresOf shrinks a picture: a box filter twice in both directions (a Jarosz
// filter, nearly a triangle), then the sample at each centre. All sums are made in
// the order of the C++ reference, so that they round alike. The grid is used up.
func squaresOf(g *grid) *squares {
	if g.w < leastSide || g.h < leastSide {
		return nil
	}
	if g.w == side && g.h == side { // which needs no filter
		return g.narrowed().squares()
	}
	filtered := newGrid(g.w, g.h)
	boxAcross(g, filtered, window(g.w))
	boxDown(filtered, g, window(g.h))
	boxAcross(g, filtered, window(g.w))
	narrow := g.like(filtered).narrowed()
	out := narrow.like(newGrid(narrow.w, narrow.h))
	boxDown(narrow, out, window(g.h))
	return out.squares()
}

// narrowed takes the columns that are needed: those of the centres, and those of
// the flipped centres.
func (g *grid) narrowed() *grid {
	out, cols := g.like(newGrid(2*side, g.h)), centres(g.w, g.across)
	for i := range g.h {
		row, to := g.row(i), out.row(i)
		for j := range side {
			to[j], to[side+j] = row[cols[0][j]], row[cols[1][j]]
		}
	}
	return out
}

// squares takes the rows that are needed of what is narrowed.
func (g *grid) squares() *squares {
	out, rows := new(squares), centres(g.h, g.down)
	for flip := range out {
		for i := range side {
			row := g.row(rows[flip][i])
			copy(out[flip][0][i][:], row[:side])
			copy(out[flip][1][i][:], row[side:])
		}
	}
	return out
}

// window of the box filter for a side of n.
func window(n int) int { return (n + 2*side - 1) / (2 * side) }

// centres of the 64 equal parts of a side of n, and where they would be if the
// picture were flipped. Flipping the numbers alone would not do: sampling a larger
// picture takes the first of the pixels that a sample stands for, and a window of
// even length looks further ahead than back. Both are moved to the other side,
// by whole samples; what is left, and the last centre of a side of 129 to 256,
// which would have to lie outside, costs a few bits. Step is how many pixels a
// sample stands for.
func centres(n int, step float64) (at [2][side]int) {
	moved := 0.0
	if step > 1 {
		moved = 2 - 2/step
	}
	if window(n)%2 == 0 {
		moved -= 2
	}
	for i := range side {
		at[0][i] = (2*i + 1) * n / (2 * side)
		flipped := n - 1 - at[0][i] + int(math.Round(moved))
		at[1][i] = max(0, min(flipped, n-1))
	}
	return at
}

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
func (a *square64) transformed() *square16 {
	out := new(square16)
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
func (a *squares) turned(o Orientation) *square16 {
	s := o.symmetry()
	t := a[one(s.oddRows)][one(s.oddCols)].transformed()
	if s.swap {
		for i := range t {
			for j := range i {
				t[i][j], t[j][i] = t[j][i], t[i][j]
			}
		}
	}
	return t
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
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
