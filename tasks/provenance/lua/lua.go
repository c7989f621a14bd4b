// Package lua reads Scribunto modules for what they do to media URLs.
//
// # Model
//
//	text → tokens ┬→ strings → addresses spelled out
//	              └→ tree → what each variable may hold → calls and concatenations
//
// A module gets a media URL from the wiki by {{filepath:}} only, through
// frame:callParserFunction or frame:preprocess, or is given one under a name
// that says so. Such a URL ends with the parameters of its provenance and has a
// standard width; patterns for its end or its width do not work (LU001). One
// that the module spells out has no parameters: only its width matters.
//
// What a variable holds is followed through assignments, concatenations,
// parameters and returns within the module, without regard to branches: what
// may be a media URL counts as one.
//
// The tree knows lines but no columns, so that the place of a hit is that of
// the matching tokens.
//
// Reference: https://www.mediawiki.org/wiki/Extension:Scribunto/Lua_reference_manual
package lua

import (
	"errors"
	"fmt"
	"strings"

	"filewarden/tasks/provenance/literal"
	"filewarden/tasks/provenance/rule"
	"filewarden/tasks/provenance/wikitext"

	"github.com/yuin/gopher-lua/ast"
	"github.com/yuin/gopher-lua/parse"
)

// Audit finds what rules say of a module. When the text does not parse, the
// hits are those that its strings tell, and err says where parsing failed.
func Audit(text []byte) (hits []rule.Hit, err error) {
	source := string(text)
	tokens := tokenize(source)
	for _, t := range tokens {
		if t.kind == stringToken {
			hits = append(hits, spelled(source, t)...)
		}
	}
	chunk, err := parsed(source)
	if err != nil {
		return hits, err
	}
	return append(hits, judged(source, tokens, chunk)...), nil
}

// spelled finds what rules say of the addresses in a string.
func spelled(source string, t token) []rule.Hit {
	inside := source[t.start:t.end]
	scan := literal.Scan
	if strings.Contains(inside, "{{") || strings.Contains(inside, "[[") {
		scan = func(text string) []rule.Hit { return wikitext.Audit([]byte(text)) }
	}
	hits := scan(inside)
	for i := range hits {
		hits[i].Start += t.start
		hits[i].End += t.start
	}
	return hits
}

// parsed is the tree of a module.
func parsed(source string) (chunk []ast.Stmt, err error) {
	defer func() {
		if p := recover(); p != nil {
			chunk, err = nil, fmt.Errorf("the parser of Lua failed: %v", p)
		}
	}()
	chunk, err = parse.Parse(strings.NewReader(source), "module")
	var at *parse.Error
	if errors.As(err, &at) {
		return nil, fmt.Errorf("line %d: %s near %q", at.Pos.Line, at.Message, at.Token)
	}
	return chunk, err
}
