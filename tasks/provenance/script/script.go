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
	"errors"
	"slices"
	"strings"

	"filewarden/tasks/provenance/rule"
	"filewarden/tasks/provenance/script/flow"
)

// Audit finds what rules say of a script. When the text does not parse, the
// hits are those that its parts and tokens tell, and err says where parsing
// failed.
func Audit(text []byte) (hits []rule.Hit, err error) {
	source := string(text)
	p, err := parse(source)
	if err != nil {
		return inOrder(spelledTokens(harmlessScript(source))), withoutName(err)
	}
	if len(p.program.Body) > 0 {
		var findings []*flow.Finding
		findings, err = flow.Run(p.program, p.text, rules)
		hits = p.asked(findings, len(text))
	}
	if p.err != nil {
		err = p.err
	}
	for _, part := range p.blank {
		for _, hit := range spelledTokens(source[part.start:part.end]) {
			hit.Start += part.start
			hit.End += part.start
			hits = append(hits, hit)
		}
	}
	return inOrder(hits), withoutName(err)
}

// withoutName takes the parser's name for a text without one out of an error.
func withoutName(err error) error {
	if err == nil {
		return nil
	}
	return errors.New(strings.TrimPrefix(err.Error(), "(anonymous): "))
}

// asked are hits with offsets in the text that was asked for.
func (p parsed) asked(findings []*flow.Finding, size int) []rule.Hit {
	var hits []rule.Hit
	for _, f := range findings {
		hit := f.Hit
		hit.Start = max(0, min(size, hit.Start-p.shift))
		hit.End = max(hit.Start, min(size, hit.End-p.shift))
		hits = append(hits, hit)
	}
	return hits
}

// inOrder sorts hits by place.
func inOrder(hits []rule.Hit) []rule.Hit {
	slices.SortStableFunc(hits, func(a, b rule.Hit) int {
		if a.Start != b.Start {
			return a.Start - b.Start
		}
		return a.End - b.End
	})
	return hits
}
