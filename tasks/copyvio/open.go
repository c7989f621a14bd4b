package copyvio

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"filewarden/bot/notice"
	"filewarden/storage"
	"filewarden/tasks/copyvio/casebook"
	"filewarden/tasks/copyvio/provider"
)

// openCases settles the images that were looked for: each gets a case where
// something was found, and is done or due again.
func (p *pass) openCases(ctx context.Context, asked []*inquiry) error {
	drafts := make([]draft, len(asked))
	var about []*casebook.Case
	for i, q := range asked {
		drafts[i].Case, drafts[i].opens = p.caseOf(q)
		if drafts[i].opens || q.hasCase {
			about = append(about, &drafts[i].Case)
		}
	}
	if err := p.introduce(ctx, about); err != nil {
		return err
	}
	for i, q := range asked {
		if err := p.openCase(ctx, q, drafts[i]); err != nil {
			return fmt.Errorf("storing what was found about %s: %w", q.file.title, err)
		}
	}
	return nil
}

// draft is a case before it is stored; opens says that it is news.
type draft struct {
	casebook.Case
	opens bool
}

// openCase stores one case, what its image is due for next, and the notices, at once.
func (p *pass) openCase(ctx context.Context, q *inquiry, d draft) error {
	next := q.image
	p.after(q, &next)
	news, err := p.newsOf(ctx, d)
	if err != nil {
		return err
	}
	return p.Store.Update(func(tx storage.Tx) error {
		if err := p.settle(tx, q.image, next); err != nil {
			return err
		}
		if next.Stage == casebook.Done {
			if err := count(tx, p.start, func(d *dayRow) { d.Searched++ }); err != nil {
				return err
			}
		}
		return p.putCase(tx, q, d, news)
	})
}

func (p *pass) newsOf(ctx context.Context, d draft) ([]notice.Event, error) {
	if !d.opens {
		return nil, nil
	}
	return p.news(ctx, d.Case, told, casebook.Decision{})
}

// putCase stores a case. What was decided about it while the search went on stands.
func (p *pass) putCase(tx storage.Tx, q *inquiry, d draft, news []notice.Event) error {
	now, known, err := casebook.GetCase(tx, d.SHA1)
	if err != nil {
		return err
	}
	c := d.Case
	if changed := known && !sameDecision(now, q.known); changed {
		c, news = decidedAs(c, now), nil
		d.opens = d.opens && !q.hasCase
	}
	if !d.opens && !known {
		return nil
	}
	if err := casebook.PutCase(tx, c); err != nil || !d.opens {
		return err
	}
	if err := count(tx, p.start, func(d *dayRow) { d.opened(c) }); err != nil {
		return err
	}
	return p.box.Add(tx, news...)
}

func sameDecision(a, b casebook.Case) bool {
	return a.State == b.State && a.Decided.Equal(b.Decided) && a.Note == b.Note && (a.Last == nil) == (b.Last == nil) &&
		a.Action.State == b.Action.State && a.Archived.Equal(b.Archived)
}

// decidedAs is what was found, with what people said of the case meanwhile.
func decidedAs(found, now casebook.Case) casebook.Case {
	found.State, found.Base, found.By, found.Decided, found.Rev = now.State, now.Base, now.By, now.Decided, now.Rev
	found.Note, found.Last, found.Followed, found.Counted = now.Note, now.Last, now.Followed, now.Counted
	found.Action, found.Archived = now.Action, now.Archived
	return found
}

// after says what an image is due for next: providers that could not be asked
// are asked again, and all else is done.
func (p *pass) after(q *inquiry, image *casebook.Image) {
	switch {
	case q.err != nil:
		if image.Why = q.err.Error(); !p.later(image, q.err) {
			end(image, casebook.Done, image.Why)
		}
	case q.result.State == provider.Waiting || q.result.State == provider.NoBudget:
		image.Due, image.Why = q.result.Until, "a service cannot be asked now"
		if !image.Due.After(p.start) {
			image.Due = p.start.Add(tryAgain)
		}
	case q.result.State == provider.Doubtful:
		end(image, casebook.Done, "an answer was lost: "+strings.Join(q.result.Doubts, ", "))
	default:
		end(image, casebook.Done, "")
	}
}

// caseOf is the case of an image as it is now, and whether that is news: there
// was none, or the content came back.
func (p *pass) caseOf(q *inquiry) (c casebook.Case, opens bool) {
	all := matchesOf(q.result.Matches)
	matches, safety := p.filters.keep(all, namedSources(q.file.text)), safetyOf(q.result.Safety)
	c = q.known
	if !q.hasCase {
		first := q.image.First()
		c = casebook.Case{SHA1: q.image.SHA1, Uploader: first.User, Uploaded: first.Time, Opened: p.start}
	}
	back := q.cameBack()
	p.describe(&c, q)
	if len(matches) > 0 || !q.hasCase {
		c.Matches, c.Safety = matches, safety
	}
	reason := slices.ContainsFunc(c.Matches, suspicious) || slices.ContainsFunc(c.Evidence, grave)
	if back && reason {
		p.reopen(&c, q)
	}
	if c.State.Undecided() && (!q.hasCase || len(matches) > 0) {
		c.State, c.Reason = p.filters.state(all, safety)
		c.Base = baseOf(c.State)
	}
	return c, reason && (back || !q.hasCase)
}

