package lua

import (
	"regexp"
	"strings"

	"github.com/yuin/gopher-lua/ast"
)

// maxDepth is how deeply nested an expression or a block is followed.
const maxDepth = 400

// eval tells what an expression may hold, and judges what is in it.
func (r *reader) eval(e ast.Expr) value {
	if r.depth++; r.depth > maxDepth {
		r.depth--
		return value{text: unknown}
	}
	defer func() { r.depth-- }()
	switch x := e.(type) {
	case *ast.StringExpr:
		return value{text: x.Value, spelled: spelledOut(x.Value)}
	case *ast.NumberExpr:
		return value{text: x.Value}
	case *ast.IdentExpr:
		return r.lookup(x.Value)
	case *ast.AttrGetExpr:
		return r.field(x)
	case *ast.StringConcatOpExpr:
		return r.concat(x)
	case *ast.LogicalOpExpr:
		return r.eval(x.Lhs).with(r.eval(x.Rhs)).opaque()
	case *ast.FuncCallExpr:
		return r.call(x)
	case *ast.FunctionExpr:
		r.function(x, "")
	case *ast.TableExpr:
		return r.table(x)
	case *ast.RelationalOpExpr:
		r.eval(x.Lhs)
		r.eval(x.Rhs)
	case *ast.ArithmeticOpExpr:
		r.eval(x.Lhs)
		r.eval(x.Rhs)
	case *ast.UnaryNotOpExpr:
		r.eval(x.Expr)
	case *ast.UnaryMinusOpExpr:
		return value{text: "-" + r.eval(x.Expr).text}
	case *ast.UnaryLenOpExpr:
		r.eval(x.Expr)
	}
	return value{text: unknown}
}

// lookup is the value of a name or path.
func (r *reader) lookup(path string) value {
	if v, ok := r.scope.find(path); ok {
		return v
	}
	return r.named(path)
}

// field is the value of a table's field: what was assigned to its path, else
// what any field of the table may be.
func (r *reader) field(x *ast.AttrGetExpr) value {
	if path := pathOf(x); path != "" {
		if v, ok := r.scope.find(path); ok {
			return v
		}
		if v := r.named(path); v.emitted {
			return v
		}
	}
	r.eval(x.Key)
	return r.eval(x.Object).opaque()
}

// table is a value that any of its fields may be.
func (r *reader) table(x *ast.TableExpr) value {
	v := value{text: unknown}
	for _, f := range x.Fields {
		if f.Key != nil {
			r.eval(f.Key)
		}
		v = v.with(r.eval(f.Value))
	}
	return v.opaque()
}

// concat is the value of a concatenation, however long.
func (r *reader) concat(x *ast.StringConcatOpExpr) value {
	parts := []ast.Expr{x.Lhs}
	var rest ast.Expr = x.Rhs
	for {
		more, ok := rest.(*ast.StringConcatOpExpr)
		if !ok {
			break
		}
		parts, rest = append(parts, more.Lhs), more.Rhs
	}
	parts = append(parts, rest)
	var text strings.Builder
	v, values := value{}, make([]value, len(parts))
	for i, p := range parts {
		values[i] = r.eval(p)
		v = v.with(values[i])
		if text.Len() < maxText {
			text.WriteString(values[i].text)
		}
	}
	v.text = text.String()
	r.joined(parts, values, v)
	return v
}

// maxText is the most bytes of a folded text, beyond which it is no address.
const maxText = 8192

// kept are the functions of strings whose result is the string, more or less.
var kept = map[string]bool{
	"lower": true, "upper": true, "gsub": true, "sub": true, "trim": true, "tostring": true, "decode": true, "toNFC": true, "canonicalUrl": false,
}

// call is the value of a call, which is judged.
func (r *reader) call(x *ast.FuncCallExpr) value {
	args := make([]value, len(x.Args))
	for i, a := range x.Args {
		args[i] = r.eval(a)
	}
	name, path := x.Method, ""
	if name == "" {
		path = pathOf(x.Func)
		name = path[strings.LastIndexByte(path, '.')+1:]
		if path == "" {
			r.eval(x.Func)
		}
	} else {
		args = append([]value{r.eval(x.Receiver)}, args...)
	}
	switch {
	case name == "callParserFunction":
		return value{text: unknown, emitted: asksFilepath(x, args)}
	case name == "preprocess":
		return value{text: unknown, emitted: filepathCall.MatchString(folded(args))}
	case name == "hashValue":
		return value{text: unknown, hash: len(args) > 0 && args[0].text == "md5"}
	}
	r.called(x, name, path, args)
	return r.result(name, path, args)
}

// filepathCall is the parser function in wikitext.
var filepathCall = regexp.MustCompile(`(?i)\{\{\s*filepath\s*:`)

// folded is all that is known of arguments.
func folded(args []value) string {
	var b strings.Builder
	for _, a := range args {
		b.WriteString(a.text)
	}
	return b.String()
}

// asksFilepath says whether a call of frame:callParserFunction asks for the
// address of a file. Its first argument may be a table with the name.
func asksFilepath(x *ast.FuncCallExpr, args []value) bool {
	is := func(text string) bool {
		name, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(text)), ":")
		return name == "filepath"
	}
	if len(args) > 1 && is(args[1].text) {
		return true
	}
	if len(x.Args) == 0 {
		return false
	}
	table, ok := x.Args[0].(*ast.TableExpr)
	if !ok {
		return false
	}
	for _, f := range table.Fields {
		key, _ := f.Key.(*ast.StringExpr)
		if text, ok := f.Value.(*ast.StringExpr); ok && key != nil && key.Value == "name" && is(text.Value) {
			return true
		}
	}
	return false
}

// result is what a call returns.
func (r *reader) result(name, path string, args []value) value {
	if f := r.functions[path]; f != nil {
		for i, a := range args {
			if i < len(f.given) {
				f.given[i] = f.given[i].with(a).opaque()
			}
		}
		return f.returns.opaque()
	}
	if len(args) == 0 {
		return value{text: unknown}
	}
	if name == "format" {
		return formatted(args)
	}
	if kept[name] {
		return args[0].opaque()
	}
	return value{text: unknown}
}

// verb is a place in a format.
var verb = regexp.MustCompile(`%[-+ #0-9.]*[a-zA-Z]`)

// formatted is the value of string.format, or of a string's method of that name.
func formatted(args []value) value {
	v, i := args[0], 0
	v.text = verb.ReplaceAllStringFunc(v.text, func(string) string {
		if i++; i < len(args) {
			return args[i].text
		}
		return unknown
	})
	for _, a := range args[1:] {
		v = v.with(a)
	}
	v.text = v.text[:min(len(v.text), maxText)]
	v.spelled = v.spelled || spelledOut(v.text)
	return v
}
