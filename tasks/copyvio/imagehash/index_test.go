package imagehash

import (
	"encoding/binary"
	"iter"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// made is a source of prints that are the same in every run.
type made struct{ *rand.Rand }

func newMade(seed uint64) made { return made{rand.New(rand.NewPCG(seed, 1))} }

func (m made) face() Face {
	return Face{Code{m.Uint64(), m.Uint64(), m.Uint64(), m.Uint64()}, PHash(m.Uint64())}
}

// near is a face with so many other bits in each hash.
func (m made) near(f Face, pdq, phash int) Face {
	for _, bit := range m.Perm(256)[:pdq] {
		f.PDQ[bit/64] ^= 1 << (bit % 64)
	}
	for _, bit := range m.Perm(64)[:phash] {
		f.PHash ^= 1 << bit
	}
	return f
}

func (m made) query() Query {
	q := Query{Quality: 100}
	for range Orientations {
		q.Faces = append(q.Faces, m.face())
	}
	return q
}

func (f Face) print() Print { return Print{PDQ: f.PDQ, PHash: f.PHash, Quality: 100} }

func numbered(n int) (id ID) {
	binary.BigEndian.PutUint64(id[:], uint64(n)*0x9e3779b97f4a7c15)
	return id
}

// crowd is n prints, every tenth of them near a face of the query, at all
// distances about the radii that matter.
func (m made) crowd(n int, q Query) []Print {
	var all []Print
	for i := range n {
		f := m.face()
		if i%10 == 0 {
			f = m.near(q.Faces[m.IntN(len(q.Faces))], m.IntN(75), m.IntN(20))
		}
		all = append(all, f.print())
	}
	return all
}

func inOrder(all []Print) iter.Seq2[ID, Print] {
	return func(yield func(ID, Print) bool) {
		for i, p := range all {
			if !yield(numbered(i), p) {
				return
			}
		}
	}
}

// naive compares everything with everything.
func naive(all iter.Seq2[ID, Print], q Query, radius int) (hits []Hit) {
	for id, p := range all {
		best, any := Hit{}, false
		for o, f := range q.Faces {
			h := Hit{id, f.PDQ.Distance(p.PDQ), f.PHash.Distance(p.PHash), Orientation(o)}
			better := !any || h.Verdict() > best.Verdict() || h.Verdict() == best.Verdict() && h.Distance < best.Distance
			if h.Distance <= radius && better {
				best, any = h, true
			}
		}
		if any {
			hits = append(hits, best)
		}
	}
	slices.SortFunc(hits, func(a, b Hit) int {
		if a.Distance != b.Distance {
			return a.Distance - b.Distance
		}
		return slices.Compare(a.ID[:], b.ID[:])
	})
	return hits
}

func TestScanAndMultiIndexFindWhatComparingAllFinds(t *testing.T) {
	m := newMade(1)
	q := m.query()
	all := m.crowd(2*chunkRows+100, q)
	x := Load(inOrder(all))
	if len(x.multi) == 0 || x.multi[len(x.multi)-1].to != len(all) {
		t.Fatal("not every row is in a multi-index: this test would compare scans")
	}
	for _, radius := range []int{0, 15, 16, 30, 31, 32, 47, 48, 60} {
		want := naive(inOrder(all), q, radius)
		multi, scan := x.begin(q), x.begin(q)
		multi.byMulti(radius)
		scan.scan(0, radius)
		for name, got := range map[string][]Hit{
			"search": x.Search(q, radius), "multi-index": x.hits(multi), "scan": x.hits(scan),
		} {
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("radius %d: %s differs from comparing all: -want +got\n%s", radius, name, d)
			}
		}
	}
}

// Errors spread as thinly as they can be are the hardest for a multi-index.
func TestAMultiIndexFindsCodesThatDifferInEverySlot(t *testing.T) {
	m := newMade(2)
	for radius := range widestMulti + 1 {
		f := m.face()
		far := f
		for bit := range radius {
			at := bit%slots*slotBits + (bit/slots*7+bit)%slotBits
			far.PDQ[at/64] ^= 1 << (at % 64)
		}
		all := append(m.crowd(shortestMulti, Query{Faces: []Face{m.face()}}), far.print())
		x := Load(inOrder(all))
		hits := x.Search(f.print().Query(), radius)
		if len(x.multi) != 1 || len(hits) != 1 || hits[0].Distance != radius {
			t.Errorf("radius %d: want the one code that differs in so many bits, got %v", radius, hits)
		}
	}
}

func TestMatchesAreWhatTheRuleOfEvidenceLeavesOfASearch(t *testing.T) {
	m := newMade(3)
	q := m.query()
	all := m.crowd(2*chunkRows, q)
	x := Load(inOrder(all))
	want := slices.DeleteFunc(naive(inOrder(all), q, LikelyDistance), func(h Hit) bool { return h.Verdict() == Different })
	if d := cmp.Diff(want, x.Matches(q)); d != "" || len(want) == 0 {
		t.Errorf("%d matches wanted: -want +got\n%s", len(want), d)
	}
}

