package usage

import (
	"slices"
	"time"

	"filewarden/storage"
)

// Tables of the task's part of the store. Files are keyed by "File:A b.jpg".
var (
	stateTable    = storage.NewTable[stateRow]("state", 1)      // "pass"
	fileTable     = storage.NewTable[fileRow]("file", 1)        // file
	digestTable   = storage.NewTable[digestRow]("digest", 1)    // file; see digestRow
	aliasTable    = storage.NewTable[string]("alias", 1)        // old title → file
	historyTable  = storage.NewTable[historyRow]("history", 1)  // file, time, wiki, page
	personTable   = storage.NewTable[personRow]("person", 1)    // user
	ownTable      = storage.NewTable[ownRow]("own", 1)          // user, file
	versionTable  = storage.NewTable[[]version]("version", 1)   // file
	cursorTable   = storage.NewTable[cursorRow]("cursor", 1)    // log
	listTable     = storage.NewTable[[]string]("list", 1)       // category, number of part
	listHeadTable = storage.NewTable[listHead]("listhead", 1)   // category
	deletionTable = storage.NewTable[nomination]("deletion", 1) // file
	talkTable     = storage.NewTable[talkRow]("talk", 1)        // id
)

// stateRow is what a pass leaves to the next.
type stateRow struct {
	Last        int64 `json:"last"`                  // start of the last complete pass
	Uses        int   `json:"uses,omitempty"`        // found by it, for the size of batches
	Files       int   `json:"files,omitempty"`       // scanned by it
	Nominations bool  `json:"nominations,omitempty"` // those that stood at the beginning are known
	Nominated   int   `json:"nominated,omitempty"`   // files on the lists of nominated ones, followed or not
}

// fileRow is what is remembered of one file. It is stored for each of perhaps
// hundreds of thousands, so names are short and wikis are named once.
type fileRow struct {
	Since   int64     `json:"s"`           // of the first scan
	Wikis   []string  `json:"w,omitempty"` // keys of wikis that Uses and Past point to; "" is home
	Uses    []useRow  `json:"u,omitempty"`
	Past    []pastRow `json:"g,omitempty"` // ever seen, gone now; the latest last
	Told    []string  `json:"f,omitempty"` // who followed it at the last scan
	Aliases []string  `json:"a,omitempty"` // titles that it had before
	First   int64     `json:"1,omitempty"` // its first use as far as known
	Busy    int64     `json:"b,omitempty"` // when it was found to have too many uses
	Deleted int64     `json:"d,omitempty"`
}

// useRow is one use.
type useRow struct {
	Wiki  int    `json:"w,omitempty"`
	Page  int64  `json:"p"`
	NS    int    `json:"n,omitempty"`
	Title string `json:"t"`
	Day   int    `json:"d"`           // first seen, days since 1970
	Base  bool   `json:"b,omitempty"` // was there before the first scan
}

// pastRow is a use that is gone: enough to know it when it comes back.
type pastRow struct {
	Wiki int   `json:"w,omitempty"`
	Page int64 `json:"p"`
	Day  int   `json:"d"`
	Base bool  `json:"b,omitempty"`
}

// maxPast bounds the memory of a file whose uses come and go; the oldest are forgotten.
const maxPast = 10_000

// maxAliases bounds how many former titles of a file are asked for.
const maxAliases = 5

// historyRow is one change in the use of a file, with the revision that made it where known.
type historyRow struct {
	Title   string `json:"t"`
	NS      int    `json:"n,omitempty"`
	Removed bool   `json:"x,omitempty"`
	Rev     int64  `json:"r,omitempty"`
	User    string `json:"u,omitempty"`
	Time    int64  `json:"d,omitempty"` // of the revision
	Comment string `json:"c,omitempty"`
	Via     string `json:"v,omitempty"` // template or item that shows the file there
}

// personRow is what is remembered of somebody who follows files.
type personRow struct {
	Since  int64 `json:"s"`           // first pass that knew them
	Listed bool  `json:"l,omitempty"` // their uploads are in ownTable
}

// ownRow is one file that a user uploaded a version of.
type ownRow struct {
	Original bool  `json:"o,omitempty"` // the first version, by the upload log
	Time     int64 `json:"t,omitempty"` // of that first version
}

// version is one version of a file.
type version struct {
	User string `json:"u"`
	Time int64  `json:"t"`
	SHA1 string `json:"s"`
}

// dayOf is a time as it is stored.
func dayOf(t time.Time) int { return int(t.Unix() / 86400) }

// dayTime is the inverse of dayOf.
func dayTime(day int) time.Time { return time.Unix(int64(day)*86400, 0).UTC() }

// wiki finds or makes the place of a wiki in the row.
func (r *fileRow) wiki(key string) int {
	if i := slices.Index(r.Wikis, key); i >= 0 {
		return i
	}
	r.Wikis = append(r.Wikis, key)
	return len(r.Wikis) - 1
}

// ever is how many uses the file ever had.
func (r *fileRow) ever() int { return len(r.Uses) + len(r.Past) }

// names under which the file is asked for.
func (r *fileRow) names(title string) []string {
	return append([]string{title}, r.Aliases...)
}
