package bot

import (
	"context"
	"fmt"
	"io/fs"

	"filewarden/bot/wiki"
	"filewarden/storage"
	"filewarden/templates"
	"filewarden/wikiconfig"
)

// pageReader lets wikiconfig read pages without knowing the wire.
type pageReader struct{ session *wiki.Session }

// Pages reads the current revisions of titles.
func (r pageReader) Pages(ctx context.Context, titles []string) (map[string]wikiconfig.Page, error) {
	texts, err := r.session.Read(ctx, titles...)
	if err != nil {
		return nil, fmt.Errorf("reading config pages: %w", err)
	}
	pages := make(map[string]wikiconfig.Page, len(texts))
	for asked, t := range texts {
		pages[asked] = wikiconfig.Page{
			Title: t.Title, Missing: t.Missing || t.Invalid, RevID: t.RevID,
			User: t.User, Time: t.Time, Model: t.Model, Text: t.Content,
		}
	}
	return pages, nil
}

// keeper keeps the last good copies of config pages in the memory.
type keeper struct{ store storage.Store }

// Load returns a kept copy.
func (k keeper) Load(name string) (value []byte, ok bool, err error) {
	err = k.store.View(func(tx storage.Tx) error {
		value, ok, err = tx.Get([]byte(name))
		return err
	})
	return value, ok, err
}

// Save keeps a copy.
func (k keeper) Save(name string, value []byte) error {
	return k.store.Update(func(tx storage.Tx) error { return tx.Set([]byte(name), value, 0) })
}

// folders of words: the framework's own and those of the tasks.
func folders(tasks []Registration) []fs.FS {
	all := []fs.FS{templates.Folder("")}
	for _, t := range tasks {
		if t.Words != nil {
			all = append(all, t.Words)
		}
	}
	return all
}
