// Package killloop kills the program again and again while it works, on a real
// MediaWiki.
//
// Its tests are the whole of it: more than a hundred notices and more than
// twenty kills in one, and in the other uploads that are searched for, decided
// about and nominated. The moments are drawn from a seed, among them those in
// which an edit is on its way, made and not answered, or answered and not yet
// noted, and those in which a search was paid for and its answer is lost. Then
// the program runs to the end, and the pages of the wiki and the bill, not the
// program's memory, are asked whether everything was done once.
package killloop
