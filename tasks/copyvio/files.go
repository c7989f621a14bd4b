package copyvio

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"filewarden/bot/wiki"
	"filewarden/tasks/copyvio/evidence"
)

// What lookUp asks for beside the current version.
const (
	withThumb    = 1 << iota // a thumbnail to be hashed and sent to providers
	withPage                 // wikitext, categories and metadata
	withVersions             // earlier versions
)

// thumbWidth is a standard width: PDQ of such a thumbnail differs from that of
// the original by at most a few bits, and other widths are refused or rounded.
const thumbWidth = "960"

// icons is where MediaWiki keeps the pictures that stand for files which it
// cannot render, and which it offers as their thumbnails (File::iconThumb).
const icons = "/file-type-icons/"

// file is a file of the wiki as it is now, or one of its versions.
type file struct {
	title    string // after redirects
	missing  bool
	sha1     string
	user     string
	time     time.Time
	mime     string
	media    string // BITMAP, DRAWING…
	width    int
	height   int
	size     int
	url      string
	thumb    string // "" where the wiki cannot render it and gives an icon
	bad      bool   // the wiki says that it is not to be shown
	metadata map[string]string
	licence  string
	source   string // from extended metadata
	text     string
	category map[string]bool // by name, without the namespace
	versions []file          // all, the current one first
}

// lookUp reads files by title, by the titles that were asked for.
func (p *pass) lookUp(ctx context.Context, titles []string, what int) (map[string]file, error) {
	params := wiki.Params{"prop": "imageinfo", "redirects": "1",
		"iiprop": "sha1|size|mime|mediatype|url|timestamp|user|badfile"}
	per := 0
	if what&withThumb != 0 {
		params["iiurlwidth"] = thumbWidth
	}
	if what&withVersions != 0 {
		params["iilimit"] = "50"
	}
	if what&withPage != 0 {
		per = 50
		params["iiprop"] += "|commonmetadata|extmetadata"
		params["iiextmetadatafilter"] = "LicenseShortName|Credit|NonFree"
		params["prop"] = "imageinfo|revisions|categories"
		params["rvprop"], params["rvslots"], params["cllimit"] = "content", "main", "max"
	}
	found := map[string]file{}
	asked := slices.DeleteFunc(slices.Clone(titles), func(title string) bool { return title == "" })
	for page, err := range p.Wiki.WalkTitles(ctx, asked, per, params) {
		if err != nil {
			return nil, fmt.Errorf("looking up files: %w", err)
		}
		f := p.readFile(page)
		for _, asked := range append(slices.Clone(page.Aliases), page.Title) {
			if title, ok := p.fileTitle(asked); ok {
				found[title] = f
			}
		}
	}
	return found, nil
}

func (p *pass) readFile(page *wiki.Page) file {
	f := file{missing: true, category: map[string]bool{}}
	for row := range page.Rows("imageinfo") {
		f.versions = append(f.versions, versionOf(row))
	}
	if home, _ := page.GetString("imagerepository"); home != "local" {
		f.versions = nil // of a repository that the wiki shares, or of nowhere
	}
	if len(f.versions) > 0 {
		versions, category := f.versions, f.category
		f = f.versions[0]
		f.versions, f.category = versions, category
	}
	f.title, _ = p.fileTitle(page.Title)
	for row := range page.Rows("categories") {
		if t, err := p.Wiki.Title(row.Text("title")); err == nil {
			f.category[t.Name] = true
		}
	}
	f.bad, _ = page.GetBoolean("badfile")
	f.text = textOf(page)
	f.licence = cmp.Or(f.licence, evidence.Licence(f.text))
	return f
}

// versionOf reads a row of prop=imageinfo (API:Imageinfo).
func versionOf(row wiki.Row) file {
	f := file{sha1: row.Text("sha1"), user: row.Text("user"), mime: row.Text("mime"), media: row.Text("mediatype"),
		width: int(row.Int("width")), height: int(row.Int("height")), size: int(row.Int("size")),
		url: row.Text("url"), missing: row.Has("filemissing") || row.Has("filehidden")}
	if thumb := row.Text("thumburl"); !strings.Contains(thumb, icons) {
		f.thumb = thumb
	}
	f.time, _ = time.Parse(time.RFC3339, row.Text("timestamp"))
	f.metadata = metadataOf(row["commonmetadata"])
	f.licence, f.source = extended(row, "LicenseShortName"), extended(row, "Credit")
	return f
}

// metadataOf flattens what MediaWiki made of EXIF, IPTC and XMP: texts by their
// names, of lists and translations the first.
func metadataOf(v any) map[string]string {
	rows, _ := v.([]any)
	flat := map[string]string{}
	for _, r := range rows {
		row, _ := r.(map[string]any)
		name, _ := row["name"].(string)
		if text := firstText(row["value"], 4); name != "" && text != "" {
			flat[name] = text
		}
	}
	return flat
}

func firstText(v any, deep int) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case []any:
		for _, one := range v {
			if row, ok := one.(map[string]any); ok && deep > 0 {
				one = row["value"]
			}
			if text := firstText(one, deep-1); text != "" && deep > 0 {
				return text
			}
		}
	}
	return ""
}

// extended is a value of the extended metadata (Extension:CommonsMetadata); HTML.
func extended(row wiki.Row, name string) string {
	all, _ := row["extmetadata"].(map[string]any)
	one, _ := all[name].(map[string]any)
	value, _ := one["value"].(string)
	return strings.TrimSpace(tags.ReplaceAllString(value, " "))
}

var tags = regexp.MustCompile(`<[^>]*>`)

func textOf(page *wiki.Page) string {
	for row := range page.Rows("revisions") {
		slots, _ := row["slots"].(map[string]any)
		slot, _ := slots["main"].(map[string]any)
		text, _ := slot["content"].(string)
		return text
	}
	return ""
}
