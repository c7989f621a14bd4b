package api

import (
	"cmp"
	"slices"
	"strconv"
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
		}, run: (*call).tellCases}
}

func (c *call) tellCases(a args) error {
	f, err := c.filterOf(a)
	if err != nil {
		return err
	}
	all, err := c.api.open.cases(c.world.Store, c.now)
	if err != nil {
		return err
	}
	return c.listCases(f.pick(all), a.num("limit"))
}

// filter says which cases to list, in which order, from where.
type filter struct {
	a        args
	self     string // the caller
	reviewer bool
	newer    bool
	from     *place // nil: the start
}

func (c *call) filterOf(a args) (filter, error) {
	f := filter{a: a, self: c.who.Name, reviewer: c.mayReview(), newer: a.text("dir") == "newer"}
	shown := func(what string) bool { return a.holds("show", what) }
	switch {
	case shown("own") && shown("!own") || shown("patrolled") && shown("!patrolled"):
		return f, fail("show", `Incorrect parameter - mutually exclusive values may not be supplied.`)
	case (shown("own") || shown("!own")) && c.who.Name == "":
		return f, mustLogIn()
	case shown("aside") && !f.reviewer:
		return f, fail("permissiondenied", "You don't have permission to see cases whose picture is not for everybody.")
	}
	if raw := a.text("continue"); raw != "" {
		from, err := parsePlace(raw)
		f.from = &from
		return f, err
	}
	return f, nil
}

// admits says whether a case is to be listed. One that is aside is there for
// who looks for that uploader's, as on the uploader's page, and for a reviewer
// who asks for it.
func (f filter) admits(o *outline) bool {
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

// place is where a case stands in the order: by what was asked for, then by
// SHA-1. What is decided or opened meanwhile moves nothing.
type place struct {
	n    int64
	sha1 string
}

func (p place) String() string { return strconv.FormatInt(p.n, 10) + "|" + p.sha1 }

func (p place) compare(o place) int {
	return cmp.Or(cmp.Compare(p.n, o.n), cmp.Compare(p.sha1, o.sha1))
}

// parsePlace reads where a list goes on.
func parsePlace(raw string) (place, error) {
	n, sha1, ok := strings.Cut(raw, "|")
	p := place{sha1: sha1}
	var err error
	if p.n, err = strconv.ParseInt(n, 10, 64); err != nil || !ok || len(sha1) != 40 {
		return p, badContinue()
	}
	return p, nil
}

// pick are the cases to list, in order.
func (f filter) pick(all []*outline) (picked []place) {
	compare := func(x, y place) int { return y.compare(x) }
	if f.newer {
		compare = place.compare
	}
	for _, o := range all {
		if p := f.place(o); f.admits(o) && (f.from == nil || compare(p, *f.from) >= 0) {
			picked = append(picked, p)
		}
	}
	slices.SortFunc(picked, compare)
	return picked
}

func (f filter) place(o *outline) place {
	switch f.a.text("sort") {
	case "uploaded":
		return place{o.Uploaded.Unix(), o.SHA1}
	case "best":
		return place{int64(o.best), o.SHA1}
	}
	return place{o.Opened.Unix(), o.SHA1}
}

// listCases reads what is shown from the memory. A case that was decided since
// the survey is passed over.
func (c *call) listCases(picked []place, limit int) error {
	told := []object{}
	err := c.world.Store.View(func(tx storage.Tx) error {
		for _, p := range picked {
			book, known, err := casebook.GetCase(tx, p.sha1)
			if err != nil {
				return err
			}
			if !known || !waits(book) {
				continue
			}
			if len(told) == limit {
				c.next["unreviewedimagematches"] = object{"uimcontinue": p.String()}
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
