package bench

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"filewarden/tasks/copyvio/imagehash"
)

const (
	radius       = 31
	searchTarget = 20 // times faster than FAISS
	asked        = 20 // queries
)

// codes are made rows, and queries that some of them are near.
type codes struct {
	n       int
	queries []imagehash.Code
}

func newCodes(n int) *codes {
	c := &codes{n: n}
	r := rand.New(rand.NewPCG(uint64(n), 1))
	for range asked {
		c.queries = append(c.queries, someCode(r))
	}
	return c
}

func someCode(r *rand.Rand) imagehash.Code {
	return imagehash.Code{r.Uint64(), r.Uint64(), r.Uint64(), r.Uint64()}
}

// all are the rows, the same in every pass: one in a thousand lies 25 to 34 bits
// from a query, about the radius.
func (c *codes) all() iter.Seq2[imagehash.ID, imagehash.Print] {
	return func(yield func(imagehash.ID, imagehash.Print) bool) {
		r := rand.New(rand.NewPCG(uint64(c.n), 2))
		for i := range c.n {
			p := imagehash.Print{PDQ: someCode(r), PHash: imagehash.PHash(r.Uint64()), Quality: 100}
			if i%1000 == 0 {
				p.PDQ = c.queries[r.IntN(asked)]
				for _, bit := range r.Perm(256)[:25+r.IntN(10)] {
					p.PDQ[bit/64] ^= 1 << (bit % 64)
				}
			}
			var id imagehash.ID
			binary.BigEndian.PutUint64(id[:], uint64(i))
			if !yield(id, p) {
				return
			}
		}
	}
}

// write puts rows and queries into files of 32 bytes each.
func (c *codes) write(t *testing.T, dir string) (rows, queries string) {
	t.Helper()
	var r, q bytes.Buffer
	r.Grow(32 * c.n)
	for _, p := range c.all() {
		b := p.PDQ.Bytes()
		r.Write(b[:])
	}
	for _, code := range c.queries {
		b := code.Bytes()
		q.Write(b[:])
	}
	rows, queries = filepath.Join(dir, "rows"), filepath.Join(dir, "queries")
	for path, data := range map[string][]byte{rows: r.Bytes(), queries: q.Bytes()} {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return rows, queries
}

// searcher is one way to find what is near.
type searcher struct {
	name string
	took series // milliseconds, each query
	hits int    // of all queries, where it looks for one code
}

// searching is the tenth row.
func searching(t *testing.T, n, rounds int) {
	c := newCodes(n)
	begin := time.Now()
	x := imagehash.Load(c.all())
	loaded := time.Since(begin)
	multi := &searcher{name: "filewarden"}
	others := []*searcher{
		{name: "filewarden, scan (radius 48)"}, {name: "filewarden, 8 orientations"}, {name: "filewarden, 8 orientations, by the rule of evidence"},
	}
	for range rounds {
		multi.ask(c, func(q imagehash.Query) int { return len(x.Search(q, radius)) }, 1)
		others[0].ask(c, func(q imagehash.Query) int { return len(x.Search(q, 48)) }, 1)
		others[1].ask(c, func(q imagehash.Query) int { return len(x.Search(q, radius)) }, int(imagehash.Orientations))
		others[2].ask(c, func(q imagehash.Query) int { return len(x.Matches(q)) }, int(imagehash.Orientations))
	}
	held := x.Bytes()
	x = nil
	runtime.GC()
	out := table{Title: fmt.Sprintf("10. Exact search, 256 bits, radius %d, %d rows: %d times faster than FAISS", radius, n, searchTarget)}
	out.row("", "ms each", "found", "filewarden is faster", "verdict")
	out.row(multi.name, multi.took, multi.hits)
	if python := os.Getenv(faissVariable); python != "" {
		faiss := askFAISS(t, python, c)
		times, verdict := faiss.took.median()/multi.took.median(), "reached"
		if times < searchTarget {
			verdict = "TOLD: less"
		}
		if faiss.hits != multi.hits {
			t.Errorf("FAISS finds %d rows, filewarden %d", faiss.hits, multi.hits)
		}
		out.row(faiss.name, faiss.took, faiss.hits, fmt.Sprintf("%.0f times", times), verdict)
	}
	for _, s := range others {
		out.row(s.name, s.took)
	}
	fmt.Print(out.String())
	per := func(bytes int) string { return short(megabytes(bytes) * 1e6 / float64(n)) }
	fmt.Printf("  memory per million: %s MB as rows, which a scan needs, and %s MB for the multi-index; loaded in %s\n\n",
		per(held.Rows), per(held.Multi), loaded.Round(10*time.Millisecond))
}

// ask looks for every query, in so many orientations: others than the first are
// other codes.
func (s *searcher) ask(c *codes, find func(imagehash.Query) int, faces int) {
	s.hits = 0
	for i := range c.queries {
		q := imagehash.Query{Quality: 100}
		for k := range faces {
			q.Faces = append(q.Faces, imagehash.Face{PDQ: c.queries[(i+k)%asked]})
		}
		begin := time.Now()
		s.hits += find(q)
		s.took = append(s.took, 1000*seconds(time.Since(begin)))
	}
}

func askFAISS(t *testing.T, python string, c *codes) *searcher {
	t.Helper()
	rows, queries := c.write(t, t.TempDir())
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	cost, err := measure(ctx, exec.Command(python, "peers/search.py", rows, queries, fmt.Sprint(radius)))
	if err != nil {
		t.Fatal(err)
	}
	var said struct {
		Found        int
		Milliseconds series
	}
	if err := json.Unmarshal([]byte(cost.Out), &said); err != nil {
		t.Fatalf("reading what FAISS found: %v\n%s", err, cost.Out)
	}
	return &searcher{name: "FAISS, IndexBinaryFlat, one thread", took: said.Milliseconds, hits: said.Found}
}
