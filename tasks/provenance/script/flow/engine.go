package flow

import (
	"errors"
	"slices"

	"github.com/grafana/sobek/ast"

	"filewarden/tasks/provenance/rule"
)

// Limits of the work on one script.
const (
	maxRounds = 5       // readings of the whole script, that with the rules included
	enough    = 3       // readings, where the last brought media nowhere new
	maxDepth  = 2000    // nodes within each other
	maxSteps  = 4 << 20 // nodes read in all rounds, and values made

	bytesPerStep = 256 // of text that is made or looked at
)

// ErrBudget is the error for a script that takes too many steps; the findings
// until then are returned with it.
var ErrBudget = errors.New("the script is too long to be followed")

// engine reads one script.
type engine struct {
	text    string
	samples Samples
	rules   Rules

	scopes map[ast.Node]*scope
	funcs  map[ast.Node]*Func
	things map[ast.Node]*Thing
	bases  map[baseKey]*Vec
	named  *Vec
	regexp map[string]*Regexp
	values map[ast.Expression]*Value // what was held last
	memo   map[operation]*Vec
	slice  *slice

	strings  map[*ast.StringLiteral]Value
	literals map[ast.Expression]Value // the others
	texts    map[string]Value

	constants map[any]Value   // numbers and compiled regular expressions
	selectors map[string]Atom // what they select; the zero Atom: no media
	addresses map[string]bool // names: whether they are those of addresses

	scope      *scope
	activation *activation
	guards     []Cond
	path       []ast.Node
	loops      int // around the place being read, within the function

	outcomes []outcome   // of alternatives that are being read, inner ones last
	branched []*variable // that alternatives changed
	came     []Value     // to which they came, those of one variable together
	stamp    int         // of the last look at what was changed
	calls    []*callSite // room for those that are being read
	calling  int         // how many are
	args     []any       // of the operation that is carried out
	site     Site        // for which rules are called

	round     int
	reporting bool
	changed   bool
	moved     bool   // media got somewhere in this round
	clock     int    // of changes
	readings  int    // of bodies
	trace     *trace // of the body that is being read; nil: nothing is noted
	naming    mark   // names that the script assigns without declaring them
	steps     int
	findings  map[place3]*Finding
	before    map[place3]*Finding // of the reading before
	causes    map[ast.Node]*Finding
	notes     map[string][]Note
	order     []*Finding
}

// place3 tells findings apart.
type place3 struct {
	rule       string
	start, end int
}

// budget is what a script that takes too many steps panics with.
type budget struct{}

// Run reads a program and calls the rules. text is what the program was parsed
// from; the offsets of the findings are its own. The rules are called in more
// than one reading, each time made anew.
func Run(program *ast.Program, text string, rules func() Rules) (findings []*Finding, err error) {
	return newEngine(text).run(program, rules)
}

func newEngine(text string) *engine {
	return &engine{
		text:   text,
		scopes: map[ast.Node]*scope{}, funcs: map[ast.Node]*Func{}, things: map[ast.Node]*Thing{},
		bases: map[baseKey]*Vec{}, regexp: map[string]*Regexp{}, values: map[ast.Expression]*Value{},
		memo: map[operation]*Vec{}, strings: map[*ast.StringLiteral]Value{}, literals: map[ast.Expression]Value{}, texts: map[string]Value{}, constants: map[any]Value{},
		selectors: map[string]Atom{}, addresses: map[string]bool{},
		findings: map[place3]*Finding{}, causes: map[ast.Node]*Finding{}, notes: map[string][]Note{},
	}
}

func (e *engine) run(program *ast.Program, rules func() Rules) (findings []*Finding, err error) {
	var last []*Finding // of the reading before
	defer func() {
		if p := recover(); p != nil {
			if _, ours := p.(budget); !ours {
				panic(p)
			}
			for _, f := range last {
				e.report(f.Hit)
			}
			findings, err = e.kept(), ErrBudget
		}
	}()
	e.slice = sliced(program, e.text)
	if !e.slice.any() {
		return nil, nil
	}
	e.samples = samplesFor(e.text)
	for e.round = 1; e.round < maxRounds; e.round++ {
		e.changed, e.moved = false, false
		e.program(program)
		if !e.changed || !e.moved && e.round >= enough || e.steps > maxSteps/3 {
			break
		}
	}
	// What is found in a function that is read late may be put right by what was
	// read before: the second time, that is known.
	e.reporting = true
	for range 2 {
		e.round++
		e.rules = rules()
		last = e.kept()
		e.before, e.findings, e.order = e.findings, map[place3]*Finding{}, nil
		e.program(program)
		if len(e.causes) == 0 {
			break
		}
	}
	return e.kept(), nil
}

func (e *engine) kept() []*Finding {
	return slices.DeleteFunc(e.order, func(f *Finding) bool { return f.Dropped })
}

// report keeps a hit, once.
func (e *engine) report(hit rule.Hit) *Finding {
	at := place3{hit.Rule, hit.Start, hit.End}
	if f := e.findings[at]; f != nil {
		return f
	}
	f := e.before[at]
	if f == nil {
		f = &Finding{Hit: hit}
	}
	e.findings[at] = f
	e.order = append(e.order, f)
	return f
}

// step counts the work.
func (e *engine) step() { e.work(1) }

// work counts work that is worth some steps.
func (e *engine) work(steps int) {
	e.steps += steps
	if e.steps > maxSteps {
		panic(budget{})
	}
}

// enter says whether a node is not too deep to be read.
func (e *engine) enter(n ast.Node) bool {
	e.step()
	if len(e.path) >= maxDepth {
		return false
	}
	e.path = append(e.path, n)
	return true
}

// top is the node being read.
func (e *engine) top() ast.Node {
	if len(e.path) == 0 {
		return nil
	}
	return e.path[len(e.path)-1]
}

func (e *engine) leave() { e.path = e.path[:len(e.path)-1] }

// fire calls rules with a place.
func (e *engine) fire(rules []Rule, n ast.Node, result Value, parts []Part) {
	if !e.reporting || len(rules) == 0 {
		return
	}
	e.site = Site{Node: n, Result: result, Parts: parts, e: e}
	for _, r := range rules {
		r(&e.site)
	}
}

// keep remembers what an expression held when it was read last.
func (e *engine) keep(n ast.Expression, v Value) {
	held := e.values[n]
	if held == nil {
		if !v.Known() {
			return
		}
		held = new(Value)
		e.values[n] = held
	}
	*held = v
}

func (e *engine) valueOf(n ast.Expression) Value {
	if n == nil {
		return Value{}
	}
	if v, ok := e.literal(n); ok {
		return v
	}
	if held := e.values[n]; held != nil {
		return *held
	}
	return Value{}
}

// span is where a node stands in the text.
func (e *engine) span(n ast.Node) (start, end int) {
	start, end = int(n.Idx0())-1, int(n.Idx1())-1
	start = max(0, min(start, len(e.text)))
	end = max(start, min(end, len(e.text)))
	return e.outwards(n, start), e.identifierEnd(end)
}

func (e *engine) source(n ast.Node) string {
	if n == nil {
		return ""
	}
	start, end := e.span(n)
	return e.text[start:end]
}
