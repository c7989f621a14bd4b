package flow

import (
	"regexp"
	"strings"
)

// Regexp is a regular expression of a script, carried out by Go's, which never
// takes long. What Go's does not have (look-ahead, back-references) is
// approximated: a positive look-ahead is read, a negative one is left out.
type Regexp struct {
	Source string
	Flags  string
	re     *regexp.Regexp
}

// maxRegexp is the most bytes of a regular expression that are carried out.
const maxRegexp = 2000

// compile reads a JavaScript regular expression; nil where that is not possible.
func compile(source, flags string) *Regexp {
	if len(source) > maxRegexp {
		return nil
	}
	prefix := ""
	for _, flag := range flags {
		switch flag {
		case 'i', 's', 'm':
			prefix += string(flag)
		}
	}
	if prefix != "" {
		prefix = "(?" + prefix + ")"
	}
	re, err := regexp.Compile(prefix + translate(source))
	if err != nil {
		return nil
	}
	return &Regexp{Source: source, Flags: flags, re: re}
}

func (r *Regexp) global() bool { return strings.Contains(r.Flags, "g") }

// translate writes JavaScript's syntax in Go's.
func translate(source string) string {
	var b strings.Builder
	class := false
	for i := 0; i < len(source); i++ {
		rest := source[i:]
		switch {
		case source[i] == '\\' && i+1 < len(source):
			n := escape(&b, rest)
			i += n - 1
		case class:
			class = source[i] != ']'
			if source[i] == '[' {
				b.WriteByte('\\')
			}
			b.WriteByte(source[i])
		case strings.HasPrefix(rest, "[^]"):
			b.WriteString(`[\s\S]`)
			i += 2
		case strings.HasPrefix(rest, "(?="), strings.HasPrefix(rest, "(?<="):
			b.WriteString("(?:")
			i = strings.IndexByte(rest, '=') + i
		case strings.HasPrefix(rest, "(?!"), strings.HasPrefix(rest, "(?<!"):
			i += group(rest) - 1
		case source[i] == '[':
			class = true
			b.WriteByte('[')
			if strings.HasPrefix(rest, "[^") {
				b.WriteByte('^')
				i++
			}
		default:
			b.WriteByte(source[i])
		}
	}
	return b.String()
}

// escape writes the escape with which rest begins, and says how long that is.
func escape(b *strings.Builder, rest string) int {
	switch c := rest[1]; {
	case c == 'u' && len(rest) >= 6 && rest[2] != '{':
		b.WriteString(`\x{` + rest[2:6] + `}`)
		return 6
	case c == 'u' && strings.HasPrefix(rest, `\u{`):
		b.WriteString(`\x{`)
		return 3
	case c >= '1' && c <= '9':
		b.WriteString(`.*`)
		return 2
	case c == 'c' || c == 'k':
		return 2
	case strings.IndexByte("dDwWsSbBnrtfvpPx0", c) >= 0 || c < 0x80 && !letter(c):
		b.WriteString(rest[:2])
		return 2
	case c < 0x80:
		b.WriteByte(c)
		return 2
	}
	return 1
}

func letter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' }

// group is the length of the group with which rest begins.
func group(rest string) int {
	depth, class := 0, false
	for i := 0; i < len(rest); i++ {
		switch c := rest[i]; {
		case c == '\\':
			i++
		case class:
			class = c != ']'
		case c == '[':
			class = true
		case c == '(':
			depth++
		case c == ')':
			depth--
			if depth == 0 {
				return i + 1
			}
		}
	}
	return len(rest)
}

// match is what String.match and RegExp.exec give for the first match.
func (r *Regexp) match(s string) any {
	at := r.re.FindStringSubmatchIndex(s)
	if at == nil {
		return Null{}
	}
	groups := make(List, len(at)/2)
	for i := range groups {
		groups[i] = Undefined{}
		if at[2*i] >= 0 {
			groups[i] = s[at[2*i]:at[2*i+1]]
		}
	}
	return groups
}

// matches is what String.match gives with the flag g.
func (r *Regexp) matches(s string) any {
	found := r.re.FindAllString(s, 50)
	if found == nil {
		return Null{}
	}
	list := make(List, len(found))
	for i, f := range found {
		list[i] = f
	}
	return list
}

// replace is String.replace, with $1 and $& in the replacement.
func (r *Regexp) replace(s, with string, all bool) string {
	n := 1
	if all {
		n = 50
	}
	var b strings.Builder
	last := 0
	for _, at := range r.re.FindAllStringSubmatchIndex(s, n) {
		b.WriteString(s[last:at[0]])
		expand(&b, s, with, at)
		last = at[1]
	}
	return b.String() + s[last:]
}

func expand(b *strings.Builder, s, with string, at []int) {
	for i := 0; i < len(with); i++ {
		if with[i] != '$' || i+1 == len(with) {
			b.WriteByte(with[i])
			continue
		}
		i++
		switch c := with[i]; {
		case c == '&':
			b.WriteString(s[at[0]:at[1]])
		case c >= '0' && c <= '9' && 2*int(c-'0') < len(at):
			if g := 2 * int(c-'0'); at[g] >= 0 {
				b.WriteString(s[at[g]:at[g+1]])
			}
		case c == '$':
			b.WriteByte('$')
		default:
			b.WriteByte('$')
			b.WriteByte(c)
		}
	}
}

// split is String.split by a regular expression, with its groups.
func (r *Regexp) split(s string) List {
	var parts List
	last := 0
	for _, at := range r.re.FindAllStringSubmatchIndex(s, maxList) {
		if at[1] == 0 || at[0] == at[1] {
			continue
		}
		parts = append(parts, s[last:at[0]])
		for g := 2; g < len(at); g += 2 {
			if at[g] >= 0 {
				parts = append(parts, s[at[g]:at[g+1]])
			} else {
				parts = append(parts, Undefined{})
			}
		}
		last = at[1]
	}
	return append(parts, s[last:])
}
