package notice

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"filewarden/bot/gate"
	"filewarden/bot/wiki"
	"filewarden/storage"
	"filewarden/wikiconfig"
)

// Outcomes, as metrics see them; an event that is dropped has "dropped:<reason>".
const (
	outcomeSent     = "sent"
	outcomeDry      = "dry"      // a dry run would have sent it
	outcomeDoubt    = "doubt"    // Echo, e-mail: it may or may not have arrived
	outcomeFailed   = "failed"   // this channel could not take it
	outcomeDeferred = "deferred" // held back: cap, {{in use}}, stop, a page out of order
)

// round is one Deliver at work.
type round struct {
	*Box
	passEnd bool
	config  *wikiconfig.Config
	stopped map[string]error  // task → why it may not write; only those asked
	closed  map[string]string // channel → what the wiki said when it was tried
	own     map[string]string // kind → the wiki's own template; only those asked
	lost    bool              // an answer was lost: settle once more at the end
	strikes int               // recipients in a row whose pages could not be read
	losses  int               // writes in a row whose answer was lost
}

func (b *Box) newRound(passEnd bool) *round {
	return &round{
		Box: b, passEnd: passEnd, config: b.c.Panel.State().Config,
		stopped: map[string]error{}, closed: map[string]string{}, own: map[string]string{},
	}
}

// serveAll looks at people in batches, so that their preferences are read
// together and still shortly before they are used.
func (r *round) serveAll(ctx context.Context, people []string) error {
	for batch := range slices.Chunk(people, atOnce) {
		if err := r.serveBatch(ctx, batch); err != nil {
			return err
		}
	}
	return nil
}

func (r *round) serveBatch(ctx context.Context, names []string) error {
	names, err := r.free(ctx, names)
	if err != nil || len(names) == 0 {
		return err
	}
	var known map[string]*recipient
	var readAt time.Time
	for i, name := range names {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if known == nil || r.c.Now().Sub(readAt) > freshFor {
			if known, err = r.recipients(ctx, names[i:]); err != nil {
				return err
			}
			readAt = r.c.Now()
		}
		if err := r.serve(ctx, known[name]); err != nil {
			return err
		}
	}
	return nil
}

// free leaves out those of whom only stopped tasks have something to tell.
func (r *round) free(ctx context.Context, names []string) (free []string, err error) {
	for _, name := range names {
		rows, _, err := r.waitingFor(name)
		if err != nil {
			return nil, err
		}
		if rows, err = r.unstopped(ctx, rows); err != nil {
			return nil, err
		}
		if len(rows) > 0 {
			free = append(free, name)
		}
	}
	return free, nil
}

// unstopped leaves out events of stopped tasks; each task is asked once a
// round. A stop of the whole bot ends the round.
func (r *round) unstopped(ctx context.Context, rows []waitingRow) (free []waitingRow, err error) {
	for _, w := range rows {
		task := r.kinds[w.Event.Kind].Task
		why, asked := r.stopped[task]
		if !asked {
			why = r.c.Gate.Check(ctx, task)
			if why != nil && judge(why).fate != taskHeld {
				return nil, fmt.Errorf("asking whether notices may go out: %w", why)
			}
			r.stopped[task] = why
		}
		if why == nil {
			free = append(free, w)
		}
	}
	return free, nil
}

// serve tells one person what is due and writes down when to look again. Its
// error ends the round; what is wrong with one person alone is no error.
func (r *round) serve(ctx context.Context, who *recipient) error {
	rows, person, err := r.waitingFor(who.name)
	if err != nil {
		return err
	}
	if rows, err = r.unstopped(ctx, rows); err != nil {
		return err
	}
	if rows, err = r.winnow(ctx, who, rows); err != nil {
		return err
	}
	now, open := r.c.Now(), who.openings(rows)
	ready := map[string][]waitingRow{}
	for _, w := range rows {
		if open.ready(who, person, w, now, r.passEnd) {
			channel := who.way(w.Event).channel
			ready[channel] = append(ready[channel], w)
		}
	}
	for _, channel := range r.byUrgency(ready) {
		if err := r.tellCapped(ctx, who, channel, ready[channel]); err != nil {
			return errors.Join(err, r.reschedule(who, func(*personRow) {}))
		}
	}
	return r.reschedule(who, func(p *personRow) {
		if !p.Held.After(now) && len(ready) > 0 {
			p.Held = time.Time{}
		}
	})
}

// byUrgency orders channels by the most urgent kind that goes there.
func (r *round) byUrgency(ready map[string][]waitingRow) (channels []string) {
	urgency := map[string]int{}
	for channel, rows := range ready {
		channels = append(channels, channel)
		urgency[channel] = r.kinds[rows[0].Event.Kind].Priority
		for _, w := range rows {
			urgency[channel] = min(urgency[channel], r.kinds[w.Event.Kind].Priority)
		}
	}
	slices.SortFunc(channels, func(a, b string) int {
		if urgency[a] != urgency[b] {
			return urgency[a] - urgency[b]
		}
		return slices.Index(channelOrder, a) - slices.Index(channelOrder, b)
	})
	return channels
}

var channelOrder = []string{channelTalk, channelMention, channelEcho, channelEmail}

