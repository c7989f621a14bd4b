package audit

import "filewarden/tasks/provenance/sequence"

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

// worthwhile says whether a trigger at an offset is one. "src" must stand alone
// or at the end of a name, or begin "srcset": three letters turn up in any data.
func worthwhile(text []byte, at int, word string) bool {
	return word != "src" || srcAlone(text, at)
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
	return len(rest) == 0 || !letterOrDigit(rest[0]) && rest[0] != '/' || len(rest) >= 3 && sequence.Folds(rest[:3], "set")
}

func letterOrDigit(c byte) bool { return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' }

// ofAny are all triggers, and ofLua is what makes a module worth reading
// besides: a module cannot know an address but by a function.
var (
	ofAny = sequence.New(triggers...)
	ofLua = sequence.New("url")
)

// triggered says whether a text is worth reading.
func triggered(language Language, text []byte) bool {
	found := func(at int, word string) bool { return worthwhile(text, at, word) }
	return sequence.Find(ofAny, text, found) || language == Lua && sequence.Find(ofLua, text, found)
}
