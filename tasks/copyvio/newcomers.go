package copyvio

import (
	"context"
	"fmt"
	"slices"
	"time"

	"filewarden/storage"
	"filewarden/tasks/copyvio/casebook"
	"filewarden/tasks/copyvio/evidence"
)

// newcomerRow is a user with few edits and what they uploaded on one day.
type newcomerRow struct {
	Person casebook.Person `json:"person"`
	Files  []newFile       `json:"files"`
}

// newFile is one upload in the log of new users.
type newFile struct {
	SHA1    string              `json:"sha1"`
	Title   string              `json:"title"`
	Time    time.Time           `json:"time"`
	Width   int                 `json:"w,omitempty"`
	Height  int                 `json:"h,omitempty"`
	Licence string              `json:"licence,omitempty"`
	Signs   []casebook.Evidence `json:"signs,omitempty"`
	Again   bool                `json:"again,omitempty"` // a new version
	Hidden  bool                `json:"hidden,omitempty"`
}

var newcomerTable = storage.NewTable[newcomerRow]("newcomer", 1) // day, user

const (
	keepNewcomers = 60 * 24 * time.Hour
	mostNewFiles  = 200 // of one user on one day
)

// noteNewcomers puts uploads by users with few edits on the list of their day.
func (p *pass) noteNewcomers(ctx context.Context, images []casebook.Image, files map[string]file) error {
	if p.config.NewUploaders == 0 || p.only != nil {
		return nil
	}
	var names []string
	for _, image := range images {
		if u := latest(image); u.User != "" && files[image.SHA1].sha1 != "" && !slices.Contains(names, u.User) {
			names = append(names, u.User)
		}
	}
	people, err := p.people(ctx, names)
	if err != nil {
		return err
	}
	return storage.UpdateEach(p.Store, images, func(tx storage.Tx, image casebook.Image) error {
		u, f := latest(image), files[image.SHA1]
		who, known := people[u.User]
		if !known || who.Edits > p.config.NewUploaders || f.sha1 == "" || isOneOf(p.config.Trusted, u.User) {
			return nil
		}
		return p.noteNewcomer(tx, u, who, f)
	})
}

func (p *pass) noteNewcomer(tx storage.Tx, u casebook.Upload, who casebook.Person, f file) error {
	day := u.Time.UTC().Format(time.DateOnly)
	row, _, err := newcomerTable.Get(tx, day, u.User)
	if err != nil {
		return fmt.Errorf("listing an upload of %s: %w", u.User, err)
	}
	same := func(n newFile) bool { return n.SHA1 == f.sha1 && n.Time.Equal(u.Time) }
	if row.Person = who; slices.ContainsFunc(row.Files, same) || len(row.Files) >= mostNewFiles {
		return nil
	}
	signs := evidence.Signals(evidence.Subject{Title: f.title, User: u.User, Metadata: f.metadata, Licence: f.licence, Text: f.text})
	row.Files = append(row.Files, newFile{SHA1: f.sha1, Title: f.title, Time: u.Time, Width: f.width, Height: f.height,
		Licence: f.licence, Signs: signs, Again: u.Action != "upload", Hidden: p.nonFree(f)})
	return newcomerTable.PutFor(tx, keepNewcomers, row, day, u.User)
}

// nonFree says whether this wiki keeps a file without a free licence, or says
// that it is not to be shown.
func (p *pass) nonFree(f file) bool {
	return f.bad || slices.ContainsFunc(p.config.NonFree, func(written string) bool {
		t, err := p.Wiki.Title(written)
		return err == nil && f.category[t.Name]
	})
}

func latest(image casebook.Image) casebook.Upload {
	if n := len(image.Uploads); n > 0 {
		return image.Uploads[n-1]
	}
	return casebook.Upload{}
}
