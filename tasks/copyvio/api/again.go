package api

import (
	"slices"
	"time"

	"filewarden/storage"
	"filewarden/tasks/copyvio/casebook"
)

// lastWish is the last decision that somebody made about an image by this API.
// A client whose answer was lost sends its request again. Where nobody else
// decided meanwhile, the second finds the state that it wants; where somebody
// did, it must not overrule them.
type lastWish struct {
	To      casebook.State `json:"to"`
	From    casebook.State `json:"from"`
	Note    string         `json:"note,omitempty"`
	Request string         `json:"request,omitempty"` // the client's requestid
	At      time.Time      `json:"at"`
}

const (
	// requestLife is how long a requestid is remembered.
	requestLife = 24 * time.Hour
	// retryLife is how long the same wish without one counts as sent again.
	retryLife = time.Minute
)

// wishes is keyed by SHA-1 and user name.
var wishes = storage.NewTable[lastWish]("apiwish", 1)

// earlier is the decision that this request already made, if it did. Only the
// caller's last one can be, by whatever way: whoever decided otherwise since
// then is not retrying.
func (w wish) earlier(tx storage.Tx) (lastWish, bool, error) {
	last, known, err := wishes.Get(tx, w.sha1, w.who.Name)
	if err != nil || !known || last.To != w.to || last.Note != w.note || last.Request != w.request {
		return last, false, err
	}
	life := requestLife
	if w.request == "" {
		life = retryLife
	}
	if w.now.Sub(last.At) >= life {
		return last, false, nil
	}
	kept, err := casebook.Decisions(tx, w.sha1)
	since := slices.ContainsFunc(kept, func(d casebook.Decision) bool {
		return casebook.SameUser(d.By, w.who.Name) && d.Time.After(last.At)
	})
	return last, !since, err
}

func (w wish) remember(tx storage.Tx, from casebook.State, at time.Time) error {
	return wishes.PutFor(tx, requestLife, lastWish{To: w.to, From: from, Note: w.note, Request: w.request, At: at}, w.sha1, w.who.Name)
}
