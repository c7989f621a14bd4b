// Package wikitext reads pages of a wiki for raw media URLs.
package wikitext

import (
	"filewarden/tasks/provenance/literal"
	"filewarden/tasks/provenance/rule"
)

// Audit finds what rules say of a wikitext.
func Audit(text []byte) []rule.Hit { return literal.Scan(string(text)) }
