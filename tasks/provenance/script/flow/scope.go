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
	known  mark // all, writes, many and media
	parted mark // shared
	seen   int  // the reading that met it last

	now   Value       // what it holds here
	in    *activation // for which now is true: a function is read once at a time
	stamp int         // of the last look at what was changed
	place int         // among what was changed
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
	log   []change
}

// change is what a variable held before, to be put back.
type change struct {
	v    *variable
	was  Value
	held bool
}

// of is what a variable of this function holds here.
func (a *activation) of(v *variable) Value {
	if v.in != a {
		return Value{}
	}
	return v.now
}

// set gives a variable of this function a value from here on.
func (a *activation) set(v *variable, val Value) {
	a.log = append(a.log, change{v, a.of(v), v.in == a})
	v.now, v.in = val, a
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
	e.look(&e.naming)
	return nil
}
