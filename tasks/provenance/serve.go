package provenance

import (
	"cmp"
	"context"
	"errors"
	"time"

	"filewarden/bot"
	"filewarden/tasks/provenance/edge"
)

// Serve answers the servers at a CDN's edge, without wiki, memory or login.
type Serve struct {
	Keys    string        `required:"" placeholder:"FILE" help:"File of keys: a line holds an id, a space and a secret in base64. Refused when others can read it; read again when it changes, and at SIGHUP."`
	Fresh   time.Duration `default:"24h" placeholder:"TIME" help:"How long a signature counts: ${default} unless said otherwise."`
	Require string        `enum:"none,unforged,signed,valid" default:"unforged" placeholder:"WHAT" help:"What an address needs to be let through: none, unforged (unless said otherwise), signed or valid."`
}

// serveAddress is where Serve listens unless told otherwise: beside run's own.
const serveAddress = "127.0.0.1:8378"

// glance is how often the file of keys is looked at. Rotation waits for hours;
// a look costs microseconds.
const glance = 2 * time.Second

// Help is what --help says beyond the one line.
func (Serve) Help() string {
	return `A server asks GET /verify with the client's address in X-Original-URI, or GET /verify/…
with the address in place of the dots. The answer is 204 to let it through or 403, with

  X-Media-Signature  valid, stale, bad or none
  X-Media-Source     web, api, dumps or unknown
  X-Media-Age        seconds since it was signed, when the signature is valid or stale

--require      valid  stale  none   bad
  none         204    204    204    204
  unforged     204    204    204    403
  signed       204    204    403    403
  valid        204    403    403    403

GET /health says which keys are in use and counts the answers. --listen takes HOST:PORT
(127.0.0.1:8378 unless said otherwise) or unix:/PATH. SIGTERM lets open requests end.
templates/edge has configurations for HAProxy, Varnish and nginx.`
}

// Validate refuses a time in which nothing would be fresh.
func (s Serve) Validate() error {
	if s.Fresh <= 0 {
		return errors.New("--fresh needs a time above zero, such as 24h")
	}
	return nil
}

// Run answers until it is stopped.
func (s Serve) Run(c *bot.Console) error {
	ring, err := edge.OpenRing(s.Keys, c.Log)
	if err != nil {
		return err
	}
	listener, err := edge.Listen(cmp.Or(c.Listen, serveAddress))
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(c.Ctx)
	defer stop()
	ticker := time.NewTicker(glance)
	defer ticker.Stop()
	go ring.Watch(ctx, c.Hangup(), ticker.C)
	c.Log.Info().Stringer("address", listener.Addr()).Stringer("keys", ring).Str("require", s.Require).Msg("answering")
	handler := edge.New(edge.Settings{
		Keys: ring.Keys, Fresh: s.Fresh, Require: edge.Require(s.Require), Now: time.Now, Log: c.Log,
	})
	err = edge.Serve(ctx, listener, handler, c.Log)
	c.Log.Info().Interface("answers", handler.Health().Answers).Msg("stopped")
	return err
}
