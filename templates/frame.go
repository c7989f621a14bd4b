package templates

import (
	"fmt"
	"io/fs"
	"strings"
	"text/template"
	"text/template/parse"
	"time"
)

// wikitext is what the functions of a frame return: made here, safe.
type wikitext string

// frame fills a page's frame in one language. Everything that the frame prints
// passes through shown, which the parsed frame is rewritten to call: a field of
// the data cannot reach the page unescaped, whatever the frame's author forgot.
//
// Frames are part of the program and filled from plain structs, so one that
// cannot be filled is a bug; the tests fill every frame.
func (l *Language) frame(name string, data any) string {
	source, err := fs.ReadFile(files, name)
	if err != nil {
		panic(fmt.Errorf("templates: %w", err))
	}
	t, err := template.New(name).Delims("<%", "%>").Funcs(l.functions()).Parse(string(source))
	if err != nil {
		panic(fmt.Errorf("templates: %w", err))
	}
	for _, part := range t.Templates() {
		secure(part.Tree, part.Root)
	}
	var out strings.Builder
	if err := t.Execute(&out, data); err != nil {
		panic(fmt.Errorf("templates: filling %s: %w", name, err))
	}
	return strings.TrimSpace(out.String()) + "\n"
}

// functions are what a frame may call: messages and the arguments that are
// more than text.
func (l *Language) functions() template.FuncMap {
	return template.FuncMap{
		"t":       func(key string, args ...any) wikitext { return wikitext(l.Text(key, args...)) },
		"word":    func(key string) Arg { return Message(key) },
		"list":    List,
		"link":    Link,
		"section": Section,
		"user":    User,
		"url":     URL,
		"target":  func(title string) Arg { return Target(title) },
		"address": func(a string) Arg { return Address(a) },
		"raw":     func(source string) Arg { return Raw(source) },
		"when":    l.when,
		"code":    func(text string) Arg { return Code(text) },
		"percent": percentOf,
		"shown":   l.shown,
	}
}

// shown is a value as wikitext.
func (l *Language) shown(v any) string {
	if w, ok := v.(wikitext); ok {
		return string(w)
	}
	return toArg(v).render(l, l.chain[0], asWikitext)
}

func (l *Language) when(t time.Time) wikitext {
	if t.IsZero() {
		return wikitext(l.Text("never"))
	}
	return wikitext(l.shown(t))
}

// percentOf is the width of a bar: at least one percent where there is
// anything, so that the smallest can be seen.
func percentOf(part, whole int) wikitext {
	if part <= 0 || whole <= 0 {
		return "0"
	}
	return wikitext(fmt.Sprint(min(100, max(1, part*100/whole))))
}

// secure appends a call of shown to every action that prints.
func secure(tree *parse.Tree, n parse.Node) {
	switch n := n.(type) {
	case *parse.ListNode:
		if n == nil {
			return
		}
		for _, child := range n.Nodes {
			secure(tree, child)
		}
	case *parse.IfNode:
		secure(tree, n.List)
		secure(tree, n.ElseList)
	case *parse.RangeNode:
		secure(tree, n.List)
		secure(tree, n.ElseList)
	case *parse.WithNode:
		secure(tree, n.List)
		secure(tree, n.ElseList)
	case *parse.ActionNode:
		if len(n.Pipe.Decl) == 0 {
			name := parse.NewIdentifier("shown").SetTree(tree).SetPos(n.Pos)
			n.Pipe.Cmds = append(n.Pipe.Cmds, &parse.CommandNode{NodeType: parse.NodeCommand, Pos: n.Pos, Args: []parse.Node{name}})
		}
	}
}