func TestAdditionsAreFoundAtOnceAndGetMultiIndexes(t *testing.T) {
	m := newMade(4)
	q := m.query()
	x := NewIndex()
	all := m.crowd(3*longestTail+50, q)
	for i, p := range all {
		x.Add(numbered(i), p)
		if i%20_000 == 0 && len(x.Search(p.Query(), 0)) != 1 {
			t.Fatalf("row %d is not found after it was added", i)
		}
	}
	if x.Len() != len(all) || len(x.multi) != 2 {
		t.Errorf("%d rows with %d multi-indexes, want %d with 2 (two tails were joined, and one)", x.Len(), len(x.multi), len(all))
	}
	at := 0
	for _, each := range x.multi {
		if each.from != at {
			t.Errorf("a multi-index begins at row %d, want %d", each.from, at)
		}
		at = each.to
	}
	if d := cmp.Diff(naive(inOrder(all), q, SureDistance), x.Search(q, SureDistance)); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
}

func TestAReplacedPrintIsFoundByTheNewOneOnly(t *testing.T) {
	m, x, id := newMade(5), NewIndex(), numbered(7)
	a, b := m.face().print(), m.face().print()
	x.Add(id, a)
	x.Add(id, b)
	if x.Len() != 1 || len(x.Search(a.Query(), SureDistance)) != 0 || len(x.Search(b.Query(), SureDistance)) != 1 {
		t.Error("after a replacement the old print is still there, or the new one is not")
	}
	x.Add(id, a)
	if hits := x.Search(a.Query(), SureDistance); len(hits) != 1 {
		t.Errorf("back to the first print: want one hit, got %v", hits)
	}
	x.Add(id, Print{PDQ: a.PDQ, PHash: a.PHash, Quality: LeastQuality - 1})
	if x.Len() != 0 || len(x.Search(a.Query(), SureDistance)) != 0 {
		t.Error("a print of too little quality replaced another, which is still found")
	}
}

func TestRemovedPrintsAreNotFoundAndTheirRowsAreDropped(t *testing.T) {
	m := newMade(6)
	all := m.crowd(2*chunkRows, Query{Faces: []Face{m.face()}})
	x := Load(inOrder(all))
	before := x.Bytes().Rows
	for i := range all {
		if i%4 != 3 && !x.Remove(numbered(i)) {
			t.Fatalf("row %d was not there to remove", i)
		}
	}
	if x.Remove(numbered(0)) {
		t.Error("removed twice")
	}
	if x.Len() != len(all)/4 || x.Bytes().Rows >= before {
		t.Errorf("%d rows in %d bytes, want %d in less than %d", x.Len(), x.Bytes().Rows, len(all)/4, before)
	}
	for i, p := range all[:400] {
		if found := len(x.Search(p.Query(), 0)) == 1; found != (i%4 == 3) {
			t.Errorf("row %d: found is %v", i, found)
		}
	}
}

func TestAQueryOfTooLittleQualityFindsNothing(t *testing.T) {
	x, p := NewIndex(), newMade(7).face().print()
	x.Add(numbered(1), p)
	p.Quality = LeastQuality - 1
	if len(x.Search(p.Query(), 256)) != 0 || len(x.Matches(p.Query())) != 0 {
		t.Error("a nearly even picture found something")
	}
	p.Quality = LeastQuality
	if len(x.Search(p.Query(), 0)) != 1 || len(x.Matches(p.Query())) != 1 {
		t.Error("a picture of just enough quality did not find itself")
	}
}

// Run with -race.
func TestSearchesGoOnWhileRowsComeAndGo(t *testing.T) {
	m := newMade(8)
	q := m.query()
	all := m.crowd(longestTail+3*chunkRows, q)
	x := Load(inOrder(all[:chunkRows]))
	want := naive(inOrder(all[:100]), q, SureDistance)
	var done sync.WaitGroup
	done.Go(func() {
		for i := chunkRows; i < len(all); i++ {
			x.Add(numbered(i), all[i])
		}
	})
	done.Go(func() {
		for i := 100; i < chunkRows; i++ {
			x.Remove(numbered(i))
		}
	})
	for range 2 {
		done.Go(func() {
			for range 30 {
				hits := map[Hit]bool{}
				for _, h := range x.Search(q, SureDistance) {
					hits[h] = true
				}
				for _, h := range want {
					if !hits[h] {
						t.Errorf("a row that was always there is missed: %v", h)
					}
				}
				x.Matches(q)
				x.Bytes()
			}
		})
	}
	done.Wait()
}

func TestAHitIsTheOrientationThatProvesMost(t *testing.T) {
	m := newMade(9)
	f := m.face()
	nearer, proof := m.near(f, 40, 30), m.near(f, 55, 5)
	x := NewIndex()
	x.Add(numbered(1), f.print())
	for _, c := range []struct {
		faces []Face
		want  Orientation
	}{{[]Face{nearer, proof}, 1}, {[]Face{proof, nearer}, 0}} {
		hits := x.Search(Query{Quality: 100, Faces: c.faces}, LikelyDistance)
		if len(hits) != 1 || hits[0].Orientation != c.want || hits[0].Verdict() != Likely {
			t.Errorf("want one likely hit in orientation %v, got %v", c.want, hits)
		}
	}
}
