package wiki

import (
	"context"
	"fmt"

	"github.com/antonholmquist/jason"
)

// Post sends one write (edit, echocreateevent, emailuser, move, delete, options…).
// It adds the token, assert, assertuser and maxlag. Errors are *Error,
// *HTTPError or *UnknownOutcome; *Unreachable when nothing was sent.
func (w *Writer) Post(ctx context.Context, p Params) (*jason.Object, error) {
	switch action := p["action"]; {
	case action == "" || action == "login" || action == "logout" || action == "clientlogin":
		return nil, fmt.Errorf("action %q is no write", action)
	case readActions[action]:
		return nil, fmt.Errorf("action %q only reads: ask the session", action)
	}
	a, err := w.s.do(ctx, call{p: p, write: true})
	if err != nil {
		return nil, err
	}
	return a.root, nil
}
