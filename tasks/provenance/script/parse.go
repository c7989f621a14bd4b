package script

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/grafana/sobek/ast"
	"github.com/grafana/sobek/parser"
)

// parsed is a text that the parser has taken, as far as it did.
type parsed struct {
	program *ast.Program
	text    string // of which offsets in program are
	shift   int    // how much longer it is at its beginning than the text asked for
	blank   []span // what was left out, as offsets in the text asked for
	err     error  // why something was left out
}

// span is a part of a text, in bytes.
type span struct{ start, end int }

// errDeep is the error for what would take too much stack to parse.
var errDeep = errors.New("nested too deeply to be parsed")

// parse reads a script, or a module where it is none. What the parser does not
// know is made harmless first; what is broken is left out, line by line and
// block by block, while that is cheap.
func parse(text string) (parsed, error) {
	source := harmlessScript(text)
	if tooDeep(source) {
		return parsed{}, errDeep
	}
	program, err := parseEither(source)
	if err == nil {
		return parsed{program: program, text: source}, nil
	}
	if p, ok := parseWrapped(source); ok {
		return p, nil
	}
	if plain, ok := untyped(source); ok {
		if program, err := parseEither(plain); err == nil {
			return parsed{program: program, text: plain}, nil
		}
	}
	return parseRest(source, err)
}

// parseEither reads a script, or a module. What begins a line as only modules
// do is tried as one first: it would be parsed to its end for nothing.
func parseEither(source string) (*ast.Program, error) {
	likely := beginsLine(source, "import ") || beginsLine(source, "export ")
	if likely {
		if module, err := parseAs(source, parser.IsModule); err == nil {
			return module, nil
		}
	}
	program, err := parseAs(source)
	if err == nil {
		return program, nil
	}
	if !likely {
		if module, err := parseAs(source, parser.IsModule); err == nil {
			return module, nil
		}
	}
	return nil, err
}

// parseAs is the parser, with its panics turned into errors.
func parseAs(source string, options ...parser.Option) (program *ast.Program, err error) {
	defer func() {
		if p := recover(); p != nil {
			program, err = nil, fmt.Errorf("parsing the script: %v", p)
		}
	}()
	options = append(options, parser.WithDisableSourceMaps)
	return parser.ParseFile(nil, "", source, parser.IgnoreRegExpErrors, options...)
}

// wrapper lets a script return and await outside of functions.
const wrapper = "(async function(){"

func parseWrapped(source string) (parsed, bool) {
	if !strings.Contains(source, "return") && !strings.Contains(source, "await") {
		return parsed{}, false
	}
	whole := wrapper + source + "\n})"
	program, err := parseAs(whole)
	return parsed{program: program, text: whole, shift: len(wrapper)}, err == nil
}

var (
	forAwait   = regexp.MustCompile(`\bfor\s+await\b`)
	lastEscape = regexp.MustCompile(`(?i)\\u\{0*10ffff\}`)
	vueScript  = regexp.MustCompile(`(?is)<script\b[^>]*>(.*?)</script\s*>`)
	leadingTag = regexp.MustCompile(`^\s*(?:<!--(?s:.*?)-->\s*)*<(?:template|script|style|!doctype|html)\b`)
)

// harmlessScript is a text without what the parser does not know, with every
// byte in its place.
func harmlessScript(text string) string {
	text = strings.Replace(validText(text), "\uFEFF", "   ", 1)
	if leadingTag.MatchString(text) {
		text = scriptsOf(text)
	}
	if strings.Contains(text, "await") && waits(text) {
		text = forAwait.ReplaceAllStringFunc(text, func(m string) string { return "for" + strings.Repeat(" ", len(m)-3) })
	}
	text = commented(commented(text, "<!--", "//  "), "-->", "// ")
	if strings.Contains(text, `\u{`) && (escapesLast(text, `\u{`) || escapesLast(text, `\U{`)) {
		text = lastEscape.ReplaceAllStringFunc(text, func(m string) string { return m[:len(m)-2] + "E}" })
	}
	return text
}

// escapesLast says whether the last character of Unicode may be escaped in a text.
func escapesLast(text, mark string) bool {
	for rest := text; ; {
		i := strings.Index(rest, mark)
		if i < 0 {
			return false
		}
		rest = rest[i+len(mark):]
		if strings.HasPrefix(strings.TrimLeft(rest, "0"), "10") {
			return true
		}
	}
}

// waits says whether a "for await" may be in a text.
func waits(text string) bool {
	for rest := text; ; {
		i := strings.Index(rest, "await")
		if i < 0 {
			return false
		}
		if strings.HasSuffix(strings.TrimRight(rest[:i], " \t\r\n"), "for") {
			return true
		}
		rest = rest[i+len("await"):]
	}
}

// beginsLine says whether some line begins with a mark.
func beginsLine(text, mark string) bool { return lineWith(text, mark, 0) >= 0 }

// lineWith is the next place from an offset on where a line begins with a mark;
// negative where there is none.
func lineWith(text, mark string, from int) int {
	for at := from; ; at += len(mark) {
		i := strings.Index(text[at:], mark)
		if i < 0 {
			return -1
		}
		at += i
		before := strings.TrimRight(text[:at], " \t")
		if before == "" || before[len(before)-1] == '\n' {
			return at
		}
	}
}

// commented writes something as long over a mark that lines begin with.
func commented(text, mark, with string) string {
	at := lineWith(text, mark, 0)
	if at < 0 {
		return text
	}
	b := []byte(text)
	for ; at >= 0; at = lineWith(text, mark, at+len(mark)) {
		copy(b[at:], with)
	}
	return string(b)
}

// validText writes a question mark over every byte that is no UTF-8: the parser
// has an error for each.
func validText(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	b := []byte(text)
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			b[i] = '?'
		}
		i += n
	}
	return string(b)
}

// scriptsOf blanks everything but the scripts of a Vue component or HTML page.
func scriptsOf(text string) string {
	b := []byte(text)
	last := 0
	for _, m := range vueScript.FindAllStringSubmatchIndex(text, -1) {
		blankOut(b[last:m[2]])
		last = m[3]
	}
	blankOut(b[last:])
	return string(b)
}

// blankOut writes spaces over everything but the ends of lines.
func blankOut(b []byte) {
	for i, c := range b {
		if c != '\n' && c != '\r' {
			b[i] = ' '
		}
	}
}
