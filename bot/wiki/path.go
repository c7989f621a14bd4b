package wiki

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// maxReply is the most bytes of a Reply that are read.
const maxReply = 1 << 20

// Reply is the answer to a path of the wiki that is not its Action API: a REST
// endpoint, a special page that redirects.
type Reply struct {
	Status   int
	Location string // where a 3xx points, as sent; never followed
	Type     string // media type, without its parameters
	Body     []byte // at most a mebibyte
}

// Fetch reads a path of the wiki's own host, such as
// "/w/rest.php/v1/search/page?q=x", as an anonymous reader: neither cookies nor
// token are sent, redirects are not followed, and a status is no error. It is
// not sent again when it fails.
func (s *Session) Fetch(ctx context.Context, path string) (Reply, error) {
	doing := fmt.Sprintf("GET %s at %s", clip(path, 80), s.host)
	at, err := s.api.Parse(path)
	if err != nil || !strings.HasPrefix(path, "/") || at.Host != s.api.Host || at.Scheme != s.api.Scheme {
		return Reply{}, fmt.Errorf("%s: not a path of the wiki's own host", doing)
	}
	leave, err := s.enter(ctx)
	if err != nil {
		return Reply{}, fmt.Errorf("%s: %w: %w", doing, errNotSent, err)
	}
	defer leave()
	ctx, cancel := context.WithTimeout(ctx, s.set.Timeout)
	defer cancel()
	reply, err := s.fetch(ctx, at)
	s.stats.sent("path", int64(len(reply.Body)))
	if err != nil {
		return Reply{}, &Unreachable{Doing: doing, Unsent: unsent(err), Err: err}
	}
	return reply, nil
}

func (s *Session) fetch(ctx context.Context, at *url.URL) (Reply, error) {
	agent, err := userAgent(s.set)
	if err != nil {
		return Reply{}, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return Reply{}, err
	}
	r.Header.Set("User-Agent", agent)
	client := &http.Client{Transport: s.base, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(r)
	if err != nil {
		var u *url.Error
		if errors.As(err, &u) {
			err = u.Err
		}
		return Reply{}, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxReply+1))
	if err == nil && len(body) > maxReply {
		err = fmt.Errorf("the answer is longer than %d bytes", maxReply)
	}
	kind, _, _ := strings.Cut(resp.Header.Get("Content-Type"), ";")
	return Reply{Status: resp.StatusCode, Location: resp.Header.Get("Location"), Type: strings.TrimSpace(kind), Body: body}, err
}
