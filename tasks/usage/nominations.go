package usage

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"filewarden/bot/wiki"
	"filewarden/storage"
)

// nominee is a followed file that stands nominated.
type nominee struct {
	file string
	page int64
}

// findNominations looks for followed files that were nominated for deletion
// since the last pass, by the templates and categories of the config.
func (p *pass) findNominations(ctx context.Context) error {
	templates, categories := p.deletionMarks()
	if len(templates)+len(categories) == 0 {
		return nil
	}
	now, err := p.nominees(ctx, templates, categories)
	if err != nil {
		return err
	}
	fresh, err := p.forgetKept(now)
	if err != nil {
		return err
	}
	if p.Fresh || !p.state.Nominations {
		p.state.Nominations = true
		return storage.UpdateEach(p.Store, fresh, func(tx storage.Tx, n nominee) error { return p.noteNominee(tx, n) })
	}
	return p.tellNominations(ctx, fresh, templates)
}

// deletionMarks are the full titles of the config's templates and categories.
func (p *pass) deletionMarks() (templates, categories []string) {
	for _, written := range p.config.Deletion.Templates {
		if title, ok := pageTitle(p.Wiki, written, nsTemplate); ok {
			templates = append(templates, title)
		}
	}
	for _, written := range p.config.Deletion.Categories {
		if title, ok := pageTitle(p.Wiki, written, nsCategory); ok {
			categories = append(categories, title)
		}
	}
	return templates, categories
}

// nominees are the followed files that stand nominated now. The wiki is asked
// in whichever way takes fewer requests: for the pages with such a template or
// category, or for the templates and categories of followed files.
func (p *pass) nominees(ctx context.Context, templates, categories []string) ([]nominee, error) {
	followed, limit := len(p.followed.files), p.Wiki.Limit()
	byFile := (followed + limit - 1) / limit
	byList := len(templates) + len(categories) + p.state.Nominated/(10*limit)
	if byFile <= byList {
		return p.nomineesByFile(ctx, templates, categories)
	}
	found := map[string]int64{}
	p.state.Nominated = 0
	for _, title := range templates {
		err := p.collect(ctx, found, "embeddedin", wiki.Params{"eititle": title, "einamespace": "6", "eilimit": "max"})
		if err != nil {
			return nil, err
		}
	}
	for _, title := range categories {
		err := p.collect(ctx, found, "categorymembers", wiki.Params{"cmtitle": title, "cmtype": "file", "cmprop": "ids|title", "cmlimit": "max"})
		if err != nil {
			return nil, err
		}
	}
	var all []nominee
	for file, page := range found {
		all = append(all, nominee{file, page})
	}
	return all, nil
}

// collect adds the followed files of a list.
func (p *pass) collect(ctx context.Context, into map[string]int64, list string, params wiki.Params) error {
	for row, err := range p.Wiki.Rows(ctx, list, params) {
		if err != nil {
			return fmt.Errorf("listing nominated files: %w", err)
		}
		p.state.Nominated++
		title, _ := row.GetString("title")
		page, _ := row.GetInt64("pageid")
		file := "File:" + bareName(title)
		if _, ok := p.followed.files[file]; ok {
			into[file] = page
		}
	}
	return nil
}

func (p *pass) nomineesByFile(ctx context.Context, templates, categories []string) (all []nominee, err error) {
	var props []string
	params := wiki.Params{}
	if len(templates) > 0 {
		props = append(props, "templates")
		params["tltemplates"], params["tllimit"] = strings.Join(templates[:min(len(templates), chainPages)], "|"), "max"
	}
	if len(categories) > 0 {
		props = append(props, "categories")
		params["clcategories"], params["cllimit"] = strings.Join(categories[:min(len(categories), chainPages)], "|"), "max"
	}
	params["prop"] = strings.Join(props, "|")
	for page, err := range p.Wiki.WalkTitles(ctx, p.followed.titles(), 0, params) {
		if err != nil {
			return nil, fmt.Errorf("asking which files are nominated: %w", err)
		}
		if page.Len("templates")+page.Len("categories") > 0 {
			all = append(all, nominee{"File:" + bareName(page.Title), page.ID})
		}
	}
	return all, nil
}

