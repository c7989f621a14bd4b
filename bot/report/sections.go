package report

import (
	"regexp"
	"strings"

	"filewarden/bot/gate"
)

// section is one "== heading ==" of a page, from its heading to the next one
// of its level or above.
type section struct {
	heading  string // as written between the equals signs
	body     string // without the heading's line
	from, to int    // bytes of the page
}

// maxSections is how many sections of a page are looked at. New ones come at
// the end, so of a page that is full of junk the last ones count.
const maxSections = 1000

var headingLine = regexp.MustCompile(`^(={1,6})(.+?)(={1,6})[ \t]*$`)

// sections splits a page. Headings within comments, nowiki and the like are none.
func sections(page string) []section {
	plain := blanked(page)
	var found []section
	open := false
	for at := 0; at < len(plain); {
		end := strings.IndexByte(plain[at:], '\n')
		if end < 0 {
			end = len(plain)
		} else {
			end += at
		}
		if level := headingLevel(plain[at:end]); level == 1 || level == 2 {
			if open {
				found[len(found)-1].to = at
			}
			if open = level == 2; open {
				line := strings.TrimRight(page[at:end], " \t\r")
				found = append(found, section{heading: headingText(line), from: at, to: len(page)})
			}
		}
		at = end + 1
	}
	if n := len(found); n > maxSections {
		found = found[n-maxSections:]
	}
	for i := range found {
		found[i].body = bodyOf(page[found[i].from:found[i].to])
	}
	return found
}

// blanked is a page with its inert parts made spaces, so that offsets stay.
func blanked(page string) string {
	b := []byte(page)
	for _, s := range gate.Inert(page) {
		for i := s.From; i < s.To; i++ {
			if b[i] != '\n' {
				b[i] = ' '
			}
		}
	}
	return string(b)
}

func headingLevel(line string) int {
	if !strings.HasPrefix(line, "=") {
		return 0
	}
	m := headingLine.FindStringSubmatch(strings.TrimRight(line, "\r"))
	if m == nil {
		return 0
	}
	return min(len(m[1]), len(m[3]))
}

// headingText is what stands between a heading's equals signs; a comment may follow them.
func headingText(line string) string {
	line = strings.TrimPrefix(line, "==")
	if i := strings.LastIndex(line, "=="); i >= 0 {
		line = line[:i]
	}
	return strings.TrimSpace(line)
}

func bodyOf(raw string) string {
	_, body, _ := strings.Cut(raw, "\n")
	return strings.TrimSpace(strings.ReplaceAll(body, "\r\n", "\n"))
}

// raw is the section as it stands on its page, without blank lines at its end.
func (s section) raw(page string) string { return strings.TrimSpace(page[s.from:s.to]) }

const answeredPrefix = "<!-- Filewarden: answered "

// answeredMark is the comment that an answer leaves: the request's id and when.
var answeredMark = regexp.MustCompile(answeredPrefix + `([0-9]+-[0-9]+) ([0-9TZ:-]+) -->`)

// match pairs the sections of a revision with those of the one before: was[i]
// is the index of the earlier section that now[i] continues, or -1. Sections
// that read the same come first, then those of the same heading, in order.
func match(before, after string, old, now []section) []int {
	was, taken := make([]int, len(now)), make([]bool, len(old))
	for i := range was {
		was[i] = -1
	}
	pair := func(keyOld, keyNow func(section) string) {
		free := map[string][]int{}
		for i, s := range old {
			if !taken[i] {
				free[keyOld(s)] = append(free[keyOld(s)], i)
			}
		}
		for i, s := range now {
			if list := free[keyNow(s)]; was[i] < 0 && len(list) > 0 {
				was[i], taken[list[0]], free[keyNow(s)] = list[0], true, list[1:]
			}
		}
	}
	pair(func(s section) string { return s.raw(before) }, func(s section) string { return s.raw(after) })
	byHeading := func(s section) string { return s.heading }
	pair(byHeading, byHeading)
	return was
}
