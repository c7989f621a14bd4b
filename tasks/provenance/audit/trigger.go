package audit

import (
	"encoding/binary"
	"strings"
)

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
	"upload.w", `upload\.w`, `upload\\.w`, "upload%2ew", "px-",
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

// rarest finds the two adjacent pairs of a sequence that are the least common.
func rarest(s string) int {
	best, least := 0, 1e9
	for i := 0; i+3 <= len(s); i++ {
		if n := common(s[i:i+2]) + common(s[i+1:i+3]); n < least {
			best, least = i, n
		}
	}
	return best
}

// usual are the most common pairs of letters in code, from the most common one.
const usual = "onleinreteenerstorgeetataressethcoicisntalitcamelidendedaneltopaiohenstactwiundingrolorabllamassextrhrec" +
	"siurchusriaspeignercttginoifamsucdidilemtulculacaddgnalluexautrtvanceakicefoveumournclimolblpprtydoinckts" +
	"agldotlsapoodaiophtevobocowfrmswohaemolsrylduimogwgbaibsmaps"

// common is how common a pair is, roughly.
func common(pair string) float64 {
	for i := 0; i+1 < len(usual); i += 2 {
		if usual[i:i+2] == pair {
			return 30 / float64(10+i)
		}
	}
	if strings.ContainsAny(pair, " .(),;") {
		return 0.05
	}
	return 0.01
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
	rest := text
	for len(rest) >= 2 {
		if k := f.class[binary.LittleEndian.Uint16(rest)]; k != 0 && f.confirm(text, len(text)-len(rest), k) {
			return true
		}
		rest = rest[2:]
	}
	return false
}

// confirm compares the sequences that a pair is of. "src" must stand alone or at
// the end of a name, or begin "srcset": three letters turn up in any data.
func (f *filter) confirm(text []byte, at int, class uint8) bool {
	for _, p := range f.pairs[class] {
		start := at - p.offset
		if start >= 0 && start+len(p.sequence) <= len(text) && text[start]|0x20 == p.sequence[0]|0x20 && equalFold(text[start:start+len(p.sequence)], p.sequence) {
			if p.sequence == "src" && !srcAlone(text, start) {
				continue
			}
			return true
		}
	}
	return false
}

// srcAlone says whether "src" at an offset is a word of code, not of a folder.
func srcAlone(text []byte, at int) bool {
	before, rest := byte(' '), text[at+3:]
	if at > 0 {
		before = text[at-1]
	}
	switch string(text[at : at+3]) {
	case "src", "SRC":
		if letterOrDigit(before) {
			return false
		}
	case "Src":
		if before < 'a' || before > 'z' {
			return false
		}
	default:
		return false
	}
	return len(rest) == 0 || !letterOrDigit(rest[0]) && rest[0] != '/' || len(rest) >= 3 && equalFold(rest[:3], "set")
}

func letterOrDigit(c byte) bool { return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' }

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

// ofAny is the filter of all triggers, and ofLua has what makes a module
// worth reading besides: a module cannot know an address but by a function.
var (
	ofAny = newFilter(triggers)
	ofLua = newFilter([]string{"url"})
)

// triggered says whether a text is worth reading.
func triggered(language Language, text []byte) bool {
	return ofAny.in(text) || language == Lua && ofLua.in(text)
}
