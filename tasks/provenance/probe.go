package provenance

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"strings"
	"time"

	"filewarden/bot/wiki"
	"filewarden/storage"

	"golang.org/x/net/html"
)

// probeEvery is how often a wiki is asked what it emits; a new version of
// MediaWiki is asked at once.
const probeEvery = 7 * 24 * time.Hour

// probeWidth is asked for where a width can be: none of the standard ones, so
// that one sees whether the wiki snaps to them.
const probeWidth = 300

// Ways in which a wiki gives the address of a picture, in the order of the table.
const (
	wayParser      = "parser"
	wayParserDense = "parser-dense"
	wayInfo        = "imageinfo"
	wayInfoThumb   = "imageinfo-thumb"
	wayThumbURLs   = "thumburls"
	wayPageImages  = "pageimages"
	wayRESTSearch  = "rest-search"
	waySummary     = "rest-summary"
	wayRedirect    = "redirect"
	wayRedirectAt  = "redirect-width"
)

// probeRow is what a wiki emitted when it was last asked.
type probeRow struct {
	Time      int64     `json:"time"`
	Generator string    `json:"generator"` // version of MediaWiki
	Wanted    string    `json:"wanted,omitempty"`
	File      string    `json:"file,omitempty"` // title
	Emitted   []emitted `json:"emitted,omitempty"`
}

// emitted is one address, or that there is none.
type emitted struct {
	Way string `json:"way"`
	URL string `json:"url,omitempty"` // "": not offered
}

// prober asks one wiki.
type prober struct {
	wiki *wiki.Session
	file wiki.Title
	page string // that shows the file; "" when none does
	row  probeRow
}

// probeWeekly asks what the wiki emits, when that is due.
func (p *pass) probeWeekly(ctx context.Context) error {
	last, err := p.lastProbe()
	if err != nil {
		return err
	}
	due := p.start.Sub(timeOf(last.Time)) >= probeEvery || last.Generator != p.Wiki.Site().Generator || last.Wanted != p.config.Probe
	if !due {
		return nil
	}
	row, err := probe(ctx, p.Wiki, p.config.Probe)
	if err != nil {
		return err
	}
	row.Time, row.Wanted = p.start.Unix(), p.config.Probe
	err = p.Store.Update(func(tx storage.Tx) error { return probeTable.Put(tx, row, "last") })
	if err != nil {
		return fmt.Errorf("storing what the wiki emits: %w", err)
	}
	return nil
}

func (p *pass) lastProbe() (row probeRow, err error) {
	err = p.Store.View(func(tx storage.Tx) (err error) {
		row, _, err = probeTable.Get(tx, "last")
		return err
	})
	if err != nil {
		return row, fmt.Errorf("remembering what the wiki emits: %w", err)
	}
	return row, nil
}

// probe asks a wiki for the address of one file in every way there is. A way
// that the wiki does not have is a row, not an error. Without any file there
// are no rows.
func probe(ctx context.Context, s *wiki.Session, wanted string) (probeRow, error) {
	k := &prober{wiki: s, row: probeRow{Generator: s.Site().Generator}}
	if err := k.choose(ctx, wanted); err != nil || k.file.Full == "" {
		return k.row, err
	}
	k.row.File = k.file.Full
	for _, ask := range []func(context.Context) error{k.parser, k.imageInfo, k.pageImages, k.restSearch, k.summary, k.redirects} {
		if err := ask(ctx); err != nil {
			return k.row, fmt.Errorf("asking what the wiki emits for %s: %w", k.file.Full, err)
		}
	}
	return k.row, nil
}

// found notes an address; "" is a way that the wiki does not have.
func (k *prober) found(way, address string) {
	if base, err := url.Parse(k.wiki.URL("")); err == nil && address != "" {
		if u, err := base.Parse(address); err == nil {
			address = u.String()
		}
	}
	k.row.Emitted = append(k.row.Emitted, emitted{way, clip(address, 1000)})
}

