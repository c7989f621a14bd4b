package imagehash

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"testing"
)

// testdata/pdq/phash.csv is what the formula of Python's imagehash.phash gives,
// with Pillow 9.4 and SciPy 1.10.
func TestPHashesAreNearThoseOfImagehash(t *testing.T) {
	f, err := os.Open("testdata/pdq/phash.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		want, err := ParsePHash(row[0])
		if err != nil {
			t.Fatal(err)
		}
		if d := open(t, filepath.Join("testdata/pdq", row[1])).Print().PHash.Distance(want); d > 4 {
			t.Errorf("%s: %d bits from imagehash", row[1], d)
		}
	}
}

// The definition, term by term, from areas that are averaged by hand.
func TestAPHashIsWhatItsCommentSays(t *testing.T) {
	m := newMade(1)
	g := newGrid(64, 96)
	for i := range g.luma {
		g.luma[i] = float32(m.IntN(256))
	}
	var small [32][32]float64
	for y := range 96 {
		for x := range 64 {
			small[y/3][x/2] += float64(g.luma[y*64+x]) / 6
		}
	}
	var want square8
	for i := range want {
		for j := range want[i] {
			for y := range small {
				for x, v := range small[y] {
					want[i][j] += v * math.Cos(math.Pi/32*(float64(y)+0.5)*float64(i)) * math.Cos(math.Pi/32*(float64(x)+0.5)*float64(j))
				}
			}
		}
	}
	got := phashOf(g)
	for i := range want {
		for j := range want[i] {
			if math.Abs(got[i][j]-want[i][j]) > 1e-6 {
				t.Fatalf("coefficient %d,%d is %v, want %v", i, j, got[i][j], want[i][j])
			}
		}
	}
	above := 0
	for k := range 64 {
		set := got.hash()>>(63-k)&1 == 1
		if set {
			above++
		}
		if set != (got[k/8][k%8] > got.median()) {
			t.Errorf("bit %d is %v", k, set)
		}
	}
	if above != 32 {
		t.Errorf("%d coefficients are above the median", above)
	}
}

func TestAreasThatCutSamplesTakeTheirShare(t *testing.T) {
	g := newGrid(48, 1) // each area is one and a half samples wide, and 1/32 high
	for i := range g.luma {
		g.luma[i] = float32(i * 3)
	}
	small := g.averaged()
	for j, want := range map[int]float64{0: (0 + 3*0.5) / 1.5, 1: (3*0.5 + 6) / 1.5, 30: (135 + 138*0.5) / 1.5, 31: (138*0.5 + 141) / 1.5} {
		for i := range small {
			if math.Abs(small[i][j]-want) > 1e-9 {
				t.Fatalf("area %d,%d is %v, want %v", i, j, small[i][j], want)
			}
		}
	}
}
