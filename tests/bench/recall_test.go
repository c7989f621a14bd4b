package bench

import (
	"fmt"
	"testing"

	"filewarden/tasks/copyvio/imagehash"
)

// recall tells how many of some changed pictures are recognised, and by which
// rule: PDQ within so many bits as the picture lies, in any of eight orientations,
// the pHash within 8 bits, and the bot's rule of evidence.
func recall(t *testing.T, pictures int) {
	out := table{Title: fmt.Sprintf("11. Recall by change, in %% of %d made pictures", pictures)}
	out.row("", "PDQ 31", "PDQ 48", "PDQ 60", "any way 31", "any way 60", "pHash 8", "filewarden: sure", "sure or likely")
	all := changes()
	var stored []imagehash.Print
	counts := make([][8]int, len(all))
	for i := range pictures {
		img := photo(uint64(i), 960, 640)
		p := opened(t, asJPEG(img, 85)).Print()
		for k, c := range all {
			for rule, holds := range rules(opened(t, c.made(img)).Query(), p) {
				if holds {
					counts[k][rule]++
				}
			}
		}
		stored = append(stored, p)
	}
	for k, c := range all {
		cells := []any{c.name}
		for _, n := range counts[k] {
			cells = append(cells, 100*n/pictures)
		}
		out.row(cells...)
	}
	fmt.Println(out.String())
	strangers(stored)
}

// rules are the columns of the table.
func rules(q imagehash.Query, p imagehash.Print) [8]bool {
	pdq, any := q.Faces[0].PDQ.Distance(p.PDQ), 256
	for _, f := range q.Faces {
		any = min(any, f.PDQ.Distance(p.PDQ))
	}
	verdict, _ := imagehash.Alike(q, p)
	return [8]bool{pdq <= 31, pdq <= 48, pdq <= 60, any <= 31, any <= 60, q.Faces[0].PHash.Distance(p.PHash) <= 8,
		verdict == imagehash.Sure, verdict != imagehash.Different}
}

// strangers tells how near pictures are that have nothing to do with each other.
func strangers(all []imagehash.Print) {
	pdq, phash, alike := 256, 64, 0
	for i, a := range all {
		for _, b := range all[:i] {
			pdq, phash = min(pdq, a.PDQ.Distance(b.PDQ)), min(phash, a.PHash.Distance(b.PHash))
			if verdict, _ := imagehash.Alike(a.Query(), b); verdict != imagehash.Different {
				alike++
			}
		}
	}
	fmt.Printf("  the nearest two different ones: PDQ %d bits apart, pHash %d; taken for alike: %d of %d pairs\n",
		pdq, phash, alike, len(all)*(len(all)-1)/2)
}

func opened(t *testing.T, data []byte) *imagehash.Picture {
	t.Helper()
	p, err := imagehash.Open(data, imagehash.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}
