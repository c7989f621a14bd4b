package sandbox

import (
	"regexp"
	"strings"
)

// The preprocessor finds what stands above all other wikitext: comments,
// extension tags, templates and template parameters. Everything else is text.

type node struct {
	kind nodeKind
	text string   // the source, as written
	tag  string   // for an extension tag
	body string   // what is inside an extension tag
	name []node   // of a template or parameter
	args []tplArg // of a template; for a parameter the defaults
}

type nodeKind int

const (
	textNode nodeKind = iota
	commentNode
	tagNode
	templateNode
	paramNode
)

type tplArg struct {
	name  []node // nil for a positional argument
	value []node
}

// ppFuel bounds the work on hostile input: what is beyond is plain text.
const ppFuel = 400_000

type preprocessor struct {
	src  string
	fuel int
}

func preprocess(src string) []node {
	src = strings.ReplaceAll(src, "\x7f", "\uFFFD") // no page can forge the markers of stripped tags
	p := &preprocessor{src: src, fuel: ppFuel}
	nodes, _ := p.sequence(0, false, 0)
	return nodes
}

var (
	tagOpen     = regexp.MustCompile(`(?i)^<(nowiki|pre|gallery|syntaxhighlight|source|math|templatestyles)(\s[^<>]*?)?(/?)>`)
	inclusion   = regexp.MustCompile(`(?is)<(/?)(noinclude|includeonly|onlyinclude)\s*(/?)>`)
	onlyInclude = regexp.MustCompile(`(?is)<onlyinclude>(.*?)</onlyinclude>`)
)

// sequence reads nodes from i on. Inside a template it stops at "|", "}}" and
// reports where; "=" ends a name and is found afterwards.
func (p *preprocessor) sequence(i int, inside bool, depth int) ([]node, int) {
	var nodes []node
	start, brackets := i, 0
	flush := func(to int) {
		if to > start {
			nodes = append(nodes, node{kind: textNode, text: p.src[start:to]})
		}
	}
	for i < len(p.src) {
		rest := p.src[i:]
		switch {
		case rest[0] == '<':
			if n, end := p.special(i); end > i {
				flush(i)
				nodes = append(nodes, n)
				i, start = end, end
				continue
			}
		case strings.HasPrefix(rest, "{{"):
			if n, end := p.braces(i, depth); end > i {
				flush(i)
				nodes = append(nodes, n)
				i, start = end, end
				continue
			}
			for i+1 < len(p.src) && p.src[i+1] == '{' {
				i++
			}
		case strings.HasPrefix(rest, "[["):
			brackets++
			i++
		case strings.HasPrefix(rest, "]]") && brackets > 0:
			brackets--
			i++
		case inside && (strings.HasPrefix(rest, "}}") || rest[0] == '|' && brackets == 0):
			flush(i)
			return nodes, i
		}
		i++
	}
	flush(len(p.src))
	if inside {
		return nil, -1
	}
	return nodes, len(p.src)
}

// special reads a comment or an extension tag at i.
func (p *preprocessor) special(i int) (node, int) {
	rest := p.src[i:]
	if strings.HasPrefix(rest, "<!--") {
		end := len(p.src)
		if n := strings.Index(rest[4:], "-->"); n >= 0 {
			end = i + 4 + n + 3
		}
		return node{kind: commentNode, text: p.src[i:end]}, end
	}
	m := tagOpen.FindStringSubmatch(rest)
	if m == nil {
		return node{}, i
	}
	name := strings.ToLower(m[1])
	if m[3] == "/" {
		return node{kind: tagNode, tag: name, text: m[0]}, i + len(m[0])
	}
	closing := "</" + name + ">"
	n := strings.Index(strings.ToLower(rest), closing)
	if n < 0 {
		return node{}, i
	}
	end := i + n + len(closing)
	return node{kind: tagNode, tag: name, text: p.src[i:end], body: rest[len(m[0]):n]}, end
}

// braces reads a template or a parameter at i, or nothing.
func (p *preprocessor) braces(i, depth int) (node, int) {
	if p.fuel -= 50; p.fuel < 0 || depth > 40 {
		return node{}, i
	}
	if strings.HasPrefix(p.src[i:], "{{{") && !strings.HasPrefix(p.src[i:], "{{{{{") {
		if n, end := p.bracesOf(i, 3, depth); end > i {
			n.kind = paramNode
			return n, end
		}
		return node{}, i // one brace further on there may be a template
	}
	n, end := p.bracesOf(i, 2, depth)
	n.kind = templateNode
	return n, end
}

func (p *preprocessor) bracesOf(i, width, depth int) (node, int) {
	parts, end := [][]node{}, i+width
	for {
		seq, at := p.sequence(end, true, depth+1)
		if at < 0 {
			return node{}, i
		}
		p.fuel -= at - end
		parts = append(parts, seq)
		end = at
		if p.src[at] == '|' {
			end = at + 1
			continue
		}
		if !strings.HasPrefix(p.src[at:], strings.Repeat("}", width)) {
			return node{}, i
		}
		end = at + width
		break
	}
	n := node{text: p.src[i:end], name: parts[0]}
	for _, part := range parts[1:] {
		n.args = append(n.args, splitArg(part))
	}
	return n, end
}

// splitArg parts "name=value" at the first equals sign in plain text.
func splitArg(part []node) tplArg {
	for i, n := range part {
		if n.kind != textNode {
			continue
		}
		if name, value, ok := strings.Cut(n.text, "="); ok {
			a := tplArg{name: append(append([]node{}, part[:i]...), node{kind: textNode, text: name})}
			a.value = append([]node{{kind: textNode, text: value}}, part[i+1:]...)
			return a
		}
	}
	return tplArg{value: part}
}

// asIncluded is what a page gives when it is transcluded.
func asIncluded(text string) string {
	if only := onlyInclude.FindAllStringSubmatch(text, -1); only != nil {
		var b strings.Builder
		for _, m := range only {
			b.WriteString(m[1])
		}
		return unwrap(b.String(), "noinclude")
	}
	return unwrap(text, "noinclude")
}

// asShown is what a page gives when it is read.
func asShown(text string) string { return unwrap(text, "includeonly") }

// unwrap removes the sections of one inclusion tag, and only the tags of the
// others.
func unwrap(text, drop string) string {
	var b strings.Builder
	for {
		m := inclusion.FindStringSubmatchIndex(text)
		if m == nil {
			return b.String() + text
		}
		b.WriteString(text[:m[0]])
		tag := strings.ToLower(text[m[4]:m[5]])
		opens := m[2] == m[3] && m[6] == m[7]
		text = text[m[1]:]
		if tag == drop && opens {
			end := regexp.MustCompile(`(?is)</` + drop + `\s*>`).FindStringIndex(text)
			if end == nil {
				return b.String()
			}
			text = text[end[1]:]
		}
	}
}
