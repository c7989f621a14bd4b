// Package wikitext reads pages of a wiki for raw media URLs.
//
// # Model
//
// What MediaWiki does not read as markup is made white: comments and what
// stands in <nowiki>, <pre>, <syntaxhighlight>, <source> and <math>. In the
// rest an address counts wherever it stands: in an external link, in a style,
// in the attribute of an element, as an argument of a template. Besides, two
// constructs make a raw address (LU002): {{filepath:}} with a width of its own,
// and a file whose link= leads to the server of files.
package wikitext

import (
	"regexp"
	"strconv"

	"filewarden/bot/wiki/mediaurl"
	"filewarden/tasks/provenance/literal"
	"filewarden/tasks/provenance/rule"
)

// Audit finds what rules say of a wikitext.
func Audit(text []byte) []rule.Hit {
	code := string(Code(text))
	return append(literal.Scan(code), raw(code)...)
}

// filepath is the parser function with its arguments:
// https://www.mediawiki.org/wiki/Help:Magic_words#URL_data
var filepath = regexp.MustCompile(`(?i)\{\{\s*(?:filepath|dateipfad|cheminfichier|rutaarchivo|文件路径|ファイルパス)\s*:[^|\n]{1,300}((?:\|[^|{}\n]{0,40}){1,3})\}\}`)

// width is the argument of it that is one.
var width = regexp.MustCompile(`\|\s*(\d{1,6})(?:px)?\s*(?:\||$)`)

// fileLink is an image whose link leads to the server of files.
var fileLink = regexp.MustCompile(`(?i)\|\s*(?:link|verweis|lien|enlace|collegamento|ligação|ссылка|链接)\s*=\s*((?:https?:)?//(?:upload|thumb)\.wikimedia\.org/[^\s|\]]+)`)

// raw finds constructs that make a raw address.
func raw(code string) []rule.Hit {
	var hits []rule.Hit
	for _, m := range filepath.FindAllStringSubmatchIndex(code, -1) {
		w := width.FindStringSubmatch(code[m[2]:m[3]])
		if w == nil {
			continue
		}
		if n, _ := strconv.Atoi(w[1]); n > 0 && !mediaurl.IsStep(n) {
			hits = append(hits, rule.Hit{Rule: "LU002", Start: m[0], End: m[1]})
		}
	}
	for _, m := range fileLink.FindAllStringSubmatchIndex(code, -1) {
		hits = append(hits, rule.Hit{Rule: "LU002", Start: m[2], End: m[3]})
	}
	return hits
}
