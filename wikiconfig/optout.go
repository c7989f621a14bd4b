package wikiconfig

import (
	"fmt"
	"slices"
	"strings"
)

// OptOut is optout.json: never to write to.
type OptOut struct {
	Users []string `json:"users"` // names without namespace
	Pages []string `json:"pages"` // titles with theirs
}

// ParseOptOut obeys every no it can find in a page, however broken. The right
// form is {"users": [], "pages": []}; every text on the page counts, and one
// of which it cannot be said whether it names a user or a page counts as both.
// A problem that is no warning means that a no may have been missed.
func ParseOptOut(text string) (OptOut, []Problem) {
	d := readDocument(text, maxOptOut)
	o := optOutReader{problems: d.problems, broken: d.broken}
	if d.root == nil || d.root.kind == isNull || d.root.kind == isBool {
		o.refuse(d.root)
	}
	for _, v := range append([]*value{d.root}, d.more...) {
		if v != nil {
			o.page(v)
		}
	}
	if d.cut {
		o.problems = append(o.problems, Problem{Allowed: fmt.Sprintf("at most %d entries", maxOptOut), Message: "A list on this page has too many entries."})
	}
	return o.found(), told(o.problems)
}

type optOutReader struct {
	users, pages []string
	problems     []Problem
	broken       bool
}

const optOutForm = `{"users": ["Name"], "pages": ["User talk:Name"]}`

func (o *optOutReader) refuse(v *value) {
	if !o.broken {
		o.problems = append(o.problems, Problem{Value: v.shown(), Allowed: optOutForm, Message: "This page names neither users nor pages."})
	}
}

func (o *optOutReader) warn(path []string, v *value, message string) {
	if !o.broken && len(o.problems) < maxProblems {
		o.problems = append(o.problems, Problem{Pointer: pointer(path), Value: v.shown(), Allowed: optOutForm, Message: message, Warning: true})
	}
}

func (o *optOutReader) page(v *value) {
	if v.kind == isNull || v.kind == isBool {
		return
	}
	if v.kind != isObject {
		o.warn(nil, v, "It is not said whether these are users or pages, so each is taken as both.")
		o.gather(v, &o.users, &o.pages)
		return
	}
	for _, m := range v.members {
		path := []string{m.key}
		switch key := Nearest(m.key, []string{"users", "pages"}); {
		case key == "":
			o.warn(path, m.value, fmt.Sprintf("There is no key %q here; it and what it holds is taken for users and pages.", shorten(m.key)))
			o.users, o.pages = append(o.users, m.key), append(o.pages, m.key)
			o.gather(m.value, &o.users, &o.pages)
		case key == "users":
			o.list(m, key, path, &o.users)
		default:
			o.list(m, key, path, &o.pages)
		}
	}
}

// list reads the value of users or pages.
func (o *optOutReader) list(m member, key string, path []string, into *[]string) {
	if m.key != key {
		o.warn(path, m.value, fmt.Sprintf("There is no key %q here; it is taken for %q.", shorten(m.key), key))
	} else if m.value.kind != isList {
		o.warn(path, m.value, fmt.Sprintf("%s must be a list of texts.", key))
	} else if i := slices.IndexFunc(m.value.items, func(v *value) bool { return v.kind != isText }); i >= 0 {
		o.warn(path, m.value.items[i], fmt.Sprintf("An entry of %s must be a text.", key))
	}
	o.gather(m.value, into)
}

// gather adds every text and number within a value, keys of objects too.
func (o *optOutReader) gather(v *value, into ...*[]string) {
	switch v.kind {
	case isText, isNumber:
		for _, list := range into {
			*list = append(*list, v.text)
		}
	case isList:
		for _, item := range v.items {
			o.gather(item, into...)
		}
	case isObject:
		for _, m := range v.members {
			for _, list := range into {
				*list = append(*list, m.key)
			}
			o.gather(m.value, into...)
		}
	}
}

// found brings the names to one form, sorted, each once.
func (o *optOutReader) found() OptOut {
	names := OptOut{Users: []string{}, Pages: []string{}}
	for _, s := range o.users {
		names.Users = append(names.Users, plainUser(s))
	}
	for _, s := range o.pages {
		names.Pages = append(names.Pages, plainTitle(s))
	}
	return OptOut{Users: tidy(names.Users), Pages: tidy(names.Pages)}
}

func tidy(names []string) []string {
	slices.Sort(names)
	return slices.DeleteFunc(slices.Compact(names), func(s string) bool { return s == "" })
}

// plainUser is a name without the English namespace that people put before it.
func plainUser(s string) string {
	s = plainTitle(s)
	if space, name, ok := strings.Cut(s, ":"); ok && (strings.EqualFold(space, "user") || strings.EqualFold(space, "user talk")) {
		s = strings.TrimSpace(name)
	}
	return s
}

// union holds what either of two lists names.
func (o OptOut) union(other OptOut) OptOut {
	return OptOut{Users: tidy(slices.Concat(o.Users, other.Users)), Pages: tidy(slices.Concat(o.Pages, other.Pages))}
}
