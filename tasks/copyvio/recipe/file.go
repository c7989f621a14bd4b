package recipe

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"filewarden/bot/wiki"
	"filewarden/tasks/copyvio/casebook"
	"filewarden/templates"
)

// file is a file of the wiki as it stands now.
type file struct {
	title  string // with this wiki's namespace name, moves followed
	name   string // without
	local  bool   // it is here
	shared bool   // it is on the shared repository only
	sha1   string // of its current version, "" where that is hidden
	rev    int64  // of its page, 0 where it has none
	tagged bool   // one of the templates asked for is on its page
}

// fileAnswer is what is read of a query about one file (formatversion 2).
type fileAnswer struct {
	Query struct {
		Pages []struct {
			Title      string `json:"title"`
			Repository string `json:"imagerepository"`
			ImageInfo  []struct {
				SHA1 string `json:"sha1"`
			} `json:"imageinfo"`
			Revisions []struct {
				ID int64 `json:"revid"`
			} `json:"revisions"`
			Templates []struct {
				Title string `json:"title"`
			} `json:"templates"`
		} `json:"pages"`
	} `json:"query"`
}

// look reads a file and its page in one request (API:Imageinfo, API:Templates).
func (r *Runner) look(ctx context.Context, title string, tags []string) (file, error) {
	p := wiki.Params{"action": "query", "titles": title, "redirects": "1", "prop": "imageinfo|revisions",
		"iiprop": "sha1|timestamp", "rvprop": "ids"}
	if len(tags) > 0 {
		p["prop"] += "|templates"
		p["tltemplates"], p["tllimit"] = strings.Join(tags, "|"), "max"
	}
	o, err := r.c.Wiki.Get(ctx, p)
	if err != nil {
		return file{}, fmt.Errorf("looking at %s: %w", title, err)
	}
	raw, err := o.MarshalJSON()
	if err != nil {
		return file{}, err
	}
	var a fileAnswer
	if err := json.Unmarshal(raw, &a); err != nil {
		return file{}, fmt.Errorf("looking at %s: %w", title, err)
	}
	if len(a.Query.Pages) != 1 {
		return file{}, fmt.Errorf("looking at %s: the wiki did not answer for it", title)
	}
	page := a.Query.Pages[0]
	t, err := r.c.Wiki.Title(page.Title)
	if err != nil {
		return file{}, fmt.Errorf("looking at %s: %w", title, err)
	}
	f := file{title: t.Full, name: t.Name, tagged: len(page.Templates) > 0,
		local: page.Repository == "local" && len(page.ImageInfo) > 0, shared: page.Repository != "" && page.Repository != "local"}
	if len(page.ImageInfo) > 0 {
		f.sha1 = page.ImageInfo[0].SHA1
	}
	if len(page.Revisions) > 0 {
		f.rev = page.Revisions[0].ID
	}
	return f, nil
}

// wrong says why nothing can be done about the file, or "".
func (f file) wrong(c casebook.Case) string {
	switch {
	case f.shared:
		return msgShared
	case !f.local:
		return msgGone
	case f.sha1 != c.SHA1:
		return msgOverwritten
	}
	return ""
}

// tagTemplates are the pages of the templates that say that something is done
// about a file already.
func (r *Runner) tagTemplates() (titles []string) {
	for _, p := range r.c.Recipe.tagged {
		t, ok := p.Title(map[string]string{"template": r.c.Recipe.template})
		if ok && !strings.Contains(t, ":") {
			t = "Template:" + t
		}
		if ok && !slices.Contains(titles, t) {
			titles = append(titles, t)
		}
	}
	return titles
}

// openRequest says why no request about the file can be made, or "": there is
// one that is not closed, or its page would be one of another wiki, as that of
// a recipe for Commons is elsewhere. A page that is there and names no closed
// request is one that is open; a new request is put below closed ones, as on
// Commons.
func (r *Runner) openRequest(ctx context.Context, c casebook.Case, f file, procedure string) (string, error) {
	q := r.c.Recipe.procedures[procedure].request
	if q == nil {
		return "", nil
	}
	title, ok := q.page.Title(r.values(c, f, r.c.Now().UTC()).title)
	if !ok {
		return "", fmt.Errorf("the page of the request about %s is no title", f.title)
	}
	texts, err := r.c.Wiki.Read(ctx, title)
	if err != nil {
		return "", fmt.Errorf("looking for a request about %s: %w", f.title, err)
	}
	if texts[title].Invalid {
		return r.say(msgRefused, title, "it is no page of this wiki"), nil
	}
	text := strings.ToLower(texts[title].Content)
	if texts[title].Missing || slices.ContainsFunc(q.closed, func(end string) bool { return strings.Contains(text, end) }) {
		return "", nil
	}
	return r.say(msgRequest, title), nil
}

// procedure is the one to follow, and a remark where it is not the one that
// the community has chosen: a file is deleted only where the reviewer could do
// so themselves, and the bot may.
func (r *Runner) procedure(ctx context.Context, c casebook.Case) (name, remark string, err error) {
	name = r.c.Action
	if name == Delete {
		switch may, err := r.mayDelete(ctx, c.By); {
		case err != nil:
			return "", "", err
		case !r.c.Wiki.Account().Rights["delete"]:
			name, remark = Tag, r.say(msgInsteadBot)
		case !may:
			name, remark = Tag, r.say(msgInstead, templates.Agent(c.By))
		}
	}
	if p := r.c.Recipe.procedures[name]; p.needs == "url" && !r.linkable(matchURL(c)) {
		name = p.otherwise
	}
	return name, remark, nil
}

// linkable says whether a page may link an address.
func (r *Runner) linkable(address string) bool {
	p, err := templates.ParsePattern("<% url %>")
	return err == nil && r.c.Words.Fill(p, map[string]any{"url": templates.Address(address)}) != ""
}

// mayDelete says whether a user has the right to delete and is not blocked.
func (r *Runner) mayDelete(ctx context.Context, user string) (bool, error) {
	o, err := r.c.Wiki.Get(ctx, wiki.Params{"action": "query", "list": "users", "ususers": user, "usprop": "rights|blockinfo"})
	if err != nil {
		return false, fmt.Errorf("asking for the rights of %s: %w", user, err)
	}
	rows, err := o.GetObjectArray("query", "users")
	if err != nil || len(rows) != 1 {
		return false, fmt.Errorf("asking for the rights of %s: the wiki did not answer", user)
	}
	rights, _ := rows[0].GetStringArray("rights") // none for who is missing
	block, _ := rows[0].GetInt64("blockid")
	partial, _ := rows[0].GetBoolean("blockpartial")
	return slices.Contains(rights, "delete") && (block == 0 || partial), nil
}
