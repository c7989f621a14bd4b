package edge

import (
	"io"
	"net/http"
	"testing"

	"filewarden/bot/wiki/mediaurl"
)

// BenchmarkEdges serves one signed file again and again: what verifying costs
// each way, with client, edge, service and origin on one machine.
func BenchmarkEdges(b *testing.B) {
	for _, f := range fronts {
		b.Run(f.name, func(b *testing.B) {
			r := newRig(b, f, both, "unforged")
			uri := sign(b, both, address("Bench.jpg", "parser"), mediaurl.H1, 0)
			client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					answer, err := client.Get("http://" + r.edge + uri)
					if err != nil {
						b.Error(err) // Fatal is for the goroutine of the benchmark
						return
					}
					_, _ = io.Copy(io.Discard, answer.Body) // so that the connection is used again
					answer.Body.Close()
					if got := answer.Header.Get("X-Media-Signature"); got != "valid" {
						b.Errorf("%d, signature %q", answer.StatusCode, got)
						return
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
		})
	}
}
