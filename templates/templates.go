// Package templates holds every word and page that the bot writes, and the one
// place where text written by others is made safe for a wiki page.
//
// # Words
//
// A message is a line of wikitext under a key, one JSON file per language in
// the format of MediaWiki's own message files
// (https://www.mediawiki.org/wiki/Localisation_file_format): parameters $1, $2,
// {{PLURAL:$1|one|other}}, {{GENDER:$1|…}}, documentation in qqq.json. The
// framework's words are i18n/<language>.json, those of a task
// i18n/<task>/<language>.json. English is complete and is where every fallback
// chain ends.
//
// # Foreign text
//
// A message is parsed once, when it is loaded. Arguments are put into the
// finished tree and never parsed again, so what an argument contains cannot
// become a parameter, a plural form or a template call of ours. What an
// argument may become on the page is said by its type (see Arg); a plain string
// is text, and every character that could mean something to the wiki becomes an
// entity. Raw is the only way past this and is for wikitext that this package
// made.
//
// # Pages
//
// Longer pages are frames in notices/ and reports/: text/template files with
// <% %> as delimiters, because {{ }} belongs to wikitext. Frames hold structure
// and no sentences, so all languages share them. Each value that a frame prints
// is escaped unless this package made it (see frame).
//
// # Recipes
//
// What a wiki's own procedures want written is data in recipes/, one JSON file
// for each wiki; the task that follows them reads it. See Pattern.
package templates

import (
	"embed"
	"io/fs"
)

//go:embed i18n notices recipes reports
var files embed.FS

// Files is the whole tree of words and frames, for `filewarden setup` and for
// tools that translate.
func Files() fs.FS { return files }

// Folder is the folder of a task's own words, ready for Load: it holds
// <language>.json and qqq.json. The empty name is the framework. A task without
// words of its own has an empty folder, which Load reports.
func Folder(task string) fs.FS {
	dir := "i18n"
	if task != "" {
		dir += "/" + task
	}
	sub, err := fs.Sub(files, dir)
	if err != nil { // only for a name that is no path at all
		return embed.FS{}
	}
	return sub
}
