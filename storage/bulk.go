package storage

import (
	"errors"
	"fmt"
)

// bulkChunk is how many items UpdateEach tries in one transaction at first:
// enough that the sync to disk no longer counts, few enough that a handful of
// small rows for each fits.
const bulkChunk = 1000

// UpdateEach calls fn for each item, in order, in as few transactions as hold
// them: for bulk work, such as a first baseline, that one Update could not
// take. It is not atomic: on an error the items of earlier transactions stay
// done, so it suits work that can be repeated. As in Update, fn may run again
// for an item whose transaction was undone.
func UpdateEach[E any](s Store, items []E, fn func(Tx, E) error) error {
	chunk, done := bulkChunk, 0
	for done < len(items) {
		next := items[done:min(done+chunk, len(items))]
		err := s.Update(func(tx Tx) error {
			for _, item := range next {
				if err := fn(tx, item); err != nil {
					return err
				}
			}
			return nil
		})
		switch {
		case errors.Is(err, ErrTooBig) && len(next) > 1:
			chunk = max(len(next)/2, 1)
		case err != nil:
			return fmt.Errorf("after %d of %d items: %w", done, len(items), err)
		default:
			done += len(next)
		}
	}
	return nil
}
