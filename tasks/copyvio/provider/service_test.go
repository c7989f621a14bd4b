package provider_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"filewarden/storage"
	"filewarden/tasks/copyvio/provider"
	"filewarden/tasks/copyvio/provider/providertest"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"
)

// answering is a Fetch that gives every request the same answer.
func answering(status int, body string, header ...string) provider.Fetch {
	return func(_ context.Context, r *http.Request) (*http.Response, error) {
		a := &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}
		for i := 0; i+1 < len(header); i += 2 {
			a.Header.Set(header[i], header[i+1])
		}
		return a, nil
	}
}

// fixed is a service whose every request has that answer.
func fixed(t *testing.T, name string, fetch provider.Fetch) provider.Service {
	t.Helper()
	s, err := provider.NewService(name, provider.Options{Keys: providertest.Keys("http://search.example"), Fetch: fetch,
		Now: func() time.Time { return time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC) }})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestWhatGoesWrongIsSortedByWhatIsToBeDone(t *testing.T) {
	const html = "\n<!DOCTYPE html><title>502</title>"
	for _, c := range []struct {
		name, service string
		status        int
		body          string
		want          error
	}{
		{"wrong key as Google says it", "google", 400, `{"error":{"code":400,"message":"API key not valid.","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}`, provider.ErrKey},
		{"API not enabled", "google", 403, `{"error":{"code":403,"details":[{"reason":"SERVICE_DISABLED"}]}}`, provider.ErrKey},
		{"billing off", "google", 403, `{"error":{"code":403,"details":[{"reason":"BILLING_DISABLED"}]}}`, provider.ErrBilling},
		{"bad request", "google", 400, `{"error":{"code":400,"message":"no"}}`, provider.ErrPicture},
		{"page instead of refusal", "google", 403, html, provider.ErrNotService},
		{"page of Google's own about trouble", "google", 502, html, provider.ErrLater},
		{"page instead of an answer", "google", 200, "\ufeff" + html, provider.ErrNotService},
		{"empty answer", "google", 200, ``, provider.ErrUnreadable},
		{"too few responses", "google", 200, `{"responses":[]}`, provider.ErrUnreadable},
		{"too many responses", "google", 200, `{"responses":[{},{}]}`, provider.ErrUnreadable},
		{"no list", "google", 200, `{"responses":{}}`, provider.ErrUnreadable},
		{"null", "google", 200, `{"responses":[null]}`, nil},
		{"wrong address", "tineye", 404, `{}`, provider.ErrNotService},
		{"code in the body", "tineye", 200, `{"code":402,"messages":["X","none left"],"results":[]}`, provider.ErrBilling},
		{"old form of a plain picture", "tineye", 500, `{"code":500,"messages":["NO_SIGNATURE_ERROR","too plain"],"results":[]}`, provider.ErrPicture},
		{"no results", "tineye", 200, `{"code":200,"results":[]}`, provider.ErrUnreadable},
		{"error under 200", "yandex", 200, `{"code":3,"message":"no"}`, provider.ErrUnreadable},
		{"too many", "yandex", 429, `{"code":8}`, provider.ErrLater},
		{"unasked answer", "contract", 200, `{"answers":[{"sha1":"x"}]}`, provider.ErrUnreadable},
		{"teapot", "contract", 418, `{"error":{"message":"no"}}`, provider.ErrPicture},
	} {
		t.Run(c.name, func(t *testing.T) {
			answers, err := fixed(t, c.service, answering(c.status, c.body)).Ask(t.Context(), hundred()[:1])
			if !errors.Is(err, c.want) || len(answers) != 1 {
				t.Fatalf("%d answers, the error is %v; want %v", len(answers), err, c.want)
			}
			var e *provider.Error
			if c.want != nil && (!errors.As(err, &e) || e.Provider != c.service || e.Next == "" || !strings.Contains(err.Error(), c.service)) {
				t.Errorf("%q does not say which service and what to do", err)
			}
		})
	}
}

