package provenance

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"filewarden/bot"
	"filewarden/bot/wiki/mediaurl"
)

// URLBuild builds the address of a file. Without --host it is one of
// Wikimedia's, and only their thumbnails have standard widths.
type URLBuild struct {
	Name     string `required:"" placeholder:"FILE" help:"Name of the file, such as Example.jpg; of an old version with its time, 20200131235959!Example.jpg."`
	Width    int    `placeholder:"PIXELS" help:"Width wanted, in pixels; a standard one is chosen that is wide enough."`
	Original int    `placeholder:"PIXELS" help:"Width of the original, in pixels. No picture is wider than its original, SVG apart."`
	Exact    bool   `help:"Take the width as it is. Wikimedia answers other than standard widths with an error."`
	Form     string `enum:",original,thumb,archive,archive-thumb,thumb.php,thumb_handler.php,Special:FilePath,Special:Redirect/file" default:"" help:"Form of the address: original, thumb, archive, archive-thumb, thumb.php, thumb_handler.php, Special:FilePath, Special:Redirect/file. With a width thumb, without original."`
	Project  string `default:"wikipedia/commons" placeholder:"PROJECT/WIKI" help:"Which of Wikimedia's wikis has the file: ${default} unless said otherwise."`
	Host     string `placeholder:"HOST" help:"Host of another wiki."`
	Base     string `default:"" placeholder:"PATH" help:"With --host: the path of its files (/images unless said otherwise), scripts (/w) or pages (/wiki), as the form needs."`
	Flat     bool   `help:"With --host: the wiki has no hash folders."`
	Source   string `name:"utm-source" placeholder:"WIKI" help:"Provenance to write: server name of the wiki."`
	Campaign string `name:"utm-campaign" placeholder:"GENERATOR" help:"Provenance to write: parser, imageinfo, api…"`
	Content  string `name:"utm-content" placeholder:"KIND" help:"Provenance to write: original, thumbnail, thumbnail_unscaled."`
}

// Validate wants values that go together.
func (b URLBuild) Validate() error {
	form := b.form()
	project, wiki, ok := strings.Cut(b.Project, "/")
	switch {
	case b.Host == "" && (!ok || project == "" || wiki == "" || strings.Contains(wiki, "/")):
		return fmt.Errorf("--project %q is not of the kind wikipedia/commons, wiktionary/de", b.Project)
	case b.Host == "" && (b.Base != "" || b.Flat):
		return errors.New("--base and --flat describe another wiki: give its --host")
	case strings.ContainsAny(b.Host, "/?#@ \\"):
		return fmt.Errorf("--host %q is more than a host; the path belongs to --base", b.Host)
	case b.Base != "" && !strings.HasPrefix(b.Base, "/"):
		return fmt.Errorf("--base %q starts without a slash", b.Base)
	case b.Width < 0 || b.Original < 0:
		return errors.New("a width is a number of pixels above zero")
	case b.Width == 0 && (form == mediaurl.Thumb || form == mediaurl.ArchiveThumb || form == mediaurl.ThumbHandler):
		return fmt.Errorf("the form %s needs a --width", form)
	case b.Width > 0 && (form == mediaurl.Original || form == mediaurl.Archive):
		return fmt.Errorf("the form %s has no width", form)
	}
	return nil
}

func (b URLBuild) form() mediaurl.Form {
	if b.Form == "" && b.Width > 0 {
		return mediaurl.Thumb
	}
	return mediaurl.Form(cmp.Or(b.Form, string(mediaurl.Original)))
}

// Run prints the address.
func (b URLBuild) Run(c *bot.Console) error {
	u, err := b.repository().Build(b.form(), b.Name, b.Width)
	if err != nil {
		return &bot.UseError{Text: err.Error()}
	}
	if b.Width > 0 && b.Host == "" && !b.Exact {
		u = u.Fitting(b.Width, b.Original)
		b.explain(c, u)
	}
	u.SetProvenance(mediaurl.Provenance{Source: b.Source, Campaign: b.Campaign, Content: b.Content})
	_, err = fmt.Fprintln(c.Out, u)
	return err
}

// explain says why the width is another one.
func (b URLBuild) explain(c *bot.Console, u *mediaurl.URL) {
	switch {
	case u.Thumb == nil:
		fmt.Fprintf(c.Err, "%s is no wider than %d pixels: this is the original.\n", u.Name, b.Original)
	case u.Thumb.Width != b.Width:
		fmt.Fprintf(c.Err, "%d pixels wide: the width that is served for %d. Show it at %d.\n", u.Thumb.Width, b.Width, b.Width)
	case !mediaurl.IsStep(b.Width):
		fmt.Fprintf(c.Err, "%d pixels are beyond the last standard width, %d.\n", b.Width, mediaurl.Steps[len(mediaurl.Steps)-1])
	}
}

// repository that the flags describe.
func (b URLBuild) repository() mediaurl.Repository {
	if b.Host != "" {
		return mediaurl.Repository{
			Scheme: "https", Host: b.Host, Flat: b.Flat,
			Base: cmp.Or(b.Base, "/images"), Scripts: cmp.Or(b.Base, "/w"), Pages: cmp.Or(b.Base, "/wiki"),
		}
	}
	project, wiki, _ := strings.Cut(b.Project, "/")
	r := mediaurl.Wikimedia(project, wiki)
	switch b.form() {
	case mediaurl.ThumbPHP, mediaurl.ThumbHandler, mediaurl.FilePath, mediaurl.Redirect:
		r.Host, r.Scripts, r.Pages = wikiHost(project, wiki), "/w", "/wiki"
	}
	return r
}

// wikiHost is the host of a wiki's pages: de of wikipedia is at
// de.wikipedia.org, but commons, meta and the like are at wikimedia.org.
func wikiHost(project, wiki string) string {
	switch wiki {
	case "commons", "meta", "species", "incubator", "outreach":
		project = "wikimedia"
	}
	return wiki + "." + project + ".org"
}
