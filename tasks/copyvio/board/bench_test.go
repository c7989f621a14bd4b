package board

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkRevision reads one revision of a full page: a hundred cases of 2 kB,
// one of which a reviewer decided.
func BenchmarkRevision(b *testing.B) {
	w := newWorld(b, 0)
	var s strings.Builder
	s.WriteString("<!-- Filewarden: begin Copyvio/All -->\n")
	for i := range 100 {
		fmt.Fprintf(&s, "== File %d ==\n{{User:FileBot/Copyvio/Case\n| id = %s\n| status = open\n| note =\n| matches = %s\n}}\nbeneath\n", i, idOf(i), strings.Repeat("* [https://example.org/a b] c\n", 65))
	}
	s.WriteString("<!-- Filewarden: end Copyvio/All -->")
	texts := []string{s.String(), with(50, "status", "accepted")(s.String())}
	r := New(w.conf).reading("Copyvio/All", pageRow{})
	b.SetBytes(int64(len(texts[0])))
	for i := range b.N {
		r.turn(revision{ID: int64(i + 1), Parent: int64(i), User: "Rita", Text: texts[i%2]}, all)
		r.changes = nil
	}
}
