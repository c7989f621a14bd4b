package gate

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"filewarden/bot/wiki"
)

// DefaultOptOutCategory is the category of Extension:MassMessage for pages that
// want no messages, where the wiki does not name another in
// MediaWiki:Massmessage-optout-category.
const DefaultOptOutCategory = "Opted-out of message delivery"

// exclusionNames are what this wiki calls the pages by which people say no.
type exclusionNames struct {
	category string          // without namespace; "" until read
	aliases  map[string]kind // templates that redirect to Bots and Nobots, in lower case
	nobots   []string        // titles by which prop=templates knows Nobots
	spaces   []string        // the Template namespace
}

// localNames keeps exclusionNames: they are read once a day.
type localNames struct {
	mu    sync.Mutex
	names exclusionNames
	read  time.Time
}

// localNames gives the wiki's names, reading them when they are a day old. A
// failed reading keeps the old ones; without any it is an error.
func (g *Gate) localNames(ctx context.Context) (exclusionNames, error) {
	l := &g.local
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.names.category != "" && g.c.Now().Sub(l.read) < 24*time.Hour {
		return l.names, nil
	}
	names, err := g.readNames(ctx)
	if err != nil && l.names.category == "" {
		return names, fmt.Errorf("reading how this wiki names its opt-outs: %w", err)
	}
	if err == nil {
		l.names, l.read = names, g.c.Now()
	}
	return l.names, nil
}

func (g *Gate) readNames(ctx context.Context) (exclusionNames, error) {
	site := g.wiki.Site()
	a, err := g.ask(ctx, wiki.Params{"titles": "Template:Bots|Template:Nobots", "redirects": "1",
		"prop": "redirects", "rdprop": "title", "rdlimit": "max",
		"meta": "allmessages", "ammessages": "massmessage-optout-category", "amlang": site.Language})
	if err != nil {
		return exclusionNames{}, err
	}
	n := exclusionNames{category: DefaultOptOutCategory, aliases: map[string]kind{},
		nobots: []string{"Template:Nobots"}}
	if local := site.Namespaces[10]; local != "" {
		n.spaces = append(n.spaces, strings.ToLower(local))
	}
	if m := a.Query.Messages; len(m) > 0 && !m[0].Missing && strings.TrimSpace(m[0].Content) != "" {
		n.category = strings.TrimSpace(m[0].Content)
	}
	bots, _ := a.resolve("Template:Bots")
	nobots, _ := a.resolve("Template:Nobots")
	if nobots != bots {
		n.add(a, nobots, nobotsTemplate)
		n.nobots = append(n.nobots, nobots)
	}
	n.add(a, bots, botsTemplate)
	n.nobots = slices.Compact(n.nobots)
	return n, nil
}

// add takes in a template's page and all that redirects to it.
func (n *exclusionNames) add(a *answer, title string, k kind) {
	titles := []string{title}
	for _, row := range a.Query.Pages {
		if row.Title != title {
			continue
		}
		for _, r := range row.Redirects {
			titles = append(titles, r.Title)
		}
	}
	for _, t := range titles {
		n.aliases[strings.ToLower(bare(t))] = k
	}
}

// bare is a title without its namespace.
func bare(title string) string {
	if _, name, ok := strings.Cut(title, ":"); ok {
		return name
	}
	return title
}

// inCategory says whether one of these categories is the one for opting out.
func (n exclusionNames) inCategory(categories []string) bool {
	return slices.ContainsFunc(categories, func(c string) bool {
		return userName(bare(c)) == userName(n.category)
	})
}

// transcludes says whether one of these templates is Nobots.
func (n exclusionNames) transcludes(templates []string) bool {
	x := exclusion{aliases: n.aliases, spaces: n.spaces}
	return slices.ContainsFunc(templates, func(t string) bool { return x.kindOf(t) == nobotsTemplate })
}
