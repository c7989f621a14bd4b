package flow

import "github.com/grafana/sobek/ast"

// Kind of an atom.
type Kind int8

// Kinds.
const (
	Data      Kind = iota + 1 // string, number, boolean, array of them, regular expression: Vec
	Element                   // element that shows media, or links to an original
	Selection                 // jQuery selection, NodeList or array of those
	Info                      // imageinfo of a file: url, thumburl, thumburls, responsiveUrls
	Infos                     // array of Info
	Source                    // thumbnail or originalimage of PageImages, REST search, summary
	URLs                      // responsiveUrls, thumburls: addresses by size
	Parsed                    // what mw.util.parseImageUrl gave
	Resizer                   // its resizeUrl, not called
	URLObject                 // new URL(address), mw.Uri: Vec is its href
	Ratio                     // devicePixelRatio, or a number made from it
	Width                     // a width of an element or file that is not known
	Hash                      // hexadecimal hash of a name
	Object                    // object or array that the script makes: Thing
	Function                  // function of the script: Func
	Builtin                   // name of a known global: Name
	OtherNode                 // element that is not media
	Keyed                     // Map or Set
	Params                    // searchParams of a URLObject
)

// Mark is a fact about an atom; marks are or-ed.
type Mark int16

// Marks.
const (
	Displayed Mark = 1 << iota // address read from an element
	Current                    // by currentSrc
	FromAPI                    // address read from an answer
	Named                      // believed to be media for its name only
	Stepped                    // width adjusted by mw.util.adjustThumbWidthForSteps
	LinkTo                     // element: a link to an original
	Srcset                     // srcset, not one address
	Resized                    // width within the address was replaced
	Fresh                      // element made by the script
	Scaled                     // number: multiplied by 1.5 or 2, or by a ratio
	Cleared                    // URLObject whose search was emptied
	ByParse                    // address made by resizeUrl
)

// Atom is one thing that a value may be.
type Atom struct {
	Kind  Kind
	Form  Form
	Marks Mark
	Vec   *Vec
	Node  ast.Node // where it was made; of an address: where it was read
	Made  ast.Node // of Data that became of an address: the expression that made it of others
	From  ast.Node // of the same: what made the first of those others; nil for an address as read
	Name  string   // of a Builtin; of a Source or Width: property
	Thing *Thing
	Func  *Func
}

// Has says whether all the marks are set.
func (a Atom) Has(marks Mark) bool { return a.Marks&marks == marks }

func (a *Atom) same(b *Atom) bool {
	if a.Kind != b.Kind || a.Form != b.Form || a.Marks != b.Marks || a.Thing != b.Thing || a.Func != b.Func || a.Name != b.Name {
		return false
	}
	if a.Vec == b.Vec {
		return true
	}
	return a.Vec != nil && b.Vec != nil && (a.Vec.Samples == nil) == (b.Vec.Samples == nil) && a.Vec.identity() == b.Vec.identity()
}

// Value is a set of atoms: what an expression may hold. The zero Value is
// unknown, or nothing that has to do with media.
type Value struct{ atoms []Atom }

// maxAtoms is the most that a value may be; what comes beyond is forgotten.
const maxAtoms = 12

func of(atoms ...Atom) Value { return Value{atoms} }

func constant(x any) Value { return of(Atom{Kind: Data, Vec: Const(x)}) }

// Atoms are all that the value may be.
func (v Value) Atoms() []Atom { return v.atoms }

// Known says whether anything is known of the value.
func (v Value) Known() bool { return len(v.atoms) > 0 }

// First is the first atom of a kind.
func (v Value) First(kind Kind) (Atom, bool) {
	for i := range v.atoms {
		if v.atoms[i].Kind == kind {
			return v.atoms[i], true
		}
	}
	return Atom{}, false
}

// Is says whether the value may be of a kind.
func (v Value) Is(kind Kind) bool {
	for i := range v.atoms {
		if v.atoms[i].Kind == kind {
			return true
		}
	}
	return false
}

// join is the value that may be either.
func (v Value) join(w Value) Value {
	if len(v.atoms) == 0 {
		return w
	}
	joined := v.atoms
	for i := range w.atoms {
		if len(joined) >= maxAtoms || contains(joined, &w.atoms[i]) {
			continue
		}
		if len(joined) == len(v.atoms) { // the first that is new: the atoms of v are shared
			joined = append(make([]Atom, 0, min(maxAtoms, len(v.atoms)+len(w.atoms)-i)), v.atoms...)
		}
		joined = append(joined, w.atoms[i])
	}
	return Value{joined[:len(joined):len(joined)]}
}

// gathering joins values one after the other, without a copy of what was joined
// before for each.
type gathering struct {
	atoms []Atom
	own   bool // atoms is room that no value shares
}

// add joins a value.
func (g *gathering) add(v Value) {
	if len(g.atoms) == 0 && !g.own {
		g.atoms = v.atoms
		return
	}
	for i := range v.atoms {
		g.atom(&v.atoms[i])
	}
}

func (g *gathering) atom(a *Atom) {
	if len(g.atoms) >= maxAtoms || contains(g.atoms, a) {
		return
	}
	if !g.own {
		g.atoms, g.own = append(make([]Atom, 0, min(maxAtoms, 2*len(g.atoms)+1)), g.atoms...), true
	}
	g.atoms = append(g.atoms, *a)
}

// value is what was joined; nothing is added after it.
func (g *gathering) value() Value { return Value{g.atoms[:len(g.atoms):len(g.atoms)]} }

func contains(atoms []Atom, a *Atom) bool {
	for i := range atoms {
		if a.same(&atoms[i]) {
			return true
		}
	}
	return false
}

// with sets marks on every atom.
func (v Value) with(marks Mark) Value {
	out := make([]Atom, len(v.atoms))
	for i, a := range v.atoms {
		a.Marks |= marks
		out[i] = a
	}
	return Value{out}
}

// Numbers are the constant numbers that the value may be.
func (v Value) Numbers() []float64 {
	var found []float64
	for _, a := range v.atoms {
		if a.Kind == Data {
			if x, ok := a.Vec.IsConst(); ok {
				if n, ok := x.(float64); ok {
					found = append(found, n)
				}
			}
		}
	}
	return found
}

// Texts are the constant strings that the value may be, with Hole for what is
// not known of them.
func (v Value) Texts() []string {
	var found []string
	for _, a := range v.atoms {
		if a.Kind == Data {
			if x, ok := a.Vec.IsConst(); ok {
				if s, ok := x.(string); ok {
					found = append(found, s)
				}
			}
		}
	}
	return found
}

// Thing is an object or array that the script makes at one place. Its
// properties are what they are after any assignment.
type Thing struct {
	Node   ast.Node
	Array  bool
	Fields map[string]Value
	Elem   Value // of an array, or under keys that are not known

	elem, whole mark
	marks       map[string]*mark // of properties that were looked at
}

// Func is a function of the script.
type Func struct {
	Node   ast.Node // *ast.FunctionLiteral, *ast.ArrowFunctionLiteral
	Params []Value  // joined over all calls
	This   Value
	Return Value
	Called bool // somewhere in the script, or by a library with arguments that are known
	read   int  // the round in which its body was read last

	given, returns mark // Params and This; Return
	trace          *trace
}
