package wiki

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/rs/zerolog"
)

// Caller is who holds an OAuth 2 access token, as this wiki knows them.
type Caller struct {
	Name       string
	ID         int64
	Groups     []string        // the implicit ones too
	Rights     map[string]bool // of the account, whatever the token's grants leave of them
	Blocked    bool            // from the whole wiki
	Temporary  bool
	Edits      int
	Registered time.Time
}

// TokenRefused is an access token that the wiki does not take for anybody's.
type TokenRefused struct {
	Code string // of Extension:OAuth, such as mwoauth-invalid-authorization
	Info string // the wiki's own words
}

// Error says what the wiki said of the token.
func (e *TokenRefused) Error() string {
	return fmt.Sprintf("the wiki refused the access token: %s (%s); next: ask for a new one", e.Code, e.Info)
}

const (
	longestToken = 8 << 10
	maxProfile   = 64 << 10 // bytes of oauth2/resource/profile
)

// Caller asks the wiki whose an access token is, and then, as the bot, who
// that is. The token goes to the wiki's own address and nowhere else, alone: no
// cookie and no password of the bot's is sent with it.
//
// The Action API is asked and not only rest.php/oauth2/resource/profile,
// because it refuses more: an approval taken back, a consumer that was disabled
// or is for another wiki, a locked account (Extension:OAuth, SessionProvider;
// the profile looks at signature, expiry and revocation only). A consumer that
// was registered for identification alone has no right to read there. The
// answer readapidenied comes after those checks, so the profile then names the user.
//
// It makes two requests, three for such a consumer, each sent once.
//
// Errors: [TokenRefused]; anything else means that the wiki could not be asked.
// None holds the token.
func (s *Session) Caller(ctx context.Context, token string) (Caller, error) {
	if !tokenShape(token) {
		return Caller{}, &TokenRefused{Code: "mwoauth-invalid-authorization", Info: "it does not have the form of an access token"}
	}
	name, err := s.holder(ctx, token)
	if err != nil {
		return Caller{}, silence(fmt.Errorf("asking %s whose an access token is: %w", s.host, err), token)
	}
	return s.person(ctx, name)
}

// tokenShape is that of RFC 6750, section 2.1 (b64token), within a bound.
func tokenShape(token string) bool {
	const more = "-._~+/="
	return token != "" && len(token) <= longestToken && !strings.ContainsFunc(token, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune(more, r))
	})
}

// silence takes a token out of an error: a server may repeat what it was sent.
func silence(err error, token string) error {
	var refused *TokenRefused
	switch {
	case errors.As(err, &refused):
		return &TokenRefused{Code: refused.Code, Info: strings.ReplaceAll(refused.Info, token, "…")}
	case strings.Contains(err.Error(), token):
		return errors.New(strings.ReplaceAll(err.Error(), token, "…"))
	}
	return err
}

// holder is the name that the wiki knows the holder of a token by.
func (s *Session) holder(ctx context.Context, token string) (string, error) {
	stranger, err := s.stranger(token)
	if err != nil {
		return "", err
	}
	a, err := stranger.attempt(ctx, call{plain: true, p: Params{"action": "query", "meta": "userinfo"}})
	var refused *Error
	switch {
	case IsCode(err, "readapidenied"):
		return stranger.profile(ctx)
	case errors.As(err, &refused) && strings.HasPrefix(refused.Code, "mwoauth-"):
		return "", &TokenRefused{Code: refused.Code, Info: plainText(refused.Info)}
	case err != nil:
		return "", err
	}
	name, _ := a.root.GetString("query", "userinfo", "name")
	id, _ := a.root.GetInt64("query", "userinfo", "id")
	if name == "" || id <= 0 {
		return "", &TokenRefused{Code: "mwoauth-invalid-authorization", Info: "the wiki takes its holder for somebody who is not logged in"}
	}
	return name, nil
}

// stranger is a session with the same wiki as the holder of a token: its own
// cookies, which are none, but the same place in the queue.
func (s *Session) stranger(token string) (*Session, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	mw, err := newClient(s.api, s.mw.UserAgent)
	if err != nil {
		return nil, err
	}
	set := s.set
	set.User, set.Password, set.Token = "", "", token
	return &Session{
		set: set, mw: mw, api: s.api, host: s.host, base: s.base, stats: s.stats, jitter: s.jitter, log: zerolog.Nop(),
		slots: s.slots, resume: s.resume, warned: map[string]bool{}, tokens: map[string]string{},
	}, nil
}

