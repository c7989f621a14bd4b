package wikiconfig

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/invopop/jsonschema"
	validator "github.com/santhosh-tekuri/jsonschema/v6"
)

// form is what one sort of page may hold: its schema for people, the same
// schema compiled, and its defaults.
type form struct {
	node     *jsonschema.Schema
	defaults map[string]any
	compiled *validator.Schema
}

// newForm describes a pointer to a struct of defaults.
func newForm(defaults any) *form {
	r := jsonschema.Reflector{Anonymous: true, DoNotReference: true,
		AllowAdditionalProperties: true, RequiredFromJSONSchemaTags: true}
	f := &form{node: r.Reflect(defaults), defaults: treeOf(defaults)}
	f.node.Version = ""
	if f.node.Properties == nil {
		f.node.Properties = jsonschema.NewProperties()
	}
	describe(f.node, f.defaults)
	return f
}

// treeOf is a struct as the JSON that describes it; a nil list is an empty one,
// a nil pointer is left out.
func treeOf(v any) map[string]any {
	tree := map[string]any{}
	mustDecode(canonical(v), &tree)
	fill(reflect.TypeOf(v).Elem(), tree)
	return tree
}

// fill replaces the nulls that encoding/json writes for nil lists and maps.
func fill(t reflect.Type, tree map[string]any) {
	for _, field := range reflect.VisibleFields(t) {
		key := jsonKey(field)
		v, present := tree[key]
		switch {
		case !present:
		case v == nil && field.Type.Kind() == reflect.Slice:
			tree[key] = []any{}
		case v == nil && field.Type.Kind() == reflect.Map:
			tree[key] = map[string]any{}
		case v == nil:
			delete(tree, key)
		case field.Type.Kind() == reflect.Struct:
			if sub, ok := v.(map[string]any); ok {
				fill(field.Type, sub)
			}
		}
	}
}

// jsonKey is the key by which encoding/json writes a field.
func jsonKey(field reflect.StructField) string {
	key, _, _ := strings.Cut(field.Tag.Get("json"), ",")
	return first(key, field.Name)
}

// describe writes defaults into a schema, and a limit on every list.
func describe(node *jsonschema.Schema, def any) {
	if node.Type == "object" && node.Properties.Len() > 0 {
		tree, _ := def.(map[string]any)
		for p := node.Properties.Oldest(); p != nil; p = p.Next() {
			describe(p.Value, tree[p.Key])
		}
		return
	}
	if node.Type == "array" && (node.MaxItems == nil || *node.MaxItems > maxList) {
		limit := uint64(maxList)
		node.MaxItems = &limit
	}
	if node.Items != nil {
		describe(node.Items, nil)
	}
	node.Default = def
}

// lay puts the keys of a struct after the form's own; keys of one name are the
// struct's. Nil adds nothing.
func (f *form) lay(defaults any) {
	if defaults == nil {
		return
	}
	own := newForm(defaults)
	f.node.Title, f.node.Description = own.node.Title, own.node.Description
	for p := own.node.Properties.Oldest(); p != nil; p = p.Next() {
		f.node.Properties.Set(p.Key, p.Value)
	}
	maps.Copy(f.defaults, own.defaults)
}

// put makes another form the value of a key.
func (f *form) put(key string, sub *form) {
	f.node.Properties.Set(key, sub.node)
	f.defaults[key] = sub.defaults
}

// compile readies the form for validation and checks its own defaults.
func (f *form) compile(name string) error {
	text, err := json.Marshal(f.node)
	if err != nil {
		return fmt.Errorf("writing the schema: %w", err)
	}
	var doc any
	mustDecode(text, &doc)
	c := validator.NewCompiler()
	c.DefaultDraft(validator.Draft2020)
	if err := c.AddResource(name, doc); err != nil {
		return fmt.Errorf("adding the schema: %w", err)
	}
	if f.compiled, err = c.Compile(name); err != nil {
		return fmt.Errorf("compiling the schema: %w", err)
	}
	for _, p := range f.check(readDocument(string(canonical(f.defaults)), maxList)) {
		return fmt.Errorf("the default of %s: %s", p.Pointer, p.Message)
	}
	return nil
}

// merged lays a page over the defaults; neither is changed.
func (f *form) merged(tree map[string]any) map[string]any {
	return mergeTrees(f.defaults, tree)
}

// effective is merged without what nobody reads, so that it changes only when
// the settings do.
func (f *form) effective(tree map[string]any) map[string]any {
	return known(f.merged(tree), f.node).(map[string]any)
}

// known copies what a schema names.
func known(v any, node *jsonschema.Schema) any {
	if node == nil {
		return v
	}
	switch v := v.(type) {
	case map[string]any:
		object := make(map[string]any, len(v))
		for key, sub := range v {
			if below := property(node, key); below != nil {
				object[key] = known(sub, below)
			}
		}
		return object
	case []any:
		list := make([]any, 0, len(v))
		for _, item := range v {
			list = append(list, known(item, node.Items))
		}
		return list
	}
	return v
}

func mergeTrees(under, over map[string]any) map[string]any {
	merged := make(map[string]any, len(under)+len(over))
	maps.Copy(merged, under)
	for key, v := range over {
		low, lowIs := under[key].(map[string]any)
		high, highIs := v.(map[string]any)
		if lowIs && highIs {
			v = mergeTrees(low, high)
		}
		merged[key] = v
	}
	return merged
}

// prune takes what is wrong out of a tree, so the defaults stand there: a wrong
// entry out of its list, the end off a list too long, any other value whole.
// ok is false when nothing of the page could be kept.
func (f *form) prune(tree map[string]any) (ok bool) {
	for range 5 { // an entry removed may bare another limit; two rounds are the most that was seen
		wrong := slices.DeleteFunc(f.faults(tree), func(w fault) bool { return w.warning })
		if len(wrong) == 0 {
			return true
		}
		slices.SortStableFunc(wrong, func(a, b fault) int { return comparePaths(b.path, a.path) })
		for i, w := range wrong {
			if i > 0 && slices.Equal(w.path, wrong[i-1].path) {
				continue // one entry may break two rules
			}
			remove(tree, w)
		}
	}
	clear(tree)
	return false
}

// remove takes one wrong value out of a tree. Later entries of a list must go
// first, so the places of earlier ones stay right.
func remove(tree map[string]any, w fault) {
	if len(w.path) == 0 {
		clear(tree)
		return
	}
	above, last := w.path[:len(w.path)-1], w.path[len(w.path)-1]
	switch parent := lookUp(tree, above).(type) {
	case map[string]any:
		list, isList := parent[last].([]any)
		if w.keep > 0 && isList {
			parent[last] = list[:min(w.keep, len(list))]
			return
		}
		delete(parent, last)
	case []any:
		i, err := strconv.Atoi(last)
		holder, inObject := lookUp(tree, above[:len(above)-1]).(map[string]any)
		if err != nil || i >= len(parent) || !inObject {
			remove(tree, fault{path: above}) // a list within a list goes whole
			return
		}
		holder[above[len(above)-1]] = slices.Delete(parent, i, i+1)
	}
}

// lookUp finds the value at a path of a tree.
func lookUp(tree any, path []string) any {
	for _, step := range path {
		switch at := tree.(type) {
		case map[string]any:
			tree = at[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(at) {
				return nil
			}
			tree = at[i]
		default:
			return nil
		}
	}
	return tree
}
