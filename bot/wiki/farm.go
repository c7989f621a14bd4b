package wiki

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"strings"
	"sync"
	"time"
)

// restAfterFailure is how long a wiki that could not be opened, or a table that
// could not be fetched, is left alone: rows come by the thousand, and one dead
// wiki must not be asked for each of them.
const restAfterFailure = 15 * time.Minute

// Farm is the set of wikis this bot may read: the home wiki and the hosts the operator allows.
// It may be used by several goroutines.
type Farm struct {
	home    *Session
	set     Settings // for the others: no account
	allowed []allowedHost

	mu     sync.Mutex
	places map[string]Place   // by URL without title, as met
	opened map[string]*opened // by Place.Key
	byName map[string]string  // sitename → key of the first wiki that has it
	shared map[string]bool    // sitenames of several wikis

	matrix once[*siteMatrix]
	names  map[string]*once[map[string]string] // by language: readable name by database name
}

// opened is one wiki of the farm, opened once.
type opened struct {
	once[*Session]
}

// allowedHost is one entry of HOSTS.
type allowedHost struct {
	host   string // host or host:port, lower case
	suffix bool   // "*.example.org": every host beneath
	api    string // address of api.php, where the operator gave it
}

// NewFarm builds the set; hosts are "host", "host:port", "*.host" or an api.php
// address. A host without a port stands for the usual ports only. Entries that
// are none of these are logged and left out.
func NewFarm(home *Session, hosts []string, set Settings) *Farm {
	set.User, set.Password, set.Token = "", "", ""
	set = defaults(set)
	f := &Farm{home: home, set: set, places: map[string]Place{}, opened: map[string]*opened{},
		byName: map[string]string{}, shared: map[string]bool{}, names: map[string]*once[map[string]string]{}}
	for _, h := range hosts {
		if strings.TrimSpace(h) == "" {
			continue
		}
		entry, err := parseHost(h)
		if err != nil {
			set.Log.Warn().Err(err).Msg("an entry of HOSTS is left out")
			continue
		}
		f.allowed = append(f.allowed, entry)
	}
	f.nameTaken(home.site, f.homeKey())
	return f
}

// parseHost reads one entry of HOSTS.
func parseHost(entry string) (allowedHost, error) {
	entry = strings.TrimSpace(entry)
	if strings.Contains(entry, "://") {
		u, err := apiURL(entry)
		if err != nil {
			return allowedHost{}, err
		}
		return allowedHost{host: hostKey(u), api: u.String()}, nil
	}
	name, suffix := strings.CutPrefix(entry, "*.")
	u, err := url.Parse("//" + name)
	if err != nil || u.Host == "" || u.Host != name || strings.ContainsAny(name, "*\\") {
		return allowedHost{}, fmt.Errorf("host %q is none of host, host:port, *.host or an api.php address", clip(entry, 100))
	}
	return allowedHost{host: strings.ToLower(name), suffix: suffix}, nil
}

// allows says whether the operator lets the bot read this host[:port].
func (f *Farm) allows(host string) bool {
	for _, a := range f.allowed {
		if a.suffix && strings.HasSuffix(host, "."+a.host) || !a.suffix && a.host == host {
			return true
		}
	}
	return host == hostKey(f.home.address())
}

// Home is the wiki that the bot has an account on.
func (f *Farm) Home() *Session { return f.home }

// IsHome says whether a place is the home wiki. So is the zero place.
func (f *Farm) IsHome(p Place) bool {
	if p == (Place{}) || p.Key == f.homeKey() {
		return true
	}
	u, err := url.Parse(p.Key)
	return err == nil && u.Host != "" && f.home.is(u)
}

// homeKey is the home wiki's own key.
func (f *Farm) homeKey() string {
	path, _, _ := strings.Cut(f.home.site.ArticlePath, "$1")
	return f.home.server() + path
}

// At opens (once) the session of a place. ErrNotAllowed when the operator has not named its host.
// A wiki that could not be opened is not tried again for a quarter of an hour.
func (f *Farm) At(ctx context.Context, p Place) (*Session, error) {
	if f.IsHome(p) {
		return f.home, nil
	}
	u, err := f.address(ctx, p)
	if err != nil {
		return nil, err
	}
	if !f.allows(hostKey(u)) {
		return nil, fmt.Errorf("%s: %w; next: add it to HOSTS to let the bot read there", hostKey(u), ErrNotAllowed)
	}
	f.mu.Lock()
	o := f.opened[p.Key]
	if o == nil {
		o = &opened{}
		f.opened[p.Key] = o
	}
	f.mu.Unlock()
	return o.get(ctx, f.set.Now, func() (*Session, error) { return f.find(ctx, p, u) })
}

// address of a place: its key, or where GlobalUsage knew no URL a host name or
// a database name that the home wiki's sitematrix knows.
func (f *Farm) address(ctx context.Context, p Place) (*url.URL, error) {
	if u, err := url.Parse(p.Key); err == nil && u.Host != "" {
		return u, nil
	}
	if m, err := f.siteMatrix(ctx); err == nil {
		if site, ok := m.byName[p.Key]; ok {
			return url.Parse(site.url)
		}
	}
	u, err := url.Parse("https://" + p.Key + "/")
	if err != nil || u.Host == "" || !strings.ContainsAny(u.Host, ".:") || u.User != nil {
		return nil, fmt.Errorf("wiki %q: %w; its address is not known", clip(p.Key, 80), ErrNotAllowed)
	}
	return u, nil
}

// Close lets go of the idle connections of all wikis but home.
func (f *Farm) Close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, o := range f.opened {
		if s := o.value(); s != nil {
			s.Close()
		}
	}
	if t, ok := f.set.Transport.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}

// hostKey is host[:port] in lower case, without the port that the scheme implies.
func hostKey(u *url.URL) string {
	port := u.Port()
	if port == "" || (u.Scheme == "https" && port == "443") || (u.Scheme == "http" && port == "80") {
		name := strings.ToLower(u.Hostname())
		if strings.Contains(name, ":") {
			return "[" + name + "]"
		}
		return name
	}
	return net.JoinHostPort(strings.ToLower(u.Hostname()), port)
}

// once is a value fetched once. A failure stands for restAfterFailure.
type once[T any] struct {
	mu     sync.Mutex
	got    bool
	v      T
	err    error
	failed time.Time
}

// get the value, fetched if need be. Who comes while it is being fetched waits.
func (o *once[T]) get(ctx context.Context, now func() time.Time, fetch func() (T, error)) (T, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.got || (o.err != nil && now().Sub(o.failed) < restAfterFailure) {
		return o.v, o.err
	}
	o.v, o.err = fetch()
	if o.err != nil && ctx.Err() != nil {
		err := o.err
		o.err = nil // the caller gave up, which says nothing about the wiki
		return o.v, err
	}
	o.got, o.failed = o.err == nil, now()
	return o.v, o.err
}

func (o *once[T]) value() T {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.v
}
