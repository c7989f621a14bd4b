package flow

import (
	"slices"

	"github.com/grafana/sobek/ast"
	"github.com/grafana/sobek/token"
	"github.com/grafana/sobek/unistring"
)

// expression looks at an expression as a part of the spot.
func (s *survey) expression(n ast.Expression) {
	switch n := n.(type) {
	case nil:
	case *ast.Identifier:
		s.seeded(n.Idx, n.Idx1())
		s.reads(n.Name)
	case *ast.StringLiteral:
		s.seeded(n.Idx, n.Idx1())
	case *ast.RegExpLiteral:
		s.seeded(n.Idx, n.Idx1())
	case *ast.ThisExpression:
		s.saysThis()
	case *ast.DotExpression:
		s.dot(n)
	case *ast.PrivateDotExpression:
		s.expression(n.Left)
		s.readsProperty("#" + n.Identifier.Name)
	case *ast.BracketExpression:
		s.expression(n.Left)
		s.expression(n.Member)
		if m, ok := n.Member.(*ast.StringLiteral); ok {
			s.readsProperty(m.Value)
		}
	case *ast.CallExpression:
		s.changed(n.Callee)
		s.expression(n.Callee)
		s.list(n.ArgumentList)
	case *ast.NewExpression:
		s.expression(n.Callee)
		s.list(n.ArgumentList)
	case *ast.AssignExpression:
		s.assign(n)
	case *ast.BinaryExpression:
		s.binary(n)
	case *ast.ObjectLiteral:
		s.object(n)
	case *ast.FunctionLiteral, *ast.ArrowFunctionLiteral:
		s.function(n)
	default:
		s.other(n)
	}
}

// changers are methods that put what they are given into what they are called on.
var changers = map[unistring.String]bool{
	"push": true, "unshift": true, "splice": true, "add": true, "set": true, "concat": true,
	"attr": true, "prop": true, "data": true, "setAttribute": true, "fill": true,
}

// changed is what a call changes by being a method of it: list.push(u).
func (s *survey) changed(callee ast.Expression) {
	n, ok := callee.(*ast.DotExpression)
	if !ok || !changers[n.Identifier.Name] {
		return
	}
	switch owner := unwrap(n.Left).(type) {
	case *ast.Identifier:
		s.writes(owner.Name)
	case *ast.DotExpression:
		s.writesProperty(owner.Identifier.Name)
	}
}

func (s *survey) list(list []ast.Expression) {
	for _, x := range list {
		s.expression(x)
	}
}

// other looks at what is rarer.
func (s *survey) other(n ast.Expression) {
	switch n := n.(type) {
	case *ast.TemplateLiteral:
		s.expression(n.Tag)
		for _, el := range n.Elements {
			s.seeded(el.Idx, el.Idx1())
		}
		s.list(n.Expressions)
	case *ast.ConditionalExpression:
		s.expression(n.Test)
		s.expression(n.Consequent)
		s.expression(n.Alternate)
	case *ast.UnaryExpression:
		s.expression(n.Operand)
	case *ast.OptionalChain:
		s.expression(n.Expression)
	case *ast.Optional:
		s.expression(n.Expression)
	case *ast.AwaitExpression:
		s.expression(n.Argument)
	case *ast.YieldExpression:
		s.expression(n.Argument)
	case *ast.SpreadElement:
		s.expression(n.Expression)
	case *ast.SequenceExpression:
		s.list(n.Sequence)
	case *ast.ArrayLiteral:
		if isMenu(n) {
			s.spot.heat = max(s.spot.heat, warm)
		}
		s.list(n.Value)
	case *ast.ClassLiteral:
		s.class(n, false)
	}
}

// isMenu says whether an array may be a list of sizes to choose from.
func isMenu(n *ast.ArrayLiteral) bool {
	numbers := 0
	for _, x := range n.Value[:min(len(n.Value), 24)] {
		switch x := x.(type) {
		case *ast.NumberLiteral:
			numbers++
		case *ast.StringLiteral:
			if x.Value != "" && x.Value[0] >= '0' && x.Value[0] <= '9' {
				numbers++
			}
		case *ast.ObjectLiteral:
			for _, p := range x.Value {
				if k, ok := p.(*ast.PropertyKeyed); ok {
					if _, ok := k.Value.(*ast.NumberLiteral); ok {
						numbers++
					}
				}
			}
		}
	}
	return numbers > 1
}

// dot looks at a.b: the url of an imageinfo, and originals, are seeds by their owner.
func (s *survey) dot(n *ast.DotExpression) {
	s.holder(n)
	s.seeded(n.Identifier.Idx, n.Identifier.Idx1())
	s.readsProperty(n.Identifier.Name)
	switch n.Identifier.Name {
	case "url":
		if owner := lastName(n.Left); infoName.MatchString(owner) || elementName.MatchString(owner) {
			s.spot.heat = hot
		}
	case "original", "preferred":
		s.spot.heat = hot
	case "images":
		if lastName(n.Left) == "document" {
			s.spot.heat = hot
		}
	}
}

