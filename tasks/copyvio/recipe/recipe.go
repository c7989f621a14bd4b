// Package recipe does what a wiki's own procedures demand about a file that a
// reviewer said was copied: tag it, nominate it for deletion, or delete it.
//
// # Recipes
//
// A recipe is data, one JSON file for each wiki in templates/recipes. It has
// up to four procedures:
//
//	tag       a speedy deletion template on the file, and a notice
//	delayed   a template that leaves some days to show a permission, and a notice
//	nominate  a request for deletion, with all the pages that belong to it
//	delete    the deletion itself
//
// Each is a list of steps; a step is one edit of one page, or the deletion.
// What a step writes is a templates.Pattern: the wiki's own templates with
// places for the file, the reason, the date. Every value is escaped by its
// kind, and titles are checked to be titles.
//
// # An action
//
// The Runner brings the action of a case forward (casebook.Action is its
// state, plan its details):
//
//	planned → doing → done             the decision stood for ten minutes, all steps are made
//	planned → none                     there is nothing to do: gone, overwritten, tagged already
//	planned → undone                   the decision was taken back before anything was done
//	doing or done → undoing → undone   it was taken back later: what still stands as it was made is reverted
//	doing, undoing → failed            a person must look, and Why says at what
//
// The whole plan, with every text, is stored before the first write, and the
// trial admits it as one. Each step is marked as tried before its write goes
// out, and its id is in the summary; after a crash or an answer that never came
// the page's history is asked for that id before anything is sent again. An
// action that was interrupted goes on at the next call, on the same pages, and
// the status page says so until then.
//
// What people took away is not put back: once the bot's tag is gone from the
// file's page the rest is left undone.
package recipe

import (
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"filewarden/bot/wiki"
	"filewarden/templates"
)

// Procedures by name; they are also the values of action in config.json.
const (
	Tag      = "tag"
	Delayed  = "delayed"
	Nominate = "nominate"
	Delete   = "delete"
	None     = "none" // decisions are recorded and nothing is done about the file
)

// Generic is the recipe for wikis without one of their own.
const Generic = "generic"

// Recipe is what one wiki wants done.
type Recipe struct {
	Name  string
	Wikis []string // database names and hosts of the wikis it is for
	// CopyvioPattern finds the reasons in a deletion log that speak of copyright.
	CopyvioPattern *regexp.Regexp

	tagged     []templates.Pattern // templates that say: something is done about the file already
	procedures map[string]procedure
	template   string // of the generic recipe: the community's own
}

// procedure is a list of steps.
type procedure struct {
	needs     string // a place that must have a value
	otherwise string // the procedure to follow where it has none
	request   *request
	steps     []step
}

// request is the page on which a request for deletion is made.
type request struct {
	page   templates.Pattern
	closed []string // text on it, in small letters, of requests that are over
}

// Where on its page a step writes.
const (
	top      = "top"
	bottom   = "bottom"
	section  = "section" // a new one
	create   = "create"  // the page is not there yet; where it is, the step is done
	deletion = "delete"  // the page is deleted
)

// step is one edit, or the deletion.
type step struct {
	page     templates.Pattern
	position string
	heading  templates.Pattern // of a new section
	text     templates.Pattern
	fresh    templates.Pattern // goes before the text where the page is new
	summary  templates.Pattern // blank: a message of ours
	notice   bool              // it is a message to the uploader, who may not want any
	minor    bool
}

// All recipes, by name.
func All() (map[string]Recipe, error) {
	names, err := fs.Glob(templates.Files(), "recipes/*.json")
	if err != nil {
		return nil, err
	}
	all := map[string]Recipe{}
	for _, name := range names {
		source, err := fs.ReadFile(templates.Files(), name)
		if err != nil {
			return nil, err
		}
		r, err := Parse(source)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if r.Name != strings.TrimSuffix(path.Base(name), ".json") {
			return nil, fmt.Errorf("%s: the recipe calls itself %q", name, r.Name)
		}
		all[r.Name] = r
	}
	return all, nil
}

// Choice is what config.json says about actions.
type Choice struct {
	Recipe   string // by name; "": the one that names this wiki, else generic
	Action   string // a procedure, or none; "": tag where the recipe names this wiki, else none
	Template string // the tag of the generic recipe: "Copyvio"
}

// Choose finds the recipe and the procedure for a wiki. A config that asks for
// what no recipe has is an error that says what there is.
func Choose(all map[string]Recipe, c Choice, site wiki.Site) (Recipe, string, error) {
	r, ready := forSite(all, site)
	if c.Recipe != "" {
		named, known := all[c.Recipe]
		if !known {
			return Recipe{}, "", fmt.Errorf("recipe %q: there is none of that name; there is %s", c.Recipe, list(maps.Keys(all)))
		}
		ready, r = ready && r.Name == named.Name, named
	}
	action := c.Action
	switch {
	case action == "" && ready:
		action = Tag
	case action == "":
		action = None
	}
	if _, known := r.procedures[action]; !known && action != None {
		return r, None, fmt.Errorf("action %q: the recipe %s has none of that name; it has %s, %s", action, r.Name, list(maps.Keys(r.procedures)), None)
	}
	r.template = strings.TrimSpace(c.Template)
	if r.Name == Generic && r.template == "" && action != None {
		return r, None, fmt.Errorf("action %q: the recipe %s needs the name of this wiki's template", action, r.Name)
	}
	return r, action, nil
}

// forSite is the recipe that names a wiki, else the generic one.
func forSite(all map[string]Recipe, site wiki.Site) (r Recipe, ready bool) {
	host := site.Server
	if u, err := url.Parse(site.Server); err == nil && u.Host != "" {
		host = u.Host
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if r := all[name]; slices.Contains(r.Wikis, site.WikiID) || slices.Contains(r.Wikis, host) {
			return r, true
		}
	}
	return all[Generic], false
}

func list(names func(func(string) bool)) string { return strings.Join(slices.Sorted(names), ", ") }
