package report

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"filewarden/bot/gate"
	"filewarden/bot/wiki"
)

// Request is one section of the Requests page, by the user who saved it.
type Request struct {
	ID      string // revision and ordinal in it: the same however often it is handed on
	User    string // an IP address for somebody without an account
	Heading string
	Body    string // at most 2000 bytes
	Rev     int64
	Time    time.Time
}

// Answer of a request, put beneath it.
type Answer struct {
	Text string // wikitext, one line, unsigned: a signature would ping people when the section is archived
}

// ArchiveAfter is how long an answered request stays on the page.
const ArchiveAfter = 7 * 24 * time.Hour

// serveRounds is how often Serve reads the page again: after its own edit, and
// when somebody else was faster.
const serveRounds = 4

// Desk is the Requests page.
type Desk struct {
	c     Config
	title string
	dry   map[string]bool // sections that a dry run showed as archived already
}

// NewDesk of the pages.
func NewDesk(c Config) *Desk {
	return &Desk{c: c.filled(), title: titleBeneath(c.Prefix, "Requests"), dry: map[string]bool{}}
}

// Serve reads new requests since the last call and hands each to answer once,
// attributed by page history, then answers all in place in one edit.
// Old answered sections go to the archive, Requests/Archive/<year-month>.
//
// Each request is handed on until answer returns without an error; its answer
// is kept then. A process that dies in between hands it on once more, with
// the same ID. Errors of single requests do not keep the others waiting; they
// are joined with those of the gate and of the wiki.
func (d *Desk) Serve(ctx context.Context, answer func(context.Context, Request) (Answer, error)) error {
	var failed error
	tried := map[string]bool{}
	for range serveRounds {
		b, err := d.catchUp(ctx)
		if err != nil {
			return errors.Join(failed, fmt.Errorf("reading %s: %w", d.title, err))
		}
		if b.behind || b.dark {
			continue
		}
		failed = errors.Join(failed, d.hand(ctx, b, tried, answer))
		again, err := d.put(ctx, b)
		if err != nil {
			return errors.Join(failed, fmt.Errorf("answering on %s: %w", d.title, err))
		}
		if again {
			continue
		}
		if err := d.archive(ctx, b); err != nil {
			return errors.Join(failed, fmt.Errorf("archiving %s: %w", d.title, err))
		}
		return failed
	}
	d.c.Log.Info().Str("page", d.title).Msg("requests: the page keeps changing, the rest waits for the next round")
	return failed
}

// hand gives every request without an answer to its handler, and records the answer.
func (d *Desk) hand(ctx context.Context, b *board, tried map[string]bool, answer func(context.Context, Request) (Answer, error)) error {
	var failed []error
	for _, r := range b.open() {
		if r.Handled || tried[r.ID] || ctx.Err() != nil {
			continue
		}
		tried[r.ID] = true
		a, err := answer(ctx, r.request())
		if err != nil {
			failed = append(failed, fmt.Errorf("request %s by %s: %w", r.ID, r.User, err))
			continue
		}
		r.Handled, r.Answer = true, a.Text
		if err := d.saveOne(*r); err != nil {
			return errors.Join(append(failed, err)...)
		}
	}
	return errors.Join(append(failed, ctx.Err())...)
}

// put writes all answers that are due in one edit. again asks for another
// look at the page: it changed, by us or by somebody else.
func (d *Desk) put(ctx context.Context, b *board) (again bool, err error) {
	text, n := b.withAnswers(d.c.Now())
	if n == 0 {
		return false, nil
	}
	receipt, err := d.c.Gate.Edit(ctx, gate.Edit{Title: d.title, Text: text, NoCreate: true,
		Summary: d.c.Summary("summary-requests", n), BaseRev: b.rev, Start: b.readAt})
	var no *wiki.Error
	switch {
	case errors.As(err, &no) && no.Advice == wiki.Replan:
		return true, nil
	case err != nil:
		return false, err
	case receipt.Dry:
		return false, d.forget(b.handled())
	}
	return true, nil
}

// withAnswers is the page with every recorded answer beneath its section.
func (b *board) withAnswers(now time.Time) (text string, n int) {
	var out strings.Builder
	at := 0
	for i, s := range b.sections {
		r := b.at[i]
		if r == nil || !r.Handled {
			continue
		}
		raw := s.raw(b.text)
		end := s.from + strings.Index(b.text[s.from:s.to], raw) + len(raw)
		out.WriteString(b.text[at:end])
		fmt.Fprintf(&out, "\n: %s "+answeredPrefix+"%s %s -->", strings.Join(strings.Fields(r.Answer), " "),
			r.ID, now.UTC().Format(time.RFC3339))
		at = end
		n++
	}
	out.WriteString(b.text[at:])
	return out.String(), n
}
