package templates

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// tree is a parsed message.
type tree struct {
	source string
	nodes  []node
}

// node is one piece of a message. Which fields count depends on kind.
type node struct {
	kind  kind
	text  string   // literal text or markup as written; for links the address
	param int      // 1 for $1
	head  []node   // operand of plural and gender; target of links
	parts [][]node // label of links (one part); forms of gender
	forms []form   // forms of plural
}

type kind int

const (
	literal  kind = iota
	markup        // quotes for bold and italic, tags: gone in plain text
	param         // $1
	counted       // {{PLURAL:…}}
	gendered      // {{GENDER:…}}
	wikilink      // [[target|label]]
	weblink       // [address label]
)

// form is one alternative of a plural; explicit ones are for one number.
type form struct {
	nodes    []node
	explicit bool
	exactly  int64
}

var (
	tag     = regexp.MustCompile(`^(</?[A-Za-z][A-Za-z0-9]*(\s[^<>]*)?/?>|<!--.*?-->)`)
	quotes  = regexp.MustCompile(`^''+`)
	address = regexp.MustCompile(`^\[((?:https?://|\$\d)[^\s\[\]]*) ([^\[\]]+)\]`)
	number1 = regexp.MustCompile(`^\$([1-9][0-9]?)`)
)

// parseMessage parses a message. It fails only on mistakes that a translator
// can make in the words that the expander knows; all other wikitext is kept as
// it stands.
func parseMessage(source string) (*tree, error) {
	p := parser{source: source, closing: matchBrackets(source)}
	nodes := p.nodes(0, len(source))
	return &tree{source, nodes}, errors.Join(p.problems...)
}

type parser struct {
	source   string
	closing  map[int]int // where "{{" or "[[" at this place is closed
	problems []error
}

// matchBrackets pairs {{ with }} and [[ with ]] in one pass from the left. What
// has no partner is plain text; a pair never crosses another.
func matchBrackets(source string) map[int]int {
	pairs := map[int]int{}
	var open []int
	for i := 0; i+1 < len(source); i++ {
		switch two := source[i : i+2]; two {
		case "{{", "[[":
			open = append(open, i)
			i++
		case "}}", "]]":
			at := lastOpen(source, open, two)
			if at < 0 {
				continue
			}
			pairs[open[at]] = i
			open = open[:at]
			i++
		}
	}
	return pairs
}

// lastOpen finds what a closing pair closes. Braces close over a stray [[, but
// brackets never reach out of the braces they stand in.
func lastOpen(source string, open []int, closer string) int {
	for at := len(open) - 1; at >= 0; at-- {
		braces := source[open[at]] == '{'
		if braces == (closer == "}}") {
			return at
		}
		if braces {
			return -1
		}
	}
	return -1
}

// nodes parses source[from:to].
func (p *parser) nodes(from, to int) []node {
	var found []node
	start := from
	for i := from; i < to; {
		n, end, ok := p.special(i, to)
		if !ok {
			i++
			continue
		}
		if start < i {
			found = append(found, node{kind: literal, text: p.source[start:i]})
		}
		found = append(found, n...)
		i, start = end, end
	}
	if start < to {
		found = append(found, node{kind: literal, text: p.source[start:to]})
	}
	return found
}

// special parses what begins at i, if anything does, and says where it ends.
func (p *parser) special(i, to int) ([]node, int, bool) {
	rest := p.source[i:to]
	switch rest[0] {
	case '$':
		if m := number1.FindStringSubmatch(rest); m != nil {
			var n int
			fmt.Sscan(m[1], &n)
			return []node{{kind: param, param: n, text: m[0]}}, i + len(m[0]), true
		}
	case '\'':
		if m := quotes.FindString(rest); m != "" {
			return []node{{kind: markup, text: m}}, i + len(m), true
		}
	case '<':
		if m := tag.FindString(rest); m != "" {
			return []node{{kind: markup, text: m}}, i + len(m), true
		}
	case '[':
		return p.bracket(i, to)
	case '{':
		if end, ok := p.closes(i, to); ok {
			return p.braces(i, end), end + 2, true
		}
		p.checkUnclosed(rest)
	}
	return nil, 0, false
}

func (p *parser) closes(i, to int) (int, bool) {
	end, ok := p.closing[i]
	return end, ok && end+2 <= to
}

func (p *parser) checkUnclosed(rest string) {
	if name, _, ok := magicWord(rest); ok {
		p.problems = append(p.problems, fmt.Errorf("{{%s: has no }}", name))
	}
}

func (p *parser) bracket(i, to int) ([]node, int, bool) {
	if end, ok := p.closes(i, to); ok {
		n := node{kind: wikilink}
		parts := p.split(i+2, end)
		n.head = p.nodes(parts[0][0], parts[0][1])
		if len(parts) > 1 {
			n.parts = [][]node{p.nodes(parts[1][0], end)}
		}
		return []node{n}, end + 2, true
	}
	m := address.FindStringSubmatchIndex(p.source[i:to])
	if m == nil {
		return nil, 0, false
	}
	n := node{kind: weblink, head: p.nodes(i+m[2], i+m[3]), parts: [][]node{p.nodes(i+m[4], i+m[5])}}
	return []node{n}, i + m[1], true
}

// magicWord recognises {{PLURAL: and {{GENDER: at the start of s and says how
// long that is.
func magicWord(s string) (name string, length int, ok bool) {
	for _, name := range []string{"PLURAL", "GENDER"} {
		n := len("{{") + len(name) + len(":")
		if len(s) >= n && strings.EqualFold(s[2:n], name+":") {
			return name, n, true
		}
	}
	return "", 0, false
}

// braces parses {{…}}. What is neither PLURAL nor GENDER is left as it stands,
// with the parameters inside it replaced.
func (p *parser) braces(i, end int) []node {
	name, length, ok := magicWord(p.source[i:end])
	if !ok {
		inner := p.nodes(i+2, end)
		out := append([]node{{kind: literal, text: "{{"}}, inner...)
		return append(out, node{kind: literal, text: "}}"})
	}
	parts := p.split(i+length, end)
	if len(parts) < 2 {
		p.problems = append(p.problems, fmt.Errorf("{{%s:}} has no forms", name))
	}
	n := node{kind: gendered, head: p.nodes(parts[0][0], parts[0][1])}
	for _, part := range parts[1:] {
		n.parts = append(n.parts, p.nodes(part[0], part[1]))
		n.forms = append(n.forms, p.form(part[0], part[1]))
	}
	if name == "PLURAL" {
		n.kind, n.parts = counted, nil
	}
	return []node{n}
}

func (p *parser) form(from, to int) form {
	n, start, ok := explicitForm(p.source[from:to])
	if !ok {
		return form{nodes: p.nodes(from, to)}
	}
	return form{nodes: p.nodes(from+start, to), explicit: true, exactly: n}
}

// split cuts source[from:to] at each | that stands in no inner braces or
// brackets.
func (p *parser) split(from, to int) [][2]int {
	var parts [][2]int
	start := from
	for i := from; i < to; i++ {
		if end, ok := p.closes(i, to); ok {
			i = end + 1
			continue
		}
		if p.source[i] == '|' {
			parts = append(parts, [2]int{start, i})
			start = i + 1
		}
	}
	return append(parts, [2]int{start, to})
}
