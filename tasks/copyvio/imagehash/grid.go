package imagehash

// grid is luma from 0 to 255, row by row.
type grid struct {
	w, h int
	luma []float32
}

func newGrid(w, h int) *grid { return &grid{w, h, make([]float32, w*h)} }

func (g *grid) row(i int) []float32 { return g.luma[i*g.w : (i+1)*g.w] }

// transposed exchanges rows and columns.
func (g *grid) transposed() *grid {
	out := newGrid(g.h, g.w)
	for i := range g.h {
		for j, v := range g.row(i) {
			out.luma[j*g.h+i] = v
		}
	}
	return out
}

// A box filter takes the mean of a window around each sample; at the ends the
// window is cut off. Its sum runs along: one sample comes in and one goes out, in
// the order in which the reference adds, as floats round.

// window 7 reaches 3 to both sides; window 8 reaches 3 back and 4 ahead.
func reach(window int) (ahead int) { return (window+2)/2 - 1 }

// boxAcross filters every row.
func boxAcross(in, out *grid, window int) {
	for i := range in.h {
		box(in.row(i), out.row(i), window)
	}
}

func box(in, out []float32, window int) {
	ahead := reach(window)
	var sum float32
	n := 0
	for i := range len(in) + ahead {
		if i < len(in) {
			sum += in[i]
			n++
		}
		if i >= window {
			sum -= in[i-window]
			n--
		}
		if i >= ahead {
			out[i-ahead] = sum / float32(n)
		}
	}
}

// boxDown filters every column, all of them at once row by row.
func boxDown(in, out *grid, window int) {
	ahead, n := reach(window), 0
	sum := make([]float32, in.w)
	for i := range in.h + ahead {
		if i < in.h {
			add(sum, in.row(i))
			n++
		}
		if i >= window {
			subtract(sum, in.row(i-window))
			n--
		}
		if i >= ahead {
			divide(out.row(i-ahead), sum, float32(n))
		}
	}
}

func add(sum, row []float32) {
	row = row[:len(sum)]
	for j, v := range row {
		sum[j] += v
	}
}

func subtract(sum, row []float32) {
	row = row[:len(sum)]
	for j, v := range row {
		sum[j] -= v
	}
}

func divide(out, sum []float32, n float32) {
	out = out[:len(sum)]
	for j, v := range sum {
		out[j] = v / n
	}
}
