// Package script reads JavaScript for what it does to media URLs.
//
// # Model
//
//	text → parse → package flow: what may each expression hold? → rules → hits
//
// A text is parsed as a script, then as a module. What the parser does not
// take is made harmless first, without moving a byte, so that the offsets of
// hits are those of the text. A rule is a function; the tables in rules.go say
// for which places of a script it is called. Text that is spelled out is looked
// at by package literal, here after constants were folded.
//
// What does not parse is read as far as its statements can be told apart, and
// its tokens for the rest.
package script

import (
	"slices"

	"filewarden/tasks/provenance/rule"
	"filewarden/tasks/provenance/script/flow"
)

// Audit finds what rules say of a script. When the text does not parse, the
// hits are those that its parts and tokens tell, and err says where parsing
// failed.
func Audit(text []byte) (hits []rule.Hit, err error) {
	source := string(text)
	program, err := parse(source)
	if err != nil {
		return nil, err
	}
	if len(program.Body) == 0 {
		return nil, nil
	}
	findings, err := flow.Run(program, source, rules)
	return inOrder(findings), err
}

// inOrder is what is left of findings, by place.
func inOrder(findings []*flow.Finding) []rule.Hit {
	var hits []rule.Hit
	for _, f := range findings {
		hits = append(hits, f.Hit)
	}
	slices.SortStableFunc(hits, func(a, b rule.Hit) int {
		if a.Start != b.Start {
			return a.Start - b.Start
		}
		return a.End - b.End
	})
	return hits
}
