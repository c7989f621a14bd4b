package board

import (
	"context"
	"fmt"
	"slices"

	"filewarden/storage"
	"filewarden/tasks/copyvio/casebook"
)

// NotUnderstood is the verdict about a status that is no state's word.
const NotUnderstood casebook.Verdict = "not-understood"

// Outcome is what became of a change.
type Outcome struct {
	Change  Change
	Verdict casebook.Verdict
	Case    casebook.Case // afterwards
}

// Refusal is one revision by somebody whose changes did not count: one message,
// however many cases it spoke of.
type Refusal struct {
	By, Page string
	Rev      int64
	Why      casebook.Verdict
	Cases    []string // SHA-1
}

// Refusals gathers what did not count, by revision and reason.
func Refusals(outcomes []Outcome) (all []Refusal) {
	for _, o := range outcomes {
		if o.Verdict == casebook.Counts || o.Verdict == casebook.Nothing {
			continue
		}
		i := slices.IndexFunc(all, func(r Refusal) bool { return r.Rev == o.Change.Rev && r.Why == o.Verdict })
		if i < 0 {
			i, all = len(all), append(all, Refusal{By: o.Change.By, Page: o.Change.Page, Rev: o.Change.Rev, Why: o.Verdict})
		}
		all[i].Cases = append(all[i].Cases, o.Change.SHA1)
	}
	return all
}

// Apply judges what people changed and keeps it. Their rights are asked for
// now. What was read of a page, and that it was, is one transaction; outcomes
// are those of this call, so a change that was kept before has none, nor has
// one of a case that nobody knows, nor a revert that takes nothing back. Of
// somebody who may not decide at all, the last saying about a case is kept, so
// that nobody fills the memory by changing a page to and fro.
func (b *Board) Apply(ctx context.Context, news News) (outcomes []Outcome, err error) {
	who, err := b.Reviewers(ctx, news.people())
	if err != nil {
		return nil, err
	}
	for name := range who {
		b.people[name] = who[name]
	}
	for _, run := range news.runs(news.worthKeeping(who)) {
		var kept []Outcome
		err := b.c.Store.Update(func(tx storage.Tx) (err error) {
			if kept, err = b.keep(tx, run.changes, who); err != nil {
				return err
			}
			return run.keepRows(tx)
		})
		if err != nil {
			return outcomes, fmt.Errorf("keeping what people decided on %s: %w", run.title(), err)
		}
		outcomes = append(outcomes, kept...)
	}
	return outcomes, nil
}

