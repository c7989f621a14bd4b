package sandbox

import (
	"regexp"
	"strings"
)

// table writes the table that begins at line i and says where it ends.
func (r *renderer) table(lines []string, i int) (string, int) {
	first := strings.TrimLeft(lines[i], " :")
	t := &tableWriter{r: r}
	t.b.WriteString("<table " + attributes(first[2:]) + ">")
	for i++; i < len(lines); i++ {
		line := strings.TrimLeft(lines[i], " ")
		switch {
		case strings.HasPrefix(line, "|}"):
			return t.close(), i
		case strings.HasPrefix(line, "{|"):
			var inner string
			inner, i = r.table(lines, i)
			t.raw(inner)
		case strings.HasPrefix(line, "|+"):
			t.caption(line[2:])
		case strings.HasPrefix(line, "|-"):
			t.row(attributes(strings.TrimLeft(line, "|-")))
		case strings.HasPrefix(line, "|"):
			t.cells(line[1:], "td", "||")
		case strings.HasPrefix(line, "!"):
			t.cells(line[1:], "th", "!!")
		default:
			t.content = append(t.content, lines[i])
		}
	}
	return t.close(), len(lines)
}

// tableWriter collects the lines of a cell until the next cell begins.
type tableWriter struct {
	r       *renderer
	b       strings.Builder
	inRow   bool
	cell    string
	content []string
	nested  []string
}

func (t *tableWriter) caption(text string) {
	t.endCell()
	t.b.WriteString("<caption>" + t.r.inline(strings.TrimSpace(afterAttributes(text))) + "</caption>")
}

func (t *tableWriter) row(attrs string) {
	t.endRow()
	t.b.WriteString("<tr " + attrs + ">")
	t.inRow = true
}

var cellBreak = regexp.MustCompile(`\|\||!!`)

func (t *tableWriter) cells(line, tag, sep string) {
	parts := strings.Split(line, sep)
	if tag == "th" {
		parts = cellBreak.Split(line, -1)
	}
	for _, part := range parts {
		t.endCell()
		if !t.inRow {
			t.row("")
		}
		attrs, text := splitAttributes(part)
		t.b.WriteString("<" + tag + " " + attributes(attrs) + ">")
		t.cell, t.content = tag, []string{strings.TrimSpace(text)}
	}
}

func (t *tableWriter) raw(s string) { t.nested = append(t.nested, s) }

func (t *tableWriter) endCell() {
	if t.cell == "" {
		return
	}
	text := strings.Join(t.content, "\n")
	if len(t.content) > 1 {
		t.b.WriteString(t.r.blocks(text))
	} else {
		t.b.WriteString(t.r.inline(text))
	}
	t.b.WriteString(strings.Join(t.nested, "") + "</" + t.cell + ">")
	t.cell, t.content, t.nested = "", nil, nil
}

func (t *tableWriter) endRow() {
	t.endCell()
	if t.inRow {
		t.b.WriteString("</tr>\n")
		t.inRow = false
	}
}

func (t *tableWriter) close() string {
	t.endRow()
	return t.b.String() + "</table>\n"
}

var attribute = regexp.MustCompile(`(?i)([a-z][a-z-]*)\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)'|([^\s"'<>=|]+))`)

// attributes keeps of a piece of wikitext what looks like HTML attributes;
// sanitize decides which of them stay.
func attributes(s string) string {
	var out []string
	for _, m := range attribute.FindAllStringSubmatch(s, -1) {
		out = append(out, m[1]+`="`+m[2]+m[3]+m[4]+`"`)
	}
	return strings.Join(out, " ")
}

// splitAttributes parts "style=… | text" at a single pipe outside links.
func splitAttributes(cell string) (attrs, text string) {
	before, after, ok := strings.Cut(cell, "|")
	if !ok || strings.Contains(before, "[[") || strings.Contains(before, "\x7f") {
		return "", cell
	}
	return before, after
}

func afterAttributes(s string) string { _, text := splitAttributes(s); return text }
