package provenance

import (
	"regexp"
	"slices"
	"strings"
)

// DefinitionPage lists the gadgets of a wiki.
const definitionPage = "Gadgets-definition"

// gadget is one line of MediaWiki:Gadgets-definition.
type gadget struct {
	Name         string   `json:"n"` // with underscores
	Section      string   `json:"s,omitempty"`
	Pages        []string `json:"p"` // titles without namespace: "Gadget-Foo.js"
	Default      bool     `json:"d,omitempty"`
	Hidden       bool     `json:"h,omitempty"`
	Package      bool     `json:"k,omitempty"`
	Type         string   `json:"t,omitempty"` // general or styles
	Rights       []string `json:"r,omitempty"`
	Skins        []string `json:"w,omitempty"`
	Dependencies []string `json:"o,omitempty"`
	Peers        []string `json:"e,omitempty"`
}

// How a line is read is that of the extension (MediaWikiGadgetsDefinitionRepo):
//
//   - name [option | option = value, value] | page | page
//
// Options are known by name and otherwise skipped; comments may stand anywhere.
var (
	definitionComment = regexp.MustCompile(`(?s)<!--.*?-->`)
	definitionSection = regexp.MustCompile(`^==+ *([^*:\s|]+?)\s*==+\s*$`)
	definitionLine    = regexp.MustCompile(`^\*+ *([a-zA-Z](?:[-_:.\w ]*[a-zA-Z0-9])?)(\s*\[.*?\])?\s*((?:\|[^|]*)+)\s*$`)
)

// maxGadgetName is the most bytes of a name (Gadget::isValidGadgetID).
const maxGadgetName = 255 - len("gadget-")

// parseDefinition reads the whole page. Of two gadgets of one name the later
// counts, as in the extension.
func parseDefinition(text string) []gadget {
	text = definitionComment.ReplaceAllString(text, "")
	var all []gadget
	section := ""
	for line := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '\n' || r == '\r' }) {
		if m := definitionSection.FindStringSubmatch(line); m != nil {
			section = m[1]
			continue
		}
		g, ok := parseGadget(line)
		if !ok {
			continue
		}
		g.Section = section
		all = slices.DeleteFunc(all, func(o gadget) bool { return o.Name == g.Name })
		all = append(all, g)
	}
	return all
}

func parseGadget(line string) (gadget, bool) {
	m := definitionLine.FindStringSubmatch(line)
	if m == nil || len(m[1]) > maxGadgetName {
		return gadget{}, false
	}
	g := gadget{Name: strings.ReplaceAll(m[1], " ", "_")}
	for option := range strings.SplitSeq(strings.Trim(m[2], " []\t"), "|") {
		name, value, _ := strings.Cut(option, "=")
		g.option(strings.TrimSpace(name), listOf(value))
	}
	for page := range strings.SplitSeq(m[3], "|") {
		if page = strings.TrimSpace(page); page != "" {
			g.Pages = append(g.Pages, "Gadget-"+strings.ReplaceAll(page, "_", " "))
		}
	}
	return g, true
}

// listOf cuts a value at its commas.
func listOf(value string) (list []string) {
	for part := range strings.SplitSeq(value, ",") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}

func (g *gadget) option(name string, values []string) {
	switch name {
	case "default":
		g.Default = true
	case "hidden":
		g.Hidden = true
	case "package":
		g.Package = true
	case "type":
		g.Type = strings.Join(values[:min(1, len(values))], "")
	case "rights":
		g.Rights = values
	case "skins":
		g.Skins = values
	case "dependencies":
		g.Dependencies = values
	case "peers":
		g.Peers = values
	}
}

// gadgetOfPreference reads the name out of a row of Special:GadgetUsage, whose
// title is the user option ("gadget-Foo") behind the name of some namespace:
// SpecialGadgetUsage keeps another number in that column.
func gadgetOfPreference(title string) (name string, ok bool) {
	i := strings.Index(strings.ToLower(title), "gadget-")
	if i < 0 {
		return "", false
	}
	return strings.ReplaceAll(title[i+len("gadget-"):], " ", "_"), true
}

// gadgetsOn finds the gadgets that load a page, by its title without namespace.
func gadgetsOn(all []gadget, name string) (found []gadget) {
	for _, g := range all {
		if slices.Contains(g.Pages, name) {
			found = append(found, g)
		}
	}
	return found
}
