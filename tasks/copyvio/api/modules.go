package api

import (
	"slices"
	"strings"
)

// module is one module of the API.
type module struct {
	name, path, prefix string
	about              string
	params             []param
	write              bool // changes something: POST, with a csrf token
	run                func(*call, args) error
}

func names(modules []*module) (all []string) {
	for _, m := range modules {
		all = append(all, m.name)
	}
	return all
}

// mainModule takes the parameters that every request may have. Those without a
// meaning here (there is no lag, no other language) are taken and left alone,
// as clients add them to everything.
func mainModule(actions []string) *module {
	return &module{name: "main", path: "main", about: "What every request may have.", params: []param{
		{name: "action", kind: choice, values: actions, preset: "help", about: "Which action to perform."},
		{name: "format", kind: choice, values: []string{"json"}, preset: "json", about: "The format of the output."},
		{name: "formatversion", kind: choice, values: []string{"1", "2", "latest"}, preset: "1", about: "Its version."},
		{name: "utf8", kind: flag}, {name: "ascii", kind: flag},
		{name: "maxlag", kind: integer}, {name: "smaxage", kind: integer}, {name: "maxage", kind: integer},
		{name: "assert", kind: choice, values: []string{"anon", "bot", "user"}, about: "What the caller must be."},
		{name: "assertuser", kind: user, about: "Who the caller must be."},
		{name: "requestid", kind: text, about: "Comes back in the answer. Of a decision it is the name: sent again it is the same one."},
		{name: "servedby", kind: flag}, {name: "curtimestamp", kind: flag, about: "Adds the time of the answer."},
		{name: "responselanginfo", kind: flag}, {name: "uselang", kind: text}, {name: "variant", kind: text},
		{name: "origin", kind: text, about: "For pages of other sites: *, or the server of the wiki."},
		{name: "errorformat", kind: choice, values: errorFormats(), preset: "bc", about: "The format of errors and warnings."},
		{name: "errorlang", kind: text}, {name: "errorsuselocal", kind: flag},
	}}
}

// queryModule runs lists and metas, and goes on where the last answer ended.
func queryModule(lists, metas []*module) *module {
	return &module{name: "query", path: "query", about: "Asks for cases and for what a client needs to work.", params: []param{
		{name: "list", kind: choice, multi: true, values: names(lists), about: "Which lists to get."},
		{name: "meta", kind: choice, multi: true, values: names(metas), about: "Which other things to get."},
		{name: "continue", kind: text, about: "From the object continue of the answer before."},
		{name: "indexpageids", kind: flag}, {name: "rawcontinue", kind: flag},
	}, run: (*call).runQuery}
}

func (c *call) runQuery(a args) error {
	done, err := readContinue(a.text("continue"))
	if err != nil {
		return err
	}
	for _, m := range c.chosen(a) {
		if err := c.runPart(m, done[m.name]); err != nil {
			return inModule(m, err)
		}
	}
	c.writeContinue(a)
	return nil
}

// chosen are the modules that a query asks for, in the order of this API.
func (c *call) chosen(a args) (all []*module) {
	for _, m := range c.api.lists {
		if a.holds("list", m.name) {
			all = append(all, m)
		}
	}
	for _, m := range c.api.metas {
		if a.holds("meta", m.name) {
			all = append(all, m)
		}
	}
	return all
}

// runPart runs a module of a query. One that is done keeps its parameters, so
// that they are not told to be unknown.
func (c *call) runPart(m *module, done bool) error {
	a, err := c.read(m)
	if err != nil || done {
		return err
	}
	return m.run(c, a)
}

// readContinue reads what is before and after "||": generators, of which there
// are none, and the modules that are done (ApiContinuationManager).
func readContinue(raw string) (done map[string]bool, err error) {
	if raw == "" {
		return nil, nil
	}
	before, after, ok := strings.Cut(raw, "||")
	if !ok || before != "-" {
		return nil, badContinue()
	}
	done = map[string]bool{}
	for name := range strings.SplitSeq(after, "|") {
		done[name] = true
	}
	return done, nil
}

func badContinue() *refusal {
	return fail("badcontinue", "Invalid continue param. You should pass the original value returned by the previous query.")
}

// writeContinue says where the unfinished lists go on. There are no properties
// of pages, so a batch is always complete.
func (c *call) writeContinue(a args) {
	c.out["batchcomplete"] = true
	if len(c.next) == 0 {
		return
	}
	all := object{}
	var done []string
	for _, m := range c.chosen(a) {
		if c.next[m.name] == nil {
			done = append(done, m.name)
		}
		for k, v := range c.next[m.name] {
			all[k] = v
		}
	}
	slices.Sort(done)
	all["continue"] = "-||" + strings.Join(done, "|")
	c.out["continue"] = all
}
