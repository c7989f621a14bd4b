package report

import (
	"context"
	"fmt"
	"time"

	"filewarden/storage"
)

// printTable remembers what a refreshed page said, by title, whatever the time on it.
var printTable = storage.NewTable[string]("print", 1)

// Refresh publishes a part when it would say something else than last time; a
// page that would say the same is not even asked for. The time at which a part
// is made does not count: text is asked for with the zero time to compare, and
// with the present one to publish.
func (p *Pages) Refresh(ctx context.Context, part Part, text func(made time.Time) string) (changed bool, err error) {
	title, print, last := p.title(part), part.hash(text(time.Time{})), ""
	err = p.c.Store.View(func(tx storage.Tx) (err error) {
		last, _, err = printTable.Get(tx, title)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("remembering what %s says: %w", title, err)
	}
	if last == print {
		return false, nil
	}
	part.Text = text(p.c.Now().UTC())
	if changed, err = p.Publish(ctx, part); err != nil {
		return false, err
	}
	err = p.c.Store.Update(func(tx storage.Tx) error { return printTable.Put(tx, print, title) })
	if err != nil {
		return changed, fmt.Errorf("remembering what %s says: %w", title, err)
	}
	return changed, nil
}
