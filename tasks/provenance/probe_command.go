package provenance

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"

	"filewarden/bot"
	"filewarden/templates"
)

// URLProbe asks the configured wiki for the address of one file in every way
// there is.
type URLProbe struct {
	File   string `arg:"" optional:"" help:"A file of the wiki, such as 'File:Example.jpg'; without one the first picture that is found."`
	Format string `enum:"text,json" default:"text" help:"text or json."`
}

// Help is what --help says beyond the one line.
func (URLProbe) Help() string {
	return `Tells for each way which host serves the picture, which provenance parameters
the address has, and whether the width is a standard one. What the wiki does not
have is told as not offered.`
}

// probed is the answer as JSON.
type probed struct {
	Wiki string      `json:"wiki"`
	File string      `json:"file"`
	Ways []probedWay `json:"ways"`
}

type probedWay struct {
	Way      string `json:"way"`
	Offered  bool   `json:"offered"`
	URL      string `json:"url,omitempty"`
	Host     string `json:"host,omitempty"`
	Source   string `json:"utm_source,omitempty"`
	Campaign string `json:"utm_campaign,omitempty"`
	Content  string `json:"utm_content,omitempty"`
	Width    int    `json:"width,omitempty"`
	Step     bool   `json:"step"`
}

// Run prints what the wiki emits.
func (u URLProbe) Run(c *bot.Console) error {
	return c.Env(Name, func(env *bot.Env) error {
		row, err := probe(c.Ctx, env.Wiki, u.File)
		if err != nil {
			return err
		}
		shown := row.table()
		if len(shown.Rows) == 0 {
			return fmt.Errorf("%s has no picture to try with; name one, such as 'File:Example.jpg'", env.Wiki.Host())
		}
		if u.Format == "json" {
			return u.json(c, env.Wiki.Host(), shown)
		}
		return u.text(c, env.Words.In("en"), env.Wiki.Host(), shown)
	})
}

func (URLProbe) json(c *bot.Console, host string, shown templates.ProvenanceProbe) error {
	out := probed{Wiki: host, File: shown.File}
	for _, e := range shown.Rows {
		out.Ways = append(out.Ways, probedWay{Way: e.Way, Offered: e.Offered, URL: e.URL, Host: e.Host,
			Source: e.Source, Campaign: e.Campaign, Content: e.Content, Width: e.Width, Step: e.Step})
	}
	encoder := json.NewEncoder(c.Out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(out)
}

func (URLProbe) text(c *bot.Console, words *templates.Language, host string, shown templates.ProvenanceProbe) error {
	fmt.Fprintf(c.Out, "%s at %s\n\n", printable(shown.File), printable(host))
	table := tabwriter.NewWriter(c.Out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(table, "WAY\tHOST\tPARAMETERS\tWIDTH")
	for _, e := range shown.Rows {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", words.PlainText("provenance-probe-"+e.Way), printable(e.Host), printable(parametersOf(e)), widthOf(e))
	}
	return table.Flush()
}

func parametersOf(e templates.ProvenanceEmitted) string {
	switch {
	case !e.Offered:
		return "not offered"
	case !e.HasAnything:
		return "none"
	}
	var parts []string
	for _, value := range []string{e.Source, e.Campaign, e.Content} {
		if value != "" {
			parts = append(parts, value)
		}
	}
	return strings.Join(parts, ", ")
}

func widthOf(e templates.ProvenanceEmitted) string {
	switch {
	case !e.Offered:
		return ""
	case e.Step:
		return fmt.Sprintf("%d px, standard", e.Width)
	case e.OffStep:
		return fmt.Sprintf("%d px, not standard", e.Width)
	}
	return "original"
}
