package notice

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"filewarden/storage"
)

// remembered is how long an event's id is kept: a year and some weeks, so
// that a yearly job that finds the same fact again finds it known.
const remembered = 400 * 24 * time.Hour

var (
	knownTable   = storage.NewTable[struct{}]("known", 1)
	waitingTable = storage.NewTable[waitingRow]("waiting", 1) // user, event id
	personTable  = storage.NewTable[personRow]("person", 1)   // user
)

// waitingRow is an event in its window. A window opens with its first event,
// that is when the box learned of it: the fact itself may be older.
type waitingRow struct {
	Event Event
	Added time.Time
}

// personRow says when to look at a user's events again.
type personRow struct {
	Due   time.Time // the earliest window that closes by time; zero: none does
	Pass  bool      // something waits for the end of a pass
	Held  time.Time // the daily cap is used up: until then only demanded notices go out
	Retry time.Time // their page could not take a message: not before then
	Tries int       // failures in a row
}

// passOnly: nothing of theirs closes by time.
func (p personRow) passOnly() bool { return p.Due.IsZero() }

// add stores one new event, unless it was ever stored before. The user is
// looked at by the next Deliver, which finds out when the window closes.
func add(own storage.Tx, e Event, now time.Time) error {
	_, known, err := knownTable.Get(own, e.ID)
	if err != nil || known {
		return err
	}
	if err := knownTable.PutFor(own, remembered, struct{}{}, e.ID); err != nil {
		return err
	}
	if err := waitingTable.Put(own, waitingRow{e, now}, e.User, e.ID); err != nil {
		return err
	}
	person, _, err := personTable.Get(own, e.User)
	if err != nil {
		return err
	}
	person.Due = now
	return personTable.Put(own, person, e.User)
}

// canonical is a user name as MediaWiki writes it: spaces, first letter upper case.
func canonical(user string) string {
	user = strings.Join(strings.Fields(strings.ReplaceAll(user, "_", " ")), " ")
	first, size := utf8.DecodeRuneInString(user)
	return string(unicode.ToUpper(first)) + user[size:]
}

// due lists the users who have something to be looked at now.
func (b *Box) due(passEnd bool) (people []string, err error) {
	now := b.c.Now()
	err = b.store.View(func(tx storage.Tx) error {
		for row, err := range personTable.Scan(tx) {
			if err != nil {
				return err
			}
			p := row.Value
			if (!p.Due.IsZero() && !p.Due.After(now)) || (p.Pass && passEnd) {
				people = append(people, row.Key[0])
			}
		}
		return nil
	})
	return people, err
}

// waitingFor reads what waits for a user, and the user's own row.
func (b *Box) waitingFor(user string) (rows []waitingRow, person personRow, err error) {
	err = b.store.View(func(tx storage.Tx) error {
		if person, _, err = personTable.Get(tx, user); err != nil {
			return err
		}
		rows, err = readWaiting(tx, user)
		return err
	})
	return rows, person, err
}

func readWaiting(tx storage.Tx, user string) (rows []waitingRow, err error) {
	for row, err := range waitingTable.Scan(tx, user) {
		if err != nil {
			return nil, err
		}
		rows = append(rows, row.Value)
	}
	return rows, nil
}

// forget takes events out of the waiting ones.
func forget(tx storage.Tx, user string, rows []waitingRow) error {
	for _, w := range rows {
		if err := waitingTable.Delete(tx, user, w.Event.ID); err != nil {
			return err
		}
	}
	return nil
}

// putBack makes events wait again, in the window that they came from.
func putBack(tx storage.Tx, user string, rows []waitingRow) error {
	for _, w := range rows {
		if err := waitingTable.Put(tx, w, user, w.Event.ID); err != nil {
			return err
		}
	}
	return nil
}

// reschedule writes down when to look at a user again. It counts everything
// that waits at that moment, so an event added meanwhile is not forgotten.
func (b *Box) reschedule(who *recipient, change func(*personRow)) error {
	return b.store.Update(func(tx storage.Tx) error {
		rows, err := readWaiting(tx, who.name)
		if err != nil {
			return err
		}
		person, _, err := personTable.Get(tx, who.name)
		if err != nil {
			return err
		}
		change(&person)
		if len(rows) == 0 {
			return personTable.Delete(tx, who.name)
		}
		person.Due, person.Pass = b.nextFor(who, person, rows)
		return personTable.Put(tx, person, who.name)
	})
}
