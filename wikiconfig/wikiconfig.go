// Package wikiconfig reads, validates and remembers the JSON pages by which a
// wiki steers the bot: config.json and optout.json beneath the account's user
// page, and each user's Filewarden.json.
//
// The model. Go structs are the source of truth. A [Book] composes a JSON
// Schema (2020-12) at run time from the framework's own keys and from the
// struct that each task registered as its [Section], so a new task needs no
// generated file. A page may be partial: it is laid over the defaults before it
// is validated. All problems of a page come at once, each with JSON pointer,
// value and what is allowed, because a person repairs a page in one edit.
//
// The invariants, which the tests state by name:
//
//   - A bad revision of config.json never takes effect; the last good one stays,
//     over restarts too. Where none is known every task is paused.
//   - A no never waits for correctness. Of a preferences page or an opt-out list,
//     however broken, everything that says no is obeyed; a page whose no cannot
//     be read counts as a no.
//   - Only pages of content model json are trusted: MediaWiki protects
//     User:X/….json for X and administrators by its title, and validates it on
//     save by its model (mediawiki.org/wiki/Help:User_JSON).
//   - What callers get is theirs: nothing that they change reaches another caller.
//
// Pages are read through the small [Reader] declared here and remembered
// through [Keeper], so the package stands on nothing else of the bot's.
package wikiconfig

import (
	"context"
	"time"
)

// Page is one revision of a config page as its reader found it.
type Page struct {
	Title   string
	Missing bool
	RevID   int64
	User    string
	Time    time.Time
	Model   string // content model; only "json" is trusted
	Text    string
}

// Reader reads the current revision of pages in one request, keyed by the
// titles asked for. A page that does not exist is in the map, marked Missing.
type Reader interface {
	Pages(ctx context.Context, titles []string) (map[string]Page, error)
}

// Keeper remembers the last good copy of a page over restarts.
type Keeper interface {
	Load(name string) (value []byte, ok bool, err error)
	Save(name string, value []byte) error
}

// Section is what one task adds to the config and to the preferences: pointers
// to structs that hold the defaults, or nil. Fields are described by the tags
// json and jsonschema (title, description, enum, minimum, maximum, pattern …),
// a description with commas by jsonschema_description.
//
// The keys of [Common] and [CommonPreferences] are added by themselves; a
// struct that wants other defaults for them embeds them.
type Section struct {
	Name        string
	Config      any
	Preferences any
}

// Problem is one thing wrong on a page.
type Problem struct {
	Pointer string // JSON pointer, "/tasks/usage/every"
	Value   string // as on the page, at most 80 characters
	Allowed string // what would be right
	Message string // one English sentence
	Warning bool   // unknown key, understood otherwise: does not refuse the page
}

// Refused tells whether any of the problems is more than a warning.
func Refused(problems []Problem) bool {
	for _, p := range problems {
		if !p.Warning {
			return true
		}
	}
	return false
}

// Limits on a page. They keep the work bounded whatever a page holds; MediaWiki
// itself refuses more than 2 MiB ($wgMaxArticleSize).
const (
	maxPage     = 2 << 20 // bytes of text
	maxDepth    = 50      // objects and lists within each other
	maxList     = 5000    // entries of one list, keys of one object
	maxOptOut   = 100_000 // entries of one list of optout.json
	maxValues   = 100_000 // values on the whole page, beside one longest list
	maxProblems = 100     // problems told of one page
	maxShown    = 80      // characters of a value or key that are shown
)
