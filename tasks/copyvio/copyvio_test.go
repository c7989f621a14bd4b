package copyvio

import (
	"strings"
	"testing"
	"time"

	"filewarden/tasks/copyvio/casebook"
)

func TestAnUploadThatAServiceKnowsBecomesACaseAndADecisionATag(t *testing.T) {
	w := newWorld(t, config(""))
	copied, own := w.copied("Una", "Copied.jpg", 1), w.photo("Una", "Own.jpg", 2)
	w.pass()
	c := w.mustCase(copied, casebook.Open)
	if len(c.Matches) == 0 || c.Person.Edits == 0 {
		t.Errorf("%+v", c)
	}
	if _, known := w.caseOf(own); known {
		t.Errorf("a picture that nobody knows has a case")
	}
	if all := w.text("User:FileBot/Copyvio/All"); !strings.Contains(all, copied) || strings.Contains(all, own) {
		t.Errorf("Copyvio/All:\n%s", all)
	}
	w.decide("Rita", "Copyvio/All", copied, casebook.Accepted)
	w.pass()
	w.mustCase(copied, casebook.Accepted)
	w.pass()
	if text := w.text("File:Copied.jpg"); !strings.Contains(text, "{{Copyvio|1=") {
		t.Errorf("File:Copied.jpg is not tagged:\n%s", text)
	}
	w.later(49 * time.Hour)
	w.pass()
	if c, _ := w.caseOf(copied); c.Archived.IsZero() {
		t.Errorf("not archived: %+v", c)
	}
}
