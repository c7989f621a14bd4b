package audit

// triggers are what every text contains one of that a rule can find anything
// in: where a media URL can come from, how one is spelled out, and how one is
// sized. They are at least three bytes long and match in any case of ASCII
// letters.
var triggers = []string{
	// elements and their attributes
	"src", "poster", "fullimage", "fullmedia", ".internal", "mw-file", "og:image", "href$=", "href $=",
	// answers of the API, and how they are asked for
	"imageinfo", "videoinfo", "allimages", "iiprop", "iiurl", "viurl", "aiprop", "viprop", "thumb", "responsiveurls", "originalimage", "stashimageinfo",
	"info.url", "sizes", "lens.google", "tineye", "yandex.", "iqdb", "karmadecay", "bing.com",
	// helpers of MediaWiki's
	"parseimageurl", "resizeurl", "filepath", "redirect/file", `redirect\/file`, "redirect%2ffile", "special:redirect",
	// addresses, whole and in parts
	"upload.w", `upload\.w`, `upload\\.w`, "upload%2ew", "px-", "px_", "px'", `px"`, "px`",
	// paths made by hand
	"md5", "crossorigin",
	// our own marks
	"filewarden-",
}

// filter finds any of a set of sequences in one pass. Every second byte is
// looked up together with its neighbour: of two adjacent pairs within a
// sequence one begins at an even place. What looks up is compared.
type filter struct {
	class [1 << 16]uint8 // of a pair: 0 is in no sequence, else an index into pairs
	pairs [][]probe
}

// probe is a sequence to compare, and where in it the pair stands.
type probe struct {
	sequence string
	offset   int
}

// newFilter prepares a search for sequences of at least three bytes, in lower case.
func newFilter(sequences []string) *filter {
	f := &filter{pairs: make([][]probe, 1)}
	for _, s := range sequences {
		at := rarest(s)
		f.add(s, at)
		f.add(s, at+1)
	}
	return f
}

// rarest finds the two adjacent pairs of a sequence that are the least common
// in code: the first with a byte that is neither a vowel nor a usual consonant.
func rarest(s string) int {
	best, score := 0, -1
	for i := 0; i+3 <= len(s); i++ {
		n := 0
		for j := i; j < i+3; j++ {
			n += rarity(s[j])
		}
		if n > score {
			best, score = i, n
		}
	}
	return best
}

// rarity of a byte in code, roughly.
func rarity(c byte) int {
	switch c {
	case 'e', 't', 'a', 'i', 'n', 'o', 's', 'r':
		return 0
	case 'l', 'c', 'd', 'u', 'p', 'm', 'f', '.', '"', '\'', '-', 'h', 'g':
		return 1
	}
	return 2
}

// add registers one pair of a sequence in all cases of its letters.
func (f *filter) add(s string, offset int) {
	f.pairs = append(f.pairs, nil)
	for _, a := range cases(s[offset]) {
		for _, b := range cases(s[offset+1]) {
			pair := uint16(a) | uint16(b)<<8
			if f.class[pair] == 0 {
				f.class[pair] = uint8(len(f.pairs) - 1)
			}
			k := f.class[pair]
			f.pairs[k] = append(f.pairs[k], probe{s, offset})
		}
	}
}

// cases of a byte: a letter has two.
func cases(c byte) []byte {
	if c >= 'a' && c <= 'z' {
		return []byte{c, c - 'a' + 'A'}
	}
	return []byte{c}
}

// in says whether a text has any of the sequences.
func (f *filter) in(text []byte) bool {
	for i := 0; i+1 < len(text); i += 2 {
		if k := f.class[uint16(text[i])|uint16(text[i+1])<<8]; k != 0 && f.confirm(text, i, k) {
			return true
		}
	}
	return false
}

// confirm compares the sequences that a pair is of.
func (f *filter) confirm(text []byte, at int, class uint8) bool {
	for _, p := range f.pairs[class] {
		start := at - p.offset
		if start >= 0 && start+len(p.sequence) <= len(text) && equalFold(text[start:start+len(p.sequence)], p.sequence) {
			return true
		}
	}
	return false
}

// equalFold compares with a sequence in lower case, ASCII letters in any case.
func equalFold(text []byte, lower string) bool {
	for i, c := range text {
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}

// common is the filter of all triggers, and ofLua has what makes a module
// worth reading besides: a module cannot know an address but by a function.
var (
	common = newFilter(triggers)
	ofLua  = newFilter([]string{"url"})
)

// triggered says whether a text is worth reading.
func triggered(language Language, text []byte) bool {
	return common.in(text) || language == Lua && ofLua.in(text)
}
