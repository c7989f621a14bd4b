package imagehash

import "hash/maphash"

const (
	// chunkRows is how many rows stand together: few enough for a small index to
	// be small.
	chunkRows = 1 << 13
	rowBytes  = 32 + 8 + 20
)

// chunk holds rows by columns, so that a scan reads only what it compares. Half of
// a code is enough to refuse nearly every row.
type chunk struct {
	front, back [chunkRows][2]uint64 // of the PDQ hash
	phash       [chunkRows]PHash
	ids         [chunkRows]ID
}

// rows are all that were ever added; a row never changes.
type rows struct {
	chunks []*chunk
	n      int
	byID   *idTable // of the ids that are held; a search has no use for it
}

func (r *rows) add(id ID, f Face) {
	if r.n == len(r.chunks)*chunkRows {
		r.chunks = append(r.chunks, new(chunk))
	}
	c, i := r.chunks[r.n/chunkRows], r.n%chunkRows
	c.front[i], c.back[i] = [2]uint64{f.PDQ[0], f.PDQ[1]}, [2]uint64{f.PDQ[2], f.PDQ[3]}
	c.phash[i], c.ids[i] = f.PHash, id
	r.byID.put(id, r.n, r.id)
	r.n++
}

func (r *rows) id(row int) ID { return r.chunks[row/chunkRows].ids[row%chunkRows] }

func (r *rows) code(row int) Code {
	c, i := r.chunks[row/chunkRows], row%chunkRows
	return Code{c.front[i][0], c.front[i][1], c.back[i][0], c.back[i][1]}
}

func (r *rows) face(row int) Face {
	return Face{r.code(row), r.chunks[row/chunkRows].phash[row%chunkRows]}
}

// find gives the row that holds an id.
func (r *rows) find(id ID) (int, bool) { return r.byID.get(id, r.id) }

func (r *rows) bytes() int {
	return len(r.chunks)*chunkRows*rowBytes + 4*len(r.byID.slots)
}

// idTable finds rows by id. It is a hash table with linear probing that holds row
// numbers alone, a tenth of what a map from ids would take.
type idTable struct {
	seed  maphash.Seed
	slots []uint32 // row + 1; 0 is free
	held  int
}

// leastTable is the smallest table; sizes are powers of two.
const leastTable = 1 << 10

func newIDTable(size int) *idTable {
	return &idTable{seed: maphash.MakeSeed(), slots: make([]uint32, size)}
}

// home is where an id should stand. The seed keeps people who choose files by
// their SHA-1 from crowding one place.
func (t *idTable) home(id ID) int {
	return int(maphash.Bytes(t.seed, id[:]) & uint64(len(t.slots)-1))
}

func (t *idTable) after(slot int) int { return (slot + 1) & (len(t.slots) - 1) }

// slot gives where an id stands, or the free place where it would.
func (t *idTable) slot(id ID, idOf func(row int) ID) (slot int, held bool) {
	for slot = t.home(id); t.slots[slot] != 0; slot = t.after(slot) {
		if idOf(int(t.slots[slot]-1)) == id {
			return slot, true
		}
	}
	return slot, false
}

func (t *idTable) get(id ID, idOf func(row int) ID) (row int, held bool) {
	slot, held := t.slot(id, idOf)
	return int(t.slots[slot]) - 1, held
}

// put needs a free place, see roomy.
func (t *idTable) put(id ID, row int, idOf func(row int) ID) {
	slot, held := t.slot(id, idOf)
	if !held {
		t.held++
	}
	t.slots[slot] = uint32(row + 1)
}

// remove frees the id's place and closes the gap, so that those who were pushed
// on by it are still found.
func (t *idTable) remove(id ID, idOf func(row int) ID) bool {
	gap, held := t.slot(id, idOf)
	if !held {
		return false
	}
	for slot := t.after(gap); t.slots[slot] != 0; slot = t.after(slot) {
		home := t.home(idOf(int(t.slots[slot] - 1)))
		if (slot-home)&(len(t.slots)-1) >= (slot-gap)&(len(t.slots)-1) {
			t.slots[gap], gap = t.slots[slot], slot
		}
	}
	t.slots[gap] = 0
	t.held--
	return true
}

// roomy is the table, or a larger copy when it is three quarters full.
func (t *idTable) roomy(idOf func(row int) ID) *idTable {
	if 4*(t.held+1) <= 3*len(t.slots) {
		return t
	}
	larger := newIDTable(2 * len(t.slots))
	for _, row := range t.slots {
		if row != 0 {
			larger.put(idOf(int(row-1)), int(row-1), idOf)
		}
	}
	return larger
}
