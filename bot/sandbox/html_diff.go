package sandbox

import (
	"fmt"
	"html"
	"html/template"
	"strings"
)

// diffRows shows two texts as MediaWiki's two-column diff: rows of a table
// with two lines of context around each change.
func diffRows(old, text string) template.HTML {
	a, b := strings.Split(old, "\n"), strings.Split(text, "\n")
	var out strings.Builder
	last := 0
	hunks := diffLines(a, b)
	for i, h := range hunks {
		from := max(h.a0-2, last)
		if from > last || last == 0 {
			fmt.Fprintf(&out, "<tr><td colspan=\"2\" class=\"diff-lineno\">Line %d:</td><td colspan=\"2\" class=\"diff-lineno\">Line %d:</td></tr>\n", from+1, h.b0-(h.a0-from)+1)
		}
		context(&out, a[from:h.a0])
		changed(&out, a[h.a0:h.a1], b[h.b0:h.b1])
		if last = min(h.a1+2, len(a)); i+1 < len(hunks) {
			last = min(last, hunks[i+1].a0)
		}
		context(&out, a[h.a1:last])
	}
	return template.HTML(out.String())
}

func context(out *strings.Builder, lines []string) {
	for _, line := range lines {
		cell := `<td class="diff-marker"></td><td class="diff-context"><div>` + html.EscapeString(line) + "</div></td>"
		out.WriteString("<tr>" + cell + cell + "</tr>\n")
	}
}

func changed(out *strings.Builder, removed, added []string) {
	for i := range max(len(removed), len(added)) {
		out.WriteString("<tr>")
		side(out, removed, i, "−", "deleted", "del")
		side(out, added, i, "+", "added", "ins")
		out.WriteString("</tr>\n")
	}
}

func side(out *strings.Builder, lines []string, i int, mark, kind, tag string) {
	if i >= len(lines) {
		out.WriteString(`<td colspan="2" class="diff-side-` + kind + `"></td>`)
		return
	}
	out.WriteString(`<td class="diff-marker" data-marker="` + mark + `"></td><td class="diff-` + kind + `line"><div><` + tag + ` class="diffchange">` +
		html.EscapeString(lines[i]) + "</" + tag + "></div></td>")
}