// choose the file: the one that was named, else a picture that the wiki has
// itself, else one that its pages show; and a page that shows it.
func (k *prober) choose(ctx context.Context, wanted string) error {
	const nsFile = 6
	if wanted != "" {
		for _, text := range []string{wanted, "File:" + wanted} {
			if t, err := k.wiki.Title(text); err == nil && t.NS == nsFile {
				k.file = t
				return k.using(ctx)
			}
		}
		return fmt.Errorf("%q is no title of a file", wanted)
	}
	for _, params := range []wiki.Params{
		{"generator": "allimages", "gailimit": "50", "gaiminsize": "20000", "prop": "info"},
		{"generator": "allpages", "gaplimit": "20", "prop": "images", "imlimit": "50"},
	} {
		params["action"] = "query"
		title, err := k.picture(ctx, params)
		if err != nil || title != "" {
			k.file, _ = k.wiki.Title(title) // it comes from the wiki
			return errors.Join(err, k.using(ctx))
		}
	}
	return nil
}

// picture is the first bitmap in one answer, among the pages or what they show.
func (k *prober) picture(ctx context.Context, params wiki.Params) (string, error) {
	answer, err := k.wiki.Get(ctx, params)
	if err != nil {
		return "", err
	}
	pages, _ := answer.GetObjectArray("query", "pages") // none: an empty wiki
	for _, page := range pages {
		title, _ := page.GetString("title")
		titles := []string{title}
		shown, _ := page.GetObjectArray("images")
		for _, image := range shown {
			title, _ := image.GetString("title")
			titles = append(titles, title)
		}
		for _, title := range titles {
			switch strings.ToLower(path.Ext(title)) {
			case ".jpg", ".jpeg", ".png":
				return title, nil
			}
		}
	}
	return "", nil
}

// using finds a page that shows the file.
func (k *prober) using(ctx context.Context) error {
	if k.file.Full == "" {
		return nil
	}
	answer, err := k.wiki.Get(ctx, wiki.Params{"action": "query", "titles": k.file.Full, "prop": "fileusage", "fulimit": "1", "funamespace": "0"})
	if err != nil {
		return err
	}
	pages, _ := answer.GetObjectArray("query", "pages")
	for _, page := range pages {
		uses, _ := page.GetObjectArray("fileusage") // none: nothing shows it
		for _, use := range uses {
			k.page, _ = use.GetString("title")
		}
	}
	return nil
}

// parser asks for the HTML of a picture on a page.
func (k *prober) parser(ctx context.Context) error {
	answer, err := k.wiki.Get(ctx, wiki.Params{"action": "parse", "contentmodel": "wikitext", "prop": "text", "disablelimitreport": "1",
		"text": fmt.Sprintf("[[%s|thumb|%dpx]]", k.file.Full, probeWidth)})
	if err != nil {
		return err
	}
	source, _ := answer.GetString("parse", "text")
	src, dense := pictureIn(source)
	k.found(wayParser, src)
	k.found(wayParserDense, dense)
	return nil
}

// pictureIn reads src and the last of srcset of the first img in HTML.
func pictureIn(source string) (src, dense string) {
	z := html.NewTokenizer(strings.NewReader(source))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return "", ""
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			if t.Data != "img" {
				continue
			}
			for _, a := range t.Attr {
				switch a.Key {
				case "src":
					src = a.Val
				case "srcset":
					sets := strings.Split(a.Val, ", ")
					dense, _, _ = strings.Cut(strings.TrimSpace(sets[len(sets)-1]), " ")
				}
			}
			return src, dense
		}
	}
}

// release reads the version out of "MediaWiki 1.47.0-wmf.3".
var release = regexp.MustCompile(`^MediaWiki (\d+)\.(\d+)`)

// hasThumbURLs says whether the wiki may know iiprop=thumburls, which came with
// MediaWiki 1.47; older ones answer it with a warning.
func hasThumbURLs(generator string) bool {
	m := release.FindStringSubmatch(generator)
	return m == nil || idOf(m[1]) > 1 || idOf(m[2]) >= 47
}