// tellCapped holds back, until the next UTC day, what the daily cap does not
// allow today. What a procedure demands is not bound to it.
func (r *round) tellCapped(ctx context.Context, who *recipient, channel string, rows []waitingRow) error {
	n, err := r.counted("user " + who.name)
	if err != nil {
		return err
	}
	if n >= who.community.PerDay {
		kinds := map[string]bool{}
		rows = slices.DeleteFunc(rows, func(w waitingRow) bool {
			if !w.Event.Demand {
				kinds[w.Event.Kind] = true
			}
			return !w.Event.Demand
		})
		for kind := range kinds {
			r.count(kind, channel, outcomeDeferred)
		}
		if len(kinds) > 0 {
			until := midnight(r.c.Now())
			r.c.Log.Info().Str("user", who.name).Int("today", n).Time("until", until).Msg("daily cap reached: notices wait")
			if err := r.hold(who.name, func(p *personRow) { p.Held = until }); err != nil {
				return err
			}
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return r.tell(ctx, who, channel, portion(rows))
}

// hold changes a person's row and nothing else.
func (b *Box) hold(user string, change func(*personRow)) error {
	return b.store.Update(func(tx storage.Tx) error {
		person, _, err := personTable.Get(tx, user)
		if err != nil {
			return err
		}
		change(&person)
		return personTable.Put(tx, person, user)
	})
}

// tell sends one digest: by the channel that the reader wants or, where that
// is not possible, the next.
func (r *round) tell(ctx context.Context, who *recipient, want string, rows []waitingRow) error {
	page, rows, err := r.askPage(ctx, who, rows)
	if err != nil || len(rows) == 0 {
		return err
	}
	d, err := r.bundle(ctx, who, rows)
	if err != nil {
		return r.postpone(ctx, who.name, "cannot be worded", err)
	}
	if len(d.parts) == 0 {
		return r.drop(who, "nothing-to-say", rows)
	}
	for _, name := range fallbacks[want] {
		done, err := r.try(ctx, name, d, page)
		if err != nil || done {
			return err
		}
	}
	r.c.Log.Error().Str("user", who.name).Str("wanted", want).Msg("no channel can take this notice")
	return r.drop(who, "no-channel", rows)
}

// askPage reads the recipient's talk page and asks whether each kind may be
// told: a no on the talk page is a no on every channel.
func (r *round) askPage(ctx context.Context, who *recipient, rows []waitingRow) (page wiki.Text, allowed []waitingRow, err error) {
	byKind := map[string][]waitingRow{}
	for _, w := range rows {
		byKind[w.Event.Kind] = append(byKind[w.Event.Kind], w)
	}
	for kind, rows := range byKind {
		text, err := r.c.Gate.Ask(ctx, kind, who.name, talkPage(who.name))
		switch v := judge(err); v.fate {
		case sent, elsewhere: // a page that takes no sections still has no objection
			r.strikes = 0
			page, allowed = text, append(allowed, rows...)
		case refusedBy:
			if err := r.drop(who, v.reason, rows); err != nil {
				return page, nil, err
			}
		case halted, taskHeld:
			if !aboutPerson(err, who.name) {
				return page, nil, fmt.Errorf("asking the talk page of %s: %w", who.name, err)
			}
			return page, nil, r.postpone(ctx, who.name, "talk page unreadable", err)
		default:
			return page, nil, r.postpone(ctx, who.name, "talk page not ready", err)
		}
	}
	return page, allowed, nil
}

// try makes one delivery by one channel. done is false when the channel cannot
// take it and the events wait again.
func (r *round) try(ctx context.Context, name string, d *digest, page wiki.Text) (done bool, err error) {
	why, asked := r.closed[name]
	if !asked {
		if why, err = channelOf(name).closed(r, d.to, page); err != nil {
			return false, err
		}
	}
	if why != "" {
		r.passedOver(name, d, why)
		return false, nil
	}
	row, err := channelOf(name).prepare(ctx, r, d, page)
	if err != nil {
		return true, r.postpone(ctx, d.to.name, "cannot be prepared", err)
	}
	if err := r.intend(row); err != nil {
		return true, err
	}
	v := r.transmit(ctx, row)
	if v.fate != elsewhere {
		return true, r.conclude(row, v)
	}
	r.passedOver(name, d, v.reason)
	if v.reason == "moduledisabled" || v.reason == "badvalue" {
		r.closed[name] = v.reason // the same for everybody
	}
	return false, r.release(row, func(*personRow) {})
}

func (r *round) passedOver(channel string, d *digest, why string) {
	r.c.Log.Warn().Str("user", d.to.name).Str("channel", channel).Str("reason", why).Msg("channel not possible")
	for _, kind := range d.kinds() {
		r.count(kind, channel, outcomeFailed)
	}
}

// strikesOut is how many recipients, or writes, in a row may fail before it is
// the wiki that fails.
const strikesOut = 3

// postpone holds one person back, longer each time, and lets the round go on.
// When one after the other fails, or the process is asked to end, it is no
// longer about that person.
func (r *round) postpone(ctx context.Context, user, what string, cause error) error {
	if err := r.wholesale(ctx, cause); err != nil {
		return err
	}
	r.c.Log.Warn().Str("user", user).Str("what", what).Err(cause).Msg("notice postponed")
	return r.hold(user, r.backOff)
}

// aboutPerson: one person's own page cannot be read. That closes the gate for
// them, not for everybody.
func aboutPerson(err error, user string) bool {
	var refused *gate.Refused
	return errors.As(err, &refused) && refused.Reason == gate.Unreadable &&
		slices.Contains([]string{talkPage(user), "User:" + user}, refused.Page)
}

// wholesale returns the cause when it is not one person's alone.
func (r *round) wholesale(ctx context.Context, cause error) error {
	if judge(cause).fate == postponed {
		return nil
	}
	r.strikes++
	if r.strikes >= strikesOut || ctx.Err() != nil {
		return fmt.Errorf("delivering notices: %w", cause)
	}
	return nil
}

// backOff doubles from five minutes to a day.
func (r *round) backOff(p *personRow) {
	wait := min(5*time.Minute<<min(p.Tries, 10), 24*time.Hour)
	p.Tries++
	p.Retry = r.c.Now().Add(wait)
}
