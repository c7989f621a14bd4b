package sandbox

import (
	"encoding/json"
	"fmt"
	"html"
	"html/template"
	"strings"
)

// renderJSON shows a JSON page as nested tables, as JsonContent does.
func (w *Wiki) renderJSON(text string) template.HTML {
	v, err := decodeJSON(text)
	if err != nil {
		return template.HTML("<p>Invalid JSON.</p><pre>" + html.EscapeString(text) + "</pre>")
	}
	var b strings.Builder
	writeJSON(&b, v)
	return template.HTML(b.String())
}

func writeJSON(b *strings.Builder, v any) {
	switch v := v.(type) {
	case *object:
		b.WriteString(`<table class="mw-json"><tbody>`)
		for _, k := range v.keys {
			b.WriteString("<tr><th>" + html.EscapeString(k) + "</th><td>")
			writeJSON(b, v.values[k])
			b.WriteString("</td></tr>")
		}
		if len(v.keys) == 0 {
			b.WriteString("<tr><td><i>Empty object</i></td></tr>")
		}
		b.WriteString("</tbody></table>")
	case []any:
		b.WriteString(`<table class="mw-json"><tbody>`)
		for _, item := range v {
			b.WriteString("<tr><td>")
			writeJSON(b, item)
			b.WriteString("</td></tr>")
		}
		if len(v) == 0 {
			b.WriteString("<tr><td><i>Empty array</i></td></tr>")
		}
		b.WriteString("</tbody></table>")
	case string:
		b.WriteString(`<span class="value">"` + html.EscapeString(v) + `"</span>`)
	case json.Number:
		b.WriteString(html.EscapeString(v.String()))
	case nil:
		b.WriteString("null")
	default:
		b.WriteString(html.EscapeString(fmt.Sprint(v)))
	}
}
