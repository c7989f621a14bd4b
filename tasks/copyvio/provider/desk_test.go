package provider_test

import (
	"context"
	"errors"
	"net/http"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"filewarden/storage"
	"filewarden/tasks/copyvio/provider"
	"filewarden/tasks/copyvio/provider/providertest"
)

func TestTheNextServiceIsAskedOnlyWhereTheLastFoundNothing(t *testing.T) {
	w := newWorld(t, providertest.Options{}).only(providertest.Google, providertest.TinEye)
	images := hundred()[:20]
	for _, i := range images[:7] {
		w.server.Set(i.SHA1, providertest.FullAndPages)
	}
	n := states(w.ask(images))
	if n[provider.Found] != 7 || n[provider.Nothing] != 13 {
		t.Errorf("states are %v", n)
	}
	if len(w.server.Billed(providertest.Google)) != 20 || len(w.server.Billed(providertest.TinEye)) != 13 {
		t.Errorf("google was asked for %d, tineye for %d; want 20 and 13",
			len(w.server.Billed(providertest.Google)), len(w.server.Billed(providertest.TinEye)))
	}
}

func TestTheCheapestServiceIsAskedFirst(t *testing.T) {
	w := newWorld(t, providertest.Options{Default: providertest.FullAndPages})
	use := w.config.Services[providertest.Yandex]
	use.Costs = 0
	w.config.Services[providertest.Yandex] = use
	w.config.Services[providertest.Google] = provider.Use{Uploads: true, PerDay: 100, PerMonth: 100, Costs: 0.5}
	w.ask(hundred()[:3])
	if w.server.Requests(providertest.Yandex) != 3 || w.server.Requests(providertest.Google) != 0 {
		t.Error("yandex costs least and was not asked first")
	}
}

func TestAllServicesAreAskedAtOnceWhereTheWikiWantsIt(t *testing.T) {
	w := newWorld(t, providertest.Options{Default: providertest.FullAndPages})
	w.config.Order = "all"
	results := w.settle(hundred()[:20], 3)
	w.wantStates(results, provider.Found)
	for _, service := range services() {
		if n := len(w.server.Billed(service)); n != 20 {
			t.Errorf("%s was asked for %d images", service, n)
		}
		w.wantBilled(service, 1)
	}
	best := results[0].Matches[0]
	if best.Provider != providertest.Google || !slices.Equal(best.Also, []string{"contract", "tineye", "yandex"}) ||
		best.Crawled.Format(time.DateOnly) != "2016-03-24" || best.Percent != 100 || best.PageTitle != "Harbour at dawn & more" {
		t.Errorf("the best match is %+v", best)
	}
	seen := map[string]bool{}
	for _, m := range results[0].Matches {
		if seen[m.URL] || strings.Contains(m.URL, "alike") {
			t.Errorf("%s stands there twice, or is only alike", m.URL)
		}
		seen[m.URL] = true
	}
	if len(seen) != 4 {
		t.Errorf("there are %d matches, want 3 images and a page", len(seen))
	}
}

func TestAnAnswerIsNotAskedForAgainButAtAPersonsWord(t *testing.T) {
	w := newWorld(t, providertest.Options{}).only(providertest.Google)
	images := hundred()[:16]
	w.ask(images)
	w.open()
	w.wantStates(w.ask(images), provider.Nothing)
	if n := w.server.Requests(providertest.Google); n != 1 {
		t.Fatalf("there were %d requests", n)
	}
	w.server.SetDefault(providertest.PartialOnly)
	w.wantStates(w.inquire(provider.Inquiry{Images: images, Doubts: true}), provider.Nothing)
	w.wantStates(w.inquire(provider.Inquiry{Images: images, Again: true, For: provider.Checks}), provider.Found)
	w.wantStates(w.ask(images), provider.Found)
	if n := w.server.Requests(providertest.Google); n != 2 {
		t.Errorf("there were %d requests, want 2", n)
	}
}

