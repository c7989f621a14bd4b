package audit

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"unicode/utf8"

	"filewarden/tasks/provenance/rule"
)

// maxCode is the most characters of code that a finding quotes.
const maxCode = 300

// namer makes findings of hits. It is asked in the order of the text, as equal
// findings are told apart by their order.
type namer struct {
	path  string
	lines *places
	seen  map[string]int
}

func newNamer(path string, lines *places) *namer {
	return &namer{path: path, lines: lines, seen: map[string]int{}}
}

// finding makes a finding of a hit; reason is why it is ignored, if it is.
func (n *namer) finding(h rule.Hit, reason string) Finding {
	code := n.lines.text[h.Start:h.End]
	f := Finding{Rule: h.Rule, Severity: severityOf(h), Start: h.Start, End: h.End, Args: h.Args, Fix: h.Fix, Code: shortened(code)}
	f.Line, f.Column, f.EndLine, f.EndColumn = n.lines.between(h.Start, h.End)
	if h.Rule == grouped {
		f.ID = id(n.path, h.Rule, reason)
		return f
	}
	tight := string(bytes.Join(bytes.Fields(code), nil))
	n.seen[h.Rule+tight]++
	f.ID = id(n.path, h.Rule, tight, strconv.Itoa(n.seen[h.Rule+tight]))
	return f
}

// id of a finding: made of the path, the rule, the code without its spacing,
// and its place among equals. What is reported once for a text has its id from
// path and rule.
func id(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:8])
}

// severityOf is the hit's own severity, else its rule's.
func severityOf(h rule.Hit) rule.Severity {
	if h.Severity != 0 {
		return h.Severity
	}
	r, _ := rule.Of(h.Rule)
	return r.Severity
}

// shortened is code as a finding quotes it.
func shortened(code []byte) string {
	s := strings.ToValidUTF8(string(code[:min(len(code), maxCode*utf8.UTFMax)]), "\uFFFD")
	if runes := []rune(s); len(runes) > maxCode {
		s = string(runes[:maxCode-1]) + "…"
	}
	return s
}
