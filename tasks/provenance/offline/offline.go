// Package offline audits files on a disk and tells what it found: the inside
// of `filewarden audit`.
//
// # Model
//
//	arguments → Find → names → Read → items → Report → text, JSON, SARIF
//
// Find turns what was typed into names of files: folders are walked, globs are
// matched, and what version control ignores is left out. Read audits the files
// on all processors and hands items on in the order of their names, so two runs
// say the same. No more texts are in memory than there are processors, and two;
// what is kept of a text are its findings and the lines they stand on.
//
// A file that is named is always read. In folders, hidden files and folders,
// node_modules, symbolic links and what .gitignore names are passed over: links
// because an audit may run on code by strangers, and a line from outside of the
// folder must not end in its report.
//
// A file that cannot be read is told and does not stop the rest. It is a
// failure all the same: code that nobody has read is not clean.
package offline

import (
	"slices"
	"strings"

	"filewarden/tasks/provenance/audit"
	"filewarden/tasks/provenance/rule"
	"filewarden/templates"
)

// Item is one text that was asked for.
type Item struct {
	audit.Result
	Language audit.Language // "" where none is known
	URI      string         // where the text is; "" for a file: its path says it
	Excerpts []Excerpt      // of the findings, one for each
	Failure  error          // it could not be read
}

// Excerpt is the line on which a finding starts.
type Excerpt struct {
	Line   string // at most 160 characters around the finding, tabs made spaces
	Column int    // how many columns stand before the finding in Line
	Width  int    // how many the finding has in Line
}

// Choice says which findings are told. The zero value is all of them.
type Choice struct {
	Rules   []string      // ids, or axes such as "TS"; none: all
	Without []string      // ids or axes that are left out
	Least   rule.Severity // the lowest severity
}

// Wants says whether a rule is chosen, as severe as it usually is.
func (c Choice) Wants(r rule.Rule) bool {
	return c.wants(audit.Finding{Rule: r.ID, Severity: r.Severity})
}

// wants says whether a finding is told.
func (c Choice) wants(f audit.Finding) bool {
	return f.Severity >= c.Least && (len(c.Rules) == 0 || names(c.Rules, f.Rule)) && !names(c.Without, f.Rule)
}

func names(ids []string, id string) bool {
	return slices.ContainsFunc(ids, func(given string) bool {
		return strings.EqualFold(given, id) || len(given) == 2 && strings.EqualFold(given, id[:2])
	})
}

// Known says whether a text is the id of a rule or an axis of rules.
func Known(id string) bool {
	return slices.ContainsFunc(rule.Catalogue(), func(r rule.Rule) bool { return names([]string{id}, r.ID) })
}

// narrow leaves an item what is wanted.
func (c Choice) narrow(i Item) Item {
	var kept []audit.Finding
	var excerpts []Excerpt
	for n, f := range i.Findings {
		if c.wants(f) {
			kept, excerpts = append(kept, f), append(excerpts, i.Excerpts[n])
		}
	}
	i.Findings, i.Excerpts = kept, excerpts
	i.Ignored = slices.DeleteFunc(slices.Clone(i.Ignored), func(x audit.Ignored) bool { return !c.wants(x.Finding) })
	return i
}

// Report is all that an audit found, ready to be told.
type Report struct {
	Items   []Item
	Words   *templates.Language // in which findings are explained
	Version string              // of this program
}

// Add takes an item as far as it is wanted.
func (r *Report) Add(i Item, c Choice) { r.Items = append(r.Items, c.narrow(i)) }

// Reaches says whether any finding is at least that severe.
func (r *Report) Reaches(least rule.Severity) bool {
	return slices.ContainsFunc(r.Items, func(i Item) bool {
		return slices.ContainsFunc(i.Findings, func(f audit.Finding) bool { return f.Severity >= least })
	})
}

// Failed says whether anything could not be read.
func (r *Report) Failed() bool {
	return slices.ContainsFunc(r.Items, func(i Item) bool { return i.Failure != nil })
}

// title of a rule in a few words.
func title(l *templates.Language, id string) string {
	return l.PlainText("rule-" + strings.ToLower(id) + "-title")
}

// reason of a finding in one sentence. Its arguments are text by others.
func reason(l *templates.Language, id string, args []string) string {
	given := make([]any, len(args))
	for n, a := range args {
		given[n] = templates.Plain(a)
	}
	return l.PlainText("rule-"+strings.ToLower(id)+"-reason", given...)
}

// Counts are the numbers at the end of a report.
type Counts struct {
	Files    int `json:"files"`
	With     int `json:"filesWithFindings"`
	Errors   int `json:"errors"`
	Warnings int `json:"warnings"`
	Infos    int `json:"infos"`
	Ignored  int `json:"ignored"`
	Partial  int `json:"partial"`
	Skipped  int `json:"skipped"`
	Failed   int `json:"failed"` // of the skipped: could not be read
}

// Counts of the report.
func (r *Report) Counts() (c Counts) {
	for _, i := range r.Items {
		c.Files++
		c.Ignored += len(i.Ignored)
		if len(i.Findings) > 0 {
			c.With++
		}
		switch i.Analysis {
		case audit.Partial:
			c.Partial++
		case audit.Skipped:
			c.Skipped++
		}
		if i.Failure != nil {
			c.Failed++
		}
		for _, f := range i.Findings {
			c.severity(f.Severity)
		}
	}
	return c
}

func (c *Counts) severity(s rule.Severity) {
	switch s {
	case rule.Error:
		c.Errors++
	case rule.Warning:
		c.Warnings++
	case rule.Info:
		c.Infos++
	}
}
