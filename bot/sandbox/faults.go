package sandbox

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// FaultFunc sees every request before the wiki does. It may answer itself and
// return true, or call next with a writer of its own to spoil the answer after
// the wiki has acted, or return false to stand aside.
type FaultFunc func(r *http.Request, next http.Handler, rw http.ResponseWriter) (handled bool)

// Fault installs a fault; nil removes it. It runs without the wiki's lock, so
// it may wait and may call the wiki's methods.
func (w *Wiki) Fault(f FaultFunc) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.fault = f
}

// Lag makes the database seem so many seconds behind: requests with a smaller
// maxlag get the error of that name.
func (w *Wiki) Lag(seconds int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lag = seconds
}

// ReadOnly refuses writes with a reason; an empty reason allows them again.
func (w *Wiki) ReadOnly(reason string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.readOnly = reason
}

// EditRate limits accounts without noratelimit to so many edits a minute;
// 0 is no limit.
func (w *Wiki) EditRate(perMinute int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.opts.EditsPer = perMinute
}

// ServeHTTP implements http.Handler.
func (w *Wiki) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	fault := w.fault
	w.mu.Unlock()
	if fault != nil && fault(r, w.mux, rw) {
		return
	}
	w.mux.ServeHTTP(rw, r)
}

// LoggedRequest is one request to the Action API.
type LoggedRequest struct {
	Method string
	Values url.Values // without passwords and tokens
	Time   time.Time
	Agent  string
	User   string // the account that made it, or an address
}

// Action is the request's action, and for a query its modules.
func (l LoggedRequest) Action() string {
	if l.Values.Get("action") != "query" {
		return l.Values.Get("action")
	}
	var parts []string
	for _, kind := range []string{"generator", "prop", "list", "meta"} {
		if v := l.Values.Get(kind); v != "" {
			parts = append(parts, kind+"="+v)
		}
	}
	return "query " + strings.Join(parts, " ")
}

func (w *Wiki) logRequest(c *call) {
	values := url.Values{}
	for k, v := range c.values {
		if k != "lgpassword" && !strings.HasSuffix(k, "token") {
			values[k] = slices.Clone(v)
		}
	}
	w.requests = append(w.requests, LoggedRequest{c.r.Method, values, c.now, c.r.UserAgent(), c.userName()})
}

// Requests are the API requests so far, oldest first.
func (w *Wiki) Requests() []LoggedRequest {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.requests)
}

// ForgetRequests empties the list of requests.
func (w *Wiki) ForgetRequests() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.requests = nil
}
