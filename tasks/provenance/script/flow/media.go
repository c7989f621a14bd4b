package flow

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/grafana/sobek/ast"
)

func sortedKeys(m map[string]Value) []string { return slices.Sorted(maps.Keys(m)) }

// baseKey tells the kinds of addresses apart that a script reads.
type baseKey struct {
	form             Form
	scheme, campaign string
}

// base is the Vec of an address as read.
func (e *engine) base(form Form, scheme, campaign string) *Vec {
	key := baseKey{form, scheme, campaign}
	if v := e.bases[key]; v != nil {
		return v
	}
	v := &Vec{Samples: e.samples, vals: make([]any, e.samples.len())}
	e.samples.each(func(i int, s Sample, slot int, variant Variant) {
		f := form
		if f == AnyForm {
			f = Original
			if slot == 1 {
				f = Thumb
			}
		}
		v.vals[i] = s.address(s.schemeOf(scheme), f, campaign, variant)
	})
	e.bases[key] = v
	return v
}

// address is an address that a script reads at a node.
func (e *engine) address(form Form, campaign string, marks Mark, n ast.Node) Value {
	return of(Atom{Kind: Data, Form: form, Marks: marks, Node: n, Vec: e.base(form, "https:", campaign)})
}

// shown is the address of an element that is displayed.
func (e *engine) shown(form Form, marks Mark, n ast.Node) Value {
	return e.address(form, "parser", marks|Displayed, n)
}

// names that say that something is a picture or the like.
var (
	elementName = regexp.MustCompile(`(?i)(^|[_$a-z0-9])(img|image|thumb|thumbnail|picture|pic|photo|video|audio)(s|es|el|elem|element|node|tag|obj|[0-9])?$`)
	addressName = regexp.MustCompile(`(?i)^(full|big|large|small|orig|original|hires|lowres|my|the|new|old)?_?(img|image|thumb|thumbnail|photo|picture|poster|video|audio|media)_?(ur[il]s?|src|source|href)$`)
	infoName    = regexp.MustCompile(`(?i)^(ii|info|imginfo|imageinfo|image_info|fileinfo|file_info|videoinfo|thumbinfo)$`)
)

// guess is what an unknown property may hold to judge by the name of its owner.
func (e *engine) guess(object ast.Expression, this Value, name string, n ast.Node) Value {
	if this.Known() {
		return Value{}
	}
	switch name {
	case "currentSrc":
		return e.shown(AnyForm, Current, n)
	case "src":
		if isElement(object) {
			return e.shown(AnyForm, Named, n)
		}
	case "srcset":
		if isElement(object) {
			return e.srcset(n)
		}
	case "poster":
		if isElement(object) {
			return e.shown(Thumb, Named, n)
		}
	case "url":
		if isElement(object) {
			return e.address(AnyForm, "imageinfo", FromAPI|Named, n)
		}
		if isInfo(object) {
			return e.address(Original, "imageinfo", FromAPI|Named, n)
		}
	case "devicePixelRatio":
		return of(Atom{Kind: Ratio, Node: n})
	}
	return Value{}
}

func isElement(owner ast.Expression) bool { return elementName.MatchString(lastName(owner)) }

func isInfo(owner ast.Expression) bool { return infoName.MatchString(lastName(owner)) }

// lastName is the last name in an expression: c of a.b.c, a.b.c[0], a.b.c().
func lastName(n ast.Expression) string {
	switch n := unwrap(n).(type) {
	case *ast.Identifier:
		return n.Name.String()
	case *ast.DotExpression:
		return n.Identifier.Name.String()
	case *ast.PrivateDotExpression:
		return n.Identifier.Name.String()
	case *ast.BracketExpression:
		if s, ok := n.Member.(*ast.StringLiteral); ok {
			return s.Value.String()
		}
		return lastName(n.Left)
	case *ast.CallExpression: // $( img )
		if callee := lastName(n.Callee); (callee == "$" || callee == "jQuery") && len(n.ArgumentList) == 1 {
			return lastName(n.ArgumentList[0])
		}
	}
	return ""
}

// named says whether a CSS selector or an id calls its element a picture.
var named = regexp.MustCompile(`(?i)(^|[-_#.a-z0-9])(img|image|pic|picture|photo|thumb|thumbnail|avatar|video|poster)s?([-_0-9]*)$`)

