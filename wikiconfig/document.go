package wikiconfig

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// document is a page as it was read. One reader serves sound and broken pages:
// what encoding/json accepts it reads exactly alike, and of the rest it keeps
// what it can, because a no on a broken page counts.
type document struct {
	root     *value   // nil on a page without any value
	more     []*value // what stands after the root on a broken page
	broken   bool     // no JSON
	lost     bool     // something was passed over, which may have been a no
	cut      bool     // a list has more entries than were kept
	problems []Problem
}

// readDocument reads a page within the limits, longest being that of a list or
// object. A blank page is the same as {}.
func readDocument(text string, longest int) *document {
	d := &document{}
	if strings.TrimSpace(text) == "" {
		d.root = &value{kind: isObject}
		return d
	}
	if len(text) > maxPage {
		d.broken, d.lost = true, true
		d.problems = append(d.problems, tooLong(len(text)))
		text = text[:maxPage]
	} else if p := syntaxProblem(text); p != nil {
		d.broken = true
		d.problems = append(d.problems, *p)
	}
	p := &parser{scanner: scanner{text: text}, document: d, longest: longest}
	p.document.root = p.root()
	return d
}

func tooLong(size int) Problem {
	return Problem{Value: fmt.Sprintf("%d bytes", size), Allowed: fmt.Sprintf("at most %d bytes", maxPage),
		Message: "The page is too long to be read."}
}

func (d *document) isObject() bool { return d.root != nil && d.root.kind == isObject }

// tree is the page in the shape of encoding/json; empty when it is no object.
func (d *document) tree() map[string]any {
	if !d.isObject() {
		return map[string]any{}
	}
	return d.root.plain().(map[string]any)
}

// step is a key or a place in a list; it is written out only for a problem.
type step struct {
	key   string
	index int
}

// parser builds values of tokens.
type parser struct {
	scanner
	document *document
	ahead    token
	peeked   bool
	path     []step
	longest  int
	values   int
	full     bool
	lists    int // open lists, so a stray ] outside of one is passed over
}

func (p *parser) peek() token {
	if !p.peeked {
		p.ahead, p.peeked = p.next(), true
	}
	return p.ahead
}

func (p *parser) take() token {
	t := p.peek()
	p.peeked = false
	return t
}

func (p *parser) takeMark(c byte) bool {
	if t := p.peek(); t.kind == mark && t.mark == c {
		p.take()
		return true
	}
	return false
}

// root reads every value on the page. A page around its JSON (a heading, a
// template) has its first object as the root.
func (p *parser) root() *value {
	var all []*value
	for p.peek().kind != endOfText && !p.full {
		if v := p.value(); v != nil {
			all = append(all, v)
			continue
		}
		p.take()
		p.document.lost = true
	}
	if len(all) == 0 {
		return nil
	}
	at := max(0, slices.IndexFunc(all, func(v *value) bool { return v.kind == isObject }))
	p.document.lost = p.document.lost || len(all) > 1
	p.document.more = slices.Delete(slices.Clone(all), at, at+1)
	return all[at]
}

// value reads one value; nil, with nothing taken, where none stands.
func (p *parser) value() *value {
	if p.values++; p.values > maxValues+p.longest && !p.full {
		p.full = true
		p.tell("", fmt.Sprintf("at most %d values", maxValues+p.longest), "The page holds too many values to be read.")
		p.document.lost = true
	}
	t := p.peek()
	switch {
	case t.kind == quoted:
		p.take()
		p.document.lost = p.document.lost || t.torn
		return &value{kind: isText, text: t.text}
	case t.kind == bare:
		p.take()
		return p.word(t.text)
	case t.kind == mark && (t.mark == '{' || t.mark == '['):
		p.take()
		return p.within(t.mark)
	}
	return nil
}

// within reads an object or a list whose opening bracket has been taken.
func (p *parser) within(opening byte) *value {
	if len(p.path) >= maxDepth {
		p.tell("", fmt.Sprintf("at most %d levels", maxDepth), "Objects and lists are nested too deep here.")
		p.document.lost = true
		p.skip()
		return &value{}
	}
	if opening == '{' {
		return p.object()
	}
	p.lists++
	defer func() { p.lists-- }()
	return p.list()
}

