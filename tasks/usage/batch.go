package usage

import (
	"time"

	"filewarden/bot/wiki"
	"filewarden/storage"
)

// subject is a followed file with what is remembered of it.
type subject struct {
	title  string
	row    fileRow
	known  bool      // it was scanned before
	digest digestRow // where it has one, row is not read until it is needed
	who    []follow
}

// packer puts files together into requests whose rows just fit one answer.
//
// An answer has at most 500 rows of GlobalUsage whatever the limit
// (GlobalUsageQuery::setLimit), so the least number of requests is that of the
// rows divided by 500. A batch that needs a second part costs a request for
// its few last rows, so batches stay a little below; how many rows a file will
// have is known from the last pass, and of a new file guessed by the average.
type packer struct {
	titles []string // still to be scanned
	names  int      // titles in one request
	shared bool     // the wiki has GlobalUsage
	local  int      // rows of prop=fileusage in one answer
	uses   int      // rows found so far, and of how many files: for the average
	files  int
	met    int // files scanned for the first time so far

	digests map[string]digestRow // of the next titles
	ahead   int                  // how many those are
}

// lookAhead is for how many titles digests are read at once.
const lookAhead = 500

const (
	globalRows = 500  // of one answer
	room       = 0.98 // part of an answer that a batch should fill
	guess      = 3.0  // uses of a file while nothing is known
	firstMet   = 50   // files never scanned that a pass begins with; their uses may be many more than the guess
)

func (p *pass) newPacker(titles []string) *packer {
	return &packer{titles: titles, names: p.Wiki.Limit(), shared: p.hasGlobalUsage(), local: 10 * p.Wiki.Limit(),
		uses: p.state.Uses, files: p.state.Files}
}

// load is what a batch asks for: titles and expected rows.
type load struct {
	names         int
	unknown       int // files never scanned
	global, local float64
}

// next takes the next batch off the titles. Files that are not to be scanned
// now are passed over; nil means that there are no more.
func (k *packer) next(p *pass) (batch []*subject, err error) {
	var sum load
	err = p.Store.View(func(tx storage.Tx) error {
		batch, sum = nil, load{}
		for len(k.titles) > 0 {
			s, err := k.subject(tx, p)
			if err != nil {
				return err
			}
			more := k.expect(s)
			if len(batch) > 0 && !k.fits(sum, more) {
				return nil
			}
			k.titles, k.ahead = k.titles[1:], k.ahead-1
			if p.rests(s) {
				continue
			}
			batch = append(batch, s)
			sum = sum.with(more)
		}
		return nil
	})
	return batch, err
}

// subject is the next title with what is remembered of it.
func (k *packer) subject(tx storage.Tx, p *pass) (*subject, error) {
	var err error
	if k.ahead <= 0 {
		k.ahead = min(lookAhead, len(k.titles))
		if k.digests, err = digestsOf(tx, k.titles[:k.ahead]); err != nil {
			return nil, err
		}
	}
	s := &subject{title: k.titles[0], who: p.followed.of(k.titles[0])}
	if s.digest, s.known = k.digests[s.title]; s.known {
		return s, nil
	}
	s.row, s.known, err = fileTable.Get(tx, s.title)
	return s, err
}

// with adds two loads.
func (l load) with(more load) load {
	return load{l.names + more.names, l.unknown + more.unknown, l.global + more.global, l.local + more.local}
}

// busyRest is how long a file with too many uses is not looked at.
const busyRest = 7 * 24 * time.Hour

// rests says whether a file is not to be scanned now.
func (p *pass) rests(s *subject) bool {
	return s.row.Deleted != 0 || (s.row.Busy != 0 && p.start.Sub(time.Unix(s.row.Busy, 0)) < busyRest)
}

// expect says what a file will add to a batch.
func (k *packer) expect(s *subject) load {
	l := load{names: 1 + len(s.row.Aliases)}
	switch {
	case s.digest.Sum != "":
		l.global, l.local = float64(s.digest.Global), float64(s.digest.Local)
	case s.row.Busy != 0:
		l.global = globalRows // alone
	case !s.known || s.row.Since == 0:
		l.global, l.unknown = k.average(), 1
	default:
		for _, u := range s.row.Uses {
			if s.row.Wikis[u.Wiki] == "" {
				l.local++
			} else {
				l.global++
			}
		}
	}
	if !k.shared { // clients are asked for theirs in requests of their own
		l.global, l.local = 0, l.global+l.local
	}
	return l
}

func (k *packer) average() float64 {
	if k.files < 20 {
		return guess
	}
	return float64(k.uses) / float64(k.files)
}

func (k *packer) fits(sum, more load) bool {
	return sum.names+more.names <= k.names &&
		sum.unknown+more.unknown <= max(firstMet, 2*k.met) &&
		sum.global+more.global <= room*globalRows &&
		sum.local+more.local <= room*float64(k.local)
}

// found notes how many uses a file turned out to have.
func (k *packer) found(s *subject, uses int) {
	k.uses += uses
	k.files++
	if !s.known {
		k.met++
	}
}

// usesParams ask for all uses. Without GlobalUsage only those on this wiki.
func (p *pass) usesParams() wiki.Params {
	if !p.hasGlobalUsage() {
		return wiki.Params{"prop": "fileusage", "fulimit": "max"}
	}
	return wiki.Params{"prop": "globalusage|fileusage", "guprop": "url|pageid|namespace",
		"gulimit": "max", "gunamespace": wiki.Empty, "fulimit": "max"}
}

func (p *pass) hasGlobalUsage() bool {
	_, ok := p.Wiki.Site().Extensions["Global Usage"]
	return ok
}
