package copyvio

import (
	"context"
	"fmt"
	"slices"
	"time"

	"filewarden/storage"
	"filewarden/tasks/copyvio/casebook"
	"filewarden/tasks/copyvio/provider"
)

// checked is what became of one file that somebody asked for.
type checked struct {
	title   string // as asked for, brought to its form
	outcome string // one of those below
	why     string // of unfit and waiting
	until   time.Time
	image   casebook.Image
	found   casebook.Case // of found
}

// Outcomes of a check; each is the end of a message's key.
const (
	checkMissing = "missing"   // there is no such file
	checkUnfit   = "not-image" // it is no picture
	checkFound   = "found"     // there is a case
	checkNothing = "nothing"   // nobody knows it
	checkWaiting = "later"     // a provider cannot be asked now
	checkQueued  = "queued"    // a pass is under way, which will look for it
	checkUnsure  = "unsure"    // nothing was found, but not everything could be asked
)

// check looks for files that somebody asked for, at once. The waiting period
// does not hold them up.
func (p *pass) check(ctx context.Context, titles []string, ask casebook.Ask) ([]checked, error) {
	results, err := p.enter(ctx, titles, ask)
	if err != nil {
		return nil, err
	}
	p.only = map[string]bool{}
	for _, r := range results {
		if r.outcome == "" {
			p.only[r.image.SHA1] = true
		}
	}
	if len(p.only) > 0 {
		if err := p.hashNew(ctx); err != nil {
			return results, err
		}
		if err := p.searchDue(ctx); err != nil {
			return results, err
		}
	}
	return results, p.outcomes(results)
}

// enter stores the wish: images that are not known yet are taken in.
func (p *pass) enter(ctx context.Context, titles []string, ask casebook.Ask) ([]checked, error) {
	found, err := p.lookUp(ctx, titles, withVersions)
	if err != nil {
		return nil, err
	}
	results := make([]checked, len(titles))
	for i, title := range titles {
		results[i].title = title
		f, known := found[title]
		if !known || f.missing {
			results[i].outcome = checkMissing
			continue
		}
		if results[i].image, err = p.enterOne(f, ask); err != nil {
			return nil, fmt.Errorf("noting that %s is to be checked: %w", title, err)
		}
	}
	return results, nil
}

func (p *pass) enterOne(f file, ask casebook.Ask) (image casebook.Image, err error) {
	err = p.Store.Update(func(tx storage.Tx) (err error) {
		if image, _, err = casebook.GetImage(tx, f.sha1); err != nil {
			return err
		}
		if image.SHA1 = f.sha1; !slices.Contains(image.Titles(), f.title) {
			first := f.firstWith(f.sha1)
			upload := casebook.Upload{Title: f.title, User: first.user, Time: first.time, Action: "upload"}
			image.Uploads = kept(append(image.Uploads, upload))
		}
		same := func(a casebook.Ask) bool { return a.Request == ask.Request && a.User == ask.User }
		image.Asked = append(slices.DeleteFunc(image.Asked, same), ask)
		image.Asked = image.Asked[max(len(image.Asked)-maxUploads, 0):]
		image.Stage, image.Tries, image.Due = casebook.Hashing, 0, p.start
		return casebook.PutImage(tx, image)
	})
	return image, err
}

// outcomes says what is known of each file now.
func (p *pass) outcomes(results []checked) error {
	return p.Store.View(func(tx storage.Tx) (err error) {
		for i := range results {
			r := &results[i]
			if r.outcome != "" {
				continue
			}
			if r.image, _, err = casebook.GetImage(tx, r.image.SHA1); err != nil {
				return err
			}
			var known bool
			if r.found, known, err = casebook.GetCase(tx, r.image.SHA1); err != nil {
				return err
			}
			r.outcome, r.why, r.until = p.outcomeOf(r.image, known && r.found.Shown()), r.image.Why, r.image.Due
			if r.outcome != checkFound {
				r.found = casebook.Case{} // what is withheld is told nobody
			}
		}
		return nil
	})
}

func (p *pass) outcomeOf(image casebook.Image, found bool) string {
	switch {
	case found:
		return checkFound
	case image.Stage == casebook.Passed:
		return checkUnfit
	case image.Stage == casebook.Gone:
		return checkMissing
	case !image.Due.IsZero():
		return checkWaiting
	case image.Why != "" || len(p.library.desk.Names(p.config.Providers, provider.Checks)) == 0:
		return checkUnsure
	}
	return checkNothing
}
