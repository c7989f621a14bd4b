package provider

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

// standing is how one image stands with one service.
type standing int

const (
	unknown standing = iota
	found
	nothing
	refused
	inDoubt
	later // to be asked again
	spent // no budget is left
)

// outcome is what came of asking one service about one image.
type outcome struct {
	standing
	matches []Match
	safety  *Safety
	until   time.Time // of later and spent
	out     bool      // of later and spent: it takes so long that the next service is asked
	note    string
}

// wanted is one image of an inquiry, and what came of it by place in the order of services.
type wanted struct {
	image Image
	got   []outcome
	alone bool // the service refused a batch with it, so it is sent by itself
}

var sha1Form = regexp.MustCompile(`^[0-9a-f]{40}$`)

// Ask asks the services that are enabled for the purpose, in the order that
// config.json says, and returns a result for each image, in the order of
// q.Images. It takes as long as the services' rates demand.
//
// An error means that nothing was found out: no service is set up, the memory
// failed, ctx has ended, or a SHA-1 is none. What had been answered before that
// is remembered, and asking again is safe. Trouble with a service is no error;
// the results say when to come again.
func (d *Desk) Ask(ctx context.Context, q Inquiry) ([]Result, error) {
	lines, err := d.chosen(q)
	if err != nil {
		return nil, err
	}
	files, order, err := distinct(q.Images, len(lines))
	if err != nil {
		return nil, err
	}
	if q.Config.Order == all {
		err = d.askAll(ctx, q, lines, files)
	} else {
		err = d.askInTurn(ctx, q, lines, files)
	}
	if err != nil {
		return nil, fmt.Errorf("looking for images: %w", err)
	}
	results := make([]Result, len(order))
	for i, w := range order {
		results[i] = w.result(lines, q.Config.Order)
	}
	return results, nil
}

// distinct are the images of an inquiry, each once, and all in order.
func distinct(images []Image, services int) (files, order []*wanted, err error) {
	seen := map[string]*wanted{}
	for _, image := range images {
		image.SHA1 = strings.ToLower(image.SHA1)
		if !sha1Form.MatchString(image.SHA1) {
			return nil, nil, fmt.Errorf("%q is no SHA-1 in 40 hex digits", image.SHA1)
		}
		w := seen[image.SHA1]
		if w == nil {
			w = &wanted{image: image, got: make([]outcome, services)}
			seen[image.SHA1] = w
			files = append(files, w)
		}
		order = append(order, w)
	}
	return files, order, nil
}

// askInTurn asks each service about what the ones before it did not find.
func (d *Desk) askInTurn(ctx context.Context, q Inquiry, lines []*line, files []*wanted) error {
	for at, l := range lines {
		if err := d.newJob(q, l, at).run(ctx, files); err != nil {
			return err
		}
		var rest []*wanted
		for _, w := range files {
			if w.got[at].next() {
				w.alone = false
				rest = append(rest, w)
			}
		}
		files = rest
	}
	return nil
}

// next tells whether the next service is to be asked.
func (o outcome) next() bool {
	switch o.standing {
	case nothing, refused, inDoubt:
		return true
	case later, spent:
		return o.out
	}
	return false
}

// askAll asks every service about everything.
func (d *Desk) askAll(ctx context.Context, q Inquiry, lines []*line, files []*wanted) error {
	var g errgroup.Group
	for at, l := range lines {
		g.Go(func() error {
			own := make([]*wanted, len(files)) // each service has its own view of what is to be sent alone
			for i, w := range files {
				own[i] = &wanted{image: w.image, got: w.got}
			}
			return d.newJob(q, l, at).run(ctx, own)
		})
	}
	return g.Wait()
}

// result sums up what came of an image.
func (w *wanted) result(lines []*line, order string) Result {
	r := Result{SHA1: w.image.SHA1, Notes: map[string]string{}}
	has := map[standing]bool{}
	var matches []Match
	for at, o := range w.got {
		has[o.standing] = true
		matches = append(matches, o.matches...)
		if r.Safety == nil {
			r.Safety = o.safety
		}
		if o.note != "" {
			r.Notes[lines[at].name] = o.note
		}
		if o.standing == inDoubt {
			r.Doubts = append(r.Doubts, lines[at].name)
		}
		if !o.until.IsZero() && (r.Until.IsZero() || o.until.Before(r.Until)) {
			r.Until = o.until
		}
	}
	r.Matches = merge(matches)
	r.State = state(has, order)
	if r.State != Waiting && r.State != NoBudget {
		r.Until = time.Time{}
	}
	return r
}

// state is that of an image with these standings. Where services are asked in
// turn, one that found something ends the matter.
func state(has map[standing]bool, order string) State {
	switch {
	case has[found] && order != all:
		return Found
	case has[later]:
		return Waiting
	case has[spent]:
		return NoBudget
	case has[found]:
		return Found
	case has[inDoubt]:
		return Doubtful
	case has[nothing]:
		return Nothing
	}
	return Refused
}