// skip passes to the bracket that closes the one just taken.
func (p *parser) skip() {
	for open := 1; open > 0; {
		switch t := p.take(); {
		case t.kind == endOfText:
			return
		case t.kind == mark && (t.mark == '{' || t.mark == '['):
			open++
		case t.kind == mark && (t.mark == '}' || t.mark == ']'):
			open--
		}
	}
}

func (p *parser) object() *value {
	v := &value{kind: isObject}
	seen := map[string]bool{}
	for !p.takeMark('}') {
		switch t := p.peek(); {
		case p.takeMark(','):
		case t.kind == endOfText || t.kind == mark && t.mark == ']' && p.lists > 0:
			p.document.lost = true
			return v
		case t.kind == mark:
			p.document.lost = true
			p.stray(v)
		default:
			p.take()
			p.document.lost = p.document.lost || t.torn
			p.member(v, t.text, seen)
		}
	}
	return v
}

// stray passes a mark where a key should be; a value there is kept without a key.
func (p *parser) stray(v *value) {
	if item := p.value(); item != nil {
		v.members = append(v.members, member{"", item})
		return
	}
	p.take()
}

func (p *parser) member(v *value, key string, seen map[string]bool) {
	p.path = append(p.path, step{key: key})
	defer func() { p.path = p.path[:len(p.path)-1] }()
	if !p.takeMark(':') {
		p.document.lost = true
	}
	item := p.value()
	if item == nil {
		p.document.lost = true
		return
	}
	if seen[key] {
		p.tell(item.shown(), "each key once", fmt.Sprintf("The key %q stands here more than once.", shorten(key)))
	}
	if v.count++; v.count <= maxList && !p.full {
		seen[key] = true
		v.members = append(v.members, member{key, item})
		return
	}
	if v.count == p.longest+1 {
		p.tell("", fmt.Sprintf("at most %d keys", p.longest), "The object around this key has too many keys.")
	}
	p.document.lost = true
}

func (p *parser) list() *value {
	v := &value{kind: isList}
	for !p.takeMark(']') {
		t := p.peek()
		if p.takeMark(',') {
			continue
		}
		if t.kind == endOfText || t.kind == mark && t.mark == '}' {
			p.document.lost = true
			return v
		}
		p.item(v)
	}
	return v
}

func (p *parser) item(v *value) {
	if v.count > p.longest { // one more than allowed is kept, so the schema refuses the list
		p.skipItem()
		p.document.cut = true
		v.count++
		return
	}
	p.path = append(p.path, step{index: v.count})
	defer func() { p.path = p.path[:len(p.path)-1] }()
	item := p.value()
	if item == nil {
		p.take()
		p.document.lost = true
		return
	}
	v.count++
	v.items = append(v.items, item)
}

// skipItem passes over one entry that is counted but not kept.
func (p *parser) skipItem() {
	if t := p.take(); t.kind == mark && (t.mark == '{' || t.mark == '[') {
		p.skip()
	}
}

// word reads a value without quotes: a literal, a number, or a text whose
// quotes were forgotten.
func (p *parser) word(w string) *value {
	switch strings.ToLower(w) {
	case "true":
		return &value{kind: isBool, yes: true}
	case "false":
		return &value{kind: isBool}
	case "null":
		return &value{}
	}
	if strings.IndexByte("-0123456789", w[0]) < 0 || !json.Valid([]byte(w)) {
		return &value{kind: isText, text: w}
	}
	return &value{kind: isNumber, text: w, number: p.number(w)}
}

// number reads 1.0 and 1e2 as whole numbers, as MediaWiki saves them. A number
// beyond a float64 is told of, and bounded so that nothing computes its digits.
func (p *parser) number(w string) any {
	if n, err := strconv.ParseInt(w, 10, 64); err == nil {
		return n
	}
	f, err := strconv.ParseFloat(w, 64)
	if err != nil {
		p.tell(shorten(w), "a number that a computer can hold", "This number is out of range.")
		return math.Copysign(math.MaxFloat64, f)
	}
	if f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		return int64(f)
	}
	return f
}

func (p *parser) tell(found, allowed, message string) {
	if len(p.document.problems) < maxProblems {
		var path []string
		for _, s := range p.path {
			path = append(path, first(s.key, strconv.Itoa(s.index)))
		}
		p.document.problems = append(p.document.problems,
			Problem{Pointer: pointer(path), Value: found, Allowed: allowed, Message: message})
	}
}
