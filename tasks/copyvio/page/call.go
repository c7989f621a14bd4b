package page

import (
	"regexp"
	"strings"

	"filewarden/bot/gate"
)

// caseCall is one call of the template page.
type caseCall struct {
	from, to int
	values   []value
}

// value is a parameter with its name.
type value struct{ name, value span }

// next finds the first call from a place on.
func (p *reader) next(at int) (caseCall, bool) {
	from, body := opening(p.live, at)
	if from < 0 {
		return caseCall{}, false
	}
	limit := len(p.live)
	if next, _ := opening(p.live, body); next >= 0 {
		limit = next
	}
	if to, pipes, ok := balanced(p.live[body:limit]); ok {
		return caseCall{from, body + to, p.split(body, pipes)}, true
	}
	return p.byLines(from, body, limit), true
}

// opening finds "{{…Copyvio/Case" with a bar or a brace after it: where the
// braces stand, and where the name ends.
func opening(live string, at int) (from, body int) {
	for {
		i := strings.Index(live[at:], caseName)
		if i < 0 {
			return -1, -1
		}
		end := at + i + len(caseName)
		at = end
		if from := braces(live[:end-len(caseName)]); from >= 0 && endsName(live[end:]) {
			return from, end
		}
	}
}

// longestPrefix is how long the name of a page can be (Manual:Page title), with
// room for a comment.
const longestPrefix = 600

// braces is where the call of a name begins whose prefix a text ends with.
func braces(before string) int {
	least := max(0, len(before)-longestPrefix)
	i := strings.LastIndex(before[least:], "{{")
	if i < 0 {
		return -1
	}
	from := least + i
	prefix := strings.Trim(before[from+2:], "\x00 \t\n:_")
	if strings.ContainsAny(prefix, "{}[]|<>\n") || prefix != "" && !strings.HasSuffix(strings.TrimRight(prefix, "\x00"), "/") {
		return -1
	}
	return from
}

func endsName(after string) bool {
	after = strings.TrimLeft(after, "\x00 \t\n_")
	return strings.HasPrefix(after, "|") || strings.HasPrefix(after, "}}")
}

// balanced finds the end of a call in what follows its name, and the bars that
// part its parameters. It is false where something inside has no partner.
func balanced(live string) (end int, pipes []int, ok bool) {
	var open []brackets
	for i := 0; i < len(live); {
		n := repeated(live[i:])
		switch c := live[i]; {
		case c == '|' && len(open) == 0:
			pipes = append(pipes, i)
			n = 1
		case (c == '{' || c == '[') && n >= 2:
			open = append(open, brackets{c, n})
		case c == '}' && n >= 2 && len(open) == 0:
			return i + 2, append(pipes, i), true
		case (c == '}' || c == ']') && n >= 2:
			if n = closeOne(&open, c, n); n == 0 {
				return 0, nil, false
			}
		}
		i += n
	}
	return 0, nil, false
}

// brackets are what has been opened and not yet closed.
type brackets struct {
	c byte
	n int
}

// closeOne closes the innermost brackets, and says with how many of a run of n:
// three and three are a parameter, otherwise two and two (as the preprocessor
// pairs them). 0 means that others stand open there.
func closeOne(open *[]brackets, c byte, n int) int {
	all := *open
	top := len(all) - 1
	if c == ']' && (top < 0 || all[top].c != '[') {
		return n // of an address, or somebody's slip: it opens nothing
	}
	if all[top].c != c-2 {
		return 0
	}
	m := 2
	if c == '}' {
		m = min(n, all[top].n, 3)
	}
	if all[top].n -= m; all[top].n < 2 {
		all = all[:top]
	}
	*open = all
	return m
}

// repeated is how often the first byte stands there in a row.
func repeated(s string) int {
	n := 1
	for n < len(s) && s[n] == s[0] {
		n++
	}
	return n
}

// split reads the parameters between bars. pipes count from body; the last is
// the end of the call.
func (p *reader) split(body int, pipes []int) (all []value) {
	for i := range len(pipes) - 1 {
		from, to := body+pipes[i]+1, body+pipes[i+1]
		if eq := strings.IndexByte(p.live[from:to], '='); eq >= 0 {
			all = append(all, value{span{from, from + eq}, span{from + eq + 1, to}})
		}
	}
	return all
}

var (
	heading   = regexp.MustCompile(`(?m)^=+.*=[\x00 \t]*$`)
	lastLine  = regexp.MustCompile(`(?m)^[ \t]*\}\}`)
	paramLine = regexp.MustCompile(`(?m)^[ \t]*\|[ \t]*[A-Za-z]+[ \t]*=`)
)

// byLines reads a call that has no clear end by its lines.
func (p *reader) byLines(from, body, limit int) caseCall {
	live := p.live[body:limit]
	if m := heading.FindStringIndex(live); m != nil {
		live = live[:m[0]]
	}
	to := len(live)
	if m := lastLine.FindStringIndex(live); m != nil {
		live, to = live[:m[0]], m[1]
	}
	c := caseCall{from: from, to: body + to}
	starts := paramLine.FindAllStringIndex(live, -1)
	for i, m := range starts {
		end := len(live)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		bar := m[0] + strings.IndexByte(live[m[0]:m[1]], '|')
		c.values = append(c.values, value{span{body + bar + 1, body + m[1] - 1}, span{body + m[1], body + end}})
	}
	return c
}

// sectionEnd is how much of a text belongs to the section it begins in, and
// to no other case.
func sectionEnd(live string) int {
	if next, _ := opening(live, 0); next >= 0 { // first, so that no page is gone through for each of its cases
		live = live[:next]
	}
	if m := heading.FindStringIndex(live); m != nil {
		return m[0]
	}
	return len(live)
}

// withoutInert is wikitext without comments, and without the tags around what
// nowiki protects.
func withoutInert(text string) string {
	var out strings.Builder
	at := 0
	for _, s := range gate.Inert(text) {
		out.WriteString(text[at:s.From])
		if !s.Comment {
			out.WriteString(tags.ReplaceAllString(text[s.From:s.To], " "))
		}
		at = s.To
	}
	return out.String() + text[at:]
}

var tags = regexp.MustCompile(`^<[^<>]*>|</[^<>]*>$`)

var link = regexp.MustCompile(`\[\[(?:[^\[\]]*\|)?([^\[\]|]*)\]\]`)

// withoutLinks leaves the labels of links.
func withoutLinks(text string) string { return link.ReplaceAllString(text, "$1") }
