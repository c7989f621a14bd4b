package sequence

import (
	"slices"
	"strings"
	"testing"
)

func TestEveryWordIsFoundAtEvenAndOddPlacesInAnyCase(t *testing.T) {
	words := []string{"src", "thumb", ".internal", "px-", "upload%2ew", "href$="}
	set := New(words...)
	for _, word := range words {
		for before := range 4 {
			for _, spelled := range []string{word, strings.ToUpper(word)} {
				text := strings.Repeat(" ", before) + spelled + " sr thum px"
				if got := all(set, text); !slices.Equal(got, []int{before}) {
					t.Errorf("%q: found at %v", text, got)
				}
			}
		}
	}
}

func TestWordsThatOverlapAreAllFound(t *testing.T) {
	got := all(New("thumb", "thumburl", "url"), "thumburl")
	if !slices.Equal(got, []int{0, 0, 5}) {
		t.Errorf("found at %v", got)
	}
}

func TestTheSearchEndsWhereItIsEnough(t *testing.T) {
	calls := 0
	enough := Find(New("url"), []byte("url url url"), func(int, string) bool { calls++; return calls == 2 })
	if !enough || calls != 2 {
		t.Errorf("%v after %d", enough, calls)
	}
}

func FuzzFindIsWhatLookingAtEveryPlaceFinds(f *testing.F) {
	f.Add("img.src = thumbURL")
	f.Add("SRCsrcpxpx-")
	words := []string{"src", "thumb", "px-", "url"}
	set := New(words...)
	f.Fuzz(func(t *testing.T, text string) {
		var want []int
		for at := range len(text) {
			for _, w := range words {
				if at+len(w) <= len(text) && Folds(text[at:at+len(w)], w) {
					want = append(want, at)
				}
			}
		}
		if got := all(set, text); !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	})
}

// all are the places where a set finds something, in order.
func all(s *Set, text string) (places []int) {
	Find(s, text, func(at int, _ string) bool { places = append(places, at); return false })
	slices.Sort(places)
	return places
}
