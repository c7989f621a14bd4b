package offline

import (
	"fmt"
	"io"
	"strings"

	"filewarden/tasks/provenance/rule"
	"filewarden/templates"
)

// general is a rule's reason where there is no finding: examples stand in for
// its arguments.
func general(l *templates.Language, id string) string {
	examples := map[string][]string{"TS004": {"300"}, "TS006": {"20x-"}}
	args, ok := examples[id]
	if !ok {
		args = []string{"22", "40"}
	}
	return reason(l, id, args)
}

// helpURI is where the axis of a rule is explained in public.
func helpURI(id string) string {
	switch id[:2] {
	case "TS", "CS":
		return "https://www.mediawiki.org/wiki/Common_thumbnail_sizes"
	case "TH":
		return "https://phabricator.wikimedia.org/T427465"
	}
	return "https://phabricator.wikimedia.org/T414338"
}

// Rules explains rules to a reader: what, why, and an example of each.
func Rules(w io.Writer, l *templates.Language, rules []rule.Rule, p Paint) error {
	var out strings.Builder
	for _, r := range rules {
		fmt.Fprintf(&out, "%s  %s  %s\n", p.bold(r.ID), p.severity(r.Severity), p.bold(title(l, r.ID)))
		fmt.Fprintf(&out, "  %s\n", general(l, r.ID))
		fmt.Fprintf(&out, "    %s  %s\n", p.red("bad "), hang(r.Bad))
		fmt.Fprintf(&out, "    %s  %s\n", p.green("good"), hang(r.Good))
		fmt.Fprintf(&out, "  %s\n\n", p.faint(helpURI(r.ID)))
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// hang lines up the further lines of an example.
func hang(code string) string { return strings.ReplaceAll(code, "\n", "\n          ") }
