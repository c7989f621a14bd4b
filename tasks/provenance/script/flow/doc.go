// Package flow finds out what the expressions of a script may hold, as far as
// media URLs are concerned, and calls rules with what it found.
//
// # Model
//
// The script is run on sample addresses instead of real ones. Where it reads
// an address of a media file (the src of a picture, the url of an imageinfo
// answer), the value is a Vec: some dozen addresses at once, of several types
// of file, originals and thumbnails, each as it was before MediaWiki added
// parameters (Plain), as it is now (Marked) and as it is when thumbnails have
// a host of their own (Moved). Every operation on strings, numbers, arrays and
// regular expressions is carried out on all of them. So a rule need not know
// the hundred ways in which one can ask for an extension: it looks whether
// what came out for a Plain address is an extension, and what came out for
// the Marked one is not.
//
//	img.src                       Plain …/Example.jpg   Marked …/Example.jpg?utm_source=…
//	img.src.split('.').pop()      Plain jpg             Marked org&utm_content=…   → broken
//	…split('?')[0].split('.')…    Plain jpg             Marked jpg                 → safe
//
// A value is a set of atoms, things that it may be: strings and numbers (a Vec,
// of one value for a constant), elements, jQuery selections, imageinfo
// objects, functions. What is not about media is no atom at all; an empty
// value is one of which nothing is known.
//
// Statements run in order; branches run apart and are joined; the body of a
// loop runs twice. A closure sees what its variables hold when it is made and
// all that is assigned to them elsewhere. Functions are read once a round, with
// the arguments of all their calls joined, and again only where something
// changed that they looked at; rounds go on until nothing changes, or until one
// brings media nowhere new, at most a few, and rules are called in the last.
// Properties of objects are joined by the place where the object is made. Work
// is bounded by a number of steps.
//
// # Writing a rule
//
// A rule is a function of a Site, the place just read:
//
//	func endsWith(s *flow.Site) {
//		call, method, ok := s.Method()              // u.endsWith('.jpg')
//		if !ok || method.Name != "endsWith" {
//			return
//		}
//		if flow.Differs(s.Result, flow.Plain, flow.Marked) { // true without parameters, false with them
//			s.Report("PV005", call, s.Source(method.Object)+"…")
//		}
//	}
//
// and stands in the Rules of package script under the kind of place for which
// it is called. Site.Of tells what any expression that was read on the way
// holds; Value.Media whether that is an address; Site.Guards which conditions
// hold here; Site.Parts the pieces of a concatenation.
package flow
