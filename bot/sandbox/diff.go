package sandbox

import "strings"

// hunk says that lines [a0,a1) of the old text became lines [b0,b1) of the new.
type hunk struct{ a0, a1, b0, b1 int }

// diffLines compares two texts line by line by longest common subsequence,
// after common beginnings and ends are put aside.
func diffLines(a, b []string) []hunk {
	start := 0
	for start < len(a) && start < len(b) && a[start] == b[start] {
		start++
	}
	end := 0
	for end < len(a)-start && end < len(b)-start && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	x, y := a[start:len(a)-end], b[start:len(b)-end]
	if len(x)*len(y) > 4_000_000 {
		return []hunk{{start, len(a) - end, start, len(b) - end}}
	}
	return shift(lcsHunks(x, y), start)
}

func lcsHunks(x, y []string) []hunk {
	table := make([][]int32, len(x)+1)
	for i := range table {
		table[i] = make([]int32, len(y)+1)
	}
	for i := len(x) - 1; i >= 0; i-- {
		for j := len(y) - 1; j >= 0; j-- {
			if x[i] == y[j] {
				table[i][j] = table[i+1][j+1] + 1
			} else {
				table[i][j] = max(table[i+1][j], table[i][j+1])
			}
		}
	}
	var out []hunk
	i, j := 0, 0
	for i < len(x) || j < len(y) {
		if i < len(x) && j < len(y) && x[i] == y[j] {
			i, j = i+1, j+1
			continue
		}
		h := hunk{i, i, j, j}
		for i < len(x) || j < len(y) {
			if i < len(x) && j < len(y) && x[i] == y[j] {
				break
			}
			if j == len(y) || i < len(x) && table[i+1][j] >= table[i][j+1] {
				i++
			} else {
				j++
			}
		}
		h.a1, h.b1 = i, j
		out = append(out, h)
	}
	return out
}

func shift(hunks []hunk, by int) []hunk {
	for i := range hunks {
		hunks[i].a0, hunks[i].a1 = hunks[i].a0+by, hunks[i].a1+by
		hunks[i].b0, hunks[i].b1 = hunks[i].b0+by, hunks[i].b1+by
	}
	return hunks
}

// mergeLines puts the changes base→mine on top of theirs, as diff3 does for
// MediaWiki; false where both touched the same or neighbouring lines.
func mergeLines(base, theirs, mine string) (string, bool) {
	b, t, m := strings.Split(base, "\n"), strings.Split(theirs, "\n"), strings.Split(mine, "\n")
	ht, hm := diffLines(b, t), diffLines(b, m)
	var out []string
	at := 0
	for len(ht) > 0 || len(hm) > 0 {
		var h hunk
		from := t
		switch {
		case len(hm) == 0 || len(ht) > 0 && ht[0].a1 < hm[0].a0:
			h, ht = ht[0], ht[1:]
		case len(ht) == 0 || hm[0].a1 < ht[0].a0:
			h, hm, from = hm[0], hm[1:], m
		default:
			if ht[0].a0 != hm[0].a0 || ht[0].a1 != hm[0].a1 ||
				strings.Join(t[ht[0].b0:ht[0].b1], "\n") != strings.Join(m[hm[0].b0:hm[0].b1], "\n") {
				return "", false
			}
			h, ht, hm = ht[0], ht[1:], hm[1:]
		}
		out = append(out, b[at:h.a0]...)
		out = append(out, from[h.b0:h.b1]...)
		at = h.a1
	}
	return strings.Join(append(out, b[at:]...), "\n"), true
}
