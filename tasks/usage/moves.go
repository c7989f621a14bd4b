package usage

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"filewarden/storage"
)

// moved gives what is remembered of a file to its new name. GlobalUsage keeps
// a moved file's uses under the old name until each page is parsed again, and
// then lists a page under both; so the old name stays an alias that is asked
// for too.
func (p *pass) moved(_ context.Context, entries []entry) error {
	for _, e := range entries {
		if e.target == "" || e.target == e.file {
			continue
		}
		err := p.Store.Update(func(tx storage.Tx) error { return p.rename(tx, e.file, e.target) })
		if err != nil {
			return fmt.Errorf("moving the memory of %s to %s: %w", e.file, e.target, err)
		}
	}
	return nil
}

func (p *pass) rename(tx storage.Tx, from, to string) error {
	if err := renameFile(tx, from, to); err != nil {
		return err
	}
	if err := versionTable.Delete(tx, from); err != nil {
		return err
	}
	if err := versionTable.Delete(tx, to); err != nil {
		return err
	}
	for name := range p.people {
		row, ok, err := ownTable.Get(tx, name, from)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		if err := ownTable.Delete(tx, name, from); err != nil {
			return err
		}
		if err := ownTable.Put(tx, row, name, to); err != nil {
			return err
		}
	}
	return nil
}

// renameFile moves the row of a file and its history.
func renameFile(tx storage.Tx, from, to string) error {
	row, ok, err := fileTable.Get(tx, from)
	if err != nil || !ok {
		return err
	}
	if there, ok, err := fileTable.Get(tx, to); err != nil {
		return err
	} else if ok {
		row = merged(row, there)
	}
	row.Aliases = slices.DeleteFunc(append(row.Aliases, from), func(a string) bool { return a == to })
	if over := len(row.Aliases) - maxAliases; over > 0 {
		row.Aliases = slices.Delete(row.Aliases, 0, over)
	}
	if err := errors.Join(fileTable.Delete(tx, from), digestTable.Delete(tx, from)); err != nil {
		return err
	}
	if err := putFile(tx, row, to); err != nil {
		return err
	}
	for _, alias := range row.Aliases {
		if err := aliasTable.Put(tx, to, alias); err != nil {
			return err
		}
	}
	if err := aliasTable.Delete(tx, to); err != nil {
		return err
	}
	return renameHistory(tx, from, to)
}

// maxHistoryMoved bounds one transaction; older history stays under the old name.
const maxHistoryMoved = 2000

func renameHistory(tx storage.Tx, from, to string) error {
	var rows []storage.Row[historyRow]
	for row, err := range historyTable.Scan(tx, from) {
		if err != nil {
			return err
		}
		rows = append(rows, row)
	}
	for _, row := range rows[max(0, len(rows)-maxHistoryMoved):] {
		if err := historyTable.Delete(tx, row.Key...); err != nil {
			return err
		}
		row.Key[0] = to
		if err := historyTable.Put(tx, row.Value, row.Key...); err != nil {
			return err
		}
	}
	return nil
}

// merged adds to a file's memory what was remembered under its new name
// already: somebody followed a name that the file was then moved to.
func merged(row, there fileRow) fileRow {
	seen := map[useKey]bool{}
	for _, u := range row.Uses {
		seen[useKey{row.Wikis[u.Wiki], u.Page}] = true
	}
	for _, u := range row.Past {
		seen[useKey{row.Wikis[u.Wiki], u.Page}] = true
	}
	for _, u := range there.Uses {
		key := there.Wikis[u.Wiki]
		if !seen[useKey{key, u.Page}] {
			u.Wiki = row.wiki(key)
			row.Uses = append(row.Uses, u)
		}
	}
	for _, u := range there.Past {
		key := there.Wikis[u.Wiki]
		if !seen[useKey{key, u.Page}] {
			u.Wiki = row.wiki(key)
			row.Past = append(row.Past, u)
		}
	}
	for _, name := range there.Told {
		if !slices.Contains(row.Told, name) {
			row.Told = append(row.Told, name)
		}
	}
	row.Deleted = 0
	return row
}

// dropAlias ends that a title counts as a former name of another file.
func dropAlias(tx storage.Tx, title string) error {
	file, ok, err := aliasTable.Get(tx, title)
	if err != nil || !ok {
		return err
	}
	row, ok, err := fileTable.Get(tx, file)
	if err != nil {
		return err
	}
	if ok {
		row.Aliases = slices.DeleteFunc(row.Aliases, func(a string) bool { return a == title })
		if err := putFile(tx, row, file); err != nil {
			return err
		}
	}
	return aliasTable.Delete(tx, title)
}
