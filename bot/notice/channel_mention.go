package notice

import (
	"context"
	"fmt"

	"filewarden/bot/wiki"
	"filewarden/templates"
)

// A section on the bot's own page of the month, which pings. Echo pings a user
// whom a signed addition links, and nobody at all if the addition links more
// than 50 users or holds a second user's signature. So each section addresses
// one person, in the shape [[:User:X|X]] that equals nobody's signature, and
// the kinds' lines name others without a link.

// mentionClosed: without Echo nobody hears of a ping.
func mentionClosed(r *round, _ *recipient, _ wiki.Text) (string, error) {
	if _, installed := r.c.Wiki.Site().Extensions["Echo"]; !installed {
		return "this wiki has no Echo", nil
	}
	return "", nil
}

func prepareMention(ctx context.Context, r *round, d *digest, _ wiki.Text) (deliveryRow, error) {
	row := r.outline(channelMention, d)
	title := r.c.Prefix + "Notices/" + d.at.UTC().Format("2006-01")
	page, err := r.readPage(ctx, title)
	if err != nil {
		return row, err
	}
	n := r.notice(d)
	heading := d.words.Text("notice-mention-title", templates.Raw(d.words.NoticeTitle(n)), d.to.name)
	row.Heading = unlike(heading, page.Content)
	row.Text = d.words.Text("notice-mention", templates.User(d.to.name)) + "\n" + r.section(ctx, d, n, row.ID)
	row.base(page)
	return row, nil
}

// readPage reads one page of the bot's own.
func (b *Box) readPage(ctx context.Context, title string) (wiki.Text, error) {
	pages, err := b.c.Wiki.Read(ctx, title)
	if err != nil {
		return wiki.Text{}, fmt.Errorf("reading %s: %w", title, err)
	}
	page, ok := pages[title]
	if !ok {
		return wiki.Text{}, fmt.Errorf("reading %s: the wiki's answer does not hold it", title)
	}
	return page, nil
}
