package report

import "strings"

// marks are the comments around the bot's part of one page.
type marks struct{ begin, end string }

func marksOf(name string) marks {
	name = strings.NewReplacer("<", "", ">", "").Replace(name)
	return marks{begin: "<!-- Filewarden: begin " + name + " -->", end: "<!-- Filewarden: end " + name + " -->"}
}

// block is the bot's part with its marks. Foreign text in it cannot close it.
func (m marks) block(text string) string {
	text = strings.ReplaceAll(text, "<!-- Filewarden:", "&lt;!-- Filewarden:")
	return m.begin + "\n" + strings.TrimSpace(text) + "\n" + m.end
}

// find gives the bot's part of a page, and whether both its marks are there.
func (m marks) find(page string) (part string, ok bool) {
	_, rest, ok := strings.Cut(page, m.begin)
	if !ok {
		return "", false
	}
	part, _, ok = strings.Cut(rest, m.end)
	return strings.TrimSpace(part), ok
}

// put makes the bot's part read so, and keeps everything else as it is. Where
// people took one mark away, or made a second pair, nobody can say any more
// what is whose: then nothing but marks is removed, and the part stands anew
// where the first mark was, or at the end.
func (m marks) put(page, text string) string {
	begins, ends := strings.Count(page, m.begin), strings.Count(page, m.end)
	from, to := strings.Index(page, m.begin), strings.Index(page, m.end)
	if begins == 1 && ends == 1 && from < to {
		return page[:from] + m.block(text) + page[to+len(m.end):]
	}
	at := len(page)
	if begins > 0 {
		at = from
	}
	if ends > 0 {
		at = min(at, to)
	}
	before, after := page[:at], m.without(page[at:])
	if begins+ends == 0 && before != "" {
		before = strings.TrimRight(before, "\n") + "\n\n"
	}
	if after != "" && !strings.HasPrefix(after, "\n") {
		after = "\n" + after
	}
	return before + m.block(text) + after
}

// without takes stray marks out of a text, and leaves all else.
func (m marks) without(text string) string {
	return strings.NewReplacer(m.begin, "", m.end, "").Replace(text)
}
