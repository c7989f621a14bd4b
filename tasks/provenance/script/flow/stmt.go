package flow

import (
	"github.com/grafana/sobek/ast"
)

// program reads the script once.
func (e *engine) program(p *ast.Program) {
	e.activation = &activation{}
	e.guards, e.path, e.loops = e.guards[:0], e.path[:0], 0
	back := e.within(p, func(s *scope) {
		e.declareVars(s, p.DeclarationList)
		e.declareStatements(s, p.Body)
	})
	defer back()
	e.block(p.Body)
}

func (e *engine) declareVars(s *scope, list []*ast.VariableDeclaration) {
	for _, d := range list {
		e.declareList(s, d.List)
	}
}

// block reads statements in order: declared functions are known from the
// start, and their bodies are read last.
func (e *engine) block(list []ast.Statement) end {
	for _, st := range list {
		if f := declaredFunction(st); f != nil && f.Name != nil {
			if v := e.lookup(f.Name.Name); v != nil {
				e.assign(v, of(Atom{Kind: Function, Func: e.function(f), Node: f}), f, nil)
			}
		}
	}
	guards := len(e.guards)
	how := normal
	for _, st := range list {
		// What stands behind a return is read all the same: functions do.
		how = max(how, e.statement(st))
	}
	e.guards = e.guards[:guards]
	for _, st := range list {
		if f := declaredFunction(st); f != nil {
			e.body(e.function(f), true)
		}
	}
	return how
}

func declaredFunction(st ast.Statement) *ast.FunctionLiteral {
	switch st := st.(type) {
	case *ast.FunctionDeclaration:
		return st.Function
	case *ast.ExportDeclaration:
		if h := st.HoistableDeclaration; h != nil && h.FunctionDeclaration != nil {
			return h.FunctionDeclaration.Function
		}
	}
	return nil
}

// statement reads one statement.
func (e *engine) statement(st ast.Statement) end {
	if st == nil || e.slice.skips(st) || !e.enter(st) {
		return normal
	}
	defer e.leave()
	switch st := st.(type) {
	case *ast.ExpressionStatement:
		e.eval(st.Expression)
	case *ast.VariableStatement:
		e.bindings(st.List)
	case *ast.LexicalDeclaration:
		e.bindings(st.List)
	case *ast.BlockStatement:
		return e.nested(st, st.List)
	case *ast.IfStatement:
		return e.ifStatement(st)
	case *ast.ReturnStatement:
		val := e.eval(st.Argument)
		e.returns(val)
		e.fire(e.rules.Return, st, val, nil)
		return left
	case *ast.ThrowStatement:
		e.eval(st.Argument)
		return left
	case *ast.BranchStatement:
		return jumped
	case *ast.LabelledStatement:
		return e.statement(st.Statement)
	case *ast.ClassDeclaration:
		val := e.class(st.Class)
		if st.Class.Name != nil {
			if v := e.lookup(st.Class.Name.Name); v != nil {
				e.assign(v, val, st, nil)
			}
		}
	case *ast.ExportDeclaration:
		e.export(st)
	default:
		return e.compound(st)
	}
	return normal
}

func (e *engine) export(st *ast.ExportDeclaration) {
	switch {
	case st.AssignExpression != nil:
		e.eval(st.AssignExpression)
	case st.LexicalDeclaration != nil:
		e.statement(st.LexicalDeclaration)
	case st.Variable != nil:
		e.statement(st.Variable)
	case st.ClassDeclaration != nil:
		e.statement(st.ClassDeclaration)
	}
}

// nested reads a block with its own names.
func (e *engine) nested(n ast.Node, list []ast.Statement) end {
	defer e.within(n, func(s *scope) { e.declareStatements(s, list) })()
	return e.block(list)
}

// compound reads loops, switch and try.
func (e *engine) compound(st ast.Statement) end {
	switch st := st.(type) {
	case *ast.ForStatement:
		e.forStatement(st)
	case *ast.ForInStatement:
		e.forEach(st, st.Into, e.keysOf(e.eval(st.Source)), st.Body)
	case *ast.ForOfStatement:
		e.forEach(st, st.Into, e.elementOf(e.eval(st.Source)), st.Body)
	case *ast.WhileStatement:
		e.loop(func() {
			e.eval(st.Test)
			e.under(st.Test, true, func() { e.statement(st.Body) })
		})
	case *ast.DoWhileStatement:
		e.loop(func() {
			e.statement(st.Body)
			e.eval(st.Test)
		})
	case *ast.SwitchStatement:
		return e.switchStatement(st)
	case *ast.TryStatement:
		return e.tryStatement(st)
	case *ast.WithStatement:
		e.eval(st.Object)
		return e.statement(st.Body)
	}
	return normal
}

