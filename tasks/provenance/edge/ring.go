package edge

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"sync/atomic"
	"time"

	"filewarden/bot/wiki/mediaurl"

	"github.com/rs/zerolog"
)

// Ring holds the keys of a file and reads them again when it changes, so that
// keys rotate without a restart: put the new one first, wait until everything
// that the old one signed is stale, take the old one out.
type Ring struct {
	path string
	log  zerolog.Logger
	keys atomic.Pointer[mediaurl.Keys]
	seen fs.FileInfo // of the file, when it was last read; Watch's alone
}

// OpenRing reads the keys for the first time.
func OpenRing(path string, log zerolog.Logger) (*Ring, error) {
	r := &Ring{path: path, log: log}
	// Looked at before reading: a change in between is then seen once more.
	r.seen, _ = os.Stat(path)
	keys, err := mediaurl.ReadKeys(path)
	if err != nil {
		return nil, err
	}
	r.keys.Store(&keys)
	return r, nil
}

// Keys are those that were last read without a mistake.
func (r *Ring) Keys() mediaurl.Keys { return *r.keys.Load() }

// Watch reads the keys again at each hangup, and at a tick where the file has
// changed, until the context ends.
func (r *Ring) Watch(ctx context.Context, hangup <-chan os.Signal, tick <-chan time.Time) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-hangup:
			r.seen, _ = os.Stat(r.path)
			r.reload()
		case <-tick:
			if r.changed() {
				r.reload()
			}
		}
	}
}

// changed looks at the file; one that cannot be looked at counts as changed once.
func (r *Ring) changed() bool {
	now, err := os.Stat(r.path)
	before := r.seen
	r.seen = now
	if err != nil || before == nil {
		return err == nil || before != nil
	}
	return !os.SameFile(before, now) || before.Size() != now.Size() || !before.ModTime().Equal(now.ModTime()) || before.Mode() != now.Mode()
}

// reload reads the file. Keys that cannot be read leave those in use alone: an
// edge that forgets its keys would refuse every reader.
func (r *Ring) reload() {
	keys, err := mediaurl.ReadKeys(r.path)
	if err != nil {
		r.log.Error().Err(err).Msg("keys not read; the former ones stay in use")
		return
	}
	r.keys.Store(&keys)
	r.log.Info().Strs("ids", ids(keys)).Msg("keys read")
}

func ids(keys mediaurl.Keys) (all []string) {
	for _, key := range keys {
		all = append(all, key.ID)
	}
	return all
}

// String names the file and the ids, and no secret.
func (r *Ring) String() string { return fmt.Sprintf("%s: %v", r.path, ids(r.Keys())) }
