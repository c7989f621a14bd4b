package notice

import (
	"context"

	"filewarden/bot/gate"
	"filewarden/bot/wiki"
)

// Channels.
const (
	channelTalk    = "talk"    // a new signed section on the user's talk page
	channelMention = "mention" // a section on Notices/<year-month> that pings
	channelEcho    = "echo"    // action=echocreateevent
	channelEmail   = "email"   // action=emailuser
	channelNone    = "none"
)

// fallbacks are the channels that are tried in turn, by the one that the
// reader wants. A talk page comes before a ping, because it needs no
// extension, and Echo last, because few wikis allow it to bots. E-mail is
// never a fallback: nobody is mailed who did not ask for it. A reader's no is
// no reason to try another channel.
var fallbacks = map[string][]string{
	channelTalk:    {channelTalk, channelMention, channelEcho},
	channelMention: {channelMention, channelTalk, channelEcho},
	channelEcho:    {channelEcho, channelTalk, channelMention},
	channelEmail:   {channelEmail, channelTalk, channelMention, channelEcho},
}

// channel is one way to write a digest.
type channel struct {
	// askable: the history of its page can be asked for a delivery id.
	askable bool
	// closed says why this person cannot be reached here now, or "". page is
	// their talk page as read.
	closed func(r *round, who *recipient, page wiki.Text) (reason string, err error)
	// prepare shapes the digest into an intent.
	prepare func(ctx context.Context, r *round, d *digest, page wiki.Text) (deliveryRow, error)
	// send makes the write.
	send func(ctx context.Context, g Gate, d deliveryRow) (gate.Receipt, error)
}

func channelOf(name string) channel {
	switch name {
	case channelMention:
		return channel{askable: true, closed: mentionClosed, prepare: prepareMention, send: sendSection}
	case channelEcho:
		return channel{closed: echoClosed, prepare: prepareEcho, send: sendEcho}
	case channelEmail:
		return channel{closed: emailClosed, prepare: prepareEmail, send: sendEmail}
	}
	return channel{askable: true, closed: talkClosed, prepare: prepareTalk, send: sendSection}
}
