package killloop

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"time"

	"filewarden/tests/e2e"
	"filewarden/tests/faults"
	"filewarden/tests/realwiki"
)

var seed = flag.Uint64("seed", 0, "repeat the kills of this seed; 0 draws one")

const (
	onTalk  = 80 // people told on their talk pages
	onPings = 30 // people told by a ping
	kills   = 22
	uses    = 8 // files that may come into use while kills last
)

const config = `{"mode": "live", "editsPerMinute": 600, "notices": {"window": "now", "perDay": 100}}`

// loop is one run of a test.
type loop struct {
	t        *testing.T
	o        *e2e.Operator
	w        *realwiki.Wiki
	random   *rand.Rand
	proxy    *faults.Proxy
	killed   map[string]int // by moment
	finished int            // lives that had nothing left to do
}

// usageLoop is a loop in which people are told of uses.
type usageLoop struct {
	*loop
	talkers []string
	pinged  []string
	used    int // files in use so far
}

// newLoop draws a seed, unless one was given.
func newLoop(t *testing.T, opts ...realwiki.Option) *loop {
	if *seed == 0 {
		*seed = rand.Uint64N(1_000_000) + 1
	}
	t.Logf("seed %d; repeat with -seed %[1]d", *seed)
	w := realwiki.Start(t, opts...)
	return &loop{t: t, w: w, o: e2e.NewOperator(t, w, w.AddUser("FileBot", "bot")),
		random: rand.New(rand.NewPCG(*seed, 1)), killed: map[string]int{}}
}

func TestKilledAtAnyMomentTheBotLosesNothingAndTellsNothingTwice(t *testing.T) {
	l := begin(t)
	l.use()
	for total(l.killed) < kills {
		args := []string{"once", "usage"}
		if l.random.IntN(3) == 0 {
			args = []string{"run"}
		}
		moment, fault := l.death()
		if l.live(moment, fault, args...) {
			l.use()
		}
	}
	l.proxy.Set(nil)
	for range 2 {
		l.o.Must("once", "usage")
	}
	l.judge()
}

// begin makes wiki, people and files, and lets the bot take stock.
func begin(t *testing.T) *usageLoop {
	l := &usageLoop{loop: newLoop(t)}
	w := l.w
	var files []string
	for i := range uses {
		w.Upload(w.Admin, file(i), realwiki.PNG(i))
		files = append(files, "File:"+file(i))
	}
	for i := range onTalk + onPings {
		name, channel := fmt.Sprintf("Talker %d", i), "talk"
		if i < onTalk {
			l.talkers = append(l.talkers, name)
		} else {
			name, channel = fmt.Sprintf("Pinged %d", i), "mention"
			l.pinged = append(l.pinged, name)
		}
		l.o.Register(name)
		l.o.Preferences(name, map[string]any{"channel": channel, "usage": map[string]any{"follow": map[string]any{"files": files}}})
	}
	l.o.Config(config)
	l.o.Must("once", "usage") // the baseline
	l.proxy = faults.NewProxy(t, w.API)
	l.o.Set("API", l.proxy.API)
	return l
}

func file(i int) string { return fmt.Sprintf("Kept %d.png", i) }

// use brings the next file into use, on a page whose name occurs nowhere else.
func (l *usageLoop) use() {
	l.t.Helper()
	if l.used == uses {
		l.t.Fatalf("all %d files are in use and only %v kills are made", uses, l.killed)
	}
	l.w.Edit(l.w.Admin, fmt.Sprintf("Page %d of many", l.used), "[[File:"+file(l.used)+"]]", "a use")
	l.used++
}

// live lets the program run until it is killed, or has nothing left to do: then
// it says so.
func (l *loop) live(moment string, fault killer, args ...string) (finished bool) {
	strike, struck := make(chan struct{}), make(chan struct{})
	l.proxy.Set(fault(strike, struck))
	defer close(struck)
	p := l.o.Start(args...)
	idle := time.NewTimer(40 * time.Second)
	defer idle.Stop()
	select {
	case <-strike:
		p.Kill()
		l.killed[moment]++
		return false
	case <-idle.C: // it has told everything and waits for its next round
		p.Kill()
	case <-p.Ended():
		if r := p.Wait(); r.Code != 0 {
			l.t.Fatalf("a life ended with %d\n%s\n%s", r.Code, r.Out, r.Err)
		}
	}
	l.finished++
	return true
}

