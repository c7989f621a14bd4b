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
	c, image := d.Case, q.image
	p.after(q, &image)
	var news []notice.Event
	if d.opens {
		var err error
		if news, err = p.news(ctx, c, told, casebook.Decision{}); err != nil {
			return err
		}
	}
	return p.Store.Update(func(tx storage.Tx) error {
		if now, known, err := casebook.GetImage(tx, image.SHA1); err != nil {
			return err
		} else if known {
			image.Uploads, image.Asked = now.Uploads, now.Asked
		}
		if err := casebook.PutImage(tx, image); err != nil {
			return err
		}
		if image.Stage == casebook.Done {
			if err := count(tx, p.start, func(d *dayRow) { d.Searched++ }); err != nil {
				return err
			}
		}
		if !d.opens && !q.hasCase {
			return nil
		}
		if err := casebook.PutCase(tx, c); err != nil || !d.opens {
			return err
		}
		if err := count(tx, p.start, func(d *dayRow) { d.opened(c) }); err != nil {
			return err
		}
		return p.box.Add(tx, news...)
	})
}

// after says what an image is due for next: providers that could not be asked
// are asked again, and all else is done.
func (p *pass) after(q *inquiry, image *casebook.Image) {
	image.Stage, image.Due, image.Why = casebook.Done, time.Time{}, ""
	switch {
	case q.err != nil:
		image.Stage, image.Why = casebook.Waiting, q.err.Error()
		if !p.later(image, q.err) {
			image.Stage, image.Due = casebook.Done, time.Time{}
		}
	case q.result.State == provider.Waiting || q.result.State == provider.NoBudget:
		image.Stage, image.Due = casebook.Waiting, q.result.Until
	case q.result.State == provider.Doubtful:
		image.Why = "an answer was lost: " + strings.Join(q.result.Doubts, ", ")
	}
}

// caseOf is the case of an image as it is now, and whether that is news: there
// was none, or the content came back after it was decided.
func (p *pass) caseOf(q *inquiry) (c casebook.Case, opens bool) {
	matches := p.filters.keep(matchesOf(q.result.Matches), namedSources(q.file.text))
	safety := safetyOf(q.result.Safety)
	c = q.known
	first := q.image.First()
	if !q.hasCase {
		c = casebook.Case{SHA1: q.image.SHA1, Uploader: first.User, Uploaded: first.Time, Opened: p.start}
	}
	if c.State.Undecided() && (!q.hasCase || len(matches) > 0) {
		c.State, c.Reason = p.filters.state(matchesOf(q.result.Matches), safety)
		c.Base = baseOf(c.State)
	}
	c.Title, c.Gone, c.GoneAt = q.file.title, "", time.Time{}
	c.Also = others(q.image)
	c.Asked = askers(q.image)
	c.Source, c.Licence = sourceOf(q.file), q.file.licence
	c.NonFree = p.nonFree(q.file)
	c.Evidence = p.weighed(q.evidence)
	if len(matches) > 0 || !q.hasCase {
		c.Matches, c.Safety = matches, safety
	}
	reason := slices.ContainsFunc(matches, suspicious) || slices.ContainsFunc(c.Evidence, func(e casebook.Evidence) bool { return e.Opens })
	if q.cameBack() && reason {
		reopen(&c, p.start)
		return c, true
	}
	return c, reason && !q.hasCase
}

// cameBack says that a content was uploaded again after it was accepted as copied.
func (q *inquiry) cameBack() bool {
	n := len(q.image.Uploads)
	return q.hasCase && q.known.State == casebook.Accepted && n > 0 && q.image.Uploads[n-1].Time.After(q.known.Decided)
}

// reopen begins a case anew: a content that was accepted as copied came back.
func reopen(c *casebook.Case, now time.Time) {
	c.State, c.By, c.Decided, c.Rev = c.Base, "", time.Time{}, 0
	c.Opened, c.Archived, c.Action, c.Last = now, time.Time{}, casebook.Action{}, nil
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

func others(image casebook.Image) (names []string) {
	first := image.First().User
	for _, u := range image.Uploads {
		if u.Action != "revert" && u.User != "" && !casebook.SameUser(u.User, first) && !slices.Contains(names, u.User) {
			names = append(names, u.User)
		}
	}
	return names
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
			lines = append(lines, u.Host+u.EscapedPath())
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
