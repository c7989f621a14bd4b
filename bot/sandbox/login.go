package sandbox

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net"
	"net/http"
	"strings"
)

// session finds the session of a request by its cookie. A request without one
// gets a session that no cookie carries until something needs it.
func (w *Wiki) session(r *http.Request) *session {
	for _, name := range []string{w.opts.Name + "_BPsession", w.opts.Name + "_session"} {
		if ck, err := r.Cookie(name); err == nil && w.sessions[ck.Value] != nil {
			return w.sessions[ck.Value]
		}
	}
	return &session{warned: map[string]bool{}}
}

// keepSession gives a session a cookie.
func (c *call) keepSession(suffix string) {
	c.sess.id = randomHex(16)
	c.w.sessions[c.sess.id] = c.sess
	http.SetCookie(c.rw, &http.Cookie{Name: c.w.opts.Name + suffix, Value: c.sess.id, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

func randomHex(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}

func clientIP(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return "127.0.0.1"
	}
	return host
}

// token is the token of a kind for this session; an anonymous caller's is
// "+\", as nothing can be forged in the name of nobody.
func (c *call) token(kind string) string {
	if kind != "login" && c.login == nil {
		return `+\`
	}
	secret := c.sess.id
	if c.login != nil && c.login != c.sess.login {
		secret = "bearer " + c.login.secret
	}
	return c.w.mac(secret, kind) + `+\`
}

func (w *Wiki) mac(secret, kind string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(mac, "%s %d", kind, w.tokenEpoch)
	return hex.EncodeToString(mac.Sum(nil))[:40]
}

func metaTokens(c *call, a args) error {
	out := M{}
	for _, kind := range a.list("type") {
		if kind == "login" && c.sess.id == "" && c.login == nil {
			c.keepSession("_session")
		}
		out[kind+"token"] = c.token(kind)
	}
	c.query()["tokens"] = out
	return nil
}

// runLogin is action=login: bot passwords as "User@app", and accounts with a
// warning that this is deprecated.
func runLogin(c *call, a args) error {
	if c.r.Method != http.MethodPost {
		return fail("mustbeposted", `The "login" module requires a POST request.`)
	}
	out := M{}
	c.out["login"] = out
	// A session that a bot password or a bearer token began is bound to its account (ApiLogin).
	if c.login != nil && c.login.grants != nil {
		out["result"], out["reason"] = "Aborted", c.reason("api-login-fail-badsessionprovider",
			"Cannot log in when using MediaWiki\\Session\\BotPasswordSessionProvider sessions.")
		return nil
	}
	token := a.str("token")
	if token == "" {
		if c.sess.id == "" {
			c.keepSession("_session")
		}
		c.warn("login", "deprecation", `Fetching a token via "action=login" is deprecated. Use "action=query&meta=tokens&type=login" instead.`, M{"feature": "action=login&!lgtoken"})
		out["result"], out["token"] = "NeedToken", c.token("login")
		return nil
	}
	if c.sess.id == "" {
		out["result"], out["reason"] = "Failed", c.reason("authpage-cannot-login-continue", "Unable to continue login. Your session most likely timed out.")
		return nil
	}
	if token != c.token("login") {
		out["result"] = "WrongToken"
		return nil
	}
	l, suffix := c.w.authenticate(a.str("name"), a.str("password"))
	if l == nil {
		out["result"], out["reason"] = "Failed", c.reason("wrongpassword", "Incorrect username or password entered. Please try again.")
		return nil
	}
	if l.grants == nil {
		c.warn("login", "deprecation", `Main-account login via "action=login" is deprecated and may stop working without warning. To continue login with "action=login", see [[Special:BotPasswords]]. To safely continue using main-account login, see "action=clientlogin".`, M{"feature": "main-account-login"})
	}
	c.sess.login, c.login = l, l
	if suffix == "_BPsession" {
		c.sess = &session{login: l, warned: map[string]bool{}}
		c.keepSession(suffix)
	}
	out["result"], out["lguserid"], out["lgusername"] = "Success", l.account.id, l.account.name
	return nil
}

// reason is a string in errorformat=bc and an object elsewhere.
func (c *call) reason(code, text string) any {
	if c.plain {
		return M{"code": code, "text": text}
	}
	return text
}

// authenticate finds the login behind a name and a password; nil where they
// do not fit. The suffix tells which cookie carries the session.
func (w *Wiki) authenticate(name, password string) (*login, string) {
	user, app, isBot := strings.Cut(name, "@")
	a := w.accounts[canonicalUser(user)]
	if a == nil || password == "" {
		return nil, ""
	}
	if isBot {
		if l := a.apps[app]; l != nil && l.secret == password {
			return l, "_BPsession"
		}
		return nil, ""
	}
	if a.password == "" || a.password != password {
		return nil, ""
	}
	return &login{account: a, secret: password}, "_session"
}

func runLogout(c *call, _ args) error {
	if c.sess.id != "" {
		delete(c.w.sessions, c.sess.id)
	}
	c.sess.login = nil
	return nil
}

// ExpireSessions logs everybody out, as a wiki does when its session store is
// emptied. Tokens fetched before no longer fit.
func (w *Wiki) ExpireSessions() {
	w.mu.Lock()
	defer w.mu.Unlock()
	clear(w.sessions)
}

// ChangeTokens makes the csrf tokens handed out so far invalid and keeps the
// sessions logged in.
func (w *Wiki) ChangeTokens() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tokenEpoch++
}
