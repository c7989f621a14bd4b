package imagehash

import "math/bits"

const (
	slots    = 16
	slotBits = 256 / slots
	keys     = 1 << slotBits

	// widestMulti is the largest radius for which a multi-index looks at fewer
	// rows than a scan costs: above it a slot may differ in 3 bits, and a sixth of
	// all rows is looked at in no order.
	widestMulti = 47

	shortestMulti = 1 << 12 // rows; fewer are scanned sooner than looked up
	longestTail   = 1 << 15 // rows that are scanned before they get a multi-index
	longestMulti  = 1 << 20 // rows; sorting more at once outgrows the caches
)

// A multiIndex knows a range of rows by each of the 16 slots of 16 bits that
// their codes are cut into (Norouzi, Punjani, Fleet: Fast Search in Hamming Space
// with Multi-Index Hashing, CVPR 2012). Codes within radius r differ in few bits
// of at least one slot; so the rows with such a slot are all that need comparing.
// For radius 31 that is one row in 240.
type multiIndex struct {
	from, to int // rows, the last excluded
	bySlot   [slots]slotIndex
}

// slotIndex has rows in the order of one slot's value: those of value k stand at
// starts[k] to starts[k+1]. They count from the first of the multi-index.
type slotIndex struct {
	starts []uint32
	rows   []uint32
}

func (m *multiIndex) len() int { return m.to - m.from }

func (m *multiIndex) bytes() int { return slots * 4 * (keys + 1 + m.len()) }

func newMultiIndex(r *rows, from, to int) *multiIndex {
	m := &multiIndex{from: from, to: to}
	for slot := range m.bySlot {
		m.bySlot[slot] = newSlotIndex(r, from, to, slot)
	}
	return m
}

// newSlotIndex sorts by counting.
func newSlotIndex(r *rows, from, to, slot int) slotIndex {
	x := slotIndex{make([]uint32, keys+1), make([]uint32, to-from)}
	values := make([]uint16, to-from)
	for i := range values {
		values[i] = key(r.code(from+i), slot)
		x.starts[values[i]]++
	}
	sum := uint32(0)
	for k, n := range x.starts {
		x.starts[k] = sum
		sum += n
	}
	next := append([]uint32(nil), x.starts...)
	for i, k := range values {
		x.rows[next[k]] = uint32(i)
		next[k]++
	}
	return x
}

// key is the value of a slot.
func key(c Code, slot int) uint16 { return uint16(c[slot/4] >> (slot % 4 * slotBits)) }

// flips are all 16-bit masks of at most so many bits, by their number.
func flips(most int) [][]uint16 {
	by := [][]uint16{{0}}
	for n := range most {
		var next []uint16
		for _, mask := range by[n] {
			for bit := bits.Len16(mask); bit < slotBits; bit++ {
				next = append(next, mask|1<<bit)
			}
		}
		by = append(by, next)
	}
	return by
}

// search compares the rows that may be within the radius. If r = 16t + a, then
// codes that differ in more than t bits in each of the first a+1 slots, and in at
// least t in the others, are 16t + a + 1 apart: so those others need only t-1.
func (m *multiIndex) search(s *search, masks [][]uint16, o Orientation, radius int) {
	for slot := range m.bySlot {
		x, k := &m.bySlot[slot], key(s.faces[o].PDQ, slot)
		most := radius / slots
		if slot > radius%slots {
			most--
		}
		for _, same := range masks[:most+1] {
			for _, mask := range same {
				at := uint32(k ^ mask)
				m.compare(s, x.rows[x.starts[at]:x.starts[at+1]], o, radius)
			}
		}
	}
}

// compare looks at half of each code first, as a scan does.
func (m *multiIndex) compare(s *search, rows []uint32, o Orientation, radius int) {
	a, b := s.faces[o].PDQ[0], s.faces[o].PDQ[1]
	for _, i := range rows {
		row := m.from + int(i)
		front := &s.rows.chunks[row/chunkRows].front[row%chunkRows]
		if bits.OnesCount64(front[0]^a)+bits.OnesCount64(front[1]^b) <= radius {
			s.consider(row, o, radius)
		}
	}
}