// srcset is a list of addresses as an element has it.
func (e *engine) srcset(n ast.Node) Value {
	one := e.base(Thumb, "", "parser")
	vec := lift(func(a []any) (any, bool) {
		s := a[0].(string)
		return s + " 1.5x, " + s + " 2x", true
	}, make([]any, 1), one)
	return of(Atom{Kind: Data, Form: Thumb, Marks: Displayed | Srcset, Node: n, Vec: vec})
}

// answer is what a property with a telling name holds, whatever its owner is.
func (e *engine) answer(name string, n ast.Node) Value {
	switch name {
	case "imageinfo", "videoinfo":
		return of(Atom{Kind: Infos, Node: n})
	case "thumburl":
		return e.address(Thumb, "imageinfo", FromAPI, n)
	case "thumburls", "responsiveUrls":
		return of(Atom{Kind: URLs, Name: name, Node: n})
	case "thumbnail":
		return of(Atom{Kind: Source, Name: name, Form: Thumb, Node: n})
	case "originalimage":
		return of(Atom{Kind: Source, Name: name, Form: Original, Node: n})
	case "original", "preferred":
		return of(Atom{Kind: Source, Name: name, Form: Original, Node: n, Marks: Named})
	case "devicePixelRatio":
		return of(Atom{Kind: Ratio, Node: n})
	}
	return Value{}
}

// answerProperty reads a part of an API answer.
func (e *engine) answerProperty(a Atom, name string, n ast.Node) Value {
	switch a.Kind {
	case Infos:
		a.Kind = Info
		return of(a)
	case Info:
		switch name {
		case "url":
			return e.address(Original, "imageinfo", FromAPI, n)
		case "width", "thumbwidth", "height", "thumbheight":
			return of(Atom{Kind: Width, Name: name, Node: n})
		}
		return e.answer(name, n)
	case Source:
		switch {
		case name == "source", name == "url" && a.Name != "original":
			return e.address(a.Form, "api", FromAPI, n)
		case name == "url":
			return e.address(a.Form, "rest", FromAPI|Named, n)
		case name == "width", name == "height":
			return of(Atom{Kind: Width, Name: name, Node: n})
		}
	case URLs:
		if a.Name == "thumburls" {
			return of(Atom{Kind: Source, Name: "thumbnail", Form: Thumb, Node: n})
		}
		return e.address(Thumb, "imageinfo", FromAPI, n)
	}
	return Value{}
}

// selector judges a CSS selector: whether it selects elements that show media,
// links to originals, or neither.
func (e *engine) selector(s string) (Atom, bool) {
	a, known := e.selectors[s]
	if !known {
		a = selectorIn(s)
		e.selectors[s] = a
	}
	return a, a.Kind != 0
}

// selectorIn judges the selectors of a list: all of them must be of one kind.
func selectorIn(s string) (found Atom) {
	for _, one := range strings.Split(s, ",") {
		a, ok := selectorOf(strings.TrimSpace(one))
		if !ok {
			return Atom{}
		}
		found = a
	}
	return found
}

var (
	notMedia  = regexp.MustCompile(`(?i)mwe-math|captcha|osm|leaflet|maptile|tile\b|iframe|script`)
	mediaTag  = regexp.MustCompile(`(?i)^(img|video|audio|source)($|[^\w-])`)
	mediaName = regexp.MustCompile(`\.(mw-file-element|thumbimage|mw-mmv-image|mw-mmv-final-image)\b`)
	fileLink  = regexp.MustCompile(`((fullImageLink|fullMedia|filehistory)\S*|#file)( .*)?\ba\b|\.internal\b`)
)

func selectorOf(s string) (Atom, bool) {
	fields := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '>' || r == '+' || r == '~' })
	if len(fields) == 0 || notMedia.MatchString(s) {
		return Atom{}, false
	}
	last := fields[len(fields)-1]
	switch {
	case mediaTag.MatchString(last) || mediaName.MatchString(last) || strings.Contains(s, "og:image"):
		return Atom{Kind: Selection}, true
	case fileLink.MatchString(s) && !strings.Contains(last, "img"):
		return Atom{Kind: Selection, Marks: LinkTo}, true
	case (strings.HasPrefix(last, ".") || strings.HasPrefix(last, "#")) && named.MatchString(last):
		return Atom{Kind: Selection, Marks: Named}, true
	}
	return Atom{}, false
}
