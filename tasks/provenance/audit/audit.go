// Package audit finds code that breaks or loses media URLs, in one text at a
// time and without asking anybody.
//
// # Model
//
//	text → triggers? → a reader for its language → hits → ignore marks → findings
//
// Most code has nothing to do with media. A search for a few dozen byte
// sequences, the triggers, tells, and a text without any is clean without
// being read. What is left goes to the reader of its language; a reader that
// cannot parse a text falls back to its tokens, and the analysis is partial.
// No text makes the audit panic, hang or take memory out of proportion: a text
// beyond MaxSize is skipped, saying so.
//
// An ignore mark is a comment in the code:
//
//	// filewarden-ignore TS001: the icon is drawn at 22 px by the printer
//
// It hides findings of the rules it names on its own line and the next one, and
// counts only with a reason.
//
// A finding keeps its id while the lines around it change: the id is made of
// the path, the rule, the code without its spacing, and its place among equals.
package audit

import "filewarden/tasks/provenance/rule"

// MaxSize is the most bytes of a text that are read. MediaWiki's own limit for
// a page is 2 MiB ($wgMaxArticleSize).
const MaxSize = 4 << 20

// Language of a text.
type Language string

// Languages that have a reader.
const (
	JavaScript Language = "javascript"
	CSS        Language = "css"
	Lua        Language = "lua"
	Wikitext   Language = "wikitext"
	HTML       Language = "html" // also Vue components: scripts and styles within markup
)

// Source is a text to be audited.
type Source struct {
	Path     string // file path or page title: part of every id
	Language Language
	Text     []byte
}

// Analysis says how much of a text was understood.
type Analysis string

// Analyses.
const (
	Full    Analysis = "full"
	Partial Analysis = "partial" // it does not parse; its tokens were read
	Skipped Analysis = "skipped" // too large, binary, or no language of ours
)

// Result is what was found in one text.
type Result struct {
	Path     string
	Analysis Analysis
	Why      string    // of Partial and Skipped: the parser's words, or ours
	Read     bool      // false where no trigger occurred and nothing was parsed
	Findings []Finding // by place
	Ignored  []Ignored // hidden by a mark
	Marks    []Mark    // marks that hide nothing: no reason, unknown rule, nothing there to hide
}

// Finding is one thing that is wrong with a text.
type Finding struct {
	ID                               string
	Rule                             string
	Severity                         rule.Severity
	Start, End                       int // byte offsets in the text
	Line, Column, EndLine, EndColumn int // from 1; columns in UTF-16 code units, the end exclusive
	Args                             []string
	Code                             string // the text from Start to End, at most 300 characters
	Fix                              string
}

// Ignored is a finding that somebody decided to keep.
type Ignored struct {
	Finding
	Reason string
}

// Mark is an ignore mark that has no effect.
type Mark struct {
	Line int
	Text string
	Why  string // what is wrong with it: no-reason, unknown-rule, nothing-to-ignore
}
