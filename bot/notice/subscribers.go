package notice

import (
	"context"
	"fmt"
	"time"

	"filewarden/storage"
)

var (
	subscriberTable = storage.NewTable[subscriberRow]("subscriber", 1) // user
	muteTable       = storage.NewTable[muteRow]("mute", 1)             // user, what, name
)

// subscriberRow is what a user said on Requests about notices as a whole, and
// whether they were seen to have a preferences page.
type subscriberRow struct {
	Subscribed bool
	Muted      bool
	Page       bool
	Changed    time.Time
}

// muteRow is one file or kind that a user muted on Requests.
type muteRow struct{ Since time.Time }

// What can be muted.
const (
	OfAll  = "all"
	OfKind = "kind"
	OfFile = "file"
)

// wishes are what one user said on Requests, ready to be asked.
type wishes struct {
	subscriberRow
	Kinds, Files map[string]bool
}

// readWishes fills in what each of the people said on Requests.
func (b *Box) readWishes(people map[string]*recipient) error {
	err := b.store.View(func(tx storage.Tx) error {
		for name, who := range people {
			said, err := readWishes(tx, name)
			if err != nil {
				return err
			}
			who.said = said
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("reading what recipients asked for: %w", err)
	}
	return nil
}

func readWishes(tx storage.Tx, user string) (wishes, error) {
	said := wishes{Kinds: map[string]bool{}, Files: map[string]bool{}}
	var err error
	if said.subscriberRow, _, err = subscriberTable.Get(tx, user); err != nil {
		return said, err
	}
	for row, err := range muteTable.Scan(tx, user) {
		if err != nil {
			return said, err
		}
		switch what, name := row.Key[1], row.Key[2]; what {
		case OfKind:
			said.Kinds[name] = true
		case OfFile:
			said.Files[name] = true
		}
	}
	return said, nil
}

// Subscribe makes user a subscriber and lifts an earlier "mute all" or
// "unsubscribe"; muted files and kinds stay muted. Like the other wishes it
// says whether anything changed.
func (b *Box) Subscribe(user string) (changed bool, err error) {
	return b.wish(user, func(s *subscriberRow) { s.Subscribed, s.Muted = true, false })
}

// Unsubscribe is a no to all notices: also those that come unasked, where the
// community has chosen that.
func (b *Box) Unsubscribe(user string) (changed bool, err error) {
	return b.wish(user, func(s *subscriberRow) { s.Subscribed, s.Muted = false, true })
}

// Mute keeps notices of a file ("File:A b.jpg"), of a kind, or all of them from a user.
func (b *Box) Mute(user, what, name string) (changed bool, err error) {
	if what == OfAll {
		return b.wish(user, func(s *subscriberRow) { s.Muted = true })
	}
	return b.setMute(user, what, name, true)
}

// Unmute lifts exactly that Mute. A no on the user's preferences page stands.
func (b *Box) Unmute(user, what, name string) (changed bool, err error) {
	if what == OfAll {
		return b.wish(user, func(s *subscriberRow) { s.Muted = false })
	}
	return b.setMute(user, what, name, false)
}

func (b *Box) wish(user string, change func(*subscriberRow)) (changed bool, err error) {
	user = canonical(user)
	err = b.store.Update(func(tx storage.Tx) error {
		before, _, err := subscriberTable.Get(tx, user)
		if err != nil {
			return err
		}
		after := before
		change(&after)
		if changed = after != before; !changed {
			return nil
		}
		after.Changed = b.c.Now()
		return subscriberTable.Put(tx, after, user)
	})
	if err != nil {
		return false, fmt.Errorf("storing what %s asked for: %w", user, err)
	}
	return changed, nil
}

func (b *Box) setMute(user, what, name string, on bool) (changed bool, err error) {
	user = canonical(user)
	err = b.store.Update(func(tx storage.Tx) error {
		_, muted, err := muteTable.Get(tx, user, what, name)
		if err != nil {
			return err
		}
		switch changed = muted != on; {
		case !changed:
			return nil
		case on:
			return muteTable.Put(tx, muteRow{b.c.Now()}, user, what, name)
		}
		return muteTable.Delete(tx, user, what, name)
	})
	if err != nil {
		return false, fmt.Errorf("storing what %s asked for: %w", user, err)
	}
	return changed, nil
}

// Subscribers are those who asked to be told, sorted by name: on Requests, or
// by a preferences page that was found in the wiki's logs, which this call
// reads on. Whoever said "mute all" on Requests is not among them. A page may
// since have been deleted or say no; the preferences, read at the moment of
// use, decide.
func (b *Box) Subscribers(ctx context.Context) ([]string, error) {
	if err := b.findPages(ctx); err != nil {
		return nil, fmt.Errorf("looking for preferences pages: %w", err)
	}
	var names []string
	err := b.store.View(func(tx storage.Tx) error {
		for row, err := range subscriberTable.Scan(tx) {
			if err != nil {
				return err
			}
			if s := row.Value; (s.Subscribed || s.Page) && !s.Muted {
				names = append(names, row.Key[0])
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("listing subscribers: %w", err)
	}
	return names, nil
}
