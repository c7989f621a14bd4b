package flow

import (
	"slices"

	"github.com/grafana/sobek/ast"
)

// Most of a gadget has nothing to do with media, and reading it all costs much
// more than parsing it. So before a script is read, one look over it, by names
// only and for the whole script at once, finds what need not be read:
//
//   - A spot is a simple statement, a condition, or a property of an object
//     literal, without the functions in it. One in which a word stands that
//     media can come from or go to (a seed) is hot.
//   - What a hot spot assigns is hot: every spot that names it is, and every one
//     that names a function that returns something hot. The parameters of
//     functions that a hot spot names are given: what comes of them is followed
//     in the function and beyond, but what it returns is the caller's alone.
//   - What else a hot spot names is needed: spots that assign it are warm, and
//     so is what a function returns that is named there.
//   - A function is read where a spot in it, or in a function within it, is warm
//     or hot, or where a hot or warm spot names it.
//
// Names are told apart by the function that declares them, properties only by
// their spelling: so more is read than has to be, and nothing less.
type slice struct {
	spots  []*spot
	units  map[ast.Node]*unit
	naming [][]*spot // by name: the spots in which it is read
	giving [][]*spot // by name: the spots in which it is assigned
	state  []warmth  // of names
	wanted []warmth  // of names: for what they were looked for
	common []bool    // by name: a property that everything has
	idle   []bool    // by name: a property that holds no address, nor a part of one
	taken  []*unit   // by name: the function of which it is a parameter
	owner  []*unit   // by name: the function that declares it
	simple places    // statements that are left out as a whole where nothing in them is read
	live   places    // those of them that are read
	queue  []*spot
}

// heat says why something is read.
type heat int8

const (
	cold  heat = iota
	warm       // something hot needs it
	given      // it may hold media that the function around was given
	hot        // it may hold media
)

// maxHops is how far what is warm is followed: what gives a value, what gives
// the values of that, and so on.
const maxHops = 4

// maxFar is how many properties, and results of functions, what is hot is
// followed through.
const maxFar = 3

// warmth of a name, and how far it is from what made it so.
type warmth struct {
	heat heat
	hops int8
}

// spot is a part of a script that is read, or not, as a whole.
type spot struct {
	unit    *unit
	stmt    ast.Statement // that is left out where nothing in it is read; nil: always read
	heat    heat
	hops    int8 // how far it is from what made it so
	reads   []name
	writes  []name
	whole   *spot   // around a property that any object may have
	units   []*unit // functions that are written in it
	returns bool

	reading, writing int32 // how many reads and writes
}

// name is a variable or a property, by its place in a table. Properties are
// negative.
type name int32

func (n name) property() bool { return n < 0 }

func (n name) index() int {
	if n < 0 {
		return int(-n)
	}
	return int(n)
}

// word is a name as it is spelled, by its place in a table.
type word int32

// unit is a function, or the script itself.
type unit struct {
	outer   *unit
	at      *spot // where it is written
	arrow   bool
	names   map[word]name
	params  []name
	returns []*spot
	this    []*spot // spots that say this
	read    bool
	called  heat
	needed  heat // what it is called with
}

// settle finds all that is hot or warm.
func (s *slice) settle() {
	for len(s.queue) > 0 {
		at := s.queue[len(s.queue)-1]
		s.queue = s.queue[:len(s.queue)-1]
		s.reach(at)
	}
}

// heatUp makes a spot at least as hot as that.
func (s *slice) heatUp(at *spot, h heat, hops int8) {
	if at == nil || h == warm && hops > maxHops || h > warm && hops > maxFar || at.heat > h || at.heat == h && at.hops <= hops {
		return
	}
	at.heat, at.hops = h, hops
	s.queue = append(s.queue, at)
}

// reach tells what a spot touches.
func (s *slice) reach(at *spot) {
	s.read(at.unit)
	if at.stmt != nil {
		s.live.add(at.stmt)
	}
	hops := at.hops + 1
	if at.heat > warm {
		hops = 1
	}
	for _, u := range at.units {
		s.call(u, at.heat, hops)
	}
	for _, n := range at.reads {
		if at.heat > warm || !n.property() {
			s.need(n, at.heat, hops)
		}
	}
	if at.heat > warm {
		s.pass(at)
	}
}

// pass tells where what a spot holds goes to. What a function was given and
// returns, only those have that gave it.
func (s *slice) pass(at *spot) {
	for _, n := range at.writes {
		switch {
		case n.property():
			s.ignite(n, hot, at.hops+1)
		case s.owner[n.index()] == at.unit:
			s.ignite(n, at.heat, at.hops)
		default:
			s.ignite(n, hot, at.hops)
		}
	}
	if at.whole != nil {
		s.heatUp(at.whole, at.heat, at.hops+1)
	}
	if at.returns && (at.heat == hot || at.unit.called < given) {
		s.heatUp(at.unit.at, at.heat, at.hops+1)
	}
}

// read says that a function is read, and so are those around it.
func (s *slice) read(u *unit) {
	for ; u != nil && !u.read; u = u.outer {
		u.read = true
		s.heatUp(u.at, warm, maxHops-1)
	}
}

// ignite makes a name hot, and all that names it.
func (s *slice) ignite(n name, h heat, hops int8) {
	was := &s.state[n.index()]
	if s.common[n.index()] || was.heat > h || was.heat == h && was.hops <= hops {
		return
	}
	*was = warmth{h, hops}
	for _, at := range s.naming[n.index()] {
		s.heatUp(at, h, hops)
	}
}

// need looks for what a name may hold: a parameter, what a function is called with.
func (s *slice) need(n name, h heat, hops int8) {
	if u := s.taken[n.index()]; u != nil && u.needed < h {
		u.needed = h
		for _, w := range u.at.writes {
			if w.property() && s.idle[w.index()] {
				continue
			}
			for _, at := range s.naming[w.index()] {
				s.heatUp(at, warm, hops)
				for _, f := range at.units { // it may be called with what is hot
					s.call(f, h, hops)
				}
			}
		}
	}
	if n.property() && s.idle[n.index()] {
		return
	}
	was := &s.wanted[n.index()]
	if was.heat > h || was.heat == h && was.hops <= hops {
		return
	}
	*was = warmth{h, hops}
	for _, at := range s.giving[n.index()] {
		s.heatUp(at, warm, hops)
		for _, u := range at.units {
			s.call(u, h, hops)
		}
	}
}

// call says that a function is named in a spot, which may give it what it holds.
func (s *slice) call(u *unit, h heat, hops int8) {
	h = min(h, given)
	if hops > maxHops || u.called >= h {
		return
	}
	u.called = h
	s.read(u)
	for _, at := range u.returns {
		s.heatUp(at, warm, hops)
	}
	if h < given {
		return
	}
	for _, n := range u.params {
		s.ignite(n, given, 0)
	}
	for _, at := range u.this {
		s.heatUp(at, given, 0)
	}
}

// any says whether anything is to be read at all.
func (s *slice) any() bool {
	return slices.ContainsFunc(s.spots, func(at *spot) bool { return at.heat > cold })
}

// skips says whether a statement need not be read.
func (s *slice) skips(st ast.Statement) bool {
	switch st.(type) {
	case *ast.ExpressionStatement, *ast.VariableStatement, *ast.LexicalDeclaration:
		return s.simple.has(st) && !s.live.has(st)
	}
	return false
}

// reads says whether the body of a function is read.
func (s *slice) reads(n ast.Node) bool {
	u := s.units[n]
	return u == nil || u.read
}
