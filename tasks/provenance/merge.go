package provenance

import (
	"cmp"
	"slices"

	"filewarden/tasks/provenance/audit"
)

// merge brings a result together with what is remembered of a page.
type merge struct {
	*pass
	at       listed
	rev      revision
	result   audit.Result
	sameText bool // the revision was audited before, by other rules
	old      map[string]findingRow
	rows     map[string]findingRow
	more     int
	fresh    []findingRow // open, and not so before
}

// all findings of the result, then those that are no longer in it.
func (m *merge) all(otherRules bool) {
	now := map[string]bool{}
	grave := slices.SortedStableFunc(slices.Values(m.result.Findings), func(a, b audit.Finding) int { return cmp.Compare(b.Severity, a.Severity) })
	for _, f := range grave { // of too many findings the gravest are kept
		now[f.ID] = true
		m.found(f, "", "")
	}
	for _, f := range m.result.Ignored {
		now[f.ID] = true
		m.found(f.Finding, byMark, f.Reason)
	}
	for id, f := range m.rows {
		if now[id] || f.State == stateFixed || stillThere(f, m.rev, m.result) {
			continue
		}
		f.State, f.By, f.Reason, f.Until = stateFixed, "", "", ""
		if m.sameText && otherRules {
			f.note(change{What: changeWithdrawn, Rev: m.rev.id, Time: m.start.Unix()})
		} else {
			f.note(change{What: changeFixed, Rev: m.rev.id, Time: m.rev.time.Unix(), User: m.rev.fixedBy})
		}
		m.rows[id] = f
	}
	m.forget()
}

// found notes one finding of the result.
func (m *merge) found(f audit.Finding, by, reason string) {
	was, known := m.old[f.ID]
	if !known && m.standing() >= maxFindings {
		m.more++
		return
	}
	row := was
	row.Rule, row.Severity, row.Line, row.Column = f.Rule, f.Severity, f.Line, f.Column
	row.Code, row.Fix, row.Args = clip(f.Code, maxCode), clip(f.Fix, maxFix), nil
	for _, a := range f.Args {
		row.Args = append(row.Args, clip(a, maxCode))
	}
	row.History = slices.Clone(was.History)
	switch {
	case !known:
		row.note(change{What: changeFound, Rev: m.rev.id, Time: m.rev.time.Unix()})
	case was.State == stateFixed:
		row.note(change{What: changeAgain, Rev: m.rev.id, Time: m.rev.time.Unix()})
	}
	if !known || was.State == stateFixed {
		row.State = stateOpen
	}
	row = m.judged(row, m.at.title, by, reason)
	if row.State == stateOpen && (!known || was.State == stateFixed) {
		m.fresh = append(m.fresh, row)
	}
	m.rows[f.ID] = row
}

// judged is the finding as mark or config want it: the mark in the code wins.
func (p *pass) judged(row findingRow, title, by, reason string) findingRow {
	until := ""
	if by == "" {
		if e, ok := ignoredBy(p.config.Ignore, row.Rule, title, p.start); ok {
			by, reason, until = byConfig, e.Reason, e.Until
		}
	}
	reason = clip(reason, maxCode)
	switch {
	case by != "" && (row.State != stateIgnored || row.By != by || row.Reason != reason):
		row.note(change{What: changeIgnored, Time: p.start.Unix(), Reason: reason})
		row.State = stateIgnored
	case by == "" && row.State == stateIgnored:
		row.note(change{What: changeCounted, Time: p.start.Unix()})
		row.State = stateOpen
	}
	row.By, row.Reason, row.Until = by, reason, until
	return row
}

// standing is how many findings are not fixed.
func (m *merge) standing() (n int) {
	for _, f := range m.rows {
		if f.State != stateFixed {
			n++
		}
	}
	return n
}

// forget drops the fixed findings of longest ago.
func (m *merge) forget() {
	type past struct {
		id   string
		when int64
	}
	var fixed []past
	for id, f := range m.rows {
		if f.State == stateFixed {
			last, _ := f.last(changeFixed, changeWithdrawn)
			fixed = append(fixed, past{id, last.Time})
		}
	}
	slices.SortFunc(fixed, func(a, b past) int { return cmp.Or(cmp.Compare(a.when, b.when), cmp.Compare(a.id, b.id)) })
	for _, f := range fixed[:max(0, len(fixed)-maxFixed)] {
		delete(m.rows, f.id)
	}
}

// page is what is remembered of the page after this audit.
func (m *merge) page(row pageRow, rules string) pageRow {
	row = row.called(m.at)
	row.Rev, row.Time, row.User, row.Rules = m.rev.id, m.rev.time.Unix(), m.rev.user, rules
	row.Analysis, row.Why, row.More, row.Gone = m.result.Analysis, clip(m.result.Why, maxCode), m.more, ""
	row.Asked = row.Asked || m.at.asked
	row.Marks = nil
	for _, mark := range m.result.Marks[:min(len(m.result.Marks), 20)] {
		mark.Text = clip(mark.Text, maxCode)
		row.Marks = append(row.Marks, mark)
	}
	return row
}

// clip shortens a text to a number of characters.
func clip(text string, most int) string {
	n := 0
	for i := range text {
		if n == most {
			return text[:i] + "…"
		}
		n++
	}
	return text
}
