package audit

import (
	"bytes"
	"fmt"

	"filewarden/tasks/provenance/literal"
	"filewarden/tasks/provenance/lua"
	"filewarden/tasks/provenance/rule"
	"filewarden/tasks/provenance/script"
	"filewarden/tasks/provenance/sheet"
	"filewarden/tasks/provenance/wikitext"
)

// byteOrderMark is what some editors begin a UTF-8 text with.
const byteOrderMark = "\xef\xbb\xbf"

// File audits one text.
func File(src Source) Result {
	result := Result{Path: src.Path, Analysis: Full}
	if why := unreadable(src); why != "" {
		result.Analysis, result.Why = Skipped, why
		return result
	}
	if !triggered(src.Language, src.Text) {
		return result
	}
	result.Read = true
	hits, err := rescued(readers[src.Language], src)
	if err != nil {
		result.Analysis, result.Why = Partial, err.Error()
	}
	lines := newPlaces(src.Text)
	hits = settle(hits, src.Text)
	hidden, marks := ignore(src, lines, hits)
	result.Marks = marks
	found, ignored := newNamer(src.Path, lines), newGroup()
	kept := newGroup()
	for i, h := range hits {
		f := Ignored{found.finding(h, hidden[i]), hidden[i]}
		if f.Reason == "" {
			kept.add(f)
		} else {
			ignored.add(f)
		}
	}
	for _, f := range kept.all {
		result.Findings = append(result.Findings, f.Finding)
	}
	result.Ignored = ignored.all
	return result
}

// unreadable says why a text is not read, in the result's words.
func unreadable(src Source) string {
	switch {
	case len(src.Text) > MaxSize:
		return fmt.Sprintf("larger than %d MiB", MaxSize>>20)
	case bytes.IndexByte(src.Text[:min(len(src.Text), 8192)], 0) >= 0:
		return "binary, or not in UTF-8"
	case readers[src.Language] == nil:
		return "in no language that is read"
	}
	return ""
}

// reader of a language.
type reader func(text []byte) ([]rule.Hit, error)

// readers by language. Pages of markup hold scripts and styles besides.
var readers = map[Language]reader{
	JavaScript: script.Audit,
	CSS:        sheet.Audit,
	Lua:        lua.Audit,
	Wikitext:   func(text []byte) ([]rule.Hit, error) { return wikitext.Audit(text), nil },
	HTML:       markup,
}

// rescued has a text read, with offsets in the whole text. What does not parse,
// or makes a reader fail badly, which is a fault of ours, is searched besides
// for addresses that are spelled out, outside comments.
func rescued(read reader, src Source) (hits []rule.Hit, err error) {
	text := bytes.TrimPrefix(src.Text, []byte(byteOrderMark))
	defer func() {
		if p := recover(); p != nil {
			hits, err = nil, fmt.Errorf("the reader of %s failed, a fault of this program: %v", src.Language, p)
		}
		if err != nil {
			hits = append(hits, literal.Scan(string(withoutComments(src.Language, src.Text)))...)
		}
	}()
	hits, err = read(text)
	return shifted(hits, len(src.Text)-len(text)), err
}

// shifted moves hits by a number of bytes.
func shifted(hits []rule.Hit, by int) []rule.Hit {
	for i := range hits {
		hits[i].Start += by
		hits[i].End += by
	}
	return hits
}
