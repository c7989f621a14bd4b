package board

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"filewarden/bot/wiki"
	"filewarden/storage"

	"github.com/antonholmquist/jason"
)

const (
	urlsPerRequest = 50
	// refusedFor is how long a host is taken for refused: the list of spam can change.
	refusedFor = 30 * 24 * time.Hour
	// bareFor is how long a page goes without links of which the wiki refuses
	// one that nobody can name.
	bareFor = 24 * time.Hour
)

// Hosts are those that the wiki lets nobody link to. The zero value is none.
type Hosts struct {
	refused map[string]bool
	all     bool
}

// Has says whether an address must not be a live link: its host is refused, or
// nobody can tell what its host is.
func (h Hosts) Has(address string) bool {
	host := hostOf(address)
	return h.all || host == "" || h.refused[host]
}

func hostOf(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}

// linkBook is what is known of addresses: of hosts that are refused for a
// while, of addresses that are not until the end of the pass.
type linkBook struct {
	loaded  bool
	clean   map[string]bool // addresses
	refused map[string]bool // hosts
}

// hosts that are refused, as far as is known.
func (b *Board) hosts() (Hosts, error) {
	if b.links.loaded {
		return Hosts{refused: b.links.refused}, nil
	}
	err := b.c.Store.View(func(tx storage.Tx) error {
		for row, err := range refusedTable.Scan(tx) {
			if err != nil {
				return err
			}
			b.links.refused[row.Key[0]] = true
		}
		return nil
	})
	if err != nil {
		return Hosts{}, fmt.Errorf("remembering which hosts may not be linked to: %w", err)
	}
	b.links.loaded = true
	return Hosts{refused: b.links.refused}, nil
}

// refuse remembers hosts.
func (b *Board) refuse(hosts []string) error {
	err := b.c.Store.Update(func(tx storage.Tx) error {
		for _, host := range hosts {
			if err := refusedTable.PutFor(tx, refusedFor, struct{}{}, host); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("remembering which hosts may not be linked to: %w", err)
	}
	for _, host := range hosts {
		b.links.refused[host] = true
	}
	return nil
}

// isBare says whether a page goes without live links for now.
func (b *Board) isBare(title string) (bare bool, err error) {
	err = b.c.Store.View(func(tx storage.Tx) error {
		_, bare, err = bareTable.Get(tx, title)
		return err
	})
	if err != nil {
		err = fmt.Errorf("remembering whether %s may have links: %w", title, err)
	}
	return bare, err
}

// strip a page of its live links.
func (b *Board) strip(title string) error {
	err := b.c.Store.Update(func(tx storage.Tx) error { return bareTable.PutFor(tx, bareFor, struct{}{}, title) })
	if err != nil {
		err = fmt.Errorf("remembering that %s may have no links: %w", title, err)
	}
	return err
}

// ask the wiki which of some addresses its spam blacklist refuses (Extension:
// SpamBlacklist, action=spamblacklist), each once in a pass. news is true when
// another host turned out to be refused. An answer that cannot be had is none:
// the wiki says it again when the page is saved.
func (b *Board) ask(ctx context.Context, addresses []string) (news bool, err error) {
	if _, listed := b.c.Wiki.Site().Extensions["SpamBlacklist"]; !listed {
		return false, nil
	}
	var open []string
	for _, a := range addresses {
		if !b.links.clean[a] && !(Hosts{refused: b.links.refused}).Has(a) && !slices.Contains(open, a) {
			open = append(open, a)
		}
	}
	for part := range slices.Chunk(open, urlsPerRequest) {
		matches, err := b.matches(ctx, part)
		if err != nil {
			if ctx.Err() != nil {
				return news, ctx.Err()
			}
			b.c.Log.Warn().Err(err).Msg("the spam blacklist did not say which addresses it refuses")
			return news, nil
		}
		hosts := hostsOf(part, matches)
		if err := b.refuse(hosts); err != nil {
			return news, err
		}
		news = news || len(hosts) > 0
		for _, a := range part {
			b.links.clean[a] = true
		}
	}
	return news, nil
}

func (b *Board) matches(ctx context.Context, addresses []string) ([]string, error) {
	o, err := b.c.Wiki.Get(ctx, wiki.Params{"action": "spamblacklist", "url": "\x1f" + strings.Join(addresses, "\x1f")})
	if err != nil {
		return nil, err
	}
	return matchesIn(o), nil
}

// matchesIn reads the matches beside "spamblacklist": parts of addresses.
func matchesIn(o *jason.Object) []string {
	if o == nil {
		return nil
	}
	matches, err := o.GetStringArray("spamblacklist", "matches")
	if err != nil {
		return nil // none: "ok"
	}
	return matches
}

// refusedBy reads from a failed save what the spam blacklist refused.
func refusedBy(err error) (matches []string, spam bool) {
	var no *wiki.Error
	if !errors.As(err, &no) || no.Code != "spamblacklist" {
		return nil, false
	}
	return matchesIn(no.Data), true
}

// hostsOf finds whose addresses hold what was refused, which is the part that a
// pattern of the list met, without the protocol and in any case.
func hostsOf(addresses, matches []string) (hosts []string) {
	for _, a := range addresses {
		for _, m := range matches {
			host := hostOf(a)
			if m != "" && host != "" && strings.Contains(strings.ToLower(a), strings.ToLower(m)) && !slices.Contains(hosts, host) {
				hosts = append(hosts, host)
			}
		}
	}
	return hosts
}
