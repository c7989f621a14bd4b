package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// module is one module of the Action API.
type module struct {
	name   string
	path   string // as in warnings and errors: "query+info" is "info" in bc
	prefix string
	params []param
	write  bool   // needs the wiki to be writable
	post   bool   // takes POST only
	token  string // kind of token it needs
	run    func(*call, args) error
}

// call is one request to the API while it is being answered.
type call struct {
	w      *Wiki
	rw     http.ResponseWriter
	r      *http.Request
	values url.Values
	body   url.Values // what came by POST only
	login  *login     // nil for an anonymous caller
	sess   *session
	rights []string
	now    time.Time

	used     map[string]bool
	limits   M
	out      M
	warnings []warning
	plain    bool // errorformat is plaintext, not bc
	module   *module

	cont       *continuation // of the query that is running
	generating bool          // a list runs as a generator
}

type warning struct {
	module, code, text string
	data               M
}

func (c *call) can(right string) bool { return slices.Contains(c.rights, right) }

func (c *call) value(name string) (string, bool) {
	v, ok := c.values[name]
	if !ok {
		return "", false
	}
	return strings.ReplaceAll(v[len(v)-1], "\r\n", "\n"), true
}

// userName is the name under which the caller edits.
func (c *call) userName() string {
	if c.login != nil {
		return c.login.account.name
	}
	return clientIP(c.r)
}

func (c *call) warn(module, code, text string, data M) {
	for _, w := range c.warnings {
		if w.module == module && w.text == text {
			return
		}
	}
	c.warnings = append(c.warnings, warning{module, code, text, data})
}

// query is the object of that name in the answer.
func (c *call) query() M { return child(c.out, "query") }

func child(m M, key string) M {
	if m[key] == nil {
		m[key] = M{}
	}
	return m[key].(M)
}

func (w *Wiki) serveAPI(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	c, err := w.newCall(rw, r)
	if err != nil {
		http.Error(rw, "Bad Request", http.StatusBadRequest)
		return
	}
	if c.values.Get("action") == "" && len(c.values) == 0 {
		writeHelp(rw)
		return
	}
	w.logRequest(c)
	err = c.execute()
	c.reply(rw, err)
}

func (w *Wiki) newCall(rw http.ResponseWriter, r *http.Request) (*call, error) {
	if err := parseBody(r); err != nil {
		return nil, err
	}
	c := &call{w: w, rw: rw, r: r, values: r.Form, body: r.PostForm, used: map[string]bool{}, limits: M{}, out: M{}, now: w.now()}
	if r.MultipartForm != nil {
		c.body = r.MultipartForm.Value
	}
	c.sess = w.session(r)
	c.login = c.sess.login
	if l, sent := w.bearer(r); sent {
		c.login = l
	}
	c.rights = w.rightsOf(c.login)
	c.plain = c.values.Get("errorformat") != "" && c.values.Get("errorformat") != "bc"
	return c, nil
}

func parseBody(r *http.Request) error {
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		return r.ParseMultipartForm(16 << 20)
	}
	return r.ParseForm()
}

// execute runs the request in the order of ApiMain::executeAction: asserts,
// parameters and token, read-only, replication lag, module.
func (c *call) execute() error {
	main, err := c.read(c.w.main, "")
	if err != nil {
		return err
	}
	if err := c.refuseOtherFormats(main); err != nil {
		return err
	}
	if bearer := c.r.Header.Get("Authorization"); bearer != "" && c.login == nil {
		return fail("mwoauth-invalid-authorization", "The authorization headers in your request are not valid: %s", "Invalid access token")
	}
	m, ok := c.w.actions[main.str("action")]
	if !ok || c.w.opts.NoEcho && strings.HasPrefix(m.name, "echo") || m.name == "spamblacklist" && !c.w.opts.SpamBlacklist {
		return badValue("action", main.str("action"))
	}
	c.module = m
	if err := c.checkAsserts(main); err != nil {
		return err
	}
	if main.flag("curtimestamp") {
		c.out["curtimestamp"] = isoTime(c.now)
	}
	if id, ok := c.value("requestid"); ok {
		c.out["requestid"] = id
	}
	return c.runAction(m, main)
}

func (c *call) runAction(m *module, main args) error {
	if m.post && c.r.Method != http.MethodPost {
		if m.token != "" && c.values.Get("token") != "" {
			return fail("mustpostparams", "The following parameter was found in the query string, but must be in the POST body: token.")
		}
		if m.token != "" {
			return missingParam("token")
		}
		return fail("mustbeposted", "The %q module requires a POST request.", m.name)
	}
	a, err := c.read(m, m.prefix)
	if err != nil {
		return c.inModule(m, err)
	}
	if err := c.checkToken(m); err != nil {
		return c.inModule(m, err)
	}
	if m.write && c.w.readOnly != "" {
		return c.inModule(m, fail("readonly", "The wiki is currently in read-only mode.").with(M{"readonlyreason": c.w.readOnly}))
	}
	if err := c.checkLag(main); err != nil {
		return err
	}
	if err := m.run(c, a); err != nil {
		return c.inModule(m, err)
	}
	c.warnUnused()
	return nil
}

func (c *call) inModule(m *module, err error) error {
	var e *apiError
	if errors.As(err, &e) && e.module == "" {
		e.module = m.path
	}
	return err
}

