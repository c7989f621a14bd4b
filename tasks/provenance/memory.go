package provenance

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"filewarden/storage"
	"filewarden/tasks/provenance/audit"
	"filewarden/tasks/provenance/rule"
)

// Tables of the task's part of the store. Pages are known by their id, which
// stays when a page is moved.
var (
	stateTable   = storage.NewTable[stateRow]("state", 1)     // "pass"
	pageTable    = storage.NewTable[pageRow]("page", 1)       // page id
	findingTable = storage.NewTable[findingRow]("finding", 1) // page id, finding id
	gadgetTable  = storage.NewTable[gadgetsRow]("gadgets", 1) // "all"
	followTable  = storage.NewTable[followRow]("follow", 1)   // user, page id
	reportTable  = storage.NewTable[string]("report", 1)      // name of a report → what was published
	probeTable   = storage.NewTable[probeRow]("probe", 1)     // "last"
)

// Bounds of what is remembered of one page.
const (
	maxFindings = 300 // that are open or ignored
	maxFixed    = 200
	maxHistory  = 20  // events of one finding
	maxCode     = 300 // characters of code
	maxFix      = 600
	maxFormer   = 5
)

// stateRow is what a pass leaves to the next.
type stateRow struct {
	Last int64 `json:"last"` // start of the last complete pass
}

// gadgetsRow is what is known of the wiki's gadgets.
type gadgetsRow struct {
	Rev     int64          `json:"rev"` // of the definition page
	Gadgets []gadget       `json:"gadgets"`
	Users   map[string]int `json:"users"` // by gadget; empty: nobody uses any; nil: the wiki does not tell
	Counted int64          `json:"counted,omitempty"`
}

// followRow says since when somebody has been told about a page.
type followRow struct {
	Since int64 `json:"s"`
}

// What became of a page that is no longer audited.
const (
	goneDeleted = "deleted"
	goneLeft    = "left"  // the config does not want it any more, or its model is no code
	goneClean   = "clean" // found by its media URLs, and has none now
)

// pageRow is what is remembered of one page. Its text is not.
type pageRow struct {
	Title    string         `json:"t"`
	NS       int            `json:"n,omitempty"`
	Model    string         `json:"m"`
	Name     string         `json:"p"` // its title when first audited: part of every finding's id
	Former   []string       `json:"f,omitempty"`
	Rev      int64          `json:"r"` // audited
	Time     int64          `json:"d"` // of that revision
	User     string         `json:"u,omitempty"`
	Rules    string         `json:"v"` // rule set that it was audited with
	Analysis audit.Analysis `json:"a"`
	Why      string         `json:"w,omitempty"`
	Marks    []audit.Mark   `json:"k,omitempty"`
	More     int            `json:"x,omitempty"` // findings beyond maxFindings
	Gone     string         `json:"g,omitempty"`
	Asked    bool           `json:"q,omitempty"` // somebody asked for it, the config did not
}

// States of a finding.
const (
	stateOpen    = "open"
	stateIgnored = "ignored"
	stateFixed   = "fixed"
)

// Who says that a finding is ignored.
const (
	byMark   = "mark"
	byConfig = "config"
)

// findingRow is one finding with its history.
type findingRow struct {
	Rule     string        `json:"r"`
	Severity rule.Severity `json:"s"`
	Line     int           `json:"l"`
	Column   int           `json:"c"`
	Args     []string      `json:"a,omitempty"`
	Code     string        `json:"t"`
	Fix      string        `json:"f,omitempty"`
	State    string        `json:"e"`
	By       string        `json:"b,omitempty"` // of an ignored one
	Reason   string        `json:"w,omitempty"`
	Until    string        `json:"u,omitempty"`
	History  []change      `json:"h"` // the oldest first
}

// What happens to a finding.
const (
	changeFound     = "found"
	changeAgain     = "again"     // found after it had been fixed
	changeFixed     = "fixed"     // the code changed
	changeWithdrawn = "withdrawn" // the rules changed
	changeIgnored   = "ignored"
	changeCounted   = "counted" // no longer ignored
)

// change is one event in the life of a finding.
type change struct {
	What   string `json:"w"`
	Rev    int64  `json:"r,omitempty"`
	Time   int64  `json:"t"` // of the revision, or when it was decided
	User   string `json:"u,omitempty"`
	Reason string `json:"s,omitempty"`
}

// note adds an event; of a long history the beginning and the end are kept.
func (f *findingRow) note(c change) {
	f.History = append(f.History, c)
	if len(f.History) > maxHistory {
		f.History = slices.Delete(f.History, 1, 2)
	}
}

// last event of one of the kinds.
func (f *findingRow) last(kinds ...string) (c change, ok bool) {
	for i := len(f.History) - 1; i >= 0; i-- {
		if slices.Contains(kinds, f.History[i].What) {
			return f.History[i], true
		}
	}
	return change{}, false
}

// pageKey keeps pages in the order of their ids.
func pageKey(id int64) string { return fmt.Sprintf("%012d", id) }

func idOf(key string) int64 {
	id, err := strconv.ParseInt(key, 10, 64)
	if err != nil {
		return 0
	}
	return id
}

func timeOf(unix int64) time.Time {
	if unix == 0 {
		return time.Time{}
	}
	return time.Unix(unix, 0).UTC()
}

// findingsOf reads the findings of a page, by id.
func findingsOf(tx storage.Tx, id int64) (map[string]findingRow, error) {
	found := map[string]findingRow{}
	for row, err := range findingTable.Scan(tx, pageKey(id)) {
		if err != nil {
			return nil, err
		}
		found[row.Key[1]] = row.Value
	}
	return found, nil
}

// allPages reads what is remembered of all pages.
func allPages(store storage.Store) (map[int64]pageRow, error) {
	pages := map[int64]pageRow{}
	err := store.View(func(tx storage.Tx) error {
		for row, err := range pageTable.Scan(tx) {
			if err != nil {
				return err
			}
			pages[idOf(row.Key[0])] = row.Value
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading what is known of pages: %w", err)
	}
	return pages, nil
}
