package edge

import "filewarden/bot/wiki/mediaurl"

// Require is what an address needs to be let through:
//
//	           valid  stale  none   bad
//	none       204    204    204    204   watch: nothing is refused
//	unforged   204    204    204    403   the default
//	signed     204    204    403    403   once everything signs
//	valid      204    403    403    403   for what must not be shared or kept
//
// Unforged is the default because only a forgery has no innocent cause. Pages
// keep the addresses that were right when they were made: MediaWiki's parser
// cache does so for weeks, browsers and search engines for longer, so stale
// addresses are what readers of such pages have. Addresses without a signature
// stand in gadgets, articles and other people's pages. Both carry their marks to
// the servers behind, which can slow them down when they have to.
type Require string

// Requirements.
const (
	Nothing  Require = "none"
	Unforged Require = "unforged"
	Signed   Require = "signed"
	Valid    Require = "valid"
)

// Admits says whether an address of that standing is let through. What it does
// not know it refuses.
func (r Require) Admits(s mediaurl.Standing) bool {
	switch r {
	case Nothing:
		return true
	case Unforged:
		return s == mediaurl.Valid || s == mediaurl.Stale || s == mediaurl.None
	case Signed:
		return s == mediaurl.Valid || s == mediaurl.Stale
	}
	return s == mediaurl.Valid
}
