package e2e_test

import (
	"flag"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"filewarden/tests/e2e"
	"filewarden/tests/faults"

	"github.com/google/go-cmp/cmp"
)

var killSeed = flag.Uint64("kill-seed", 0, "repeat the kills of this seed; 0 draws one")

// Two bots audit one wiki. One of them is killed again and again; in the end
// both must say the same.
func TestKilledInTheMiddleOfAnAuditTheReportsAreThoseOfABotThatWasNot(t *testing.T) {
	if *killSeed == 0 {
		*killSeed = rand.Uint64N(1_000_000) + 1
	}
	t.Logf("seed %d; repeat with -kill-seed %[1]d", *killSeed)
	random := rand.New(rand.NewPCG(*killSeed, 1))
	s := newCodeStage(t)
	s.library()
	steady := e2e.NewOperator(t, s.Wiki, s.AddUser("Steadywarden", "bot"))
	steady.Config(codeConfig(""))
	proxy := faults.NewProxy(t, s.API)
	s.o.Set("API", proxy.API)
	killed := 0
	for _, round := range []struct {
		change func()
		edits  int // among so many edits of a pass the kill is drawn
	}{
		{func() {}, 4},
		{func() {
			s.admin(hoverPage, onStep+fromTail)
			s.admin("MediaWiki:Gadget-clock.js", offStep)
			s.admin("MediaWiki:Vector.js", offStep)
			s.Move(s.Admin, "Module:Icon", "Module:Symbol", true)
			s.Delete(s.Admin, "MediaWiki:Common.css", "a test")
		}, 2},
	} {
		round.change()
		steady.Must("once", "provenance")
		for _, edits := range []bool{true, false, true} {
			n := 1 + random.IntN(round.edits)
			if !edits {
				n = 10 + random.IntN(20)
			}
			if s.killAt(proxy, edits, n, random.IntN(3)) {
				killed++
			}
		}
		s.audit()
	}
	if killed < 4 {
		t.Errorf("only %d kills struck", killed)
	}
	t.Logf("%d kills", killed)
	for _, page := range s.reports() {
		other := strings.Replace(page, account, "Steadywarden", 1)
		if diff := cmp.Diff(unnamed(s.Text(other)), unnamed(s.Text(page))); diff != "" {
			t.Errorf("%s is not what it would be without kills:\n%s", page, diff)
		}
		if got, want := len(s.History(page)), len(s.History(other)); got > want+killed {
			t.Errorf("%s was edited %d times, want about %d", page, got, want)
		}
	}
	if got, want := len(s.reports()), len(s.pagesBeneath(steady.Page("Provenance")))-1; got != want {
		t.Errorf("%d reports, want %d", got, want)
	}
}

// unnamed takes the account and the times out of a report.
func unnamed(text string) string {
	text = strings.NewReplacer(account, "BOT", "Steadywarden", "BOT").Replace(text)
	return lately.ReplaceAllString(text, "TIME")
}

// killAt ends the program at its n-th request, or at its n-th edit: before the
// wiki hears of it, before its answer, or after it. It returns whether the pass
// lived that long.
func (s *stage) killAt(proxy *faults.Proxy, edits bool, n, phase int) bool {
	s.t.Helper()
	strike, struck := make(chan struct{}), make(chan struct{})
	proxy.Set(func(r faults.Request) faults.Fault {
		if edits && r.Action != "edit" {
			return nil
		}
		if n--; n != 0 {
			return nil
		}
		return func(e *faults.Exchange) {
			if phase > 0 {
				answer, err := e.Forward()
				if phase > 1 && err == nil {
					e.Say(answer)
				}
			}
			close(strike)
			if phase < 2 {
				<-struck
			}
		}
	})
	defer proxy.Set(nil)
	defer close(struck)
	p := s.o.Start("once", "provenance")
	select {
	case <-strike:
		p.Kill()
		return true
	case <-p.Ended():
		if r := p.Wait(); r.Code != 0 {
			s.t.Fatalf("a pass ended with %d\n%s\n%s", r.Code, r.Out, r.Err)
		}
		return false
	case <-time.After(2 * time.Minute):
		s.t.Fatal("a pass did not end")
	}
	return false
}
