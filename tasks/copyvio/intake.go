package copyvio

import (
	"context"
	"slices"
	"time"

	"filewarden/bot/wiki"
	"filewarden/storage"
	"filewarden/tasks/copyvio/casebook"
)

// uploaded stores one upload. A content that was seen before is the same image:
// it is looked at again, as there is another file and perhaps another uploader.
func (p *pass) uploaded(tx storage.Tx, e entry) error {
	if e.sha1 == "" {
		return nil // a hidden or damaged entry, of a version that is gone
	}
	image, known, err := casebook.GetImage(tx, e.sha1)
	if err != nil || slices.ContainsFunc(image.Uploads, func(u casebook.Upload) bool { return u.Log == e.id }) {
		return err
	}
	if !known {
		image = casebook.Image{SHA1: e.sha1}
	}
	if err := overwritten(tx, e); err != nil {
		return err
	}
	if slices.ContainsFunc(image.Uploads, func(u casebook.Upload) bool { return u.Title == e.title }) {
		e.action = "revert" // which the log calls an overwrite like any other
	}
	image.Uploads = append(image.Uploads, casebook.Upload{Title: e.title, User: e.user, Time: e.time, Log: e.id, Action: e.action})
	if n := len(image.Uploads); n > maxUploads {
		image.Uploads = slices.Delete(image.Uploads, 1, n-maxUploads+1)
	}
	image.Stage, image.Tries, image.Due = casebook.Hashing, 0, p.start
	return casebook.PutImage(tx, image)
}

// overwritten notes that another image stands at a title from now on.
func overwritten(tx storage.Tx, e entry) error {
	before, known, err := casebook.AtTitle(tx, e.title)
	if err != nil || !known || before == e.sha1 {
		return err
	}
	old, known, err := casebook.GetImage(tx, before)
	if err != nil || !known {
		return err
	}
	for i, u := range old.Uploads {
		if u.Title == e.title {
			old.Uploads[i].Over = true
		}
	}
	return casebook.PutImage(tx, old)
}

// maxUploads of one content are kept: the first and the latest.
const maxUploads = 20

// moved gives an image its file's new name.
func (p *pass) moved(tx storage.Tx, e entry) error {
	if e.target == "" {
		return nil
	}
	return p.eachAt(tx, e.title, func(image *casebook.Image, c *casebook.Case) {
		for i, u := range image.Uploads {
			if u.Title == e.title {
				image.Uploads[i].Title = e.target
			}
		}
		if c != nil && c.Title == e.title {
			c.Title = e.target
		}
	})
}

// eachAt changes the image that a file shows, and its case where there is one.
func (p *pass) eachAt(tx storage.Tx, title string, change func(*casebook.Image, *casebook.Case)) error {
	sha1, known, err := casebook.AtTitle(tx, title)
	if err != nil || !known {
		return err
	}
	image, known, err := casebook.GetImage(tx, sha1)
	if err != nil || !known {
		return err
	}
	c, hasCase, err := casebook.GetCase(tx, sha1)
	if err != nil {
		return err
	}
	if !hasCase {
		change(&image, nil)
		return casebook.PutImage(tx, image)
	}
	change(&image, &c)
	if err := casebook.PutImage(tx, image); err != nil {
		return err
	}
	return casebook.PutCase(tx, c)
}

// deleted applies the deletion log. An entry can be about an old version or a
// redirect too, so only pages that are really gone count.
func (p *pass) deleted(ctx context.Context, entries []entry) error {
	var known []entry
	err := p.Store.View(func(tx storage.Tx) error {
		known = known[:0]
		for _, e := range entries {
			if _, is, err := casebook.AtTitle(tx, e.title); err != nil {
				return err
			} else if is {
				known = append(known, e)
			}
		}
		return nil
	})
	if err != nil || len(known) == 0 {
		return err
	}
	gone, err := p.missing(ctx, known)
	if err != nil {
		return err
	}
	return storage.UpdateEach(p.Store, known, func(tx storage.Tx, e entry) error {
		switch {
		case e.action == "delete" && gone[e.title]:
			return p.eachAt(tx, e.title, func(i *casebook.Image, c *casebook.Case) { goneBy(i, c, e) })
		case e.action == "restore" && !gone[e.title]:
			return p.eachAt(tx, e.title, func(i *casebook.Image, c *casebook.Case) { p.backBy(i, c, e) })
		}
		return nil
	})
}

// missing says which files do not exist.
func (p *pass) missing(ctx context.Context, entries []entry) (map[string]bool, error) {
	var titles []string
	for _, e := range entries {
		titles = append(titles, e.title)
	}
	gone := map[string]bool{}
	for page, err := range p.Wiki.WalkTitles(ctx, titles, 0, wiki.Params{"prop": "info"}) {
		if err != nil {
			return nil, err
		}
		if title, ok := p.fileTitle(page.Title); ok {
			gone[title] = page.Missing
		}
	}
	return gone, nil
}

// goneBy notes that a file was deleted. One that was not looked for yet never
// will be; its hash stays, and so does the reason.
func goneBy(image *casebook.Image, c *casebook.Case, e entry) {
	for i, u := range image.Uploads {
		if u.Title == e.title && !u.Time.After(e.time) {
			image.Uploads[i].Deleted, image.Uploads[i].Reason = true, e.comment
		}
	}
	if image.Title() == "" && image.Stage != casebook.Done {
		image.Stage, image.Why, image.Due = casebook.Gone, e.comment, time.Time{}
	}
	if c != nil && c.Title == e.title && c.GoneAt.IsZero() {
		c.Gone, c.GoneAt = e.comment, e.time
		if c.State.Undecided() {
			c.State = casebook.Unshown
		}
	}
}

// backBy notes that a file was restored.
func (p *pass) backBy(image *casebook.Image, c *casebook.Case, e entry) {
	for i, u := range image.Uploads {
		if u.Title == e.title {
			image.Uploads[i].Deleted, image.Uploads[i].Reason = false, ""
		}
	}
	if image.Stage == casebook.Gone {
		image.Stage, image.Why, image.Due = casebook.Hashing, "", p.start
	}
	if c != nil && c.Title == e.title {
		c.Gone, c.GoneAt = "", time.Time{}
		if c.State == casebook.Unshown {
			c.State = c.Base
		}
	}
}
