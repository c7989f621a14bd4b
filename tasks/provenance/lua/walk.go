package lua

import (
	"strings"

	"filewarden/tasks/provenance/rule"

	"github.com/yuin/gopher-lua/ast"
)

// passes over a module: what a function returns or is given may be known only
// after what comes behind it was read.
const passes = 3

// reader goes through a module in the order of its text.
type reader struct {
	source    string
	places    *atlas
	scope     *scope
	functions map[string]*function
	current   *function
	urls      bool // "url" is a name for media URLs in this module
	twoHosts  bool // some string names the host of thumbnails
	depth     int
	last      bool // pass, in which hits are kept
	hits      []rule.Hit
}

// judged finds what rules say of a module's calls and concatenations.
func judged(source string, tokens []token, chunk []ast.Stmt) []rule.Hit {
	r := &reader{source: source, places: newAtlas(tokens), functions: map[string]*function{}}
	for _, t := range tokens {
		if t.kind == stringToken {
			r.twoHosts = r.twoHosts || strings.Contains(t.text, "thumb.wikimedia") || strings.Contains(t.text, "thumb%.wikimedia")
		}
	}
	lower := strings.ToLower(source)
	r.urls = strings.Contains(lower, "filepath") || strings.Contains(lower, "wikimedia") || len(tokens) < 40
	for pass := range passes {
		r.last = pass == passes-1
		r.scope = &scope{values: map[string]value{}}
		r.block(chunk)
	}
	return r.hits
}

// report keeps a hit in the last pass.
func (r *reader) report(h rule.Hit) {
	if r.last {
		r.hits = append(r.hits, h)
	}
}

// block reads statements in a scope of their own.
func (r *reader) block(stmts []ast.Stmt) {
	if r.depth++; r.depth <= maxDepth {
		r.scope = &scope{r.scope, map[string]value{}}
		for _, s := range stmts {
			r.statement(s)
		}
		r.scope = r.scope.outer
	}
	r.depth--
}

func (r *reader) statement(s ast.Stmt) {
	switch x := s.(type) {
	case *ast.LocalAssignStmt:
		r.locals(x)
	case *ast.AssignStmt:
		r.assignments(x)
	case *ast.FuncCallStmt:
		r.eval(x.Expr)
	case *ast.FuncDefStmt:
		r.definition(x)
	case *ast.ReturnStmt:
		r.returned(x)
	case *ast.DoBlockStmt:
		r.block(x.Stmts)
	default:
		r.control(s)
	}
}

// control reads the statements that branch and repeat.
func (r *reader) control(s ast.Stmt) {
	switch x := s.(type) {
	case *ast.IfStmt:
		r.eval(x.Condition)
		r.block(x.Then)
		r.block(x.Else)
	case *ast.WhileStmt:
		r.eval(x.Condition)
		r.block(x.Stmts)
	case *ast.RepeatStmt:
		r.block(x.Stmts)
		r.eval(x.Condition)
	case *ast.NumberForStmt:
		r.eval(x.Init)
		r.eval(x.Limit)
		r.block(x.Stmts)
	case *ast.GenericForStmt:
		v := value{text: unknown}
		for _, e := range x.Exprs {
			v = v.with(r.eval(e))
		}
		r.block(x.Stmts)
	}
}

// locals declares names.
func (r *reader) locals(x *ast.LocalAssignStmt) {
	values := r.values(x.Exprs, len(x.Names))
	for i, name := range x.Names {
		if i < len(x.Exprs) {
			if f, ok := x.Exprs[i].(*ast.FunctionExpr); ok {
				r.function(f, name)
			}
			r.scope.declare(name, values[i])
		} else {
			r.scope.declare(name, value{text: unknown})
		}
	}
}

// assignments gives names and fields their values.
func (r *reader) assignments(x *ast.AssignStmt) {
	values := r.values(x.Rhs, len(x.Lhs))
	for i, left := range x.Lhs {
		path := pathOf(left)
		if path == "" || i >= len(x.Rhs) {
			continue
		}
		if f, ok := x.Rhs[i].(*ast.FunctionExpr); ok {
			r.function(f, path)
		}
		r.scope.assign(path, values[i])
	}
}

// values of expressions, those of functions left for their names.
func (r *reader) values(exprs []ast.Expr, names int) []value {
	values := make([]value, max(len(exprs), names))
	for i, e := range exprs {
		if _, ok := e.(*ast.FunctionExpr); ok && i < names {
			values[i] = value{text: unknown}
			continue
		}
		values[i] = r.eval(e)
	}
	return values
}

// definition reads "function name() end".
func (r *reader) definition(x *ast.FuncDefStmt) {
	path := ""
	if x.Name.Func != nil {
		path = pathOf(x.Name.Func)
	} else if of := pathOf(x.Name.Receiver); of != "" {
		path = of + ":" + x.Name.Method
	}
	r.function(x.Func, path)
}

// function reads a function, under its name where it has one.
func (r *reader) function(x *ast.FunctionExpr, name string) {
	f := r.functions[name]
	if f == nil {
		f = &function{given: make([]value, len(x.ParList.Names))}
		if name != "" {
			r.functions[name] = f
		}
	}
	outer := r.current
	r.current, r.scope = f, &scope{r.scope, map[string]value{}}
	for i, p := range x.ParList.Names {
		v := r.named(p)
		if i < len(f.given) {
			v = v.with(f.given[i])
		}
		r.scope.declare(p, v.opaque())
	}
	r.block(x.Stmts)
	r.current, r.scope = outer, r.scope.outer
}

// returned notes what a function returns.
func (r *reader) returned(x *ast.ReturnStmt) {
	for i, e := range x.Exprs {
		v := r.eval(e)
		if i == 0 && r.current != nil {
			r.current.returns = r.current.returns.with(v).opaque()
		}
	}
}
