package api

import (
	"fmt"
	"html"
	"net/http"
	"slices"
	"strings"
)

// paramInfo describes the modules to programs (API:Parameter information).
func paramInfo() *module {
	return &module{name: "paraminfo", path: "paraminfo", about: "Describes modules to programs.", params: []param{
		{name: "modules", kind: text, multi: true, about: "Paths of modules, such as query+reverseimagesearch."},
		{name: "helpformat", kind: choice, values: []string{"html", "none", "raw", "wikitext"}, preset: "none"},
	}, run: (*call).tellModules}
}

func (c *call) tellModules(a args) error {
	told := []object{}
	var unknown []string
	for _, path := range a.list("modules") {
		all := c.api.at(path)
		if len(all) == 0 {
			unknown = append(unknown, clip(path))
		}
		for _, m := range all {
			told = append(told, m.describe())
		}
	}
	if len(unknown) > 0 {
		c.warn("paraminfo", "badmodule", "The module "+strings.Join(unknown, ", ")+" does not exist.", nil)
	}
	c.out["paraminfo"] = object{"helpformat": "none", "modules": told}
	return nil
}

// at are the modules of a path; "query+*" are those of a query, and "**" are all.
func (a *API) at(path string) (found []*module) {
	for _, m := range a.all() {
		if m.path == path || path == "**" || path == "*" && m != a.main && !strings.Contains(m.path, "+") ||
			(path == "query+*" || path == "query+**") && strings.HasPrefix(m.path, "query+") {
			found = append(found, m)
		}
	}
	return found
}

// all modules, by path.
func (a *API) all() []*module {
	all := append([]*module{a.main}, slices.Concat(a.lists, a.metas)...)
	for _, m := range a.actions {
		all = append(all, m)
	}
	slices.SortFunc(all, func(x, y *module) int { return strings.Compare(x.path, y.path) })
	return all
}

func (m *module) describe() object {
	params := []object{}
	for i, p := range m.params {
		one := p.describe()
		one["index"] = i + 1
		params = append(params, one)
	}
	group := "action"
	if strings.HasPrefix(m.path, "query+") {
		group = "query"
	}
	return object{"name": m.name, "path": m.path, "group": group, "prefix": m.prefix, "source": "Filewarden",
		"readrights": true, "writerights": m.write, "mustbeposted": m.write, "parameters": params}
}

func (p param) describe() object {
	o := object{"name": p.name, "required": p.required, "multi": p.multi}
	switch p.kind {
	case choice:
		o["type"] = p.values
	case hash:
		o["type"] = string(text)
	default:
		o["type"] = string(p.kind)
	}
	if p.preset != "" {
		o["default"] = p.preset
	}
	if p.kind == limit {
		o["min"], o["max"], o["highmax"] = 1, p.most, p.most
	}
	if p.multi {
		o["limit"], o["lowlimit"], o["highlimit"] = mostValues, mostValues, mostValues
	}
	if p.token {
		o["tokentype"] = "csrf"
	}
	return o
}

// help describes the modules to people (API:Help).
func help() *module {
	return &module{name: "help", path: "help", about: "Describes the modules to people.", params: []param{
		{name: "modules", kind: text, multi: true}, {name: "submodules", kind: flag}, {name: "recursivesubmodules", kind: flag},
		{name: "wrap", kind: flag}, {name: "toc", kind: flag},
	}, run: (*call).tellPeople}
}

func (c *call) tellPeople(_ args) error {
	c.out["help"] = object{"mime": "text/html", "help": c.api.helpText()}
	return nil
}

func (a *API) writeHelp(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, "<!DOCTYPE html><html lang=en><title>Review API</title>\n%s</html>\n", a.helpText())
}

func (a *API) helpText() string {
	var b strings.Builder
	b.WriteString("<p>Cases of images that were found elsewhere, in the shape of MediaWiki's Action API.</p>\n")
	for _, m := range a.all() {
		fmt.Fprintf(&b, "<h2>%s</h2><p>%s</p><dl>\n", html.EscapeString(m.path), html.EscapeString(m.about))
		for _, p := range m.params {
			if p.about != "" {
				fmt.Fprintf(&b, "<dt>%s</dt><dd>%s %s</dd>\n", html.EscapeString(m.prefix+p.name), html.EscapeString(p.about),
					html.EscapeString(strings.Join(p.values, ", ")))
			}
		}
		b.WriteString("</dl>\n")
	}
	return b.String()
}
