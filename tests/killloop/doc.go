// Package killloop kills the program again and again while it tells people
// their news, on a real MediaWiki.
//
// Its test is the whole of it: more than a hundred notices, more than twenty
// kills at moments drawn from a seed, among them those in which an edit is on
// its way, made and not answered, or answered and not yet noted. Then the
// program runs to the end, and the pages of the wiki, not the program's memory,
// are asked whether everybody was told everything once.
package killloop
