// Package sheet reads CSS and TemplateStyles for media URLs.
package sheet

import "filewarden/tasks/provenance/rule"

// Audit finds what rules say of a style sheet.
func Audit(text []byte) (hits []rule.Hit, err error) { return nil, nil }
