package templates

import "strings"

// Parameter is one named parameter of a template call.
type Parameter struct {
	Name  string // ours: letters, digits, hyphens
	Value any    // as an argument of Text
}

// Subst is a call by which a wiki's own template words something instead of
// ours: {{subst:Title|name=value|…}}. It is false for a title that no page can
// have. Values are escaped like every argument, so none of them can add a
// parameter or end the call.
func (l *Language) Subst(title string, parameters ...Parameter) (string, bool) {
	target, ok := linkTarget(title, "")
	if !ok {
		return "", false
	}
	target = strings.TrimPrefix(target, ":")
	if !strings.Contains(target, ":") {
		target = "Template:" + target
	}
	var out strings.Builder
	out.WriteString("{{subst:" + target)
	for _, p := range parameters {
		out.WriteString("|" + p.Name + "=" + l.shown(p.Value))
	}
	out.WriteString("}}")
	return out.String(), true
}
