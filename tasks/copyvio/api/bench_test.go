package api_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"filewarden/tasks/copyvio/api"
	"filewarden/tasks/copyvio/casebook"
)

// BenchmarkListOfManyCases asks for a page out of ten thousand open cases:
// with a survey each time, and with one that is still good.
func BenchmarkListOfManyCases(b *testing.B) {
	w := newWorld(b)
	var all []casebook.Case
	for n := range 10_000 {
		all = append(all, openCase(n))
		if len(all) == 1000 {
			w.keep(all...)
			all = nil
		}
	}
	handler := api.New(w.config)
	for name, pause := range map[string]time.Duration{"survey": time.Hour, "surveyed": 0} {
		b.Run(name, func(b *testing.B) {
			n := 0
			for b.Loop() {
				w.pass(pause)
				r := httptest.NewRequest(http.MethodGet, "/api.php?action=query&list=unreviewedimagematches&uimlimit=max", nil)
				r.RemoteAddr = fmt.Sprintf("10.0.%d.%d:9", n/256%256, n%256) // everybody has a limit
				n++
				handler.ServeHTTP(httptest.NewRecorder(), r)
			}
		})
	}
}
