package gate

import (
	"context"
	"fmt"
	"strings"

	"filewarden/bot/wiki"

	"github.com/rogpeppe/go-internal/diff"
)

// divert shows what would have been written instead of writing it.
func (g *Gate) divert(ctx context.Context, s *snapshot, w write) (Receipt, error) {
	before, after := "", w.Heading+"\n\n"+w.Text
	title := w.describe()
	switch w.action {
	case "delete":
		before, after, title = s.target.Content, "", w.Title
	case "edit":
		var err error
		if before, after, err = g.change(ctx, s, w.Edit); err != nil {
			return Receipt{}, err
		}
		title = w.Title
	}
	if g.c.OnDry != nil {
		d := diff.Diff(title, []byte(ended(before)), title+" (planned)", []byte(ended(after)))
		g.c.OnDry(Planned{Edit: w.Edit, Action: w.action, Diff: string(d)})
	}
	return Receipt{Dry: true, Time: g.c.Now(), NoChange: w.action == "edit" && before == after}, nil
}

// change is the page's text, or that of the section, before and after an edit.
func (g *Gate) change(ctx context.Context, s *snapshot, e Edit) (before, after string, err error) {
	before, text := s.target.Content, clean(e.Text)
	switch {
	case e.Append:
		return before, before + text, nil
	case e.Section == "new":
		section := "== " + oneLine(e.Heading) + " ==\n\n" + text
		return before, strings.TrimLeft(strings.TrimRight(before, "\n")+"\n\n"+section, "\n"), nil
	case e.Section != "":
		before, err = g.section(ctx, e)
	}
	return before, text, err
}

// section reads one section of a page as the wiki counts them.
func (g *Gate) section(ctx context.Context, e Edit) (string, error) {
	a, err := g.ask(ctx, wiki.Params{"prop": "revisions", "titles": e.Title, "rvprop": "ids|content",
		"rvslots": "main", "rvsection": e.Section})
	if err != nil {
		return "", fmt.Errorf("reading section %s of %s: %w", e.Section, e.Title, err)
	}
	return a.page(e.Title).Content, nil
}

// ended has a newline at its end, as pages on a wiki have none and a diff would dwell on it.
func ended(text string) string {
	if text == "" || strings.HasSuffix(text, "\n") {
		return text
	}
	return text + "\n"
}
