package flow

import (
	"slices"
	"strings"

	"filewarden/tasks/provenance/sequence"
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

// ofSeeds finds them.
var ofSeeds = sequence.New(seeds...)

// seedsIn finds the offsets at which seeds begin, in order.
func seedsIn(text string) []int {
	var all []int
	sequence.Find(ofSeeds, text, func(at int, word string) bool {
		if !isFolder(text[at:], word) {
			all = append(all, at)
		}
		return false
	})
	slices.Sort(all)
	return slices.Compact(all)
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
