package sandbox

import (
	"html"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// maxMentions is $wgEchoMaxMentionsCount: one more, and nobody is told.
const maxMentions = 50

// discussion is what an edit said, as far as Echo understands it.
type discussion struct {
	heading  string // of the only section that got a signed comment
	body     string
	mentions []mention
}

type mention struct{ user, heading, body string }

// readDiscussion reads an edit as Echo's DiscussionParser does: by the blocks of
// lines that it added, and by the lines that it changed in a section that got
// a new signature.
func (w *Wiki) readDiscussion(p *page, old string, r *Revision) discussion {
	var before []string
	if strings.TrimSpace(old) != "" {
		before = strings.Split(strings.TrimSpace(old), "\n")
	}
	a := &analysis{w: w, page: p, rev: r, lines: strings.Split(strings.TrimSpace(r.Text), "\n")}
	for _, c := range lineChanges(before, a.lines) {
		if c.old == "" {
			a.added(c)
		} else {
			a.changed(c)
		}
	}
	for _, c := range a.changes {
		a.mentionChanges(c)
	}
	if a.titles != 1 {
		a.heading, a.body = "", ""
	}
	return a.discussion
}

// lineChange is a run of lines that came or became others; at is where it
// begins in the new text.
type lineChange struct {
	old, text string
	at        int
}

// lineChanges pairs removed lines with added ones; what is left over was added.
func lineChanges(before, after []string) []lineChange {
	var out []lineChange
	for _, h := range diffLines(before, after) {
		if h.a0 == h.a1 {
			// An addition that ends as the line above it slides up.
			for h.b0 > 0 && after[h.b1-1] == after[h.b0-1] && len(before) > 0 {
				h.b0, h.b1 = h.b0-1, h.b1-1
			}
		}
		n := min(h.a1-h.a0, h.b1-h.b0)
		if removed := strings.Join(before[h.a0:h.a1], "\n"); removed == "" {
			n = 0 // an empty line filled is an addition
		}
		if n > 0 {
			out = append(out, lineChange{strings.Join(before[h.a0:h.a0+n], "\n") + "\x00", strings.Join(after[h.b0:h.b0+n], "\n"), h.b0})
		}
		if h.b1 > h.b0+n {
			out = append(out, lineChange{"", strings.Join(after[h.b0+n:h.b1], "\n"), h.b0 + n})
		}
	}
	return out
}

// analysis collects what an edit says.
type analysis struct {
	discussion
	w       *Wiki
	page    *page
	rev     *Revision
	lines   []string
	titles  int
	changes []lineChange
	signed  [][2]int // sections, by lines, that got a new signature
}

var sectionLine = regexp.MustCompile(`^(={2,6})[ \t]*([^=].*?)[ \t]*={2,6}\s*$`)

func headingOf(line string) (string, bool) {
	m := sectionLine.FindStringSubmatch(strings.TrimRight(line, "\n"))
	if m == nil {
		return "", false
	}
	return html.UnescapeString(stripMarkup(m[2])), true
}

// section is the first and last line of the section around a line.
func (a *analysis) section(at int) [2]int {
	from, to := at, at+1
	for from >= 0 {
		if _, ok := headingOf(a.lines[from]); ok {
			break
		}
		from--
	}
	for to < len(a.lines) {
		if _, ok := headingOf(a.lines[to]); ok {
			break
		}
		to++
	}
	return [2]int{from, to}
}

func (a *analysis) headingAt(line int) string {
	if from := a.section(line)[0]; from >= 0 {
		h, _ := headingOf(a.lines[from])
		return h
	}
	return ""
}

// added reads a block of new lines. One with another user's signature, or
// with none, mentions nobody.
func (a *analysis) added(c lineChange) {
	text := strings.TrimSpace(c.text)
	if signers := a.w.signers(text); len(signers) != 1 || !signers[a.rev.User] {
		return
	}
	parts := splitSections(text)
	switch {
	case len(parts) == 1:
		heading := parts[0].heading
		if heading == "" {
			heading = a.headingAt(c.at)
		}
		a.signed = append(a.signed, a.section(c.at))
		if a.heading, a.body = heading, a.w.snippet(parts[0].text, a.rev.User); heading != "" {
			a.titles++
		}
		a.mention(heading, parts[0].text, nil)
	default:
		for _, part := range parts {
			if len(a.w.signers(part.text)) == 0 {
				continue
			}
			if part.heading == "" {
				part.heading = a.headingAt(c.at)
			}
			a.mention(part.heading, part.text, nil)
		}
	}
}

func (a *analysis) changed(c lineChange) {
	a.changes = append(a.changes, c)
	user := a.rev.User
	if !a.w.signers(c.old)[user] && a.w.signers(c.text)[user] {
		a.signed = append(a.signed, a.section(c.at))
	}
}

// mentionChanges tells those whom changed lines mention and did not before.
func (a *analysis) mentionChanges(c lineChange) {
	inSigned := slices.ContainsFunc(a.signed, func(s [2]int) bool { return c.at+1 > s[0] && c.at+1 <= s[1] })
	if inSigned && len(a.w.signers(c.text)) == 1 {
		a.mention(a.headingAt(c.at), c.text, a.w.usersIn(c.old, a.page))
	}
}

// part is a section of a block of lines; the first may have no heading.
type part struct{ heading, text string }

func splitSections(block string) []part {
	var out []part
	current := part{}
	for line := range strings.Lines(block) {
		if h, ok := headingOf(line); ok {
			if strings.TrimSpace(current.text) != "" || current.heading != "" {
				out = append(out, current)
			}
			current = part{heading: h}
			continue
		}
		current.text += line
	}
	return append(out, current)
}

var userLink = regexp.MustCompile(`\[\[\s*:?\s*([^\[\]|]+?)\s*(?:\|[^\[\]]*)?\]\]`)

// signers are the users whose current signature stands in the text: for each
// line the last link to a user whose signature the line contains.
func (w *Wiki) signers(text string) map[string]bool {
	out := map[string]bool{}
	for line := range strings.Lines(text) {
		links := userLink.FindAllStringSubmatch(line, -1)
		for i := len(links) - 1; i >= 0; i-- {
			name, ok := w.userOfLink(links[i][1])
			if ok && strings.Contains(line, w.signature(name)) {
				out[name] = true
				break
			}
		}
	}
	return out
}

func (w *Wiki) userOfLink(target string) (string, bool) {
	t, err := w.parseTitle(target, 0)
	if err != nil {
		return "", false
	}
	if t.ns == nsSpecial {
		if who, ok := strings.CutPrefix(t.text(), "Contributions/"); ok {
			return canonicalUser(who), true
		}
		return "", false
	}
	return t.text(), (t.ns == nsUser || t.ns == nsUserTalk) && !t.isSubpage()
}

// usersIn are the user pages that a text links to, through templates too.
func (w *Wiki) usersIn(text string, p *page) map[string]bool {
	run := w.newParsing(p.title, p)
	run.scan(run.expand(preprocess(strings.TrimSuffix(text, "\x00")), nil))
	out := map[string]bool{}
	for t := range run.deps.pages {
		if t.ns == nsUser && !t.isSubpage() {
			out[t.text()] = true
		}
	}
	return out
}

// mention notes the users whom a text mentions and who were not mentioned
// before, or nobody where there are too many.
func (a *analysis) mention(heading, text string, before map[string]bool) {
	var out []mention
	count := 0
	body := a.w.snippet(text, a.rev.User)
	for _, name := range slices.Sorted(maps.Keys(a.w.usersIn(text, a.page))) {
		owner := a.page.title.ns == nsUserTalk && name == a.page.title.text()
		if before[name] || name == a.rev.User || owner {
			continue
		}
		count++
		if a.w.accounts[name] != nil {
			out = append(out, mention{name, heading, body})
		}
	}
	if count <= maxMentions {
		a.mentions = append(a.mentions, out...)
	}
}

var signedAt = regexp.MustCompile(`\s*\d\d:\d\d, \d{1,2} \p{L}+ \d{4} \(UTC\)`)

// snippet is the beginning of a comment as plain text, without its signature.
func (w *Wiki) snippet(text, user string) string {
	text, _, _ = strings.Cut(text, w.signature(user))
	text = signedAt.ReplaceAllString(text, "")
	text = stripMarkup(unsigned.ReplaceAllString(text, ""))
	return shorten(strings.TrimSpace(strings.Join(strings.Fields(text), " ")), 150)
}
