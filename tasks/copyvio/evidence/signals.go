package evidence

import (
	"regexp"
	"strings"
	"unicode"

	"filewarden/tasks/copyvio/casebook"
)

// Signals are what name, metadata and description of a file give away. The
// patterns of Facebook are those that the upload logs of Commons have long
// looked for.
func Signals(s Subject) []casebook.Evidence {
	var found []casebook.Evidence
	add := func(kind, text string) {
		if text != "" {
			found = append(found, casebook.Evidence{Kind: kind, Text: cut(text)})
		}
	}
	add(casebook.Facebook, facebook(s))
	add(casebook.Metadata, claimed(s))
	add(casebook.Name, madeName(bare(s.Title)))
	if s.Licence == "" && Licence(s.Text) == "" {
		found = append(found, casebook.Evidence{Kind: casebook.NoLicence})
	}
	return found
}

var (
	// fbmd is what Facebook writes into IPTC special instructions.
	fbmd = regexp.MustCompile(`\bFBMD[0-9a-f]{6,}`)
	// facebookName is a picture as Facebook serves it: three numbers and a size letter.
	facebookName = regexp.MustCompile(`\b\d{6,}[ _]\d{7,}[ _]\d{7,}[ _][abnos]\b`)
	// servedName is one of a messenger, an image host or a stock agency.
	servedName = regexp.MustCompile(`(?i)^(whatsapp image \d|fb[_ ]img[_ ]\d{8,}|img-\d{8}-wa\d{4}|gettyimages-\d+|shutterstock[_ ]\d+|istockphoto-\d+|adobestock[_ ]\d+|depositphotos[_ ]\d+|alamy|screenshot[ _]|imgonline|maxresdefault|hqdefault|unnamed( \(\d+\))?\.|pinterest|tumblr[ _])`)
	// licenceTag is a template that looks like a licence.
	licenceTag = regexp.MustCompile(`(?i)\{\{\s*(self\s*\||cc[- ]|cc0|pd[- ]|pd\s*[|}]|gfdl|attribution|public domain|copyrighted free|fal\b|licen[cs]e|non-free|fair use)`)
)

// Licence is the licence that a file page names by a template, as it is written
// there: "cc-by-sa-4.0" of {{self|cc-by-sa-4.0}}; "" when it names none.
func Licence(text string) string {
	call := licenceTag.FindStringIndex(text)
	if call == nil {
		return ""
	}
	inner, _, _ := strings.Cut(text[call[0]+2:], "}}")
	parts := strings.Split(inner, "|")
	for _, part := range parts[1:] {
		if strings.EqualFold(strings.TrimSpace(parts[0]), "self") && !strings.Contains(part, "=") {
			return cut(part)
		}
	}
	return cut(parts[0])
}

func facebook(s Subject) string {
	for _, value := range s.Metadata {
		if m := fbmd.FindString(value); m != "" {
			return m
		}
	}
	return facebookName.FindString(s.Title)
}

// madeName is a file name that no person chose.
func madeName(name string) string {
	if m := servedName.FindString(name); m != "" {
		return name
	}
	stem, _, _ := strings.Cut(name, ".")
	if longest := longestCode(stem); len(longest) >= 25 {
		return longest
	}
	return ""
}

// longestCode is the longest run of letters and digits mixed as no language does:
// both occur, and change places often.
func longestCode(stem string) (longest string) {
	for _, run := range strings.FieldsFunc(stem, func(r rune) bool { return r >= unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if turns(run) >= 4 && len(run) > len(longest) {
			longest = run
		}
	}
	return longest
}

// turns counts changes between letters and digits.
func turns(run string) (n int) {
	for i := 1; i < len(run); i++ {
		if unicode.IsDigit(rune(run[i])) != unicode.IsDigit(rune(run[i-1])) {
			n++
		}
	}
	return n
}

// authorFields name a person or a firm (EXIF, IPTC and XMP as MediaWiki calls them).
var authorFields = []string{"Copyright", "CopyrightNotice", "Credit", "Artist", "Byline", "UsageTerms", "WebStatement", "Source"}

// claimed is whom the metadata name, where it is not the uploader.
func claimed(s Subject) string {
	for _, field := range authorFields {
		value := strings.TrimSpace(s.Metadata[field])
		if len(value) < 3 || blank.MatchString(value) || alike(value, s.User) {
			continue
		}
		return field + ": " + value
	}
	return ""
}

// blank are values that cameras and programs write for nobody, and free licences.
var blank = regexp.MustCompile(`(?i)^(unknown|none|n/?a|picasa|owner|user|admin|default|camera|copyright|\(c\)|©|all|[\d\s.:/-]+|.*(creative ?commons|public domain|cc[- ]by|cc0).*)$`)

// alike says whether a name may be the user's own.
func alike(value, user string) bool {
	v, u := letters(value), letters(user)
	return u != "" && (strings.Contains(v, u) || strings.Contains(u, v))
}

func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// cut keeps what a reviewer needs of a foreign text.
func cut(text string) string {
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) > maxText {
		return string(runes[:maxText-1]) + "…"
	}
	return string(runes)
}

const maxText = 200
