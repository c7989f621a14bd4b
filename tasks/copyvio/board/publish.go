package board

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"filewarden/bot/gate"
	"filewarden/bot/report"
	"filewarden/bot/wiki"
	"filewarden/storage"
)

// Sheet is a page of cases as the bot wants it to read.
type Sheet struct {
	Name    string // beneath the bot's prefix: "Copyvio/All"
	Summary string
	// Draw makes the bot's part of the page. It is asked again when there is
	// news: a decision that came in meanwhile, a host that may not be linked to.
	// now is the page as it stands, for what people wrote beneath cases; "" when
	// there is none, and when the bot wants to know what it says by itself.
	Draw func(now string, inert Hosts) (Drawn, error)
}

// Drawn is the bot's part of a page.
type Drawn struct {
	Text  string   // wikitext
	Links []string // addresses that are live links in it
}

// spamRounds is how often a page is drawn anew because of its links: as the
// wiki said, and then without any.
const spamRounds = 3

// Publish makes a page of cases read so. Decisions that people made since it
// was read are read and applied first, and the page is drawn with them; what
// then differs is saved. See the package comment for when damage is left.
//
// Errors: *Skipped where this page cannot be written and others can; else those
// of the wiki, the gate and the store.
func (b *Board) Publish(ctx context.Context, s Sheet) (changed bool, err error) {
	w := &writing{board: b, sheet: s, title: b.title(s.Name)}
	for round := range spamRounds {
		var receipt gate.Receipt
		receipt, err = b.c.Pages.Put(ctx, w.part())
		matches, spam := refusedBy(err)
		if !spam {
			if err == nil {
				err = w.saved(receipt)
			}
			return err == nil && !receipt.NoChange && !receipt.Dry, skipped(w.title, err)
		}
		if err := w.avoid(matches, round > 0); err != nil {
			return false, err
		}
	}
	return false, skipped(w.title, err)
}

// avoid makes the links inert that the spam blacklist refused, and all, where it
// is not clear which these are or there are others again.
func (w *writing) avoid(matches []string, again bool) error {
	hosts := hostsOf(w.links, matches)
	err := w.board.refuse(hosts)
	if err == nil && (again || len(hosts) == 0) {
		err = w.board.strip(w.title)
	}
	return err
}

// PublishAll publishes pages; one that is skipped keeps none of the others back.
func (b *Board) PublishAll(ctx context.Context, sheets ...Sheet) (changed int, err error) {
	var failed []error
	for _, s := range sheets {
		did, err := b.Publish(ctx, s)
		if did {
			changed++
		}
		if err == nil {
			continue
		}
		failed = append(failed, err)
		if ctx.Err() != nil || closed(err) {
			break
		}
	}
	return changed, errors.Join(failed...)
}

// writing is one page on its way to the wiki.
type writing struct {
	board *Board
	sheet Sheet
	title string

	links    []string
	spoiled  *handiwork // whose changes the writing undoes
	limited  bool       // and they count against their user's limit
	over     bool       // and their user is blocked, so there is no war to fear
	restores bool       // it has nothing new to say
}

func (w *writing) part() report.Part {
	return report.Part{Task: w.board.c.Task, Name: w.sheet.Name, Summary: w.sheet.Summary, Draw: w.draw, Restore: w.restore}
}

// draw makes the part for the page as it stands, once all that people said on
// it is known.
func (w *writing) draw(ctx context.Context, t wiki.Text) (report.Drawn, error) {
	w.spoiled, w.restores, w.limited, w.over = nil, false, false, false
	row, err := w.board.catchUp(ctx, w.sheet.Name, t)
	if err != nil {
		return report.Drawn{}, err
	}
	inert, err := w.board.hosts()
	if err != nil {
		return report.Drawn{}, err
	}
	if inert.all, err = w.board.isBare(w.title); err != nil {
		return report.Drawn{}, err
	}
	drawn, err := w.sheet.Draw(t.Content, inert)
	if err != nil {
		return report.Drawn{}, err
	}
	if part, ok := w.part().Find(t.Content); !ok || part != strings.TrimSpace(drawn.Text) {
		if drawn, err = w.checked(ctx, t, drawn, inert); err != nil {
			return report.Drawn{}, err
		}
		if err := w.bounded(ctx, row); err != nil {
			return report.Drawn{}, err
		}
	}
	w.links = drawn.Links
	alone, err := w.sheet.Draw("", inert)
	return report.Drawn{Text: drawn.Text, News: alone.Text}, err
}

