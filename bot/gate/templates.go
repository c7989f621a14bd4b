package gate

import "strings"

// call is one transclusion found in wikitext: its name and its parameters,
// still with their keys, as written.
type call struct {
	name string
	args []string
}

// frame is an opening that has not been closed yet.
type frame struct {
	brace byte  // '{' or '['
	count int   // how many of them
	start int   // where the first one stands
	pipes []int // the separators seen on this level
}

// calls finds the transclusions of wikitext at every depth, in one pass over
// the text. Runs of braces are paired as the preprocessor pairs them: three
// and three are a parameter, otherwise two and two are a template. Unlike
// there, an unclosed link inside a template does not hide the template's end:
// somebody who wrote {{nobots|[[x}} did not want bots. Only names that want
// says yes to are given back.
func calls(text string, want func(name string) bool) []call {
	s := scanner{text: text, want: want}
	for s.pos < len(text) {
		switch text[s.pos] {
		case '{', '[':
			s.open(text[s.pos])
		case '|':
			s.pipe()
		case '}':
			s.closeBraces()
		case ']':
			s.closeLink()
		default:
			s.pos++
		}
	}
	return s.found
}

type scanner struct {
	text  string
	pos   int
	stack []frame
	found []call
	want  func(string) bool
}

// run is how often the byte at the position is repeated there.
func (s *scanner) run(b byte) int {
	n := 0
	for s.pos+n < len(s.text) && s.text[s.pos+n] == b {
		n++
	}
	return n
}

func (s *scanner) open(b byte) {
	n := s.run(b)
	if n >= 2 {
		s.stack = append(s.stack, frame{brace: b, count: n, start: s.pos})
	}
	s.pos += n
}

func (s *scanner) pipe() {
	if n := len(s.stack); n > 0 && s.stack[n-1].brace == '{' {
		s.stack[n-1].pipes = append(s.stack[n-1].pipes, s.pos)
	}
	s.pos++
}

func (s *scanner) closeLink() {
	n := s.run(']')
	if top := len(s.stack) - 1; n >= 2 && top >= 0 && s.stack[top].brace == '[' {
		s.stack = s.stack[:top]
	}
	s.pos += n
}

// closeBraces pairs a run of closing braces with what is open.
func (s *scanner) closeBraces() {
	n := s.run('}')
	for n >= 2 {
		for len(s.stack) > 0 && s.stack[len(s.stack)-1].brace == '[' {
			s.stack = s.stack[:len(s.stack)-1]
		}
		if len(s.stack) == 0 {
			break
		}
		top := &s.stack[len(s.stack)-1]
		m := min(n, top.count, 3)
		if m == 2 {
			s.emit(*top)
		}
		s.pos, n = s.pos+m, n-m
		top.count, top.pipes = top.count-m, nil
		if top.count < 2 {
			s.stack = s.stack[:len(s.stack)-1]
		}
	}
	s.pos += n
}

// emit keeps the template between the frame's opening and the position.
func (s *scanner) emit(f frame) {
	from, end := f.start+f.count, s.pos
	first := end
	if len(f.pipes) > 0 {
		first = f.pipes[0]
	}
	name := strings.TrimSpace(s.text[from:first])
	if !s.want(name) {
		return
	}
	c := call{name: name}
	for i, p := range f.pipes {
		to := end
		if i+1 < len(f.pipes) {
			to = f.pipes[i+1]
		}
		c.args = append(c.args, s.text[p+1:to])
	}
	s.found = append(s.found, c)
}

// rawTags are the elements whose content the preprocessor does not expand.
var rawTags = []string{"nowiki", "pre", "syntaxhighlight", "source"}

// Span is a part of a text, from byte From up to byte To.
type Span struct {
	From, To int
	Comment  bool // an HTML comment; otherwise an element that protects its content
}

// Inert finds the parts of wikitext that the preprocessor does not look into:
// comments, and what nowiki and its like protect. Templates, headings and
// marks that stand there are not meant.
func Inert(text string) []Span {
	var spans []Span
	closed := map[string]bool{} // elements that have no closing tag further on
	for at := 0; ; {
		i := strings.IndexByte(text[at:], '<')
		if i < 0 {
			return spans
		}
		at += i
		n, comment := protected(text[at:], closed)
		if n == 0 {
			at++
			continue
		}
		spans = append(spans, Span{From: at, To: at + n, Comment: comment})
		at += n
	}
}

// active is wikitext without its inert parts. A comment leaves nothing behind,
// as on the wiki; a protected span leaves a space, so that the two halves
// around it do not become a word.
func active(text string) string {
	var b strings.Builder
	at := 0
	for _, s := range Inert(text) {
		b.WriteString(text[at:s.From])
		if !s.Comment {
			b.WriteByte(' ')
		}
		at = s.To
	}
	b.WriteString(text[at:])
	return b.String()
}

// protected is how many bytes of a text that begins with "<" are a comment or
// protected, 0 when none are. closed remembers the elements that are
// never closed further on, so that a page full of them is still read once.
func protected(text string, closed map[string]bool) (n int, comment bool) {
	if strings.HasPrefix(text, "<!--") {
		if end := strings.Index(text[4:], "-->"); end >= 0 {
			return 4 + end + 3, true
		}
		return len(text), true
	}
	for _, tag := range rawTags {
		if closed[tag] || !opensTag(text, tag) {
			continue
		}
		head := strings.IndexByte(text, '>')
		if head < 0 {
			closed[tag] = true
			continue
		}
		if text[head-1] == '/' {
			return head + 1, false
		}
		if end := closingTag(text[head:], tag); end > 0 {
			return head + end, false
		}
		closed[tag] = true
	}
	return 0, false
}

func opensTag(text, tag string) bool {
	n := 1 + len(tag)
	return len(text) > n && strings.EqualFold(text[1:n], tag) && strings.IndexByte(" \t\n/>", text[n]) >= 0
}

// closingTag is where the first </tag> of text ends, or 0.
func closingTag(text, tag string) int {
	for at := 0; ; {
		i := strings.Index(text[at:], "</")
		if i < 0 {
			return 0
		}
		at += i + 2
		if len(text) < at+len(tag) || !strings.EqualFold(text[at:at+len(tag)], tag) {
			continue
		}
		rest := strings.TrimLeft(text[at+len(tag):], " \t\n")
		if strings.HasPrefix(rest, ">") {
			return len(text) - len(rest) + 1
		}
	}
}
