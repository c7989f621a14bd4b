package sandbox

import (
	"regexp"
	"strconv"
	"strings"
)

// heading is a section heading in the source of a page.
type heading struct {
	level  int
	text   string // between the equals signs, trimmed
	offset int    // of the line in the source
}

var headingLine = regexp.MustCompile(`(?m)^(={1,6})(.+?)(={1,6})[ \t]*(?:<!--.*?-->)?[ \t]*$`)

// headings finds the headings of a text, none inside comments or nowiki.
func headings(text string) []heading {
	plain := unsigned.ReplaceAllStringFunc(text, maskBytes)
	var out []heading
	for _, m := range headingLine.FindAllStringSubmatchIndex(plain, -1) {
		level := min(m[3]-m[2], m[7]-m[6])
		inner := text[m[2]+level : m[7]-level]
		if strings.TrimSpace(inner) == "" || strings.Trim(inner, "=") == "" {
			continue
		}
		out = append(out, heading{level, strings.TrimSpace(inner), m[0]})
	}
	return out
}

// maskBytes keeps lengths and line breaks and hides everything else.
func maskBytes(s string) string {
	b := []byte(s)
	for i := range b {
		if b[i] != '\n' {
			b[i] = 1
		}
	}
	return string(b)
}

// sectionRange is where section id stands in the text: 0 is what comes before
// the first heading; a section reaches to the next heading of its level.
func sectionRange(text, id string) (from, to int, ok bool) {
	n, err := strconv.Atoi(strings.TrimPrefix(id, "T-"))
	if err != nil || n < 0 {
		return 0, 0, false
	}
	hs := headings(text)
	if n == 0 {
		if len(hs) == 0 {
			return 0, len(text), true
		}
		return 0, hs[0].offset, true
	}
	if n > len(hs) {
		return 0, 0, false
	}
	to = len(text)
	for _, h := range hs[n:] {
		if h.level <= hs[n-1].level {
			to = h.offset
			break
		}
	}
	return hs[n-1].offset, to, true
}

func sectionOf(text, id string) (string, bool) {
	from, to, ok := sectionRange(text, id)
	if !ok {
		return "", false
	}
	return strings.TrimRight(text[from:to], "\n"), true
}

func replaceSection(text, id, with string) string {
	from, to, ok := sectionRange(text, id)
	if !ok {
		return text
	}
	before, after := text[:from], text[to:]
	with = strings.TrimRight(with, "\n")
	if after != "" && with != "" {
		with += "\n\n"
	}
	return before + with + after
}
