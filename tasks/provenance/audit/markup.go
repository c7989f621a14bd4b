package audit

import (
	"bytes"
	"errors"
	"regexp"

	"filewarden/tasks/provenance/rule"
	"filewarden/tasks/provenance/script"
	"filewarden/tasks/provenance/sheet"
	"filewarden/tasks/provenance/wikitext"
)

// block is a script or a style in a page of markup, or in a Vue component.
var block = regexp.MustCompile(`(?is)<(script|style)(?:\s[^>]*)?>(.*?)</(?:script|style)\s*>`)

// markup reads HTML: what stands in scripts and styles by their readers, the
// rest like the markup in a wikitext.
func markup(text []byte) ([]rule.Hit, error) {
	rest := bytes.Clone(text)
	var hits []rule.Hit
	var failed error
	for _, m := range block.FindAllSubmatchIndex(text, -1) {
		audit := sheet.Audit
		if text[m[2]]|0x20 == 's' && text[m[2]+1]|0x20 == 'c' {
			audit = script.Audit
		}
		found, err := audit(text[m[4]:m[5]])
		hits = append(hits, shifted(found, m[4])...)
		failed = errors.Join(failed, err)
		blank(rest[m[0]:m[1]])
	}
	return append(hits, wikitext.Audit(rest)...), failed
}

// blank makes a part of a text white, keeping its lines.
func blank(text []byte) {
	for i, c := range text {
		if c != '\n' && c != '\r' {
			text[i] = ' '
		}
	}
}
