package sandbox

import (
	"fmt"
	"slices"
	"strings"
)

// queryModule is a submodule of action=query. Exactly one of the ways to run
// is set: list yields rows (and may be a generator), prop yields rows for the
// pages of a page set, meta writes its own object.
type queryModule struct {
	module
	kind string // "list", "prop", "meta"
	key  string // name of the array in the answer
	cont string // name of the continue parameter, without prefix

	list func(*call, args) ([]row, error)
	prop func(*call, args, *pageSet) ([]row, error)
	meta func(*call, args) error

	// whole marks a prop that does its own limiting and continuation.
	whole func(*call, args, *pageSet) error
	// empty marks a prop that gives every page an array, even an empty one.
	empty func(*pageSet) []int64
	// finish completes the answer of a list, after its rows.
	finish func(*call, M)

	generator  bool
	unlimited  bool // every row comes at once, without a limit parameter
	noRedirect string
}

// row is one row of a list or of a prop.
type row struct {
	id    int64 // for a prop: the page it belongs to
	title title // for a generator: the page it yields
	hasID bool  // for a generator: yields by page id, not by title
	rev   int64 // for a generator of revisions
	out   any
	at    string // where to continue so that this row comes first
}

const queryParams = `
 prop*
 list*
 meta*
 indexpageids flag
 export flag
 exportnowrap flag
 exportschema
 iwurl flag
 continue
 rawcontinue flag
 titles*
 pageids*
 revids*
 generator
 redirects flag
 converttitles flag
`

func runQuery(c *call, a args) error {
	mods, err := c.queryModules()
	if err != nil {
		return err
	}
	cont, err := newContinuation(c, mods)
	if err != nil {
		return err
	}
	read, err := c.readAll(mods, cont)
	if err != nil {
		return err
	}
	set := newPageSet()
	if !cont.generatorDone {
		if set, err = c.buildPageSet(a, cont); err != nil {
			return err
		}
		set.output(c)
	} else if _, err := c.dryRunPageSet(a); err != nil {
		return err
	}
	for _, m := range mods {
		if !cont.runs(m.name) {
			continue
		}
		if err := c.runQueryModule(m, read[m.name], set, cont); err != nil {
			return c.inModule(&m.module, err)
		}
	}
	set.flush(c)
	cont.finish(c)
	return nil
}

// queryModules are the modules that the request names, props first. Unknown
// names are a warning, not an error.
func (c *call) queryModules() ([]*queryModule, error) {
	var mods []*queryModule
	for _, kind := range []string{"prop", "list", "meta"} {
		raw, _ := c.value(kind)
		var bad []string
		for _, name := range splitValues(raw) {
			m := c.w.queries[name]
			if m == nil || m.kind != kind || m.name == "globalusage" && !c.w.opts.GlobalUsage || m.name == "notifications" && c.w.opts.NoEcho {
				bad = append(bad, name)
			} else if !slices.Contains(mods, m) {
				mods = append(mods, m)
			}
		}
		if len(bad) > 0 {
			c.warn("query", "unrecognizedvalues", fmt.Sprintf("Unrecognized %s for parameter %q: %s",
				plural(len(bad), "value", "values"), kind, strings.Join(bad, ", ")), M{"parameter": kind, "values": bad})
		}
	}
	return mods, nil
}

// readAll reads every module's parameters, those of skipped modules too, so
// that their limits show and their parameters are not called unrecognised.
func (c *call) readAll(mods []*queryModule, cont *continuation) (map[string]args, error) {
	read := map[string]args{}
	for _, m := range mods {
		a, err := c.read(&m.module, m.prefix)
		if err != nil {
			return nil, c.inModule(&m.module, err)
		}
		read[m.name] = a
	}
	return read, nil
}

func (c *call) runQueryModule(m *queryModule, a args, set *pageSet, cont *continuation) error {
	switch {
	case m.meta != nil:
		return m.meta(c, a)
	case m.whole != nil:
		c.cont = cont
		return m.whole(c, a, set)
	case m.kind == "prop":
		rows, err := m.prop(c, a, set)
		if err != nil {
			return err
		}
		c.addPropRows(m, a, set, rows, cont)
		return nil
	}
	rows, err := m.list(c, a)
	if err != nil {
		return err
	}
	c.addListRows(m, a, rows, cont)
	return nil
}

func (c *call) addPropRows(m *queryModule, a args, set *pageSet, rows []row, cont *continuation) {
	if m.empty != nil {
		for _, id := range m.empty(set) {
			set.object(id)[m.key] = []any{}
		}
	}
	for i, r := range rows {
		if i == m.limit(a) {
			cont.add(m.name, m.prefix+m.cont, r.at)
			break
		}
		o := set.object(r.id)
		list, _ := o[m.key].([]any)
		o[m.key] = append(list, r.out)
	}
}

func (c *call) addListRows(m *queryModule, a args, rows []row, cont *continuation) {
	out := []any{}
	for i, r := range rows {
		if i == m.limit(a) {
			cont.add(m.name, m.prefix+m.cont, r.at)
			break
		}
		out = append(out, r.out)
	}
	c.query()[m.key] = out
	if m.finish != nil {
		m.finish(c, c.query())
	}
}

func (m *queryModule) limit(a args) int {
	if m.unlimited {
		return -1
	}
	return a.num("limit")
}
