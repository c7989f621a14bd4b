package offline

import (
	"encoding/json"
	"io"

	"filewarden/tasks/provenance/audit"
	"filewarden/tasks/provenance/rule"
	"filewarden/templates"
)

// document is the report as JSON: one object. Lines and columns count from 1,
// columns in UTF-16 code units as editors and browsers count them, ends are
// exclusive.
type document struct {
	Findings []finding `json:"findings"`
	Ignored  []ignored `json:"ignored"`
	Marks    []mark    `json:"marks"`
	Files    []file    `json:"files"`
	Summary  Counts    `json:"summary"`
}

type finding struct {
	ID        string `json:"id"`
	Path      string `json:"path"`
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	EndLine   int    `json:"endLine"`
	EndColumn int    `json:"endColumn"`
	Rule      string `json:"rule"`
	Severity  string `json:"severity"`
	Message   string `json:"message"`
	Code      string `json:"code"`
	Fix       string `json:"fix"`
}

type ignored struct {
	finding
	Reason string `json:"reason"`
}

type mark struct {
	Path string `json:"path"`
	Line int    `json:"line"`
	Text string `json:"text"`
	Why  string `json:"why"`
}

type file struct {
	Path     string         `json:"path"`
	Analysis audit.Analysis `json:"analysis"`
	Why      string         `json:"why,omitempty"`
	Failed   bool           `json:"failed,omitempty"`
}

// JSON writes the report as one JSON object.
func (r *Report) JSON(w io.Writer) error {
	d := document{Findings: []finding{}, Ignored: []ignored{}, Marks: []mark{}, Files: []file{}, Summary: r.Counts()}
	for _, i := range r.Items {
		d.Files = append(d.Files, file{i.Path, i.Analysis, i.Why, i.Failure != nil})
		for _, f := range i.Findings {
			d.Findings = append(d.Findings, r.finding(i.Path, f))
		}
		for _, x := range i.Ignored {
			d.Ignored = append(d.Ignored, ignored{r.finding(i.Path, x.Finding), x.Reason})
		}
		for _, m := range i.Marks {
			d.Marks = append(d.Marks, mark{i.Path, m.Line, m.Text, m.Why})
		}
	}
	return indented(w, d)
}

func (r *Report) finding(path string, f audit.Finding) finding {
	return finding{
		ID: f.ID, Path: path, Line: f.Line, Column: f.Column, EndLine: f.EndLine, EndColumn: f.EndColumn,
		Rule: f.Rule, Severity: f.Severity.String(), Message: reason(r.Words, f.Rule, f.Args), Code: f.Code, Fix: f.Fix,
	}
}

// indented writes JSON for people too: code keeps its < and &.
func indented(w io.Writer, v any) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	return out.Encode(v)
}

// explained is one rule as JSON.
type explained struct {
	ID       string `json:"id"`
	Severity string `json:"severity"`
	Title    string `json:"title"`
	Why      string `json:"why"`
	Bad      string `json:"bad"`
	Good     string `json:"good"`
	Help     string `json:"help"`
}

// RulesJSON writes the catalogue as {"rules": […]}.
func RulesJSON(w io.Writer, l *templates.Language, rules []rule.Rule) error {
	all := []explained{}
	for _, r := range rules {
		all = append(all, explained{r.ID, r.Severity.String(), title(l, r.ID), general(l, r.ID), r.Bad, r.Good, helpURI(r.ID)})
	}
	return indented(w, map[string]any{"rules": all})
}
