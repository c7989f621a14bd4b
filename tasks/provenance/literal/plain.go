package literal

import "strings"

// spelling is a word with plain slashes, and where each of its bytes was.
type spelling struct {
	text string // plain
	at   []int  // offset in the whole text of each byte, and of the end
}

// escaped are the ways in which an address hides what parts it, longest first.
var escaped = [...]struct {
	written string // in lower case
	plain   byte
}{
	{`\u002f`, '/'}, {`\u0026`, '&'}, {`\\/`, '/'}, {`\x2f`, '/'}, {`\x26`, '&'}, {`\/`, '/'},
	{"%252f", '/'}, {"%2f", '/'}, {"%253a", ':'}, {"%3a", ':'},
	{"%253f", '?'}, {"%3f", '?'}, {"%253d", '='}, {"%3d", '='}, {"%2526", '&'}, {"%26", '&'},
	{"&amp;", '&'}, {"&#38;", '&'},
}

// plain makes the slashes of a word plain. What stands for a question mark or
// another mark of the query is made plain only where the whole address is
// encoded, slashes included: elsewhere it is part of a name.
func plain(w word) spelling {
	raw := w.text[w.start:w.end]
	encoded := strings.Contains(raw, "%2F") || strings.Contains(raw, "%2f") ||
		strings.Contains(raw, "%252F") || strings.Contains(raw, "%252f")
	var out strings.Builder
	s := spelling{at: make([]int, 0, len(raw)+1)}
	for i := 0; i < len(raw); {
		c, n := raw[i], 1
		if c == '\\' || c == '%' || c == '&' {
			c, n = unescape(raw[i:], encoded)
		}
		out.WriteByte(c)
		s.at = append(s.at, w.start+i)
		i += n
	}
	s.text, s.at = out.String(), append(s.at, w.end)
	return s
}

// unescape reads one byte at the start of raw and says how long its spelling is.
func unescape(raw string, encoded bool) (c byte, n int) {
	for _, e := range escaped {
		if len(raw) < len(e.written) || !strings.EqualFold(raw[:len(e.written)], e.written) {
			continue
		}
		if raw[0] == '%' && !encoded && e.plain != '/' {
			continue
		}
		return e.plain, len(e.written)
	}
	return raw[0], 1
}