func (n News) people() (names []string) {
	for _, c := range n.Changes {
		for _, name := range []string{c.By, c.Restored} {
			if name != "" && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// run is a part of the news that is kept in one transaction: changes of one
// page that come one after another, and the row of a page with its last.
type run struct {
	changes []Change
	read    []*reading
}

// maxRun keeps a transaction within what the store takes in one.
const maxRun = 100

func (r run) title() string {
	if len(r.read) > 0 {
		return r.read[0].title
	}
	return r.changes[0].Page
}

// worthKeeping leaves out what a later saying of the same idle hand overtook.
func (n News) worthKeeping(who map[string]casebook.Reviewer) []Change {
	type saying struct{ by, sha1 string }
	later := map[saying]bool{}
	var kept []Change
	for _, c := range slices.Backward(n.Changes) {
		key := saying{c.By, c.SHA1}
		if mayDecide(who[c.By]) || !later[key] {
			kept = append(kept, c)
		}
		later[key] = true
	}
	slices.Reverse(kept)
	return kept
}

// runs cuts the news. Where people changed the same page only, that is one run.
// One that is cut in two is kept in part when the process dies between; the
// casebook knows then which changes it has.
func (n News) runs(changes []Change) (all []run) {
	owner := n.owners(changes)
	left := map[*reading]int{}
	for _, r := range owner {
		left[r]++
	}
	for i := 0; i < len(changes); {
		r, to := owner[i], i
		for to < len(changes) && owner[to] == r && to-i < maxRun {
			to++
		}
		next := run{changes: changes[i:to]}
		if left[r] -= to - i; left[r] == 0 {
			next.read = []*reading{r}
		}
		all, i = append(all, next), to
	}
	var quiet []*reading
	for _, r := range n.read {
		if _, said := left[r]; !said && !r.row.equal(r.began) {
			quiet = append(quiet, r)
		}
	}
	for part := range slices.Chunk(quiet, maxRun) {
		all = append(all, run{read: part})
	}
	return all
}

// owners are the readings that changes come from.
func (n News) owners(changes []Change) (owners []*reading) {
	of := map[int64]*reading{} // revisions belong to one page
	for _, r := range n.read {
		for _, c := range r.changes {
			of[c.at] = r
		}
	}
	for _, c := range changes {
		owners = append(owners, of[c.at])
	}
	return owners
}

// keepRows moves on to what was read. A row that somebody else moved on
// meanwhile stays as it is: it will be read from there.
func (r run) keepRows(tx storage.Tx) error {
	for _, read := range r.read {
		now, _, err := pageTable.Get(tx, read.title)
		if err != nil {
			return err
		}
		if now.Page != read.began.Page || now.Rev != read.began.Rev {
			continue
		}
		if err := pageTable.Put(tx, read.row, read.title); err != nil {
			return err
		}
	}
	return nil
}

// keep judges changes, oldest first.
func (b *Board) keep(tx storage.Tx, changes []Change, who map[string]casebook.Reviewer) (kept []Outcome, err error) {
	for _, c := range changes {
		is, known, err := casebook.GetCase(tx, c.SHA1)
		if err != nil {
			return nil, err
		}
		if !known {
			continue
		}
		before, err := casebook.Decisions(tx, c.SHA1)
		if err != nil {
			return nil, err
		}
		if c.undoesNothing(is, before, who) {
			continue
		}
		o, fresh, err := decide(tx, is, before, c, who[c.By])
		if err != nil {
			return nil, err
		}
		if !fresh {
			continue
		}
		if b.c.Decided != nil {
			if err := b.c.Decided(tx, o); err != nil {
				return nil, err
			}
		}
		kept = append(kept, o)
	}
	return kept, nil
}

// undoesNothing says that a revert, or the revert of one, has no effect on the
// case. A revert takes back the reverter's own decision, or brings it back; an
// admin's opens the case again.
func (c Change) undoesNothing(is casebook.Case, before []casebook.Decision, who map[string]casebook.Reviewer) bool {
	if !c.Undo {
		return c.Restored != "" && !mayDecide(who[c.Restored])
	}
	said := slices.ContainsFunc(before, func(d casebook.Decision) bool {
		return sameUser(d.By, c.By) && d.To == c.To && d.Verdict == casebook.Counts
	})
	there := c.To == is.State || c.To.Undecided() && is.State.Undecided()
	return c.Unclear || there || !said && !sameUser(is.By, c.By) && !(who[c.By].Admin && c.To.Undecided())
}

// decide keeps one change; fresh is false when it was kept before.
func decide(tx storage.Tx, is casebook.Case, before []casebook.Decision, c Change, who casebook.Reviewer) (o Outcome, fresh bool, err error) {
	switch {
	case !c.Set:
		return note(tx, is, c, who)
	case c.Unclear:
		return misread(tx, is, c)
	}
	fresh = !slices.ContainsFunc(before, func(d casebook.Decision) bool { return d.Rev == c.Rev && d.To == c.To })
	o.Change = c
	if o.Case, o.Verdict, err = casebook.Decide(tx, c.SHA1, c.decision(), who); err != nil || !fresh {
		return o, fresh, err
	}
	if c.Noted && (o.Verdict == casebook.Counts || o.Verdict == casebook.Nothing) && o.Case.Note != c.Note {
		o.Case.Note = c.Note
		err = casebook.PutCase(tx, o.Case)
	}
	return o, fresh, err
}

func (c Change) decision() casebook.Decision {
	return casebook.Decision{To: c.To, By: c.By, Time: c.Time, Way: casebook.ByPage, Rev: c.Rev, Page: c.Page, Note: c.Note}
}

// note keeps a note that came alone. It is no decision, but takes the same
// rights: whoever might say again what the case is may say why.
func note(tx storage.Tx, is casebook.Case, c Change, who casebook.Reviewer) (Outcome, bool, error) {
	o := Outcome{Change: c, Case: is, Verdict: is.Weigh(casebook.Decision{To: is.State}, who)}
	if o.Verdict != casebook.Nothing || is.Note == c.Note {
		return o, o.Verdict != casebook.Nothing, nil
	}
	o.Case.Note = c.Note
	return o, true, casebook.PutCase(tx, o.Case)
}

// misread says on the case that a status was not understood, until there is a
// later saying.
func misread(tx storage.Tx, is casebook.Case, c Change) (Outcome, bool, error) {
	o := Outcome{Change: c, Case: is, Verdict: NotUnderstood}
	if c.Rev <= is.Rev || is.Last != nil && c.Rev <= is.Last.Rev {
		return o, false, nil
	}
	d := c.decision()
	d.To, d.From, d.Verdict, d.Note = is.State, is.State, NotUnderstood, ""
	o.Case.Last = &d
	return o, true, casebook.PutCase(tx, o.Case)
}
