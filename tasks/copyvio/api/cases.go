package api

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"filewarden/storage"
	"filewarden/tasks/copyvio/casebook"
)

// mostShown is how many matches a case in a list has with it.
const mostShown = 10

// unreviewedImageMatches lists the cases that wait for a decision, filtered as
// the feeds on the wiki are.
func unreviewedImageMatches() *module {
	return &module{name: "unreviewedimagematches", path: "query+unreviewedimagematches", prefix: "uim",
		about: "Cases that wait for a decision.", params: []param{
			{name: "uploader", kind: user, about: "Of this uploader only; then also cases whose picture is not for everybody."},
			{name: "minedits", kind: integer, about: "Of uploaders with at least so many edits."},
			{name: "maxedits", kind: integer, about: "Of uploaders with at most so many edits."},
			{name: "group", kind: text, multi: true, about: "Of uploaders in one of these groups."},
			{name: "excludegroup", kind: text, multi: true, about: "Not of uploaders in one of these groups."},
			{name: "show", kind: choice, multi: true, about: "Further filters.",
				values: []string{"!own", "!patrolled", "aside", "own", "patrolled"}},
			{name: "sort", kind: choice, preset: "opened", values: []string{"best", "opened", "uploaded"}, about: "What to sort by."},
			{name: "dir", kind: choice, preset: "older", values: []string{"newer", "older"}, about: "older: newest or best first."},
			{name: "limit", kind: limit, most: 50, preset: "10", about: "How many cases to return."},
			{name: "continue", kind: text},
		}, run: func(c *call, a args) error {
			f, err := c.filterOf(a)
			if err != nil {
				return err
			}
			all, err := c.api.open.cases(c.world.Store, c.now)
			if err != nil {
				return err
			}
			return c.listCases(f.pick(all), a.num("limit"))
		}}
}

// filter says which cases to list, in which order, from where.
type filter struct {
	a        args
	self     string // the caller
	reviewer bool
	newer    bool
	from     string // a key; "" is the start
}

func (c *call) filterOf(a args) (filter, error) {
	f := filter{a: a, self: c.who.Name, reviewer: c.mayReview(), newer: a.text("dir") == "newer", from: a.text("continue")}
	shown := func(what string) bool { return a.holds("show", what) }
	switch {
	case shown("own") && shown("!own") || shown("patrolled") && shown("!patrolled"):
		return f, fail("show", `Incorrect parameter - mutually exclusive values may not be supplied.`)
	case (shown("own") || shown("!own")) && c.who.Name == "":
		return f, mustLogIn()
	case shown("aside") && !f.reviewer:
		return f, fail("permissiondenied", "You don't have permission to see cases whose picture is not for everybody.")
	case f.from != "" && !keyShape(f.from):
		return f, badContinue()
	}
	return f, nil
}

// admits says whether a case is to be listed. One that is aside is there for
// who looks for that uploader's, as on the uploader's page, and for a reviewer
// who asks for it.
func (f filter) admits(o outline) bool {
	a, uploader := f.a, f.a.text("uploader")
	switch {
	case o.State == casebook.Aside && uploader == "" && !a.holds("show", "aside") && !(a.holds("show", "own") && o.Own(f.self)):
		return false
	case uploader != "" && !o.Own(uploader),
		a.has("minedits") && o.Person.Edits < a.num("minedits"),
		a.has("maxedits") && o.Person.Edits > a.num("maxedits"),
		len(a.list("group")) > 0 && !meet(o.Person.Groups, a.list("group")),
		meet(o.Person.Groups, a.list("excludegroup")),
		a.holds("show", "patrolled") && o.Patrol == "",
		a.holds("show", "!patrolled") && o.Patrol != "",
		a.holds("show", "own") && !o.Own(f.self),
		a.holds("show", "!own") && o.Own(f.self):
		return false
	}
	return true
}

func meet(a, b []string) bool {
	return slices.ContainsFunc(a, func(item string) bool { return slices.Contains(b, item) })
}

// keyed is a case with its place in the order.
type keyed struct{ key, sha1 string }

// pick are the cases to list, in order.
func (f filter) pick(all []outline) (picked []keyed) {
	for _, o := range all {
		if k := f.key(o); f.admits(o) && f.reached(k) {
			picked = append(picked, keyed{k, o.SHA1})
		}
	}
	slices.SortFunc(picked, func(x, y keyed) int {
		if f.newer {
			return cmp.Compare(x.key, y.key)
		}
		return cmp.Compare(y.key, x.key)
	})
	return picked
}

// reached says whether a case comes at or after the place where the list goes on.
func (f filter) reached(key string) bool {
	return f.from == "" || f.newer && key >= f.from || !f.newer && key <= f.from
}

// key orders by what was asked for, then by SHA-1: what is decided or opened
// meanwhile moves nothing.
func (f filter) key(o outline) string {
	n := max(o.Opened.Unix(), 0)
	switch f.a.text("sort") {
	case "uploaded":
		n = max(o.Uploaded.Unix(), 0)
	case "best":
		n = int64(o.best)
	}
	return fmt.Sprintf("%012d|%s", n, o.SHA1)
}

func keyShape(key string) bool {
	n, sha1, ok := strings.Cut(key, "|")
	return ok && len(n) == 12 && strings.Trim(n, "0123456789") == "" && len(sha1) == 40
}

// listCases reads what is shown from the memory. A case that was decided since
// the survey is passed over.
func (c *call) listCases(picked []keyed, limit int) error {
	told := []object{}
	err := c.world.Store.View(func(tx storage.Tx) error {
		for _, k := range picked {
			book, known, err := casebook.GetCase(tx, k.sha1)
			if err != nil {
				return err
			}
			if !known || !waits(book) {
				continue
			}
			if len(told) == limit {
				c.next["unreviewedimagematches"] = object{"uimcontinue": k.key}
				break
			}
			told = append(told, listed(book))
		}
		return nil
	})
	c.query()["unreviewedimagematches"] = told
	return err
}

// listed is a case in a list.
func listed(c casebook.Case) object {
	o := caseInfo(c)
	o["editcount"], o["groups"], o["patrolled"] = c.Person.Edits, list(c.Person.Groups), c.Patrol != ""
	set(o, "registration", c.Person.Registered)
	first := []object{}
	for _, m := range c.Matches[:min(len(c.Matches), mostShown)] {
		first = append(first, match(m))
	}
	o["matches"] = first
	return o
}
