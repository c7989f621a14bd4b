package imagehash

import (
	"cmp"
	"iter"
	"slices"
	"sync"
)

// An ID is the SHA-1 of a file's content, which is what a wiki knows it by.
type ID [20]byte

// An Index finds stored pictures that are alike a new one. It holds rows in
// memory, in the order in which they came:
//
//	rows   0 ........................................................ n
//	       [ multi-index | multi-index | multi-index ][ tail: scanned ]
//
// A search is exact: it finds every row within its radius. Rows are read where
// they stand or by a [multiIndex], which knows rows by parts of their codes; which
// of the two is quicker depends on the radius and the number of rows. A search
// works on what was there when it began and never waits for additions, except
// for moments.
//
// Hashes of a quality below [LeastQuality] are not held: they match nothing.
type Index struct {
	writing sync.Mutex // held for a whole addition

	mu    sync.RWMutex // guards what follows; those who hold writing may read without it
	rows  rows
	multi []*multiIndex
}

// A Hit is a stored picture within the radius of a search.
type Hit struct {
	ID          ID
	Distance    int         // between the PDQ hashes
	PHash       int         // distance between the pHashes
	Orientation Orientation // what was done to the picture asked for, that it looks like this one
}

// Verdict is what a hit proves.
func (h Hit) Verdict() Verdict { return Judge(h.Distance, h.PHash) }

// NewIndex makes an empty index.
func NewIndex() *Index { return &Index{rows: rows{byID: newIDTable(leastTable)}} }

// Load makes an index of stored prints. It is quicker than adding them one by one.
func Load(stored iter.Seq2[ID, Print]) *Index {
	x := NewIndex()
	for id, p := range stored {
		x.put(id, p)
	}
	x.seal(1)
	return x
}

// Add holds a print, in place of an earlier one of the same id. Searches that
// begin after it returns find it.
func (x *Index) Add(id ID, p Print) {
	x.writing.Lock()
	defer x.writing.Unlock()
	x.put(id, p)
	x.compact()
	x.seal(longestTail)
}

// Remove forgets an id and says whether it was there.
func (x *Index) Remove(id ID) bool {
	x.writing.Lock()
	defer x.writing.Unlock()
	removed := x.forget(id)
	x.compact()
	return removed
}

// Len is how many prints are held.
func (x *Index) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.rows.byID.held
}

func (x *Index) put(id ID, p Print) {
	if p.Quality < LeastQuality {
		x.forget(id)
		return
	}
	face := Face{p.PDQ, p.PHash}
	at, held := x.rows.find(id)
	if held && x.rows.face(at) == face {
		return
	}
	byID := x.rows.byID.roomy(x.rows.id)
	x.mu.Lock()
	defer x.mu.Unlock()
	x.rows.byID = byID
	x.rows.add(id, face)
}

func (x *Index) forget(id ID) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.rows.byID.remove(id, x.rows.id)
}

// compact drops removed rows once they are most of all.
func (x *Index) compact() {
	if x.rows.n < chunkRows || x.rows.byID.held > x.rows.n/2 {
		return
	}
	fresh := NewIndex()
	for at := range x.rows.n {
		id := x.rows.id(at)
		if held, ok := x.rows.find(id); ok && held == at {
			f := x.rows.face(at)
			fresh.put(id, Print{PDQ: f.PDQ, PHash: f.PHash, Quality: LeastQuality})
		}
	}
	fresh.seal(longestTail)
	x.mu.Lock()
	defer x.mu.Unlock()
	x.rows, x.multi = fresh.rows, fresh.multi
}

// seal makes multi-indexes once the tail has that many rows. A multi-index that
// is no longer than the one made after it is made again over both, so there are
// few and each row is sorted a few times at most.
func (x *Index) seal(least int) {
	from := 0
	if len(x.multi) > 0 {
		from = x.multi[len(x.multi)-1].to
	}
	if x.rows.n-from < max(least, shortestMulti) {
		return
	}
	multi := slices.Clone(x.multi)
	for from < x.rows.n {
		to := min(x.rows.n, from+longestMulti)
		for k := len(multi) - 1; k >= 0 && multi[k].len() <= to-from && to-multi[k].from <= longestMulti; k-- {
			from, multi = multi[k].from, multi[:k]
		}
		multi = append(multi, newMultiIndex(&x.rows, from, to))
		from = to
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.multi = multi
}

// Search finds the rows within a radius of the picture in any orientation, each
// in the one that proves most, and of those the nearest. Hits come nearest first.
// A picture of too little quality finds nothing.
func (x *Index) Search(q Query, radius int) []Hit {
	if q.Quality < LeastQuality {
		return nil
	}
	s := x.begin(q)
	if radius <= widestMulti {
		s.byMulti(radius)
	} else {
		s.scan(0, radius)
	}
	return x.hits(s)
}

// Matches finds what is alike by the rule of evidence, see [Judge], nearest
// first. It gives what a [Index.Search] with [LikelyDistance] has that is not
// [Different], in less time: the sure ones by multi-index, and the others among
// the few rows whose short second hash agrees.
func (x *Index) Matches(q Query) []Hit {
	if q.Quality < LeastQuality {
		return nil
	}
	s := x.begin(q)
	s.byMulti(SureDistance)
	s.agreeing()
	return x.hits(s)
}

// begin takes what a search works on: rows are added behind it, and none changes.
func (x *Index) begin(q Query) *search {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return &search{faces: q.Faces, rows: x.rows, multi: x.multi, best: map[int]Hit{}}
}

// hits leaves out rows that were removed or replaced, and sorts.
func (x *Index) hits(s *search) []Hit {
	var hits []Hit
	x.mu.RLock()
	defer x.mu.RUnlock()
	for row, h := range s.best {
		if at, ok := x.rows.find(h.ID); ok && x.rows.face(at) == s.rows.face(row) {
			hits = append(hits, h)
		}
	}
	slices.SortFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(a.Distance, b.Distance), slices.Compare(a.ID[:], b.ID[:]))
	})
	return slices.CompactFunc(hits, func(a, b Hit) bool { return a.ID == b.ID })
}

// Memory is what an index holds, in bytes.
type Memory struct {
	Rows  int // hashes and ids, which is all that a scan needs
	Multi int // what the multi-indexes add
}

// Bytes tells how much memory the index takes.
func (x *Index) Bytes() Memory {
	x.mu.RLock()
	defer x.mu.RUnlock()
	m := Memory{Rows: x.rows.bytes()}
	for _, each := range x.multi {
		m.Multi += each.bytes()
	}
	return m
}
