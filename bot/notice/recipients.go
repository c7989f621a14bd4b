package notice

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"filewarden/bot/wiki"
	"filewarden/storage"
	"filewarden/wikiconfig"

	"github.com/antonholmquist/jason"
)

const (
	// atOnce is how many recipients are read together: titles in one request
	// of an account without high limits.
	atOnce = 50
	// freshFor is how old a recipient's preferences may be when their message
	// goes out. The gate spaces edits, so a long round reads them again.
	freshFor = time.Minute
)

// recipient is one person as they want to be reached now.
type recipient struct {
	name      string
	prefs     *wikiconfig.Preferences
	said      wishes // on Requests
	community wikiconfig.NoticesConfig
	language  string // of their notices
	taskOf    func(kind string) string
	groups    []string // read only where the community limits groups
	emailable bool     // read only where somebody wants e-mail
}

// recipients reads, at this moment, everything that decides whether and how
// these people are told: one request for each 50, a second one only where the
// config or a preference needs to know groups or e-mail.
func (b *Box) recipients(ctx context.Context, names []string) (map[string]*recipient, error) {
	config := b.c.Panel.State().Config
	prefs, err := b.c.Panel.Preferences(ctx, names...)
	if err != nil {
		return nil, fmt.Errorf("reading preferences: %w", err)
	}
	people := make(map[string]*recipient, len(names))
	for _, name := range names {
		p := prefs[name]
		if p == nil { // what cannot be read may hold a no
			p = &wikiconfig.Preferences{Muted: true}
		}
		people[name] = &recipient{
			name: name, prefs: p, community: config.Notices, language: config.Language,
			taskOf: func(kind string) string { return b.kinds[kind].Task },
		}
		if p.Language != "" {
			people[name].language = p.Language
		}
	}
	if err := b.readWishes(people); err != nil {
		return nil, err
	}
	return people, b.readAccounts(ctx, people)
}