func TestABudgetHoldsForTheDayAndTheMonthAndOutlivesTheProcess(t *testing.T) {
	w := newWorld(t, providertest.Options{})
	dir := filepath.Join(t.TempDir(), "memory")
	reopen := func() {
		t.Helper()
		if err := w.store.Close(); err != nil {
			t.Fatal(err)
		}
		var err error
		if w.store, err = storage.Open(dir, storage.Options{}); err != nil {
			t.Fatal(err)
		}
		w.open()
	}
	reopen()
	w.only(providertest.Google).budget(providertest.Google, 20, 50) // two units an image: 10 a day, 25 a month
	for day, want := range []int{10, 20, 25, 25} {
		for range 2 {
			results := w.ask(hundred()[:40])
			if n := len(w.server.Billed(providertest.Google)); n != want {
				t.Fatalf("day %d: %d images were billed, want %d", day, n, want)
			}
			until := results[39].Until
			if day < 2 && until != time.Date(2026, 11, 23+day, 0, 0, 0, 0, time.UTC) || day >= 2 && until != time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC) {
				t.Errorf("day %d: the rest waits until %v", day, until)
			}
			reopen()
		}
		w.now = w.now.AddDate(0, 0, 1)
	}
	w.wantStates(w.ask(hundred()[:40]), provider.Nothing, provider.NoBudget)
	w.wantBilled(providertest.Google, 1)
}

func TestTheOperatorsLimitHoldsWhateverTheWikiSays(t *testing.T) {
	w := newWorld(t, providertest.Options{}).only(providertest.TinEye)
	w.keys.Most = map[string]provider.Budget{providertest.TinEye: {PerDay: 3, PerMonth: 10}}
	w.open()
	w.ask(hundred()[:8])
	if n := w.server.Requests(providertest.TinEye); n != 3 {
		t.Errorf("there were %d requests, want 3", n)
	}
}

// The process dies when the request has arrived and nothing of the answer is read.
func TestARequestInTheMiddleOfWhichTheProcessDiesIsNotRepeated(t *testing.T) {
	for _, service := range services() {
		w := newWorld(t, providertest.Options{Default: providertest.FullAndPages}).only(service)
		whole := w.fetch
		w.fetch = func(ctx context.Context, r *http.Request) (*http.Response, error) {
			if _, err := whole(ctx, r); err != nil {
				t.Error(err)
			}
			if !strings.Contains(r.URL.Path, "remaining") {
				runtime.Goexit()
			}
			return whole(ctx, r)
		}
		died := make(chan struct{})
		go func() {
			defer close(died)
			_, _ = w.desk.Ask(t.Context(), provider.Inquiry{Config: w.config, Images: hundred()[:1]})
		}()
		<-died
		w.fetch = whole
		w.open()
		w.wantStates(w.settle(hundred()[:1], 5), provider.Doubtful)
		w.wantBilled(service, 1)
		if list, err := w.desk.Doubtful(); err != nil || len(list) != 1 || list[0].Provider != service {
			t.Errorf("the doubts are %v (%v)", list, err)
		}
		w.wantFigures(service)
		w.wantStates(w.inquire(provider.Inquiry{Images: hundred()[:1], Doubts: true}), provider.Found)
	}
}

func TestADoubtfulImageGoesOnToTheNextService(t *testing.T) {
	w := newWorld(t, providertest.Options{Default: providertest.FullAndPages}).only(providertest.Google, providertest.TinEye)
	whole := w.fetch
	w.fetch = func(ctx context.Context, r *http.Request) (*http.Response, error) {
		answer, err := whole(ctx, r)
		if err == nil && strings.Contains(r.URL.Path, "annotate") {
			answer.Body.Close()
			return nil, errors.New("connection reset by peer")
		}
		return answer, err
	}
	r := w.ask(hundred()[:1])[0]
	if r.State != provider.Found || !slices.Equal(r.Doubts, []string{providertest.Google}) {
		t.Errorf("the state is %d, doubts are %v", r.State, r.Doubts)
	}
}

func TestARequestThatDidNotLeaveIsSentAgain(t *testing.T) {
	w := newWorld(t, providertest.Options{Default: providertest.FullAndPages}).only(providertest.Yandex)
	whole := w.fetch
	w.fetch = func(context.Context, *http.Request) (*http.Response, error) {
		return nil, errors.New("the task did not declare this host")
	}
	r := w.ask(hundred()[:1])[0]
	if r.State != provider.Waiting || w.figure(providertest.Yandex).Ever.Units != 0 {
		t.Errorf("the result is %+v, %+v", r, w.figure(providertest.Yandex))
	}
	w.fetch = whole
	w.wantStates(w.settle(hundred()[:1], 2), provider.Found)
}

