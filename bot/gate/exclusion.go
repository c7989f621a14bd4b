package gate

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"filewarden/bot/wiki"
)

// mayObject says whether exclusion applies: to every message, and to every
// edit outside the account's own pages.
func (g *Gate) mayObject(w write) bool {
	return w.Kind != "" || w.User != "" || w.titled() && !g.own(w.Title)
}

// own says whether a page is the account's own: its user page, what is beneath
// it, and what is beneath the prefix.
func (g *Gate) own(title string) bool {
	title = g.normal(title)
	for _, prefix := range []string{g.c.Prefix, "User:" + g.wiki.Account().Name + "/"} {
		base := g.normal(strings.TrimSuffix(prefix, "/"))
		if strings.HasPrefix(title, base+"/") || title == base && strings.HasPrefix(prefix, "User:") {
			return true
		}
	}
	return false
}

// normal is a title as the wiki writes it, or the text itself where it is none.
func (g *Gate) normal(title string) string {
	if t, err := g.wiki.Title(title); err == nil {
		return t.Full
	}
	return userName(title)
}

// excluded refuses what the page or the person does not want.
func (g *Gate) excluded(s *snapshot, w write) error {
	if !g.mayObject(w) {
		return nil
	}
	if s.namesErr != nil {
		return unreadable("Template:Bots", s.namesErr)
	}
	o := objection{gate: g, snapshot: s, write: w}
	if err := o.policy.OptOutUnread; err != nil {
		return unreadable(g.optOutPage(), err)
	}
	if r := o.byPerson(); r != nil {
		return r
	}
	if s.target.Title != "" {
		if r := o.byPage(s.target, true); r != nil {
			return r
		}
	}
	if s.talk.Title != "" && s.talk.Title != s.target.Title {
		if r := o.byPage(s.talk, false); r != nil {
			return r
		}
	}
	return nil
}

// objection looks for a reason why a write is not wanted.
type objection struct {
	gate *Gate
	*snapshot
	write write
}

func (o objection) message() bool { return o.write.Kind != "" || o.write.User != "" }

// byPerson asks who the message is for.
func (o objection) byPerson() *Refused {
	user := o.write.User
	if user == "" {
		return nil
	}
	if !validUser(user) {
		return excludedBy("User:"+user, "that is no user name")
	}
	if r := o.optedOut(user); r != nil {
		return r
	}
	p := o.person
	if p == nil {
		return unreadable("User:"+user, fmt.Errorf("the wiki did not say who %s is", user))
	}
	if why := p.cannotBeTold(); why != "" {
		return excludedBy("User:"+user, why)
	}
	return nil
}

// cannotBeTold is why a person gets no messages, or "".
func (p *person) cannotBeTold() string {
	switch {
	case p.Invalid:
		return "an IP address or no valid name"
	case p.Missing:
		return "there is no such account: it was renamed or never made"
	case slices.Contains(p.Groups, "temp") || strings.HasPrefix(p.Name, "~"):
		return "a temporary account"
	case slices.Contains(p.Groups, "bot"):
		return "a bot"
	case p.BlockID != 0 && !p.BlockPart:
		return "blocked until " + p.BlockExpiry
	}
	return ""
}

// optedOut asks optout.json for a person.
func (o objection) optedOut(user string) *Refused {
	for _, u := range o.policy.OptOutUsers {
		if userName(u) == userName(user) {
			return excludedBy(o.gate.optOutPage(), userName(user)+" is among its users")
		}
	}
	return nil
}

func (g *Gate) optOutPage() string { return "User:" + g.wiki.Account().Name + "/optout.json" }

// byPage asks one page. Only the page that is edited can be in use, of a wrong
// model, or a redirect; the recipient's talk page speaks for the person alone.
func (o objection) byPage(p page, edited bool) *Refused {
	if r := o.listed(p.Title); r != nil {
		return r
	}
	switch {
	case p.unread != "":
		return unreadable(p.Title, fmt.Errorf("cannot be read: %s", p.unread))
	case p.Missing:
		return nil
	case o.names.inCategory(p.categories) && o.message():
		return excludedBy(p.Title, "it is in Category:"+o.names.category)
	case edited && o.message() && p.Model != "wikitext":
		return &Refused{Reason: Unfit, Page: p.Title, Detail: "its content model is " + p.Model + ", not wikitext"}
	case edited && o.message() && p.redirect:
		return &Refused{Reason: Deferred, Page: p.Title, Detail: "it has become a redirect"}
	}
	return o.byText(p, edited)
}

// byText asks {{bots}}, {{nobots}} and {{in use}}.
func (o objection) byText(p page, edited bool) *Refused {
	x := exclusion{me: o.gate.wiki.Account().Name, message: o.write.Kind, script: o.write.Task,
		aliases: o.names.aliases, spaces: o.names.spaces}
	v := x.read(p.Content)
	switch {
	case v.denied != "":
		return excludedBy(p.Title, v.denied)
	case !v.direct && o.names.transcludes(p.templates):
		return excludedBy(p.Title, "{{nobots}} in a template that it uses")
	case edited && v.inUse != "":
		return &Refused{Reason: Deferred, Page: p.Title, Detail: v.inUse}
	}
	return nil
}

