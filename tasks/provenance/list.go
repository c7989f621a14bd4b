package provenance

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"filewarden/bot/wiki"
	"filewarden/tasks/provenance/audit"
)

// Namespaces that hold code.
const (
	nsUser      = 2
	nsMediaWiki = 8
	nsTemplate  = 10
	nsModule    = 828
)

// mediaHosts are those whose addresses are looked for in wikitext.
var mediaHosts = []string{"upload.wikimedia.org", "thumb.wikimedia.org"}

// scriptWords are what a user script that deals with media is found by.
var scriptWords = append([]string{"parseImageUrl", "imageinfo", "iiurlwidth", "thumburl", "pithumbsize", "currentSrc"}, mediaHosts...)

// maxFound is how far searches go: CirrusSearch gives no more results than that.
const maxFound = 10_000

// maxWalked is how many pages of one namespace are looked through where no
// search can find those with code.
const maxWalked = 20_000

// listed is one page as the wiki's lists have it.
type listed struct {
	id     int64
	title  string // with this wiki's name of the namespace
	ns     int
	model  string
	rev    int64
	length int
	asked  bool
}

// name of the page without its namespace.
func (l listed) name() string {
	if _, name, ok := strings.Cut(l.title, ":"); ok && l.ns != 0 {
		return name
	}
	return l.title
}

// readable says whether there is a reader for the page's language.
func (l listed) readable() bool {
	_, ok := audit.LanguageOfModel(l.model)
	return ok
}

// isCode says whether the whole page is code.
func (l listed) isCode() bool { return l.readable() && l.model != "wikitext" }

// holdsAddresses says whether a page that was found by an address is a template,
// a style sheet of one, or a message. Other code of the namespace MediaWiki is
// listed by itself.
func (l listed) holdsAddresses() bool {
	return l.readable() && (l.ns != nsMediaWiki || l.model == "wikitext")
}

// listing gathers the pages that are to be audited.
type listing struct {
	*pass
	pages map[int64]listed
}

// listPages asks the wiki which pages there are, and in which revisions.
func (p *pass) listPages(ctx context.Context) error {
	l := &listing{pass: p, pages: map[int64]listed{}}
	for _, source := range []struct {
		on   bool
		list func(context.Context) error
	}{
		{true, l.listInterface},
		{p.config.Modules && p.hasNamespace(nsModule), l.listModules},
		{p.config.Templates, l.listTemplates},
		{p.config.UserScripts.All, l.listUserScripts},
		{!p.config.UserScripts.All, l.listUsers},
		{len(p.config.Pages) > 0, l.listChosen},
		{true, l.listMissed},
	} {
		if !source.on {
			continue
		}
		if err := source.list(ctx); err != nil {
			return err
		}
	}
	p.listed = l.pages
	return nil
}

func (p *pass) hasNamespace(ns int) bool { _, ok := p.Wiki.Site().Namespaces[ns]; return ok }

func (p *pass) hasExtension(name string) bool { _, ok := p.Wiki.Site().Extensions[name]; return ok }

// listInterface lists the namespace MediaWiki. It is read even when its code
// is not audited, for the revision of the list of gadgets.
func (l *listing) listInterface(ctx context.Context) error {
	own := l.Wiki.Site().Namespaces[nsMediaWiki]
	return l.walk(ctx, inNamespace(nsMediaWiki, ""), 0, func(page listed) bool {
		if page.title == own+":"+definitionPage {
			l.definition = page
		}
		return l.config.Interface && page.isCode()
	})
}

func (l *listing) listModules(ctx context.Context) error {
	return l.walk(ctx, inNamespace(nsModule, ""), 0, listed.isCode)
}

// listTemplates finds templates, their style sheets and interface messages by
// the addresses of media files in them.
func (l *listing) listTemplates(ctx context.Context) error {
	if !l.hasExtension("CirrusSearch") {
		return l.listByLinks(ctx)
	}
	for _, host := range mediaHosts {
		if err := l.search(ctx, "insource:\""+host+"\"", listed.holdsAddresses, nsMediaWiki, nsTemplate); err != nil {
			return err
		}
	}
	return nil
}

// listByLinks does without a search: links are in a table of the wiki, and
// style sheets are told by their content model.
func (l *listing) listByLinks(ctx context.Context) error {
	for _, host := range mediaHosts {
		params := wiki.Params{"generator": "exturlusage", "geuquery": host, "geulimit": "max",
			"geunamespace": namespaces(nsMediaWiki, nsTemplate)}
		if err := l.walk(ctx, params, 0, listed.holdsAddresses); err != nil {
			return err
		}
	}
	if !l.hasExtension("TemplateStyles") {
		return nil
	}
	return l.walk(ctx, inNamespace(nsTemplate, ""), maxWalked, listed.isCode)
}

// listUserScripts finds the scripts of all users that mention media.
func (l *listing) listUserScripts(ctx context.Context) error {
	if !l.hasExtension("CirrusSearch") {
		return l.walk(ctx, inNamespace(nsUser, ""), maxWalked, listed.isCode)
	}
	for _, word := range scriptWords {
		for _, model := range []string{"javascript", "css"} {
			if model == "css" && !slices.Contains(mediaHosts, word) {
				continue
			}
			query := "contentmodel:" + model + " insource:\"" + word + "\""
			if err := l.search(ctx, query, listed.isCode, nsUser); err != nil {
				return err
			}
		}
	}
	return nil
}

