package storage

import (
	"context"
	"errors"
	"fmt"
)

// Maintain gives back the room of rows that were deleted, replaced or have
// expired. The bot calls it once a day; nothing breaks without it, the folder
// only grows. It takes a [Part] as well as the whole store, and does nothing
// for a store in memory.
func Maintain(ctx context.Context, s Store) error {
	if p, ok := s.(*part); ok {
		s = p.whole
	}
	d, ok := s.(*database)
	if !ok || d.db.Opts().InMemory {
		return nil
	}
	if err := d.enter(); err != nil {
		return err
	}
	defer d.leave()
	if err := errors.Join(ctx.Err(), d.room()); err != nil {
		return err
	}
	if err := d.db.Flatten(1); err != nil {
		return fmt.Errorf("compacting the store: %w", engineError(err))
	}
	return nil
}
