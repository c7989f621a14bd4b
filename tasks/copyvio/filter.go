package copyvio

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"filewarden/tasks/copyvio/casebook"
	"filewarden/tasks/copyvio/provider"
)

// addresses is a list of addresses from the config: example.org is a domain and
// all beneath it, example.org/a/ an address that begins so, /…/ a regular
// expression over the address without its scheme.
type addresses []func(host, rest string) bool

// newAddresses reads a list. A line that cannot be understood matches nothing
// and is told.
func newAddresses(list []string) (a addresses, wrong []error) {
	for _, line := range list {
		match, err := newAddress(strings.TrimSpace(line))
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		a = append(a, match)
	}
	return a, wrong
}

func newAddress(line string) (func(host, rest string) bool, error) {
	if len(line) > 1 && strings.HasPrefix(line, "/") && strings.HasSuffix(line, "/") {
		re, err := regexp.Compile(line[1 : len(line)-1])
		if err != nil {
			return nil, fmt.Errorf("the address %s is no regular expression: %w", line, err)
		}
		return func(host, rest string) bool { return re.MatchString(host + rest) }, nil
	}
	if i := strings.Index(line, "://"); i >= 0 && !strings.Contains(line[:i], "/") {
		line = line[i+3:]
	}
	domain, path, found := strings.Cut(strings.TrimPrefix(line, "*."), "/")
	if domain = strings.ToLower(strings.TrimPrefix(domain, "www.")); domain == "" || strings.ContainsAny(domain, " *") {
		return nil, fmt.Errorf("the address %q has no domain; write it as in example.org or example.org/photos/", line)
	}
	return func(host, rest string) bool {
		beneath := host == domain || strings.HasSuffix(host, "."+domain)
		return beneath && (!found || strings.HasPrefix(rest, "/"+path))
	}, nil
}

// has says whether one of the addresses covers a match, by its picture or its page.
func (a addresses) has(m casebook.Match) bool { return a.covers(m.URL) || a.covers(m.Page) }

func (a addresses) covers(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return false
	}
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	rest := pathOf(u)
	return slices.ContainsFunc(a, func(match func(host, rest string) bool) bool { return match(host, rest) })
}

// pathOf is an address without scheme and host.
func pathOf(u *url.URL) string {
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	return path
}

// filters are applied to what was found, in this order: what is to be withheld,
// what is not for everybody, what says nothing.
type filters struct {
	withhold, blocklist, licensed addresses
	limits                        SafeSearch
}

func newFilters(c Config) (f filters, wrong []error) {
	var w [3][]error
	f.limits = c.SafeSearch
	f.withhold, w[0] = newAddresses(c.Withhold)
	f.blocklist, w[1] = newAddresses(c.Blocklist)
	f.licensed, w[2] = newAddresses(c.Licensed)
	return f, slices.Concat(w[:]...)
}

// state is the first state of a case, by all matches and the ratings, and why.
func (f filters) state(matches []casebook.Match, s *casebook.Safety) (casebook.State, string) {
	if i := slices.IndexFunc(matches, f.withhold.has); i >= 0 {
		return casebook.Withheld, "withhold: " + matches[i].URL
	}
	if why := f.limits.exceeded(s); why != "" {
		return casebook.Aside, "safeSearch: " + why
	}
	return casebook.Open, ""
}

// exceeded names the first rating above its limit, as the Fortuna proposal has
// it; MachineVision, after which it is made, has the limit itself excluded.
func (l SafeSearch) exceeded(s *casebook.Safety) string {
	if s == nil {
		return ""
	}
	for _, r := range []struct {
		name          string
		rating, limit int
	}{{"adult", s.Adult, l.Adult}, {"medical", s.Medical, l.Medical}, {"violence", s.Violence, l.Violence}, {"racy", s.Racy, l.Racy}} {
		if r.rating > r.limit {
			return fmt.Sprintf("%s %d", r.name, r.rating)
		}
	}
	return ""
}

// keep drops matches that say nothing, and marks those that excuse the upload:
// at a place that the file page names as its source, or that the config knows
// as freely licensed.
func (f filters) keep(matches []casebook.Match, named addresses) (kept []casebook.Match) {
	for _, m := range matches {
		switch {
		case f.blocklist.has(m):
			continue
		case named.has(m):
			m.Excused = "named"
		case f.licensed.has(m):
			m.Excused = "licensed"
		}
		kept = append(kept, m)
	}
	return kept[:min(len(kept), maxMatches)]
}

// suspicious says whether a match is one that nothing excuses.
func suspicious(m casebook.Match) bool { return m.Excused == "" }

// matchesOf are those of a provider, as the casebook keeps them.
func matchesOf(found []provider.Match) (all []casebook.Match) {
	for _, m := range found {
		all = append(all, casebook.Match{URL: m.URL, Page: m.Page, Title: m.PageTitle, Percent: m.Percent,
			Kind: string(m.Kind), Provider: m.Provider, Crawled: m.Crawled, Stock: m.Stock})
	}
	return all
}

// maxMatches are kept of one image: the best.
const maxMatches = 30

func safetyOf(s *provider.Safety) *casebook.Safety {
	if s == nil {
		return nil
	}
	return &casebook.Safety{Adult: s.Adult, Spoof: s.Spoof, Medical: s.Medical, Violence: s.Violence, Racy: s.Racy}
}