// holder looks at the a of a.b. That an original has other properties than its
// address and size tells that it is none of a file: it heats nothing.
func (s *survey) holder(n *ast.DotExpression) {
	left, ok := n.Left.(*ast.DotExpression)
	if !ok || left.Identifier.Name != "original" && left.Identifier.Name != "preferred" {
		s.expression(n.Left)
		return
	}
	heat := s.spot.heat
	switch n.Identifier.Name {
	case "source", "url", "width", "height":
		heat = hot
	}
	s.expression(left.Left)
	s.readsProperty(left.Identifier.Name)
	s.spot.heat = max(s.spot.heat, heat)
}

func (s *survey) assign(n *ast.AssignExpression) {
	s.target(n.Left, false)
	if n.Operator != token.ASSIGN {
		s.expression(n.Left)
	}
	s.expression(n.Right)
}

// binary looks at a chain without recursion on its left side.
func (s *survey) binary(n *ast.BinaryExpression) {
	for {
		s.expression(n.Right)
		left, ok := n.Left.(*ast.BinaryExpression)
		if !ok {
			s.expression(n.Left)
			return
		}
		n = left
	}
}

func (s *survey) saysThis() {
	u := s.unit
	for u.arrow && u.outer != nil {
		u = u.outer
	}
	u.this = append(u.this, s.spot)
}

// object looks at an object literal: each property is a spot.
func (s *survey) object(n *ast.ObjectLiteral) {
	for _, p := range n.Value {
		whole := s.spot
		back := s.begin()
		if isGeneric(p) {
			s.spot.whole = whole
		}
		switch p := p.(type) {
		case *ast.PropertyShort:
			s.writesProperty(p.Name.Name)
			s.expression(&p.Name)
		case *ast.PropertyKeyed:
			if p.Computed {
				s.expression(p.Key)
			} else {
				s.key(p.Key, true)
			}
			s.expression(p.Value)
		case *ast.SpreadElement:
			back()
			s.expression(p.Expression)
			continue
		}
		back()
	}
}

// isGeneric says whether a property of an object literal has a name that many have.
func isGeneric(p ast.Property) bool {
	switch p := p.(type) {
	case *ast.PropertyShort:
		return slices.Contains(generic, p.Name.Name)
	case *ast.PropertyKeyed:
		switch k := p.Key.(type) {
		case *ast.StringLiteral:
			return slices.Contains(generic, k.Value)
		case *ast.Identifier:
			return slices.Contains(generic, k.Name)
		}
	}
	return false
}

// function looks at a function, written in the spot.
func (s *survey) function(n ast.Expression) {
	u := &unit{outer: s.unit, at: s.spot}
	s.units[n] = u
	s.spot.units = append(s.spot.units, u)
	outer, at, stmt := s.unit, s.spot, s.stmt
	s.unit, s.stmt = u, nil
	defer func() { s.unit, s.spot, s.stmt = outer, at, stmt }()
	params, self, vars := parts(n)
	back := s.begin()
	first := len(s.refs)
	for _, p := range params.List {
		s.target(p, true)
	}
	s.target(params.Rest, true)
	for _, r := range s.refs[first:] {
		if r.write && r.name == 0 && r.at == s.spot {
			u.params = append(u.params, s.declareWord(u, r.word))
		}
	}
	back()
	for _, d := range vars {
		s.declareAll(d.List)
	}
	if self != nil && outer.names[s.word(self.Name)] == 0 {
		back := s.begin()
		s.target(self, true)
		s.spot.units = append(s.spot.units, u)
		back()
	}
	switch n := n.(type) {
	case *ast.FunctionLiteral:
		s.statements(n.Body.List)
	case *ast.ArrowFunctionLiteral:
		u.arrow = true
		switch b := n.Body.(type) {
		case *ast.BlockStatement:
			s.statements(b.List)
		case *ast.ExpressionBody:
			s.returned(b.Expression)
		}
	}
}

// class looks at a class: what a hot spot knows of it, its methods are.
func (s *survey) class(n *ast.ClassLiteral, declares bool) {
	if n.Name != nil {
		s.target(n.Name, declares)
	}
	s.expression(n.SuperClass)
	for _, el := range n.Body {
		back := s.begin()
		switch el := el.(type) {
		case *ast.FieldDefinition:
			s.key(el.Key, true)
			s.expression(el.Initializer)
		case *ast.MethodDefinition:
			s.key(el.Key, true)
			s.function(el.Body)
		case *ast.ClassStaticBlock:
			s.statement(el.Block)
		}
		back()
	}
}