// imageInfo asks once for all that prop=imageinfo has.
func (k *prober) imageInfo(ctx context.Context) error {
	props := "url"
	if hasThumbURLs(k.wiki.Site().Generator) {
		props += "|thumburls"
	}
	answer, err := k.wiki.Get(ctx, wiki.Params{"action": "query", "titles": k.file.Full, "prop": "imageinfo",
		"iiprop": props, "iiurlwidth": fmt.Sprint(probeWidth)})
	if err != nil {
		return err
	}
	var whole, thumb, standard string
	pages, _ := answer.GetObjectArray("query", "pages")
	for _, page := range pages {
		infos, _ := page.GetObjectArray("imageinfo") // none: the file is gone
		for _, info := range infos {
			whole, _ = info.GetString("url")
			thumb, _ = info.GetString("thumburl")
			sizes, _ := info.GetObject("thumburls")
			if sizes == nil {
				continue
			}
			for width := range sizes.Map() {
				standard, _ = sizes.GetString(width, "url")
			}
			if fixed, err := sizes.GetString("330", "url"); err == nil {
				standard = fixed
			}
		}
	}
	k.found(wayInfo, whole)
	k.found(wayInfoThumb, thumb)
	k.found(wayThumbURLs, standard)
	return nil
}

// pageImages asks for the picture that stands for a page.
func (k *prober) pageImages(ctx context.Context) error {
	address := ""
	if _, ok := k.wiki.Site().Extensions["PageImages"]; ok && k.page != "" {
		answer, err := k.wiki.Get(ctx, wiki.Params{"action": "query", "titles": k.page, "prop": "pageimages",
			"piprop": "thumbnail", "pithumbsize": fmt.Sprint(probeWidth)})
		if err != nil {
			return err
		}
		pages, _ := answer.GetObjectArray("query", "pages")
		for _, page := range pages {
			address, _ = page.GetString("thumbnail", "source")
		}
	}
	k.found(wayPageImages, address)
	return nil
}

// restSearch asks the REST API (API:REST_API on mediawiki.org).
func (k *prober) restSearch(ctx context.Context) error {
	var answer struct {
		Pages []struct {
			Thumbnail *struct{ URL string }
		}
	}
	address := ""
	if k.page != "" {
		folder := path.Dir(k.wiki.Site().Script)
		where := path.Join(folder, "rest.php/v1/search/page") + "?" + url.Values{"q": {k.page}, "limit": {"5"}}.Encode()
		if err := k.json(ctx, where, &answer); err != nil {
			return err
		}
	}
	for _, page := range answer.Pages {
		if page.Thumbnail != nil && address == "" {
			address = page.Thumbnail.URL
		}
	}
	k.found(wayRESTSearch, address)
	return nil
}

// summary asks the service that Wikimedia's wikis have beside the API.
func (k *prober) summary(ctx context.Context) error {
	var answer struct{ Thumbnail struct{ Source string } }
	if k.page != "" {
		where := "/api/rest_v1/page/summary/" + url.PathEscape(strings.ReplaceAll(k.page, " ", "_"))
		if err := k.json(ctx, where, &answer); err != nil {
			return err
		}
	}
	k.found(waySummary, answer.Thumbnail.Source)
	return nil
}

// json reads an answer into v; what is no JSON, or no success, leaves it empty.
func (k *prober) json(ctx context.Context, where string, v any) error {
	reply, err := k.wiki.Fetch(ctx, where)
	if err != nil {
		return unreachable(ctx, err)
	}
	if reply.Status == http.StatusOK {
		_ = json.Unmarshal(reply.Body, v) // not offered
	}
	return nil
}

// unreachable endpoints are not offered; only the end of the pass is an error.
func unreachable(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return err
	}
	return nil
}

// redirects asks the special page that leads to a file.
func (k *prober) redirects(ctx context.Context) error {
	for _, way := range []struct{ name, width string }{{wayRedirect, ""}, {wayRedirectAt, fmt.Sprint(probeWidth)}} {
		query := url.Values{"title": {"Special:Redirect/file/" + k.file.Name}}
		if way.width != "" {
			query.Set("width", way.width)
		}
		reply, err := k.wiki.Fetch(ctx, k.wiki.Site().Script+"?"+query.Encode())
		if err != nil {
			if err := unreachable(ctx, err); err != nil {
				return err
			}
		}
		k.found(way.name, reply.Location)
	}
	return nil
}
