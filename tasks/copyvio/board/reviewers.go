package board

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"filewarden/bot/wiki"
	"filewarden/tasks/copyvio/casebook"

	"github.com/antonholmquist/jason"
)

// namesPerRequest is the most names that list=users takes from every account.
const namesPerRequest = 50

// Reviewers says who people are as the wiki knows them now, by the names asked
// for: one request for each 50 names. An admin is who may delete. Who does not
// exist, or hides behind an address or a temporary account, is nobody with a
// right; who is blocked from single pages only is not blocked. (API:Users)
func (b *Board) Reviewers(ctx context.Context, names []string) (map[string]casebook.Reviewer, error) {
	found := make(map[string]casebook.Reviewer, len(names))
	var asked []string
	for _, name := range names {
		if _, known := found[name]; known {
			continue
		}
		found[name] = casebook.Reviewer{Name: name, Bot: b.own(name)}
		if nameable(name) && !b.own(name) {
			asked = append(asked, name)
		}
	}
	for part := range slices.Chunk(asked, namesPerRequest) {
		rows, err := b.accounts(ctx, part)
		if err != nil {
			return nil, fmt.Errorf("asking who may decide about cases: %w", err)
		}
		for _, name := range part {
			for _, row := range rows {
				if account, _ := row.GetString("name"); sameUser(account, name) {
					found[name] = b.reviewer(name, row)
				}
			}
		}
	}
	return found, nil
}

// person is who somebody is, asked once in a pass: good enough to say whose page
// it is, not to judge decisions.
func (b *Board) person(ctx context.Context, name string) (casebook.Reviewer, error) {
	if who, known := b.people[name]; known {
		return who, nil
	}
	who, err := b.Reviewers(ctx, []string{name})
	if err == nil {
		b.people[name] = who[name]
	}
	return who[name], err
}

func (b *Board) accounts(ctx context.Context, names []string) ([]*jason.Object, error) {
	o, err := b.c.Wiki.Get(ctx, wiki.Params{"action": "query", "list": "users", "ususers": strings.Join(names, "|"),
		"usprop": "groups|rights|blockinfo|registration|editcount"})
	if err != nil {
		return nil, err
	}
	return o.GetObjectArray("query", "users")
}

func (b *Board) reviewer(name string, row *jason.Object) casebook.Reviewer {
	groups, _ := row.GetStringArray("groups")
	rights, _ := row.GetStringArray("rights")
	who := casebook.Reviewer{Name: name, Blocked: blocked(row), Admin: slices.Contains(rights, "delete")}
	missing, _ := row.GetBoolean("missing")
	invalid, _ := row.GetBoolean("invalid")
	if missing || invalid || slices.Contains(groups, "temp") {
		return casebook.Reviewer{Name: name}
	}
	who.Named = true
	who.Reviewer = slices.ContainsFunc(b.c.Groups, func(g string) bool { return slices.Contains(groups, g) })
	return who
}

// blocked from the whole wiki. A block made of several has no id.
func blocked(row *jason.Object) bool {
	_, noID := row.GetValue("blockid")
	_, nobody := row.GetString("blockedby")
	partial, _ := row.GetBoolean("blockpartial")
	return (noID == nil || nobody == nil) && !partial
}

// nameable says whether a name can be that of an account which lasts: no
// address, no temporary account (Help:Temporary accounts), nothing that would
// be two names in a request.
func nameable(name string) bool {
	_, err := netip.ParseAddr(name)
	return err != nil && name != "" && !strings.HasPrefix(name, "~") && !strings.ContainsAny(name, "|#<>[]{}/\x1f\n")
}

// mayDecide says whether somebody may decide about cases at all.
func mayDecide(who casebook.Reviewer) bool {
	return who.Named && !who.Blocked && !who.Bot && (who.Reviewer || who.Admin)
}
