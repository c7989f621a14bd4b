package sandbox

import (
	"fmt"
	"strconv"
	"strings"
)

// parsing is one run over the text of a page: it expands templates and notes
// on what the result depends.
type parsing struct {
	w     *Wiki
	title title
	page  *page
	now   func() string
	deps  links
	strip []stripped // what no later stage may look into
	depth int
	subst bool // pre-save transform: only what says subst: is expanded
	user  string
	fuel  int
}

// stripped is an extension tag taken out of the text until the end.
type stripped struct {
	tag, body, source string
}

// frame holds the arguments of the template being expanded.
type frame struct {
	title  title
	args   map[string]string
	parent *frame
}

func (w *Wiki) newParsing(t title, p *page) *parsing {
	return &parsing{w: w, title: t, page: p, deps: newLinks(), fuel: 20_000}
}

// The markers cannot occur in a page: U+007F is not valid in wikitext input.
func stripMarker(i int) string { return fmt.Sprintf("\x7f%d\x7f", i) }

func (p *parsing) hide(n node) string {
	p.strip = append(p.strip, stripped{n.tag, n.body, n.text})
	return stripMarker(len(p.strip) - 1)
}

// expand gives the wikitext with templates and magic words filled in.
func (p *parsing) expand(nodes []node, f *frame) string {
	var b strings.Builder
	for _, n := range nodes {
		p.fuel--
		switch n.kind {
		case textNode:
			b.WriteString(n.text)
		case commentNode:
			if p.subst {
				b.WriteString(n.text)
			}
		case tagNode:
			if p.subst {
				b.WriteString(n.text)
			} else {
				b.WriteString(p.hide(n))
			}
		case paramNode:
			b.WriteString(p.param(n, f))
		case templateNode:
			b.WriteString(p.template(n, f))
		}
	}
	return b.String()
}

func (p *parsing) param(n node, f *frame) string {
	if f == nil {
		if p.subst {
			return n.text
		}
	} else if v, ok := f.args[strings.TrimSpace(p.expand(n.name, f))]; ok {
		return v
	}
	if len(n.args) == 0 {
		if f == nil || !p.subst {
			return n.text
		}
		return n.text
	}
	d := n.args[0]
	if d.name != nil {
		return p.expand(d.name, f) + "=" + p.expand(d.value, f)
	}
	return p.expand(d.value, f)
}

// template expands {{…}}: a magic word, a parser function or a page.
func (p *parsing) template(n node, f *frame) string {
	if p.depth > 40 || p.fuel < 0 {
		return n.text
	}
	p.depth++
	defer func() { p.depth-- }()
	name := strings.TrimSpace(p.expand(n.name, f))
	call, prefix := cutSubst(name)
	switch {
	case p.subst && prefix == "":
		return p.keep(n, f)
	case !p.subst && prefix == "subst:": // too late for it now
		return n.text
	}
	if out, ok := p.magic(call, n, f); ok {
		return out
	}
	t, ok := p.templateTitle(call)
	if !ok {
		return n.text
	}
	return p.transclude(t, n, f)
}

// cutSubst takes "subst:" or "safesubst:" off a template's name.
func cutSubst(name string) (rest, prefix string) {
	lower := strings.ToLower(name)
	for _, prefix := range []string{"subst:", "safesubst:"} {
		if strings.HasPrefix(lower, prefix) {
			return strings.TrimSpace(name[len(prefix):]), prefix
		}
	}
	return name, ""
}

// keep writes a template that is not substituted, with the substitutions
// inside it done.
func (p *parsing) keep(n node, f *frame) string {
	var b strings.Builder
	b.WriteString("{{" + p.expand(n.name, f))
	for _, a := range n.args {
		b.WriteString("|")
		if a.name != nil {
			b.WriteString(p.expand(a.name, f) + "=")
		}
		b.WriteString(p.expand(a.value, f))
	}
	return b.String() + "}}"
}

func (p *parsing) templateTitle(name string) (title, bool) {
	if strings.HasPrefix(name, "/") && hasSubpages(p.title.ns) {
		name = p.w.name(p.title) + name
	}
	l, err := p.w.parseLink(name, nsTemplate)
	if err != nil || l.interwiki != "" || l.ns < 0 {
		return title{}, false
	}
	return l.title, true
}

func (p *parsing) transclude(t title, n node, f *frame) string {
	p.deps.templates[t] = true
	target := p.w.pageOf(t)
	if target != nil {
		if to, ok := p.w.redirectTarget(target.text(), target.latest().Model); ok && to.interwiki == "" {
			p.deps.templates[to.title] = true
			t, target = to.title, p.w.pageOf(to.title)
		}
	}
	if target == nil {
		if p.subst {
			return n.text
		}
		return "[[:" + p.w.name(t) + "]]"
	}
	if p.loops(t, f) {
		return "<span class=\"error\">Template loop detected: [[:" + p.w.name(t) + "]]</span>"
	}
	inner := &frame{title: t, args: p.arguments(n, f), parent: f}
	return p.expand(preprocess(asIncluded(target.text())), inner)
}

func (p *parsing) loops(t title, f *frame) bool {
	for ; f != nil; f = f.parent {
		if f.title == t {
			return true
		}
	}
	return false
}

func (p *parsing) arguments(n node, f *frame) map[string]string {
	args, position := map[string]string{}, 0
	for _, a := range n.args {
		if a.name != nil {
			args[strings.TrimSpace(p.expand(a.name, f))] = strings.TrimSpace(p.expand(a.value, f))
			continue
		}
		position++
		args[strconv.Itoa(position)] = p.expand(a.value, f)
	}
	return args
}

// unstrip puts back what was hidden, as source.
func (p *parsing) unstrip(text string) string {
	for i := len(p.strip) - 1; i >= 0; i-- {
		text = strings.ReplaceAll(text, stripMarker(i), p.strip[i].source)
	}
	return text
}
