package board

import "testing"

// FuzzARevisionSpeaksOnlyOfCasesThatStoodBefore reads two texts of a page, one
// after the other.
func FuzzARevisionSpeaksOnlyOfCasesThatStoodBefore(f *testing.F) {
	begin, end := "<!-- Filewarden: begin Copyvio/All -->\n", "\n<!-- Filewarden: end Copyvio/All -->"
	one := "== A ==\n{{User:F/Copyvio/Case\n| id = " + idOf(0) + "\n| status = open\n| note =\n}}\nbeneath\n"
	f.Add(begin+one+end, begin+with(0, "status", "accepted")(one)+end)
	f.Add(begin+one+end, "")
	f.Add(begin+one, one+end+begin)
	f.Add("x", begin+one+one+end+"{{User:F/Copyvio/Case|id="+idOf(1)+"|status=")
	b := New(newWorld(f, 0).conf)
	f.Fuzz(func(t *testing.T, before, now string) {
		r := b.reading("Copyvio/All", pageRow{})
		r.turn(revision{ID: 1, User: "Rita", Text: before}, all)
		stood := r.ground.cases
		r.turn(revision{ID: 2, Parent: 1, User: "Rob", Text: now, Tags: []string{"mw-manual-revert"}}, all)
		for _, c := range r.changes {
			if was, ok := stood[c.SHA1]; !ok || c.Set && sameStatus(was.Status, c.Word) || c.By != "Rob" || c.Rev != 2 {
				t.Errorf("%+v after %+v", c, was)
			}
		}
	})
}
