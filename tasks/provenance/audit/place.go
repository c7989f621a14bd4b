package audit

import (
	"bytes"
	"sort"
	"unicode/utf8"
)

// places tells line and column of an offset. Lines end with \n, \r\n or \r, as
// editors count them.
type places struct {
	text   []byte
	starts []int // offset of each line; nil until a place is asked for

	last, column int // an offset that was asked for, and its column
}

func newPlaces(text []byte) *places { return &places{text: text, column: 1} }

// count finds the lines, once: most texts have no finding.
func (p *places) count() {
	if p.starts != nil {
		return
	}
	p.starts = []int{0}
	for i, c := range p.text {
		if c == '\n' || c == '\r' && (i+1 == len(p.text) || p.text[i+1] != '\n') {
			p.starts = append(p.starts, i+1)
		}
	}
}

// line of an offset, from 1.
func (p *places) line(offset int) int {
	p.count()
	return sort.Search(len(p.starts), func(i int) bool { return p.starts[i] > offset })
}

// of an offset: line and column from 1, the column in UTF-16 code units. A
// byte order mark takes no column. The column is counted from the place that
// was asked for before where that is on the same line, as a minified text may
// be one line with thousands of findings.
func (p *places) of(offset int) (line, column int) {
	line = p.line(offset)
	from, column := p.starts[line-1], 1
	if from <= p.last && p.last <= offset {
		from, column = p.last, p.column
	}
	text := p.text[from:offset]
	if from == 0 {
		text = bytes.TrimPrefix(text, []byte(byteOrderMark))
	}
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		text = text[n:]
		column++
		if r > 0xffff {
			column++
		}
	}
	p.last, p.column = offset, column
	return line, column
}

// between are the places of a start and of an end after it; the start is what
// the next question begins from.
func (p *places) between(start, end int) (line, column, endLine, endColumn int) {
	line, column = p.of(start)
	last, at := p.last, p.column
	endLine, endColumn = p.of(end)
	p.last, p.column = last, at
	return line, column, endLine, endColumn
}

// lineText is a line without its end.
func (p *places) lineText(line int) []byte {
	p.count()
	end := len(p.text)
	if line < len(p.starts) {
		end = p.starts[line]
	}
	return bytes.TrimRight(p.text[p.starts[line-1]:end], "\r\n")
}
