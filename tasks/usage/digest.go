package usage

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strconv"

	"filewarden/storage"
)

// digestRow stands for the memory of a file of which nothing needs to be known
// but whether the answer is still the same. Nearly every file of every pass is
// one: with it the pass reads a line for each instead of all its uses.
//
// Only a file with nothing special about it has one: no former titles, not
// busy, not deleted. Whatever changes the file's row otherwise takes the digest
// away (putFile), and the next pass makes it anew from the whole row.
type digestRow struct {
	Sum    string `json:"s"`
	Global int    `json:"g,omitempty"` // uses on other wikis
	Local  int    `json:"l,omitempty"` // uses on this one
}

// digest of what a scan answers about a file and of who is told about it.
func digest(uses []use, told []string) digestRow {
	var row digestRow
	sorted := slices.Clone(uses)
	slices.SortFunc(sorted, func(a, b use) int {
		return cmp.Or(cmp.Compare(a.Wiki.Key, b.Wiki.Key), cmp.Compare(a.Page, b.Page), cmp.Compare(a.Title, b.Title))
	})
	text := make([]byte, 0, 64*(len(uses)+1))
	for _, u := range sorted {
		text = append(append(text, u.Wiki.Key...), 0)
		text = append(strconv.AppendInt(text, u.Page, 10), 0)
		text = append(strconv.AppendInt(text, int64(u.NS), 10), 0)
		text = append(append(text, u.Title...), '\n')
		if u.Wiki.Key == "" {
			row.Local++
		} else {
			row.Global++
		}
	}
	for _, name := range told {
		text = append(append(text, name...), '|')
	}
	sum := sha256.Sum256(text)
	row.Sum = base64.RawStdEncoding.EncodeToString(sum[:12])
	return row
}

// digestsOf reads those of sorted titles, most of which have one: passing over
// the rows in order costs a fraction of looking each of them up.
func digestsOf(tx storage.Tx, titles []string) (map[string]digestRow, error) {
	found := make(map[string]digestRow, len(titles))
	if len(titles) == 0 {
		return found, nil
	}
	last, at := titles[len(titles)-1], 0
	for row, err := range digestTable.ScanFrom(tx, titles[:1]) {
		if err != nil {
			return nil, err
		}
		file := row.Key[0]
		for at < len(titles) && titles[at] < file {
			at++
		}
		if file > last {
			break
		}
		if titles[at] == file {
			found[file] = row.Value
		}
	}
	return found, nil
}

// plain says whether a file may have a digest.
func (r *fileRow) plain() bool {
	return r.Since != 0 && r.Busy == 0 && r.Deleted == 0 && len(r.Aliases) == 0
}

// putFile stores the row of a file whose answer is not at hand.
func putFile(tx storage.Tx, row fileRow, file string) error {
	if err := digestTable.Delete(tx, file); err != nil {
		return err
	}
	return fileTable.Put(tx, row, file)
}

// putScanned stores the row of a file together with the digest of its answer,
// where it may have one.
func putScanned(tx storage.Tx, c *change) error {
	if err := putFile(tx, c.next, c.title); err != nil || c.digest.Sum == "" || !c.next.plain() {
		return err
	}
	return digestTable.Put(tx, c.digest, c.title)
}

// same says whether the answer about a file is that of the last scan, and
// nobody follows it who did not then.
func (s *subject) same(uses []use) bool {
	return s.digest.Sum != "" && s.digest == digest(uses, names(s.who))
}

// recall reads the row of a file that was so far known by its digest.
func (p *pass) recall(s *subject) error {
	if s.digest.Sum == "" || s.row.Since != 0 {
		return nil
	}
	return p.Store.View(func(tx storage.Tx) (err error) {
		s.row, s.known, err = fileTable.Get(tx, s.title)
		return err
	})
}
