package wiki

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// maxHTML is how much of a page is read to find its EditURI, which stands in its head.
const maxHTML = 256 << 10

// find opens the wiki at u: it tries the addresses where its api.php may be and
// takes the first that answers as this very wiki. Several wikis can share a host.
func (f *Farm) find(ctx context.Context, p Place, u *url.URL) (*Session, error) {
	var failed error
	tried := map[string]bool{}
	for api := range f.candidates(ctx, u) {
		if tried[api] {
			continue
		}
		tried[api] = true
		set := f.set
		set.API = api
		s, err := OpenReader(ctx, set)
		if err == nil && (s.is(u) || u.Path == "" || u.Path == "/") {
			f.nameTaken(s.site, p.Key)
			return s, nil
		}
		if err == nil {
			err = fmt.Errorf("%s is another wiki, %q", api, clip(s.site.Name, 80))
		}
		failed = err
		if ctx.Err() != nil {
			break
		}
	}
	return nil, fmt.Errorf("no api.php found for %s: %w; next: give its address in HOSTS", p.Key, failed)
}

// candidates for a wiki's api.php: as configured, as the home wiki's interwiki
// map says, as a page of the wiki itself says, and the usual places. All are on
// the wiki's own host.
func (f *Farm) candidates(ctx context.Context, u *url.URL) iter.Seq[string] {
	return func(yield func(string) bool) {
		known := append(f.configured(u), f.interwikiAPI(u)...)
		for _, api := range known {
			if !yield(api) {
				return
			}
		}
		if api := f.editURI(ctx, u); api != "" && !yield(api) {
			return
		}
		for _, path := range guesses(u) {
			if !yield(u.Scheme + "://" + u.Host + path) {
				return
			}
		}
	}
}

// guesses are the usual paths of api.php: beside the index.php of the address,
// then Wikimedia's, then the root.
func guesses(u *url.URL) []string {
	var paths []string
	if before, _, ok := strings.Cut(u.EscapedPath(), "/index.php"); ok {
		paths = append(paths, before+"/api.php")
	}
	return append(paths, "/w/api.php", "/api.php")
}

func (f *Farm) configured(u *url.URL) []string {
	var found []string
	for _, a := range f.allowed {
		if a.api != "" && a.host == hostKey(u) {
			found = append(found, a.api)
		}
	}
	return found
}

func (f *Farm) interwikiAPI(u *url.URL) []string {
	var found []string
	for _, api := range f.home.titles.apis {
		if a, err := url.Parse(api); err == nil && hostKey(a) == hostKey(u) {
			if a.Scheme == "" {
				a.Scheme = u.Scheme
			}
			found = append(found, a.String())
		}
	}
	return found
}

// editURI asks a page of the wiki where its API is: every page of a MediaWiki
// links it in its head (Really Simple Discovery). Only an answer on the same
// host counts.
func (f *Farm) editURI(ctx context.Context, u *url.URL) string {
	ctx, cancel := context.WithTimeout(ctx, f.set.Timeout)
	defer cancel()
	body, final, err := f.fetch(ctx, u)
	if err != nil {
		return ""
	}
	defer body.Close()
	link, err := final.Parse(rsdLink(io.LimitReader(body, maxHTML)))
	if err != nil || hostKey(link) != hostKey(u) || !strings.HasSuffix(link.Path, "/api.php") {
		return ""
	}
	link.RawQuery, link.Fragment = "", ""
	return link.String()
}

// fetch one page of a wiki, redirects within its host followed.
func (f *Farm) fetch(ctx context.Context, u *url.URL) (io.ReadCloser, *url.URL, error) {
	agent, err := userAgent(f.set)
	if err != nil {
		return nil, nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, nil, err
	}
	r.Header.Set("User-Agent", agent)
	c := &http.Client{Transport: f.set.Transport, CheckRedirect: func(r *http.Request, via []*http.Request) error {
		if len(via) > 5 || hostKey(r.URL) != hostKey(u) {
			return errElsewhere
		}
		return nil
	}}
	resp, err := c.Do(r)
	if err != nil {
		return nil, nil, err
	}
	if !strings.Contains(resp.Header.Get("Content-Type"), "html") {
		resp.Body.Close()
		return nil, nil, errors.New("not a page")
	}
	return resp.Body, resp.Request.URL, nil
}

// rsdLink finds <link rel="EditURI" href="…"> in a page's head.
func rsdLink(r io.Reader) string {
	z := html.NewTokenizer(r)
	for {
		switch z.Next() {
		case html.ErrorToken:
			return ""
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			if t.Data == "body" {
				return ""
			}
			if t.Data == "link" && strings.EqualFold(attribute(t, "rel"), "EditURI") {
				return attribute(t, "href")
			}
		}
	}
}

func attribute(t html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
