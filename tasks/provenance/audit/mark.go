package audit

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"filewarden/tasks/provenance/rule"
)

// Why a mark has no effect.
const (
	noReason        = "no-reason"
	unknownRule     = "unknown-rule"
	nothingToIgnore = "nothing-to-ignore"
)

// maxReason is the most bytes of a reason that are kept.
const maxReason = 500

// markForm is an ignore mark, up to the end of its line in a comment.
var markForm = regexp.MustCompile(`filewarden-ignore(-file)?\b[ \t]*([^:\r\n]*)(:?)([^\r\n]*)`)

// ruleForm is an id as people write it in a mark.
var ruleForm = regexp.MustCompile(`^[A-Za-z]{2}\d{3}$`)

// ignoreMark is one mark, for one rule.
type ignoreMark struct {
	Mark
	rule        string
	reason      string
	first, last int // lines that it is for
	used        bool
}

// maxMarks is the most marks that are read of a text.
const maxMarks = 1000

// ignore tells for each hit that a mark hides the reason, by the hit's index,
// and finds the marks that hide nothing.
func ignore(src Source, p *places, hits []rule.Hit) (hidden map[int]string, bad []Mark) {
	if !bytes.Contains(src.Text, []byte("filewarden-ignore")) {
		return nil, nil
	}
	marks := marksOf(src, p)
	hidden = map[int]string{}
	for i, h := range hits {
		if m := markFor(marks, h, p); m != nil {
			hidden[i] = m.reason
		}
	}
	for _, m := range marks {
		if m.Why == "" && !m.used {
			m.Why = nothingToIgnore
		}
		if m.Why != "" {
			bad = append(bad, m.Mark)
		}
	}
	return hidden, bad
}

// markFor finds the mark that hides a hit; all that do are counted as used.
func markFor(marks []*ignoreMark, h rule.Hit, p *places) *ignoreMark {
	first, last := p.line(h.Start), p.line(h.End)
	var found *ignoreMark
	for _, m := range marks {
		if m.Why == "" && m.rule == h.Rule && first <= m.last && last >= m.first {
			m.used = true
			if found == nil {
				found = m
			}
		}
	}
	return found
}

// marksOf reads the marks in a text's comments.
func marksOf(src Source, p *places) []*ignoreMark {
	all := comments(src.Language, src.Text)
	white := withoutComments(src.Language, src.Text)
	var marks []*ignoreMark
	for _, c := range all {
		for _, m := range markForm.FindAllSubmatchIndex(src.Text[c.start:c.end], -1) {
			if marks = append(marks, marksIn(src, p, white, c, m)...); len(marks) > maxMarks {
				return marks
			}
		}
	}
	return marks
}

// marksIn reads one mark; m are the places of its parts within the comment c.
func marksIn(src Source, p *places, white []byte, c span, m []int) []*ignoreMark {
	part := func(i int) string { return string(src.Text[c.start+m[i] : c.start+m[i+1]]) }
	line := p.line(c.start + m[0])
	base := ignoreMark{first: line, last: lastLine(p, white, line), reason: reasonOf(part(8))}
	if m[2] >= 0 {
		base.first, base.last = 1, len(p.starts)
	}
	base.Mark = Mark{Line: line, Text: strings.TrimSpace(closed(part(0)))}
	names := strings.FieldsFunc(closed(part(4)), func(r rune) bool { return r == ',' || r == ' ' || r == '\t' })
	names = slices.DeleteFunc(names, func(n string) bool { return part(6) == "" && !ruleForm.MatchString(n) })
	if len(names) == 0 {
		names = []string{""}
	}
	var marks []*ignoreMark
	for _, name := range names {
		one := base
		one.rule = strings.ToUpper(name)
		if _, known := rule.Of(one.rule); !known {
			one.Why = unknownRule
		} else if part(6) == "" || one.reason == "" {
			one.Why = noReason
		}
		marks = append(marks, &one)
	}
	return marks
}

// maxComment is the most lines between a mark and the code that it is for.
const maxComment = 50

// lastLine is the line after a mark, beyond lines that hold nothing but the
// rest of its comment and further comments.
func lastLine(p *places, white []byte, line int) int {
	here := &places{text: white, starts: p.starts}
	for next := line + 1; next < min(len(p.starts), line+maxComment); next++ {
		if len(p.lineText(next)) == 0 || len(bytes.TrimSpace(here.lineText(next))) > 0 {
			return next
		}
	}
	return min(len(p.starts), line+maxComment)
}

// reasonOf is a reason without the end of its comment.
func reasonOf(text string) string {
	reason := strings.TrimSpace(closed(text))
	return strings.ToValidUTF8(reason[:min(len(reason), maxReason)], "")
}

// closed is a text without what ends a comment in one of the languages.
func closed(text string) string {
	text = strings.TrimSpace(text)
	for _, end := range []string{"*/", "-->", "]]"} {
		text = strings.TrimSuffix(text, end)
	}
	return text
}
