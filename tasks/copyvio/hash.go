package copyvio

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"filewarden/bot/wiki"
	"filewarden/storage"
	"filewarden/tasks/copyvio/casebook"
	"filewarden/tasks/copyvio/imagehash"
)

const (
	atOnce    = 48 // images of one round: three full batches of the provider with the largest
	mostTries = 6  // of one step, each after twice the pause
	tryAgain  = 10 * time.Minute
)

// hashNew hashes the images that are due to be: all of them, in rounds.
func (p *pass) hashNew(ctx context.Context) error {
	return p.rounds(ctx, casebook.Hashing, p.hashRound)
}

// rounds hands the due images of one stage to work until none is left. An image
// that work leaves due would come again and again, and is an error.
func (p *pass) rounds(ctx context.Context, stage casebook.Stage, work func(context.Context, []casebook.Image) error) error {
	seen := map[string]bool{}
	total := 0
	for {
		images, err := p.due(stage, seen)
		if err != nil || len(images) == 0 {
			return err
		}
		for _, image := range images {
			seen[image.SHA1] = true
		}
		if err := work(ctx, images); err != nil {
			return err
		}
		total += len(images)
		p.Progress(string(stage), total, 0)
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}

// due lists images of a stage that were not seen in this pass, at most a round.
func (p *pass) due(stage casebook.Stage, seen map[string]bool) (images []casebook.Image, err error) {
	err = p.Store.View(func(tx storage.Tx) error {
		images = nil
		for sha1, err := range casebook.Due(tx, p.start) {
			if err != nil || len(images) == atOnce {
				return err
			}
			if seen[sha1] || p.only != nil && !p.only[sha1] {
				continue
			}
			image, _, err := casebook.GetImage(tx, sha1)
			if err != nil {
				return err
			}
			if image.Stage == stage {
				images = append(images, image)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("listing images that are due: %w", err)
	}
	return images, nil
}

// hashRound hashes some images.
func (p *pass) hashRound(ctx context.Context, images []casebook.Image) error {
	found, err := p.filesOf(ctx, images, withThumb|withPage)
	if err != nil {
		return err
	}
	if err := p.noteNewcomers(ctx, images, found); err != nil {
		return fmt.Errorf("listing uploads of new users: %w", err)
	}
	for _, image := range images {
		v, next := found[image.SHA1], image
		p.hashOne(ctx, &next, v)
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := p.putImage(image, next); err != nil {
			return err
		}
	}
	return nil
}

// filesOf finds the versions that are the images, wherever they stand: the
// current ones, or earlier ones of files that were overwritten since. Of images
// that are nowhere there is none.
func (p *pass) filesOf(ctx context.Context, images []casebook.Image, what int) (map[string]file, error) {
	found := map[string]file{}
	for n := 0; ; n++ {
		at := map[string][]string{} // title → images that may be there
		for _, image := range images {
			if titles := image.Titles(); n < len(titles) && found[image.SHA1].sha1 == "" {
				at[titles[n]] = append(at[titles[n]], image.SHA1)
			}
		}
		if len(at) == 0 {
			return found, nil
		}
		if err := p.findAt(ctx, at, what, found); err != nil {
			return nil, err
		}
	}
}

// findAt looks for images at titles, and among earlier versions where the
// current one is another.
func (p *pass) findAt(ctx context.Context, at map[string][]string, what int, found map[string]file) error {
	now, err := p.lookUp(ctx, slices.Sorted(maps.Keys(at)), what)
	if err != nil {
		return err
	}
	over := map[string][]string{}
	for title, images := range at {
		for _, sha1 := range images {
			f := now[title]
			if !f.missing && f.sha1 == sha1 {
				found[sha1] = f
			} else if v, earlier := f.version(sha1); earlier {
				found[sha1] = v
			} else if len(f.versions) > 0 {
				over[title] = append(over[title], sha1)
			}
		}
	}
	if len(over) == 0 || what&withVersions != 0 {
		return nil
	}
	return p.findAt(ctx, over, what|withVersions, found)
}

// version is an earlier version with this content.
func (f file) version(sha1 string) (file, bool) {
	for _, v := range f.versions {
		if v.sha1 == sha1 {
			v.title, v.text, v.category = f.title, f.text, f.category
			return v, !v.missing
		}
	}
	return file{}, false
}

// hashOne brings an image from Hashing to what comes next. A picture that
// cannot be hashed is looked for all the same, by its SHA-1.
func (p *pass) hashOne(ctx context.Context, image *casebook.Image, v file) {
	if v.sha1 == "" {
		end(image, casebook.Gone, "not there when it was looked at first")
		return
	}
	image.Why = ""
	image.MIME, image.MediaType, image.Width, image.Height, image.Size = v.mime, v.media, v.width, v.height, v.size
	if v.media != "BITMAP" && v.media != "DRAWING" {
		end(image, casebook.Passed, "its media type is "+v.media)
		return
	}
	if err := p.hash(ctx, image.SHA1, v); err != nil {
		p.Log.Info().Err(err).Str("file", v.title).Msg("a picture has no hash")
		if image.Why = err.Error(); p.later(image, err) {
			return
		}
	}
	image.Stage, image.Tries, image.Due = casebook.Waiting, 0, p.release(*image)
}

// end is where an image's way ends; who asked for it has their answer.
func end(image *casebook.Image, stage casebook.Stage, why string) {
	image.Stage, image.Why, image.Due, image.Tries = stage, why, time.Time{}, 0
	image.Asked = casebook.Answered(image.Asked)
}

// release is when the waiting period of an image ends; at once for one that
// somebody asked for.
func (p *pass) release(image casebook.Image) time.Time {
	if image.Wanted() || len(image.Uploads) == 0 {
		return p.start
	}
	last := image.Uploads[len(image.Uploads)-1].Time.Add(time.Duration(p.config.Wait))
	if last.Before(p.start) {
		return p.start
	}
	return last
}

// later makes an image due again after a fault that may pass, longer after each.
func (p *pass) later(image *casebook.Image, err error) bool {
	if !passes(err) || image.Tries >= mostTries {
		return false
	}
	image.Due = p.start.Add(tryAgain << image.Tries)
	image.Tries++
	return true
}

// passes says whether a fault may be over when it is tried again: nothing that
// lies in the picture itself is.
func passes(err error) bool {
	var large *imagehash.TooLargeError
	var unreadable *imagehash.UnreadableError
	lasting := errors.As(err, &large) || errors.As(err, &unreadable) ||
		errors.Is(err, wiki.ErrNoPicture) || errors.Is(err, wiki.ErrMediaTooLarge)
	return !lasting
}

// hash makes and stores the hash of a version, unless it is known.
func (p *pass) hash(ctx context.Context, sha1 string, v file) error {
	known := false
	err := p.library.store.View(func(tx storage.Tx) (err error) {
		_, known, err = printTable.Get(tx, sha1)
		return err
	})
	if err != nil || known {
		return err
	}
	data, err := p.download(ctx, v)
	if err != nil {
		return err
	}
	picture, err := p.library.opener.Open(ctx, data)
	if err != nil {
		return fmt.Errorf("hashing %s: %w", v.title, err)
	}
	return p.library.remember(sha1, picture.Print())
}

// maxDownload bounds a thumbnail; one of 960 pixels has a few hundred kilobytes.
const maxDownload = 20 << 20

// download reads the picture as the wiki renders it: a small original, or its
// thumbnail.
func (p *pass) download(ctx context.Context, v file) ([]byte, error) {
	address := v.thumb
	if address == "" && v.size <= maxDownload {
		address = v.url
	}
	if address == "" {
		return nil, fmt.Errorf("%s: the wiki neither renders it nor is it small enough to be read whole (%d bytes)", v.title, v.size)
	}
	data, err := p.Wiki.Download(ctx, address, wiki.Limits{Bytes: maxDownload})
	if err != nil {
		return nil, fmt.Errorf("downloading the picture of %s: %w", v.title, err)
	}
	return data, nil
}

// putImage stores what became of an image that a round began with as it was.
func (p *pass) putImage(was, next casebook.Image) error {
	err := p.Store.Update(func(tx storage.Tx) error { return p.settle(tx, was, next) })
	if err != nil {
		return fmt.Errorf("storing what became of %s: %w", next.Title(), err)
	}
	return nil
}

// settle keeps what came in meanwhile: an image that somebody asked for, or
// uploaded again, goes its way anew.
func (p *pass) settle(tx storage.Tx, was, next casebook.Image) error {
	now, known, err := casebook.GetImage(tx, next.SHA1)
	if err != nil {
		return err
	}
	if known && (!slices.Equal(now.Asked, was.Asked) || !slices.Equal(now.Uploads, was.Uploads)) {
		next.Uploads, next.Asked = now.Uploads, now.Asked
		next.Stage, next.Due, next.Tries = casebook.Hashing, p.start, 0
	}
	return casebook.PutImage(tx, next)
}
