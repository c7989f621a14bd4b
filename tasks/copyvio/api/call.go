package api

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"filewarden/tasks/copyvio/casebook"
)

// call is one request while it is being answered.
type call struct {
	api     *API
	ctx     context.Context
	r       *http.Request
	world   World
	address string            // the caller's, for limits and as the name of a stranger
	values  map[string]string // of query string and body; the body wins
	posted  map[string]string // of the body
	who     person            // zero: a stranger
	now     time.Time

	version int    // of the format
	errors  string // errorformat

	used     map[string]bool
	limits   object // of parameters that were "max"
	out      object
	warnings []warning
	next     map[string]object // by module: where it goes on
}

var (
	errTooLong  = errors.New("the request is too long")
	errBadParts = errors.New("the body cannot be read")
)

// newCall reads a request within its bounds.
func (a *API) newCall(ctx context.Context, r *http.Request) (*call, error) {
	c := &call{api: a, ctx: ctx, r: r, now: a.now().UTC(), address: a.addressOf(r), version: 1, errors: "bc",
		values: map[string]string{}, posted: map[string]string{}, used: map[string]bool{},
		limits: object{}, out: object{}, next: map[string]object{}}
	if len(r.URL.RawQuery) > mostQuery {
		return c, errTooLong
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return c, errBadParts
	}
	last(c.values, query)
	if r.Method == http.MethodPost {
		if err := readBody(r); err != nil {
			return c, err
		}
		last(c.posted, r.PostForm)
		last(c.values, r.PostForm)
	}
	if len(c.values) > mostParams {
		return c, errTooLong
	}
	c.shape()
	return c, nil
}

// readBody reads a form of either encoding into r.PostForm.
func readBody(r *http.Request) error {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	var err error
	if kind == "multipart/form-data" {
		err = r.ParseMultipartForm(mostBody)
	} else {
		err = r.ParseForm()
	}
	var much *http.MaxBytesError
	switch {
	case errors.As(err, &much):
		return errTooLong
	case err != nil:
		return errBadParts
	}
	if r.MultipartForm != nil {
		r.PostForm = r.MultipartForm.Value
		_ = r.MultipartForm.RemoveAll() // nothing of a body this small is on the disk
	}
	return nil
}

// last keeps of each name the last value, as PHP does, without what is no text.
func last(into map[string]string, from url.Values) {
	for name, values := range from {
		if len(values) > 0 {
			text := strings.ReplaceAll(values[len(values)-1], "\r\n", "\n")
			into[strings.ToValidUTF8(name, "\ufffd")] = strings.ToValidUTF8(text, "\ufffd")
		}
	}
}

// shape finds out how to answer before anything can go wrong.
func (c *call) shape() {
	if v := c.values["formatversion"]; v == "2" || v == "latest" {
		c.version = 2
	}
	if f := c.values["errorformat"]; slices.Contains(errorFormats(), f) {
		c.errors = f
	}
}

func errorFormats() []string { return []string{"plaintext", "wikitext", "html", "none", "bc"} }

func (c *call) warn(module, code, text string, data object) {
	for _, w := range c.warnings {
		if w.module == module && w.text == text {
			return
		}
	}
	c.warnings = append(c.warnings, warning{module, code, text, data})
}

// query is what the modules of a query fill.
func (c *call) query() object {
	if c.out["query"] == nil {
		c.out["query"] = object{}
	}
	return c.out["query"].(object)
}

// execute runs the request in the order of ApiMain: who calls, the main
// parameters, assertions, the module's parameters and token, the module.
func (c *call) execute() error {
	if err := c.identify(); err != nil {
		return err
	}
	main, err := c.read(c.api.main)
	if err != nil {
		return err
	}
	if err := c.assert(main); err != nil {
		return err
	}
	m := c.api.actions[main.text("action")]
	if err := c.run(m); err != nil {
		return inModule(m, err)
	}
	c.warnUnused()
	return nil
}

func (c *call) run(m *module) error {
	if m.write && c.r.Method != http.MethodPost && c.values["token"] == "" {
		return fail("mustbeposted", "The %q module requires a POST request.", m.name)
	}
	a, err := c.read(m)
	if err != nil {
		return err
	}
	if m.write {
		if err := c.admit(); err != nil {
			return err
		}
	}
	return m.run(c, a)
}

// admit says whether a call may write: by POST, with the token in the body, by
// somebody whom the wiki vouched for, not too often, and while the bot may.
func (c *call) admit() error {
	switch {
	case c.posted["token"] == "":
		return fail("mustpostparams", "The following parameter was found in the query string, but must be in the POST body: token.")
	case c.who.Name == "":
		return mustLogIn()
	case !c.api.csrf.valid(c.posted["token"], c.who, c.now):
		return fail("badtoken", "Invalid CSRF token.")
	}
	if wait := c.api.limits.write(c.who.Name, c.now); wait > 0 {
		return rateLimited(wait)
	}
	return c.closed()
}

// closed is the error while the bot takes no decisions.
func (c *call) closed() error {
	if c.world.Check == nil {
		return nil
	}
	var reason Closed
	switch err := c.world.Check(c.ctx); {
	case err == nil:
		return nil
	case errors.As(err, &reason):
		return readOnly("Nothing is decided now: " + string(reason) + ". Nothing was stored.")
	default:
		c.api.log.Warn().Err(err).Msg("a decision was refused: nobody knows whether the bot may take it")
		return readOnly("Nothing is decided now: it could not be found out whether the bot was stopped. Nothing was stored.")
	}
}

// inModule names the module in which an error came up.
func inModule(m *module, err error) error {
	var e *refusal
	if errors.As(err, &e) && e.module == "" {
		e.module = m.path
	}
	return err
}

func (c *call) assert(main args) error {
	known := c.who.Name != ""
	switch {
	case main.text("assert") == "user" && !known:
		return fail("assertuserfailed", "You are no longer logged in, so the action could not be completed.")
	case main.text("assert") == "bot" && !c.who.Rights["bot"]:
		return fail("assertbotfailed", `You do not have the "bot" right, so the action could not be completed.`)
	case main.text("assert") == "anon" && known:
		return fail("assertanonfailed", "You are no longer logged out, so the action could not be completed.")
	}
	if want := main.text("assertuser"); want != "" && !casebook.SameUser(want, c.name()) {
		return fail("assertnameduserfailed", "You are no longer logged in as %q, so the action could not be completed.", clip(want))
	}
	return nil
}

// name of the caller; a stranger's is their address.
func (c *call) name() string {
	if c.who.Name == "" {
		return c.address
	}
	return c.who.Name
}

func (c *call) warnUnused() {
	var unknown []string
	for name := range c.values {
		if !c.used[name] {
			unknown = append(unknown, clip(name))
		}
	}
	if len(unknown) == 0 {
		return
	}
	slices.Sort(unknown)
	c.warn("main", "unrecognizedparams", fmt.Sprintf("Unrecognized %s: %s.",
		plural(len(unknown), "parameter", "parameters"), strings.Join(unknown, ", ")), object{"parameters": unknown})
}