// readAccounts asks the wiki for groups and reachability by e-mail, if anybody needs them.
func (b *Box) readAccounts(ctx context.Context, people map[string]*recipient) error {
	var names []string
	for name, who := range people {
		if len(who.community.Groups) > 0 || who.wantsEmail(b.kinds) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for part := range slices.Chunk(names, atOnce) {
		answer, err := b.c.Wiki.Get(ctx, wiki.Params{
			"action": "query", "list": "users", "ususers": strings.Join(part, "|"), "usprop": "groups|emailable",
		})
		if err != nil {
			return fmt.Errorf("reading the groups of recipients: %w", err)
		}
		rows, err := answer.GetObjectArray("query", "users")
		if err != nil {
			return fmt.Errorf("reading the groups of recipients: %w", err)
		}
		for _, row := range rows {
			people[canonicalOf(row)].setAccount(row)
		}
	}
	return nil
}

func canonicalOf(row *jason.Object) string {
	name, _ := row.GetString("name")
	return canonical(name)
}

func (who *recipient) setAccount(row *jason.Object) {
	if who == nil { // a row that nobody asked for
		return
	}
	who.groups, _ = row.GetStringArray("groups")
	who.emailable, _ = row.GetBoolean("emailable")
}

func (who *recipient) wantsEmail(kinds map[string]Kind) bool {
	for kind := range kinds {
		if who.way(Event{Kind: kind}).channel == channelEmail {
			return true
		}
	}
	return false
}

// way is how an event reaches this person: the task's section of their
// preferences first, then its head, then the community's config.
func (who *recipient) way(e Event) way {
	_, channel, window := who.prefs.For(who.taskOf(e.Kind))
	if channel == "" {
		channel = who.community.Channel
	}
	if window == "" {
		window = who.community.Window
	}
	return way{channel, window}
}

// subscribed: by a preferences page or on Requests.
func (who *recipient) subscribed() bool {
	return (who.prefs.Exists && who.prefs.Enabled) || who.said.Subscribed
}

// refusal is why this person does not get an event, or "". A no from any side
// wins. What a procedure of the wiki demands is bound by every no, but not by
// the community's opt-in.
func (who *recipient) refusal(e Event) string {
	enabled, _, _ := who.prefs.For(who.taskOf(e.Kind))
	switch {
	case strings.ContainsAny(who.name, "#<>[]{}|/\n") || who.name == "":
		return "no-such-user"
	case who.prefs.Muted || !enabled:
		return "preferences"
	case who.said.Muted:
		return "muted-all"
	case who.said.Kinds[e.Kind]:
		return "muted-kind"
	case e.File != "" && who.said.Files[fileKey(e.File)]:
		return "muted-file"
	case who.way(e).channel == channelNone:
		return "channel-none"
	case len(who.community.Groups) > 0 && !shares(who.community.Groups, who.groups):
		return "group"
	case who.community.OptIn && !e.Demand && !who.subscribed():
		return "not-subscribed"
	}
	return ""
}

// Refuses says why a user wants no message of a kind, in a word for the log, or
// "": by their preferences, on Requests, or because the community tells only
// some groups. It is for messages that a procedure of the wiki demands and that
// do not go through the box; what their pages say, the gate asks.
func (b *Box) Refuses(ctx context.Context, kind, user string) (string, error) {
	user = canonical(user)
	people, err := b.recipients(ctx, []string{user})
	if err != nil {
		return "", fmt.Errorf("asking whether %s may be told: %w", user, err)
	}
	return people[user].refusal(Event{Kind: kind, User: user, Demand: true}), nil
}

// fileKey is a file's title whatever the file namespace is called on its wiki.
func fileKey(title string) string {
	_, name, _ := strings.Cut(strings.ReplaceAll(title, "_", " "), ":")
	return "File:" + name
}

func shares(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}

// ownDoing says whether the event is the recipient's own edit. The same name
// on another wiki may be somebody else's.
func (b *Box) ownDoing(ctx context.Context, e Event) bool {
	if e.Agent == "" || canonical(e.Agent) != e.User {
		return false
	}
	if e.Wiki.Key == "" || b.c.Farm == nil {
		return true
	}
	return b.c.Farm.SamePerson(ctx, e.Wiki, b.c.Panel.State().Config.SameUsers)
}

// winnow takes the unwanted out of a user's events, for good.
func (b *Box) winnow(ctx context.Context, who *recipient, rows []waitingRow) ([]waitingRow, error) {
	refused := map[string][]waitingRow{}
	wanted := rows[:0:0]
	for _, w := range rows {
		reason := who.refusal(w.Event)
		if _, registered := b.kinds[w.Event.Kind]; !registered {
			reason = "unknown-kind" // of a task that this program no longer has
		}
		if reason == "" && b.ownDoing(ctx, w.Event) {
			reason = "agent"
		}
		if reason == "" {
			wanted = append(wanted, w)
		} else {
			refused[reason] = append(refused[reason], w)
		}
	}
	for reason, rows := range refused {
		if err := b.drop(who, reason, rows); err != nil {
			return nil, err
		}
	}
	return wanted, nil
}

// drop ends events untold, with the reason.
func (b *Box) drop(who *recipient, reason string, rows []waitingRow) error {
	err := b.store.Update(func(tx storage.Tx) error { return forget(tx, who.name, rows) })
	if err != nil {
		return fmt.Errorf("dropping events of %s: %w", who.name, err)
	}
	b.dropped(who.name, reason, rows)
	return nil
}

// dropped logs and counts; each event that nobody hears of is one.
func (b *Box) dropped(user, reason string, rows []waitingRow) {
	for _, w := range rows {
		b.c.Log.Info().Str("user", user).Str("event", w.Event.ID).Str("kind", w.Event.Kind).
			Str("reason", reason).Msg("event dropped")
		b.count(w.Event.Kind, channelNone, "dropped:"+reason)
	}
}

// count tells the metrics of one outcome.
func (b *Box) count(kind, channel, outcome string) {
	if b.c.OnNotice != nil {
		b.c.OnNotice(kind, channel, outcome, b.kinds[kind].Group)
	}
}
