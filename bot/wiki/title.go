package wiki

import (
	"errors"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Title is a normalised title.
type Title struct {
	NS   int
	Name string // without namespace, with spaces
	Full string // with this wiki's own namespace name, with spaces
}

// ErrTitle is a text that is no title on this wiki.
var ErrTitle = errors.New("not a valid title")

// titleRules are what a wiki's titles depend on.
type titleRules struct {
	names     map[int]string  // localised, with spaces
	byName    map[string]int  // every name and alias, lower case, with spaces
	sensitive map[int]bool    // first letter is kept
	interwiki map[string]bool // prefixes of other wikis; true: means this wiki
	apis      []string        // api.php addresses that the interwiki map knows
}

func newTitleRules(info siteAnswer) titleRules {
	r := titleRules{names: map[int]string{}, byName: map[string]int{}, sensitive: map[int]bool{}, interwiki: map[string]bool{}}
	for _, ns := range info.Namespaces {
		r.byName[foldName(ns.Canonical)] = ns.ID
		r.sensitive[ns.ID] = ns.Case == "case-sensitive"
	}
	for _, a := range info.Aliases {
		r.byName[foldName(a.Alias)] = a.ID
	}
	for _, ns := range info.Namespaces {
		r.names[ns.ID] = strings.ReplaceAll(ns.Name, "_", " ")
		r.byName[foldName(ns.Name)] = ns.ID
	}
	delete(r.byName, "")
	for _, iw := range info.Interwiki {
		r.interwiki[strings.ToLower(iw.Prefix)] = iw.Local
		if iw.API != "" {
			r.apis = append(r.apis, iw.API)
		}
	}
	return r
}

func foldName(name string) string {
	return strings.ToLower(strings.Trim(strings.ReplaceAll(name, "_", " "), " "))
}

var (
	// bidiMarks are dropped by MediaWiki's title parser: they come along when names are copied.
	bidiMarks = regexp.MustCompile(`[\x{200E}\x{200F}\x{202A}-\x{202E}]+`)
	blanks    = regexp.MustCompile(`[ _\x{A0}\x{1680}\x{180E}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}]+`)
	entity    = regexp.MustCompile(`&(#[0-9]+|#[xX][0-9A-Fa-f]+|[A-Za-z0-9]+);`)
	percent   = regexp.MustCompile(`%[0-9A-Fa-f]{2}`)
	illegal   = regexp.MustCompile(`[\x00-\x1F\x7F#<>\[\]{|}]|%[0-9A-Fa-f]{2}|&(#[0-9]+|#[xX][0-9A-Fa-f]+|[A-Za-z0-9\x{80}-\x{10FFFF}]+);|~~~`)
	dotted    = regexp.MustCompile(`^\.\.?(/|$)|/\.\.?(/|$)`)
)

// Title normalises a title the way this wiki does: namespace aliases and
// localised names, underscores, first letter, %xx. A fragment is dropped.
// The rules are those of Manual:Page_title and MediaWikiTitleCodec.
// Error: ErrTitle, with what is wrong.
func (s *Session) Title(text string) (Title, error) {
	t, err := s.titles.parse(text)
	if err != nil {
		return Title{}, fmt.Errorf("%w: %q %w", ErrTitle, clip(text, 100), err)
	}
	return t, nil
}

func (r titleRules) parse(text string) (Title, error) {
	name, err := cleanTitle(text)
	if err != nil {
		return Title{}, err
	}
	ns, name, err := r.prefix(name)
	if err != nil {
		return Title{}, err
	}
	name, _, _ = strings.Cut(name, "#")
	name = strings.Trim(name, " ")
	if err := r.check(ns, name); err != nil {
		return Title{}, err
	}
	if !r.sensitive[ns] {
		name = upperFirst(name)
	}
	full := name
	if ns != 0 {
		full = r.names[ns] + ":" + name
	}
	return Title{NS: ns, Name: name, Full: full}, nil
}

// cleanTitle brings a text to the characters it stands for.
func cleanTitle(text string) (string, error) {
	text = entity.ReplaceAllStringFunc(text, html.UnescapeString)
	if percent.MatchString(text) {
		text = percent.ReplaceAllStringFunc(text, func(x string) string {
			b, _ := url.PathUnescape(x)
			return b
		})
	}
	if !utf8.ValidString(text) || strings.ContainsRune(text, utf8.RuneError) {
		return "", errors.New("is not UTF-8")
	}
	text = norm.NFC.String(text)
	text = bidiMarks.ReplaceAllString(text, "")
	return strings.Trim(blanks.ReplaceAllString(text, " "), " "), nil
}

// prefix takes the namespace off a title, and prefixes of this very wiki.
func (r titleRules) prefix(name string) (int, string, error) {
	if rest, ok := strings.CutPrefix(name, ":"); ok {
		name = strings.TrimLeft(rest, " ")
	}
	for range 2 {
		before, rest, ok := strings.Cut(name, ":")
		if !ok || before == "" {
			break
		}
		key, rest := foldName(before), strings.TrimLeft(rest, " ")
		if ns, ok := r.byName[key]; ok {
			return ns, rest, r.checkTalk(ns, rest)
		}
		home, ok := r.interwiki[key]
		if !ok {
			break
		}
		if !home {
			return 0, "", fmt.Errorf("is on another wiki (prefix %q)", before)
		}
		name = rest
	}
	return 0, name, nil
}

// checkTalk refuses "Talk:File:X", which MediaWiki does too.
func (r titleRules) checkTalk(ns int, rest string) error {
	before, _, ok := strings.Cut(rest, ":")
	if ns != 1 || !ok {
		return nil
	}
	key := foldName(before)
	_, named := r.byName[key]
	_, linked := r.interwiki[key]
	if named || linked {
		return errors.New("has a second prefix after Talk:")
	}
	return nil
}

// check refuses what no page can be called. Lengths are in bytes.
func (r titleRules) check(ns int, name string) error {
	most := 255
	if ns == -1 {
		most = 512
	}
	switch {
	case name == "":
		return errors.New("is empty")
	case strings.HasPrefix(name, ":"):
		return errors.New("begins with a colon")
	case illegal.MatchString(name):
		return fmt.Errorf("holds %q, which no title may", illegal.FindString(name))
	case dotted.MatchString(name):
		return errors.New("is a relative path")
	case len(name) > most:
		return fmt.Errorf("is %d bytes long, %d are allowed", len(name), most)
	}
	return nil
}

// upperFirst as MediaWiki: letters without a capital of their own stay, and so
// does Georgian, whose capitals are not used to begin words.
func upperFirst(name string) string {
	first, size := utf8.DecodeRuneInString(name)
	if first >= 0x10D0 && first <= 0x10FF {
		return name
	}
	return string(unicode.ToUpper(first)) + name[size:]
}
