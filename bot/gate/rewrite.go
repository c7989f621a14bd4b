package gate

import (
	"context"
	"errors"
	"fmt"

	"filewarden/bot/wiki"
)

// rewriteTries is how often Rewrite builds an edit anew when somebody was faster.
const rewriteTries = 3

// Rewrite edits a page by a transformation of its text. build is given the
// page as it stands and returns the edit, of which Title, Task, BaseRev, Start,
// CreateOnly and NoCreate are filled in, or false when there is nothing to do.
// When the page changes between the reading and the writing, build is asked
// again with the new text, three times in all. The Receipt of an edit that
// was not needed has NoChange.
func (g *Gate) Rewrite(ctx context.Context, title, task string, build func(wiki.Text) (Edit, bool, error)) (Receipt, error) {
	var last error
	for range rewriteTries {
		r, err := g.rewriteOnce(ctx, title, task, build)
		var no *wiki.Error
		if err == nil || !errors.As(err, &no) || no.Advice != wiki.Replan {
			return r, err
		}
		last = err
	}
	return Receipt{}, fmt.Errorf("gave up after %d edit conflicts: %w", rewriteTries, last)
}

func (g *Gate) rewriteOnce(ctx context.Context, title, task string, build func(wiki.Text) (Edit, bool, error)) (Receipt, error) {
	texts, err := g.wiki.Read(ctx, title)
	if err != nil {
		return Receipt{}, fmt.Errorf("reading %s: %w", title, err)
	}
	text, ok := texts[title]
	if !ok || text.Invalid {
		return Receipt{}, fmt.Errorf("reading %s: the wiki has no such title", title)
	}
	e, needed, err := build(text)
	if err != nil || !needed {
		return Receipt{NoChange: true, RevID: text.RevID}, err
	}
	e.Title, e.Task, e.BaseRev, e.Start = title, task, text.RevID, text.ReadAt
	e.CreateOnly, e.NoCreate = text.Missing, !text.Missing
	return g.Edit(ctx, e)
}