func (c *call) refuseOtherFormats(main args) error {
	if main.str("format") != "json" || main.str("formatversion") != "2" {
		return fail("sandbox-format", "The sandbox answers format=json with formatversion=2 only.")
	}
	return nil
}

func (c *call) checkAsserts(main args) error {
	switch main.str("assert") {
	case "user":
		if c.login == nil {
			return fail("assertuserfailed", "You are no longer logged in, so the action could not be completed.")
		}
	case "bot":
		if !c.can("bot") {
			return fail("assertbotfailed", `You do not have the "bot" right, so the action could not be completed.`)
		}
	case "anon":
		if c.login != nil {
			return fail("assertanonfailed", "You are no longer logged out, so the action could not be completed.")
		}
	}
	if want := main.str("assertuser"); want != "" && want != c.userName() {
		return fail("assertnameduserfailed", "You are no longer logged in as %q, so the action could not be completed.", want)
	}
	return nil
}

func (c *call) checkToken(m *module) error {
	if m.token == "" {
		return nil
	}
	c.used["token"] = true
	token, ok := c.value("token")
	if !ok || token == "" {
		return missingParam("token")
	}
	if c.body.Get("token") == "" {
		return fail("mustpostparams", "The following parameter was found in the query string, but must be in the POST body: token.")
	}
	if token != c.token(m.token) {
		return fail("badtoken", "Invalid CSRF token.")
	}
	return nil
}

func (c *call) checkLag(main args) error {
	if !main.has("maxlag") {
		return nil
	}
	lag, allowed := c.w.lag, main.num("maxlag")
	if allowed < -1 && lag == 0 {
		lag = -1 // a single server reports -1, which is how maxlag=-2 forces the error
	} else if lag <= allowed {
		return nil
	}
	return (&apiError{code: "maxlag", info: fmt.Sprintf("Waiting for a database server: %d %s lagged.", lag, plural(lag, "second", "seconds")),
		data: M{"host": "", "lag": lag, "type": "db"}, module: "main",
		header: M{"Retry-After": strconv.Itoa(max(allowed, 5)), "X-Database-Lag": strconv.Itoa(lag)}})
}

func plural(n int, one, many string) string {
	if n == 1 || n == -1 {
		return one
	}
	return many
}

func (c *call) warnUnused() {
	var unknown []string
	for name := range c.values {
		if !c.used[name] {
			unknown = append(unknown, name)
		}
	}
	if len(unknown) == 0 {
		return
	}
	slices.Sort(unknown)
	word := "parameters"
	if len(unknown) == 1 {
		word = "parameter"
	}
	c.warn("main", "unrecognizedparams", fmt.Sprintf("Unrecognized %s: %s.", word, strings.Join(unknown, ", ")), M{"parameters": unknown})
}

// reply writes the answer or, where there is an error, its envelope. Both come
// with HTTP status 200.
func (c *call) reply(rw http.ResponseWriter, err error) {
	h := rw.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Cache-Control", "private, must-revalidate, max-age=0")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	if err != nil {
		c.envelope(h, err)
	}
	if len(c.limits) > 0 {
		c.out["limits"] = c.limits
	}
	c.addWarnings()
	enc := json.NewEncoder(rw)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(c.out) // the client went away
}

func (c *call) envelope(h http.Header, err error) {
	var e *apiError
	if !errors.As(err, &e) {
		e = fail("internal_api_error_Sandbox", "%v", err)
	}
	for k, v := range e.header {
		h.Set(k, v.(string))
	}
	h.Set("MediaWiki-API-Error", e.code)
	see := "See " + c.w.opts.Server + "/api.php for API usage. Subscribe to the mediawiki-api-announce mailing list at &lt;https://lists.wikimedia.org/postorius/lists/mediawiki-api-announce.lists.wikimedia.org/&gt; for notice of API deprecations and breaking changes."
	c.limits, c.out = M{}, M{}
	if !c.plain {
		body := M{"code": e.code, "info": e.info, "docref": see}
		for k, v := range e.data {
			body[k] = v
		}
		c.out["error"] = body
		return
	}
	module := e.module
	if module == "" {
		module = "main"
	}
	item := M{"code": e.code, "text": e.info, "module": module}
	if len(e.data) > 0 {
		item["data"] = e.data
	}
	c.out["errors"], c.out["docref"] = []any{item}, see
}

func (c *call) addWarnings() {
	if len(c.warnings) == 0 {
		return
	}
	if c.plain {
		var list []any
		for _, w := range c.warnings {
			item := M{"code": w.code, "text": w.text, "module": w.module}
			if len(w.data) > 0 {
				item["data"] = w.data
			}
			list = append(list, item)
		}
		c.out["warnings"] = list
		return
	}
	all := M{}
	for _, w := range c.warnings {
		_, name, ok := strings.Cut(w.module, "+")
		if !ok {
			name = w.module
		}
		m := child(all, name)
		if old, ok := m["warnings"].(string); ok {
			m["warnings"] = old + "\n" + w.text
		} else {
			m["warnings"] = w.text
		}
	}
	c.out["warnings"] = all
}

func writeHelp(rw http.ResponseWriter) {
	rw.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprint(rw, `<!DOCTYPE html><title>MediaWiki API help</title><p>This is the Action API of a sandbox wiki. See <a href="https://www.mediawiki.org/wiki/API:Main_page">API:Main page</a>.</p>`)
}
