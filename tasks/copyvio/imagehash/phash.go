package imagehash

import (
	"math"
	"slices"
	"sync"
)

const (
	phashSide        = 32
	phashFrequencies = 8
)

type square8 [phashFrequencies][phashFrequencies]float64

// phashOf gives the coefficients that a [PHash] is made of.
func phashOf(g *grid) (out square8) {
	small, d := g.averaged(), phashCosines()
	var t [phashFrequencies][phashSide]float64
	for i := range t {
		for k := range phashSide {
			for j, v := range &small[k] {
				t[i][j] += float64(d[i][k] * v)
			}
		}
	}
	for i := range out {
		for j := range out[i] {
			for k, v := range &t[i] {
				out[i][j] += float64(v * d[j][k])
			}
		}
	}
	return out
}

// averaged is the mean luma of 32x32 equal areas; samples on their borders count
// for the part that is inside.
func (g *grid) averaged() *[phashSide][phashSide]float64 {
	out := new([phashSide][phashSide]float64)
	across, down := parts(g.w), parts(g.h)
	band := make([]float64, g.w)
	for i := range out {
		clear(band)
		for _, r := range down[i] {
			for j, v := range g.row(r.at)[:len(band)] {
				band[j] += float64(r.share * float64(v))
			}
		}
		for j := range out[i] {
			for _, c := range across[j] {
				out[i][j] += float64(c.share * band[c.at])
			}
		}
	}
	return out
}

// part is a sample and its share in an average.
type part struct {
	at    int
	share float64
}

// parts cuts a side of n samples into 32 equal lengths.
func parts(n int) (cut [phashSide][]part) {
	for i := range cut {
		// In units of 1/32 of a sample.
		begin, end := i*n, (i+1)*n
		for at := begin / phashSide; at*phashSide < end; at++ {
			inside := min(end, (at+1)*phashSide) - max(begin, at*phashSide)
			cut[i] = append(cut[i], part{at, float64(inside) / float64(n)})
		}
	}
	return cut
}

func phashCosines() *[phashFrequencies][phashSide]float64 { return oncePHashCosines() }

var oncePHashCosines = sync.OnceValue(func() *[phashFrequencies][phashSide]float64 {
	rows := new([phashFrequencies][phashSide]float64)
	for i := range rows {
		for j := range rows[i] {
			rows[i][j] = math.Cos(math.Pi / 2 / phashSide * float64(i*(2*j+1)))
		}
	}
	return rows
})

// turned is the transform of the picture in another orientation.
func (a *square8) turned(o Orientation) *square8 {
	s, out := o.symmetry(), new(square8)
	for i := range a {
		for j, v := range a[i] {
			toI, toJ, negative := s.moves(i, j, i, j)
			if negative {
				v = -v
			}
			out[toI][toJ] = v
		}
	}
	return out
}

func (a *square8) hash() (h PHash) {
	m := a.median()
	for i := range a {
		for _, v := range a[i] {
			h <<= 1
			if v > m {
				h |= 1
			}
		}
	}
	return h
}

// median is the mean of the two values in the middle.
func (a *square8) median() float64 {
	all := make([]float64, 0, phashFrequencies*phashFrequencies)
	for i := range a {
		all = append(all, a[i][:]...)
	}
	slices.Sort(all)
	return (all[len(all)/2-1] + all[len(all)/2]) / 2
}
