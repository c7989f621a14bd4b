package usage

import "testing"

// A pass that meets a collection of much used files has all rows of a batch in
// memory at once, so it must not meet many before it knows.
func TestFilesNeverScannedAreMetInGrowingNumbers(t *testing.T) {
	k := &packer{names: 500, local: 5000}
	fresh := &subject{title: "File:A.png"}
	for _, want := range []int{50, 100, 300} {
		var sum load
		n := 0
		for more := k.expect(fresh); k.fits(sum, more); n++ {
			sum = sum.with(more)
		}
		if n != want {
			t.Errorf("after %d files %d fit one batch, want %d", k.met, n, want)
		}
		for range n {
			k.found(fresh, 3)
		}
	}
}

func TestOnlyGlobalUsageEndsAnswersAtFiveHundredRows(t *testing.T) {
	known := &subject{digest: digestRow{Sum: "x", Local: 3}}
	elsewhere := &subject{digest: digestRow{Sum: "x", Global: 3}}
	for name, c := range map[string]struct {
		shared bool
		s      *subject
		want   int
	}{
		"uses here":                      {true, known, 500},
		"uses elsewhere":                 {true, elsewhere, 163},
		"uses elsewhere, no GlobalUsage": {false, elsewhere, 500},
	} {
		k := &packer{names: 500, local: 5000, shared: c.shared}
		var sum load
		n := 0
		for more := k.expect(c.s); k.fits(sum, more); n++ {
			sum = sum.with(more)
		}
		if n != c.want {
			t.Errorf("%s: %d fit one batch, want %d", name, n, c.want)
		}
	}
}