func TestOfABrokenBatchWhatArrivedWholeCounts(t *testing.T) {
	full := `{"webDetection":{"fullMatchingImages":[{"url":"https://a.example/1"}]}}`
	body := `{"responses":[` + full + `,{},{"webDetection":{"fullMatch`
	answers, err := fixed(t, "google", answering(200, body)).Ask(t.Context(), hundred()[:4])
	if !errors.Is(err, provider.ErrUnreadable) || len(answers[0].Matches) != 1 || answers[0].Err != nil || answers[1].Err != nil {
		t.Errorf("answers are %+v, the error %v", answers, err)
	}
	for _, a := range answers[2:] {
		if !errors.Is(a.Err, provider.ErrUnreadable) {
			t.Errorf("the lost one says %v", a.Err)
		}
	}
}

func TestSafetyAndMatchesAreKeptBesideAnError(t *testing.T) {
	body := `{"responses":[{"safeSearchAnnotation":{"adult":"LIKELY","racy":"NEW_WORD"},"error":{"code":14}},
		{"webDetection":{"partialMatchingImages":[{"url":"http://a.example/"}]},"error":{"code":4}}]}`
	answers, err := fixed(t, "google", answering(200, body)).Ask(t.Context(), hundred()[:2])
	if err != nil || !errors.Is(answers[0].Err, provider.ErrLater) || *answers[0].Safety != (provider.Safety{Adult: 4}) {
		t.Errorf("the first is %+v, %v", answers[0], err)
	}
	if answers[1].Err != nil || answers[1].Matches[0].Percent != 60 || answers[1].Matches[0].Kind != provider.Partial {
		t.Errorf("the second is %+v", answers[1])
	}
}

func TestHowLongAServiceWantsToBeLeftAloneIsHeeded(t *testing.T) {
	for header, want := range map[string]time.Duration{
		"120": 2 * time.Minute, "Sun, 22 Nov 2026 09:05:00 GMT": 5 * time.Minute, "99999999": 24 * time.Hour, "soon": 0, "-5": 0,
	} {
		_, err := fixed(t, "yandex", answering(429, "{}", "Retry-After", header)).Ask(t.Context(), hundred()[:1])
		var e *provider.Error
		if !errors.As(err, &e) || e.After != want {
			t.Errorf("%q is read as %v", header, e.After)
		}
	}
}

