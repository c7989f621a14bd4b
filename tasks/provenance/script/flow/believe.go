package flow

import (
	"regexp"
	"strings"

	"github.com/grafana/sobek/ast"
)

// thumbPart is what only addresses of thumbnails are searched for.
var thumbPart = regexp.MustCompile(`/thumb/|\\?/thumb\\?/|/commons/|\\d\+px-?|^\d+px-`)

// believe takes a parameter of which nothing is known for an address of media
// where something is replaced in it that only those have.
func (e *engine) believe(c *callSite) {
	if c.this.Known() || c.name != "replace" || len(c.args) == 0 {
		return
	}
	id, ok := c.object.(*ast.Identifier)
	if !ok {
		return
	}
	v := e.lookup(id.Name)
	if v == nil || !v.param || v.media {
		return
	}
	for _, a := range c.args[0].atoms {
		if a.Kind != Data {
			continue
		}
		switch x := a.Vec.vals[0].(type) {
		case string:
			v.media = v.media || thumbPart.MatchString(x)
		case *Regexp:
			v.media = v.media || thumbPart.MatchString(x.Source) && strings.ContainsAny(x.Source, "/-")
		}
	}
	if v.media {
		e.changed = true
		e.touch(&v.known)
	}
}

// isAddress says whether a name is that of an address of media.
func (e *engine) isAddress(name string) bool {
	is, known := e.addresses[name]
	if !known {
		is = addressName.MatchString(name)
		e.addresses[name] = is
	}
	return is
}

// believed is what a parameter may hold of which no call tells anything.
func (e *engine) believed(id *ast.Identifier) Value {
	name := id.Name.String()
	v := e.lookup(id.Name)
	if v != nil {
		e.look(&v.known)
	}
	if v != nil && v.media || e.isAddress(name) {
		return e.address(AnyForm, "parser", Named, id)
	}
	return wellKnown(name)
}
