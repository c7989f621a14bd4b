package imagehash

// grid is luma from 0 to 255, row by row.
type grid struct {
	w, h         int
	across, down float64 // how many pixels of the picture a sample stands for
	luma         []float32
}

func newGrid(w, h int) *grid { return &grid{w, h, 1, 1, make([]float32, w*h)} }

// like makes another grid's samples stand for as much as those of this one.
func (g *grid) like(out *grid) *grid {
	out.across, out.down = g.across, g.down
	return out
}

func (g *grid) row(i int) []float32 { return g.luma[i*g.w : (i+1)*g.w] }

// transposed exchanges rows and columns.
func (g *grid) transposed() *grid {
	out := newGrid(g.h, g.w)
	out.across, out.down = g.down, g.across
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

// reach is how far a window looks ahead: one of 7 looks 3 to both sides, one of 8
// looks 3 back and 4 ahead.
func reach(window int) (ahead int) { return (window+2)/2 - 1 }

// mean divides by how many samples there are. For a power of two a product with
// the inverse is the same and quicker.
type mean struct {
	n       float32
	inverse float32 // 0 if it is not exact
}

func meanOf(n int) mean {
	m := mean{n: float32(n)}
	if n&(n-1) == 0 {
		m.inverse = 1 / m.n
	}
	return m
}

func (m mean) of(sum float32) float32 {
	if m.inverse != 0 {
		return sum * m.inverse
	}
	return sum / m.n
}

// boxAcross filters every row. Four go side by side: each sum waits for its last
// addition, and the processor can do the other three meanwhile.
func boxAcross(in, out *grid, window int) {
	i := 0
	for ; i+4 <= in.h; i += 4 {
		box4(
			[4][]float32{in.row(i), in.row(i + 1), in.row(i + 2), in.row(i + 3)},
			[4][]float32{out.row(i), out.row(i + 1), out.row(i + 2), out.row(i + 3)}, window)
	}
	for ; i < in.h; i++ {
		row, to := in.row(i), out.row(i)
		box4([4][]float32{row, row, row, row}, [4][]float32{to, to, to, to}, window)
	}
}

func box4(in, out [4][]float32, window int) {
	n, ahead := len(in[0]), reach(window)
	var sum [4]float32
	for i := range window {
		for k := range sum {
			sum[k] += in[k][i]
			if i >= ahead {
				out[k][i-ahead] = meanOf(i + 1).of(sum[k])
			}
		}
	}
	whole := meanOf(window)
	if whole.inverse != 0 {
		run4(&in, &out, &sum, window, whole.inverse)
	} else {
		divide4(&in, &out, &sum, window, whole.n)
	}
	for i := n; i < n+ahead; i++ {
		for k := range sum {
			sum[k] -= in[k][i-window]
			out[k][i-ahead] = meanOf(n + window - 1 - i).of(sum[k])
		}
	}
}

// run4 moves the whole window from the start of the rows to their end.
func run4(in, out *[4][]float32, sum *[4]float32, window int, inverse float32) {
	n, back := len(in[0])-window, window-reach(window)
	a, b, c, d := in[0][window:][:n], in[1][window:][:n], in[2][window:][:n], in[3][window:][:n]
	ao, bo, co, do := in[0][:n], in[1][:n], in[2][:n], in[3][:n]
	at, bt, ct, dt := out[0][back:][:n], out[1][back:][:n], out[2][back:][:n], out[3][back:][:n]
	s0, s1, s2, s3 := sum[0], sum[1], sum[2], sum[3]
	for i := range n {
		s0, s1, s2, s3 = s0+a[i], s1+b[i], s2+c[i], s3+d[i]
		s0, s1, s2, s3 = s0-ao[i], s1-bo[i], s2-co[i], s3-do[i]
		at[i], bt[i], ct[i], dt[i] = s0*inverse, s1*inverse, s2*inverse, s3*inverse
	}
	*sum = [4]float32{s0, s1, s2, s3}
}

// divide4 is run4 for a window whose inverse is not exact.
func divide4(in, out *[4][]float32, sum *[4]float32, window int, by float32) {
	back := window - reach(window)
	for k := range sum {
		s := sum[k]
		for i, v := range in[k][window:] {
			s += v
			s -= in[k][i]
			out[k][back+i] = s / by
		}
		sum[k] = s
	}
}

// boxDown filters every column, all of them at once row by row.
func boxDown(in, out *grid, window int) {
	ahead := reach(window)
	sum := make([]float32, in.w)
	for i := range in.h + ahead {
		if i < in.h {
			add(sum, in.row(i))
		}
		if i >= window {
			subtract(sum, in.row(i-window))
		}
		if i >= ahead {
			scale(out.row(i-ahead), sum, meanOf(min(i+1, in.h)-max(0, i+1-window)))
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

func scale(out, sum []float32, m mean) {
	out = out[:len(sum)]
	if m.inverse != 0 {
		for j, v := range sum {
			out[j] = v * m.inverse
		}
		return
	}
	for j, v := range sum {
		out[j] = v / m.n
	}
}
