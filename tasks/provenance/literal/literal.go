// Package literal finds media URLs that are spelled out in a text, whatever
// language that is written in.
//
// # Model
//
//	text → words around an anchor → plain spelling → addresses → hits
//
// An anchor is a sequence without which no address of a media file is written:
// the hosts' domain, "thumb", "px-", "width". The word around it is read the
// way in which languages end a string (a quote, a space, an unmatched
// bracket), and its slashes are made plain, however they were escaped: "\/",
// "%2F", "\u002F". Each address in it is then taken apart at its hash folders:
//
//	//upload.wikimedia.org/wikipedia/commons/thumb/e/e3/Foo.svg/22px-Foo.svg.png
//	                                              └hash┘ └name─┘ └─size segment─┘
//
// What must hold:
//
//   - Offsets are those of the text, and a fix keeps the text's own spelling:
//     only the digits of the width are exchanged.
//   - A path without one of Wikimedia's hosts counts only with hash folders that
//     agree and, where "thumb" is not before them, with the file's name repeated
//     behind the width.
//   - A host of somebody else raises information only: the standard widths are
//     Wikimedia's (https://www.mediawiki.org/wiki/Common_thumbnail_sizes).
//   - Time grows with the text's length and nothing else.
package literal

import "filewarden/tasks/provenance/rule"

// Scan finds what rules say of the media URLs in a text: off-step widths
// (TS001), malformed sizes (TS006), redirects with an off-step width (TS005),
// thumb.php (PV013) and hard-coded addresses (PV014, one hit for each).
// Offsets are those of text.
//
// The arguments are: TS001 and TS005 the width and the next standard one;
// TS006 the size as written and as it should be; PV013 the script; PV014 the
// number of addresses, here always 1.
func Scan(text string) []rule.Hit {
	var hits []rule.Hit
	for w := range words(text) {
		for _, a := range addresses(plain(w)) {
			hits = append(hits, judge(text, a)...)
		}
	}
	return hits
}

// judge says what rules say of one address.
func judge(text string, a address) []rule.Hit {
	var hits []rule.Hit
	if hit, ok := sized(text, a); ok {
		hits = append(hits, hit)
	} else if hit, ok := rendered(text, a); ok {
		hits = append(hits, hit)
	} else if hit, ok := redirected(text, a); ok {
		hits = append(hits, hit)
	}
	if a.host == ours && len(a.path()) > 1 {
		hits = append(hits, a.hit(text, "PV014", "1"))
	}
	return hits
}
