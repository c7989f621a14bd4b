package command

import (
	"fmt"

	"filewarden/bot"
)

// need is a right the bot works with, where it comes from, and what for.
type need struct {
	right string
	grant string // of a bot password or OAuth consumer; as Special:BotPasswords calls it
	grade grade  // of its absence
	use   string
}

// needs in the order in which they matter. Grants are named as Special:BotPasswords
// shows them (the messages grant-… in languages/i18n/en.json of MediaWiki 1.43).
var needs = []need{
	{"edit", "Edit existing pages", bad, "every page the bot writes"},
	{"createpage", "Create, edit, and move pages", bad, "its own pages"},
	{"createtalk", "Create, edit, and move pages", bad, "the first message on a user's talk page"},
	{"editmyuserjson", "Edit your user preferences and JSON configuration", bad, "schema.json and the first config.json"},
	{"bot", "High-volume (bot) access", hint, "edits that stay out of people's recent changes; ask for the bot flag"},
	{"apihighlimits", "High-volume (bot) access", hint, "500 titles a request instead of 50"},
	{"noratelimit", "High-volume (bot) access", hint, "more than a user's edits a minute"},
	{"minoredit", "Edit existing pages", hint, "marking its small edits as such"},
	{"sendemail", "Send email to other users", hint, "the channel email"},
	{"echo-create", "a grant of this wiki that holds echo-create", hint, "the channel echo"},
}

// scriptRights let the login change code that runs in other people's browsers.
// The bot never needs them, so a stolen password should not have them.
var scriptRights = []string{"editusercss", "edituserjs", "editsitecss", "editsitejs", "editinterface"}

// examineRights compares what the session may do with what the account may
// do: a right that only the session lacks was left out of the grants.
func examineRights(c *Context, b *bot.Bot) (out []finding, err error) {
	session := b.Wiki().Account().Rights
	account, err := b.Wiki().AccountRights(c.Ctx)
	if err != nil {
		return nil, fmt.Errorf("asking what the account itself may do: %w", err)
	}
	for _, n := range needs {
		out = append(out, n.examine(session, account))
	}
	for _, right := range scriptRights {
		if session[right] {
			out = append(out, finding{hint, "this login may edit scripts and interface pages (" + right + ")",
				"The bot never does. Leave that grant out of its bot password, so that nobody can misuse it."})
			break
		}
	}
	return out, nil
}

func (n need) examine(session, account map[string]bool) finding {
	switch {
	case session[n.right]:
		return finding{good, "right " + n.right, ""}
	case account[n.right]:
		return finding{n.grade, fmt.Sprintf("right %s is left out of this login's grants, for %s", n.right, n.use),
			fmt.Sprintf("At Special:BotPasswords give it the grant “%s”.", n.grant)}
	case n.right == "echo-create":
		return finding{n.grade, "right echo-create is missing, for " + n.use, echoRemedy}
	}
	return finding{n.grade, fmt.Sprintf("the account lacks the right %s, for %s", n.right, n.use),
		"An administrator or bureaucrat gives it with a user group at Special:UserRights."}
}

// echoRemedy are the three settings that action=echocreateevent needs
// (https://www.mediawiki.org/wiki/Extension:Echo, since MediaWiki 1.43).
const echoRemedy = `Notices go to talk pages instead. For the channel echo the wiki's administrator sets all three:
$wgEchoEnableApiEvents = true;
$wgGroupPermissions['bot']['echo-create'] = true;
$wgGrantPermissions['highvolume']['echo-create'] = true;`

// examineExtensions says what the wiki's extensions make possible.
func examineExtensions(b *bot.Bot) (out []finding) {
	installed := b.Wiki().Site().Extensions
	for _, e := range []struct{ name, use, without string }{
		{"Global Usage", "uses on all wikis that share files", "Without it the bot sees uses on this wiki, and on the wikis named in config.json as clients."},
		{"Echo", "notifications about the bot's messages", "People see new messages only on their talk page and watchlist."},
	} {
		if _, ok := installed[e.name]; ok {
			out = append(out, finding{good, "extension " + e.name + ": " + e.use, ""})
		} else {
			out = append(out, finding{hint, "extension " + e.name + " is not installed: no " + e.use, e.without})
		}
	}
	options := b.Wiki().Account().Options
	_, api := options["echo-subscriptions-web-api-triggered"]
	// Where the right is missing as well, that has been told with the same remedy.
	if _, echo := installed["Echo"]; echo && !api && b.Wiki().Account().Rights["echo-create"] {
		out = append(out, finding{hint, "the channel echo is switched off on this wiki", echoRemedy})
	}
	return out
}