func TestATinEyeMatchHasItsScoreItsFirstDayAndItsTag(t *testing.T) {
	w := newWorld(t, providertest.Options{Default: providertest.Stock}).only(providertest.TinEye)
	got := w.ask(hundred()[:1])[0].Matches
	id := hundred()[0].SHA1[:8]
	want := []provider.Match{{URL: "https://stock.example.com/" + id + ".jpg", Page: "https://stock.example.com/buy/" + id, Percent: 97,
		Kind: provider.Full, Provider: "tineye", Crawled: time.Date(2016, 3, 24, 0, 0, 0, 0, time.UTC), Stock: true}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTinEyeIsNotAskedWhenNothingIsLeftOfWhatWasPaid(t *testing.T) {
	w := newWorld(t, providertest.Options{Searches: 2}).only(providertest.TinEye)
	w.ask(hundred()[:1])
	if f := w.figure(providertest.TinEye); f.Left != 2 || f.LeftAt.IsZero() {
		t.Errorf("the figures say that %d are left", f.Left)
	}
	w.ask(hundred()[1:2])
	w.now = w.now.Add(2 * time.Hour)
	w.wantStates(w.ask(hundred()[2:4]), provider.Waiting)
	if n := w.server.Requests(providertest.TinEye); n != 2 {
		t.Errorf("there were %d requests, want 2", n)
	}
}

func TestBatchesStayWithinWhatGoogleTakes(t *testing.T) {
	w := newWorld(t, providertest.Options{}).only(providertest.Google)
	var images []provider.Image
	for i := range 12 {
		images = append(images, imageOf(bytes.Repeat([]byte{byte(i)}, 1_200_000), 960, 640))
	}
	w.wantStates(w.ask(images), provider.Nothing)
	if n := w.server.Requests(providertest.Google); n != 2 {
		t.Errorf("there were %d requests, want 2", n)
	}
	for _, fault := range w.server.Faults() {
		t.Error(fault)
	}
}

func TestAPictureTooBigForOneServiceGoesToTheNext(t *testing.T) {
	w := newWorld(t, providertest.Options{Default: providertest.FullAndPages}).only(providertest.Yandex, providertest.Contract)
	use := w.config.Services[providertest.Yandex]
	use.Costs = 0
	w.config.Services[providertest.Yandex] = use
	big := imageOf(bytes.Repeat([]byte{1}, 3<<20), 4000, 4000)
	fits := imageOf(bytes.Repeat([]byte{1}, 3_145_728/4*3), 4000, 4000)
	results := w.ask([]provider.Image{big, fits})
	w.wantStates(results, provider.Found)
	if w.server.Requests(providertest.Yandex) != 1 || !strings.Contains(results[0].Notes[providertest.Yandex], "thumbnail") {
		t.Errorf("yandex had %d requests; the notes are %v", w.server.Requests(providertest.Yandex), results[0].Notes)
	}
}

// A service that refuses a batch for one of its pictures does not spoil the others.
func TestOneBadPictureDoesNotSpoilItsBatch(t *testing.T) {
	w := newWorld(t, providertest.Options{Default: providertest.FullAndPages}).only(providertest.Google)
	whole, bad := w.fetch, []byte(`not valid`)
	w.fetch = func(ctx context.Context, r *http.Request) (*http.Response, error) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		if r.Body = io.NopCloser(bytes.NewReader(body)); bytes.Contains(body, []byte("bm90IHZhbGlk")) {
			return answering(400, `{"error":{"code":400,"message":"no picture"}}`)(ctx, r)
		}
		return whole(ctx, r)
	}
	images := slices.Insert(slices.Clone(hundred()[:10]), 4, imageOf(bad, 1, 1))
	n := states(w.ask(images))
	if n[provider.Found] != 10 || n[provider.Refused] != 1 {
		t.Errorf("states are %v", n)
	}
	w.wantBilled(providertest.Google, 1)
	if units := w.figure(providertest.Google).Today.Units; units != 20 {
		t.Errorf("%d units are counted, want 20", units)
	}
}

func TestNamesThatCannotBeAskedGetTheReason(t *testing.T) {
	w := newWorld(t, providertest.Options{}).only(providertest.Google)
	w.config.Services["bing"] = provider.Use{Uploads: true}
	w.config.Services["Pixsy"] = provider.Use{Checks: true}
	w.config.Services["nobody"] = provider.Use{Uploads: true}
	said := fmt.Sprint(w.desk.Problems(w.config))
	for _, want := range []string{"Bing Visual Search", "2025-08-11", "google, yandex or tineye instead", "Pixsy publishes no API", "asking nobody"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q does not say %q", said, want)
		}
	}
	w.only("bing")
	if _, err := w.desk.Ask(t.Context(), provider.Inquiry{Config: w.config, Images: hundred()[:1]}); err == nil {
		t.Error("an inquiry that nobody can answer is no error")
	}
}

func TestADeskRefusesSettingsThatCannotWork(t *testing.T) {
	for name, keys := range map[string]provider.Keys{
		"yandex":  {Yandex: provider.YandexKey{Key: "k"}},
		"Mine":    {Contracts: map[string]provider.ContractKey{"Mine": {URL: "https://a.example/"}}},
		"tineye":  {Contracts: map[string]provider.ContractKey{"tineye": {URL: "https://a.example/"}}},
		"address": {Contracts: map[string]provider.ContractKey{"address": {URL: "a.example"}}},
	} {
		_, err := provider.NewDesk(provider.Options{Keys: keys, Store: storage.Memory(), Now: time.Now, Log: zerolog.Nop()})
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}

func TestHostsAreThoseOfServicesWithAKey(t *testing.T) {
	got := provider.Hosts(provider.Keys{Google: provider.GoogleKey{Token: "t"}, Yandex: provider.YandexKey{Key: "k"},
		Contracts: map[string]provider.ContractKey{"a": {URL: "https://a.example:8443/images"}}})
	want := []string{"a.example:8443", "searchapi.api.cloud.yandex.net", "vision.googleapis.com"}
	if !slices.Equal(got, want) {
		t.Errorf("hosts are %v", got)
	}
}
