package script

import (
	"regexp"
	"strings"

	"filewarden/tasks/provenance/script/flow"
)

var (
	oneDigit  = regexp.MustCompile(`^(.+?)\s*(?:\[\s*0\s*\]|\.charAt\(\s*0?\s*\)|\.(?:slice|substr|substring)\(\s*0\s*,\s*1\s*\))$`)
	twoDigits = regexp.MustCompile(`^(.+?)\s*\.(?:slice|substr|substring)\(\s*0\s*,\s*2\s*\)$`)
)

// hashPath is PV013: h[0] + '/' + h.slice(0, 2) + '/' + name.
func hashPath(s *flow.Site) {
	one, two := "", ""
	first := -1
	for i, p := range s.Parts {
		if p.Node == nil {
			continue
		}
		source := s.Source(p.Node)
		if !endsDigits(source) {
			continue
		}
		if m := oneDigit.FindStringSubmatch(source); m != nil {
			one, first = m[1], i
		}
		if first < 0 {
			continue
		}
		if m := twoDigits.FindStringSubmatch(source); m != nil {
			two = m[1]
		}
	}
	hashes := 0
	for _, p := range s.Parts {
		if p.Value.Is(flow.Hash) {
			hashes++
		}
	}
	if one == "" || one != two {
		if hashes < 2 {
			return
		}
	}
	for _, t := range s.Result.Texts() {
		if foreign(t) || !strings.Contains(t, "/") {
			return // a folder on another host, or no folder at all, as in a colour
		}
	}
	s.Blame(s.Node, s.Report("PV013", s.Node, "mw.util.getUrl('Special:Redirect/file/' + "+nameAfter(s)+", { width: 250 })"))
}

// endsDigits is a look at the end of what oneDigit and twoDigits match.
func endsDigits(source string) bool {
	if source == "" {
		return false
	}
	before := strings.TrimRight(source[:len(source)-1], " \t\n\f\r")
	switch source[len(source)-1] {
	case ']':
		return strings.HasSuffix(before, "0")
	case ')':
		return before != "" && strings.IndexByte("(012", before[len(before)-1]) >= 0
	}
	return false
}

var hostOf = regexp.MustCompile(`//[a-z0-9-]+(?:\.[a-z0-9-]+)+`)

// foreign says whether a text names a host, and none of Wikimedia's.
func foreign(t string) bool {
	return hostOf.MatchString(t) && !wmf.MatchString(t)
}

// nameAfter is the source of the file's name: the last part that is no text.
func nameAfter(s *flow.Site) string {
	for i := len(s.Parts) - 1; i >= 0; i-- {
		p := s.Parts[i]
		if _, literal := p.Literal(); !literal && p.Node != nil && !p.Value.Is(flow.Hash) {
			return s.Source(p.Node)
		}
	}
	return "name"
}

var thumbPHP = regexp.MustCompile(`/(?:thumb|thumb_handler)\.php(?:\?|$)`)

// redirected is how the wiki is asked for the address of a thumbnail.
const redirected = "mw.util.getUrl('Special:Redirect/file/' + name, { width: 250 })"

// thumbScript is PV013 by /w/thumb.php.
func thumbScript(s *flow.Site) {
	for _, t := range s.Result.Texts() {
		if !strings.Contains(t, ".php") || !thumbPHP.MatchString(t) || s.Parts != nil && literalPart(s, thumbPHP) {
			continue
		}
		if !strings.Contains(t, "//") || wmf.MatchString(t) {
			s.Report("PV013", s.Node, redirected)
			return
		}
	}
}

var wmf = regexp.MustCompile(`//[\w.-]*(wik(i[mp]edia|ibooks|idata|iquote|inews|iversity|isource|ivoyage|tionary)|mediawiki)\.org`)

// literalPart says whether one spelled-out part of a concatenation matches: it
// is found by itself.
func literalPart(s *flow.Site, re *regexp.Regexp) bool {
	for _, p := range s.Parts {
		if t, ok := p.Literal(); ok && re.MatchString(t) {
			return true
		}
	}
	return false
}
