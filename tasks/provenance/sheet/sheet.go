// Package sheet reads CSS and TemplateStyles for media URLs.
package sheet

import (
	"filewarden/tasks/provenance/literal"
	"filewarden/tasks/provenance/rule"
)

// Audit finds what rules say of a style sheet.
func Audit(text []byte) (hits []rule.Hit, err error) {
	hits = literal.Scan(string(text))
	for i := range hits {
		if hits[i].Rule == "TS001" {
			hits[i].Rule = "CS001"
		}
	}
	return hits, nil
}