// listed asks optout.json for a page and for the user whose page it is.
func (o objection) listed(title string) *Refused {
	title = o.gate.normal(title)
	for _, p := range o.policy.OptOutPages {
		if o.gate.normal(p) == title {
			return excludedBy(o.gate.optOutPage(), title+" is among its pages")
		}
	}
	if owner := o.gate.ownerOf(title); owner != "" {
		return o.optedOut(owner)
	}
	return nil
}

// ownerOf is the user in whose user or user talk space a page is, or "".
func (g *Gate) ownerOf(title string) string {
	t, err := g.wiki.Title(title)
	if err != nil || t.NS != 2 && t.NS != 3 {
		return ""
	}
	owner, _, _ := strings.Cut(t.Name, "/")
	return owner
}

func excludedBy(page, why string) *Refused {
	return &Refused{Reason: Excluded, Page: page, Detail: why}
}

// validUser refuses what would become two names, or none, in a request.
func validUser(name string) bool {
	return strings.TrimSpace(name) != "" && !strings.ContainsAny(name, "|#<>[]{}\x1f\n")
}

// Ask reads a page of a recipient and says whether a message of kind may go
// there; nil or *Refused. The current text is returned for the edit to build
// on. A redirect within this wiki is followed once, and its target asked
// likewise; the text is the target's then.
func (g *Gate) Ask(ctx context.Context, kind, user, title string) (wiki.Text, error) {
	w := write{action: "edit", Edit: Edit{Kind: kind, User: user, Title: title}}
	s, hops, err := g.askAt(ctx, w)
	if err != nil {
		return wiki.Text{}, err
	}
	if err := g.excluded(s, w); err != nil {
		return s.target.Text, err
	}
	if len(hops) == 0 {
		return s.target.Text, nil
	}
	if r := g.badRedirect(title, hops); r != nil {
		return s.target.Text, r
	}
	owner := g.ownerOf(s.target.Title)
	if owner == "" || userName(owner) == userName(user) {
		return s.target.Text, nil
	}
	w.User, w.Title = owner, s.target.Title
	if s, hops, err = g.askAt(ctx, w); err != nil {
		return wiki.Text{}, err
	}
	if len(hops) > 0 {
		return s.target.Text, &Refused{Reason: Deferred, Page: w.Title, Detail: "it has become a redirect"}
	}
	return s.target.Text, g.excluded(s, w)
}

// askAt reads a message's page, redirects followed, and its recipient.
func (g *Gate) askAt(ctx context.Context, w write) (*snapshot, []hop, error) {
	s := &snapshot{}
	if _, err := g.wiki.Title(w.Title); err != nil {
		return nil, nil, excludedBy(w.Title, "that is no page title")
	}
	if s.policy, s.policyErr = g.policy(); s.policyErr != nil {
		return nil, nil, unreadable(g.optOutPage(), fmt.Errorf("asking for the opt-outs: %w", s.policyErr))
	}
	names, err := g.localNames(ctx)
	if err != nil {
		return nil, nil, unreadable("Template:Bots", err)
	}
	s.names = names
	titles := []string{w.Title}
	if talk := talkOf(w.User); talk != "" && g.normal(talk) != g.normal(w.Title) {
		titles = append(titles, talk)
	}
	p := names.pageParams(titles, w.User)
	p["redirects"] = "1"
	a, err := g.ask(ctx, p)
	if err == nil && a.Continue != nil {
		err = fmt.Errorf("the answer is incomplete")
	}
	if err != nil {
		return nil, nil, unreadable(w.Title, fmt.Errorf("reading %s: %w", w.Title, err))
	}
	_, hops := a.resolve(w.Title)
	if len(hops) > 0 && hops[len(hops)-1].Interwiki != "" {
		return nil, nil, excludedBy(w.Title, "it redirects to another wiki")
	}
	s.target, s.person, s.readAt = a.page(w.Title), a.person(), a.CurTimestamp
	if len(titles) > 1 {
		s.talk = a.page(titles[1])
	}
	return s, hops, nil
}

// badRedirect refuses redirects that a message should not follow.
func (g *Gate) badRedirect(from string, hops []hop) *Refused {
	if len(hops) > 1 {
		return excludedBy(from, "it is a double redirect")
	}
	a, errA := g.wiki.Title(from)
	b, errB := g.wiki.Title(hops[0].To)
	if errA != nil || errB != nil || a.NS != b.NS && b.NS%2 == 0 {
		return excludedBy(from, "it redirects to "+hops[0].To+", which is no talk page")
	}
	return nil
}
