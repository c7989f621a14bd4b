package api

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Rates, each as requests per second and how many may come at once. A reviewer
// at full speed makes a decision in two seconds; a page of the panel makes a
// handful of requests.
const (
	addressRate, addressBurst = 5, 120      // any request, by address
	callerRate, callerBurst   = 2, 60       // any request, by who the wiki vouched for
	writeRate, writeBurst     = 0.5, 30     // decisions
	askRate, askBurst         = 1.0 / 6, 10 // tokens that the wiki has to be asked about, by address
	mostBuckets               = 10_000      // of each sort
	mostTokens                = 1_000       // that are remembered
	asksAtOnce                = 2           // at the wiki
	retrySoon                 = 30 * time.Second
)

// recent keeps the newest entries: at least as many as most, at most twice that.
type recent[V any] struct {
	most       int
	young, old map[string]V
}

func (r *recent[V]) get(key string) (V, bool) {
	v, ok := r.young[key]
	if !ok {
		if v, ok = r.old[key]; ok {
			r.put(key, v)
		}
	}
	return v, ok
}

func (r *recent[V]) put(key string, v V) {
	if r.young == nil || len(r.young) >= r.most {
		r.old, r.young = r.young, map[string]V{}
	}
	r.young[key] = v
}

// buckets are token buckets by name.
type buckets struct {
	mu    sync.Mutex
	all   recent[*rate.Limiter]
	rate  rate.Limit
	burst int
}

func newBuckets(perSecond rate.Limit, burst int) *buckets {
	return &buckets{all: recent[*rate.Limiter]{most: mostBuckets}, rate: perSecond, burst: burst}
}

// take spends one request; what it returns is how long to wait for the next
// when there is none to spend.
func (b *buckets) take(name string, now time.Time) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	l, known := b.all.get(name)
	if !known {
		l = rate.NewLimiter(b.rate, b.burst)
		b.all.put(name, l)
	}
	r := l.ReserveN(now, 1)
	wait := r.DelayFrom(now)
	if wait > 0 {
		r.CancelAt(now)
	}
	return wait
}

// rates are all limits of the API.
type rates struct{ addresses, callers, writers, askers *buckets }

func newRates() rates {
	return rates{newBuckets(addressRate, addressBurst), newBuckets(callerRate, callerBurst),
		newBuckets(writeRate, writeBurst), newBuckets(askRate, askBurst)}
}

func (r rates) visit(address string, now time.Time) time.Duration {
	return r.addresses.take(network(address), now)
}
func (r rates) ask(address string, now time.Time) time.Duration {
	return r.askers.take(network(address), now)
}
func (r rates) read(name string, now time.Time) time.Duration  { return r.callers.take(name, now) }
func (r rates) write(name string, now time.Time) time.Duration { return r.writers.take(name, now) }

// network is what counts as one address: of IPv6 the 64 bits that one
// customer usually has.
func network(address string) string {
	if a, err := netip.ParseAddr(address); err == nil && a.Is6() && !a.Is4In6() {
		if p, err := a.Prefix(64); err == nil {
			return p.String()
		}
	}
	return address
}

// addressOf is where a request comes from. What it says itself of that is
// believed from the operator's own proxies only, the nearest foreign address first.
func (a *API) addressOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	told := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for a.trusts(host) && len(told) > 0 {
		next, err := netip.ParseAddr(strings.TrimSpace(told[len(told)-1]))
		if err != nil {
			break
		}
		host, told = next.Unmap().WithZone("").String(), told[:len(told)-1]
	}
	return host
}

func (a *API) trusts(host string) bool {
	at, err := netip.ParseAddr(host)
	return err == nil && slices.ContainsFunc(a.proxies, func(p netip.Prefix) bool { return p.Contains(at.Unmap()) })
}
