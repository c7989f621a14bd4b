package usage

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"filewarden/bot/wiki"
	"filewarden/storage"
)

// recipients are the uploaders of a file that are told, by the policy of the
// config. The history is newest first, as prop=imageinfo gives it.
//
// A revert leaves no trace but its bytes: action=filerevert logs an ordinary
// new version. So a version is a revert when an older one has the same SHA-1.
func recipients(history []version, policy string) []string {
	if len(history) == 0 {
		return nil
	}
	first, current := history[len(history)-1].User, history[0].User
	var users []string
	switch policy {
	case original:
		users = []string{first}
	case originalAndCurrent:
		users = []string{first, current}
	default:
		for i, v := range history {
			older := func(o version) bool { return o.SHA1 == v.SHA1 }
			if policy == allButReverters && v.SHA1 != "" && slices.ContainsFunc(history[i+1:], older) {
				continue
			}
			users = append(users, v.User)
		}
	}
	slices.Sort(users)
	users = slices.Compact(users)
	return slices.DeleteFunc(users, func(u string) bool { return u == "" }) // hidden by an administrator
}

// histories reads the versions of files, newest first, from memory or else
// from the wiki. The upload log tells when what is remembered is out of date.
// A file without versions is not in the map.
func (p *pass) histories(ctx context.Context, files []string) (map[string][]version, error) {
	known := make(map[string][]version, len(files))
	var missing []string
	err := p.Store.View(func(tx storage.Tx) error {
		for _, file := range files {
			h, ok, err := versionTable.Get(tx, file)
			if err != nil {
				return err
			}
			if known[file] = h; !ok {
				missing = append(missing, file)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	params := wiki.Params{"prop": "imageinfo", "iilimit": "max", "iiprop": "user|timestamp|sha1"}
	for page, err := range p.Wiki.WalkTitles(ctx, missing, 0, params) {
		if err != nil {
			return nil, fmt.Errorf("reading who uploaded files: %w", err)
		}
		known["File:"+bareName(page.Title)] = versionsOf(page)
	}
	err = storage.UpdateEach(p.Store, missing, func(tx storage.Tx, file string) error {
		return versionTable.Put(tx, known[file], file)
	})
	return known, err
}

// maxVersions bounds what is kept of a file that is overwritten every day; the
// first version is kept too.
const maxVersions = 1000

func versionsOf(page *wiki.Page) []version {
	var h []version
	for row := range page.Rows("imageinfo") {
		v := version{User: userName(row.Text("user")), Time: unix(row.Text("timestamp")), SHA1: row.Text("sha1")}
		if len(v.SHA1) > 16 {
			v.SHA1 = v.SHA1[:16] // enough to tell the versions of one file apart
		}
		h = append(h, v)
	}
	if len(h) > maxVersions {
		h = append(h[:maxVersions-1:maxVersions-1], h[len(h)-1])
	}
	return h
}

// unix of a timestamp as the API writes it; 0 when there is none.
func unix(stamp string) int64 {
	t, err := time.Parse(time.RFC3339, stamp)
	if err != nil {
		return 0
	}
	return t.Unix()
}

// bareName is a title without its namespace.
func bareName(title string) string {
	_, name, ok := strings.Cut(title, ":")
	if !ok {
		return title
	}
	return name
}

// listOwn finds all files that a user uploaded a version of, once; from then
// on the upload log tells. list=allimages knows the files whose current version
// is theirs, by today's titles; the log knows first versions, by the titles of
// their time. A logged title that is not among the former is resolved by its
// page id, which survives moves.
func (p *pass) listOwn(ctx context.Context, w *person) error {
	if w.row.Listed {
		return nil
	}
	own := map[string]ownRow{}
	params := wiki.Params{"aisort": "timestamp", "aiuser": w.name, "aiprop": "timestamp", "ailimit": "max"}
	for row, err := range p.Wiki.Rows(ctx, "allimages", params) {
		if err != nil {
			return fmt.Errorf("listing the files of %s: %w", w.name, err)
		}
		title, _ := row.GetString("title")
		if file, ok := fileTitle(p.Wiki, title); ok {
			own[file] = ownRow{}
		}
	}
	moved, err := p.loggedUploads(ctx, w.name, own)
	if err != nil {
		return err
	}
	if err := p.resolve(ctx, moved, own); err != nil {
		return err
	}
	w.row.Listed = true
	return p.keepOwn(w, own)
}

// loggedUploads adds what the upload log says of a user's uploads, and returns
// those whose title it cannot be sure of, by page id.
func (p *pass) loggedUploads(ctx context.Context, user string, own map[string]ownRow) (map[int64]ownRow, error) {
	moved := map[int64]ownRow{}
	params := wiki.Params{"letype": "upload", "leuser": user, "leprop": "ids|title|type|timestamp", "lelimit": "max"}
	for row, err := range p.Wiki.Rows(ctx, "logevents", params) {
		if err != nil {
			return nil, fmt.Errorf("reading the upload log of %s: %w", user, err)
		}
		e := readEntry(p.Wiki, row)
		known, here := own[e.file]
		if e.action == "upload" {
			known.Original, known.Time = true, e.time.Unix()
		}
		switch {
		case here:
			own[e.file] = known
		case e.logPage > 0:
			was := moved[e.logPage]
			moved[e.logPage] = ownRow{was.Original || known.Original, max(was.Time, known.Time)}
		}
	}
	return moved, nil
}

// resolve finds today's titles of pages.
func (p *pass) resolve(ctx context.Context, pages map[int64]ownRow, own map[string]ownRow) error {
	var ids []string
	for id := range pages {
		ids = append(ids, strconv.FormatInt(id, 10))
	}
	if len(ids) == 0 {
		return nil
	}
	for page, err := range p.Wiki.Walk(ctx, wiki.Params{"prop": "info", "pageids": strings.Join(ids, "|")}) {
		if err != nil {
			return fmt.Errorf("looking up files by page id: %w", err)
		}
		if row := pages[page.ID]; !page.Missing && page.NS == nsFile && !wiki.Row(objectOf(page)).Has("redirect") {
			own["File:"+bareName(page.Title)] = row
		}
	}
	return nil
}

func objectOf(page *wiki.Page) map[string]any {
	data, _ := page.Interface().(map[string]any)
	return data
}

// keepOwn stores a user's files, and last that they are all there.
func (p *pass) keepOwn(w *person, own map[string]ownRow) error {
	files := make([]string, 0, len(own))
	for file := range own {
		files = append(files, file)
	}
	slices.Sort(files)
	err := storage.UpdateEach(p.Store, files, func(tx storage.Tx, file string) error {
		return ownTable.Put(tx, own[file], w.name, file)
	})
	if err != nil {
		return err
	}
	return p.Store.Update(func(tx storage.Tx) error { return personTable.Put(tx, w.row, w.name) })
}
