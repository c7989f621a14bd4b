package wikiconfig

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/invopop/jsonschema"
	validator "github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// explain says in one sentence why a value was refused.
func explain(path []string, node *jsonschema.Schema, v any, why validator.ErrorKind) string {
	name, want := nameAt(path), allowed(node, path)
	switch why := why.(type) {
	case *kind.Type:
		return fmt.Sprintf("%s must be %s, but is %s.%s", name, want, nameOf(v), inQuotes(node, v))
	case *kind.MaxItems:
		return fmt.Sprintf("%s has too many entries; at most %d are read.", name, why.Want)
	case *kind.Enum:
		if near := Nearest(fmt.Sprint(v), enumOf(node)); near != "" {
			return fmt.Sprintf("%s must be %s; did you mean %q?", name, want, near)
		}
	}
	return fmt.Sprintf("%s must be %s.", name, want)
}

// inQuotes helps where a number or a switch was written as a text.
func inQuotes(node *jsonschema.Schema, v any) string {
	s, isText := v.(string)
	if !isText || len(s) > 20 || node.Type != "integer" && node.Type != "number" && node.Type != "boolean" {
		return ""
	}
	if s = strings.ToLower(strings.TrimSpace(s)); !json.Valid([]byte(s)) {
		return ""
	}
	return fmt.Sprintf(" Write %s without quotes.", s)
}

// nameAt is what a sentence calls the value at a path.
func nameAt(path []string) string {
	name := shorten(keyOf(path))
	if len(path) > 0 && path[len(path)-1] != keyOf(path) {
		return "An entry of " + name
	}
	return name
}

// nameOf is what a person calls a sort of value.
func nameOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "true or false"
	case string:
		return "a text"
	case int64:
		return "a number"
	case float64:
		return "a number with a fraction, or too large a one"
	case []any:
		return "a list"
	}
	return "an object"
}

// allowed says in words what a schema allows.
func allowed(node *jsonschema.Schema, path []string) string {
	switch {
	case len(node.Enum) > 0:
		return "one of " + strings.Join(enumOf(node), ", ")
	case node.Pattern == durationPattern:
		return allowedDuration(keyOf(path))
	case node.Pattern == titlePattern:
		return `a page title such as "File:A b.jpg"`
	case node.Pattern == languagePattern:
		return `a language code such as "de" or "zh-hans"`
	}
	switch node.Type {
	case "boolean":
		return "true or false"
	case "integer":
		return "a whole number" + between(node.Minimum, node.Maximum)
	case "number":
		return "a number" + between(node.Minimum, node.Maximum)
	case "string":
		return allowedText(node)
	case "array":
		return allowedList(node, path)
	}
	return "an object in { }"
}

func between(low, high json.Number) string {
	switch {
	case low != "" && high != "":
		return fmt.Sprintf(" from %s to %s", low, high)
	case low != "":
		return fmt.Sprintf(" of at least %s", low)
	case high != "":
		return fmt.Sprintf(" of at most %s", high)
	}
	return ""
}

func allowedText(node *jsonschema.Schema) string {
	said := "a text in double quotes"
	if node.MinLength != nil && node.MaxLength != nil {
		said += fmt.Sprintf(" of %d to %d characters", *node.MinLength, *node.MaxLength)
	} else if node.MaxLength != nil {
		said += fmt.Sprintf(" of at most %d characters", *node.MaxLength)
	}
	if node.Pattern != "" {
		said += " that matches " + node.Pattern
	}
	return said
}

func allowedList(node *jsonschema.Schema, path []string) string {
	said := "a list in [ ]"
	if node.MaxItems != nil {
		said += fmt.Sprintf(" of at most %d entries", *node.MaxItems)
	}
	if node.Items != nil {
		said += ", each " + allowed(node.Items, path)
	}
	return said
}

func enumOf(node *jsonschema.Schema) []string {
	words := make([]string, 0, len(node.Enum))
	for _, v := range node.Enum {
		words = append(words, fmt.Sprint(v))
	}
	return words
}

// unknownKey warns of a key that nobody reads.
func unknownKey(key string, node *jsonschema.Schema, path []string) fault {
	w := fault{path: path, warning: true, allowed: "one of " + strings.Join(keysOf(node), ", "),
		message: fmt.Sprintf("There is no key %q here.", shorten(key))}
	if near := Nearest(key, keysOf(node)); near != "" {
		w.message = fmt.Sprintf("There is no key %q here; did you mean %q?", shorten(key), near)
	}
	return w
}

func keysOf(node *jsonschema.Schema) []string {
	var keys []string
	if node.Properties == nil {
		return nil
	}
	for p := node.Properties.Oldest(); p != nil; p = p.Next() {
		keys = append(keys, p.Key)
	}
	return keys
}

// Nearest is the word that was most likely meant: equal but for case and the
// signs between words, else with a third of its letters wrong at most.
func Nearest(written string, words []string) string {
	if len(written) > 4*maxShown {
		return ""
	}
	best, least := "", 0
	for _, word := range words {
		distance := editDistance(bareWord(written), bareWord(word))
		if distance <= max(1, len(word)/3) && (best == "" || distance < least) {
			best, least = word, distance
		}
	}
	return best
}

func bareWord(s string) string {
	return strings.ToLower(strings.NewReplacer("-", "", "_", "", " ", "").Replace(s))
}

// editDistance counts letters put in, left out, changed or swapped with their
// neighbour (optimal string alignment).
func editDistance(a, b string) int {
	x, y := []rune(a), []rune(b)
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := range x {
		row[0] = i + 1
		for j := range y {
			change := 1
			if x[i] == y[j] {
				change = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+change)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(y)]
}
