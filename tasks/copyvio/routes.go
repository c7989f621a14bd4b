package copyvio

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"

	"filewarden/bot"
	"filewarden/bot/gate"
	"filewarden/tasks/copyvio/api"
	"filewarden/wikiconfig"
)

// routes serves the review API. It is made at the first request: before, nobody
// knows yet who may write.
func (t *Task) routes(mux *http.ServeMux, env func() (*bot.Env, error)) {
	mux.Handle("/", &lazy{make: func() (http.Handler, error) { return t.reviewAPI(env) }})
}

func (t *Task) reviewAPI(env func() (*bot.Env, error)) (http.Handler, error) {
	e, err := env()
	if err != nil {
		return nil, err
	}
	consumer := ""
	if o, ok := e.Operator.(*Operator); ok && o != nil {
		consumer = o.Consumer
	}
	return api.New(api.Config{Consumer: consumer, Now: e.Now, Log: e.Log, World: func() (api.World, error) {
		e, err := env()
		if err != nil {
			return api.World{}, err
		}
		return api.World{Wiki: e.Wiki, Store: e.Store, Groups: wikiconfig.SectionOf[Config](e.Config, Name).Reviewers,
			Check: func(ctx context.Context) error { return closedTo(ctx, e) }}, nil
	}}), nil
}

// closedTo says why no decision is taken now.
func closedTo(ctx context.Context, env *bot.Env) error {
	if !env.Config.Common(Name).Enabled {
		return api.Closed("the copyright watch is switched off in config.json")
	}
	err := env.Gate.Check(ctx, Name)
	var no *gate.Refused
	if errors.As(err, &no) && no.Reason != gate.TrialOver {
		return api.Closed(fmt.Sprintf("the bot was stopped by %s", no.Page))
	}
	if no != nil {
		return nil
	}
	return err
}

// lazy is a handler that is made when it is first asked for.
type lazy struct {
	mu      sync.Mutex
	make    func() (http.Handler, error)
	handler http.Handler
}

// ServeHTTP answers 503 for as long as the handler cannot be made.
func (l *lazy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	if l.handler == nil {
		var err error
		if l.handler, err = l.make(); err != nil {
			l.mu.Unlock()
			http.Error(w, "the bot is not ready yet; try again in a minute", http.StatusServiceUnavailable)
			return
		}
	}
	handler := l.handler
	l.mu.Unlock()
	handler.ServeHTTP(w, r)
}
