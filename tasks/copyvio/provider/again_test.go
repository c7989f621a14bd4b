package provider_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"filewarden/tasks/copyvio/provider"
	"filewarden/tasks/copyvio/provider/providertest"
)

func TestWhatMayHaveBeenBilledStaysCounted(t *testing.T) {
	w := newWorld(t, providertest.Options{Default: providertest.Lost}).only(providertest.TinEye)
	w.ask(hundred()[:2])
	if c := w.figure(providertest.TinEye).Month; c.Units != 2 || c.Doubtful != 2 {
		t.Errorf("the figures are %+v", c)
	}
}

func TestAnImageThatFailsByItselfIsGivenUpAfterSomeTries(t *testing.T) {
	w := newWorld(t, providertest.Options{}).only(providertest.Google)
	w.server.Set(hundred()[3].SHA1, providertest.ImageError)
	n := states(w.settle(hundred()[:16], 7))
	if n[provider.Nothing] != 15 || n[provider.Refused] != 1 || w.server.Requests(providertest.Google) != 8 {
		t.Errorf("states are %v after %d requests", n, w.server.Requests(providertest.Google))
	}
	w.wantBilled(providertest.Google, 1)
}

func TestAnImageThatStandsTwiceInAnInquiryIsSentOnce(t *testing.T) {
	w := newWorld(t, providertest.Options{}).only(providertest.Google)
	twice := hundred()[0]
	twice.SHA1 = strings.ToUpper(twice.SHA1)
	results, err := w.desk.Ask(t.Context(), provider.Inquiry{Config: w.config, Images: []provider.Image{twice, hundred()[0]}})
	if err != nil || len(results) != 2 || results[0].SHA1 != results[1].SHA1 {
		t.Errorf("results are %+v (%v)", results, err)
	}
	w.wantBilled(providertest.Google, 1)
}

// Who stops the bot does not lose what is being paid for.
func TestARequestUnderWayIsFinishedWhenTheBotIsStopped(t *testing.T) {
	w := newWorld(t, providertest.Options{Default: providertest.FullAndPages}).only(providertest.Yandex)
	ctx, stop := context.WithCancel(t.Context())
	whole := w.fetch
	w.fetch = func(inner context.Context, r *http.Request) (*http.Response, error) {
		answer, err := whole(inner, r)
		if stop(); inner.Err() != nil {
			return nil, inner.Err()
		}
		return answer, err
	}
	if _, err := w.desk.Ask(ctx, provider.Inquiry{Config: w.config, Images: hundred()[:3]}); err == nil {
		t.Error("an inquiry that was stopped says nothing of it")
	}
	w.fetch = whole
	w.wantStates(w.ask(hundred()[:3]), provider.Found)
	w.wantBilled(providertest.Yandex, 1)
	if n := w.server.Requests(providertest.Yandex); n != 3 {
		t.Errorf("there were %d requests, want 3", n)
	}
}

func TestAProcessThatStartsListsWhatTheLastLeftInDoubt(t *testing.T) {
	w := newWorld(t, providertest.Options{}).only(providertest.Google)
	whole := w.fetch
	arrived, end := make(chan struct{}), make(chan struct{})
	w.fetch = func(ctx context.Context, r *http.Request) (*http.Response, error) {
		close(arrived)
		<-end
		return whole(ctx, r)
	}
	over := make(chan struct{})
	first := w.desk
	go func() {
		defer close(over)
		_, _ = first.Ask(t.Context(), provider.Inquiry{Config: w.config, Images: hundred()[:5]})
	}()
	<-arrived
	if list, err := w.desk.Doubtful(); err != nil || len(list) != 0 {
		t.Errorf("while it is under way the doubts are %v (%v)", list, err)
	}
	w.open()
	if list, err := w.desk.Doubtful(); err != nil || len(list) != 5 {
		t.Errorf("after it the doubts are %v (%v)", list, err)
	}
	close(end)
	<-over
}
