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
	properties map[unistring.String]name
	unit       *unit
	spot       *spot
	stmt       ast.Statement
	refs       []ref
	count      int32 // of names
	depth      int
}

// ref is a variable that a spot names, not looked up yet.
type ref struct {
	at    *spot
	name  unistring.String
	write bool
}

// sliced finds what of a script is to be read.
func sliced(program *ast.Program, text string) *slice {
	s := &survey{
		slice: &slice{units: map[ast.Node]*unit{}, live: map[ast.Statement]bool{}},
		text:  text, seeds: seedsIn(text), properties: map[unistring.String]name{}, unit: &unit{names: map[unistring.String]name{}},
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
	s.naming, s.giving = make([][]*spot, s.count+1), make([][]*spot, s.count+1)
	for _, r := range s.refs {
		n := s.variable(r.at.unit, r.name)
		if r.write {
			r.at.writes = append(r.at.writes, n)
		} else {
			r.at.reads = append(r.at.reads, n)
		}
	}
	for len(s.naming) <= int(s.count) {
		s.naming, s.giving = append(s.naming, nil), append(s.giving, nil)
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
	for _, at := range s.spots {
		for _, n := range at.reads {
			s.naming[n.index()] = append(s.naming[n.index()], at)
		}
		for _, n := range at.writes {
			s.giving[n.index()] = append(s.giving[n.index()], at)
		}
	}
}

// marked tells the properties of some names from others.
func (s *survey) marked(ids []unistring.String) []bool {
	marks := make([]bool, s.count+1)
	for _, id := range ids {
		if n, ok := s.properties[id]; ok {
			marks[n.index()] = true
		}
	}
	return marks
}

// variable is the name that a function means; what nothing declares is the script's.
func (s *survey) variable(u *unit, id unistring.String) name {
	for ; ; u = u.outer {
		if n, ok := u.names[id]; ok {
			return n
		}
		if u.outer == nil {
			return s.declare(u, id)
		}
	}
}

func (s *survey) declare(u *unit, id unistring.String) name {
	n, ok := u.names[id]
	if !ok {
		s.count++
		n = name(s.count)
		u.names[id] = n
	}
	return n
}

// property is the name of a property.
func (s *survey) property(id unistring.String) name {
	n, ok := s.properties[id]
	if !ok {
		s.count++
		n = name(-s.count)
		s.properties[id] = n
	}
	return n
}

// begin makes a spot the one that is looked at.
func (s *survey) begin() (back func()) {
	was := s.spot
	s.spot = &spot{unit: s.unit, stmt: s.stmt}
	s.spots = append(s.spots, s.spot)
	return func() { s.spot = was }
}

// seeded heats the spot where a seed begins within a node.
func (s *survey) seeded(from, to file.Idx) {
	if s.spot.heat == hot {
		return
	}
	at, _ := slices.BinarySearch(s.seeds, int(from)-1)
	if at < len(s.seeds) && s.seeds[at] < int(to)-1 {
		s.spot.heat = hot
	}
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
		s.refs = append(s.refs, ref{s.spot, n.Name, true})
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
		s.spot.writes = append(s.spot.writes, s.property(n.Identifier.Name))
		if slices.Contains(generic, n.Identifier.Name) {
			s.changes(n.Left)
		}
	case *ast.BracketExpression:
		s.expression(n.Left)
		s.expression(n.Member)
		if m, ok := n.Member.(*ast.StringLiteral); ok {
			s.spot.writes = append(s.spot.writes, s.property(m.Value))
			return
		}
		s.changes(n.Left)
	case *ast.PrivateDotExpression:
		s.spot.writes = append(s.spot.writes, s.property("#"+n.Identifier.Name))
	}
}

// changes looks at an owner of which a part is assigned: it is hot as a whole.
func (s *survey) changes(owner ast.Expression) {
	switch owner := owner.(type) {
	case *ast.Identifier:
		s.refs = append(s.refs, ref{s.spot, owner.Name, true})
	case *ast.DotExpression:
		s.spot.writes = append(s.spot.writes, s.property(owner.Identifier.Name))
	}
}

func (s *survey) pattern(n *ast.ObjectPattern, declares bool) {
	for _, p := range n.Properties {
		switch p := p.(type) {
		case *ast.PropertyShort:
			s.spot.reads = append(s.spot.reads, s.property(p.Name.Name))
			s.target(&p.Name, declares)
			s.expression(p.Initializer)
		case *ast.PropertyKeyed:
			if !p.Computed {
				s.spot.reads = append(s.spot.reads, s.key(p.Key)...)
			}
			s.target(p.Value, declares)
		}
	}
	s.target(n.Rest, declares)
}

// key is the name of a property as it is written.
func (s *survey) key(n ast.Expression) []name {
	switch n := n.(type) {
	case *ast.Identifier:
		s.seeded(n.Idx, n.Idx1())
		return []name{s.property(n.Name)}
	case *ast.StringLiteral:
		s.seeded(n.Idx, n.Idx1())
		return []name{s.property(n.Value)}
	case *ast.PrivateIdentifier:
		return []name{s.property("#" + n.Name)}
	}
	s.expression(n)
	return nil
}
