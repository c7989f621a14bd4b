package copyvio

import (
	"context"
	"slices"
	"time"

	"filewarden/storage"
	"filewarden/tasks/copyvio/casebook"
)

// apply stores what entries of the logs say, in their order. Doing it twice is
// doing it once.
func (p *pass) apply(ctx context.Context, entries []entry) error {
	if err := p.complete(ctx, entries); err != nil {
		return err
	}
	known, err := p.casesAt()
	if err != nil {
		return err
	}
	now, err := p.standing(ctx, entries, known)
	if err != nil {
		return err
	}
	return storage.UpdateEach(p.Store, entries, func(tx storage.Tx, e entry) error {
		switch e.log {
		case uploadLog:
			return p.uploaded(tx, e)
		case moveLog:
			return moved(tx, e, known[e.title])
		}
		return p.deleted(tx, e, known[e.title], now[e.title])
	})
}

// complete asks for what log entries of uploads do not say: the content, in logs
// of old wikis, and whether an upload over another one brings an earlier version back.
func (p *pass) complete(ctx context.Context, entries []entry) error {
	var titles []string
	for _, e := range entries {
		if e.log == uploadLog && (e.sha1 == "" || e.action != "upload") {
			titles = append(titles, e.title)
		}
	}
	if len(titles) == 0 {
		return nil
	}
	found, err := p.lookUp(ctx, titles, withVersions)
	if err != nil {
		return err
	}
	for i := range entries {
		if e := &entries[i]; e.log == uploadLog && (e.sha1 == "" || e.action != "upload") {
			found[e.title].completes(e)
		}
	}
	return nil
}

// completes fills in an entry about one of the file's versions.
func (f file) completes(e *entry) {
	for _, v := range f.versions { // the latest first
		if e.sha1 == "" && casebook.SameUser(v.user, e.user) && v.time.Sub(e.made).Abs() <= time.Minute {
			e.sha1 = v.sha1
		}
	}
	if first := f.firstWith(e.sha1); e.sha1 != "" && first.sha1 == e.sha1 && first.time.Before(e.made) {
		e.first, e.action = &first, "revert"
	}
}

// firstWith is the oldest version with a content: later ones brought it back.
func (f file) firstWith(sha1 string) file {
	first := f
	for _, v := range f.versions {
		if v.sha1 == sha1 {
			first = v
		}
	}
	return first
}

// casesAt are the images that have a live case, by the title of their file.
func (p *pass) casesAt() (map[string][]string, error) {
	cases, err := p.live()
	at := map[string][]string{}
	for _, c := range cases {
		at[c.Title] = append(at[c.Title], c.SHA1)
	}
	return at, err
}

// standing looks up the files that entries say were deleted or restored, as far
// as they are known: an entry can be about an old version or a redirect too.
func (p *pass) standing(ctx context.Context, entries []entry, known map[string][]string) (map[string]file, error) {
	var titles []string
	err := p.Store.View(func(tx storage.Tx) error {
		titles = nil
		here := map[string]bool{}
		for _, e := range entries {
			here[e.title], here[e.target] = here[e.title] || e.log == uploadLog, true
			_, is, err := casebook.AtTitle(tx, e.title)
			if err != nil {
				return err
			}
			if e.log == deleteLog && (is || here[e.title] || len(known[e.title]) > 0) {
				titles = append(titles, e.title)
			}
		}
		return nil
	})
	if err != nil || len(titles) == 0 {
		return nil, err
	}
	return p.lookUp(ctx, titles, withVersions)
}

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
	if err := overwritten(tx, e); err != nil {
		return err
	}
	upload := casebook.Upload{Title: e.title, User: e.user, Time: e.time, Log: e.id, Action: e.action}
	if n := slices.IndexFunc(image.Uploads, func(u casebook.Upload) bool { return entered(u, e) }); n >= 0 {
		image.Uploads[n] = upload
		return casebook.PutImage(tx, image)
	}
	if slices.ContainsFunc(image.Uploads, func(u casebook.Upload) bool { return u.Title == e.title }) {
		upload.Action = "revert" // which the log calls an overwrite like any other
	}
	if image.SHA1 = e.sha1; !known && e.first != nil {
		image.Uploads = []casebook.Upload{{Title: e.title, User: e.first.user, Time: e.first.time, Action: "upload", Over: true}}
	}
	image.Uploads = kept(append(image.Uploads, upload))
	image.Stage, image.Tries, image.Due = casebook.Hashing, 0, p.start
	return casebook.PutImage(tx, image)
}

