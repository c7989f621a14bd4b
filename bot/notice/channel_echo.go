package notice

import (
	"context"
	"regexp"
	"strings"
	"unicode/utf8"

	"filewarden/bot/gate"
	"filewarden/bot/wiki"
	"filewarden/templates"
)

// One notification by action=echocreateevent, for a whole digest: Echo bundles
// none of them. Limits are those of Echo's ApiEchoCreateEvent, in bytes.
// The header's is kept by templates.NoticeHeader.
const echoContent = 5000

// echoClosed detects the three things that this channel needs, all of which
// show in the account's own userinfo: the module is switched on (only then is
// there a preference for it), and the account and the grant of its session
// have the right.
func echoClosed(r *round, _ *recipient, _ wiki.Text) (string, error) {
	account := r.c.Wiki.Account()
	if _, on := account.Options["echo-subscriptions-web-api-triggered"]; !on {
		return "$wgEchoEnableApiEvents is off", nil
	}
	if !account.Rights["echo-create"] {
		return "the account, or its grant, lacks the right echo-create", nil
	}
	return "", nil
}

func prepareEcho(_ context.Context, r *round, d *digest, _ wiki.Text) (deliveryRow, error) {
	row := r.outline(channelEcho, d)
	n := r.notice(d)
	row.Heading = d.words.NoticeHeader(n)
	row.Title = r.localPage(d.lines())
	row.Section = d.echoSection()
	wayOut := "\n\n" + d.words.MailText("notice-mail-mute-all", templates.Address(n.Ways.MuteAll))
	row.Text = cut(d.words.NoticeBody(n), echoContent-len(wayOut)) + wayOut
	return row, nil
}

// localPage is the first page of this wiki that a digest is about. Echo drops
// the prefix of an interwiki title without a word and would link a page of
// this wiki that has nothing to do with it; then the file's page serves.
func (b *Box) localPage(lines []Line) string {
	for _, l := range lines {
		for _, title := range []string{l.Page, l.File} {
			if t, err := b.c.Wiki.Title(title); title != "" && err == nil && !(t.NS == 0 && foreign.MatchString(title)) {
				return t.Full
			}
		}
	}
	return ""
}

// foreign is what an interwiki prefix looks like; prefixes are lower case, and
// a page of that name only costs its link.
var foreign = regexp.MustCompile(`^:?[a-z][a-z0-9-]*:`)

// cut shortens text to limit bytes on a rune boundary.
func cut(text string, limit int) string {
	const ellipsis = "…"
	if len(text) <= limit {
		return text
	}
	end := max(limit-len(ellipsis), 0)
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return strings.TrimRight(text[:end], " ") + ellipsis
}

func sendEcho(ctx context.Context, g Gate, d deliveryRow) (gate.Receipt, error) {
	return g.Echo(ctx, gate.Echo{
		Task: d.Task, Kind: d.Kinds[0], User: d.User,
		Header: d.Heading, Content: d.Text, Page: d.Title, Section: d.Section,
	})
}
