// Package web is what the bot serves over HTTP: health for whatever watches
// over it, metrics for Prometheus, and the routes that tasks registered.
// It listens on this machine only unless the operator says otherwise, and
// nothing here writes to the wiki.
package web

import (
	"encoding/json"
	"net/http"
	"time"

	"filewarden/bot"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// New returns the handler of all routes:
//
//	GET /health   200 or 503, JSON: which tasks are well
//	GET /metrics  Prometheus text
//	/<task>/…     what a task registered
func New(b *bot.Bot) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /health", health(b))
	mux.Handle("GET /metrics", metrics(b))
	for _, t := range b.Tasks() {
		if t.Routes == nil {
			continue
		}
		name := t.Task.Name()
		inner := http.NewServeMux()
		t.Routes(inner, func() (*bot.Env, error) { return b.Env(name) })
		mux.Handle("/"+name+"/", http.StripPrefix("/"+name, inner))
	}
	return mux
}

// Health is the answer of /health.
type Health struct {
	Status string                `json:"status"` // "ok" or "unhealthy"
	Tasks  map[string]TaskHealth `json:"tasks"`
}

// TaskHealth is one task's part; times are RFC 3339, UTC.
type TaskHealth struct {
	State   string    `json:"state"` // ok, off, running, stopped, failing, overdue
	LastRun time.Time `json:"lastRun,omitzero"`
	NextRun time.Time `json:"nextRun,omitzero"`
	Error   string    `json:"error,omitempty"`
}

// health answers 503 when a task is overdue or its memory cannot be read, so
// that a watchdog restarts the bot; a failing wiki is no reason to.
func health(b *bot.Bot) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		answer, code := Health{Status: "ok", Tasks: map[string]TaskHealth{}}, http.StatusOK
		for _, s := range b.Tasks() {
			name := s.Task.Name()
			state, err := b.TaskState(name)
			if err != nil {
				state = bot.TaskState{State: bot.Failing, Error: err.Error()}
			}
			if err != nil || state.State == bot.Overdue {
				answer.Status, code = "unhealthy", http.StatusServiceUnavailable
			}
			answer.Tasks[name] = TaskHealth{State: string(state.State), LastRun: state.Last, NextRun: state.Next, Error: state.Error}
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(code)
		// The status line is sent; nobody is left to tell of an error.
		_ = json.NewEncoder(w).Encode(answer)
	}
}

// metrics serves the bot's counters and those of the Go runtime.
func metrics(b *bot.Bot) http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collector{b, newDescriptions()}, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return promhttp.HandlerFor(registry, promhttp.HandlerOpts{})
}
