package wiki

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"filewarden/bot/wiki/mediaurl"
)

// Reasons why a file could not be had from its address, beside those of the network.
var (
	// ErrGone is a file that is not at its address: deleted, moved or hidden since the wiki named it.
	ErrGone = errors.New("there is no file at this address any more")
	// ErrForeignMedia is an address that the wiki's own files cannot have.
	ErrForeignMedia = errors.New("not an address of the wiki's own files")
	// ErrMediaTooLarge is a file of more bytes than its reader takes.
	ErrMediaTooLarge = errors.New("the file is larger than allowed")
	// ErrNoPicture is an answer of something else than a picture.
	ErrNoPicture = errors.New("the answer is no picture")
)

// MediaError is a file that could not be had from its address. It wraps one of
// ErrGone, ErrForeignMedia, ErrMediaTooLarge and ErrNoPicture, or a status.
type MediaError struct {
	Address    string // shortened
	Status     int    // of HTTP, 0 where nothing was asked
	RetryAfter time.Duration
	Err        error
}

// Error gives the address, the reason and what to do next.
func (e *MediaError) Error() string {
	return fmt.Sprintf("reading the file at %s: %v; next: %s", e.Address, e.Err, e.next())
}

// Unwrap gives the reason.
func (e *MediaError) Unwrap() error { return e.Err }

func (e *MediaError) next() string {
	switch {
	case errors.Is(e.Err, ErrGone):
		return "ask the wiki again whether the file exists"
	case errors.Is(e.Err, ErrForeignMedia):
		return "leave the file, and look whether the wiki's settings name the host of its files (meta=filerepoinfo)"
	case errors.Is(e.Err, ErrMediaTooLarge):
		return "ask for a smaller thumbnail"
	case e.Status == 429:
		return "fewer requests: the host of the files has a rate limit, and gives thumbnails of the usual widths only"
	case e.Status == 401 || e.Status == 403:
		return "check the contact in the User-Agent, and whether the host of the files blocks this address"
	}
	return "leave the file and try later"
}

// fault is how the error is waited out. A page in the place of a picture is
// asked for once more: something between here and the wiki may have answered.
func (e *MediaError) fault() fault {
	if errors.Is(e.Err, ErrGone) || errors.Is(e.Err, ErrForeignMedia) || errors.Is(e.Err, ErrMediaTooLarge) {
		return final
	}
	return statusFault(e.Status)
}

// mediaAddress checks that an address is one of a file of this wiki. The wiki is
// asked for its repository (API:Filerepoinfo) only about a host that is not
// known otherwise.
func (s *Session) mediaAddress(ctx context.Context, address string) (*url.URL, error) {
	return s.checkMedia(address, func(wanted string) ([]string, error) {
		if hosts := s.mediaHosts(); slices.Contains(hosts, wanted) {
			return hosts, nil
		}
		_, err := s.repository.get(ctx, s.now, func() ([]string, error) { return s.repositoryHosts(ctx) })
		return s.mediaHosts(), err
	})
}

// checkMedia wants an address on one of the hosts, no less safe than the API's.
func (s *Session) checkMedia(address string, known func(wanted string) ([]string, error)) (*url.URL, error) {
	refuse := func(why string) error {
		return &MediaError{Address: clip(address, 200), Err: fmt.Errorf("%w: %s", ErrForeignMedia, why)}
	}
	u, err := s.api.Parse(address) // imageinfo may leave out scheme or host
	switch {
	case err != nil || address == "":
		return nil, refuse("it cannot be read")
	case u.Scheme != "https" && (u.Scheme != "http" || s.api.Scheme == "https"):
		return nil, refuse("it does not begin with " + s.api.Scheme + "://")
	case u.User != nil || u.Opaque != "":
		return nil, refuse("it holds more than a host and a path")
	}
	u.Fragment = ""
	hosts, err := known(hostKey(u))
	if err != nil {
		return nil, err
	}
	if !slices.Contains(hosts, hostKey(u)) {
		return nil, refuse("the wiki's files are on " + strings.Join(hosts, ", "))
	}
	return u, nil
}

// mediaHosts are the hosts of the wiki's own files as far as they are known:
// that of the API and those that the wiki told.
func (s *Session) mediaHosts() []string {
	hosts := []string{hostKey(s.api)}
	if server, err := url.Parse(s.server()); err == nil && server.Host != "" {
		hosts = append(hosts, hostKey(server))
	}
	if onWikimedia(s.api) {
		hosts = append(hosts, mediaurl.UploadHost, mediaurl.ThumbHost)
	}
	hosts = append(hosts, s.repository.value()...)
	slices.Sort(hosts)
	return slices.Compact(hosts)
}

// repositoryHosts asks where the wiki keeps its own files. Repositories that it
// shares with others are not its own.
func (s *Session) repositoryHosts(ctx context.Context) ([]string, error) {
	o, err := s.Get(ctx, Params{"action": "query", "meta": "filerepoinfo", "friprop": "name|local|url|thumbUrl"})
	if err != nil {
		return nil, fmt.Errorf("asking %s where its files are: %w", s.host, err)
	}
	raw, err := o.MarshalJSON()
	if err != nil {
		return nil, err
	}
	var told struct {
		Query struct {
			Repos []struct {
				Local    bool   `json:"local"`
				URL      string `json:"url"`
				ThumbURL string `json:"thumbUrl"`
			} `json:"repos"`
		} `json:"query"`
	}
	if err := json.Unmarshal(raw, &told); err != nil {
		return nil, fmt.Errorf("reading where the files of %s are: %w", s.host, err)
	}
	var hosts []string
	for _, repo := range told.Query.Repos {
		for _, address := range []string{repo.URL, repo.ThumbURL} {
			if u, err := s.api.Parse(address); repo.Local && err == nil && u.Host != "" {
				hosts = append(hosts, hostKey(u))
			}
		}
	}
	return hosts, nil
}

// onWikimedia says whether a wiki is one of Wikimedia's, whose files are on
// hosts of their own (T355914 brought the second).
func onWikimedia(api *url.URL) bool {
	return api.Scheme == "https" && slices.ContainsFunc([]string{"wikimedia.org", "wikipedia.org", "wiktionary.org", "wikibooks.org", "wikinews.org",
		"wikiquote.org", "wikisource.org", "wikiversity.org", "wikivoyage.org", "wikidata.org", "mediawiki.org", "wikifunctions.org"},
		func(domain string) bool {
			host := hostKey(api)
			return host == domain || strings.HasSuffix(host, "."+domain)
		})
}
