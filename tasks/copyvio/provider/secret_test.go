package provider_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"filewarden/tasks/copyvio/provider"
	"filewarden/tasks/copyvio/provider/providertest"
)

// A service, or what stands in between, may repeat the key in its words, and
// an operator may have written one into an address.
func TestNoKeyStandsInAnErrorALogAResultOrTheMemory(t *testing.T) {
	echo := func(_ context.Context, r *http.Request) (*http.Response, error) {
		said, _ := json.Marshal(fmt.Sprint(r.Header, r.URL))
		body := fmt.Sprintf(`{"error":{"message":%s},"messages":["X",%s],"message":%s,"code":500}`, said, said, said)
		return answering(500, body)(nil, r)
	}
	broken := func(_ context.Context, r *http.Request) (*http.Response, error) {
		return nil, &url.Error{Op: "Post", URL: r.URL.String(), Err: errors.New("connection refused")}
	}
	for _, fetch := range []provider.Fetch{echo, broken} {
		w := newWorld(t, providertest.Options{})
		w.keys.Contracts[providertest.Contract] = provider.ContractKey{URL: "http://search.example/?key=in-the-address", Key: providertest.ContractKey}
		w.open()
		w.fetch, w.config.Order = fetch, "all"
		results := w.ask(hundred()[:3])
		figures, err := w.desk.Figures()
		var memory bytes.Buffer
		if err := errors.Join(err, w.store.Backup(&memory)); err != nil {
			t.Fatal(err)
		}
		shown, _ := json.Marshal(w.keys)
		text := fmt.Sprintf("%+v %+v %s %s %v %+v %#v %s", results, figures, memory.String(), w.log.String(), w.keys, w.keys, w.keys, shown)
		if !strings.Contains(text, "asking google") {
			t.Error("nothing went wrong, so nothing is shown")
		}
		for _, key := range []string{providertest.GoogleKey, providertest.TinEyeKey, providertest.YandexKey, providertest.ContractKey} {
			if at := strings.Index(text, key); at >= 0 {
				t.Errorf("a key is shown: …%s…", text[max(0, at-100):at+20])
			}
		}
		if said := fmt.Sprint(results, figures) + w.log.String() + memory.String(); strings.Contains(said, "in-the-address") {
			t.Error("an address with a key is shown")
		}
	}
}
