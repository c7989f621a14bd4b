package flow

import (
	"github.com/grafana/sobek/ast"
	"github.com/grafana/sobek/unistring"
)

// scope is what names mean within a function or block.
type scope struct {
	outer *scope
	vars  map[unistring.String]*variable
}

// variable is what a name stands for.
type variable struct {
	name   string
	owner  *Func // nil: of the script itself
	all    Value // after any assignment
	param  bool
	media  bool // what is done with it says that it is an address of media
	writes []write
	many   bool // too many writes to tell them apart
	shared bool // some write is in another function
}

// write is an assignment to a variable.
type write struct {
	at  int // byte offset
	by  *Func
	def ast.Expression // what is assigned, where it is an expression of its own
	val Value
}

// maxWrites is the most assignments to a variable that are told apart.
const maxWrites = 24

// activation is a function while its body is read.
type activation struct {
	fn    *Func
	outer *activation
	late  bool // a declaration: it may be called at any time
	start int
	cur   map[*variable]Value
	log   []change
}

// change is what a variable held before, to be put back.
type change struct {
	v    *variable
	was  Value
	held bool
}

// set gives a variable a value from here on.
func (a *activation) set(v *variable, val Value) {
	was, held := a.cur[v]
	a.log = append(a.log, change{v, was, held})
	a.cur[v] = val
}

// undo takes back all changes since a mark and tells what they came to.
func (a *activation) undo(mark int) map[*variable]Value {
	var came map[*variable]Value
	for i := len(a.log) - 1; i >= mark; i-- {
		c := a.log[i]
		if came == nil {
			came = map[*variable]Value{}
		}
		if _, seen := came[c.v]; !seen {
			came[c.v] = a.cur[c.v]
		}
		if c.held {
			a.cur[c.v] = c.was
		} else {
			delete(a.cur, c.v)
		}
	}
	a.log = a.log[:mark]
	return came
}

// end of reading one alternative.
type end int

const (
	normal end = iota
	jumped     // break, continue
	left       // return, throw
)

// branch reads alternatives apart and joins what they came to. It tells how
// all of them ended.
func (e *engine) branch(alternatives ...func() end) end { return e.branchOn(Value{}, alternatives...) }

// branchOn is branch where a condition decides between two alternatives.
func (e *engine) branchOn(test Value, alternatives ...func() end) end {
	a := e.activation
	mark := len(a.log)
	var results []map[*variable]Value
	all := left
	for _, read := range alternatives {
		how := read()
		came := a.undo(mark)
		if how != left {
			results = append(results, came)
		}
		all = min(all, how)
	}
	for i, came := range results {
		for v := range came {
			if seenBefore(results[:i], v) {
				continue
			}
			var vals []Value
			for _, r := range results {
				val, changed := r[v]
				if !changed {
					val = a.cur[v]
				}
				vals = append(vals, val)
			}
			if len(vals) == 2 {
				a.set(v, e.choose(test, vals[0], vals[1]))
				continue
			}
			joined := Value{}
			for _, val := range vals {
				joined = joined.join(val)
			}
			a.set(v, joined)
		}
	}
	return all
}

func seenBefore(results []map[*variable]Value, v *variable) bool {
	for _, r := range results {
		if _, ok := r[v]; ok {
			return true
		}
	}
	return false
}

// within reads something in the scope of a node, which is made when it is met
// for the first time.
func (e *engine) within(n ast.Node, declare func(s *scope)) (back func()) {
	outer := e.scope
	s := e.scopes[n]
	if s == nil {
		s = &scope{outer: outer, vars: map[unistring.String]*variable{}}
		e.scopes[n] = s
		declare(s)
	}
	e.scope = s
	return func() { e.scope = outer }
}

// declare adds a name to a scope.
func (e *engine) declare(s *scope, name unistring.String, param bool) {
	if s.vars[name] == nil {
		s.vars[name] = &variable{name: name.String(), owner: e.activation.fn, param: param}
	}
}

// declareList adds the names that a list of bindings declares.
func (e *engine) declareList(s *scope, list []*ast.Binding) {
	for _, b := range list {
		e.declarePattern(s, b.Target, false)
	}
}

// declarePattern adds the names in the target of a binding.
func (e *engine) declarePattern(s *scope, target ast.Expression, param bool) {
	switch t := target.(type) {
	case *ast.Identifier:
		e.declare(s, t.Name, param)
	case *ast.Binding:
		e.declarePattern(s, t.Target, param)
	case *ast.AssignExpression:
		e.declarePattern(s, t.Left, param)
	case *ast.ArrayPattern:
		for _, x := range t.Elements {
			e.declarePattern(s, x, param)
		}
		e.declarePattern(s, t.Rest, param)
	case *ast.ObjectPattern:
		for _, p := range t.Properties {
			switch p := p.(type) {
			case *ast.PropertyShort:
				e.declare(s, p.Name.Name, param)
			case *ast.PropertyKeyed:
				e.declarePattern(s, p.Value, param)
			}
		}
		e.declarePattern(s, t.Rest, param)
	}
}

// declareStatements adds the names that statements declare in their own block.
func (e *engine) declareStatements(s *scope, list []ast.Statement) {
	for _, st := range list {
		switch st := st.(type) {
		case *ast.LexicalDeclaration:
			e.declareList(s, st.List)
		case *ast.FunctionDeclaration:
			if st.Function.Name != nil {
				e.declare(s, st.Function.Name.Name, false)
			}
		case *ast.ClassDeclaration:
			if st.Class.Name != nil {
				e.declare(s, st.Class.Name.Name, false)
			}
		case *ast.ExportDeclaration:
			e.declareExport(s, st)
		}
	}
}

func (e *engine) declareExport(s *scope, st *ast.ExportDeclaration) {
	switch {
	case st.LexicalDeclaration != nil:
		e.declareList(s, st.LexicalDeclaration.List)
	case st.Variable != nil:
		e.declareList(s, st.Variable.List)
	case st.ClassDeclaration != nil && st.ClassDeclaration.Class.Name != nil:
		e.declare(s, st.ClassDeclaration.Class.Name.Name, false)
	case st.HoistableDeclaration != nil && st.HoistableDeclaration.FunctionDeclaration != nil:
		if f := st.HoistableDeclaration.FunctionDeclaration.Function; f.Name != nil {
			e.declare(s, f.Name.Name, false)
		}
	}
}

// lookup finds what a name stands for; nil for a global.
func (e *engine) lookup(name unistring.String) *variable {
	for s := e.scope; s != nil; s = s.outer {
		if v := s.vars[name]; v != nil {
			return v
		}
	}
	return nil
}
