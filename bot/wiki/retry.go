package wiki

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"time"
)

// fault is a reason why a request did not get its answer, as far as sending it
// again is concerned.
type fault int

const (
	final      fault = iota // no use in sending again
	lagged                  // maxlag
	readOnly                // the wiki is read-only
	limited                 // ratelimited
	throttled               // HTTP 429
	busy                    // a part of the wiki is overloaded and says so
	down                    // HTTP 5xx
	cut                     // timeout, reset, half an answer
	away                    // no connection: nothing was sent
	garbled                 // something else than the API's JSON with status 200
	internal                // internal_api_error_*
	staleToken              // badtoken
	loggedOut               // assert…failed and its kin
)

// rule says how a fault is waited out.
type rule struct {
	name    string
	first   time.Duration // wait before the first retry; Retry-After wins when it is longer
	most    time.Duration // the wait doubles up to here
	patient bool          // until the deadline; else once in a request
	writes  bool          // certainly not executed: a write may be sent again
	cure    func(*Session, context.Context, int) error
}

// rules is the retry table.
//
// The waits: Manual:Maxlag_parameter asks for at least 5 s and the answer
// carries Retry-After. Read-only lasts minutes, asking more often is noise. A
// rate limit of MediaWiki counts by the minute, so less than its window only
// spends the next one. 429 comes from in front of the wiki and names its own
// time. Faults of servers and networks start low, since most are one bad
// backend, and end at a minute. What is not patient costs one more request and
// then speaks: the same strange answer twice is an answer.
//
// Every row that can repeat waits, so none of them is a hot loop.
func (f fault) rule() rule {
	switch f {
	case lagged:
		return rule{name: "database lag", first: 5 * time.Second, most: time.Minute, patient: true, writes: true}
	case readOnly:
		return rule{name: "read-only", first: 30 * time.Second, most: 2 * time.Minute, patient: true, writes: true}
	case limited:
		return rule{name: "rate limit", first: time.Minute, most: 2 * time.Minute, patient: true, writes: true}
	case throttled:
		return rule{name: "too many requests", first: 10 * time.Second, most: 2 * time.Minute, patient: true, writes: true}
	case busy:
		return rule{name: "busy", first: 5 * time.Second, most: time.Minute, patient: true, writes: true}
	case down:
		return rule{name: "server fault", first: 2 * time.Second, most: time.Minute, patient: true}
	case cut:
		return rule{name: "network fault", first: 2 * time.Second, most: time.Minute, patient: true}
	case away:
		return rule{name: "no connection", first: 2 * time.Second, most: time.Minute, patient: true, writes: true}
	case garbled:
		return rule{name: "not the API's answer", first: 2 * time.Second, most: 2 * time.Second}
	case internal:
		return rule{name: "fault inside the wiki", first: 5 * time.Second, most: 5 * time.Second}
	case staleToken:
		return rule{name: "stale token", writes: true, cure: (*Session).dropTokens}
	case loggedOut:
		return rule{name: "logged out", writes: true, cure: (*Session).loginAgain}
	default:
		return rule{name: "final"}
	}
}

// faultOf classifies an error of one attempt.
func faultOf(err error) fault {
	var api *Error
	var page *HTTPError
	var net *Unreachable
	var media *MediaError
	switch {
	case errors.As(err, &media):
		return media.fault()
	case errors.As(err, &api):
		return codeFault(api)
	case errors.As(err, &page):
		return statusFault(page.Status)
	case errors.As(err, &net):
		return netFault(net)
	default:
		return final
	}
}

// codeFault is by the weightiest error of an answer only: an answer that also
// holds a lasting error is final.
func codeFault(e *Error) fault {
	switch e.Code {
	case "maxlag":
		return lagged
	case "readonly":
		return readOnly
	case "ratelimited":
		return limited
	case "cirrussearch-too-busy-error", "lockmanager-fail-conflict":
		return busy
	case "badtoken":
		return staleToken
	case "assertuserfailed", "assertbotfailed", "assertnameduserfailed", "notloggedin", "readapidenied":
		return loggedOut
	}
	switch {
	case e.status == 429:
		return throttled
	case strings.HasPrefix(e.Code, "internal_api_error"):
		return internal
	case e.status >= 500:
		return down
	}
	return final
}

func statusFault(status int) fault {
	switch {
	case status == 429:
		return throttled
	case status == 408 || status >= 500:
		return down
	case status == 200:
		return garbled
	}
	return final
}

func netFault(e *Unreachable) fault {
	switch {
	case errors.Is(e.Err, errElsewhere), errors.Is(e.Err, errTooLarge), untrusted(e.Err):
		return final
	case e.Unsent:
		return away
	}
	return cut
}

// ambiguous says whether a write that ended in this fault may have been executed.
func (f fault) ambiguous() bool {
	switch f {
	case down, cut, garbled, internal:
		return true
	}
	return false
}

// patience is the waiting of one request: its deadline and what it has met so far.
type patience struct {
	s      *Session
	write  bool
	start  time.Time
	waited time.Duration
	met    map[fault]int
}

func (s *Session) patience(write bool) *patience {
	return &patience{s: s, write: write, start: s.now(), met: map[fault]int{}}
}

// again waits for the next attempt, or says no and gives the error that stands.
func (p *patience) again(ctx context.Context, f fault, err error, login int) (bool, error) {
	r := f.rule()
	p.met[f]++
	if f == final || (p.write && !r.writes) || (!r.patient && p.met[f] > 1) {
		return false, err
	}
	if f == loggedOut && p.s.set.Password == "" {
		return false, err // nothing to log in with
	}
	if r.cure != nil {
		if failed := r.cure(p.s, ctx, login); failed != nil {
			return false, fmt.Errorf("logging in again: %w", failed)
		}
		return true, nil
	}
	wait := p.wait(r, p.met[f], hint(err))
	if p.spent()+wait > p.s.set.Deadline {
		return false, err
	}
	p.waited += wait
	p.s.stats.retried()
	p.s.log.Info().Str("reason", r.name).Stringer("wait", wait.Round(time.Millisecond)).Err(err).Msg("waiting before the request is sent again")
	if f == throttled {
		p.s.hold(wait)
	}
	if stopped := p.s.set.Sleep(ctx, wait); stopped != nil {
		return false, fmt.Errorf("%w while waiting after: %w", stopped, err)
	}
	return true, nil
}

// spent is the time this request has used. The waits are counted too, so that
// a clock that stands still cannot make the waiting endless.
func (p *patience) spent() time.Duration {
	return max(p.s.now().Sub(p.start), p.waited)
}

// wait doubles with each meeting, is never shorter than the wiki asked for, and
// is spread so that several bots stopped by one fault do not come back together.
func (p *patience) wait(r rule, met int, asked time.Duration) time.Duration {
	wait := min(r.first<<min(met-1, 10), r.most)
	if asked >= wait {
		return asked + time.Duration(p.s.jitter()*float64(asked)/10)
	}
	return time.Duration(float64(wait) * (1 + p.s.jitter()/4))
}

// hint is the Retry-After that came with an error.
func hint(err error) time.Duration {
	var api *Error
	var page *HTTPError
	var media *MediaError
	switch {
	case errors.As(err, &media):
		return media.RetryAfter
	case errors.As(err, &api):
		return api.RetryAfter
	case errors.As(err, &page):
		return page.RetryAfter
	}
	return 0
}

// halfAnswer says whether decoding ended because the answer did.
func halfAnswer(err error) bool {
	return errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF)
}

// Sleep waits, or ends with the context.
func Sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

func jitter() float64 { return rand.Float64() }
