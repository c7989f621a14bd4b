package wikiconfig

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/invopop/jsonschema"
	validator "github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// fault is one thing wrong with a tree of values.
type fault struct {
	path    []string
	allowed string
	message string
	warning bool
	keep    int // of a list too long: how many entries may stay
}

// check tells everything that is wrong on a page, in the order of its pointers.
func (f *form) check(d *document) []Problem {
	problems := slices.Clone(d.problems)
	switch {
	case d.broken:
		return told(problems)
	case !d.isObject():
		return append(problems, Problem{Value: d.root.shown(), Allowed: "an object in { }",
			Message: fmt.Sprintf("The page must be an object in { }, but is %s.", nameOf(d.root.plain()))})
	}
	for _, w := range f.faults(d.tree()) {
		problems = append(problems, w.problem(d.root.at(w.path)))
	}
	return told(problems)
}

// problem describes a fault with the value as it stands on the page.
func (w fault) problem(v *value) Problem {
	found := v.shown()
	if w.keep > 0 && v != nil {
		found = fmt.Sprintf("%d entries", v.count)
	}
	return Problem{Pointer: pointer(w.path), Value: found, Allowed: w.allowed, Message: w.message, Warning: w.warning}
}

// told sorts problems and tells only the first of each place; beyond the limit
// it tells how many there are.
func told(problems []Problem) []Problem {
	slices.SortStableFunc(problems, func(a, b Problem) int {
		return comparePaths(strings.Split(a.Pointer, "/"), strings.Split(b.Pointer, "/"))
	})
	problems = slices.CompactFunc(problems, func(a, b Problem) bool {
		return a.Pointer == b.Pointer && a.Warning == b.Warning
	})
	if more := len(problems) - maxProblems; more > 0 {
		rest := Problem{Warning: !Refused(problems[maxProblems:]), Message: fmt.Sprintf("There are %d more problems like these.", more)}
		problems = append(problems[:maxProblems:maxProblems], rest)
	}
	return problems
}

// comparePaths orders entries of lists by number.
func comparePaths(a, b []string) int {
	return slices.CompareFunc(a, b, func(x, y string) int {
		i, errX := strconv.Atoi(x)
		j, errY := strconv.Atoi(y)
		if errX == nil && errY == nil {
			return cmp.Compare(i, j)
		}
		return strings.Compare(x, y)
	})
}

// faults finds what the schema refuses, what it cannot say, and unknown keys.
func (f *form) faults(tree map[string]any) []fault {
	var all []fault
	walk(tree, f.node, nil, &all)
	err := f.compiled.Validate(f.merged(tree))
	if invalid := (*validator.ValidationError)(nil); errors.As(err, &invalid) {
		f.refused(invalid, tree, &all)
	} else if err != nil {
		all = append(all, fault{message: "The page cannot be validated: " + err.Error() + "."})
	}
	return all
}

// walk finds unknown keys, and what is wrong with durations and titles.
func walk(v any, node *jsonschema.Schema, path []string, all *[]fault) {
	switch v := v.(type) {
	case map[string]any:
		for key, sub := range v {
			below := append(slices.Clone(path), key)
			if known := property(node, key); known != nil {
				walk(sub, known, below, all)
			} else if node.Type == "object" {
				*all = append(*all, unknownKey(key, node, below))
			}
		}
	case []any:
		for i, item := range v {
			if node.Items != nil {
				walk(item, node.Items, append(slices.Clone(path), strconv.Itoa(i)), all)
			}
		}
	}
	if message := byCode(v, node, path); message != "" {
		*all = append(*all, fault{path: path, allowed: allowed(node, path), message: message})
	}
}

// property is the schema of a key of an object, nil when the key is unknown.
func property(node *jsonschema.Schema, key string) *jsonschema.Schema {
	if node.Properties != nil {
		if sub, ok := node.Properties.Get(key); ok {
			return sub
		}
	}
	return node.AdditionalProperties
}

// byCode finds what JSON Schema cannot say.
func byCode(v any, node *jsonschema.Schema, path []string) string {
	switch s, isText := v.(string); {
	case node.Pattern == durationPattern:
		return durationProblem(keyOf(path), v)
	case node.Pattern == titlePattern && isText:
		return titleProblem(s)
	}
	return ""
}

// refused collects the leaves of the validator's answer.
func (f *form) refused(e *validator.ValidationError, tree map[string]any, all *[]fault) {
	for _, cause := range e.Causes {
		f.refused(cause, tree, all)
	}
	if len(e.Causes) > 0 {
		return
	}
	path := slices.Clone(e.InstanceLocation)
	node := f.nodeAt(path)
	w := fault{path: path, allowed: allowed(node, path)}
	if over, long := e.ErrorKind.(*kind.MaxItems); long {
		w.keep = max(over.Want, 1)
	}
	w.message = explain(path, node, lookUp(tree, path), e.ErrorKind)
	*all = append(*all, w)
}

// nodeAt is the schema of the value at a path.
func (f *form) nodeAt(path []string) *jsonschema.Schema {
	node := f.node
	for _, step := range path {
		next := property(node, step)
		if node.Type == "array" {
			next = node.Items
		}
		if next == nil {
			return node
		}
		node = next
	}
	return node
}

// keyOf is the last step of a path that is no number: what a person calls a value.
func keyOf(path []string) string {
	for _, step := range slices.Backward(path) {
		if _, err := strconv.Atoi(step); err != nil {
			return step
		}
	}
	return "the page"
}