// under reads something where a condition holds.
func (e *engine) under(test ast.Expression, holds bool, read func()) {
	e.guards = append(e.guards, Cond{test, holds})
	read()
	e.guards = e.guards[:len(e.guards)-1]
}

func (e *engine) ifStatement(st *ast.IfStatement) end {
	test := e.eval(st.Test)
	e.fire(e.rules.If, st, Value{}, nil)
	var then, other end
	how := e.branchOn(test, func() end {
		e.under(st.Test, true, func() {
			e.narrow(st.Test, true)
			then = e.statement(st.Consequent)
		})
		return then
	}, func() end {
		e.under(st.Test, false, func() {
			e.narrow(st.Test, false)
			other = e.statement(st.Alternate)
		})
		return other
	})
	// What follows an if that leaves is reached under its condition.
	if then != normal && other == normal {
		e.guards = append(e.guards, Cond{st.Test, false})
	} else if other != normal && then == normal {
		e.guards = append(e.guards, Cond{st.Test, true})
	}
	return how
}

// loop reads a body that runs any number of times: it may be skipped, and what
// it leaves may be what it begins with.
func (e *engine) loop(body func()) {
	e.loops++
	times := 2
	if e.loops > 2 {
		times = 1
	}
	e.branch(func() end { return normal }, func() end {
		for range times {
			guards := len(e.guards)
			body()
			e.guards = e.guards[:guards]
		}
		return normal
	})
	e.loops--
}

func (e *engine) forStatement(st *ast.ForStatement) {
	defer e.within(st, func(s *scope) {
		if d, ok := st.Initializer.(*ast.ForLoopInitializerLexicalDecl); ok {
			e.declareList(s, d.LexicalDeclaration.List)
		}
	})()
	switch init := st.Initializer.(type) {
	case *ast.ForLoopInitializerExpression:
		e.eval(init.Expression)
	case *ast.ForLoopInitializerVarDeclList:
		e.bindings(init.List)
	case *ast.ForLoopInitializerLexicalDecl:
		e.bindings(init.LexicalDeclaration.List)
	}
	e.loop(func() {
		e.eval(st.Test)
		e.under(st.Test, true, func() { e.statement(st.Body) })
		e.eval(st.Update)
	})
}

// forEach reads for-in and for-of.
func (e *engine) forEach(n ast.Node, into ast.ForInto, val Value, body ast.Statement) {
	defer e.within(n, func(s *scope) {
		if d, ok := into.(*ast.ForDeclaration); ok {
			e.declarePattern(s, d.Target, false)
		}
	})()
	e.loop(func() {
		switch into := into.(type) {
		case *ast.ForDeclaration:
			e.bind(into.Target, val, nil)
		case *ast.ForIntoVar:
			e.bind(into.Binding.Target, val, nil)
		case *ast.ForIntoExpression:
			e.bind(into.Expression, val, nil)
		}
		e.statement(body)
	})
}

func (e *engine) switchStatement(st *ast.SwitchStatement) end {
	e.eval(st.Discriminant)
	defer e.within(st, func(s *scope) {
		for _, c := range st.Body {
			e.declareStatements(s, c.Consequent)
		}
	})()
	var cases []func() end
	for _, c := range st.Body {
		cases = append(cases, func() end {
			e.eval(c.Test)
			if e.reporting {
				e.compareCase(st, c)
			}
			how := e.block(c.Consequent)
			if how == jumped {
				how = normal
			}
			return how
		})
	}
	return e.branch(append(cases, func() end { return normal })...)
}

// compareCase calls the rules for comparisons with what a case amounts to.
func (e *engine) compareCase(st *ast.SwitchStatement, c *ast.CaseStatement) {
	if c.Test != nil {
		e.compared(&ast.BinaryExpression{Operator: strictEqual, Left: st.Discriminant, Right: c.Test, Comparison: true})
	}
}

func (e *engine) tryStatement(st *ast.TryStatement) end {
	how := e.branch(func() end { return e.statement(st.Body) }, func() end {
		if st.Catch == nil {
			return normal
		}
		defer e.within(st.Catch, func(s *scope) { e.declarePattern(s, st.Catch.Parameter, false) })()
		return e.statement(st.Catch.Body)
	})
	if st.Finally != nil {
		how = max(how, e.statement(st.Finally))
	}
	return how
}
