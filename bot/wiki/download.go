package wiki

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// Limits are what a download may take.
type Limits struct {
	Bytes int64 // 0: 20 MiB
}

const (
	usualMediaBytes = 20 << 20
	maxHops         = 5
)

// Download reads a picture of this wiki from an address that the wiki gave
// (thumburl or url of prop=imageinfo): from the wiki's own hosts only, also
// where they redirect. It is sent again as a read of the API is. Errors are a
// [MediaError], [Unreachable], or what kept the hosts from being known.
func (s *Session) Download(ctx context.Context, address string, limits Limits) ([]byte, error) {
	at, err := s.mediaAddress(ctx, address)
	if err != nil {
		return nil, err
	}
	if limits.Bytes <= 0 {
		limits.Bytes = usualMediaBytes
	}
	patience := s.patience(false)
	for {
		body, err := s.downloadOnce(ctx, at, limits)
		if err == nil || ctx.Err() != nil {
			return body, err
		}
		if again, err := patience.again(ctx, faultOf(err), err, 0); !again {
			return nil, err
		}
	}
}

// downloadOnce is one attempt, redirects included.
func (s *Session) downloadOnce(ctx context.Context, at *url.URL, limits Limits) ([]byte, error) {
	doing := "GET " + clip(at.String(), 200)
	leave, err := s.enter(ctx)
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %w", doing, errNotSent, err)
	}
	defer leave()
	ctx, cancel := context.WithTimeout(ctx, s.set.Timeout)
	defer cancel()
	for range maxHops {
		resp, err := s.getMedia(ctx, at)
		if err != nil {
			return nil, &Unreachable{Doing: doing, Unsent: unsent(err), Err: err}
		}
		if resp.StatusCode/100 != 3 {
			return s.readMedia(doing, at, resp, limits)
		}
		_ = resp.Body.Close() // what a redirect says besides is not read
		if at, err = s.redirected(at, resp); err != nil {
			return nil, err
		}
	}
	return nil, &MediaError{Address: clip(at.String(), 200), Status: http.StatusFound, Err: fmt.Errorf("%w: more than %d redirects", ErrNoPicture, maxHops)}
}

// redirected is where a redirect leads, if that is known to be the wiki's: it is
// not asked about a host that only a redirect names.
func (s *Session) redirected(from *url.URL, resp *http.Response) (*url.URL, error) {
	to, err := from.Parse(resp.Header.Get("Location"))
	if err != nil || resp.Header.Get("Location") == "" {
		return nil, &MediaError{Address: clip(from.String(), 200), Status: resp.StatusCode, Err: fmt.Errorf("%w: a redirect to nowhere", ErrNoPicture)}
	}
	if to.Host == from.Host && to.Scheme == from.Scheme && to.User == nil {
		return to, nil
	}
	return s.checkMedia(to.String(), func(string) ([]string, error) { return s.mediaHosts(), nil })
}

// getMedia sends one request. The login goes along to the API's own host alone,
// and there to the script that guards the files of a private wiki
// (Manual:Img_auth.php); nothing else needs it.
func (s *Session) getMedia(ctx context.Context, at *url.URL) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return nil, err
	}
	agent, err := userAgent(s.set)
	if err != nil {
		return nil, err
	}
	r.Header.Set("User-Agent", agent)
	r.Header.Set("Accept", "image/*")
	if hostKey(at) == hostKey(s.api) && at.Scheme == s.api.Scheme && strings.Contains(at.Path, "/img_auth.php/") {
		s.identify(r)
	}
	return s.base.RoundTrip(r)
}

func (s *Session) identify(r *http.Request) {
	if s.set.Token != "" {
		r.Header.Set("Authorization", "Bearer "+s.set.Token)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.mw != nil {
		for _, cookie := range s.mw.DumpCookies() {
			r.AddCookie(cookie)
		}
	}
}

// readMedia reads a picture, or says what the answer is instead.
func (s *Session) readMedia(doing string, at *url.URL, resp *http.Response, limits Limits) ([]byte, error) {
	defer resp.Body.Close()
	fail := func(err error) error {
		return &MediaError{Address: clip(at.String(), 200), Status: resp.StatusCode, RetryAfter: retryAfter(resp.Header.Get("Retry-After"), s.now()), Err: err}
	}
	kind, _, _ := strings.Cut(resp.Header.Get("Content-Type"), ";")
	kind = strings.ToLower(strings.TrimSpace(kind))
	switch {
	case resp.StatusCode == http.StatusNotFound || resp.StatusCode == http.StatusGone:
		return nil, fail(ErrGone)
	case resp.StatusCode != http.StatusOK:
		return nil, fail(fmt.Errorf("HTTP status %d", resp.StatusCode))
	case !strings.HasPrefix(kind, "image/"):
		return nil, fail(fmt.Errorf("%w but %q", ErrNoPicture, clip(kind, 60)))
	case resp.Header.Get("Content-Encoding") != "": // gzip is undone by the transport, which takes the header away
		return nil, fail(fmt.Errorf("%w that can be read: it is packed as %q", ErrNoPicture, clip(resp.Header.Get("Content-Encoding"), 60)))
	case resp.ContentLength > limits.Bytes:
		return nil, fail(fmt.Errorf("%w: %d bytes of at most %d", ErrMediaTooLarge, resp.ContentLength, limits.Bytes))
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, limits.Bytes+1))
	s.stats.sent("download", int64(len(body)))
	switch {
	case err != nil:
		return nil, &Unreachable{Doing: doing, Err: err}
	case int64(len(body)) > limits.Bytes:
		return nil, fail(fmt.Errorf("%w: more than %d bytes", ErrMediaTooLarge, limits.Bytes))
	case len(body) == 0:
		return nil, fail(fmt.Errorf("%w: it is empty", ErrNoPicture))
	}
	return body, nil
}