// killer makes the plan by which one life ends: it closes strike, and keeps the
// request until struck is closed.
type killer func(strike, struck chan struct{}) faults.Plan

// death draws the moment of the next kill: at which request, and how far that
// request has come.
func (l *loop) death() (moment string, plan killer) {
	edits := l.random.IntN(4) > 0
	left := 1 + l.random.IntN(40)
	if edits {
		left = 1 + l.random.IntN(9)
	}
	phase := l.random.IntN(4)
	wait := time.Duration(l.random.IntN(80)) * time.Millisecond
	moment = []string{"before the request", "during the request", "before the answer", "after the answer"}[phase]
	if edits {
		moment = strings.NewReplacer("request", "edit", "answer", "edit's answer").Replace(moment)
	}
	return moment, func(strike, struck chan struct{}) faults.Plan {
		return func(r faults.Request) faults.Fault {
			if edits && r.Action != "edit" {
				return nil
			}
			if left--; left != 0 {
				return nil
			}
			return at(phase, wait, strike, struck)
		}
	}
}

// at is a request in which the process dies.
func at(phase int, wait time.Duration, strike, struck chan struct{}) faults.Fault {
	return func(e *faults.Exchange) {
		switch phase {
		case 0:
			close(strike)
			<-struck
		case 1:
			go func() {
				time.Sleep(wait) // anywhere within what the wiki does
				close(strike)
			}()
			faults.LoseAnswer(e)
		case 2:
			_, _ = e.Forward()
			close(strike)
			<-struck
		case 3:
			faults.Pass(e)
			time.AfterFunc(wait, func() { close(strike) })
		}
	}
}

func total(counts map[string]int) (n int) {
	for _, c := range counts {
		n += c
	}
	return n
}

// judge asks the wiki's pages who was told what, how often.
func (l *usageLoop) judge() {
	lost, twice, sections := 0, 0, 0
	count := func(name string, told []string) {
		sections += len(told)
		for i := range l.used {
			page := fmt.Sprintf("Page %d of many", i)
			n := 0
			for _, s := range told {
				if strings.Contains(s, page) {
					n++
				}
			}
			switch {
			case n == 0:
				lost++
				l.t.Errorf("%s was never told of %s", name, page)
			case n > 1:
				twice++
				l.t.Errorf("%s was told of %s %d times", name, page, n)
			}
		}
	}
	for _, name := range l.talkers {
		count(name, split(l.w.Text("User talk:"+name)))
	}
	pings := l.pings()
	for _, name := range l.pinged {
		var own []string
		for _, s := range pings {
			if strings.Contains(s, "[[:User:"+name+"|") {
				own = append(own, s)
			}
		}
		count(name, own)
	}
	l.t.Logf("%d notices to %d people about %d uses; %d kills %v, %d lives had nothing left to do: %d lost, %d twice",
		sections, onTalk+onPings, l.used, total(l.killed), l.killed, l.finished, lost, twice)
	if sections < 100 {
		l.t.Errorf("only %d notices", sections)
	}
}

// pings are the sections of the bot's pages of notices, of the month in which
// the test began and of that in which it ended.
func (l *usageLoop) pings() (sections []string) {
	seen := map[string]bool{}
	for _, at := range []time.Time{time.Now().Add(-time.Hour), time.Now()} {
		title := l.o.Page("Notices/" + at.UTC().Format("2006-01"))
		if !seen[title] {
			sections = append(sections, split(l.w.Text(title))...)
		}
		seen[title] = true
	}
	return sections
}

var heading = regexp.MustCompile(`(?m)^==[^=].*==\s*$`)

// split gives the sections of a page.
func split(text string) (sections []string) {
	begins := heading.FindAllStringIndex(text, -1)
	for i, b := range begins {
		end := len(text)
		if i+1 < len(begins) {
			end = begins[i+1][0]
		}
		sections = append(sections, text[b[0]:end])
	}
	return sections
}
