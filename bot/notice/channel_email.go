package notice

import (
	"context"

	"filewarden/bot/gate"
	"filewarden/bot/wiki"
)

const (
	// mailsPerUser and mailsPerDay are limits of our own, for each UTC day. An
	// account without special rights may send 20 e-mails a day on a wiki with
	// MediaWiki's defaults ($wgRateLimits, emailuser).
	mailsPerUser = 1
	mailsPerDay  = 20
)

func emailClosed(r *round, who *recipient, _ wiki.Text) (string, error) {
	if !who.emailable {
		return "the user takes no e-mail", nil
	}
	for name, limit := range map[string]int{"mail": mailsPerDay, "mail " + who.name: mailsPerUser} {
		n, err := r.counted(name)
		if err != nil {
			return "", err
		}
		if n >= limit {
			return "the day's limit of e-mails is used up", nil
		}
	}
	return "", nil
}

func prepareEmail(_ context.Context, r *round, d *digest, _ wiki.Text) (deliveryRow, error) {
	row := r.outline(channelEmail, d)
	row.Heading, row.Text = d.words.NoticeMail(r.notice(d), r.c.Wiki.Site().Name)
	return row, nil
}

func sendEmail(ctx context.Context, g Gate, d deliveryRow) (gate.Receipt, error) {
	return g.Mail(ctx, gate.Mail{Task: d.Task, Kind: d.Kinds[0], User: d.User, Subject: d.Heading, Text: d.Text})
}
