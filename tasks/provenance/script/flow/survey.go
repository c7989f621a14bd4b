package flow

import (
	"slices"

	"github.com/grafana/sobek/ast"
	"github.com/grafana/sobek/file"
	"github.com/grafana/sobek/unistring"
)

// everywhere are methods of strings, arrays, functions and jQuery, by which
// nothing can be followed.
var everywhere = []unistring.String{
	"get", "set", "add", "push", "split", "replace", "slice", "join", "concat", "match", "test", "indexOf", "toString", "valueOf", "map", "filter",
	"forEach", "each", "find", "then", "done", "fail", "catch", "call", "apply", "bind", "on", "append", "html", "text", "val", "style", "css",
	"attr", "prop", "length", "prototype", "constructor", "create", "target", "extend", "show", "hide", "remove", "exports", "default",
}

// generic are properties that any object may have. One that is given something
// hot makes its owner hot, not all that have one of that name.
var generic = slices.Concat(idle, []unistring.String{
	"value", "key", "data", "item", "n", "i", "e", "f", "s", "t", "params", "options", "page", "link", "template",
})

// idle are those that say what something is or looks like: what they hold makes
// no address, and is not looked for.
var idle = []unistring.String{
	"name", "type", "label", "title", "id", "checked", "disabled", "selected", "className", "action", "user", "date", "status", "message",
	"reason", "summary", "description",
}

// survey looks over a script.
type survey struct {
	*slice
	text       string
	seeds      []int // offsets, in order
	next       int   // the seed that was looked at last
	words      map[unistring.String]word
	properties []name // by word: the property of that name
	unit       *unit
	spot       *spot
	stmt       ast.Statement
	refs       []ref
	room       []spot // to be used
	count      int32  // of names
}

// ref is a name that a spot names. Variables are looked up when all are declared.
type ref struct {
	at    *spot
	word  word
	name  name // of a property
	write bool
}

// bytesPerRef is how many bytes of a script there are for a name, at the least
// in most: room for so many is made at once.
const bytesPerRef = 16

// sliced finds what of a script is to be read.
func sliced(program *ast.Program, text string) *slice {
	s := &survey{
		slice: &slice{units: map[ast.Node]*unit{}, simple: newPlaces(text), live: newPlaces(text)},
		text:  text, seeds: seedsIn(text), words: map[unistring.String]word{}, unit: &unit{},
		refs: make([]ref, 0, len(text)/bytesPerRef),
	}
	root := s.unit
	s.statements(program.Body)
	for _, d := range program.DeclarationList {
		s.declareAll(d.List)
	}
	s.unit = root
	s.lookUp()
	for _, at := range s.spots {
		if at.heat > cold {
			s.queue = append(s.queue, at)
		}
	}
	root.read = true
	s.settle()
	return s.slice
}

// lookUp finds out which variables the spots name.
func (s *survey) lookUp() {
	for i := range s.refs {
		if r := &s.refs[i]; r.name == 0 {
			r.name = s.variable(r.at.unit, r.word)
		}
	}
	s.common, s.idle = s.marked(slices.Concat(everywhere, generic)), s.marked(idle)
	s.state, s.wanted = make([]warmth, s.count+1), make([]warmth, s.count+1)
	s.owner, s.taken = make([]*unit, s.count+1), make([]*unit, s.count+1)
	for _, u := range s.units {
		for _, n := range u.names {
			s.owner[n.index()] = u
		}
		for _, n := range u.params {
			s.taken[n.index()] = u
		}
	}
	s.handOut()
	s.naming = s.listed(func(at *spot) []name { return at.reads })
	s.giving = s.listed(func(at *spot) []name { return at.writes })
}

// handOut gives every spot its names, properties first.
func (s *survey) handOut() {
	room := make([]name, 0, len(s.refs))
	for _, at := range s.spots {
		n, m := len(room), len(room)+int(at.reading)
		room = room[:m+int(at.writing)]
		at.reads, at.writes = room[n:n:m], room[m:m:len(room)]
	}
	for _, properties := range []bool{true, false} {
		for i := range s.refs {
			switch r := &s.refs[i]; {
			case r.name.property() != properties:
			case r.write:
				r.at.writes = append(r.at.writes, r.name)
			default:
				r.at.reads = append(r.at.reads, r.name)
			}
		}
	}
}

// listed tells for every name the spots that have it among some of theirs.
func (s *survey) listed(names func(at *spot) []name) [][]*spot {
	counts, all := make([]int32, s.count+1), 0
	for _, at := range s.spots {
		for _, n := range names(at) {
			counts[n.index()]++
			all++
		}
	}
	room, lists := make([]*spot, 0, all), make([][]*spot, s.count+1)
	for i, n := range counts {
		from := len(room)
		room = room[:from+int(n)]
		lists[i] = room[from:from:len(room)]
	}
	for _, at := range s.spots {
		for _, n := range names(at) {
			lists[n.index()] = append(lists[n.index()], at)
		}
	}
	return lists
}

// marked tells the properties of some names from others.
func (s *survey) marked(ids []unistring.String) []bool {
	marks := make([]bool, s.count+1)
	for _, id := range ids {
		if w, ok := s.words[id]; ok && s.properties[w] != 0 {
			marks[s.properties[w].index()] = true
		}
	}
	return marks
}

// variable is the name that a function means; what nothing declares is the script's.
func (s *survey) variable(u *unit, w word) name {
	for ; ; u = u.outer {
		if n, ok := u.names[w]; ok {
			return n
		}
		if u.outer == nil {
			return s.declareWord(u, w)
		}
	}
}

