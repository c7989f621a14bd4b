package notice

import (
	"context"
	"strconv"
	"strings"

	"filewarden/bot/gate"
	"filewarden/bot/wiki"
	"filewarden/templates"
)

// A section on the talk page. Echo tells its owner, with the section's name
// and beginning, only if what the edit adds is one section signed by the
// editor (DiscussionParser in Echo). So the text has no heading of its own and
// ends in ~~~~. Its last line is also different from every other: were it
// equal to the page's last line, the line diff would slide, and the notice
// would be taken for a part of the section before it.

// talkPage is where a user is written to; gate.Ask follows redirects.
func talkPage(user string) string { return "User talk:" + user }

// talkClosed: pages of other content models (Flow) take no sections.
func talkClosed(_ *round, _ *recipient, page wiki.Text) (string, error) {
	if !page.Missing && page.Model != "wikitext" {
		return "content model " + page.Model, nil
	}
	return "", nil
}

func prepareTalk(ctx context.Context, r *round, d *digest, page wiki.Text) (deliveryRow, error) {
	row, n := r.outline(channelTalk, d), r.notice(d)
	row.Heading = unlike(d.words.NoticeTitle(n), page.Content)
	row.Text = r.section(ctx, d, n, row.ID)
	row.base(page)
	return row, nil
}

// unlike numbers a heading that the page already has: a link to a section leads
// to the first of its name.
func unlike(heading, content string) string {
	free := heading
	for n := 2; strings.Contains(content, "== "+free+" =="); n++ {
		free = heading + " (" + strconv.Itoa(n) + ")"
	}
	return free
}

// outline is what the intents of all channels have in common.
func (r *round) outline(channel string, d *digest) deliveryRow {
	row := deliveryRow{
		ID: deliveryID(channel, d.to.name, d.rows), Channel: channel, User: d.to.name,
		Task: d.parts[0].kind.Task, Kinds: d.kinds(), Capped: !d.demanded(),
		Summary: r.summary(d), Events: d.rows,
	}
	if channelOf(channel).askable {
		row.Tried = d.at
	}
	return row
}

// summary names the kinds of news, in the community's language. The gate adds
// the heading, the stop page and the id.
func (r *round) summary(d *digest) string {
	var kinds []any
	for _, kind := range d.kinds() {
		kinds = append(kinds, templates.Message("kind-"+kind))
	}
	return r.c.Words.In(r.config.Language).Summary("notice-summary", templates.List(kinds...))
}

// base makes the row an edit of the page as it was read.
func (d *deliveryRow) base(page wiki.Text) {
	d.Title, d.BaseRev, d.Create, d.Read = page.Title, page.RevID, page.Missing, page.ReadAt
}

// sendSection writes a new section.
func sendSection(ctx context.Context, g Gate, d deliveryRow) (gate.Receipt, error) {
	return g.Edit(ctx, gate.Edit{
		Task: d.Task, Kind: d.Kinds[0], User: d.User, Title: d.Title,
		Section: "new", Heading: d.Heading, Text: d.Text, Summary: d.Summary, ID: d.ID,
		BaseRev: d.BaseRev, Start: d.Read, CreateOnly: d.Create, NoCreate: !d.Create,
	})
}
