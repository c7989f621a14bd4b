package flow

import "github.com/grafana/sobek/ast"

func (s *survey) statements(list []ast.Statement) {
	for _, st := range list {
		s.statement(st)
	}
}

// statement looks at one statement. A simple one is left out as a whole.
func (s *survey) statement(st ast.Statement) {
	was := s.stmt
	s.stmt = nil
	defer func() { s.stmt = was }()
	switch st := st.(type) {
	case nil:
	case *ast.ExpressionStatement:
		s.stmt = s.simply(st)
		s.whole(st.Expression)
	case *ast.VariableStatement:
		s.stmt = s.simply(st)
		s.bindings(st.List)
	case *ast.LexicalDeclaration:
		s.stmt = s.simply(st)
		s.bindings(st.List)
	case *ast.BlockStatement:
		s.statements(st.List)
	case *ast.IfStatement:
		s.whole(st.Test)
		s.statement(st.Consequent)
		s.statement(st.Alternate)
	case *ast.ReturnStatement:
		if st.Argument != nil {
			s.returned(st.Argument)
		}
	case *ast.ThrowStatement:
		s.whole(st.Argument)
	case *ast.LabelledStatement:
		s.statement(st.Statement)
	case *ast.FunctionDeclaration:
		s.declaredFunction(st.Function)
	case *ast.ClassDeclaration:
		defer s.begin()()
		s.class(st.Class, true)
	case *ast.ExportDeclaration:
		s.export(st)
	default:
		s.compound(st)
	}
}

// simply notes a statement that is left out as a whole where nothing in it is read.
func (s *survey) simply(st ast.Statement) ast.Statement {
	s.simple.add(st)
	return st
}

// whole looks at an expression as a spot.
func (s *survey) whole(n ast.Expression) {
	if n != nil {
		defer s.begin()()
		s.expression(n)
	}
}

// returned looks at what a function returns.
func (s *survey) returned(n ast.Expression) {
	defer s.begin()()
	s.spot.returns = true
	s.unit.returns = append(s.unit.returns, s.spot)
	s.expression(n)
}

func (s *survey) declareAll(list []*ast.Binding) {
	for _, b := range list {
		if id, ok := b.Target.(*ast.Identifier); ok {
			s.declare(s.unit, id.Name)
		}
	}
}

func (s *survey) bindings(list []*ast.Binding) {
	for _, b := range list {
		back := s.begin()
		s.target(b, true)
		back()
	}
}

func (s *survey) declaredFunction(f *ast.FunctionLiteral) {
	defer s.begin()()
	if f.Name != nil {
		s.target(f.Name, true)
	}
	s.function(f)
}

func (s *survey) export(st *ast.ExportDeclaration) {
	switch {
	case st.AssignExpression != nil:
		s.whole(st.AssignExpression)
	case st.LexicalDeclaration != nil:
		s.statement(st.LexicalDeclaration)
	case st.Variable != nil:
		s.statement(st.Variable)
	case st.ClassDeclaration != nil:
		s.statement(st.ClassDeclaration)
	case st.HoistableDeclaration != nil && st.HoistableDeclaration.FunctionDeclaration != nil:
		s.declaredFunction(st.HoistableDeclaration.FunctionDeclaration.Function)
	}
}

func (s *survey) compound(st ast.Statement) {
	switch st := st.(type) {
	case *ast.ForStatement:
		s.forStatement(st)
	case *ast.ForInStatement:
		s.forEach(st.Into, st.Source, st.Body)
	case *ast.ForOfStatement:
		s.forEach(st.Into, st.Source, st.Body)
	case *ast.WhileStatement:
		s.whole(st.Test)
		s.statement(st.Body)
	case *ast.DoWhileStatement:
		s.whole(st.Test)
		s.statement(st.Body)
	case *ast.SwitchStatement:
		s.whole(st.Discriminant)
		for _, c := range st.Body {
			s.whole(c.Test)
			s.statements(c.Consequent)
		}
	case *ast.TryStatement:
		s.statement(st.Body)
		if st.Catch != nil {
			if st.Catch.Parameter != nil {
				back := s.begin()
				s.target(st.Catch.Parameter, true)
				back()
			}
			s.statement(st.Catch.Body)
		}
		if st.Finally != nil {
			s.statement(st.Finally)
		}
	case *ast.WithStatement:
		s.whole(st.Object)
		s.statement(st.Body)
	}
}

func (s *survey) forStatement(st *ast.ForStatement) {
	switch init := st.Initializer.(type) {
	case *ast.ForLoopInitializerExpression:
		s.whole(init.Expression)
	case *ast.ForLoopInitializerVarDeclList:
		s.bindings(init.List)
	case *ast.ForLoopInitializerLexicalDecl:
		s.bindings(init.LexicalDeclaration.List)
	}
	s.whole(st.Test)
	s.whole(st.Update)
	s.statement(st.Body)
}

func (s *survey) forEach(into ast.ForInto, source ast.Expression, body ast.Statement) {
	back := s.begin()
	s.expression(source)
	switch into := into.(type) {
	case *ast.ForDeclaration:
		s.target(into.Target, true)
	case *ast.ForIntoVar:
		s.target(into.Binding.Target, true)
	case *ast.ForIntoExpression:
		s.target(into.Expression, false)
	}
	back()
	s.statement(body)
}
