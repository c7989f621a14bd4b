package copyvio

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"filewarden/bot/sandbox/picture"
	"filewarden/storage"
	"filewarden/tasks/copyvio/casebook"
	"filewarden/tasks/copyvio/provider/providertest"
)

// every is the step from one death to the next: with 1 the bot dies everywhere,
// which takes two minutes (tests/all does so).
var every = flag.Int("every", 23, "die at every so many-th write and request")

// first is the first death, at another place in each test.
func first(n int, after bool) int {
	if after {
		n += 5
	}
	return n % *every
}

var errDead = errors.New("the process is dead")

// mortal is a memory whose process dies at its n-th write, before or after it
// is on the disk; and with it everything else.
type mortal struct {
	storage.Store
	left  atomic.Int64 // writes to live; 0 or less: no end is near
	after bool
	dead  atomic.Bool
	die   context.CancelFunc
}

func (m *mortal) View(fn func(storage.Tx) error) error {
	if m.dead.Load() {
		return errDead
	}
	return m.Store.View(fn)
}

func (m *mortal) Update(fn func(storage.Tx) error) error {
	if m.dead.Load() {
		return errDead
	}
	if m.left.Add(-1) != 0 {
		return m.Store.Update(fn)
	}
	if m.after {
		if err := m.Store.Update(fn); err != nil {
			return err
		}
	}
	m.end()
	return errDead
}

func (m *mortal) end() {
	m.dead.Store(true)
	m.die()
}

// deadly is a world whose bot dies once and is started again.
type deadly struct {
	*world
	memory *mortal
	store  storage.Store
	lost   int // answers of services
}

// doomed starts the bot anew, to die at its n-th write.
func (d *deadly) doomed(n int, after bool) {
	d.memory = &mortal{Store: d.store, after: after, die: func() {}}
	d.world.store = d.memory
	d.open()
	d.memory.left.Store(int64(n))
}

// pass makes passes until one is complete; who dies is started again.
func (d *deadly) pass() {
	d.t.Helper()
	for range 3 {
		ctx, cancel := context.WithCancel(d.t.Context())
		d.memory.die = cancel
		d.later(3600e9)
		err := d.bot.Round(ctx)
		if err == nil {
			err = d.bot.Pass(ctx, Name, nil)
		}
		cancel()
		if err == nil && !d.memory.dead.Load() {
			return
		}
		if !d.memory.dead.Load() {
			d.t.Fatal(err)
		}
		d.doomed(0, false)
	}
	d.t.Fatal("no pass is complete")
}

// small uploads a photo that is quickly drawn.
func (d *deadly) small(user, name string, n int) string {
	return d.upload(user, name, picture.JPEG(picture.Photo(uint64(n), 96, 72), 80))
}

// life is the whole path of one upload; it says whether the bot lived through.
func (d *deadly) life(n int) {
	d.t.Helper()
	name := fmt.Sprintf("Life %d.jpg", n)
	user := fmt.Sprintf("Una %d", n)
	copied, fine := d.small(user, name, n), d.small("Paul", "Fine "+name, n+10_000)
	d.services.Set(copied, providertest.FullAndPages)
	d.pass()
	if i := d.imageOf(copied); strings.Contains(i.Why, "an answer was lost") && d.billed(copied) <= 2 {
		d.lost++ // perhaps it was paid for; nobody asks again
		return
	}
	if c, known := d.caseOf(copied); !known || c.State != casebook.Open {
		d.t.Fatalf("%s has no open case: %+v", name, d.imageOf(copied))
	}
	d.decide("Rita", "Copyvio/All", copied, casebook.Accepted)
	d.pass()
	d.pass()
	d.check(user, name, copied, fine)
}

// check claims that everything happened, and once.
func (d *deadly) check(user, name, copied, fine string) {
	d.t.Helper()
	for _, sha1 := range []string{copied, fine} {
		if i := d.imageOf(sha1); i.Stage != casebook.Done {
			d.t.Errorf("%s was skipped: %+v", name, i)
		}
		if n := d.billed(sha1); n > 2 {
			d.t.Errorf("%s was paid for with %d units", name, n)
		}
	}
	if c := d.mustCase(copied, casebook.Accepted); c.Action.State != casebook.Acted {
		d.t.Errorf("%s: %+v", name, c.Action)
	}
	if n := strings.Count(d.text("File:"+name), "{{Copyvio"); n != 1 {
		d.t.Errorf("%s has %d tags", name, n)
	}
	edits := 0
	for _, r := range d.wiki.History("File:" + name) {
		if r.User == "FileBot" {
			edits++
		}
	}
	link := "your upload [[:File:" + name
	if n := strings.Count(d.text("User talk:"+user), link); edits != 1 || n != 2 { // found, accepted
		d.t.Errorf("%s: %d edits, %d notices", name, edits, n)
	}
}

func newDeadly(t *testing.T) *deadly {
	w := newWorld(t, config(`"archiveAfter": "4h", "newUploaders": 0`))
	return &deadly{world: w, store: w.store}
}

func TestDyingAtAnyWriteSkipsNothingAndRepeatsNothing(t *testing.T) {
	for _, after := range []bool{false, true} {
		d := newDeadly(t)
		d.doomed(0, false)
		for n := 1 + first(0, after); ; n += *every {
			d.doomed(n, after)
			memory := d.memory
			if d.life(n); t.Failed() {
				t.Fatalf("died at write %d, after it was made: %v", n, after)
			}
			if !memory.dead.Load() {
				t.Logf("a life has less than %d writes; answers that were lost: %d", n, d.lost)
				break
			}
		}
		if d.lost > 2 {
			t.Errorf("%d answers were lost", d.lost)
		}
	}
}

func TestDyingAtAnyRequestSkipsNothingAndRepeatsNothing(t *testing.T) {
	for _, after := range []bool{false, true} {
		d := newDeadly(t)
		var left atomic.Int64
		d.wiki.Fault(func(r *http.Request, next http.Handler, rw http.ResponseWriter) bool {
			if left.Add(-1) != 0 {
				return false
			}
			if after {
				next.ServeHTTP(discard{http.Header{}}, r)
			}
			d.memory.end()
			panic(http.ErrAbortHandler)
		})
		for n := 1 + first(3, after); ; n += *every {
			d.doomed(0, false)
			memory := d.memory
			left.Store(int64(n))
			if d.life(n); t.Failed() {
				t.Fatalf("died at request %d, after it was served: %v", n, after)
			}
			if !memory.dead.Load() {
				t.Logf("a life has less than %d requests", n)
				break
			}
		}
		if d.lost > 0 {
			t.Errorf("%d answers were lost", d.lost)
		}
	}
}

// discard is an answer that nobody hears.
type discard struct{ header http.Header }

func (d discard) Header() http.Header         { return d.header }
func (d discard) Write(b []byte) (int, error) { return len(b), nil }
func (d discard) WriteHeader(int)             {}
