package literal

import "strconv"

// Thumbnail is an address of a scaled picture that a text spells out.
type Thumbnail struct {
	Start, End int
	Width      int // 0 where it is mistyped
}

// Thumbnails finds the addresses of scaled pictures on Wikimedia's hosts, of
// any width.
func Thumbnails(text string) []Thumbnail {
	var all []Thumbnail
	for w := range words(text) {
		for _, a := range addresses(plain(w)) {
			t, ok := thumbOf(a)
			if !ok || !t.known && a.host != ours || t.local || a.host == foreign {
				continue
			}
			one := Thumbnail{Start: a.at[a.start], End: a.at[a.end]}
			if m := sizeForm.FindStringSubmatch(t.segment); m != nil {
				one.Width, _ = strconv.Atoi(m[1])
			}
			all = append(all, one)
		}
	}
	return all
}
