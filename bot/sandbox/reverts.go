package sandbox

import (
	"slices"
	"strings"
)

// revertRadius is how many revisions back MediaWiki looks for the same text
// ($wgManualRevertSearchRadius).
const revertRadius = 15

// revertTags are the tags of an edit that takes others back, and what they are.
// How it was made wins: an undo with a known text is still an undo.
func revertTags(p *page, r *Revision, s saving) (tags []string, reverted []*Revision) {
	earlier := p.revs[:len(p.revs)-1]
	switch {
	case s.rollbackTo != nil:
		return []string{"mw-rollback"}, after(earlier, s.rollbackTo)
	case s.undone != nil:
		return []string{"mw-undo"}, upTo(after(earlier, s.undoneAfter), s.undone)
	}
	for i := len(earlier) - 2; i >= 0 && i >= len(earlier)-1-revertRadius; i-- {
		if old := earlier[i]; old.Text == r.Text && old.Model == r.Model && old.Hidden&HiddenText == 0 {
			return []string{"mw-manual-revert"}, earlier[i+1:]
		}
	}
	return nil, nil
}

func after(revs []*Revision, r *Revision) []*Revision {
	return revs[slices.Index(revs, r)+1:]
}

func upTo(revs []*Revision, r *Revision) []*Revision {
	return revs[:slices.Index(revs, r)+1]
}

// contentTags are the tags of what an edit did to the text (ChangeTags).
func (w *Wiki) contentTags(p *page, old, text string, created bool) (tags []string) {
	from, was := w.redirectTarget(old, p.latest().Model)
	to, is := w.redirectTarget(text, p.latest().Model)
	switch {
	case is && !was:
		tags = append(tags, "mw-new-redirect")
	case was && !is:
		tags = append(tags, "mw-removed-redirect")
	case was && is && from.title != to.title:
		tags = append(tags, "mw-changed-redirect-target")
	}
	switch {
	case created:
	case text == "" && old != "":
		tags = append(tags, "mw-blank")
	case len(old) > 10*len(text) && text != "":
		tags = append(tags, "mw-replace")
	}
	return tags
}

// tagEdit gives an edit its tags. Those of what it reverted wait until it is
// patrolled, where its author needs that.
func (w *Wiki) tagEdit(p *page, s saving, old string, created bool) {
	r, ch := p.latest(), w.changes[len(w.changes)-1]
	tags := w.contentTags(p, old, r.Text, created)
	if !created {
		var mine []string
		mine, r.reverted = revertTags(p, r, s)
		tags = append(tags, mine...)
	}
	for _, tag := range tags {
		if !slices.Contains(r.Tags, tag) {
			r.Tags = append(r.Tags, tag)
		}
	}
	if ch.patrol != unpatrolled {
		w.tagReverted(r)
	}
}

// tagReverted marks what an edit reverted. MediaWiki leaves this to its job
// queue; the sandbox does the jobs at once.
func (w *Wiki) tagReverted(by *Revision) {
	for _, r := range by.reverted {
		if !slices.Contains(r.Tags, "mw-reverted") {
			r.Tags = append(slices.Clone(r.Tags), "mw-reverted")
		}
	}
	by.reverted = nil
}

func runRollback(c *call, a args) error {
	p, err := c.existing(a)
	if err != nil {
		return err
	}
	if err := c.need("rollback"); err != nil {
		return err
	}
	last := p.latest()
	if last.User != a.str("user") {
		return fail("alreadyrolled", "Cannot rollback the last edit of [[:%[1]s]] by [[User:%[2]s|%[2]s]] ([[User talk:%[2]s|talk]] | [[Special:Contributions/%[2]s|contribs]]). Someone else has edited or rolled back the page already. The last edit to the page was by [[User:%[3]s|%[3]s]] ([[User talk:%[3]s|talk]] | [[Special:Contributions/%[3]s|contribs]]).",
			c.w.name(p.title), a.str("user"), last.User)
	}
	target := lastOfOthers(p)
	if target == nil {
		return fail("onlyauthor", "Cannot revert the edit. The last contributor is the only author of this page.")
	}
	r := c.w.rollBack(p, target, saving{comment: a.str("summary"), author: c.w.authorOf(c.userName()), bot: a.flag("markbot") && c.can("bot"), rights: c.rights})
	c.out["rollback"] = M{"title": c.w.name(p.title), "pageid": p.id, "summary": r.Comment, "revid": r.ID, "old_revid": last.ID, "last_revid": target.ID}
	return nil
}

// lastOfOthers is the revision before the last user's edits, nil where there is none.
func lastOfOthers(p *page) *Revision {
	for i := len(p.revs) - 1; i >= 0; i-- {
		if p.revs[i].User != p.latest().User {
			return p.revs[i]
		}
	}
	return nil
}

// Rollback reverts the last edits of a page that are one user's, as
// action=rollback does.
func (w *Wiki) Rollback(user, name string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := w.pageOf(must(w.parseTitle(name, 0)))
	w.rollBack(p, lastOfOthers(p), saving{author: w.authorOf(user)})
}

// Undo takes back one revision of a page, as action=edit with undo does. It
// panics where later edits are in the way.
func (w *Wiki) Undo(user, name string, id int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	t, rev := must(w.parseTitle(name, 0)), w.revisions[id]
	parent := w.revisions[rev.Parent]
	text, ok := mergeLines(rev.Text, w.pageOf(t).text(), parent.Text)
	if !ok {
		panic("sandbox: seeding: later edits are in the way of undoing " + idText(id))
	}
	w.save(saving{title: t, text: text, comment: undoSummary(rev), author: w.authorOf(user), undone: rev, undoneAfter: parent})
}

// rollBack saves the target's text again. What is rolled back counts as patrolled.
func (w *Wiki) rollBack(p *page, target *Revision, s saving) *Revision {
	last := p.latest()
	if s.comment == "" {
		s.comment = strings.NewReplacer("$1", last.User, "$2", target.User, "$3", plural(len(after(p.revs, target)), "edit", "edits")).Replace(
			"Reverted $3 by [[Special:Contributions/$1|$1]] ([[User talk:$1|talk]]) to last revision by [[User:$2|$2]]")
	}
	for _, ch := range w.changes {
		if ch.page == p.id && ch.rev != nil && ch.rev.ID > target.ID && ch.user == last.User && ch.patrol == unpatrolled {
			ch.patrol = autopatrolled
		}
	}
	s.title, s.text, s.minor, s.rollbackTo = p.title, target.Text, true, target
	w.save(s)
	return p.latest()
}
