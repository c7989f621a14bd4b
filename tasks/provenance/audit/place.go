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
	starts []int // offset of each line
}

func newPlaces(text []byte) *places {
	p := &places{text: text, starts: []int{0}}
	for i, c := range text {
		if c == '\n' || c == '\r' && (i+1 == len(text) || text[i+1] != '\n') {
			p.starts = append(p.starts, i+1)
		}
	}
	return p
}

// line of an offset, from 1.
func (p *places) line(offset int) int {
	return sort.Search(len(p.starts), func(i int) bool { return p.starts[i] > offset })
}

// of an offset: line and column from 1, the column in UTF-16 code units. A
// byte order mark takes no column.
func (p *places) of(offset int) (line, column int) {
	line = p.line(offset)
	start := p.starts[line-1]
	text := p.text[start:offset]
	if start == 0 {
		text = bytes.TrimPrefix(text, []byte(byteOrderMark))
	}
	column = 1
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		text = text[n:]
		column++
		if r > 0xffff {
			column++
		}
	}
	return line, column
}

// lineText is a line without its end.
func (p *places) lineText(line int) []byte {
	end := len(p.text)
	if line < len(p.starts) {
		end = p.starts[line]
	}
	return bytes.TrimRight(p.text[p.starts[line-1]:end], "\r\n")
}