// forgetKept forgets nominations that ended, and returns those that are new.
func (p *pass) forgetKept(now []nominee) (fresh []nominee, err error) {
	standing := map[string]bool{}
	for _, n := range now {
		standing[n.file] = true
	}
	known := map[string]bool{}
	var ended []string
	err = p.Store.View(func(tx storage.Tx) error {
		for row, err := range deletionTable.Scan(tx) {
			if err != nil {
				return err
			}
			if known[row.Key[0]] = true; !standing[row.Key[0]] {
				ended = append(ended, row.Key[0])
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = storage.UpdateEach(p.Store, ended, func(tx storage.Tx, file string) error { return deletionTable.Delete(tx, file) })
	for _, n := range now {
		if !known[n.file] {
			fresh = append(fresh, n)
		}
	}
	slices.SortFunc(fresh, func(a, b nominee) int { return strings.Compare(a.file, b.file) })
	return fresh, err
}

func (p *pass) noteNominee(tx storage.Tx, n nominee) error {
	return deletionTable.Put(tx, nomination{Since: p.start.Unix()}, n.file)
}

// tellNominations finds out who nominated files and whether there is a
// discussion, and tells.
func (p *pass) tellNominations(ctx context.Context, fresh []nominee, templates []string) error {
	if len(fresh) == 0 {
		return nil
	}
	edits := p.nominators(ctx, fresh, templates)
	discussions, err := p.discussions(ctx, fresh)
	if err != nil {
		return err
	}
	for _, n := range fresh {
		if err := p.tellNomination(ctx, n, edits[n.file], discussions[n.file]); err != nil {
			return err
		}
	}
	return nil
}

func (p *pass) tellNomination(ctx context.Context, n nominee, by edit, discussion string) error {
	row, known, err := p.fileRow(n.file)
	if err != nil {
		return err
	}
	news := deletionNews{what: tagged, discussion: discussion, edit: by}
	if discussion != "" {
		news.what = nominated
	}
	old := !by.time.IsZero() && by.time.Before(p.last.Add(-late))
	if !known || row.Since == p.start.Unix() || old { // it was nominated before anybody followed it
		return p.Store.Update(func(tx storage.Tx) error { return p.noteNominee(tx, n) })
	}
	if news.to, err = p.deletionHearers(ctx, n.file, row); err != nil {
		return err
	}
	return p.Store.Update(func(tx storage.Tx) error {
		if err := p.noteNominee(tx, n); err != nil {
			return err
		}
		return p.tellDeletion(tx, n.file, row, news)
	})
}

// nominators finds the edits that put a template on file pages. It is best
// effort: a category may come from anywhere.
func (p *pass) nominators(ctx context.Context, fresh []nominee, templates []string) map[string]edit {
	found := map[string]edit{}
	if len(templates) == 0 {
		return found
	}
	m := mentionOf(templates...)
	byFile := map[string]*question{}
	var questions []*question
	for _, n := range fresh {
		byFile[n.file] = &question{page: n.page, test: m.in}
		questions = append(questions, byFile[n.file])
	}
	c := &chain{session: p.Wiki, depth: chainDepth, left: max(10, len(fresh)/6)}
	if err := c.answer(ctx, questions); err != nil {
		p.Log.Info().Err(err).Msg("who nominated files stays unknown")
	}
	for file, q := range byFile {
		if q.found != nil {
			found[file] = *q.found
		}
	}
	return found
}

// discussions are the pages of discussion that exist, by file. A link to one
// that does not would send people to an empty page.
func (p *pass) discussions(ctx context.Context, fresh []nominee) (map[string]string, error) {
	pattern := p.config.Deletion.Discussion
	if pattern == "" {
		return nil, nil
	}
	asked := map[string]string{}
	var titles []string
	for _, n := range fresh {
		if title, ok := pageTitle(p.Wiki, strings.ReplaceAll(pattern, "$1", n.file), 0); ok {
			asked[title] = n.file
			titles = append(titles, title)
		}
	}
	found := map[string]string{}
	for page, err := range p.Wiki.WalkTitles(ctx, titles, 0, wiki.Params{"prop": "info"}) {
		if err != nil {
			return nil, fmt.Errorf("looking for discussions about deletion: %w", err)
		}
		if file, ok := asked[page.Title]; ok && !page.Missing {
			found[file] = page.Title
		}
	}
	return found, nil
}