// describe brings a case up to what its file says now.
func (p *pass) describe(c *casebook.Case, q *inquiry) {
	c.Title, c.Gone, c.GoneAt = q.file.title, "", time.Time{}
	c.Also, c.Before = others(q.image, c.Uploader, c.Since)
	c.Asked = askers(q.image)
	c.Source, c.Licence = sourceOf(q.file), q.file.licence
	c.NonFree = p.nonFree(q.file)
	c.Evidence = p.weighed(q.evidence)
}

// cameBack says that a content was uploaded again after it was accepted as
// copied, or that its file went before anybody looked and is there again, or
// that a case which held nothing now holds something.
func (q *inquiry) cameBack() bool {
	switch {
	case !q.hasCase:
		return false
	case q.known.State == casebook.Accepted:
		return latest(q.image).Time.After(q.known.Decided)
	case q.known.State.Undecided():
		return !q.known.Archived.IsZero()
	}
	return q.known.State == casebook.Unshown
}

// reopen begins a case anew. It is now about those who brought the content back.
func (p *pass) reopen(c *casebook.Case, q *inquiry) {
	c.Since = later(q.known.Decided, q.known.GoneAt)
	for _, u := range q.image.Uploads {
		if u.Time.After(c.Since) && u.Action != "revert" && u.User != "" {
			c.Uploader, c.Uploaded = u.User, u.Time
			break
		}
	}
	c.Also, c.Before = others(q.image, c.Uploader, c.Since)
	c.State, c.By, c.Decided, c.Rev, c.Followed, c.Counted = c.Base, "", time.Time{}, 0, time.Time{}, casebook.Open
	c.Gone, c.GoneAt, c.Note = "", time.Time{}, ""
	c.Opened, c.Archived, c.Action, c.Last = p.start, time.Time{}, casebook.Action{}, nil
}

func baseOf(s casebook.State) casebook.State {
	if s == casebook.Aside {
		return casebook.Aside
	}
	return casebook.Open
}

// weighed marks the evidence that the config takes for reason enough. Of what
// was deleted, accepted or is alike, the evidence itself says so first.
func (p *pass) weighed(all []casebook.Evidence) []casebook.Evidence {
	weighed := slices.Clone(all)
	for i, e := range weighed {
		listed := slices.Contains(p.config.Opens, e.Kind)
		switch e.Kind {
		case casebook.Deleted, casebook.SeenAccepted, casebook.Alike:
			weighed[i].Opens = e.Opens && listed
		default:
			weighed[i].Opens = listed
		}
	}
	return weighed
}

// others are those who uploaded an image beside the uploader that its case names:
// since the case was opened anew, if it was, and before.
func others(image casebook.Image, uploader string, since time.Time) (also, before []string) {
	seen := []string{uploader}
	for _, u := range slices.Backward(image.Uploads) {
		same := func(name string) bool { return casebook.SameUser(name, u.User) }
		if u.Action == "revert" || u.User == "" || slices.ContainsFunc(seen, same) {
			continue
		}
		if seen = append(seen, u.User); u.Time.After(since) {
			also = append(also, u.User)
		} else {
			before = append(before, u.User)
		}
	}
	slices.Reverse(also)
	return also, before
}

func askers(image casebook.Image) (names []string) {
	for _, a := range image.Asked {
		if !slices.Contains(names, a.User) {
			names = append(names, a.User)
		}
	}
	return names
}

var (
	webLink     = regexp.MustCompile(`(?i)https?://[^\s\[\]<>"{}|]+`)
	sourceParam = regexp.MustCompile(`(?im)^[ \t]*\|[ \t]*(?:source|quelle|fuente|fonte|来源)[ \t]*=[ \t]*([^\n]*)`)
)

// namedSources are the addresses that a file page names. A place named there is
// no secret, whatever else may be wrong with the file.
func namedSources(text string) addresses {
	var lines []string
	for _, link := range webLink.FindAllString(text, 50) {
		u, err := url.Parse(strings.TrimRight(link, ".,;:)'"))
		if err == nil && u.Host != "" && u.Path != "" && u.Path != "/" {
			lines = append(lines, u.Host+pathOf(u))
		}
	}
	named, _ := newAddresses(lines)
	return named
}

// sourceOf is what a file page gives as the source, as one line of plain text.
func sourceOf(f file) string {
	if f.source != "" {
		return plainLine(f.source)
	}
	if m := sourceParam.FindStringSubmatch(f.text); m != nil {
		return plainLine(m[1])
	}
	return ""
}

func plainLine(text string) string {
	runes := []rune(strings.Join(strings.Fields(text), " "))
	return string(runes[:min(len(runes), 200)])
}