// entered says that somebody asked for a file before its upload was read in the log.
func entered(u casebook.Upload, e entry) bool {
	return u.Log == 0 && u.Title == e.title && casebook.SameUser(u.User, e.user) && u.Time.Sub(e.made).Abs() <= time.Minute
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
		if u.Title == e.title && u.Time.Before(e.time) {
			old.Uploads[i].Over = true
		}
	}
	return casebook.PutImage(tx, old)
}

// maxUploads of one content are kept: the first and the latest.
const maxUploads = 20

func kept(uploads []casebook.Upload) []casebook.Upload {
	slices.SortStableFunc(uploads, func(a, b casebook.Upload) int { return a.Time.Compare(b.Time) })
	if n := len(uploads); n > maxUploads {
		return slices.Delete(uploads, 1, n-maxUploads+1)
	}
	return uploads
}

// moved gives an image its file's new name.
func moved(tx storage.Tx, e entry, cases []string) error {
	if e.target == "" {
		return nil
	}
	return eachAt(tx, e.title, cases, func(image *casebook.Image, c *casebook.Case) {
		for i, u := range image.Uploads {
			if u.Title == e.title && !u.Time.After(e.time) {
				image.Uploads[i].Title = e.target
			}
		}
		if c != nil && c.Title == e.title && !c.Uploaded.After(e.time) {
			c.Title = e.target
		}
	})
}

// eachAt changes the images that a file shows or showed, and their cases: the
// present one, and those of earlier versions that have a live case.
func eachAt(tx storage.Tx, title string, cases []string, change func(*casebook.Image, *casebook.Case)) error {
	now, known, err := casebook.AtTitle(tx, title)
	if err != nil {
		return err
	}
	if known && !slices.Contains(cases, now) {
		cases = append(slices.Clone(cases), now)
	}
	for _, sha1 := range cases {
		if err := changeBoth(tx, sha1, change); err != nil {
			return err
		}
	}
	return nil
}

func changeBoth(tx storage.Tx, sha1 string, change func(*casebook.Image, *casebook.Case)) error {
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

// deleted applies an entry of the deletion log about a file that is now as given.
func (p *pass) deleted(tx storage.Tx, e entry, cases []string, now file) error {
	return eachAt(tx, e.title, cases, func(image *casebook.Image, c *casebook.Case) {
		switch shown := now.shows(image.SHA1); {
		case e.action == "delete" && !shown:
			goneBy(image, c, e)
		case e.action == "restore" && shown:
			p.backBy(image, c, e)
		}
	})
}

// shows says whether a version of the file has this content.
func (f file) shows(sha1 string) bool {
	_, earlier := f.version(sha1)
	return !f.missing && f.sha1 == sha1 || earlier
}

// goneBy notes that a file was deleted. One that was not looked for yet never
// will be; its hash stays, and so does the reason. A case goes on with another
// file of the same content.
func goneBy(image *casebook.Image, c *casebook.Case, e entry) {
	for i, u := range image.Uploads {
		if u.Title == e.title && !u.Time.After(e.time) {
			image.Uploads[i].Deleted, image.Uploads[i].Reason = true, e.comment
		}
	}
	elsewhere := image.Title()
	if elsewhere == "" && image.Stage != casebook.Done {
		image.Stage, image.Why, image.Due = casebook.Gone, e.comment, time.Time{}
	}
	switch {
	case c == nil || c.Title != e.title || !c.GoneAt.IsZero() || elsewhere == e.title:
	case elsewhere != "":
		c.Title = elsewhere
	default:
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
			c.State, c.Archived = c.Base, time.Time{}
		}
	}
}