// listUsers lists the scripts of the users that the config names.
func (l *listing) listUsers(ctx context.Context) error {
	for _, user := range l.config.UserScripts.Users {
		title, err := l.Wiki.Title(l.Wiki.Site().Namespaces[nsUser] + ":" + strings.TrimSpace(user))
		if err != nil || title.NS != nsUser {
			continue
		}
		if err := l.walk(ctx, inNamespace(nsUser, title.Name+"/"), maxWalked, listed.isCode); err != nil {
			return err
		}
	}
	return nil
}

// listChosen looks up the pages that the config names.
func (l *listing) listChosen(ctx context.Context) error {
	for page, err := range l.Wiki.WalkTitles(ctx, l.config.Pages, 0, wiki.Params{"prop": "info"}) {
		if err != nil {
			return fmt.Errorf("looking up the pages of the config: %w", err)
		}
		if at := listedOf(page); at.id != 0 && at.readable() {
			l.add(at)
		}
	}
	return nil
}

// listMissed looks up the pages that are known and that no list had: they are
// gone, or searches find them no more, or somebody asked for them.
func (l *listing) listMissed(ctx context.Context) error {
	var ids []string
	for id, row := range l.known {
		if _, ok := l.pages[id]; !ok && row.Gone == "" {
			ids = append(ids, strconv.FormatInt(id, 10))
		}
	}
	if len(ids) == 0 {
		return nil
	}
	slices.Sort(ids)
	seen := map[int64]bool{}
	for page, err := range l.Wiki.Walk(ctx, wiki.Params{"pageids": strings.Join(ids, "|"), "prop": "info"}) {
		if err != nil {
			return fmt.Errorf("looking for pages that no list has: %w", err)
		}
		at := listedOf(page)
		if at.id == 0 {
			continue
		}
		seen[at.id] = true
		row := l.known[at.id]
		if at.readable() && l.covers(at, row) {
			at.asked = row.Asked
			l.add(at)
			l.missed[at.id] = true
		} else {
			l.gone[at.id] = goneLeft
		}
	}
	for _, text := range ids {
		if id := idOf(text); !seen[id] {
			l.gone[id] = goneDeleted
		}
	}
	return nil
}

// covers says whether the config still wants a page.
func (p *pass) covers(at listed, row pageRow) bool {
	switch {
	case row.Asked, p.chosen(at.title):
		return true
	case at.ns == nsMediaWiki && at.isCode():
		return p.config.Interface
	case at.ns == nsModule:
		return p.config.Modules && at.isCode()
	case at.ns == nsMediaWiki || at.ns == nsTemplate:
		return p.config.Templates
	case at.ns == nsUser && at.isCode():
		owner, _, _ := strings.Cut(at.name(), "/")
		return p.config.UserScripts.All || slices.ContainsFunc(p.config.UserScripts.Users, func(u string) bool {
			title, err := p.Wiki.Title(p.Wiki.Site().Namespaces[nsUser] + ":" + u)
			return err == nil && title.Name == owner
		})
	}
	return false
}

// chosen says whether the config names the page.
func (p *pass) chosen(title string) bool {
	return slices.ContainsFunc(p.config.Pages, func(written string) bool {
		t, err := p.Wiki.Title(written)
		return err == nil && t.Full == title
	})
}

// walk adds the pages of a generator that are wanted. After most pages, where
// that is not 0, it ends: a namespace of millions of pages has other ways in.
func (l *listing) walk(ctx context.Context, params wiki.Params, most int, wanted func(listed) bool) error {
	params["prop"] = "info"
	n := 0
	for page, err := range l.Wiki.Walk(ctx, params) {
		if err != nil {
			return fmt.Errorf("listing pages: %w", err)
		}
		if at := listedOf(page); at.id != 0 && wanted(at) {
			l.add(at)
		}
		if n++; n == most {
			l.Log.Warn().Int("pages", n).Str("by", params["generator"]).Msg("too many pages to look for code in; the rest is not audited")
			break
		}
	}
	return nil
}

func (l *listing) add(at listed) { l.pages[at.id] = at }

func listedOf(page *wiki.Page) listed {
	at := listed{id: page.ID, title: page.Title, ns: page.NS}
	if page.Missing || page.Invalid {
		return listed{}
	}
	at.model, _ = page.GetString("contentmodel") // absent: no reader for it
	at.rev, _ = page.GetInt64("lastrevid")
	if length, err := page.GetInt64("length"); err == nil {
		at.length = int(length)
	}
	return at
}

func inNamespace(ns int, prefix string) wiki.Params {
	return wiki.Params{"generator": "allpages", "gapnamespace": strconv.Itoa(ns), "gapprefix": prefix, "gaplimit": "max"}
}

// search adds the pages that a search finds. Searches fail more often than the
// rest of a wiki; then known pages are looked up by their ids instead, and new
// ones are found next time.
func (l *listing) search(ctx context.Context, query string, wanted func(listed) bool, in ...int) error {
	params := wiki.Params{"generator": "search", "gsrsearch": query, "gsrnamespace": namespaces(in...), "gsrlimit": "max"}
	err := l.walk(ctx, params, maxFound, wanted)
	var no *wiki.Error
	if errors.As(err, &no) && no.Advice != wiki.Stop {
		l.Log.Warn().Err(err).Str("search", query).Msg("a search for code failed; the next pass tries again")
		return nil
	}
	return err
}

func namespaces(ids ...int) string {
	var texts []string
	for _, id := range ids {
		texts = append(texts, strconv.Itoa(id))
	}
	return strings.Join(texts, "|")
}
