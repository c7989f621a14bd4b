package provider

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// maxBody bounds an answer; sixteen images have a few hundred kilobytes.
const maxBody = 16 << 20

// caller sends the requests of one service and sorts out what comes back.
type caller struct {
	provider string
	host     string
	fetch    Fetch
	now      func() time.Time
	secrets  []string // that a service may repeat in its words
}

// newCaller is for a service at an endpoint.
func newCaller(provider, endpoint string, o Options, secrets ...Secret) caller {
	c := caller{provider: provider, fetch: o.Fetch, now: o.Now}
	if u, err := url.Parse(endpoint); err == nil {
		c.host = u.Host
	}
	for _, s := range secrets {
		if s != "" {
			c.secrets = append(c.secrets, string(s))
		}
	}
	return c
}

// reply is what came back.
type reply struct {
	status int
	body   []byte
	cut    error         // why the body ended early; nil: it is whole
	after  time.Duration // Retry-After
}

// send sends a request and reads the answer, whatever its status. The error
// says whether it may have been paid for.
func (c caller) send(ctx context.Context, r *http.Request) (reply, error) {
	var sent atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { sent.Store(true) }})
	answer, err := c.fetch(ctx, r)
	if err != nil && !sent.Load() {
		return reply{}, c.fault(ErrLater, "the request did not leave for "+c.host, "It will be sent again", withoutAddress(err))
	}
	if err != nil {
		return reply{}, c.fault(ErrLost, "the request had been sent", doubtNext, withoutAddress(err))
	}
	defer answer.Body.Close()
	got := reply{status: answer.StatusCode, after: retryAfter(answer.Header.Get("Retry-After"), c.now())}
	got.body, got.cut = io.ReadAll(io.LimitReader(answer.Body, maxBody+1))
	if len(got.body) > maxBody {
		got.body, got.cut = got.body[:maxBody], fmt.Errorf("it is longer than %d bytes", maxBody)
	}
	return got, nil
}

const doubtNext = "It may have been paid for, so the bot does not ask again by itself; a person can"

// withoutAddress takes the request's address off an error: an operator may have written a key into it.
func withoutAddress(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// retryAfter reads the header of that name (RFC 9110, 10.2.3), a day at most.
func retryAfter(header string, now time.Time) time.Duration {
	var d time.Duration
	if seconds, err := strconv.Atoi(strings.TrimSpace(header)); err == nil {
		d = time.Duration(min(seconds, 86400)) * time.Second
	} else if t, err := http.ParseTime(header); err == nil {
		d = t.Sub(now)
	}
	return min(max(d, 0), 24*time.Hour)
}

// judge explains an answer that is no success; nil for one that is to be read.
// said are the service's own words for a person, from its body.
func (c caller) judge(got reply, said string) *Error {
	detail := fmt.Sprintf("HTTP %d", got.status)
	if said = c.words(said); said != "" {
		detail += ": " + said
	}
	kind, next := verdict(got)
	if kind == nil {
		return nil
	}
	e := c.fault(kind, detail, strings.ReplaceAll(next, "$1", c.host), nil)
	e.After, e.busy = got.after, got.status == http.StatusTooManyRequests
	return e
}

// verdict sorts answers by status, and finds pages that are meant for people.
func verdict(got reply) (kind error, next string) {
	switch s := got.status; {
	case s == http.StatusTooManyRequests:
		return ErrLater, "It has had too many requests; the bot waits"
	case s >= 500 || s == http.StatusRequestTimeout:
		return ErrLater, "It has trouble of its own; the bot asks again later"
	case isHTML(got.body):
		return ErrNotService, "A web page came instead of an answer; see what stands between the bot and $1"
	case s >= 200 && s < 300:
		return nil, ""
	case s == http.StatusUnauthorized || s == http.StatusForbidden:
		return ErrKey, "Look at the key in the operator's settings and at what it is allowed to do"
	case s == http.StatusPaymentRequired:
		return ErrBilling, "Buy more, or see to the billing of the account"
	case s < 400 || s == http.StatusNotFound || s == http.StatusMethodNotAllowed || s == http.StatusGone:
		return ErrNotService, "Look at the endpoint in the operator's settings: $1 does not know it"
	}
	return ErrPicture, "Other services are asked about this picture"
}

// isHTML recognises a page that is meant for people.
func isHTML(body []byte) bool {
	body = bytes.TrimLeft(bytes.TrimPrefix(body, []byte("\ufeff")), " \t\r\n")
	return bytes.HasPrefix(body, []byte("<"))
}

// unreadable is for an answer that was a success and makes no sense.
func (c caller) unreadable(got reply, what string) *Error {
	if got.cut != nil {
		what = "it was cut short"
	}
	return c.fault(ErrUnreadable, fmt.Sprintf("%s, %d bytes", what, len(got.body)), doubtNext, got.cut)
}

func (c caller) fault(kind error, detail, next string, err error) *Error {
	return &Error{Kind: kind, Provider: c.provider, Detail: detail, Next: next, Err: err}
}

// words makes a service's own words fit to be shown. Where a key stands in
// them they are not.
func (c caller) words(said string) string {
	shown := plain(said, maxSaid)
	for _, s := range c.secrets {
		if strings.Contains(said, s) || strings.Contains(shown, s) {
			return "its words are not shown, as they repeat the key"
		}
	}
	return shown
}

// failAll answers for images about which nothing was said.
func failAll(images []Image, err error) []Answer {
	answers := make([]Answer, len(images))
	for i, image := range images {
		answers[i] = Answer{SHA1: image.SHA1, Err: err}
	}
	return answers
}

// elements reads the members of the list that stands under a key of an object.
// What comes before the text is cut off, or goes wrong, is returned beside the error.
func elements(body []byte, key string) (found []json.RawMessage, err error) {
	d := json.NewDecoder(bytes.NewReader(body))
	if err := bracket(d, '{'); err != nil {
		return nil, err
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return found, err
		}
		if name != key || found != nil {
			if err := d.Decode(new(json.RawMessage)); err != nil {
				return found, err
			}
			continue
		}
		if found, err = list(d); err != nil {
			return found, err
		}
	}
	if found == nil {
		return nil, fmt.Errorf("there is no list of %s", key)
	}
	return found, bracket(d, '}')
}

// list reads a list, member by member.
func list(d *json.Decoder) ([]json.RawMessage, error) {
	found := []json.RawMessage{}
	if err := bracket(d, '['); err != nil {
		return found, err
	}
	for d.More() {
		var member json.RawMessage
		if err := d.Decode(&member); err != nil {
			return found, err
		}
		found = append(found, member)
	}
	return found, bracket(d, ']')
}

// bracket takes one bracket off the text.
func bracket(d *json.Decoder, want json.Delim) error {
	t, err := d.Token()
	if err != nil {
		return err
	}
	if t != want {
		return fmt.Errorf("%v stands where %v is expected", t, want)
	}
	return nil
}

// postJSON is a request with a body in JSON.
func postJSON(endpoint string, body any) (*http.Request, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("writing the request: %w", err)
	}
	r, err := http.NewRequest(http.MethodPost, endpoint, bytes.NewReader(text))
	if err != nil {
		return nil, errors.New("the endpoint in the operator's settings is no address")
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	return r, nil
}
