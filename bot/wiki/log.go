package wiki

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/antonholmquist/jason"
)

// LogCursor is how far a log was read. Entries can appear a little out of
// order, so the last minutes are read again and their ids remembered.
type LogCursor struct {
	Time int64   // of the latest entry, by the wiki's clock; Unix time
	Seen []int64 // ids of the entries in the last minutes before it
}

// logOverlap is how late an entry may appear.
const logOverlap = 5 * time.Minute

// LogSince reads the entries of one log (letype of API:Logevents) about pages of
// one namespace that were not read before, oldest first, and where the cursor is
// then. Rows have ids, title, type, user, timestamp, comment and details.
func (s *Session) LogSince(ctx context.Context, log string, namespace int, from LogCursor) (fresh []*jason.Object, next LogCursor, err error) {
	params := Params{"letype": log, "lenamespace": strconv.Itoa(namespace), "ledir": "newer", "lelimit": "max",
		"leprop":  "ids|title|type|user|timestamp|comment|details",
		"lestart": time.Unix(from.Time, 0).Add(-logOverlap).UTC().Format(time.RFC3339)}
	next.Time = from.Time
	times := map[int64]int64{}
	for row, err := range s.Rows(ctx, "logevents", params) {
		if err != nil {
			return nil, from, err
		}
		id, _ := row.GetInt64("logid")
		stamp, _ := row.GetString("timestamp")
		at, _ := time.Parse(time.RFC3339, stamp)
		times[id], next.Time = at.Unix(), max(next.Time, at.Unix())
		if !slices.Contains(from.Seen, id) {
			fresh = append(fresh, row)
		}
	}
	for id, at := range times {
		if at >= next.Time-int64(logOverlap/time.Second) {
			next.Seen = append(next.Seen, id)
		}
	}
	slices.Sort(next.Seen)
	return fresh, next, nil
}
