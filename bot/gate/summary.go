package gate

import (
	"cmp"
	"strings"
)

// MaxSummary is the most characters that MediaWiki keeps of an edit summary;
// it cuts the rest off the end.
const MaxSummary = 500

// summary completes an edit summary: "/* heading */ text ([[Stop|label]]) id".
// Where that is too long the text gives way, then the heading; the link and
// the id are always whole, as people and a resumed delivery depend on them.
func (g *Gate) summary(e Edit, label string) string {
	tail := " ([[" + g.stopPage(e.Task) + "|" + cmp.Or(label, "stop") + "]])"
	if e.ID != "" {
		tail += " " + e.ID
	}
	head := ""
	if e.Section == "new" && e.Heading != "" {
		head = "/* " + oneLine(strings.ReplaceAll(e.Heading, "*/", "* /")) + " */ "
	}
	room := MaxSummary - len([]rune(tail))
	if len([]rune(head)) > room/2 {
		head = "" // a link to a section does not survive being cut
	}
	text := oneLine(e.Summary)
	return strings.TrimSpace(head + shorten(text, max(room-len([]rune(head)), 1)) + tail)
}

func (p Policy) stopLabel(task string) string {
	if task == "" {
		return p.StopLabel
	}
	return cmp.Or(p.TaskStopLabel, p.StopLabel)
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// carries says whether a summary has the id as a word of its own.
func carries(summary, id string) bool {
	for _, word := range strings.Fields(summary) {
		if word == id {
			return true
		}
	}
	return false
}
