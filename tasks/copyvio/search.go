package copyvio

import (
	"context"
	"fmt"

	"filewarden/storage"
	"filewarden/tasks/copyvio/casebook"
	"filewarden/tasks/copyvio/evidence"
	"filewarden/tasks/copyvio/provider"
)

// searchDue looks for the images whose waiting period is over.
func (p *pass) searchDue(ctx context.Context) error {
	return p.rounds(ctx, casebook.Waiting, p.searchRound)
}

// inquiry is one image that is looked for.
type inquiry struct {
	image    casebook.Image
	file     file
	evidence []casebook.Evidence
	result   provider.Result
	known    casebook.Case // what is known already
	hasCase  bool
	err      error // the picture could not be had
}

// searchRound looks for some images: is the file there still, what does the wiki
// know, what do providers say. What was found becomes a case.
func (p *pass) searchRound(ctx context.Context, images []casebook.Image) error {
	files, err := p.filesOf(ctx, images, withThumb|withPage)
	if err != nil {
		return err
	}
	var asked []*inquiry
	for _, image := range images {
		q, wanted, err := p.inquire(image, files[image.SHA1])
		if err != nil {
			return err
		}
		if wanted {
			asked = append(asked, q)
		}
	}
	if len(asked) == 0 {
		return nil
	}
	if err := p.gather(ctx, asked); err != nil {
		return err
	}
	if err := p.askProviders(ctx, asked); err != nil {
		return err
	}
	return p.openCases(ctx, asked)
}

// inquire says whether an image is to be looked for, and settles it where it is not.
func (p *pass) inquire(image casebook.Image, f file) (q *inquiry, wanted bool, err error) {
	q = &inquiry{image: image, file: f}
	err = p.Store.View(func(tx storage.Tx) (err error) {
		q.known, q.hasCase, err = casebook.GetCase(tx, image.SHA1)
		return err
	})
	if err != nil {
		return q, false, err
	}
	why, stage := "", casebook.Passed
	switch {
	case f.sha1 == "":
		why, stage = "not there any more", casebook.Gone
	case image.Wanted():
	case p.trusted(image):
		why = "its uploader is trusted"
	case q.hasCase && q.known.State == casebook.Rejected:
		why = "reviewers have rejected it before"
	}
	if why == "" {
		return q, true, nil
	}
	next := image
	end(&next, stage, why)
	return q, false, p.putImage(image, next)
}

// trusted says whether all who uploaded an image are trusted.
func (p *pass) trusted(image casebook.Image) bool {
	for _, u := range image.Uploads {
		if !isOneOf(p.config.Trusted, u.User) {
			return false
		}
	}
	return len(image.Uploads) > 0
}

func isOneOf(names []string, user string) bool {
	for _, name := range names {
		if casebook.SameUser(name, user) {
			return true
		}
	}
	return false
}

// gather collects what is known without asking a provider.
func (p *pass) gather(ctx context.Context, asked []*inquiry) error {
	subjects := make([]evidence.Subject, len(asked))
	for i, q := range asked {
		subjects[i] = evidence.Subject{SHA1: q.image.SHA1, Title: q.file.title, User: q.image.First().User,
			Metadata: q.file.metadata, Licence: q.file.licence, Text: q.file.text}
	}
	copyright, err := p.copyright()
	if err != nil {
		return err
	}
	found, err := evidence.Finder{Wiki: p.Wiki, Copyright: copyright}.Find(ctx, subjects)
	if err != nil {
		return fmt.Errorf("gathering evidence: %w", err)
	}
	for _, q := range asked {
		q.evidence = found[q.image.SHA1]
		q.evidence = append(q.before(), q.evidence...)
	}
	return nil
}

// before is the evidence of an earlier decision: that the content was accepted
// as copied, and came back.
func (q *inquiry) before() (found []casebook.Evidence) {
	for _, e := range q.known.Evidence {
		if e.Kind == casebook.SeenAccepted {
			found = append(found, e)
		}
	}
	if q.known.State == casebook.Accepted && q.cameBack() {
		e := casebook.Evidence{Kind: casebook.SeenAccepted, File: q.known.Title, User: q.known.By, Time: q.known.Decided, Opens: true}
		return []casebook.Evidence{e}
	}
	return found
}

// askProviders downloads the pictures and asks about them: first those that
// somebody asked for, for which other providers may be used.
func (p *pass) askProviders(ctx context.Context, asked []*inquiry) error {
	for _, purpose := range []provider.Purpose{provider.Checks, provider.Uploads} {
		var group []*inquiry
		for _, q := range asked {
			if q.image.Wanted() == (purpose == provider.Checks) {
				group = append(group, q)
			}
		}
		if err := p.askAbout(ctx, purpose, group); err != nil {
			return err
		}
	}
	return nil
}

func (p *pass) askAbout(ctx context.Context, purpose provider.Purpose, group []*inquiry) error {
	var images []provider.Image
	bySHA1 := map[string]*inquiry{}
	for _, q := range group {
		data, err := p.picture(ctx, q)
		if q.err = err; err != nil {
			continue
		}
		bySHA1[q.image.SHA1] = q
		images = append(images, provider.Image{SHA1: q.image.SHA1, Bytes: data.bytes, MIME: data.mime, Width: data.width, Height: data.height})
	}
	if len(images) == 0 || len(p.library.desk.Names(p.config.Providers, purpose)) == 0 {
		return ctx.Err()
	}
	results, err := p.library.desk.Ask(ctx, provider.Inquiry{Config: p.config.Providers, For: purpose, Images: images})
	for _, r := range results {
		if q := bySHA1[r.SHA1]; q != nil {
			q.result = r
		}
	}
	if err != nil {
		return fmt.Errorf("asking providers: %w", err)
	}
	return nil
}

// rendering is a picture as it is sent to a provider.
type rendering struct {
	bytes         []byte
	mime          string
	width, height int
}

// picture reads what is sent to providers, and looks for it in the index on the
// way: the one picture serves both.
func (p *pass) picture(ctx context.Context, q *inquiry) (rendering, error) {
	data, err := p.download(ctx, q.file)
	if err != nil {
		return rendering{}, err
	}
	picture, err := p.library.opener.Open(ctx, data)
	if err != nil {
		return rendering{}, fmt.Errorf("reading the picture of %s: %w", q.file.title, err)
	}
	alike, err := p.alike(q.image, picture.Query())
	if err != nil {
		return rendering{}, err
	}
	q.evidence = append(alike, q.evidence...)
	return rendering{data, "image/" + picture.Format, picture.Width, picture.Height}, nil
}
