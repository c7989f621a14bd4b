package wikitext

import (
	"bytes"
	"strings"
)

// quiet are the elements whose content is no markup.
var quiet = []string{"nowiki", "pre", "syntaxhighlight", "source", "math"}

// Region is a part of a page, by byte offsets.
type Region struct{ Start, End int }

// Code is a page with what is no markup made white, comments included.
func Code(text []byte) []byte {
	text = bytes.Clone(text)
	comments, other := Regions(text)
	for _, r := range append(comments, other...) {
		for i := r.Start; i < r.End; i++ {
			if text[i] != '\n' && text[i] != '\r' {
				text[i] = ' '
			}
		}
	}
	return text
}

// Regions finds the comments of a page and the content of elements that is no
// markup. What is not closed reaches to the end for a comment, as in
// MediaWiki, and is markup for an element.
func Regions(text []byte) (comments, other []Region) {
	open := map[string]bool{} // elements that are never closed again
	for i := 0; i < len(text); {
		j := bytes.IndexByte(text[i:], '<')
		if j < 0 {
			break
		}
		i += j
		if bytes.HasPrefix(text[i:], []byte("<!--")) {
			end := after(text, i+4, "-->")
			comments = append(comments, Region{i, end})
			i = end
			continue
		}
		i++
		name, content := opening(text[i:])
		if name == "" || open[name] {
			continue
		}
		n := closing(text[i+content:], name)
		if n < 0 {
			open[name] = true
			continue
		}
		other = append(other, Region{i + content, i + content + n})
		i += content + n
	}
	return comments, other
}

// after is the offset after the next end mark, or the text's end.
func after(text []byte, from int, end string) int {
	if i := bytes.Index(text[from:], []byte(end)); i >= 0 {
		return from + i + len(end)
	}
	return len(text)
}

// opening is the quiet element whose tag rest is, after its angle bracket, and
// where its content begins.
func opening(rest []byte) (name string, content int) {
	for _, n := range quiet {
		if len(rest) <= len(n) || !strings.EqualFold(string(rest[:len(n)]), n) || !strings.ContainsRune(" >\t\r\n", rune(rest[len(n)])) {
			continue
		}
		if i := bytes.IndexByte(rest[:min(len(rest), 1000)], '>'); i > 0 && rest[i-1] != '/' {
			return n, i + 1
		}
	}
	return "", 0
}

// closing is where the end tag of an element begins, -1 without one.
func closing(text []byte, name string) int {
	for i := 0; ; i += 2 {
		j := bytes.Index(text[i:], []byte("</"))
		if j < 0 {
			return -1
		}
		i += j
		if rest := text[i+2:]; len(rest) >= len(name) && strings.EqualFold(string(rest[:len(name)]), name) {
			return i
		}
	}
}
