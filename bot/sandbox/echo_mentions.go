package sandbox

import (
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

// readDiscussion looks at each block of lines that the edit added. Lines that
// only changed mention nobody.
func (w *Wiki) readDiscussion(p *page, old string, r *Revision) discussion {
	before, after := strings.Split(strings.TrimSpace(old), "\n"), strings.Split(strings.TrimSpace(r.Text), "\n")
	if strings.TrimSpace(old) == "" {
		before = nil
	}
	var d discussion
	comments := 0
	for _, h := range diffLines(before, after) {
		if h.a0 != h.a1 || h.b0 == h.b1 {
			continue
		}
		block := strings.Join(after[h.b0:h.b1], "\n")
		for _, c := range w.signedComments(block, after[:h.b0], r.User) {
			comments++
			d.heading, d.body = c.heading, w.snippet(c.text, r.User)
			d.mentions = append(d.mentions, w.mentionsIn(c, p, r)...)
		}
	}
	if comments != 1 {
		d.heading, d.body = "", ""
	}
	return d
}

// comment is a signed piece of an added block, with the section it stands in.
type comment struct{ heading, text string }

var sectionLine = regexp.MustCompile(`^(={2,6})[ \t]*([^=].*?)[ \t]*={2,6}\s*$`)

// signedComments parts an added block at its headings. A block with another
// user's signature, or with none, holds no comment at all.
func (w *Wiki) signedComments(block string, above []string, user string) []comment {
	if signers := w.signers(block); len(signers) != 1 || !signers[user] {
		return nil
	}
	current := comment{heading: headingAbove(above)}
	var all []comment
	for line := range strings.Lines(block) {
		if m := sectionLine.FindStringSubmatch(strings.TrimRight(line, "\n")); m != nil {
			all = append(all, current)
			current = comment{heading: stripMarkup(m[2])}
			continue
		}
		current.text += line
	}
	all = append(all, current)
	return slices.DeleteFunc(all, func(c comment) bool { return !w.signers(c.text)[user] })
}

func headingAbove(lines []string) string {
	for i := len(lines) - 1; i >= 0; i-- {
		if m := sectionLine.FindStringSubmatch(lines[i]); m != nil {
			return stripMarkup(m[2])
		}
	}
	return ""
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

// mentionsIn are the users that a comment mentions, or none where there are
// too many.
func (w *Wiki) mentionsIn(c comment, p *page, r *Revision) []mention {
	run := w.newParsing(p.title, p)
	run.scan(run.expand(preprocess(c.text), nil))
	var out []mention
	count := 0
	for _, t := range slices.SortedFunc(maps.Keys(run.deps.pages), compareTitles) {
		name := t.text()
		if t.ns != nsUser || t.isSubpage() || name == r.User || p.title.ns == nsUserTalk && name == p.title.text() {
			continue
		}
		count++
		if w.accounts[name] != nil && !isIP(name) {
			out = append(out, mention{name, c.heading, w.snippet(c.text, r.User)})
		}
	}
	if count > maxMentions {
		return nil
	}
	return out
}

var signedAt = regexp.MustCompile(`\s*\d\d:\d\d, \d{1,2} \p{L}+ \d{4} \(UTC\)`)

// snippet is the beginning of a comment as plain text, without its signature.
func (w *Wiki) snippet(text, user string) string {
	text, _, _ = strings.Cut(text, w.signature(user))
	text = signedAt.ReplaceAllString(text, "")
	text = stripMarkup(unsigned.ReplaceAllString(text, ""))
	return shorten(strings.TrimSpace(strings.Join(strings.Fields(text), " ")), 150)
}
