package wiki

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// newTransport is http.DefaultTransport for one wiki: few connections, closed
// before the usual server does, because a write on a connection that the
// server is closing ends in an unknown outcome.
func newTransport() http.RoundTripper {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = maxParallel
	t.IdleConnTimeout = 30 * time.Second
	return t
}

// errElsewhere is a redirect that leaves the wiki's own host.
var errElsewhere = errors.New("redirect to another host refused")

// errTooLarge is an answer beyond maxAnswer.
var errTooLarge = fmt.Errorf("answer larger than %d MiB", maxAnswer>>20)

// wire is the round tripper of one request. It adds what go-mwclient lacks and
// keeps what go-mwclient throws away: the status, Retry-After and the error
// itself, which its caller would only get as text.
type wire struct {
	ctx     context.Context
	base    http.RoundTripper
	token   string   // OAuth 2 bearer
	promise bool     // a POST that only reads
	post    bool     // whether the caller asked for a POST
	empties []string // parameters with an empty value, which a multipart body drops
	now     func() time.Time

	status     int
	retryAfter time.Duration
	location   string
	length     int64
	err        error
}

// RoundTrip sends one request under the caller's context.
func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(w.ctx)
	if w.token != "" {
		r.Header.Set("Authorization", "Bearer "+w.token)
	}
	if w.promise {
		// See API:Etiquette: lets a wiki of several data centres answer from the near one.
		r.Header.Set("Promise-Non-Write-API-Action", "true")
	}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		w.addEmpties(r.URL)
	}
	resp, err := w.base.RoundTrip(r)
	if err != nil {
		w.err = err
		return nil, err
	}
	w.note(resp)
	return resp, nil
}

// addEmpties puts empty parameters into the address; MediaWiki reads both.
func (w *wire) addEmpties(u *url.URL) {
	q := u.Query()
	for _, name := range w.empties {
		q.Set(name, "")
	}
	u.RawQuery = q.Encode()
}

// note keeps what the answer's head says and guards its body.
func (w *wire) note(resp *http.Response) {
	w.status = resp.StatusCode
	w.location = resp.Header.Get("Location")
	w.retryAfter = retryAfter(resp.Header.Get("Retry-After"), w.now())
	// go-mwclient takes any answer with this header for an error of its own
	// and fails when Retry-After is missing. The JSON says it all.
	resp.Header.Del("X-Database-Lag")
	resp.Body = &countedBody{ReadCloser: resp.Body, w: w}
}

// redirect lets a read follow the wiki within its host. A POST would arrive as
// a GET without its body, so it is not followed at all.
func (w *wire) redirect(r *http.Request, via []*http.Request) error {
	if w.post {
		return http.ErrUseLastResponse
	}
	from := via[0].URL
	if len(via) > 5 || r.URL.Host != from.Host || (from.Scheme == "https" && r.URL.Scheme != "https") {
		w.err = fmt.Errorf("%w: %s", errElsewhere, r.URL.Host)
		return w.err
	}
	return nil
}

// countedBody counts the bytes of an answer and ends it at maxAnswer.
type countedBody struct {
	io.ReadCloser
	w *wire
}

func (b *countedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.w.length += int64(n)
	if b.w.length > maxAnswer {
		err = errTooLarge
	}
	if err != nil && err != io.EOF {
		b.w.err = err
	}
	return n, err
}

// retryAfter reads the header's two forms, seconds and a date (RFC 9110, 10.2.3).
// Nonsense and the past are 0.
func retryAfter(header string, now time.Time) time.Duration {
	if n, err := strconv.Atoi(strings.TrimSpace(header)); err == nil {
		return time.Duration(max(0, min(n, 7*24*3600))) * time.Second
	}
	if t, err := http.ParseTime(header); err == nil {
		return max(0, t.Sub(now))
	}
	return 0
}

// unsent says whether nothing of a request can have reached the wiki.
func unsent(err error) bool {
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "dial" {
		return true
	}
	var dns *net.DNSError
	return errors.As(err, &dns) || untrusted(err)
}

// untrusted says whether the server could not prove to be the wiki, or does not
// speak TLS at all. Waiting does not help.
func untrusted(err error) bool {
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	return errors.As(err, &certificate) || errors.As(err, &record)
}
