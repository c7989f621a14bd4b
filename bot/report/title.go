package report

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode/utf8"
)

// maxTitle is the most bytes of a page name (Manual:Page title). The prefix's
// namespace does not count there; counting it keeps the rule simple and safe.
const maxTitle = 255

// Title of a wikitext page beneath the prefix. A name that would make MediaWiki
// take the page for code or data gets "/report", and one that is too long is
// cut and ends in a hash of the whole.
func (p *Pages) Title(name string) string { return titleBeneath(p.c.Prefix, name) }

func titleBeneath(prefix, name string) string {
	lower, end := strings.ToLower(name), ""
	for _, code := range []string{".js", ".css", ".json"} {
		if strings.HasSuffix(lower, code) {
			end = "/report"
		}
	}
	if len(prefix)+len(name)+len(end) <= maxTitle {
		return prefix + name + end
	}
	sum := sha256.Sum256([]byte(name))
	end = "-" + hex.EncodeToString(sum[:8]) + end
	room := max(maxTitle-len(prefix)-len(end), 0)
	for room > 0 && !utf8.RuneStart(name[room]) {
		room--
	}
	return prefix + strings.TrimRight(name[:room], " _") + end
}

// title of a part's page.
func (p *Pages) title(part Part) string {
	switch {
	case part.Title != "":
		return part.Title
	case part.json():
		return "User:" + p.c.Wiki.Account().Name + "/" + part.Name
	}
	return p.Title(part.Name)
}

// json says whether a part is a page of JSON.
func (part Part) json() bool {
	return part.Whole && strings.HasSuffix(part.Title+part.Name, ".json")
}

// marks of a part: named by its page.
func (part Part) marks() marks {
	if part.Name != "" {
		return marksOf(part.Name)
	}
	return marksOf(part.Title)
}