// checked is the part without links that the wiki would refuse. Those that
// stand on the page already it does not look at.
func (w *writing) checked(ctx context.Context, t wiki.Text, drawn Drawn, inert Hosts) (Drawn, error) {
	var added []string
	for _, link := range drawn.Links {
		if !strings.Contains(t.Content, link) {
			added = append(added, link)
		}
	}
	news, err := w.board.ask(ctx, added)
	if err != nil || !news {
		return drawn, err
	}
	return w.sheet.Draw(t.Content, inert)
}

// bounded ends a war with a user who may not decide and spoils the page again
// and again. Who is blocked by now cannot go on.
func (w *writing) bounded(ctx context.Context, row pageRow) error {
	w.spoiled = row.Spoiled
	if w.spoiled == nil {
		return nil
	}
	who, err := w.board.person(ctx, w.spoiled.By)
	if err != nil {
		return err
	}
	w.limited, w.over = !mayDecide(who), who.Blocked
	if !w.limited {
		return nil
	}
	return w.enough()
}

// enough says that a user's damage was undone often enough today.
func (w *writing) enough() error {
	if w.over {
		return nil
	}
	n, err := w.board.restored(w.title, w.spoiled.By)
	if err == nil && n >= w.board.c.Restores {
		err = &Skipped{Page: w.title, Reason: LeftAlone, By: registered(w.spoiled.By)}
	}
	return err
}

// restore says whether a part is put back that people changed or took away.
func (w *writing) restore(ctx context.Context, t wiki.Text) (bool, error) {
	if t.Missing {
		return false, nil // only admins delete
	}
	row, _, err := w.board.row(w.title)
	if err != nil {
		return false, err
	}
	if w.spoiled == nil {
		w.spoiled = &handiwork{By: t.User, Rev: t.RevID}
	}
	if by, away := w.removed(t, row); away {
		who, err := w.board.person(ctx, by)
		if err != nil || mayDecide(who) {
			return false, err
		}
	}
	w.restores = true
	return true, w.enough()
}

// removed says who took the whole part away, if somebody did.
func (w *writing) removed(t wiki.Text, row pageRow) (by string, away bool) {
	if row.Removed != nil {
		return row.Removed.By, true
	}
	part, ok := w.part().Find(t.Content)
	return w.spoiled.By, !ok || part == ""
}

// saved remembers the revision that the bot made, and whose changes it undid.
func (w *writing) saved(receipt gate.Receipt) error {
	if receipt.NoChange || receipt.Dry {
		return nil
	}
	err := w.board.c.Store.Update(func(tx storage.Tx) error {
		row, _, err := pageTable.Get(tx, w.title)
		if err != nil {
			return err
		}
		row.Wrote = receipt.RevID
		if err := pageTable.Put(tx, row, w.title); err != nil {
			return err
		}
		if w.spoiled == nil || !w.limited && !w.restores {
			return nil
		}
		return w.board.countRestore(tx, w.title, w.spoiled.By)
	})
	if err != nil {
		return fmt.Errorf("recording what was written on %s: %w", w.title, err)
	}
	return nil
}

// catchUp reads and applies what people did to a page up to the text that is to
// be replaced. Saving before that could make an exact old text of it, and the
// wiki would take the decisions between for reverted.
func (b *Board) catchUp(ctx context.Context, name string, t wiki.Text) (row pageRow, err error) {
	title := b.title(name)
	read, err := b.readPage(ctx, name, head{page: t.ID, rev: t.RevID, parent: -1, missing: t.Missing})
	if err != nil {
		return row, err
	}
	news := News{read: read}
	news.gather()
	if _, err := b.Apply(ctx, news); err != nil {
		return row, err
	}
	for _, r := range read {
		if r.behind {
			return row, &Skipped{Page: title, Reason: Behind}
		}
	}
	row, _, err = b.row(title)
	return row, err
}

// restored is how often a user's damage to a page was undone today.
func (b *Board) restored(title, user string) (n int, err error) {
	err = b.c.Store.View(func(tx storage.Tx) error {
		n, _, err = restoreTable.Get(tx, b.today(), title, registered(user))
		return err
	})
	if err != nil {
		err = fmt.Errorf("remembering how often %s was put right: %w", title, err)
	}
	return n, err
}

func (b *Board) countRestore(tx storage.Tx, title, user string) error {
	n, _, err := restoreTable.Get(tx, b.today(), title, registered(user))
	if err != nil {
		return err
	}
	return restoreTable.PutFor(tx, 48*time.Hour, n+1, b.today(), title, registered(user))
}

func (b *Board) today() string { return b.c.Now().UTC().Format(time.DateOnly) }

// registered is the name of an account that lasts; all others are one user,
// who changes the name at will.
func registered(user string) string {
	if nameable(user) {
		return user
	}
	return ""
}
