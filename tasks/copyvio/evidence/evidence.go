// Package evidence finds what is known of an image without paying anybody: what
// the wiki itself remembers of the same content, and what name, metadata and
// description of the file give away.
//
// Two sorts of evidence differ in weight. That the same content was deleted as a
// copyright violation before is reason enough for a case ([casebook.Evidence]'s
// Opens). A file name from Facebook or a foreign author in the metadata is shown
// to the reviewer of a case that something else opened, or opens one by itself
// where the community's config says so.
//
// # What the interfaces are like
//
// list=filearchive (API:Filearchive) answers a look-up by SHA-1 to everybody;
// what was hidden is left out for accounts without the right deletedtext. It
// takes one SHA-1 a request and says nothing of the reason, which stands in the
// deletion log. prop=duplicatefiles (API:Duplicatefiles) takes many files.
package evidence

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"time"

	"filewarden/bot/wiki"
	"filewarden/tasks/copyvio/casebook"

	"github.com/antonholmquist/jason"
)

// Subject is the image that evidence is looked for.
type Subject struct {
	SHA1     string // 40 hexadecimal digits, lower case
	Title    string // "File:A b.jpg"
	User     string // who uploaded it
	Metadata map[string]string
	Licence  string // short name, from the file page; "" where none was found
	Text     string // wikitext of the file page
}

// Finder asks the wiki.
type Finder struct {
	Wiki *wiki.Session
	// Copyright says whether a deletion reason is about copyright.
	Copyright func(reason string) bool
}

// Find gathers evidence by SHA-1. The cost is a request for each image, one for
// each deleted file of the same content (three at most), and one for fifty
// images.
func (f Finder) Find(ctx context.Context, subjects []Subject) (map[string][]casebook.Evidence, error) {
	found := map[string][]casebook.Evidence{}
	if err := f.duplicates(ctx, subjects, found); err != nil {
		return nil, fmt.Errorf("looking for duplicates: %w", err)
	}
	for _, s := range subjects {
		deleted, err := f.archived(ctx, s.SHA1)
		if err != nil {
			return nil, fmt.Errorf("looking for deleted files with the content of %s: %w", s.Title, err)
		}
		found[s.SHA1] = append(append(deleted, found[s.SHA1]...), Signals(s)...)
	}
	return found, nil
}

// duplicates are files of this wiki with the same content.
func (f Finder) duplicates(ctx context.Context, subjects []Subject, found map[string][]casebook.Evidence) error {
	titles, bySHA1 := []string{}, map[string]string{}
	for _, s := range subjects {
		titles, bySHA1[s.Title] = append(titles, s.Title), s.SHA1
	}
	params := wiki.Params{"prop": "duplicatefiles", "dflimit": "max", "dflocalonly": "1"}
	for page, err := range f.Wiki.WalkTitles(ctx, titles, 0, params) {
		if err != nil {
			return err
		}
		sha1, ok := bySHA1["File:"+bare(page.Title)]
		for row := range page.Rows("duplicatefiles") {
			if !ok || row.Has("shared") {
				continue
			}
			at, _ := time.Parse(time.RFC3339, row.Text("timestamp"))
			found[sha1] = append(found[sha1], casebook.Evidence{Kind: casebook.Duplicate,
				File: "File:" + spaced(row.Text("name")), User: row.Text("user"), Time: at})
		}
	}
	return nil
}

// maxArchived deleted files of one content are looked at.
const maxArchived = 3

// archived are deleted files with the same content, the latest first.
func (f Finder) archived(ctx context.Context, sha1 string) ([]casebook.Evidence, error) {
	var names []string
	rows := f.Wiki.Rows(ctx, "filearchive", wiki.Params{"fasha1": sha1, "faprop": "timestamp|user", "falimit": "50"})
	for row, err := range rows {
		if err != nil {
			return nil, err
		}
		if name, err := row.GetString("name"); err == nil && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	var found []casebook.Evidence
	for _, name := range names[:min(len(names), maxArchived)] {
		e, err := f.deletion(ctx, "File:"+spaced(name))
		if err != nil {
			return nil, err
		}
		found = append(found, e)
	}
	slices.SortStableFunc(found, func(a, b casebook.Evidence) int { return b.Time.Compare(a.Time) })
	return found, nil
}

// deletion says who deleted a file, when and why; of several deletions the
// latest that was about copyright, or else the latest.
func (f Finder) deletion(ctx context.Context, title string) (casebook.Evidence, error) {
	found := casebook.Evidence{Kind: casebook.Deleted, File: title}
	rows := f.Wiki.Rows(ctx, "logevents", wiki.Params{"letype": "delete", "letitle": title, "lelimit": "20",
		"leprop": "type|user|timestamp|comment"})
	for row, err := range rows {
		if err != nil {
			return found, fmt.Errorf("reading why %s was deleted: %w", title, err)
		}
		if action, _ := row.GetString("action"); action != "delete" {
			continue
		}
		e := f.entry(row, title)
		if found.Time.IsZero() || e.Opens && !found.Opens {
			found = e
		}
	}
	return found, nil
}

func (f Finder) entry(row *jason.Object, title string) casebook.Evidence {
	e := casebook.Evidence{Kind: casebook.Deleted, File: title}
	e.User, _ = row.GetString("user")
	e.Text, _ = row.GetString("comment")
	stamp, _ := row.GetString("timestamp")
	e.Time, _ = time.Parse(time.RFC3339, stamp)
	e.Opens = f.Copyright != nil && f.Copyright(e.Text)
	return e
}

var underscores = regexp.MustCompile(`_+`)

func spaced(name string) string { return underscores.ReplaceAllString(name, " ") }

// bare is a title without its namespace.
func bare(title string) string {
	for i := range title {
		if title[i] == ':' {
			return title[i+1:]
		}
	}
	return title
}
