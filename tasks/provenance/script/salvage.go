package script

import (
	"errors"
	"strings"

	"github.com/grafana/sobek/parser"
)

// Limits of what is tried to read a broken script.
const (
	maxTries    = 40
	maxSalvage  = 512 << 10 // bytes of a script that is worth it
	maxLevels   = 6         // blocks around an error
	maxRepaired = 12        // broken places
)

// parseRest reads a broken script without its broken parts: the line of the
// first error, or else the block around it, is blanked; then the next.
func parseRest(source string, why error) (parsed, error) {
	if len(source) > maxSalvage {
		return parsed{}, why
	}
	p := parsed{text: source, err: why}
	err, tries := why, 0
	for range maxRepaired {
		at, ok := place(p.text, err)
		if !ok {
			break
		}
		better := false
		for _, part := range around(p.text, at) {
			tries++
			if tries > maxTries {
				return parsed{}, why
			}
			b := []byte(p.text)
			blankOut(b[part.start:part.end])
			program, next := parseAs(string(b))
			if next == nil {
				p.program, p.text, p.blank = program, string(b), append(p.blank, part)
				return p, nil
			}
			if further, ok := place(string(b), next); ok && further > part.end {
				p.text, p.blank, err, better = string(b), append(p.blank, part), next, true
				break
			}
		}
		if !better {
			break
		}
	}
	return parsed{}, why
}

// place is where the first error of a parser is, in bytes.
func place(text string, err error) (int, bool) {
	var list parser.ErrorList
	if !errors.As(err, &list) || len(list) == 0 {
		return 0, false
	}
	at := 0
	for range list[0].Position.Line - 1 {
		n := strings.IndexByte(text[at:], '\n')
		if n < 0 {
			break
		}
		at += n + 1
	}
	return min(len(text), at+max(0, list[0].Position.Column-1)), true
}

// around are the parts of a text to leave out for an error: its line, the line
// before, then the blocks around it, told by their indentation.
func around(text string, at int) []span {
	lines := linesOf(text)
	n := 0
	for n+1 < len(lines) && lines[n+1].start <= at {
		n++
	}
	parts := []span{lines[n]}
	if n > 0 {
		parts = append(parts, span{lines[n-1].start, lines[n].end}, lines[n-1])
	}
	first := n
	for range maxLevels {
		depth := indentation(text, lines[first])
		for first > 0 && (indentation(text, lines[first]) >= depth || strings.TrimSpace(text[lines[first].start:lines[first].end]) == "") {
			if depth == 0 && first != n && opens(text, lines[first]) {
				break
			}
			first--
		}
		last := n
		limit := indentation(text, lines[first])
		for last+1 < len(lines) && (indentation(text, lines[last+1]) > limit || !opens(text, lines[last+1])) {
			last++
			if indentation(text, lines[last]) == limit && !opens(text, lines[last]) && last > n {
				break
			}
		}
		parts = append(parts, span{lines[first].start, lines[last].end})
		if first == 0 || limit == 0 {
			break
		}
	}
	return parts
}

// opens says whether a line begins a statement rather than ends a block.
func opens(text string, line span) bool {
	t := strings.TrimSpace(text[line.start:line.end])
	return t != "" && !strings.ContainsRune("})];", rune(t[0]))
}

func indentation(text string, line span) int {
	t := text[line.start:line.end]
	if strings.TrimSpace(t) == "" {
		return 1 << 20
	}
	return len(t) - len(strings.TrimLeft(t, " \t"))
}

func linesOf(text string) []span {
	var lines []span
	start := 0
	for start <= len(text) {
		end := strings.IndexByte(text[start:], '\n')
		if end < 0 {
			lines = append(lines, span{start, len(text)})
			break
		}
		lines = append(lines, span{start, start + end})
		start += end + 1
	}
	return lines
}
