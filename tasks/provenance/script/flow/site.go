package flow

import (
	"slices"
	"strings"

	"github.com/grafana/sobek/ast"
	"github.com/grafana/sobek/token"

	"filewarden/tasks/provenance/rule"
)

// Rule is called with the place just read, which is its own until it returns.
type Rule func(s *Site)

// Rules say what is called where. All that a place is made of was read before.
type Rules struct {
	Call    []Rule // *ast.CallExpression, *ast.NewExpression
	Concat  []Rule // what joins strings: a + b, template, a += b, [a, b].join(''), a.concat(b), once for a whole chain; Site.Parts
	Compare []Rule // *ast.BinaryExpression with == === != !== < > <= >= in instanceof
	Assign  []Rule // *ast.AssignExpression and *ast.Binding with an initializer; Site.Target
	Member  []Rule // *ast.DotExpression, *ast.BracketExpression that is read
	Binary  []Rule // *ast.BinaryExpression of numbers: * / - %
	Object  []Rule // *ast.ObjectLiteral
	Array   []Rule // *ast.ArrayLiteral
	Text    []Rule // *ast.StringLiteral, template without holes, and every whole concatenation whose text is known in part; Site.Result
	Return  []Rule // *ast.ReturnStatement, and the body of an arrow function that is an expression
	If      []Rule // *ast.IfStatement, before what hangs on it
}

// Site is a place in a script, with what is known there.
type Site struct {
	Node   ast.Node
	Result Value // of an expression
	Parts  []Part
	e      *engine
}

// Part of a concatenation.
type Part struct {
	Node  ast.Node // nil where a text that was made elsewhere was taken apart
	Value Value
}

// Method is the callee of a call as a method.
type Method struct {
	Object ast.Expression
	Name   string
	Args   []ast.Expression
}

// Cond is a condition that holds, or does not, at a place.
type Cond struct {
	Expr ast.Expression
	True bool
}

// Of is what an expression held when it was read on the way to this place.
func (s *Site) Of(e ast.Expression) Value { return s.e.valueOf(e) }

// Guards are the conditions under which the place is reached, outermost first:
// of if, ?:, &&, ||, loops, and of what returned or went on before.
func (s *Site) Guards() []Cond { return s.e.guards }

// Mentions says whether any of the conditions speaks about something, by its
// source text.
func (s *Site) Mentions(what string) bool {
	for _, g := range s.e.guards {
		if strings.Contains(s.Source(g.Expr), what) {
			return true
		}
	}
	return false
}

// Source is the text of a node.
func (s *Site) Source(n ast.Node) string { return s.e.source(n) }

// Range is where a node stands in the text, in bytes.
func (s *Site) Range(n ast.Node) (start, end int) { return s.e.span(n) }

// Script is the whole text.
func (s *Site) Script() string { return s.e.text }

// Parent is the node around another, up to the statement; nil beyond.
func (s *Site) Parent(up int) ast.Node {
	at := len(s.e.path) - 1 - up
	if s.e.top() == s.Node {
		at-- // a literal is not on the path
	}
	if at >= 0 {
		return s.e.path[at]
	}
	return nil
}

// Element is the element at a place of an array that an expression may hold.
func (s *Site) Element(n ast.Expression, i int) Value { return s.e.indexed(s.e.valueOf(n), i) }

// Method reads a call as a method: a.b(c), a?.b(c), a['b'](c).
func (s *Site) Method() (*ast.CallExpression, Method, bool) {
	call, ok := s.Node.(*ast.CallExpression)
	if !ok {
		return nil, Method{}, false
	}
	object, name, ok := member(call.Callee)
	return call, Method{object, name, call.ArgumentList}, ok
}

// Member takes a.b, a?.b and a['b'] apart.
func Member(e ast.Expression) (object ast.Expression, name string, ok bool) { return member(e) }

// Target is what an assignment assigns to, and what: = += of an
// AssignExpression, = of a Binding.
func (s *Site) Target() (left, right ast.Expression, op token.Token) {
	switch n := s.Node.(type) {
	case *ast.AssignExpression:
		return n.Left, n.Right, n.Operator
	case *ast.Binding:
		return n.Target, n.Initializer, token.ASSIGN
	}
	return nil, nil, token.ILLEGAL
}

// SameFunction says whether a node is in the function around this place.
func (s *Site) SameFunction(n ast.Node) bool {
	f := s.e.activation.fn
	return f == nil || n.Idx0() >= f.Node.Idx0() && n.Idx1() <= f.Node.Idx1()
}

// Function is the function around a node; nil for the script itself.
func (s *Site) Function(n ast.Node) ast.Node {
	var inner ast.Node
	for f := range s.e.funcs {
		if n.Idx0() >= f.Idx0() && n.Idx1() <= f.Idx1() && (inner == nil || f.Idx0() > inner.Idx0()) {
			inner = f
		}
	}
	return inner
}

// Definition is the expression with which a variable begins, where it is
// assigned once only; nil otherwise.
func (s *Site) Definition(e ast.Expression) ast.Expression { return s.e.definition(e) }

// Report says that a rule applies to a node.
func (s *Site) Report(id string, n ast.Node, fix string, args ...string) *Finding {
	start, end := s.e.span(n)
	return s.ReportAt(id, start, end, fix, args...)
}

// ReportAt says that a rule applies to a part of the text.
func (s *Site) ReportAt(id string, start, end int, fix string, args ...string) *Finding {
	return s.e.report(rule.Hit{Rule: id, Start: start, End: end, Fix: fix, Args: args})
}

// Finding is a hit that may still be taken back.
type Finding struct {
	rule.Hit
	Dropped bool
}

// Blame says that what is wrong with a value made at a node has been found.
func (s *Site) Blame(n ast.Node, f *Finding) { s.e.causes[n] = f }

// Cause is the finding that says what is wrong with what was made at a node.
func (s *Site) Cause(n ast.Node) *Finding { return s.e.causes[n] }

// Note is a place that a rule remembers until it meets another.
type Note struct {
	Node   ast.Node
	Text   string
	Origin ast.Node // where the address was read that it is about
}

// Remember keeps a place for rules that look for two places together.
func (s *Site) Remember(kind string, note Note) {
	if !slices.Contains(s.e.notes[kind], note) {
		s.e.notes[kind] = append(s.e.notes[kind], note)
	}
}

// Remembered are the places kept of a kind.
func (s *Site) Remembered(kind string) []Note { return s.e.notes[kind] }

// Find looks for a finding of a rule on a node.
func (s *Site) Find(id string, n ast.Node) *Finding {
	start, end := s.e.span(n)
	return s.e.findings[place3{id, start, end}]
}
