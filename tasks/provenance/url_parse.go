package provenance

import (
	"fmt"
	"strconv"

	"filewarden/bot"
	"filewarden/bot/wiki/mediaurl"
)

// URLParse takes addresses apart.
type URLParse struct {
	Addresses
	Format string `enum:"text,json" default:"text" help:"text, or json: an object on a line for each address."`
}

// Help is what --help says beyond the one line.
func (URLParse) Help() string {
	return `Understands originals, thumbnails, old versions, transcoded files, thumb.php,
Special:FilePath and Special:Redirect/file, of Wikimedia and of other MediaWikis,
encoded, damaged, with and without parameters. Exit 1 when any is no address of media.

  filewarden url parse 'https://upload.wikimedia.org/…?utm_source=…'
  grep -o 'https://upload[^"]*' page.html | filewarden url parse --format json -`
}

// Run prints what each address is made of.
func (p URLParse) Run(c *bot.Console) error {
	bad, first := false, true
	err := p.each(c, func(raw string) error {
		u, err := mediaurl.Parse(raw)
		bad = bad || err != nil
		switch {
		case p.Format == "json":
			return writeJSON(c, newParsed(raw, u, err))
		case err != nil:
			complain(c, raw, err)
			return nil
		}
		if !first {
			fmt.Fprintln(c.Out)
		}
		first = false
		return printURL(c, raw, u)
	})
	if err != nil {
		return err
	}
	return failed(bad)
}

// printURL prints a line for each part that there is.
func printURL(c *bot.Console, raw string, u *mediaurl.URL) error {
	fmt.Fprintln(c.Out, bold(c, printable(raw)))
	for _, line := range describe(raw, u) {
		if _, err := fmt.Fprintf(c.Out, "  %-12s %s\n", line.what, printable(line.text)); err != nil {
			return err
		}
	}
	return nil
}

// part of an address, for people.
type part struct{ what, text string }

// describe an address, part by part.
func describe(raw string, u *mediaurl.URL) []part {
	parts := []part{
		{"form", string(u.Form)},
		{"name", u.Name},
		{"host", u.Host},
		{"base", u.Base},
		{"folders", folders(u)},
		{"archived", u.Archived},
		{"transcode", u.Transcode},
	}
	if u.Thumb != nil {
		parts = append(parts, describeThumb(u.Thumb)...)
	}
	parts = append(parts,
		part{"source", u.Provenance.Source},
		part{"campaign", campaign(u.Provenance)},
		part{"content", u.Provenance.Content},
		part{"signature", u.Signature},
	)
	for _, p := range u.Others {
		parts = append(parts, part{"parameter", p.Name + "=" + p.Value})
	}
	parts = append(parts, part{"fragment", u.Fragment})
	for _, d := range u.Damage {
		parts = append(parts, part{"damage", d})
	}
	if u.String() != raw {
		parts = append(parts, part{"written", u.String()})
	}
	return filled(parts)
}

// filled leaves out what an address does not have.
func filled(parts []part) []part {
	var kept []part
	for _, p := range parts {
		if p.text != "" {
			kept = append(kept, p)
		}
	}
	return kept
}

// folders says where they are not those of the name, as no file can be there.
func folders(u *mediaurl.URL) string {
	if u.Folders == "" || u.Folders == mediaurl.Folders(u.Name) {
		return u.Folders
	}
	return fmt.Sprintf("%s (the name's are %s)", u.Folders, mediaurl.Folders(u.Name))
}

func campaign(p mediaurl.Provenance) string {
	if p.Campaign == "" {
		return ""
	}
	return fmt.Sprintf("%s (%s)", p.Campaign, p.Class())
}

// describeThumb describes the size and what else a thumbnail has.
func describeThumb(t *mediaurl.Thumbnail) []part {
	return []part{
		{"width", width(t.Width)},
		{"quality", t.Quality},
		{"page", positive(t.Page)},
		{"language", t.Lang},
		{"seek", t.Seek},
		{"suffix", t.Suffix},
	}
}

// width says whether it is standard, and what is.
func width(w int) string {
	step, ok := mediaurl.NextStep(w)
	switch {
	case w == 0:
		return ""
	case step == w:
		return fmt.Sprintf("%d (standard)", w)
	case ok:
		return fmt.Sprintf("%d (not standard; the next is %d)", w, step)
	}
	return fmt.Sprintf("%d (beyond the last standard width)", w)
}

func positive(n int) string {
	if n <= 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// parsed is an address as JSON.
type parsed struct {
	URL        string            `json:"url"`
	Error      string            `json:"error,omitempty"`
	Form       mediaurl.Form     `json:"form,omitempty"`
	Scheme     string            `json:"scheme,omitempty"`
	Host       string            `json:"host,omitempty"`
	Base       string            `json:"base,omitempty"`
	Folders    string            `json:"folders,omitempty"`
	Name       string            `json:"name,omitempty"`
	Archived   string            `json:"archived,omitempty"`
	Transcode  string            `json:"transcode,omitempty"`
	Page       string            `json:"page,omitempty"`
	Thumb      *parsedThumb      `json:"thumb,omitempty"`
	Provenance *parsedProvenance `json:"provenance,omitempty"`
	Signature  string            `json:"signature,omitempty"`
	Others     []parsedParam     `json:"others"`
	Fragment   string            `json:"fragment,omitempty"`
	Damage     []string          `json:"damage"`
	Written    string            `json:"written,omitempty"` // mended, with its parameters in order
}

type parsedThumb struct {
	Width    int    `json:"width"`
	Standard bool   `json:"standard"`
	Quality  string `json:"quality,omitempty"`
	Page     int    `json:"page,omitempty"`
	Lang     string `json:"lang,omitempty"`
	Seek     string `json:"seek,omitempty"`
	Suffix   string `json:"suffix,omitempty"`
}

type parsedProvenance struct {
	Source   string         `json:"source"`
	Campaign string         `json:"campaign"`
	Content  string         `json:"content"`
	Class    mediaurl.Class `json:"class"`
}

type parsedParam struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

func newParsed(raw string, u *mediaurl.URL, err error) parsed {
	if err != nil {
		return parsed{URL: raw, Error: err.Error(), Others: []parsedParam{}, Damage: []string{}}
	}
	p := parsed{
		URL: raw, Form: u.Form, Scheme: u.Scheme, Host: u.Host, Base: u.Base, Folders: u.Folders, Name: u.Name,
		Archived: u.Archived, Transcode: u.Transcode, Page: u.Page, Signature: u.Signature,
		Fragment: u.Fragment, Others: []parsedParam{}, Damage: append([]string{}, u.Damage...), Written: u.String(),
	}
	if t := u.Thumb; t != nil {
		p.Thumb = &parsedThumb{t.Width, mediaurl.IsStep(t.Width), t.Quality, t.Page, t.Lang, t.Seek, t.Suffix}
	}
	if v := u.Provenance; v != (mediaurl.Provenance{}) {
		p.Provenance = &parsedProvenance{v.Source, v.Campaign, v.Content, v.Class()}
	}
	for _, o := range u.Others {
		p.Others = append(p.Others, parsedParam(o))
	}
	return p
}
