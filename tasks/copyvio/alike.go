package copyvio

import (
	"encoding/hex"
	"fmt"
	"slices"

	"filewarden/storage"
	"filewarden/tasks/copyvio/casebook"
	"filewarden/tasks/copyvio/imagehash"
)

// maxAlike pictures are told of; the nearest.
const maxAlike = 5

// alike are known pictures like this one, in whatever orientation: first those
// that were accepted as copied or deleted for copyright, which open a case, then
// those of other uploaders.
func (p *pass) alike(image casebook.Image, q imagehash.Query) (found []casebook.Evidence, err error) {
	copyright, err := p.copyright()
	if err != nil {
		return nil, err
	}
	err = p.Store.View(func(tx storage.Tx) error {
		found = nil
		for _, hit := range p.library.index.Matches(q) {
			sha1 := hex.EncodeToString(hit.ID[:])
			if sha1 == image.SHA1 {
				continue
			}
			other, known, err := casebook.GetImage(tx, sha1)
			if err != nil {
				return err
			}
			c, _, err := casebook.GetCase(tx, sha1)
			if err != nil {
				return err
			}
			if e, told := likeness(image, other, c, hit, copyright); known && told {
				found = append(found, e)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("looking for pictures like %s: %w", image.Title(), err)
	}
	slices.SortStableFunc(found, func(a, b casebook.Evidence) int {
		if a.Opens != b.Opens && a.Opens {
			return -1
		} else if a.Opens != b.Opens {
			return 1
		}
		return a.Distance - b.Distance
	})
	return found[:min(len(found), maxAlike)], nil
}

// likeness is what a hit says. One's own other pictures are no evidence, unless
// they were copied.
func likeness(image, other casebook.Image, c casebook.Case, hit imagehash.Hit, copyright func(string) bool) (casebook.Evidence, bool) {
	first := other.First()
	e := casebook.Evidence{Kind: casebook.Alike, File: first.Title, User: first.User, Time: first.Time, Distance: hit.Distance}
	if hit.Orientation != 0 {
		e.Turned = hit.Orientation.String()
	}
	for _, u := range other.Uploads {
		if u.Deleted && copyright(u.Reason) {
			e.File, e.Text, e.Opens = u.Title, u.Reason, true
		}
	}
	if c.State == casebook.Accepted {
		e.Opens = true
	}
	return e, e.Opens || !casebook.SameUser(first.User, image.First().User)
}