func (s *survey) declare(u *unit, id unistring.String) name { return s.declareWord(u, s.word(id)) }

func (s *survey) declareWord(u *unit, w word) name {
	n, ok := u.names[w]
	if !ok {
		s.count++
		n = name(s.count)
		if u.names == nil {
			u.names = map[word]name{}
		}
		u.names[w] = n
	}
	return n
}

// word is the place of a name in the table.
func (s *survey) word(id unistring.String) word {
	w, ok := s.words[id]
	if !ok {
		w = word(len(s.properties))
		s.words[id] = w
		s.properties = append(s.properties, 0)
	}
	return w
}

// property is the name of a property.
func (s *survey) property(id unistring.String) name {
	w := s.word(id)
	if s.properties[w] == 0 {
		s.count++
		s.properties[w] = name(-s.count)
	}
	return s.properties[w]
}

// reads notes that the spot reads a variable, writes that it assigns one.
func (s *survey) reads(id unistring.String)  { s.refer(ref{s.spot, s.word(id), 0, false}) }
func (s *survey) writes(id unistring.String) { s.refer(ref{s.spot, s.word(id), 0, true}) }

// readsProperty and writesProperty are the same of properties.
func (s *survey) readsProperty(id unistring.String) { s.refer(ref{s.spot, 0, s.property(id), false}) }
func (s *survey) writesProperty(id unistring.String) {
	s.refer(ref{s.spot, 0, s.property(id), true})
}

func (s *survey) refer(r ref) {
	if r.write {
		r.at.writing++
	} else {
		r.at.reading++
	}
	s.refs = append(s.refs, r)
}

// roomy is how many spots are made at once.
const roomy = 64

// begin makes a spot the one that is looked at.
func (s *survey) begin() (back func()) {
	was := s.spot
	if len(s.room) == 0 {
		s.room = make([]spot, roomy)
	}
	s.spot, s.room = &s.room[0], s.room[1:]
	s.spot.unit, s.spot.stmt = s.unit, s.stmt
	s.spots = append(s.spots, s.spot)
	return func() { s.spot = was }
}

// seeded heats the spot where a seed begins within a node.
func (s *survey) seeded(from, to file.Idx) {
	if s.spot.heat == hot {
		return
	}
	at := s.seedFrom(int(from) - 1)
	if at < len(s.seeds) && s.seeds[at] < int(to)-1 {
		s.spot.heat = hot
	}
}

// seedFrom is the first seed from an offset on: most often the one looked at
// before, or the next.
func (s *survey) seedFrom(offset int) int {
	for s.next > 0 && s.seeds[s.next-1] >= offset {
		s.next--
	}
	for s.next < len(s.seeds) && s.seeds[s.next] < offset {
		s.next++
	}
	return s.next
}

// target is what is assigned to.
func (s *survey) target(n ast.Expression, declares bool) {
	switch n := n.(type) {
	case nil:
	case *ast.Identifier:
		if declares {
			s.declare(s.unit, n.Name)
		}
		s.seeded(n.Idx, n.Idx1())
		s.writes(n.Name)
	case *ast.Binding:
		s.target(n.Target, declares)
		s.expression(n.Initializer)
	case *ast.AssignExpression:
		s.target(n.Left, declares)
		s.expression(n.Right)
	case *ast.ArrayPattern:
		for _, x := range n.Elements {
			s.target(x, declares)
		}
		s.target(n.Rest, declares)
	case *ast.ObjectPattern:
		s.pattern(n, declares)
	case *ast.DotExpression:
		s.holder(n)
		s.seeded(n.Identifier.Idx, n.Identifier.Idx1())
		s.writesProperty(n.Identifier.Name)
		if slices.Contains(generic, n.Identifier.Name) {
			s.changes(n.Left)
		}
	case *ast.BracketExpression:
		s.expression(n.Left)
		s.expression(n.Member)
		if m, ok := n.Member.(*ast.StringLiteral); ok {
			s.writesProperty(m.Value)
			return
		}
		s.changes(n.Left)
	case *ast.PrivateDotExpression:
		s.writesProperty("#" + n.Identifier.Name)
	}
}

// changes looks at an owner of which a part is assigned: it is hot as a whole.
func (s *survey) changes(owner ast.Expression) {
	switch owner := owner.(type) {
	case *ast.Identifier:
		s.writes(owner.Name)
	case *ast.DotExpression:
		s.writesProperty(owner.Identifier.Name)
	}
}

func (s *survey) pattern(n *ast.ObjectPattern, declares bool) {
	for _, p := range n.Properties {
		switch p := p.(type) {
		case *ast.PropertyShort:
			s.readsProperty(p.Name.Name)
			s.target(&p.Name, declares)
			s.expression(p.Initializer)
		case *ast.PropertyKeyed:
			if !p.Computed {
				s.key(p.Key, false)
			}
			s.target(p.Value, declares)
		}
	}
	s.target(n.Rest, declares)
}

// key notes the name of a property as it is written.
func (s *survey) key(n ast.Expression, write bool) {
	switch n := n.(type) {
	case *ast.Identifier:
		s.seeded(n.Idx, n.Idx1())
		s.refer(ref{s.spot, 0, s.property(n.Name), write})
	case *ast.StringLiteral:
		s.seeded(n.Idx, n.Idx1())
		s.refer(ref{s.spot, 0, s.property(n.Value), write})
	case *ast.PrivateIdentifier:
		s.refer(ref{s.spot, 0, s.property("#" + n.Name), write})
	default:
		s.expression(n)
	}
}
