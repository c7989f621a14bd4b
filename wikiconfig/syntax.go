package wikiconfig

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// syntaxProblem says where and why a text is no JSON; nil when it is.
func syntaxProblem(text string) *Problem {
	switch {
	case strings.HasPrefix(text, "\uFEFF"):
		return &Problem{Allowed: "JSON", Message: "The page begins with an invisible byte order mark (U+FEFF); save it without."}
	case !utf8.ValidString(text):
		return broken(text, invalidAt(text), "These bytes are no UTF-8")
	}
	if json.Valid([]byte(text)) {
		return nil
	}
	var whole json.RawMessage
	err := json.Unmarshal([]byte(text), &whole)
	var syntax *json.SyntaxError
	switch {
	case !errors.As(err, &syntax):
		return &Problem{Allowed: "JSON", Message: "The page is no JSON: " + err.Error() + "."}
	case strings.Contains(err.Error(), "exceeded max depth"):
		return &Problem{Allowed: fmt.Sprintf("at most %d levels", maxDepth), Message: "Objects and lists are nested too deep on this page."}
	case strings.Contains(err.Error(), "unexpected end"):
		return broken(text, len(strings.TrimRight(text, " \t\r\n")), "The page ends before its last { or [ or \" is closed")
	}
	return broken(text, int(syntax.Offset)-1, reason(text, int(syntax.Offset)-1, err.Error()))
}

func invalidAt(text string) int {
	for i, r := range text {
		if r == utf8.RuneError && !strings.HasPrefix(text[i:], "\uFFFD") {
			return i
		}
	}
	return 0
}

// broken makes the problem of a page that is no JSON at a byte offset: line
// and column are counted in characters from 1, and the line is shown.
func broken(text string, offset int, why string) *Problem {
	offset = min(max(offset, 0), len(text))
	start := strings.LastIndexByte(text[:offset], '\n') + 1
	line, _, _ := strings.Cut(text[start:], "\n")
	column := utf8.RuneCountInString(text[start:offset]) + 1
	return &Problem{
		Value:   around(strings.TrimRight(line, "\r"), offset-start),
		Allowed: "JSON",
		Message: fmt.Sprintf("Line %d, column %d: %s.", strings.Count(text[:start], "\n")+1, column, why),
	}
}

// around shows a line; of a long one the part before and after the offset.
func around(line string, offset int) string {
	line = strings.ToValidUTF8(line, "�")
	offset = min(offset, len(line))
	for before := 0; offset > 0 && before < maxShown/2; before++ {
		_, size := utf8.DecodeLastRuneInString(line[:offset])
		offset -= size
	}
	if offset > 0 {
		return shorten("…" + line[offset:])
	}
	return shorten(line)
}

// reason turns the words of encoding/json into a person's.
func reason(text string, offset int, words string) string {
	found := "the end"
	if offset < len(text) {
		r, _ := utf8.DecodeRuneInString(text[offset:])
		found = fmt.Sprintf("%q", string(r))
	}
	if strings.HasPrefix(text[min(offset, len(text)):], "NaN") || strings.HasPrefix(text[min(offset, len(text)):], "Infinity") {
		return "NaN and Infinity are no JSON numbers"
	}
	for _, r := range reasons {
		if strings.Contains(words, r.words) {
			return strings.ReplaceAll(r.reason, "%", found)
		}
	}
	return "This is no JSON (" + words + ")"
}

// reasons is read from the top; % stands for the character found.
var reasons = []struct{ words, reason string }{
	{"beginning of object key string", `a key in double quotes should stand where % is, and the last entry has no comma after it`},
	{"after object key:value pair", `a comma or } is missing before %`},
	{"after object key", `a colon is missing before %`},
	{"after array element", `a comma or ] is missing before %`},
	{"after top-level value", `the JSON is at its end before %, nothing may follow`},
	{"beginning of value", `a value should stand where % is: a text in double quotes, a number, true, false, a list or an object`},
	{"in string escape code", `a backslash in a text begins an escape such as \" or \n, which % does not`},
	{"in \\u hexadecimal", `after \u four hexadecimal digits should follow, not %`},
	{"in string literal", `a text must end with its quote on its own line`},
	{"numeric literal", `a number cannot be written with % here`},
	{"in literal", `only true, false and null are written without quotes`},
}
