package usage

import (
	"context"
	"fmt"
	"slices"
	"time"

	"filewarden/bot/wiki"
	"filewarden/storage"
)

// listings are the files in the categories and on the pages that people and
// the config name, by title of the category or page.
type listings struct {
	files map[string][]string
}

// listHead is what is known of a category's list.
type listHead struct {
	Files int   // by the wiki's own count
	At    int64 // when it was listed
	Parts int
}

const (
	listPart = 2000           // files in one row of a stored list
	relist   = 24 * time.Hour // a category whose size stays the same may have changed all the same
)

// readLists lists every category and page that anybody names, each once.
func (p *pass) readLists(ctx context.Context) error {
	p.lists = &listings{files: map[string][]string{}}
	var categories, galleries []string
	name := func(titles []string, ns int, into *[]string) {
		for _, written := range titles {
			if title, ok := pageTitle(p.Wiki, written, ns); ok && !slices.Contains(*into, title) {
				*into = append(*into, title)
			}
		}
	}
	for _, w := range p.people {
		name(w.prefs.Follow.Categories, nsCategory, &categories)
		name(w.prefs.Mute.Categories, nsCategory, &categories)
		name(w.prefs.Follow.Galleries, 0, &galleries)
		name(w.prefs.Mute.Galleries, 0, &galleries)
	}
	for _, s := range p.config.Sets {
		name(s.Categories, nsCategory, &categories)
		name(s.Galleries, 0, &galleries)
	}
	for _, c := range p.config.Credit {
		if c.Category != "" {
			name([]string{c.Category}, nsCategory, &categories)
		}
	}
	if err := p.readGalleries(ctx, galleries); err != nil {
		return err
	}
	return p.readCategories(ctx, categories)
}

// readGalleries lists the files that pages show or link to.
func (p *pass) readGalleries(ctx context.Context, titles []string) error {
	params := wiki.Params{"prop": "images|links", "imlimit": "max", "pllimit": "max", "plnamespace": "6"}
	for page, err := range p.Wiki.WalkTitles(ctx, titles, 0, params) {
		if err != nil {
			return fmt.Errorf("listing the files on pages: %w", err)
		}
		var files []string
		for _, property := range []string{"images", "links"} {
			for row := range page.Rows(property) {
				if file, ok := fileTitle(p.Wiki, row.Text("title")); ok {
					files = append(files, file)
				}
			}
		}
		p.lists.files[page.Title] = files
	}
	return nil
}

// readCategories asks for the sizes of categories and lists those anew whose
// size changed, or whose list is a day old.
func (p *pass) readCategories(ctx context.Context, titles []string) error {
	for page, err := range p.Wiki.WalkTitles(ctx, titles, 0, wiki.Params{"prop": "categoryinfo"}) {
		if err != nil {
			return fmt.Errorf("asking for the sizes of categories: %w", err)
		}
		size := 0
		if n, err := page.GetInt64("categoryinfo", "files"); err == nil {
			size = int(n)
		}
		if err := p.readCategory(ctx, page.Title, size); err != nil {
			return err
		}
	}
	return nil
}

func (p *pass) readCategory(ctx context.Context, title string, size int) error {
	var head listHead
	var files []string
	err := p.Store.View(func(tx storage.Tx) (err error) {
		head, files, err = readList(tx, title)
		return err
	})
	if err != nil {
		return err
	}
	if head.At == 0 || head.Files != size || p.start.Sub(time.Unix(head.At, 0)) >= relist {
		if files, err = p.listCategory(ctx, title); err != nil {
			return err
		}
		if err := p.keepList(title, head, size, files); err != nil {
			return err
		}
	}
	p.lists.files[title] = files
	return nil
}

func (p *pass) listCategory(ctx context.Context, title string) (files []string, err error) {
	params := wiki.Params{"cmtitle": title, "cmtype": "file", "cmprop": "title", "cmlimit": "max"}
	for row, err := range p.Wiki.Rows(ctx, "categorymembers", params) {
		if err != nil {
			return nil, fmt.Errorf("listing %s: %w", title, err)
		}
		written, _ := row.GetString("title")
		if file, ok := fileTitle(p.Wiki, written); ok {
			files = append(files, file)
		}
	}
	return files, nil
}

func readList(tx storage.Tx, title string) (head listHead, files []string, err error) {
	if head, _, err = listHeadTable.Get(tx, title); err != nil {
		return head, nil, err
	}
	for row, err := range listTable.Scan(tx, title) {
		if err != nil {
			return head, nil, err
		}
		files = append(files, row.Value...)
	}
	return head, files, nil
}

// keepList stores a list in parts, and its head last: parts without it are read again.
func (p *pass) keepList(title string, old listHead, size int, files []string) error {
	parts := slices.Collect(slices.Chunk(files, listPart))
	for i := range max(len(parts), old.Parts) {
		err := p.Store.Update(func(tx storage.Tx) error {
			if i == 0 {
				if err := listHeadTable.Delete(tx, title); err != nil {
					return err
				}
			}
			if i >= len(parts) {
				return listTable.Delete(tx, title, partKey(i))
			}
			return listTable.Put(tx, parts[i], title, partKey(i))
		})
		if err != nil {
			return err
		}
	}
	return p.Store.Update(func(tx storage.Tx) error {
		return listHeadTable.Put(tx, listHead{Files: size, At: p.start.Unix(), Parts: len(parts)}, title)
	})
}

func partKey(i int) string { return fmt.Sprintf("%05d", i) }
