package imagehash

import "math/bits"

// search is one under way.
type search struct {
	faces []Face
	rows  rows
	multi []*multiIndex
	best  map[int]Hit // by row
}

// found keeps a row that is near in an orientation, unless it is nearer in
// another. Hits that prove something come before nearer ones that do not.
func (s *search) found(row int, o Orientation, distance int) {
	f := s.rows.face(row)
	h := Hit{s.rows.id(row), distance, f.PHash.Distance(s.faces[o].PHash), o}
	old, ok := s.best[row]
	if !ok || h.Verdict() > old.Verdict() || h.Verdict() == old.Verdict() && h.Distance < old.Distance {
		s.best[row] = h
	}
}

// consider compares one row in full.
func (s *search) consider(row int, o Orientation, radius int) {
	if d := s.rows.code(row).Distance(s.faces[o].PDQ); d <= radius {
		s.found(row, o, d)
	}
}

// scan compares every row from one on: first the front halves of the codes.
func (s *search) scan(from, radius int) {
	for row := from; row < s.rows.n; {
		c := s.rows.chunks[row/chunkRows]
		begin := row % chunkRows
		end := min(chunkRows, begin+s.rows.n-row)
		for o := range s.faces {
			s.scanChunk(c.front[begin:end], row, Orientation(o), radius)
		}
		row += end - begin
	}
}

func (s *search) scanChunk(front [][2]uint64, first int, o Orientation, radius int) {
	a, b := s.faces[o].PDQ[0], s.faces[o].PDQ[1]
	for i := range front {
		if bits.OnesCount64(front[i][0]^a)+bits.OnesCount64(front[i][1]^b) <= radius {
			s.consider(first+i, o, radius)
		}
	}
}

// agreeing compares every row whose second hash agrees, up to where that counts.
func (s *search) agreeing() {
	for k, c := range s.rows.chunks {
		first := k * chunkRows
		column := c.phash[:max(0, min(chunkRows, s.rows.n-first))]
		for o, face := range s.faces {
			for i, h := range column {
				if bits.OnesCount64(uint64(h^face.PHash)) <= AgreeingDistance {
					s.consider(first+i, Orientation(o), LikelyDistance)
				}
			}
		}
	}
}

// byMulti asks the multi-indexes and scans the tail behind them.
func (s *search) byMulti(radius int) {
	tail := 0
	masks := flips(radius / slots)
	for _, m := range s.multi {
		for o := range s.faces {
			m.search(s, masks, Orientation(o), radius)
		}
		tail = m.to
	}
	s.scan(tail, radius)
}
