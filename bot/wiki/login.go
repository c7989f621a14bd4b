package wiki

import (
	"context"
	"errors"
	"fmt"
)

// logIn logs in with a bot password (API:Login). A login token lives for one
// attempt, and a session that the wiki has meanwhile dropped costs one more.
func (s *Session) logIn(ctx context.Context) error {
	for range 2 {
		token, err := s.fetchToken(ctx, "login")
		if err != nil {
			return fmt.Errorf("asking %s for a login token: %w", s.host, err)
		}
		a, err := s.do(ctx, call{plain: true, p: Params{
			"action": "login", "lgname": s.set.User, "lgpassword": s.set.Password, "lgtoken": token,
		}})
		if err != nil {
			return fmt.Errorf("logging in to %s as %q: %w", s.host, s.set.User, err)
		}
		result, reason := loginResult(a)
		if result == "Success" {
			s.loggedIn()
			return nil
		}
		if result != "NeedToken" && result != "WrongToken" {
			return s.loginRefused(result, reason)
		}
	}
	return &Error{Code: "sessionlost", Doing: "login at " + s.host, Advice: Stop,
		Info: "the wiki forgets the login token at once; cookies do not reach it"}
}

// loginResult reads the result and its reason, which is a string, or an object
// where the error format is not bc.
func loginResult(a *answer) (result, reason string) {
	login, _ := a.data["login"].(map[string]any)
	result, _ = login["result"].(string)
	switch r := login["reason"].(type) {
	case string:
		reason = r
	case map[string]any:
		reason, _ = r["text"].(string)
		if reason == "" {
			reason, _ = r["code"].(string)
		}
	}
	return result, plainText(reason)
}

// loginRefused words why the wiki did not let the bot in.
func (s *Session) loginRefused(result, reason string) error {
	e := &Error{Code: "login-" + result, Info: reason, Advice: Stop,
		Doing: fmt.Sprintf("login of %q at %s", s.set.User, s.host)}
	if result == "Throttled" {
		e.Advice = Retry
	}
	return e
}

// loginAgain renews a lost login once for all who met the loss: login is the
// count of logins when the failing request began.
func (s *Session) loginAgain(ctx context.Context, login int) error {
	s.loginMu.Lock()
	defer s.loginMu.Unlock()
	if s.loginCount() != login {
		return nil
	}
	s.log.Info().Msg("the login was lost, logging in again")
	if err := s.forgetCookies(); err != nil {
		return err
	}
	return s.logIn(ctx)
}

// forgetCookies makes the next login one of a stranger. MediaWiki refuses to
// log in over a session of a bot password that is still alive, as it is when
// the account lost a right rather than its login (ApiLogin, canSetUser).
func (s *Session) forgetCookies() error {
	mw, err := newClient(s.api, s.mw.UserAgent)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mw = mw
	return nil
}

func (s *Session) loggedIn() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.logins++
	clear(s.tokens)
}

func (s *Session) loginCount() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.logins
}

// assert makes the wiki refuse instead of treating a lost login as a stranger.
// Reads assert the name too: as a stranger the bot would have the lower limits,
// and on a private wiki see nothing.
func (s *Session) assert(p map[string]string, write bool) {
	if s.account.Name == "" {
		return
	}
	p["assertuser"] = s.account.Name
	if !write {
		return
	}
	p["assert"] = "user"
	if s.account.Rights["bot"] {
		p["assert"] = "bot"
	}
}

// errAnonymous is a login that the wiki accepted and then did not keep.
var errAnonymous = errors.New("the wiki accepted the login and then took the bot for a stranger: check that cookies reach it, or the bearer token")