// profile asks rest.php for the name (Extension:OAuth, Rest/Handler/Resource).
func (s *Session) profile(ctx context.Context) (string, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	ctx, cancel := context.WithTimeout(ctx, s.set.Timeout)
	defer cancel()
	rest := *s.api
	rest.Path = strings.TrimSuffix(rest.Path, "api.php") + "rest.php/oauth2/resource/profile"
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, rest.String(), nil)
	if err != nil {
		return "", err
	}
	r.Header.Set("User-Agent", s.mw.UserAgent)
	w := &wire{ctx: ctx, base: s.base, token: s.set.Token, now: s.now}
	answer, err := w.RoundTrip(r) // a redirect is an answer like any other: it is not followed
	if err != nil {
		return "", &Unreachable{Doing: "oauth2/resource/profile at " + s.host, Err: err}
	}
	defer answer.Body.Close()
	s.stats.sent("oauth2/resource/profile", 0)
	return readProfile(answer)
}

func readProfile(answer *http.Response) (string, error) {
	switch answer.StatusCode {
	case http.StatusOK:
	case http.StatusUnauthorized, http.StatusForbidden:
		return "", &TokenRefused{Code: "mwoauth-invalid-authorization", Info: "the wiki gives no profile for it"}
	default:
		return "", &HTTPError{Status: answer.StatusCode, Doing: "oauth2/resource/profile"}
	}
	var profile struct {
		Subject string `json:"sub"`
		Name    string `json:"username"` // missing for a hidden user; an address for a token without one
	}
	if err := json.NewDecoder(io.LimitReader(answer.Body, maxProfile)).Decode(&profile); err != nil {
		return "", fmt.Errorf("reading oauth2/resource/profile: %w", err)
	}
	if profile.Name == "" || profile.Subject == "" || profile.Subject == "0" {
		return "", &TokenRefused{Code: "mwoauth-invalid-authorization", Info: "its profile names no user"}
	}
	return profile.Name, nil
}

// person asks as the bot who somebody is (API:Users). Asked as the caller, the
// wiki would only show the rights that the token's grants leave.
func (s *Session) person(ctx context.Context, name string) (Caller, error) {
	a, err := s.do(ctx, call{p: Params{"action": "query", "list": "users", "ususers": name,
		"usprop": "groups|rights|blockinfo|editcount|registration"}})
	if err != nil {
		return Caller{}, fmt.Errorf("asking %s who %q is: %w", s.host, name, err)
	}
	raw, err := json.Marshal(a.query()["users"])
	if err != nil {
		return Caller{}, err
	}
	var users []user
	if err := json.Unmarshal(raw, &users); err != nil {
		return Caller{}, fmt.Errorf("reading who %q is: %w", name, err)
	}
	if len(users) != 1 || users[0].Name != name || users[0].ID <= 0 {
		return Caller{}, &TokenRefused{Code: "mwoauth-invalid-authorization-invalid-user", Info: "its holder has no account on this wiki"}
	}
	return users[0].caller(), nil
}

// user is one of list=users.
type user struct {
	ID         int64      `json:"userid"`
	Name       string     `json:"name"`
	Groups     []string   `json:"groups"`
	Rights     []string   `json:"rights"`
	Edits      int        `json:"editcount"`
	Registered *time.Time `json:"registration"` // null before 2005
	Blocker    *string    `json:"blockedby"`    // "" when hidden; missing when there is no block
	Partial    bool       `json:"blockpartial"`
}

func (u user) caller() Caller {
	c := Caller{Name: u.Name, ID: u.ID, Groups: u.Groups, Rights: map[string]bool{}, Edits: u.Edits,
		Blocked: u.Blocker != nil && !u.Partial, Temporary: slices.Contains(u.Groups, "temp")}
	for _, right := range u.Rights {
		c.Rights[right] = true
	}
	if u.Registered != nil {
		c.Registered = *u.Registered
	}
	return c
}