func TestAServiceThatFailsInARowIsLeftAloneAndThenProbedWithOneImage(t *testing.T) {
	w := newWorld(t, providertest.Options{Default: providertest.Broken}).only(providertest.Google)
	r := w.ask(hundred())[99]
	if n := w.server.Requests(providertest.Google); n != 3 {
		t.Errorf("there were %d requests, want 3", n)
	}
	if wait := r.Until.Sub(w.now); wait < 9*time.Minute || wait > 11*time.Minute {
		t.Errorf("it is left alone for %v", wait)
	}
	w.open()
	if w.ask(hundred()); w.server.Requests(providertest.Google) != 3 {
		t.Error("a new process forgot that the service fails")
	}
	if f := w.figure(providertest.Google); f.Trouble == "" || f.Until.IsZero() {
		t.Errorf("the figures do not say so: %+v", f)
	}
	w.now = r.Until
	if r = w.ask(hundred())[99]; w.server.Requests(providertest.Google) != 4 || r.Until.Sub(w.now) < 19*time.Minute {
		t.Errorf("after a failed probe there were %d requests, and it is left alone for %v", w.server.Requests(providertest.Google), r.Until.Sub(w.now))
	}
	w.server.SetDefault(providertest.None)
	w.now = r.Until
	w.wantStates(w.ask(hundred()), provider.Nothing)
	if n := w.server.Requests(providertest.Google); n != 4+1+7 {
		t.Errorf("there were %d requests, want one of 1 image and 7 of the other 99", n)
	}
}

func TestWhereAServiceIsOutOfOrderTheNextIsAskedAndWhereItIsBusyNot(t *testing.T) {
	for scene, want := range map[providertest.Scenario]int{
		providertest.KeyRefused: 5, providertest.NoFunds: 5, providertest.BusyThenOK: 0, providertest.Broken: 0, providertest.WebPage: 0,
	} {
		w := newWorld(t, providertest.Options{Default: scene}).only(providertest.Google, providertest.Yandex)
		whole := w.fetch
		w.fetch = func(ctx context.Context, r *http.Request) (*http.Response, error) {
			if strings.Contains(r.URL.Path, "search_by_image") {
				w.server.SetDefault(providertest.FullAndPages)
			}
			return whole(ctx, r)
		}
		results := w.ask(hundred()[:5])
		if n := w.server.Requests(providertest.Yandex); n != want {
			t.Errorf("%s: the next service had %d requests, want %d", scene, n, want)
		}
		if want > 0 {
			w.wantStates(results, provider.Found)
		} else {
			w.wantStates(results, provider.Waiting)
		}
	}
}

func TestARestartTriesAKeyThatWasRefusedAtOnce(t *testing.T) {
	w := newWorld(t, providertest.Options{Default: providertest.FullAndPages}).only(providertest.Google)
	right := w.keys
	w.keys.Google.Key = "wrong"
	w.open()
	w.wantStates(w.ask(hundred()[:1]), provider.Waiting)
	w.keys = right
	w.open()
	w.wantStates(w.ask(hundred()[:1]), provider.Found)
}

func TestServicesAreAskedForTheirPurposeOnly(t *testing.T) {
	w := newWorld(t, providertest.Options{}).only(providertest.Google, providertest.TinEye)
	w.config.Services[providertest.TinEye] = provider.Use{Checks: true, PerDay: 10, PerMonth: 10, Costs: 40}
	w.ask(hundred()[:1])
	if w.server.Requests(providertest.TinEye) != 0 {
		t.Error("tineye was asked about an upload")
	}
	w.inquire(provider.Inquiry{Images: hundred()[:1], For: provider.Checks})
	if w.server.Requests(providertest.TinEye) != 1 || w.server.Requests(providertest.Google) != 1 {
		t.Error("for a check tineye is asked too, and google's answer is known")
	}
}
