package lua

import (
	"regexp"
	"strings"

	"github.com/yuin/gopher-lua/ast"
)

// unknown stands in a value's text for what is not known.
const unknown = "\x00"

// value is what an expression may hold.
type value struct {
	text    string // with unknown parts
	emitted bool   // a media URL that the wiki made, with parameters
	spelled bool   // a media URL that the module spells out
	hash    bool   // an MD5 hash, or part of one
}

// media says whether the value is a media URL.
func (v value) media() bool { return v.emitted || v.spelled }

// with adds what another value may be.
func (v value) with(w value) value {
	return value{v.text, v.emitted || w.emitted, v.spelled || w.spelled, v.hash || w.hash}
}

// opaque is the value with unknown text.
func (v value) opaque() value {
	v.text = unknown
	return v
}

// function is what is known of a function of the module.
type function struct {
	returns value
	given   []value // what its parameters were given
}

// scope is what the names of a block hold. A field of a table is known by its
// path: "p.url".
type scope struct {
	outer  *scope
	values map[string]value
}

// find is the value of a name.
func (s *scope) find(name string) (value, bool) {
	for ; s != nil; s = s.outer {
		if v, ok := s.values[name]; ok {
			return v, true
		}
	}
	return value{}, false
}

// declare gives a new name its value.
func (s *scope) declare(name string, v value) { s.values[name] = v }

// assign gives a name another value; it may still have the former one.
func (s *scope) assign(name string, v value) {
	for at := s; at != nil; at = at.outer {
		if old, ok := at.values[name]; ok {
			if old.text != v.text {
				v.text = unknown
			}
			at.values[name] = v.with(old)
			return
		}
	}
	for s.outer != nil {
		s = s.outer
	}
	s.values[name] = v
}

// telling are names that say that a media URL is in them.
var telling = regexp.MustCompile(`(?i)^(?:thumb|thumbnail|image|img|file|media|picture|pic|photo|commons|upload|icon|logo)_?(?:url|src)$|^url_?(?:image|img|file|thumb)$|^filepath$`)

// named is the value of a name that nothing in the module gives one.
func (r *reader) named(name string) value {
	v := value{text: unknown}
	last := name[strings.LastIndexByte(name, '.')+1:]
	v.emitted = telling.MatchString(last) || strings.EqualFold(last, "url") && r.urls
	return v
}

// pathOf is the dotted path of a name or field, empty for anything else.
func pathOf(e ast.Expr) string {
	var fields []string
	for range maxDepth {
		switch x := e.(type) {
		case *ast.IdentExpr:
			path := x.Value
			for i := len(fields) - 1; i >= 0; i-- {
				path += "." + fields[i]
			}
			return path
		case *ast.AttrGetExpr:
			key, ok := x.Key.(*ast.StringExpr)
			if !ok {
				return ""
			}
			fields = append(fields, key.Value)
			e = x.Object
		default:
			return ""
		}
	}
	return ""
}

// spelledOut says whether a text has an address on a host of media.
func spelledOut(text string) bool {
	return strings.Contains(text, "upload.wikimedia.org/") || strings.Contains(text, "thumb.wikimedia.org/")
}
