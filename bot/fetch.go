package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	"golang.org/x/time/rate"
)

// Limits of Env.Fetch: enough for a provider's answer or a picture, too little to be hurt by.
const (
	fetchBytes   = 32 << 20
	fetchTimeout = time.Minute
	fetchPerSec  = 2
)

// ErrForeignHost is a request to a host that the task did not declare.
var ErrForeignHost = errors.New("the task did not declare this host")

// fetchFunc is the type of Env.Fetch.
type fetchFunc = func(context.Context, *http.Request) (*http.Response, error)

// fetchers gives each task its own.
func fetchers(s Settings, tasks []Registration) map[string]fetchFunc {
	all := make(map[string]fetchFunc, len(tasks))
	for _, t := range tasks {
		var hosts []string
		if t.Hosts != nil {
			hosts = t.Hosts(s.operator(t))
		}
		all[t.Task.Name()] = fetcher(s, hosts)
	}
	return all
}

// fetcher returns Env.Fetch: requests to declared hosts only, redirects
// included, at a steady rate, with limits on time and on the bytes of the answer.
func fetcher(s Settings, hosts []string) fetchFunc {
	pace := rate.NewLimiter(fetchPerSec, 1)
	client := &http.Client{
		Transport: s.Foreign, Timeout: fetchTimeout,
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			if len(via) > 3 {
				return errors.New("more than three redirects")
			}
			return declared(r, hosts)
		},
	}
	return func(ctx context.Context, r *http.Request) (*http.Response, error) {
		if err := declared(r, hosts); err != nil {
			return nil, err
		}
		if err := pace.Wait(ctx); err != nil {
			return nil, err
		}
		answer, err := client.Do(r.WithContext(ctx))
		if err != nil {
			return nil, fmt.Errorf("fetching from %s: %w", r.URL.Host, withoutAddress(err))
		}
		answer.Body = &capped{ReadCloser: answer.Body, left: fetchBytes}
		return answer, nil
	}
}

// withoutAddress takes the request's address off an error: keys stand in it, and errors are logged.
func withoutAddress(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

func declared(r *http.Request, hosts []string) error {
	web := r.URL.Scheme == "https" || r.URL.Scheme == "http"
	if web && slices.Contains(hosts, r.URL.Host) {
		return nil
	}
	return fmt.Errorf("%s: %w", r.URL.Host, ErrForeignHost)
}

// capped ends a body with an error, not quietly, where it grows too long.
type capped struct {
	io.ReadCloser
	left int64
}

// Read reads until the limit, and one byte more to see whether that was the end.
func (c *capped) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p[:min(int64(len(p)), c.left+1)])
	if c.left -= int64(n); c.left < 0 {
		return n - 1, fmt.Errorf("the answer is longer than %d bytes", fetchBytes)
	}
	return n, err
}
