package notice

import (
	"context"
	"strings"

	"filewarden/bot/gate"
	"filewarden/bot/wiki"
	"filewarden/templates"
)

const (
	// mailsPerUser and mailsPerDay are limits of our own, for each UTC day. An
	// account without special rights may send 20 e-mails a day on a wiki with
	// MediaWiki's defaults ($wgRateLimits, emailuser).
	mailsPerUser = 1
	mailsPerDay  = 20
	mailLength   = 20_000
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
	row.Heading = d.words.PlainText("notice-mail-subject", templates.Plain(d.title()), templates.Plain(r.c.Wiki.Site().Name))
	body := d.plainBody(mailLength, func(l Line) string {
		if l.Page == "" || strings.Contains(l.Plain, "://") {
			return "* " + l.Plain
		}
		return "* " + l.Plain + "\n  " + absolute(r.c.Wiki.URL(l.Page))
	})
	row.Text = body + "\n\n" + r.mailFooter(d)
	return row, nil
}

func sendEmail(ctx context.Context, g Gate, d deliveryRow) (gate.Receipt, error) {
	return g.Mail(ctx, gate.Mail{Task: d.Task, Kind: d.Kinds[0], User: d.User, Subject: d.Heading, Text: d.Text})
}
