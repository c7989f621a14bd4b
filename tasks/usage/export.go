package usage

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"filewarden/storage"
)

// exported is what is known of one file, for other programs.
type exported struct {
	File    string           `json:"file"`
	Since   time.Time        `json:"since"`           // first scan
	First   *time.Time       `json:"first,omitempty"` // first use, where it came after that
	Busy    bool             `json:"busy,omitempty"`  // too many uses: only those are listed that were seen before
	Deleted *time.Time       `json:"deleted,omitempty"`
	Uses    []exportedUse    `json:"uses"`
	History []exportedChange `json:"history"`
}

// exportedUse is a use that there is now.
type exportedUse struct {
	Wiki      string `json:"wiki"` // address without the title; "" is the file's own wiki
	Page      string `json:"page"`
	PageID    int64  `json:"pageid"`
	Namespace int    `json:"namespace"`
	Seen      string `json:"seen"`             // day
	Before    bool   `json:"before,omitempty"` // it was there when the file was first scanned
}

// exportedChange is a use that came or went, with the revision that did it.
type exportedChange struct {
	Seen    time.Time  `json:"seen"`
	Change  string     `json:"change"` // added, removed
	Wiki    string     `json:"wiki"`
	Page    string     `json:"page"`
	PageID  int64      `json:"pageid"`
	Rev     int64      `json:"revision,omitempty"`
	User    string     `json:"user,omitempty"`
	Time    *time.Time `json:"time,omitempty"`
	Comment string     `json:"comment,omitempty"`
	Via     string     `json:"via,omitempty"` // template or item through which the page shows the file
}

// exportFiles reads what is known of files; those never scanned are left out.
func exportFiles(tx storage.Tx, files []string, use func(exported) error) error {
	for _, file := range files {
		row, known, err := fileTable.Get(tx, file)
		if err != nil {
			return err
		}
		if !known {
			continue
		}
		e := row.export(file)
		for h, err := range historyTable.Scan(tx, file) {
			if err != nil {
				return err
			}
			e.History = append(e.History, h.Value.export(h.Key))
		}
		if err := use(e); err != nil {
			return err
		}
	}
	return nil
}

func (r *fileRow) export(file string) exported {
	e := exported{File: file, Since: timeOf(r.Since), Busy: r.Busy != 0, Deleted: when(r.Deleted), Uses: []exportedUse{}, History: []exportedChange{}}
	before := false
	for _, u := range r.Uses {
		before = before || u.Base
		e.Uses = append(e.Uses, exportedUse{Wiki: r.Wikis[u.Wiki], Page: u.Title, PageID: u.Page, Namespace: u.NS,
			Seen: dayTime(u.Day).Format(time.DateOnly), Before: u.Base})
	}
	if !before {
		e.First = when(r.First)
	}
	return e
}

func (h historyRow) export(key []string) exportedChange {
	use := historyKey(key)
	seen, _ := strconv.ParseInt(key[1], 10, 64)
	c := exportedChange{Seen: timeOf(seen), Change: "added", Wiki: use.wiki, Page: h.Title, PageID: use.page,
		Rev: h.Rev, User: h.User, Time: when(h.Time), Comment: h.Comment, Via: h.Via}
	if h.Removed {
		c.Change = "removed"
	}
	return c
}

// when is nil for no time.
func when(stamp int64) *time.Time {
	if stamp == 0 {
		return nil
	}
	t := timeOf(stamp)
	return &t
}

// exporter writes files one after the other.
type exporter interface {
	file(exported) error
	end() error
}

func newExporter(format string, out io.Writer) exporter {
	switch format {
	case "csv":
		return &csvExport{out: csv.NewWriter(out)}
	case "json":
		return &jsonExport{out: out}
	}
	return &textExport{out: tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)}
}

// jsonExport writes one array, a file at a time.
type jsonExport struct {
	out   io.Writer
	begun bool
}

func (x *jsonExport) file(e exported) error {
	text, err := json.Marshal(e)
	if err != nil {
		return err
	}
	before := ",\n"
	if !x.begun {
		before, x.begun = "[\n", true
	}
	_, err = fmt.Fprintf(x.out, "%s%s", before, text)
	return err
}

func (x *jsonExport) end() error {
	text := "\n]\n"
	if !x.begun {
		text = "[]\n"
	}
	_, err := io.WriteString(x.out, text)
	return err
}

// csvExport writes a row for each use and each change.
type csvExport struct {
	out   *csv.Writer
	begun bool
}

var csvHead = []string{"file", "what", "wiki", "page", "pageid", "namespace", "seen", "revision", "user", "time", "comment", "via"}

func (x *csvExport) head() error {
	if x.begun {
		return nil
	}
	x.begun = true
	return x.out.Write(csvHead)
}

func (x *csvExport) file(e exported) error {
	if err := x.head(); err != nil {
		return err
	}
	for _, u := range e.Uses {
		what := "use"
		if u.Before {
			what = "use before"
		}
		err := x.row(e.File, what, u.Wiki, u.Page, strconv.FormatInt(u.PageID, 10), strconv.Itoa(u.Namespace), u.Seen, "", "", "", "", "")
		if err != nil {
			return err
		}
	}
	for _, c := range e.History {
		rev, at := "", ""
		if c.Rev != 0 {
			rev = strconv.FormatInt(c.Rev, 10)
		}
		if c.Time != nil {
			at = c.Time.Format(time.RFC3339)
		}
		err := x.row(e.File, c.Change, c.Wiki, c.Page, strconv.FormatInt(c.PageID, 10), "", c.Seen.Format(time.RFC3339), rev, c.User, at, c.Comment, c.Via)
		if err != nil {
			return err
		}
	}
	return nil
}

// row writes a row. A spreadsheet would take text that begins like a formula
// for one, and these texts are by others.
func (x *csvExport) row(cells ...string) error {
	for i, cell := range cells {
		if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
			cells[i] = "'" + cell
		}
	}
	return x.out.Write(cells)
}

func (x *csvExport) end() error {
	if err := x.head(); err != nil {
		return err
	}
	x.out.Flush()
	return x.out.Error()
}

// textExport writes a table for people.
type textExport struct {
	out         *tabwriter.Writer
	files, uses int
}

func (x *textExport) file(e exported) error {
	wikis := map[string]bool{}
	for _, u := range e.Uses {
		wikis[u.Wiki] = true
	}
	if x.files == 0 {
		fmt.Fprintln(x.out, "FILE\tUSES\tWIKIS\tADDED\tREMOVED")
	}
	added := 0
	for _, c := range e.History {
		if c.Change == "added" {
			added++
		}
	}
	x.files++
	x.uses += len(e.Uses)
	uses := strconv.Itoa(len(e.Uses))
	if e.Busy { // it is no longer counted
		uses += " or more"
	}
	_, err := fmt.Fprintf(x.out, "%s\t%s\t%d\t%d\t%d\n", oneLine(e.File), uses, len(wikis), added, len(e.History)-added)
	return err
}

// oneLine keeps foreign text from steering a terminal.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7F && r < 0xA0 {
			return ' '
		}
		return r
	}, text)
}

func (x *textExport) end() error {
	fmt.Fprintf(x.out, "%d files, %d uses\n", x.files, x.uses)
	return x.out.Flush()
}
