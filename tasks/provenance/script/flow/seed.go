package flow

import (
	"math/bits"
	"strings"
)

// seeds are words without which no rule finds anything, in lower case. Those
// of MediaWiki's answers stand here, those of elements, of addresses, of
// services, and those by which addresses are made and taken apart.
var seeds = []string{
	"src", "poster", "fullimage", "fullmedia", ".internal", "mw-file", "og:image", "href$", "href $",
	"imageinfo", "videoinfo", "allimages", "iiprop", "iiurl", "viurl", "aiprop", "viprop", "thumb", "responsiveurls", "originalimage",
	"info.url", "lens.google", "tineye", "yandex.", "iqdb", "karmadecay", "bing.com", "saucenao", "baidu.com", "ascii2d", "trace.moe", "searchbyimage",
	"parseimageurl", "resizeurl", "filepath", "redirect/file", `redirect\/file`, "redirect%2ffile", "special:redirect",
	"upload.w", `upload\.w`, `upload\\.w`, "upload%2ew", "px-", "utm_", "/wikipedia/",
	"md5", "crossorigin",
}

// pairTable finds up to 64 words in one pass: by two bytes in each of them. A set
// bit is a word.
type pairTable [1 << 16]uint64

// table of the seeds, by their first two bytes in any case.
var table = newSeedTable()

func newSeedTable() *pairTable {
	t := new(pairTable)
	for i, s := range seeds {
		for _, a := range bothCases(s[0]) {
			for _, b := range bothCases(s[1]) {
				t[uint16(a)<<8|uint16(b)] |= 1 << i
			}
		}
	}
	return t
}

// newPairs is a table of words that have their bytes in one case.
func newPairs(words int, pair func(word int) (a, b byte)) *pairTable {
	t := new(pairTable)
	for i := range words {
		a, b := pair(i)
		t[uint16(a)<<8|uint16(b)] |= 1 << i
	}
	return t
}

func bothCases(c byte) []byte {
	if c >= 'a' && c <= 'z' {
		return []byte{c, c - 'a' + 'A'}
	}
	return []byte{c}
}

// seedsIn finds the offsets at which seeds begin, in order.
func seedsIn(text string) []int {
	var all []int
	for i := 0; i+1 < len(text); i++ {
		for found := table[uint16(text[i])<<8|uint16(text[i+1])]; found != 0; found &= found - 1 {
			if s := seeds[bits.TrailingZeros64(found)]; i+len(s) <= len(text) && foldsTo(text[i:i+len(s)], s) && !isFolder(text[i:], s) {
				all = append(all, i)
				break
			}
		}
	}
	return all
}

// foldsTo compares with a text in lower case, ASCII letters in any case.
func foldsTo(text, lower string) bool {
	for i := 2; i < len(lower); i++ {
		c := text[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}

// isFolder says whether a seed is the name of a folder or of a row in a list of
// changes: a bundle names its modules by the folder src, and the whole of a
// module would be read for that.
func isFolder(text, seed string) bool {
	if seed != "src" {
		return false
	}
	rest := text[len(seed):]
	return strings.HasPrefix(rest, "-mw-") || len(rest) > 3 && rest[0] == '/' && letters(rest[1:4])
}

func letters(s string) bool {
	for i := range len(s) {
		if c := s[i] | 0x20; c < 'a' || c > 'z' {
			return false
		}
	}
	return true
}
