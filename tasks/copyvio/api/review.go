package api

import (
	"errors"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"filewarden/storage"
	"filewarden/tasks/copyvio/casebook"
)

// longestNote is that of a comment on a decision, in characters; an edit
// summary of MediaWiki has as many.
const longestNote = 500

// reviewImageMatches decides about a case.
func reviewImageMatches() *module {
	return &module{name: "reviewimagematches", path: "reviewimagematches", write: true,
		about: "Decides about the case of an image. Needs the access token of a reviewer.", params: []param{
			{name: "sha1", kind: hash, required: true, about: "SHA-1 of the image, hexadecimal."},
			{name: "state", kind: choice, required: true, values: []string{"accepted", "open", "rejected"},
				about: "accepted: it was copied. rejected: it may stay. open: takes a decision back."},
			{name: "note", kind: text, about: "Why, in plain text; kept with a decision."},
			{name: "token", kind: text, required: true, token: true, about: `A "csrf" token from action=query&meta=tokens`},
		}, run: (*call).review}
}

func (c *call) review(a args) error {
	w, err := c.wish(a)
	if err != nil {
		return err
	}
	done, err := w.settle(c.world.Store)
	if err != nil {
		return err
	}
	if err := done.refusal(); err != nil {
		return err
	}
	c.api.open.decided(done.book)
	c.out["reviewimagematches"] = done.answer(w)
	return nil
}

// wish is a decision that somebody wants made.
type wish struct {
	sha1, note, request string
	to                  casebook.State
	who                 casebook.Reviewer
	now                 time.Time
}

func (c *call) wish(a args) (wish, error) {
	if v := c.standing(); v != casebook.Counts {
		return wish{}, noReviewer(v)
	}
	to, _ := casebook.ParseState(a.text("state"))
	w := wish{sha1: a.text("sha1"), note: plain(a.text("note")), to: to, who: c.reviewer(), now: c.now}
	if id := c.values["requestid"]; len(id) <= longestEcho {
		w.request = id
	}
	if utf8.RuneCountInString(w.note) > longestNote {
		return w, fail("toolong", `The parameter "note" may have at most %d characters.`, longestNote)
	}
	return w, nil
}

// plain is a text on one line, without what cannot be seen.
func plain(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsGraphic(r):
			return -1
		}
		return r
	}, text)
	return strings.Join(strings.Fields(text), " ")
}

// noReviewer is the error for somebody whose decisions never count. It comes
// before the case is looked up, and nothing of it is kept.
func noReviewer(v casebook.Verdict) *refusal {
	data := object{"verdict": string(v)}
	switch v {
	case casebook.NotNamed:
		return fail("permissiondenied", "Temporary accounts don't have permission to decide about images.").with(data)
	case casebook.NotBlocked:
		return fail("blocked", "You have been blocked from editing.").with(data)
	case casebook.NotBot:
		return fail("reviewimagematches-bot", "The bot takes decisions of people, not its own.").with(data)
	}
	return fail("permissiondenied", "You don't have permission to decide about images: you are in none of the groups that this wiki's config names.").with(data)
}

// outcome is what became of a wish.
type outcome struct {
	book    casebook.Case
	known   bool
	from    casebook.State
	verdict casebook.Verdict
	at      time.Time
	again   bool // it was made before: this is the same request, sent again
}

// refusal is the error for a decision that does not count, or nil. That a case
// is withheld is not told from that there is none.
func (o outcome) refusal() error {
	if !o.known || o.verdict == casebook.NotOpen {
		return fail("reviewimagematches-nocase", "There is no case about this image.")
	}
	data := object{"verdict": string(o.verdict), "state": o.book.State.String()}
	code := "reviewimagematches-" + string(o.verdict)
	switch o.verdict {
	case casebook.Counts, casebook.Nothing:
		return nil
	case casebook.NotOwn:
		return fail(code, "You uploaded this image yourself: somebody else has to decide.").with(data)
	case casebook.NotYours:
		return fail(code, "Another reviewer accepted this case: they or an administrator can take that back.").with(data)
	}
	return fail(code, "This decision does not count.").with(data)
}

func (o outcome) answer(w wish) object {
	a := object{"result": "Success", "sha1": w.sha1, "title": o.book.Title, "state": o.book.State.String(),
		"statecode": int(o.book.State), "oldstate": o.from.String()}
	if o.verdict == casebook.Nothing || o.again {
		a["nochange"] = true
	}
	if o.verdict == casebook.Counts {
		a["decidedby"] = w.who.Name
		set(a, "decided", o.at)
		a["repeated"] = o.again
	}
	return a
}

// settle makes the decision, in one transaction.
func (w wish) settle(store storage.Store) (done outcome, err error) {
	err = store.Update(func(tx storage.Tx) error {
		done, err = w.decide(tx)
		return err
	})
	return done, err
}

func (w wish) decide(tx storage.Tx) (done outcome, err error) {
	if done.book, done.known, err = casebook.GetCase(tx, w.sha1); err != nil || !done.known {
		return done, err
	}
	done.from = done.book.State
	if earlier, ok, err := w.earlier(tx); err != nil || ok {
		done.from, done.verdict, done.at, done.again = earlier.From, casebook.Counts, earlier.At, true
		return done, err
	}
	d := casebook.Decision{To: w.to, By: w.who.Name, Way: casebook.ByAPI, Note: w.note}
	done.verdict = done.book.Weigh(d, w.who)
	if done.verdict == casebook.Nothing || done.verdict == casebook.NotOpen || repeats(done.book.Last, d, done.verdict) {
		return done, nil
	}
	if d.Time, err = w.moment(tx); err != nil {
		return done, err
	}
	done.book, done.verdict, err = casebook.Decide(tx, w.sha1, d, w.who)
	if err == nil && done.verdict == casebook.Counts {
		done.at, err = d.Time, w.remember(tx, done.from, d.Time)
	}
	if errors.Is(err, casebook.ErrNoCase) {
		return outcome{}, nil
	}
	return done, err
}

// repeats says whether the last decision that did not count is this one: it is
// kept once, however often it is tried.
func repeats(last *casebook.Decision, d casebook.Decision, v casebook.Verdict) bool {
	return last != nil && v != casebook.Counts && last.Way == d.Way && last.By == d.By && last.To == d.To && last.Verdict == v
}

// moment is the time of the decision: now, but after every one that was kept.
// The casebook takes two of the same moment for one that is read twice.
func (w wish) moment(tx storage.Tx) (time.Time, error) {
	at := w.now.UTC().Truncate(time.Millisecond)
	kept, err := casebook.Decisions(tx, w.sha1)
	for _, d := range kept {
		if !d.Time.Before(at) {
			at = d.Time.UTC().Truncate(time.Millisecond).Add(time.Millisecond)
		}
	}
	return at, err
}
